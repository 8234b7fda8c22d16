use ids::{ComputerId, FacilityId, FilingId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{Computer, ComputerPhase, Facility, Revision};
use model::names::MatchKey;
use policy::OwnerScope;
use statute::Exemption;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::assets::{
    ComputerFiling, ComputerHead, FacilityEntry, FiledComputer, PhaseCount, RevisionEntry,
    revision_body,
};
use crate::tx::filings::like_pattern;
use crate::tx::{Tx, exactly_one, on};

/// What a list of computers is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComputerFilter {
    /// Code of a phase, one of [`ComputerPhase::CODES`].
    pub phase: Option<&'static str>,
    /// One facility.
    pub facility: Option<FacilityId>,
    /// What someone typed to find a product or maker.
    pub search: Option<String>,
}

/// The filter as the statements bind it.
pub(crate) struct Narrowed {
    pub(crate) phase: Option<&'static str>,
    pub(crate) facility: Option<Uuid>,
    pub(crate) product_pattern: Option<String>,
    pub(crate) maker_pattern: Option<String>,
}

impl From<&ComputerFilter> for Narrowed {
    fn from(filter: &ComputerFilter) -> Self {
        let pattern = |key: fn(&str) -> MatchKey| {
            filter
                .search
                .as_deref()
                .map(|text| like_pattern(key(text).as_str()))
        };
        Self {
            phase: filter.phase,
            facility: filter.facility.map(ids::Id::uuid),
            product_pattern: pattern(MatchKey::of_search),
            maker_pattern: pattern(MatchKey::of_maker_search),
        }
    }
}

/// The columns of a computer that change.
pub(crate) struct ComputerColumns {
    pub(crate) facility: Uuid,
    pub(crate) phase: &'static str,
    pub(crate) revision: Uuid,
    pub(crate) exemption: Option<&'static str>,
    pub(crate) notified_revision: Option<Uuid>,
    pub(crate) notified_filing: Option<Uuid>,
    pub(crate) changed_on: Option<String>,
    pub(crate) retired_on: Option<String>,
    pub(crate) retirement_filing: Option<Uuid>,
    pub(crate) due_on: Option<String>,
    pub(crate) match_key: String,
}

impl ComputerColumns {
    pub(crate) fn of(computer: &Computer, due_on: Option<Date>) -> Result<Self, StoreError> {
        let revision = computer.current().map_err(|_| StoreError::CorruptRow {
            table: "computer",
            column: "revision_id",
        })?;
        let phase = computer.phase();
        let notified = phase.notified();
        let (product, maker) = revision.items.match_keys();
        let changed_on = match phase {
            ComputerPhase::ChangedSinceNotified { changed_on, .. } => Some(changed_on.to_string()),
            ComputerPhase::Draft
            | ComputerPhase::Exempt { .. }
            | ComputerPhase::Notified { .. }
            | ComputerPhase::RetirementDue { .. }
            | ComputerPhase::Retired { .. } => None,
        };
        let (retired_on, retirement_filing) = match phase {
            ComputerPhase::RetirementDue { retired_on, .. } => (Some(retired_on.to_string()), None),
            ComputerPhase::Retired { retired_on, filing } => {
                (Some(retired_on.to_string()), filing.map(ids::Id::uuid))
            }
            ComputerPhase::Draft
            | ComputerPhase::Exempt { .. }
            | ComputerPhase::Notified { .. }
            | ComputerPhase::ChangedSinceNotified { .. } => (None, None),
        };
        Ok(Self {
            facility: revision.facility.uuid(),
            phase: phase.code(),
            revision: revision.id.uuid(),
            exemption: exemption(phase).map(Exemption::code),
            notified_revision: notified.map(|notified| notified.revision.uuid()),
            notified_filing: notified.map(|notified| notified.filing.uuid()),
            changed_on,
            retired_on,
            retirement_filing,
            due_on: due_on.map(|day| day.to_string()),
            match_key: format!("{} {}", product.as_str(), maker.as_str()),
        })
    }
}

/// A row of a computer, to be written with many others.
pub(crate) struct WholeComputer {
    pub(crate) id: Uuid,
    pub(crate) owner: Uuid,
    pub(crate) columns: ComputerColumns,
    pub(crate) created_at: i64,
    pub(crate) version: i64,
}

/// A revision with its body printed, to be written with many others.
pub(crate) struct NewRevision<'computer> {
    pub(crate) computer: ComputerId,
    pub(crate) revision: &'computer Revision,
    pub(crate) body: String,
}

const fn exemption(phase: &ComputerPhase) -> Option<Exemption> {
    match phase {
        ComputerPhase::Exempt { reason } => Some(*reason),
        ComputerPhase::Draft
        | ComputerPhase::Notified { .. }
        | ComputerPhase::ChangedSinceNotified { .. }
        | ComputerPhase::RetirementDue { .. }
        | ComputerPhase::Retired { .. } => None,
    }
}

impl Tx {
    /// Adds a facility.
    pub async fn insert_facility(&mut self, facility: &Facility) -> Result<(), StoreError> {
        on!(self, assets::insert_facility(facility))
    }

    /// Saves a facility over the version it was read at.
    pub async fn update_facility(&mut self, facility: &Facility) -> Result<(), StoreError> {
        exactly_one(on!(self, assets::update_facility(facility))?, "facility")
    }

    /// A facility by its id.
    pub async fn facility(&mut self, id: FacilityId) -> Result<Option<Facility>, StoreError> {
        on!(self, assets::facility(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Facilities within a scope, oldest first.
    pub async fn facilities(
        &mut self,
        scope: &OwnerScope,
        after: Option<FacilityId>,
        limit: u32,
    ) -> Result<Vec<FacilityEntry>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            assets::facilities(owner.uuid(), after.map(ids::Id::uuid), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Enters a new computer with its first revision. `due_on` is the legal limit of what is to be notified.
    pub async fn insert_computer(
        &mut self,
        computer: &Computer,
        due_on: Option<Date>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let parts = computer.parts();
        let columns = ComputerColumns::of(computer, due_on)?;
        on!(
            self,
            assets::insert_computer(
                parts.id.uuid(),
                parts.owner.uuid(),
                &columns,
                at.as_microsecond()
            )
        )
    }

    /// Saves a computer over the version it was read at. Revisions are added apart.
    pub async fn update_computer(
        &mut self,
        computer: &Computer,
        due_on: Option<Date>,
    ) -> Result<(), StoreError> {
        let parts = computer.parts();
        let columns = ComputerColumns::of(computer, due_on)?;
        exactly_one(
            on!(
                self,
                assets::update_computer(parts.id.uuid(), parts.version, &columns)
            )?,
            "computer",
        )
    }

    /// Writes the legal limit again, after a rule or a date outside the computer changed. It follows from other data,
    /// so the version stays.
    pub async fn set_computer_due(
        &mut self,
        computer: ComputerId,
        due_on: Option<Date>,
    ) -> Result<(), StoreError> {
        let due_on = due_on.map(|day| day.to_string());
        exactly_one(
            on!(self, assets::set_due(computer.uuid(), due_on.as_deref()))?,
            "computer",
        )
    }

    /// Adds a revision of a computer; it can never be changed afterwards.
    pub async fn insert_revision(
        &mut self,
        computer: ComputerId,
        revision: &Revision,
        reason: &str,
    ) -> Result<(), StoreError> {
        let body = revision_body(revision)?;
        on!(
            self,
            assets::insert_revision(computer, revision, &body, reason)
        )
    }

    /// A computer with all its revisions. The caller must hold a permit to show it.
    pub async fn computer(&mut self, id: ComputerId) -> Result<Option<Computer>, StoreError> {
        let Some(row) = on!(self, assets::computer(id.uuid()))? else {
            return Ok(None);
        };
        let revisions = self
            .revisions(id)
            .await?
            .into_iter()
            .map(|entry| entry.revision)
            .collect();
        row.with(revisions).map(Some)
    }

    /// Revisions of a computer with the reasons for them, oldest first.
    pub async fn revisions(
        &mut self,
        computer: ComputerId,
    ) -> Result<Vec<RevisionEntry>, StoreError> {
        on!(self, assets::revisions(computer.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Ids of the computers of a facility, for a change that reaches all of them.
    pub async fn computers_of_facility(
        &mut self,
        facility: FacilityId,
    ) -> Result<Vec<ComputerId>, StoreError> {
        let found = on!(self, assets::computers_of_facility(facility.uuid()))?;
        Ok(found.into_iter().map(ids::Id::from_uuid).collect())
    }

    /// Computers within a scope, newest first.
    pub async fn computers(
        &mut self,
        scope: &OwnerScope,
        filter: &ComputerFilter,
        before: Option<ComputerId>,
        limit: u32,
    ) -> Result<Vec<ComputerHead>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let narrowed = Narrowed::from(filter);
        on!(
            self,
            assets::heads(
                owner.uuid(),
                &narrowed,
                before.map(ids::Id::uuid),
                i64::from(limit)
            )
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Number of computers within a scope.
    pub async fn count_computers(
        &mut self,
        scope: &OwnerScope,
        filter: &ComputerFilter,
    ) -> Result<i64, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(0);
        };
        on!(
            self,
            assets::count_heads(owner.uuid(), &Narrowed::from(filter))
        )
    }

    /// Computers within a scope in a phase, the first legal limit first; then those without one.
    pub async fn computers_by_limit(
        &mut self,
        scope: &OwnerScope,
        phase: &'static str,
        limit: u32,
    ) -> Result<Vec<ComputerHead>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let wanted = i64::from(limit);
        let mut found = on!(self, assets::due(owner.uuid(), phase, wanted))?;
        let rest = wanted.saturating_sub(i64::try_from(found.len()).unwrap_or(wanted));
        if 0 < rest {
            found.extend(on!(self, assets::undated(owner.uuid(), phase, rest))?);
        }
        found.into_iter().map(TryInto::try_into).collect()
    }

    /// How many computers within a scope stand where, with those past or near their limit.
    pub async fn computer_counts(
        &mut self,
        scope: &OwnerScope,
        today: Date,
        soon_until: Date,
    ) -> Result<Vec<PhaseCount>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let (today, soon_until) = (today.to_string(), soon_until.to_string());
        on!(self, assets::due_counts(owner.uuid(), &today, &soon_until))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Filings that name a computer, oldest first. The caller must hold a permit to show them.
    pub async fn filings_of_computer(
        &mut self,
        computer: ComputerId,
    ) -> Result<Vec<ComputerFiling>, StoreError> {
        on!(self, assets::filings_of_computer(computer.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Computers that a notification names, in the order of its rows. The caller must hold a permit to show them.
    pub async fn filing_computers(
        &mut self,
        filing: FilingId,
    ) -> Result<Vec<FiledComputer>, StoreError> {
        on!(self, assets::filing_computers(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
