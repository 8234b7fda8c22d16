use ids::{CaseId, DecisionId};
use jiff::civil::Date;
use model::incidents::{Clock, leading_clock};
use policy::{Action, Actor};

use super::load::assemble;
use crate::error::AppError;
use crate::instance::App;

/// A case whose duty to report is open, for the home page.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// Identifies it.
    pub id: CaseId,
    /// What it is called in the house.
    pub title: String,
    /// Code of the phase.
    pub phase: &'static str,
    /// The clock that leads the screen; `None` when the law of the day of awareness knows no duty.
    pub clock: Option<Clock>,
}

/// What is open, earliest awareness first.
#[derive(Clone, Debug, Default)]
pub struct OpenCases {
    /// The first of them.
    pub cases: Vec<OpenCase>,
    /// How many there are.
    pub total: i64,
    /// The first of the decisions not to report whose day to look again has come.
    pub rechecks: Vec<DueRecheck>,
    /// How many such decisions there are.
    pub rechecks_due: i64,
}

/// A decision not to report that is to be looked at again, for the home page.
#[derive(Clone, Debug)]
pub struct DueRecheck {
    /// Identifies it.
    pub id: DecisionId,
    /// What happened.
    pub summary: String,
    /// The day that has come.
    pub recheck_on: Date,
}

impl App {
    /// Cases with an open duty, with their clocks; nothing for who may see none.
    pub async fn open_cases(&self, actor: &Actor, limit: u32) -> Result<OpenCases, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewCase);
        if scope.is_empty() {
            return Ok(OpenCases::default());
        }
        let limit = limit.min(self.config().limits.page_entries);
        let mut tx = self.store().begin_read("case.open_cases").await?;
        let mut cases = Vec::new();
        for record in tx.open_cases(&scope, limit).await? {
            let loaded = assemble(&mut tx, record).await?;
            // A refusal means that the law of that day knows no such duty: the case is shown without a clock.
            let clocks = model::incidents::clocks(&loaded.case, self.rules(), self.mode())
                .unwrap_or_default();
            cases.push(OpenCase {
                id: loaded.case.id(),
                title: loaded.case.parts().title.as_str().to_owned(),
                phase: loaded.case.phase().code(),
                clock: leading_clock(&clocks).cloned(),
            });
        }
        let today = self.today();
        // What stands and is nearest comes first in the register, so its first page holds the first that are due.
        let rechecks = tx
            .decisions(&scope, None, limit)
            .await?
            .into_iter()
            .filter(|(decision, standing)| *standing && decision.recheck_on <= today)
            .map(|(decision, _)| DueRecheck {
                id: decision.id,
                summary: decision.summary,
                recheck_on: decision.recheck_on,
            })
            .collect();
        Ok(OpenCases {
            cases,
            total: tx.count_open_cases(&scope).await?,
            rechecks,
            rechecks_due: tx.count_rechecks_due(&scope, today).await?,
        })
    }
}
