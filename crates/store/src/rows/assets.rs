use std::collections::BTreeMap;

use ids::{ComputerId, FacilityId, FilingId, FilingKind, Id, ReceiptNumber, RevisionId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{
    Computer, ComputerParts, ComputerPhase, ExemptionClaim, Facility, Notified, NotifiedItems,
    NotifiedUnit, Revision, RevisionDates,
};
use model::names::{CategoryName, DocumentReference, MakerName, ProductName};
use model::text::{Line, Prose};
use serde::{Deserialize, Serialize};
use statute::{Answer, Answers, AssetClass, Exemption};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// A facility with the number of its computers.
#[derive(Clone, Debug)]
pub struct FacilityEntry {
    /// The facility.
    pub facility: Facility,
    /// Computers of the register that belong to it, those out of use included.
    pub computers: u32,
}

/// A computer in a list: its current items and where it stands.
#[derive(Clone, Debug)]
pub struct ComputerHead {
    /// The computer.
    pub id: ComputerId,
    /// Code of its phase.
    pub phase: String,
    /// Why it need not be notified, where that holds.
    pub exemption: Option<Exemption>,
    /// The legal limit of what is to be notified; absent where nothing is or the law gives none.
    pub due_on: Option<Date>,
    /// Grows with each change.
    pub version: i64,
    /// Number of the current revision.
    pub revision: u32,
    /// Current items.
    pub items: NotifiedItems,
    /// Days on which the law counts.
    pub dates: RevisionDates,
    /// The claim of the current revision.
    pub claim: Option<ExemptionClaim>,
    /// The facility.
    pub facility: FacilityId,
    /// Its name in the house.
    pub facility_name: String,
}

/// How many computers of an operator stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseCount {
    /// Code of the phase.
    pub phase: String,
    /// All of them.
    pub total: u32,
    /// Those whose limit has passed.
    pub overdue: u32,
    /// Those whose limit is near.
    pub soon: u32,
    /// The first limit.
    pub first_due_on: Option<Date>,
}

/// A filing that names a computer.
#[derive(Clone, Debug)]
pub struct ComputerFiling {
    /// The filing.
    pub filing: FilingId,
    /// Its number.
    pub number: ReceiptNumber,
    /// New, change or end.
    pub kind: FilingKind,
    /// When it arrived.
    pub filed_at: Timestamp,
    /// The version that it corrects (補正), if it is a correction.
    pub corrects: Option<FilingId>,
    /// The revision that it describes.
    pub revision: RevisionId,
}

/// A computer in a filing, at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiledComputer {
    /// 1 for the first row.
    pub position: u32,
    /// The computer.
    pub computer: ComputerId,
    /// The revision that the row describes.
    pub revision: RevisionId,
}

/// A revision as stored, with the reason why it was written.
#[derive(Clone, Debug)]
pub struct RevisionEntry {
    /// The revision.
    pub revision: Revision,
    /// Why it was written.
    pub reason: String,
}

/// The body of a revision as kept. Fields are only ever added, and old ones stay readable.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevisionBody {
    format: String,
    facility: FacilityId,
    facility_category: String,
    class: AssetClass,
    unit: NotifiedUnit,
    product: String,
    maker: String,
    introduced_on: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    became_specified_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    changed_on: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    class_answers: BTreeMap<String, Answer>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    exemption: Option<ClaimBody>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    note: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimBody {
    reason: Exemption,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    explanation: Option<String>,
}

const REVISION_FORMAT: &str = "noroshi-computer-revision/v1";

fn corrupt(table: &'static str, column: &'static str) -> StoreError {
    StoreError::CorruptRow { table, column }
}

const fn bad_body() -> StoreError {
    StoreError::CorruptRow {
        table: "computer_revision",
        column: "body",
    }
}

/// Prints the body of a revision.
pub(crate) fn revision_body(revision: &Revision) -> Result<String, StoreError> {
    let body = RevisionBody {
        format: REVISION_FORMAT.to_owned(),
        facility: revision.facility,
        facility_category: revision.items.facility_category.as_str().to_owned(),
        class: revision.items.class,
        unit: revision.items.unit,
        product: revision.items.product.as_str().to_owned(),
        maker: revision.items.maker.as_str().to_owned(),
        introduced_on: revision.dates.introduced_on.to_string(),
        became_specified_on: revision
            .dates
            .became_specified_on
            .map(|day| day.to_string()),
        changed_on: revision.dates.changed_on.map(|day| day.to_string()),
        class_answers: revision
            .class_answers
            .iter()
            .map(|(code, answer)| (code.to_owned(), answer))
            .collect(),
        exemption: revision.exemption.as_ref().map(|claim| ClaimBody {
            reason: claim.reason(),
            document: claim.document().map(|text| text.as_str().to_owned()),
            explanation: claim.explanation().map(|text| text.as_str().to_owned()),
        }),
        note: revision.note.as_ref().map(|note| note.as_str().to_owned()),
    };
    serde_json::to_string(&body).map_err(|_| bad_body())
}

fn read_day(text: &str) -> Result<Date, StoreError> {
    day(text, "computer_revision", "body")
}

struct ReadBody {
    facility: FacilityId,
    items: NotifiedItems,
    dates: RevisionDates,
    class_answers: Answers,
    exemption: Option<ExemptionClaim>,
    note: Option<Prose<2000>>,
}

fn read_body(text: &str) -> Result<ReadBody, StoreError> {
    let body: RevisionBody = serde_json::from_str(text).map_err(|_| bad_body())?;
    if body.format != REVISION_FORMAT {
        return Err(bad_body());
    }
    let mut class_answers = Answers::new();
    for (code, answer) in &body.class_answers {
        class_answers.set(code, *answer);
    }
    let exemption = body
        .exemption
        .map(|claim| {
            let document = claim
                .document
                .map(|text| DocumentReference::parse(&text).map_err(|_| bad_body()))
                .transpose()?;
            let explanation = claim
                .explanation
                .map(|text| Prose::parse(&text).map_err(|_| bad_body()))
                .transpose()?;
            ExemptionClaim::new(claim.reason, document)
                .map(|claim| claim.explained(explanation))
                .map_err(|_| bad_body())
        })
        .transpose()?;
    Ok(ReadBody {
        facility: body.facility,
        items: NotifiedItems {
            facility_category: CategoryName::parse(&body.facility_category)
                .map_err(|_| bad_body())?,
            class: body.class,
            unit: body.unit,
            product: ProductName::parse(&body.product).map_err(|_| bad_body())?,
            maker: MakerName::parse(&body.maker).map_err(|_| bad_body())?,
        },
        dates: RevisionDates {
            introduced_on: read_day(&body.introduced_on)?,
            became_specified_on: body
                .became_specified_on
                .as_deref()
                .map(read_day)
                .transpose()?,
            changed_on: body.changed_on.as_deref().map(read_day).transpose()?,
        },
        class_answers,
        exemption,
        note: body
            .note
            .map(|text| Prose::parse(&text).map_err(|_| bad_body()))
            .transpose()?,
    })
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FacilityRow {
    id: Uuid,
    owner_id: Uuid,
    name: String,
    category: String,
    installed_on: Option<String>,
    version: i64,
}

impl TryFrom<FacilityRow> for Facility {
    type Error = StoreError;

    fn try_from(row: FacilityRow) -> Result<Self, StoreError> {
        const TABLE: &str = "facility";
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            name: Line::parse(&row.name).map_err(|_| corrupt(TABLE, "name"))?,
            category: CategoryName::parse(&row.category).map_err(|_| corrupt(TABLE, "category"))?,
            installed_on: row
                .installed_on
                .map(|text| day(&text, TABLE, "installed_on"))
                .transpose()?,
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FacilityEntryRow {
    #[sqlx(flatten)]
    facility: FacilityRow,
    computers: i64,
}

impl TryFrom<FacilityEntryRow> for FacilityEntry {
    type Error = StoreError;

    fn try_from(row: FacilityEntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            facility: row.facility.try_into()?,
            computers: count(row.computers, "facility", "computers")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct RevisionRow {
    id: Uuid,
    number: i64,
    body: String,
    reason: String,
    recorded_by: Uuid,
    recorded_at: i64,
}

/// A revision with the computer that it is of.
#[derive(sqlx_macros::FromRow)]
pub(crate) struct OwnedRevisionRow {
    pub(crate) computer_id: Uuid,
    #[sqlx(flatten)]
    pub(crate) revision: RevisionRow,
}

impl TryFrom<RevisionRow> for RevisionEntry {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        const TABLE: &str = "computer_revision";
        let body = read_body(&row.body)?;
        Ok(Self {
            revision: Revision {
                id: Id::from_uuid(row.id),
                number: count(row.number, TABLE, "number")?,
                facility: body.facility,
                items: body.items,
                dates: body.dates,
                class_answers: body.class_answers,
                exemption: body.exemption,
                note: body.note,
                written_by: Id::from_uuid(row.recorded_by),
                written_at: instant(row.recorded_at, TABLE, "recorded_at")?,
            },
            reason: row.reason,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ComputerRow {
    pub(crate) id: Uuid,
    owner_id: Uuid,
    phase: String,
    notified_revision_id: Option<Uuid>,
    notified_filing_id: Option<Uuid>,
    notified_at: Option<i64>,
    changed_on: Option<String>,
    retired_on: Option<String>,
    retirement_filing_id: Option<Uuid>,
    version: i64,
}

impl ComputerRow {
    /// Puts a computer together from its row and its revisions, oldest first.
    pub(crate) fn with(self, revisions: Vec<Revision>) -> Result<Computer, StoreError> {
        const TABLE: &str = "computer";
        let claimed = revisions
            .last()
            .and_then(|revision| revision.exemption.as_ref())
            .map(ExemptionClaim::reason);
        let parts = ComputerParts {
            id: Id::from_uuid(self.id),
            owner: Id::from_uuid(self.owner_id),
            phase: self.phase(claimed)?,
            revisions,
            version: self.version,
        };
        Computer::from_parts(parts).map_err(|_| corrupt(TABLE, "phase"))
    }

    fn phase(&self, claimed: Option<Exemption>) -> Result<ComputerPhase, StoreError> {
        const TABLE: &str = "computer";
        let retired_on = || {
            let text = self
                .retired_on
                .as_deref()
                .ok_or_else(|| corrupt(TABLE, "retired_on"))?;
            day(text, TABLE, "retired_on")
        };
        match self.phase.as_str() {
            "draft" => Ok(ComputerPhase::Draft),
            "exempt" => Ok(ComputerPhase::Exempt {
                reason: claimed.ok_or_else(|| corrupt(TABLE, "exemption"))?,
            }),
            "notified" => Ok(ComputerPhase::Notified {
                as_of: self.notified()?,
            }),
            "changed_since_notified" => {
                let text = self
                    .changed_on
                    .as_deref()
                    .ok_or_else(|| corrupt(TABLE, "changed_on"))?;
                Ok(ComputerPhase::ChangedSinceNotified {
                    as_of: self.notified()?,
                    changed_on: day(text, TABLE, "changed_on")?,
                })
            }
            "retirement_due" => Ok(ComputerPhase::RetirementDue {
                as_of: self.notified()?,
                retired_on: retired_on()?,
            }),
            "retired" => Ok(ComputerPhase::Retired {
                retired_on: retired_on()?,
                filing: self.retirement_filing_id.map(Id::from_uuid),
            }),
            _ => Err(corrupt(TABLE, "phase")),
        }
    }

    fn notified(&self) -> Result<Notified, StoreError> {
        const TABLE: &str = "computer";
        let (Some(filing), Some(revision), Some(at)) = (
            self.notified_filing_id,
            self.notified_revision_id,
            self.notified_at,
        ) else {
            return Err(corrupt(TABLE, "notified_filing_id"));
        };
        Ok(Notified {
            filing: Id::from_uuid(filing),
            revision: Id::from_uuid(revision),
            at: instant(at, TABLE, "notified_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct HeadRow {
    id: Uuid,
    phase: String,
    exemption: Option<String>,
    due_on: Option<String>,
    version: i64,
    number: i64,
    body: String,
    facility_name: String,
}

/// The items in the stored text of a revision.
pub(crate) fn items_of_body(body: &str) -> Result<NotifiedItems, StoreError> {
    Ok(read_body(body)?.items)
}

/// The days in the stored text of a revision.
pub(crate) fn dates_of_body(body: &str) -> Result<RevisionDates, StoreError> {
    Ok(read_body(body)?.dates)
}

/// The claim in the stored text of a revision.
pub(crate) fn claim_of_body(body: &str) -> Result<Option<ExemptionClaim>, StoreError> {
    Ok(read_body(body)?.exemption)
}

impl TryFrom<HeadRow> for ComputerHead {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        const TABLE: &str = "computer";
        let body = read_body(&row.body)?;
        Ok(Self {
            id: Id::from_uuid(row.id),
            phase: row.phase,
            exemption: row
                .exemption
                .map(|code| Exemption::parse(&code).ok_or_else(|| corrupt(TABLE, "exemption")))
                .transpose()?,
            due_on: row
                .due_on
                .map(|text| day(&text, TABLE, "due_on"))
                .transpose()?,
            version: row.version,
            revision: count(row.number, "computer_revision", "number")?,
            items: body.items,
            dates: body.dates,
            claim: body.exemption,
            facility: body.facility,
            facility_name: row.facility_name,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct PhaseCountRow {
    phase: String,
    total: i64,
    overdue: i64,
    soon: i64,
    first_due_on: Option<String>,
}

impl TryFrom<PhaseCountRow> for PhaseCount {
    type Error = StoreError;

    fn try_from(row: PhaseCountRow) -> Result<Self, StoreError> {
        const TABLE: &str = "computer";
        Ok(Self {
            phase: row.phase,
            total: count(row.total, TABLE, "total")?,
            overdue: count(row.overdue, TABLE, "overdue")?,
            soon: count(row.soon, TABLE, "soon")?,
            first_due_on: row
                .first_due_on
                .map(|text| day(&text, TABLE, "due_on"))
                .transpose()?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ComputerFilingRow {
    id: Uuid,
    number: String,
    kind: String,
    filed_at: i64,
    supersedes_id: Option<Uuid>,
    revision_id: Uuid,
}

impl TryFrom<ComputerFilingRow> for ComputerFiling {
    type Error = StoreError;

    fn try_from(row: ComputerFilingRow) -> Result<Self, StoreError> {
        const TABLE: &str = "filing";
        Ok(Self {
            filing: Id::from_uuid(row.id),
            number: row.number.parse().map_err(|_| corrupt(TABLE, "number"))?,
            kind: row.kind.parse().map_err(|_| corrupt(TABLE, "kind"))?,
            filed_at: instant(row.filed_at, TABLE, "filed_at")?,
            corrects: row.supersedes_id.map(Id::from_uuid),
            revision: Id::from_uuid(row.revision_id),
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FiledComputerRow {
    position: i64,
    computer_id: Uuid,
    revision_id: Uuid,
}

impl TryFrom<FiledComputerRow> for FiledComputer {
    type Error = StoreError;

    fn try_from(row: FiledComputerRow) -> Result<Self, StoreError> {
        Ok(Self {
            position: count(row.position, "filing_computer", "position")?,
            computer: Id::from_uuid(row.computer_id),
            revision: Id::from_uuid(row.revision_id),
        })
    }
}
