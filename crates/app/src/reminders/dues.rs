use std::collections::BTreeSet;

use ids::DirectiveKind;
use jiff::Timestamp;
use jiff::civil::Date;
use model::incidents::{ClockState, leading_clock};
use model::reminders::{Anchor, DueKind};
use policy::{Action, Actor};
use statute::calendar::jst;

use crate::approvals::ApprovalItem;
use crate::error::AppError;
use crate::incidents::assemble;
use crate::instance::App;
use crate::orders::DirectiveListFilter;

/// Things of one kind that a person is reminded of at most; whoever has more has one reason to look.
const OF_EACH: u32 = 100;

/// Something that is to be done, as one person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) kind: DueKind,
    /// The id, or what else tells it from others of the kind.
    pub(crate) subject: String,
    /// When the duty began.
    pub(crate) start: Option<Timestamp>,
    /// Until before when it is to be done.
    pub(crate) limit: Option<Timestamp>,
    /// Whether this person can do it, where the plan asks for holders.
    pub(crate) holds: bool,
}

impl Due {
    /// What moments counted from this anchor are counted from.
    pub(crate) const fn anchor(&self, anchor: Anchor) -> Option<Timestamp> {
        match anchor {
            Anchor::Start => self.start,
            Anchor::Limit => self.limit,
        }
    }

    /// Whether it is the same thing.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.subject == other.subject && self.limit == other.limit
    }
}

impl App {
    /// What is due, as far as the actor may see it.
    pub(crate) async fn dues_of(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        let mut dues = self.case_dues(actor).await?;
        dues.extend(self.register_dues(actor).await?);
        dues.extend(self.correction_dues(actor).await?);
        dues.extend(self.directive_dues(actor).await?);
        dues.extend(self.approval_dues(actor).await?);
        Ok(dues)
    }

    async fn case_dues(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewCase);
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let mut dues = Vec::new();
        let mut tx = self.store().begin_read("reminder.cases").await?;
        for record in tx.open_cases(&scope, OF_EACH).await? {
            let case = assemble(&mut tx, record).await?.case;
            let clocks =
                model::incidents::clocks(&case, self.rules(), self.mode()).unwrap_or_default();
            let Some(clock) =
                leading_clock(&clocks).filter(|clock| clock.state == ClockState::Running)
            else {
                continue;
            };
            let subject = case.id().to_string();
            if clock.prompt_filed.is_none() {
                dues.push(Due {
                    kind: DueKind::PromptReport,
                    subject: subject.clone(),
                    start: Some(clock.aware_at),
                    limit: None,
                    holds: true,
                });
            }
            if clock.full_filed.is_none()
                && let Some(limit) = clock.full_limit()
            {
                dues.push(Due {
                    kind: DueKind::FullReport,
                    subject,
                    start: Some(clock.aware_at),
                    limit: end_of(limit)?,
                    holds: true,
                });
            }
        }
        Ok(dues)
    }

    /// One for each last day in the register, however many computers it is of.
    async fn register_dues(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.store().begin_read("reminder.register").await?;
        let mut days: BTreeSet<Date> = tx.due_days(&scope, OF_EACH).await?.into_iter().collect();
        days.extend(tx.reconciliation_days(&scope, OF_EACH).await?);
        days.into_iter()
            .map(|day| {
                Ok(Due {
                    kind: DueKind::Notification,
                    subject: "register".to_owned(),
                    start: None,
                    limit: end_of(day)?,
                    holds: true,
                })
            })
            .collect()
    }

    async fn correction_dues(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        let open = match self.open_corrections(actor, None, OF_EACH).await {
            Err(AppError::NotFound) => return Ok(Vec::new()),
            other => other?,
        };
        open.items
            .into_iter()
            .map(|open| {
                Ok(Due {
                    kind: DueKind::Correction,
                    subject: open.request.id.to_string(),
                    start: Some(open.request.requested_at),
                    limit: open.request.wanted_by.map(end_of).transpose()?.flatten(),
                    holds: true,
                })
            })
            .collect()
    }

    async fn directive_dues(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        let filter = DirectiveListFilter {
            open_only: true,
            after: None,
        };
        let open = match self.directives(actor, filter, OF_EACH).await {
            Err(AppError::NotFound) => return Ok(Vec::new()),
            other => other?,
        };
        let mut dues = Vec::new();
        for item in open.items {
            let directive = &item.file.directive;
            let kind = match directive.kind {
                DirectiveKind::Order => DueKind::Order,
                DirectiveKind::Opinion => DueKind::Opinion,
                DirectiveKind::Demand => DueKind::Demand,
                // Guidance asks for nothing (Act Art. 10).
                DirectiveKind::Guidance => continue,
            };
            if !item.file.replies.is_empty() {
                continue;
            }
            dues.push(Due {
                kind,
                subject: directive.id.to_string(),
                start: Some(directive.issued_at),
                limit: directive.due.map(end_of).transpose()?.flatten(),
                holds: !item.issued_here,
            });
        }
        Ok(dues)
    }

    async fn approval_dues(&self, actor: &Actor) -> Result<Vec<Due>, AppError> {
        use model::approvals::Purpose;
        let lists = self.approval_lists(actor).await?;
        let due = |item: &ApprovalItem, holds: bool| Due {
            kind: match item.purpose {
                Purpose::Filing => DueKind::Approval,
                Purpose::Ratification => DueKind::Ratification,
            },
            subject: item.id.to_string(),
            start: Some(item.at),
            limit: None,
            holds,
        };
        let mine = lists.mine.iter().map(|item| due(item, true));
        let others = lists.waiting.iter().chain(&lists.unratified);
        Ok(mine.chain(others.map(|item| due(item, false))).collect())
    }
}

/// The instant at which a last day is over.
fn end_of(day: Date) -> Result<Option<Timestamp>, AppError> {
    jst::end_of(day)
        .map(Some)
        .map_err(|_| AppError::Bug("a last day at the end of time"))
}
