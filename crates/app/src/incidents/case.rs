use std::collections::BTreeMap;

use formats::forms::IncidentForm;
use ids::{CaseId, PersonId};
use jiff::Timestamp;
use model::incidents::{Case, CaseStep, Clock, clocks, leading_clock};
use model::organisation::HouseTargets;
use policy::{Action, Actor};
use statute::{Answers, ReportGroup};
use store::CaseCursor;
use store::rows::desks::FilingHead;

use super::awareness::resource;
use super::draft::sheet_of;
use super::judge::answers_from_json;
use super::load::{Loaded, assemble, load_case};
use super::timeline::name;
use crate::error::AppError;
use crate::instance::App;

/// A case with its clocks and what may be done with it.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// The chosen sheet.
    pub sheet: IncidentForm,
    /// One clock for each record of awareness; empty when the law of that day knows no duty.
    pub clocks: Vec<Clock>,
    /// The clock that leads the screen.
    pub leading: Option<Clock>,
    /// The operator's own targets.
    pub targets: HouseTargets,
    /// What was filed, in the order of the series.
    pub filings: Vec<FilingHead>,
    /// The answers of the last judgement.
    pub judged: Option<(ReportGroup, Answers)>,
    /// When the case was opened.
    pub created_at: Timestamp,
    /// Names of the people that appear in it.
    pub names: BTreeMap<PersonId, String>,
    /// Whether this actor may change the case and its draft.
    pub may_edit: bool,
    /// The steps that the phase and the policies allow this actor.
    pub steps: Vec<CaseStep>,
}

/// A case in a list.
#[derive(Clone, Debug)]
pub struct CaseEntry {
    /// The case.
    pub case: Case,
    /// When it was opened.
    pub created_at: Timestamp,
    /// The clock that leads.
    pub clock: Option<Clock>,
}

/// One page of the list of cases.
#[derive(Clone, Debug, Default)]
pub struct CasePage {
    /// Cases, opened last first.
    pub cases: Vec<CaseEntry>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether the actor may open a case.
    pub may_open: bool,
}

impl App {
    /// A case.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn view_case(&self, actor: &Actor, id: CaseId) -> Result<CaseView, AppError> {
        let mut tx = self.store().begin_read("case.view").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let resource = resource(&loaded.case);
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        let operator = tx
            .organisation(loaded.record.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let mut names = BTreeMap::new();
        for person in people(&loaded) {
            if let std::collections::btree_map::Entry::Vacant(slot) = names.entry(person) {
                slot.insert(name(&mut tx, person).await?);
            }
        }
        let clocks = clocks(&loaded.case, self.rules(), self.mode()).unwrap_or_default();
        let judged = loaded.judgements.last().and_then(|judgement| {
            let group = ReportGroup::parse(&judgement.group)?;
            Some((group, answers_from_json(&judgement.answers)))
        });
        Ok(CaseView {
            sheet: sheet_of(&loaded),
            leading: leading_clock(&clocks).cloned(),
            clocks,
            targets: operator.targets,
            filings: loaded
                .filings
                .iter()
                .map(|filing| filing.head.clone())
                .collect(),
            judged,
            created_at: loaded.record.created_at,
            names,
            may_edit: self.policy().may(actor, Action::EditCase, &resource),
            steps: self.steps(actor, &loaded),
            case: loaded.case,
        })
    }

    /// Cases of the actor's organisation, opened last first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a cursor that we did not give.
    pub async fn list_cases(
        &self,
        actor: &Actor,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<CasePage, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewCase);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let after = cursor.map(read_cursor).transpose()?;
        let limit = limit.clamp(1, self.config().limits.page_entries);
        let mut tx = self.store().begin_read("case.list").await?;
        let mut records = tx.cases(&scope, after, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < records.len();
        records.truncate(limit);
        let next = records
            .last()
            .filter(|_| more)
            .map(|last| format!("{}.{}", last.created_at.as_microsecond(), last.id));
        let mut cases = Vec::with_capacity(records.len());
        for record in records {
            let created_at = record.created_at;
            let loaded = assemble(&mut tx, record).await?;
            let clocks = clocks(&loaded.case, self.rules(), self.mode()).unwrap_or_default();
            cases.push(CaseEntry {
                case: loaded.case,
                created_at,
                clock: leading_clock(&clocks).cloned(),
            });
        }
        let own = policy::Resource::Case {
            id: self.ids().next(),
            owner: actor.organisation,
        };
        Ok(CasePage {
            cases,
            next,
            may_open: self.policy().may(actor, Action::EditCase, &own),
        })
    }

    fn steps(&self, actor: &Actor, loaded: &Loaded) -> Vec<CaseStep> {
        let resource = resource(&loaded.case);
        CaseStep::ALL
            .iter()
            .copied()
            .filter(|step| loaded.case.phase().allows(*step))
            .filter(|step| {
                // A stale second factor is no reason to hide the step: it is asked for again on the way.
                let mut fresh = actor.clone();
                fresh.step_up = policy::StepUp::Fresh;
                self.policy().may(&fresh, action_of(*step), &resource)
            })
            .collect()
    }
}

/// What the policies are asked for a step.
const fn action_of(step: CaseStep) -> Action {
    match step {
        CaseStep::FilePrompt => Action::FilePrompt,
        CaseStep::FileUpdate
        | CaseStep::FileFull
        | CaseStep::FileCorrection
        | CaseStep::Withdraw => Action::FileReport,
        CaseStep::DecideNotToReport => Action::DecideNotToReport,
        CaseStep::Reopen | CaseStep::RecordAwareness => Action::EditCase,
    }
}

fn people(loaded: &Loaded) -> Vec<PersonId> {
    let mut people = vec![loaded.record.created_by];
    people.extend(
        loaded
            .case
            .awareness()
            .records()
            .iter()
            .map(|record| record.recorded_by),
    );
    people.extend(
        loaded
            .judgements
            .iter()
            .map(|judgement| judgement.judged_by),
    );
    people.extend(loaded.decisions.iter().map(|decision| decision.decided_by));
    people.extend(loaded.filings.iter().map(|filing| filing.head.filed_by));
    people
}

fn read_cursor(text: &str) -> Result<CaseCursor, AppError> {
    let wrong = || AppError::field("cursor", "cursor_unknown");
    let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
    let micros: i64 = micros.parse().map_err(|_| wrong())?;
    Ok(CaseCursor {
        created_at: Timestamp::from_microsecond(micros).map_err(|_| wrong())?,
        id: id.parse().map_err(|_| wrong())?,
    })
}
