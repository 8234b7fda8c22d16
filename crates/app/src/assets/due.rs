use ids::OrganisationId;
use jiff::ToSpan;
use jiff::civil::Date;
use model::assets::{Computer, DueNotification, Facility, NotificationDuty, what_is_due};
use model::incidents::Lateness;
use model::organisation::Organisation;
use policy::{Action, Actor};
use statute::DueRefusal;
use store::Tx;
use store::rows::assets::{ComputerHead, PhaseCount};
use store::rows::rules::LimitChange;

use crate::assets::recompute::moved_to;
use crate::error::AppError;
use crate::instance::App;

/// How many days before its limit something is called near: a setting of the house, not of the law.
pub const SOON_DAYS: u16 = 30;

/// Phases in which something is to be notified, with what it is.
pub(crate) const DUTIES: [(NotificationDuty, &str); 3] = [
    (NotificationDuty::New, "draft"),
    (NotificationDuty::Change, "changed_since_notified"),
    (NotificationDuty::Retirement, "retirement_due"),
];

/// Something that is to be notified.
#[derive(Clone, Debug)]
pub struct DueRow {
    /// The computer with its current items.
    pub computer: ComputerHead,
    /// New, change or end of use.
    pub duty: NotificationDuty,
    /// The limit with its reasons, or why the rule book gives none.
    pub due: Result<DueNotification, DueRefusal>,
    /// Near or overdue; absent where there is no limit.
    pub lateness: Option<Lateness>,
    /// The change of the rule book that moved the limit to where it is.
    pub moved: Option<LimitChange>,
}

/// What an operator has to notify.
#[derive(Clone, Debug, Default)]
pub struct AssetsDue {
    /// The first of it, the earliest limit first.
    pub rows: Vec<DueRow>,
    /// How much of it there is.
    pub counts: AssetCounts,
}

/// How many computers of a register stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssetCounts {
    /// All computers.
    pub all: u32,
    /// To be notified for the first time.
    pub new: DutyCount,
    /// Changed since notified.
    pub changed: DutyCount,
    /// Out of use, and the end not yet notified.
    pub ended: DutyCount,
    /// Notified and unchanged.
    pub notified: u32,
    /// Need not be notified.
    pub exempt: u32,
    /// Out of use.
    pub retired: u32,
}

/// How many computers one duty concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutyCount {
    /// All of them.
    pub total: u32,
    /// Past the limit.
    pub overdue: u32,
    /// Near the limit.
    pub soon: u32,
    /// The first limit.
    pub first_due_on: Option<Date>,
}

impl AssetCounts {
    /// Of one duty.
    pub const fn of(&self, duty: NotificationDuty) -> DutyCount {
        match duty {
            NotificationDuty::New => self.new,
            NotificationDuty::Change => self.changed,
            NotificationDuty::Retirement => self.ended,
        }
    }

    fn from_phases(counts: &[PhaseCount]) -> Self {
        let mut sum = Self::default();
        for count in counts {
            sum.all = sum.all.saturating_add(count.total);
            let duty = DutyCount {
                total: count.total,
                overdue: count.overdue,
                soon: count.soon,
                first_due_on: count.first_due_on,
            };
            match count.phase.as_str() {
                "draft" => sum.new = duty,
                "changed_since_notified" => sum.changed = duty,
                "retirement_due" => sum.ended = duty,
                "notified" => sum.notified = count.total,
                "exempt" => sum.exempt = count.total,
                "retired" => sum.retired = count.total,
                _ => {}
            }
        }
        sum
    }
}

impl App {
    /// What an operator has to notify next, for its home page. Empty for whoever may not see the register.
    pub async fn operator_due(&self, actor: &Actor) -> Result<AssetsDue, AppError> {
        self.assets_due(actor, 5).await
    }

    /// The first `limit` things to be notified, and how many there are. Fast with any number of computers: limits are
    /// kept beside the computers, and reasons are worked out for what is shown only.
    pub async fn assets_due(&self, actor: &Actor, limit: u32) -> Result<AssetsDue, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let Some(owner) = scope.owned_by() else {
            return Ok(AssetsDue::default());
        };
        let limit = self.page_limit(limit);
        let today = self.today();
        let mut tx = self.store().begin_read("computer.due").await?;
        let counts = tx
            .computer_counts(
                &scope,
                today,
                today.saturating_add(i64::from(SOON_DAYS).days()),
            )
            .await?;
        let mut heads = Vec::new();
        for (duty, phase) in DUTIES {
            for head in tx.computers_by_limit(&scope, phase, limit).await? {
                heads.push((duty, head));
            }
        }
        heads.sort_by_key(|(_, head)| (head.due_on.unwrap_or(Date::MAX), head.id));
        heads.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut rows = Vec::with_capacity(heads.len());
        for (duty, head) in heads {
            rows.push(self.due_row(&mut tx, owner, duty, head).await?);
        }
        Ok(AssetsDue {
            rows,
            counts: AssetCounts::from_phases(&counts),
        })
    }

    async fn due_row(
        &self,
        tx: &mut Tx,
        owner: OrganisationId,
        duty: NotificationDuty,
        head: ComputerHead,
    ) -> Result<DueRow, AppError> {
        let computer = tx
            .computer(head.id)
            .await?
            .ok_or(AppError::Bug("a computer that went away"))?;
        let facility = tx.facility(head.facility).await?;
        let due = match self
            .duty_of(tx, owner, &computer, facility.as_ref())
            .await?
        {
            Ok(Some(due)) => Ok(due),
            Ok(None) => return Err(AppError::Bug("a phase without its duty")),
            Err(refusal) => Err(refusal),
        };
        let lateness = due
            .as_ref()
            .ok()
            .and_then(|due| due.lateness(self.now(), SOON_DAYS));
        let limit = head.due_on;
        Ok(DueRow {
            moved: moved_to(&tx.limit_changes(head.id).await?, limit),
            computer: head,
            duty,
            due,
            lateness,
        })
    }

    /// What is to be notified of a computer, with reasons.
    pub(crate) async fn duty_of(
        &self,
        tx: &mut Tx,
        owner: OrganisationId,
        computer: &Computer,
        facility: Option<&Facility>,
    ) -> Result<Result<Option<DueNotification>, DueRefusal>, AppError> {
        let operator = tx
            .organisation(owner)
            .await?
            .ok_or(AppError::Bug("a register without its operator"))?;
        Ok(what_is_due(
            self.rules(),
            computer,
            facility,
            operator.designation,
            self.mode(),
        ))
    }

    /// As [`App::limit_of`], for many computers of one operator.
    pub(crate) fn limit_for(
        &self,
        operator: &Organisation,
        computer: &Computer,
        facility: &Facility,
    ) -> Option<Date> {
        what_is_due(
            self.rules(),
            computer,
            Some(facility),
            operator.designation,
            self.mode(),
        )
        .ok()
        .flatten()
        .and_then(|due| due.finding.due.legal_limit)
    }

    /// The legal limit kept beside a computer.
    pub(crate) async fn limit_of(
        &self,
        tx: &mut Tx,
        computer: &Computer,
        facility: &Facility,
    ) -> Result<Option<Date>, AppError> {
        let owner = computer.parts().owner;
        let due = self.duty_of(tx, owner, computer, Some(facility)).await?;
        Ok(due
            .ok()
            .flatten()
            .and_then(|due| due.finding.due.legal_limit))
    }
}
