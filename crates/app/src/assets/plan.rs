use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use formats::filing::{ChangeRow, EndRow, NotificationRow, Rows};
use ids::{ComputerId, FacilityId, FilingId, FilingKind, ReceiptNumber, RevisionId};
use jiff::civil::Date;
use model::assets::{
    Computer, ComputerPhase, Difference, ExemptionClaim, Facility, NotificationDuty, NotifiedItems,
    Revision, differences,
};
use model::names::DocumentReference;
use model::organisation::Organisation;
use policy::{Action, Actor, Denied, Resource};
use statute::{Addressees, Duty, Exemption, Standing, standing};
use store::rows::assets::ComputerHead;
use store::{ComputerFilter, Tx};

use crate::assets::due::DUTIES;
use crate::assets::facility::computer_problem;
use crate::error::AppError;
use crate::filing::PlannedAddressee;
use crate::instance::App;

/// The legal basis that must be in force (Act Art. 4).
const BASIS: &str = "basis.notification";

/// Computers that one page offers; an import files more of them at once.
const MOST_CHOICES: usize = 2_000;

/// A computer chosen for a filing, at the version that the filer saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The computer.
    pub computer: ComputerId,
    /// Its version; a later one means that someone changed it meanwhile.
    pub version: Option<i64>,
}

/// A computer that may be chosen.
#[derive(Clone, Debug)]
pub struct ChoiceRow {
    /// The computer with its current items.
    pub computer: ComputerHead,
    /// The ESPA document that takes the form's place.
    pub espa: Option<DocumentReference>,
}

/// What may be chosen for one filing.
#[derive(Clone, Debug)]
pub struct NotificationChoices {
    /// What is to be notified, the earliest limit first.
    pub rows: Vec<ChoiceRow>,
    /// Those that need not be notified but stay reportable; shown apart, at most a page of them.
    pub exempt: Vec<ComputerHead>,
    /// Number of all of those.
    pub exempt_total: u64,
    /// Most rows of one filing.
    pub row_limit: usize,
    /// Whether there are more than fit into one filing.
    pub more: bool,
}

/// Whether the reader could file what was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilingPermission {
    /// Yes.
    Allowed,
    /// After showing the second factor again.
    StepUp,
    /// Another person of the organisation files.
    Forbidden,
}

/// One row of a filing about to be made.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    /// The computer.
    pub computer: ComputerId,
    /// Its version.
    pub version: i64,
    /// The revision that the filing describes.
    pub revision: RevisionId,
    /// Items as they are filed.
    pub items: NotifiedItems,
    /// What the filing was due by.
    pub due_on: Option<Date>,
    /// Day of introduction, of the change, or of the end of use.
    pub day: Date,
    /// What differs from what was notified.
    pub differences: Vec<Difference>,
    /// Number of the notification that changes or ends.
    pub notified_as: Option<ReceiptNumber>,
    /// The ESPA document that takes the form's place.
    pub espa: Option<DocumentReference>,
}

/// A filing as it would go out, for the page on which the answers are checked.
#[derive(Clone, Debug)]
pub struct NotificationPlan {
    /// New, change or end of use.
    pub duty: NotificationDuty,
    /// The operator.
    pub operator: Organisation,
    /// Rows written on the form, then those that a document under ESPA substitutes.
    pub rows: Vec<PlannedRow>,
    /// Chosen ones that need not be notified; they are not filed.
    pub exempt: Vec<(ComputerId, NotifiedItems, Exemption)>,
    /// To whom it goes.
    pub addressees: Vec<PlannedAddressee>,
    /// The same with reasons.
    pub legal: Addressees,
    /// Whether the legal basis is in force, or rehearsed.
    pub standing: Standing,
    /// Whether the reader could file it.
    pub permission: FilingPermission,
}

/// Everything of a filing that was looked up, before it is shown or made.
pub(crate) struct Prepared {
    pub(crate) plan: NotificationPlan,
    pub(crate) computers: Vec<Computer>,
    pub(crate) body: Rows,
}

impl App {
    /// Most rows of one filing: the setting, which is never larger than what a body can hold.
    pub(crate) fn row_limit(&self) -> usize {
        usize::try_from(self.config().limits.notification_rows).unwrap_or(usize::MAX)
    }

    /// What may be chosen for a filing; all of it is due, so a page selects all of it to begin with.
    pub async fn notification_choices(
        &self,
        actor: &Actor,
        duty: NotificationDuty,
    ) -> Result<NotificationChoices, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let mut tx = self.store().begin_read("notification.choices").await?;
        let row_limit = self.row_limit().min(MOST_CHOICES);
        let wanted = u32::try_from(row_limit).unwrap_or(u32::MAX);
        let mut heads = tx
            .computers_by_limit(&scope, phase_of(duty), wanted.saturating_add(1))
            .await?;
        let more = row_limit < heads.len();
        heads.truncate(row_limit);
        let exempt_filter = ComputerFilter {
            phase: Some("exempt"),
            ..ComputerFilter::default()
        };
        let (exempt, exempt_total) = match duty {
            NotificationDuty::New => (
                tx.computers(
                    &scope,
                    &exempt_filter,
                    None,
                    self.config().limits.page_entries,
                )
                .await?,
                tx.count_computers(&scope, &exempt_filter).await?,
            ),
            NotificationDuty::Change | NotificationDuty::Retirement => (Vec::new(), 0),
        };
        let rows = heads
            .into_iter()
            .map(|head| ChoiceRow {
                espa: espa_of(head.claim.as_ref()),
                computer: head,
            })
            .collect();
        Ok(NotificationChoices {
            rows,
            exempt,
            exempt_total: u64::try_from(exempt_total).unwrap_or(0),
            row_limit,
            more,
        })
    }

    /// Puts a filing together without making it, to be checked.
    ///
    /// # Errors
    /// [`AppError::Stale`] when a chosen computer was changed meanwhile; [`AppError::Conflict`] when one was notified
    /// before.
    pub async fn plan_notification(
        &self,
        actor: &Actor,
        duty: NotificationDuty,
        picks: &[Pick],
    ) -> Result<NotificationPlan, AppError> {
        let mut tx = self.store().begin_read("notification.plan").await?;
        Ok(self
            .prepare_notification(&mut tx, actor, duty, picks)
            .await?
            .plan)
    }

    pub(crate) async fn prepare_notification(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        duty: NotificationDuty,
        picks: &[Pick],
    ) -> Result<Prepared, AppError> {
        let owner = actor.organisation;
        let register = Resource::Register { owner };
        // Whoever may not see the register learns nothing of what is in it.
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &register)?,
        );
        let permission = match self
            .policy()
            .check(actor, Action::FileNotification, &register)
        {
            Ok(permit) => {
                drop(permit);
                FilingPermission::Allowed
            }
            Err(Denied::StepUpRequired) => FilingPermission::StepUp,
            Err(Denied::Forbidden | Denied::NotFound) => FilingPermission::Forbidden,
        };
        self.check_picks(picks)?;
        let today = self.today();
        let standing =
            standing(self.rules(), BASIS, today, self.mode()).map_err(AppError::NotInForce)?;
        let operator = tx
            .organisation(owner)
            .await?
            .ok_or(AppError::Bug("a register without its operator"))?;
        let (addressees, legal) = self
            .plan_addressees(tx, &operator, Duty::AssetNotification, today)
            .await?;
        let mut exempt = Vec::new();
        let mut found = Vec::new();
        let mut numbers = Numbers::default();
        let mut facilities: HashMap<FacilityId, Facility> = HashMap::new();
        let wanted: Vec<ComputerId> = picks.iter().map(|pick| pick.computer).collect();
        let mut computers = tx.computers_of(owner, &wanted).await?;
        for pick in picks {
            let computer = picked(&mut computers, *pick)?;
            let revision = computer.current().map_err(computer_problem)?;
            if let (NotificationDuty::New, ComputerPhase::Exempt { reason }) =
                (duty, computer.phase())
            {
                exempt.push((computer.id(), revision.items.clone(), *reason));
                continue;
            }
            let facility = match facilities.entry(revision.facility) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(
                    tx.facility(revision.facility)
                        .await?
                        .ok_or(AppError::Bug("a computer without a facility"))?,
                ),
            };
            let due_on = self.limit_for(&operator, &computer, facility);
            let row = planned_row(tx, &mut numbers, duty, &computer, due_on).await?;
            found.push((row, computer));
        }
        if found.is_empty() {
            return Err(AppError::Conflict("nothing_to_file"));
        }
        found.sort_by_key(|(row, _)| row.espa.is_some());
        let (rows, computers): (Vec<PlannedRow>, Vec<Computer>) = found.into_iter().unzip();
        let body = body_rows(duty, &rows, &computers)?;
        Ok(Prepared {
            plan: NotificationPlan {
                duty,
                operator,
                rows,
                exempt,
                addressees,
                legal,
                standing,
                permission,
            },
            computers,
            body,
        })
    }

    fn check_picks(&self, picks: &[Pick]) -> Result<(), AppError> {
        if picks.is_empty() {
            return Err(AppError::field("computers", "computers_missing"));
        }
        if self.row_limit() < picks.len() {
            return Err(AppError::TooLarge("too_many_computers"));
        }
        let distinct: BTreeSet<ComputerId> = picks.iter().map(|pick| pick.computer).collect();
        if distinct.len() != picks.len() {
            return Err(AppError::field("computers", "computer_twice"));
        }
        Ok(())
    }
}

/// A chosen computer, as the filer saw it; of others' nobody learns that they exist.
fn picked(own: &mut HashMap<ComputerId, Computer>, pick: Pick) -> Result<Computer, AppError> {
    let computer = own.remove(&pick.computer).ok_or(AppError::NotFound)?;
    if pick
        .version
        .is_some_and(|version| version != computer.parts().version)
    {
        return Err(AppError::Stale);
    }
    Ok(computer)
}

/// The document that such a filing makes.
pub(crate) const fn kind_of(duty: NotificationDuty) -> FilingKind {
    match duty {
        NotificationDuty::New => FilingKind::AssetNotification,
        NotificationDuty::Change => FilingKind::AssetChange,
        NotificationDuty::Retirement => FilingKind::AssetRetirement,
    }
}

fn phase_of(duty: NotificationDuty) -> &'static str {
    DUTIES
        .iter()
        .find(|(each, _)| *each == duty)
        .map_or("draft", |(_, phase)| phase)
}

/// The ESPA document of a claim (Order Arts 2(4), 3(3)).
fn espa_of(claim: Option<&ExemptionClaim>) -> Option<DocumentReference> {
    claim
        .filter(|claim| claim.reason() == Exemption::EspaSubstitute)
        .and_then(|claim| claim.document())
        .cloned()
}

/// Numbers of filings, each looked up once.
#[derive(Default)]
struct Numbers(HashMap<FilingId, ReceiptNumber>);

impl Numbers {
    async fn of(&mut self, tx: &mut Tx, filing: FilingId) -> Result<ReceiptNumber, AppError> {
        if let Some(number) = self.0.get(&filing) {
            return Ok(number.clone());
        }
        let number = tx
            .filing(filing)
            .await?
            .ok_or(AppError::Bug("a notification that went away"))?
            .number;
        self.0.insert(filing, number.clone());
        Ok(number)
    }
}

async fn planned_row(
    tx: &mut Tx,
    numbers: &mut Numbers,
    duty: NotificationDuty,
    computer: &Computer,
    due_on: Option<Date>,
) -> Result<PlannedRow, AppError> {
    let current = computer.current().map_err(computer_problem)?;
    let row = |described: &Revision, day| PlannedRow {
        computer: computer.id(),
        version: computer.parts().version,
        revision: described.id,
        items: described.items.clone(),
        due_on,
        day,
        differences: Vec::new(),
        notified_as: None,
        espa: espa_of(described.exemption.as_ref()),
    };
    match (duty, computer.phase()) {
        (NotificationDuty::New, ComputerPhase::Draft) => {
            Ok(row(current, current.dates.introduced_on))
        }
        (
            NotificationDuty::Change,
            ComputerPhase::ChangedSinceNotified {
                as_of, changed_on, ..
            },
        ) => {
            let before = notified_revision(computer)?;
            Ok(PlannedRow {
                differences: differences(before, current)
                    .into_iter()
                    .filter(|each| {
                        each.field.significance() == model::assets::Significance::Notifiable
                    })
                    .collect(),
                notified_as: Some(numbers.of(tx, as_of.filing).await?),
                ..row(current, *changed_on)
            })
        }
        (NotificationDuty::Retirement, ComputerPhase::RetirementDue { as_of, retired_on }) => {
            let before = notified_revision(computer)?;
            Ok(PlannedRow {
                notified_as: Some(numbers.of(tx, as_of.filing).await?),
                espa: None,
                ..row(before, *retired_on)
            })
        }
        (_, ComputerPhase::Retired { .. }) => Err(AppError::Conflict("computer_out_of_use")),
        (
            NotificationDuty::New,
            ComputerPhase::Exempt { .. }
            | ComputerPhase::Notified { .. }
            | ComputerPhase::ChangedSinceNotified { .. }
            | ComputerPhase::RetirementDue { .. },
        ) => Err(AppError::Conflict("computer_already_notified")),
        (
            NotificationDuty::Change,
            ComputerPhase::Draft
            | ComputerPhase::Exempt { .. }
            | ComputerPhase::Notified { .. }
            | ComputerPhase::RetirementDue { .. },
        ) => Err(AppError::Conflict("computer_without_change")),
        (
            NotificationDuty::Retirement,
            ComputerPhase::Draft
            | ComputerPhase::Exempt { .. }
            | ComputerPhase::Notified { .. }
            | ComputerPhase::ChangedSinceNotified { .. },
        ) => Err(AppError::Conflict("computer_in_use")),
    }
}

fn notified_revision(computer: &Computer) -> Result<&Revision, AppError> {
    computer
        .notified_revision()
        .ok_or(AppError::Bug("a notified computer without its revision"))
}

/// The rows as they are filed.
fn body_rows(
    duty: NotificationDuty,
    rows: &[PlannedRow],
    computers: &[Computer],
) -> Result<Rows, AppError> {
    let number = |row: &PlannedRow| {
        row.notified_as
            .clone()
            .ok_or(AppError::Bug("a change of nothing"))
    };
    Ok(match duty {
        NotificationDuty::New => Rows::New(
            rows.iter()
                .map(|row| NotificationRow {
                    computer: row.computer,
                    items: row.items.clone(),
                    introduced_on: Some(row.day),
                    espa_reference: row.espa.clone(),
                })
                .collect(),
        ),
        NotificationDuty::Change => {
            let mut changed = Vec::with_capacity(rows.len());
            for (row, computer) in rows.iter().zip(computers) {
                changed.push(ChangeRow {
                    computer: row.computer,
                    changed_on: row.day,
                    notified_as: number(row)?,
                    before: notified_revision(computer)?.items.clone(),
                    after: row.items.clone(),
                    espa_reference: row.espa.clone(),
                });
            }
            Rows::Changed(changed)
        }
        NotificationDuty::Retirement => {
            let mut ended = Vec::with_capacity(rows.len());
            for row in rows {
                ended.push(EndRow {
                    computer: row.computer,
                    changed_on: row.day,
                    notified_as: number(row)?,
                    before: row.items.clone(),
                });
            }
            Rows::Ended(ended)
        }
    })
}
