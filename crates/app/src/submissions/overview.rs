use std::collections::BTreeMap;

use ids::{CaseId, DeliveryState, FilingId, FilingKind};
use jiff::Timestamp;
use jiff::civil::Date;
use model::filing::AddresseeRole;
use model::incidents::{Clock, clocks, leading_clock};
use model::submissions::{SubmissionFile, SubmissionStage, SubmissionState, is_longer};
use policy::{Action, Actor};
use statute::calendar::jst;
use statute::{
    Answer, DueQuestion, Entry, Rule, SubmissionEntry, SubmissionNeed, SubmissionRule, due,
    due_in_hours, submissions,
};
use store::Tx;

use super::{NEEDED, SHOWN};
use crate::error::AppError;
use crate::incidents::{DraftView, load_case};
use crate::instance::App;
use crate::peers::{PeerFiling, PeerState};

/// Every addressee of a case, and who still lacks it.
#[derive(Clone, Debug)]
pub struct SubmissionOverview {
    /// The case.
    pub case: CaseId,
    /// Its title.
    pub title: String,
    /// One row for each addressee, in the order of the rule book.
    pub rows: Vec<SubmissionRow>,
    /// Whether the actor may record that something was handed over.
    pub may_record: bool,
}

impl SubmissionOverview {
    /// The addressees that still lack something, or of which it is not decided.
    pub fn open(&self) -> impl Iterator<Item = &SubmissionRow> {
        self.rows.iter().filter(|row| row.is_open())
    }
}

/// One addressee.
#[derive(Clone, Debug)]
pub struct SubmissionRow {
    /// Its entry in the rule book: name, basis, remark.
    pub entry: Entry,
    /// How it is decided whether it is told.
    pub how: SubmissionNeed,
    /// Whether it is told; unknown while nobody said.
    pub needed: Answer,
    /// What is due, and until when.
    pub limits: Vec<Limit>,
    /// The way through this portal, for the Minister and the Prime Minister.
    pub portal: Option<PortalWay>,
    /// What was handed over, oldest first.
    pub submissions: Vec<SubmissionFile>,
    /// How far the newest came.
    pub state: SubmissionState,
    /// Whether the addressee has been silent for too long.
    pub silent: bool,
    /// What a person does next.
    pub next: Option<NextStep>,
}

impl SubmissionRow {
    /// Whether something is still to be handed over or decided.
    pub fn is_open(&self) -> bool {
        match self.next {
            Some(NextStep::Prompt | NextStep::Decide | NextStep::AnswerForm) => true,
            Some(NextStep::Full) | None => false,
        }
    }
}

/// What a person does next about an addressee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Answer the question of the common form on which the duty depends.
    AnswerForm,
    /// Decide whether it is told.
    Decide,
    /// The first report.
    Prompt,
    /// The full report.
    Full,
}

/// Until when something is due.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Which report.
    pub stage: SubmissionStage,
    /// The entry of the rule book.
    pub entry: Entry,
    /// Until when.
    pub kind: LimitKind,
    /// Whether it was handed over.
    pub done: bool,
}

/// Until when something is due, as the rule book says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// 速やかに: no number is fixed.
    Promptly,
    /// A guideline that binds nobody.
    Guideline {
        /// Of how many days the guideline speaks at least.
        least: u32,
        /// And at most.
        most: u32,
    },
    /// The end of a day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// There is no clock to count from.
    Unknown,
}

/// The way of a report through this portal.
#[derive(Clone, Debug)]
pub struct PortalWay {
    /// The concrete desk, in Japanese and English.
    pub desk: (String, String),
    /// The newest report.
    pub filing: FilingId,
    /// 受付番号.
    pub number: String,
    /// What it is.
    pub kind: FilingKind,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// How far it came.
    pub state: SubmissionState,
    /// Whether nobody opened it for too long.
    pub silent: bool,
    /// Its way to another instance, where it travels on.
    pub passage: Option<PeerFiling>,
}

/// How far a report is that travels on to another instance.
fn passed_on(passage: &PeerFiling) -> SubmissionState {
    match passage.state {
        PeerState::Waiting => SubmissionState::Waiting,
        PeerState::Refused => SubmissionState::Failed,
        // What the other side says is not believed while its receipt cannot be verified.
        PeerState::Filed if passage.last_error.as_deref() == Some("receipt") => {
            SubmissionState::Failed
        }
        PeerState::Filed if passage.checked_at.is_some() => SubmissionState::Checked,
        PeerState::Filed if passage.opened_at.is_some() => SubmissionState::Opened,
        PeerState::Filed if passage.delivered_at.is_some() => SubmissionState::Delivered,
        PeerState::Filed => SubmissionState::Sent,
    }
}

impl App {
    /// Every addressee of a case: whether it is told and why, until when, what was handed over and what became of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that the case exists.
    pub async fn submission_overview(
        &self,
        actor: &Actor,
        id: CaseId,
    ) -> Result<SubmissionOverview, AppError> {
        let draft = self.view_draft(actor, id).await?;
        let mut tx = self.store().begin_read("submission.overview").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let owner = loaded.record.owner;
        let resource = policy::Resource::Case { id, owner };
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        let sector = self.owner_of(&mut tx, owner).await?.sector;
        let answers = tx.submission_answers(id).await?;
        let all = tx.submissions_of_case(id, SHOWN).await?;
        let clocks = clocks(&loaded.case, self.rules(), self.mode()).unwrap_or_default();
        let around = Around {
            draft: &draft,
            answers: &answers,
            clock: leading_clock(&clocks),
            all: &all,
        };
        let mut rows = Vec::new();
        for entry in submissions(self.rules(), sector.as_deref(), self.today()) {
            let portal = match entry.1.need {
                SubmissionNeed::Report => {
                    let newest = loaded.filings.last().map(|filing| filing.head.id);
                    self.portal_way(&mut tx, entry, newest).await?
                }
                SubmissionNeed::Duty | SubmissionNeed::Ask => None,
            };
            rows.push(self.submission_row(entry, portal, &around));
        }
        let raised = Actor {
            step_up: policy::StepUp::Fresh,
            ..actor.clone()
        };
        Ok(SubmissionOverview {
            case: id,
            title: loaded.case.parts().title.as_str().to_owned(),
            rows,
            may_record: self
                .policy()
                .may(&raised, Action::RecordSubmission, &resource),
        })
    }

    fn submission_row(
        &self,
        (entry, rule): SubmissionEntry<'_>,
        portal: Option<PortalWay>,
        around: &Around<'_>,
    ) -> SubmissionRow {
        let code = entry.code();
        let own: Vec<SubmissionFile> = around
            .all
            .iter()
            .filter(|one| one.submission.addressee == code)
            .cloned()
            .collect();
        let decided = around
            .answers
            .get(&format!("{code}.{NEEDED}"))
            .and_then(|text| Answer::parse(text));
        let needed = match rule.needed(|field| around.told(field)) {
            Answer::Unknown if rule.need == SubmissionNeed::Ask => decided.unwrap_or_default(),
            answer => answer,
        };
        let has_left = |stage: SubmissionStage| match rule.need {
            SubmissionNeed::Report => around.clock.is_some_and(|clock| match stage {
                SubmissionStage::Prompt => clock.prompt_filed.is_some(),
                SubmissionStage::Full => clock.full_filed.is_some(),
            }),
            SubmissionNeed::Duty | SubmissionNeed::Ask => own
                .iter()
                .any(|one| one.submission.stage == stage && one.state().has_left()),
        };
        let full = has_left(SubmissionStage::Full);
        let prompt = has_left(SubmissionStage::Prompt) || full;
        let wants_full = rule.need == SubmissionNeed::Report || rule.full.is_some();
        let waiting = own
            .iter()
            .any(|one| one.state() == SubmissionState::Waiting);
        let next = match needed {
            Answer::Unknown if rule.need == SubmissionNeed::Duty => Some(NextStep::AnswerForm),
            Answer::Unknown => Some(NextStep::Decide),
            Answer::Yes if !prompt && !waiting => Some(NextStep::Prompt),
            Answer::Yes if prompt && wants_full && !full => Some(NextStep::Full),
            Answer::Yes | Answer::No => None,
        };
        let state = match &portal {
            Some(way) => way.state,
            None => own
                .last()
                .map_or(SubmissionState::NotSubmitted, SubmissionFile::state),
        };
        let silent = portal.as_ref().is_some_and(|way| way.silent)
            || own
                .last()
                .is_some_and(|one| one.is_silent(self.now(), rule.silence_hours));
        let limits = if needed == Answer::No {
            Vec::new()
        } else {
            self.limits(rule, code, around, (prompt, full))
        };
        SubmissionRow {
            entry: entry.clone(),
            how: rule.need,
            needed,
            limits,
            portal,
            submissions: own,
            state,
            silent,
            next,
        }
    }

    fn limits(
        &self,
        rule: &SubmissionRule,
        code: &str,
        around: &Around<'_>,
        (prompt, full): (bool, bool),
    ) -> Vec<Limit> {
        let keys = if rule.need == SubmissionNeed::Report {
            (Some("report.prompt"), Some("report.full"))
        } else {
            let longer = rule.longer_when.as_ref().is_some_and(|item| {
                around
                    .answers
                    .get(&format!("{code}.{item}"))
                    .is_some_and(|answer| answer == "yes")
            });
            let full = rule.longer.as_deref().filter(|_| longer);
            (rule.prompt.as_deref(), full.or(rule.full.as_deref()))
        };
        let mut limits = Vec::new();
        let stages = [
            (SubmissionStage::Prompt, keys.0, prompt),
            (SubmissionStage::Full, keys.1, full),
        ];
        for (stage, key, done) in stages {
            let entry = key.and_then(|key| self.rules().entry(key, self.today()));
            if let Some(entry) = entry {
                limits.push(Limit {
                    stage,
                    entry: entry.clone(),
                    kind: self.limit_kind(entry, around.clock),
                    done,
                });
            }
        }
        limits
    }

    fn limit_kind(&self, entry: &Entry, clock: Option<&Clock>) -> LimitKind {
        match &entry.rule {
            Rule::Promptly => LimitKind::Promptly,
            Rule::GuidelineDays { least, most } => LimitKind::Guideline {
                least: *least,
                most: *most,
            },
            Rule::Period(_) => {
                let Some(aware_at) = clock.map(|clock| clock.aware_at) else {
                    return LimitKind::Unknown;
                };
                if let Ok(end) = due_in_hours(self.rules(), &entry.key, aware_at) {
                    return LimitKind::Moment(end);
                }
                let question = DueQuestion::new(&entry.key, jst::day_of(aware_at));
                due(self.rules(), &question, self.mode())
                    .ok()
                    .and_then(|due| due.legal_limit)
                    .map_or(LimitKind::Unknown, LimitKind::Day)
            }
            _ => LimitKind::Unknown,
        }
    }

    /// How far the newest report came on its way to the Minister or the Prime Minister.
    async fn portal_way(
        &self,
        tx: &mut Tx,
        (entry, rule): SubmissionEntry<'_>,
        newest: Option<FilingId>,
    ) -> Result<Option<PortalWay>, AppError> {
        let Some(id) = newest else {
            return Ok(None);
        };
        let filing = tx
            .filing(id)
            .await?
            .ok_or(AppError::Bug("a filing that is gone"))?;
        let wanted: &[AddresseeRole] = if entry.code() == "prime_minister" {
            &[
                AddresseeRole::PrimeMinister,
                AddresseeRole::PrimeMinisterForwarded,
            ]
        } else {
            // The regional head acts where the power is delegated; the Minister then reads along.
            &[AddresseeRole::RegionalHead, AddresseeRole::Minister]
        };
        let addressees = tx.addressees(id).await?;
        let Some(addressee) = wanted
            .iter()
            .find_map(|role| addressees.iter().find(|addressee| addressee.role == *role))
        else {
            return Ok(None);
        };
        let desk = self.owner_of(tx, addressee.organisation).await?;
        let checked = tx
            .checks(id)
            .await?
            .iter()
            .any(|check| check.organisation == desk.id);
        let delivery = tx
            .deliveries(id)
            .await?
            .into_iter()
            .find(|delivery| delivery.organisation == desk.id);
        let opened = delivery.as_ref().and_then(|delivery| delivery.opened_at);
        let delivered = delivery.as_ref().and_then(|delivery| delivery.delivered_at);
        let dead = delivery
            .as_ref()
            .is_some_and(|delivery| delivery.state == DeliveryState::Dead);
        let state = if checked {
            SubmissionState::Checked
        } else if opened.is_some() {
            SubmissionState::Opened
        } else if dead {
            SubmissionState::Failed
        } else if delivered.is_some() {
            SubmissionState::Delivered
        } else {
            SubmissionState::Sent
        };
        let passage = tx.peer_filing(id).await?;
        let state = match &passage {
            Some(passage) => passed_on(passage),
            None => state,
        };
        Ok(Some(PortalWay {
            passage,
            desk: (desk.name_ja, desk.name_en),
            filing: id,
            number: filing.number.as_str().to_owned(),
            kind: filing.kind,
            filed_at: filing.filed_at,
            silent: state < SubmissionState::Opened
                && is_longer(self.now(), filing.filed_at, rule.silence_hours),
            state,
        }))
    }

    /// Open cases of the actor's organisation with addressees that lack something or keep silent, for the home page.
    pub async fn open_submissions(
        &self,
        actor: &Actor,
        limit: u32,
    ) -> Result<Vec<SubmissionOverview>, AppError> {
        let mut open = Vec::new();
        for case in self.open_cases(actor, limit).await?.cases {
            let overview = self.submission_overview(actor, case.id).await?;
            let silent = overview.rows.iter().any(|row| row.silent);
            if silent || overview.open().next().is_some() {
                open.push(overview);
            }
        }
        Ok(open)
    }
}

/// What the rows of a case are made from.
struct Around<'a> {
    draft: &'a DraftView,
    answers: &'a BTreeMap<String, String>,
    clock: Option<&'a Clock>,
    all: &'a [SubmissionFile],
}

impl Around<'_> {
    /// Codes that are answered in a field of the common form.
    fn told(&self, field: &str) -> Vec<String> {
        let typed = self.draft.typed(field);
        let mut codes = typed.ticked.clone();
        if !typed.text.is_empty() && typed.state.is_none() {
            codes.push(typed.text);
        }
        codes
    }
}
