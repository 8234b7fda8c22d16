//! Standing reconciliation (照合): the register against what was notified, against a list of what there is, and against
//! what was filed under the Economic Security Promotion Act. Each difference is a task with the limit that the rule book
//! gives it; one that goes away closes by itself.

mod compare;
mod decide;
mod limit;
mod lists;
mod view;

pub use lists::{ComparedWith, ListChoice, ListKind};
pub use view::{TaskNumbers, TaskPage, TaskView};

pub use store::TaskFilter;
pub use store::rows::reconciliation::{ReconciliationTask, TaskCount, TaskDecision};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ids::{FacilityId, OrganisationId, OrganisationKind};
use jiff::Timestamp;
use model::assets::{ClosedWhy, DiscrepancyKind, Facility, TaskState};
use store::Tx;
use store::rows::reconciliation::{HeldComputer, Reconciliation};
use tokio::time::Instant;

use self::compare::{Discrepancy, Lists, discrepancies};
use self::limit::Counting;
use crate::assets::import::{MeantMakers, listed_rows};
use crate::error::{AppError, report_failure};
use crate::instance::App;

/// How often the worker looks whether something changed.
const PAUSE: std::time::Duration = std::time::Duration::from_mins(1);

/// What one comparison did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Differences found for the first time.
    pub found: u32,
    /// Tasks whose difference went away.
    pub closed: u32,
}

impl App {
    /// Compares the registers whose state changed, when it is time to look. Failures are logged; the worker goes on.
    pub(crate) async fn look_for_differences(&self, looked: &mut Option<Instant>) {
        if looked.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        *looked = Some(Instant::now());
        if let Err(error) = self.reconcile_all().await {
            report_failure("registers were not compared", &error);
        }
    }

    async fn reconcile_all(&self) -> Result<(), AppError> {
        let mut tx = self.store().begin_read("reconcile.organisations").await?;
        let organisations = tx.organisations().await?;
        drop(tx);
        for organisation in organisations {
            if organisation.kind != OrganisationKind::Operator {
                continue;
            }
            if let Err(error) = self.reconcile(organisation.id).await {
                report_failure("a register was not compared", &error);
            }
        }
        Ok(())
    }

    /// Compares the register of an operator with everything that it is compared with, if anything changed since. The same
    /// state gives the same tasks, however often and by whomever it is compared.
    pub async fn reconcile(&self, owner: OrganisationId) -> Result<Compared, AppError> {
        let mut tx = self.store().begin_read("reconcile.stamp").await?;
        if self.is_compared(&mut tx, owner).await?.is_none() {
            return Ok(Compared::default());
        }
        drop(tx);
        let mut tx = self.store().begin("reconcile").await?;
        let Some((kept, stamp)) = self.is_compared(&mut tx, owner).await? else {
            return Ok(Compared::default());
        };
        let at = self.now();
        let done = match self.compare_register(&mut tx, owner, &kept, at).await {
            // Somebody decided meanwhile; the next look compares again.
            Err(AppError::Stale) => return Ok(Compared::default()),
            other => other?,
        };
        let kept = Reconciliation {
            compared: Some((stamp, at)),
            ..kept
        };
        tx.save_reconciliation(owner, &kept).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// What is compared, and the state that was not compared yet; `None` when there is none.
    async fn is_compared(
        &self,
        tx: &mut Tx,
        owner: OrganisationId,
    ) -> Result<Option<(Reconciliation, String)>, AppError> {
        let kept = tx.reconciliation(owner).await?;
        let stamp = format!(
            "{} {}",
            tx.reconciliation_stamp(owner).await?,
            self.rules_digest()
        );
        let same = kept
            .compared
            .as_ref()
            .is_some_and(|(compared, _)| *compared == stamp);
        Ok((!same).then_some((kept, stamp)))
    }

    async fn compare_register(
        &self,
        tx: &mut Tx,
        owner: OrganisationId,
        kept: &Reconciliation,
        at: Timestamp,
    ) -> Result<Compared, AppError> {
        let operator = tx
            .organisation(owner)
            .await?
            .ok_or(AppError::Bug("a register without its operator"))?;
        let held = tx.held_computers(owner).await?;
        let makers = MeantMakers::of(tx, owner).await?;
        let mut lists = Lists {
            imported: tx.imported_computers(owner).await?,
            ..Lists::default()
        };
        for (import, place) in [
            (kept.inventory, &mut lists.inventory),
            (kept.espa, &mut lists.espa),
        ] {
            if let Some(import) = import
                && let Some(head) = tx.import(import).await?
                && head.phase != "dropped"
            {
                *place = Some((import, listed_rows(tx, import).await?));
            }
        }
        let found = discrepancies(&held, &lists, &makers);
        let mut standing: HashMap<String, ReconciliationTask> = tx
            .standing_tasks(owner)
            .await?
            .into_iter()
            .map(|task| (task.key.clone(), task))
            .collect();
        let mut facilities = Facilities::default();
        let mut done = Compared::default();
        let mut new = Vec::new();
        for discrepancy in &found {
            let known = standing.remove(&discrepancy.key());
            let found_at = known.as_ref().map_or(at, |task| task.found_at);
            let mut task = ReconciliationTask {
                id: match &known {
                    Some(task) => task.id,
                    None => self.ids().next(),
                },
                owner,
                found_at,
                state: known.as_ref().map_or(TaskState::Open, |task| task.state),
                version: known.as_ref().map_or(1, |task| task.version),
                ..discrepancy.task(owner, found_at)
            };
            let facility = match discrepancy.facility_id {
                Some(id) => facilities.of(tx, id).await?,
                None => None,
            };
            let counting = Counting {
                operator: &operator,
                facility,
                became_specified_on: discrepancy.became_specified_on,
            };
            self.set_limit(&mut task, discrepancy, &counting);
            match known {
                None => {
                    new.push(task);
                    done.found = done.found.saturating_add(1);
                }
                Some(known) if known != task => tx.update_reconciliation_task(&task).await?,
                Some(_) => {}
            }
        }
        tx.insert_reconciliation_tasks(&new).await?;
        let mut gone: Vec<ReconciliationTask> = standing.into_values().collect();
        gone.sort_by_key(|task| task.id);
        for mut task in gone {
            task.closed = Some((why_closed(&task, &held, &found, &lists), at));
            task.state = TaskState::Closed;
            tx.update_reconciliation_task(&task).await?;
            done.closed = done.closed.saturating_add(1);
        }
        Ok(done)
    }
}

/// Facilities that were read.
#[derive(Default)]
struct Facilities(HashMap<FacilityId, Option<Facility>>);

impl Facilities {
    async fn of(&mut self, tx: &mut Tx, id: FacilityId) -> Result<Option<&Facility>, AppError> {
        let known = match self.0.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(empty) => empty.insert(tx.facility(id).await?),
        };
        Ok(known.as_ref())
    }
}

/// Why a difference is no more.
fn why_closed(
    task: &ReconciliationTask,
    held: &[HeldComputer],
    found: &[Discrepancy],
    lists: &Lists,
) -> ClosedWhy {
    let source = match task.kind {
        DiscrepancyKind::InventoryOnly
        | DiscrepancyKind::InventoryMissing
        | DiscrepancyKind::InventoryDiffers => Some(lists.inventory.as_ref().map(|list| list.0)),
        DiscrepancyKind::EspaOnly | DiscrepancyKind::EspaMissing | DiscrepancyKind::EspaDiffers => {
            Some(lists.espa.as_ref().map(|list| list.0))
        }
        DiscrepancyKind::NotNotified
        | DiscrepancyKind::Changed
        | DiscrepancyKind::Ended
        | DiscrepancyKind::Twice => None,
    };
    let replaced = found.iter().any(|other| {
        other.kind == task.kind
            && other.computer.is_some()
            && other.computer == task.computer
            && other.field == task.field
    });
    if replaced {
        return ClosedWhy::ChangedAgain;
    }
    if source.is_some_and(|now| now.is_none() || now != task.import) {
        return ClosedWhy::SourceChanged;
    }
    let phase = task
        .computer
        .and_then(|id| held.iter().find(|computer| computer.id == id))
        .map(|computer| computer.phase.as_str());
    match (task.kind, phase) {
        (
            DiscrepancyKind::NotNotified,
            Some("notified" | "changed_since_notified" | "retirement_due"),
        )
        | (DiscrepancyKind::Ended, Some("retired")) => ClosedWhy::Notified,
        // A change is no difference any more when it was filed, or when it was taken back in the register.
        (DiscrepancyKind::Changed, Some("notified")) => notified_or_taken_back(task, held),
        (_, Some("exempt")) => ClosedWhy::Exempt,
        (_, Some("retired" | "retirement_due")) => ClosedWhy::OutOfUse,
        _ => ClosedWhy::Agrees,
    }
}

fn notified_or_taken_back(task: &ReconciliationTask, held: &[HeldComputer]) -> ClosedWhy {
    let now = held
        .iter()
        .find(|computer| Some(computer.id) == task.computer)
        .zip(task.field)
        .and_then(|(computer, field)| compare::item_text(&computer.items, field));
    if now == task.after {
        ClosedWhy::Notified
    } else {
        ClosedWhy::Agrees
    }
}
