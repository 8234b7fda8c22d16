use ids::{AwarenessId, CaseId, FilingId, FilingKind, OrganisationId, PersonId};
use jiff::Timestamp;
use statute::EventCode;
use thiserror::Error;

use super::awareness::{AwarenessError, AwarenessKind, AwarenessLog, NewAwareness};
use super::decision::DecisionNotToReport;
use super::phase::{CasePhase, Filed, TransitionError, WithdrawalReason, Withdrawn};
use crate::text::{Line, Prose};

/// An incident case: what happened, when the operator became aware, and how the report stands.
///
/// Invariants: awareness, judgements, decisions and filings only grow; the phase changes only by
/// the steps of [`CasePhase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    parts: CaseParts,
}

/// Everything a case is made of, as the store reads and writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseParts {
    /// Identifies it.
    pub id: CaseId,
    /// The operator.
    pub owner: OrganisationId,
    /// What it is called in the house; not filed.
    pub title: Line<200>,
    /// Where the report stands.
    pub phase: CasePhase,
    /// The moments of awareness.
    pub awareness: AwarenessLog,
    /// Under which code the event was judged to fall, oldest first.
    pub judgements: Vec<Judgement>,
    /// The register of decisions not to report, oldest first.
    pub decisions: Vec<DecisionNotToReport>,
    /// What was filed, oldest first.
    pub filings: Vec<CaseFiling>,
    /// Grows with each change; a stale change is refused.
    pub version: i64,
}

/// Under which code an event was judged to fall (Act Art. 5, Order Art. 4(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The code.
    pub event: EventCode,
    /// Who judged.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A filed report and the records of awareness that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFiling {
    /// The document and its time.
    pub filed: Filed,
    /// Prompt, update, full, correction or withdrawal.
    pub kind: FilingKind,
    /// The awareness it reports; other awareness keeps its clock running.
    pub covers: Vec<AwarenessId>,
}

/// Why something cannot be done with a case.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CaseError {
    /// The phase does not allow it.
    #[error(transparent)]
    Phase(TransitionError),
    /// The awareness cannot be recorded.
    #[error(transparent)]
    Awareness(AwarenessError),
    /// Nobody has said when the operator became aware.
    #[error("no awareness is recorded")]
    NoAwareness,
    /// The event has no code yet.
    #[error("the event is not judged yet")]
    NoJudgement,
    /// The kind of document does not belong to a case.
    #[error("a document of this kind is not filed in a case")]
    WrongKind,
    /// The stored parts contradict each other.
    #[error("parts of the case contradict each other")]
    Inconsistent,
}

impl CaseError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phase(_) => "case.phase",
            Self::Awareness(error) => error.code(),
            Self::NoAwareness => "case.no_awareness",
            Self::NoJudgement => "case.no_judgement",
            Self::WrongKind => "case.wrong_kind",
            Self::Inconsistent => "case.inconsistent",
        }
    }
}

impl Case {
    /// Opens a case; awareness is recorded next.
    pub fn open(id: CaseId, owner: OrganisationId, title: Line<200>) -> Self {
        Self {
            parts: CaseParts {
                id,
                owner,
                title,
                phase: CasePhase::Open,
                awareness: AwarenessLog::new(),
                judgements: Vec::new(),
                decisions: Vec::new(),
                filings: Vec::new(),
                version: 1,
            },
        }
    }

    /// Builds a case from what the store holds.
    pub fn from_parts(parts: CaseParts) -> Result<Self, CaseError> {
        let known = |filing: FilingId| parts.filings.iter().any(|each| each.filed.filing == filing);
        let fits = match &parts.phase {
            CasePhase::Open => true,
            CasePhase::PromptFiled { prompt, .. } => known(prompt.filing),
            CasePhase::FullFiled { prompt, full, .. } => {
                known(full.filing) && prompt.is_none_or(|prompt| known(prompt.filing))
            }
            CasePhase::Extended { earlier_full, .. } => known(earlier_full.filing),
            CasePhase::Withdrawn(withdrawn) => known(withdrawn.withdrawal.filing),
            CasePhase::DecidedNotToReport { decision, .. } => {
                parts.decisions.iter().any(|each| each.id == *decision)
            }
        };
        if fits {
            Ok(Self { parts })
        } else {
            Err(CaseError::Inconsistent)
        }
    }

    /// Everything the case is made of.
    pub const fn parts(&self) -> &CaseParts {
        &self.parts
    }

    /// Gives the parts away, to be stored.
    pub fn into_parts(self) -> CaseParts {
        self.parts
    }

    /// Identifies the case.
    pub const fn id(&self) -> CaseId {
        self.parts.id
    }

    /// Where the report stands.
    pub const fn phase(&self) -> &CasePhase {
        &self.parts.phase
    }

    /// The moments of awareness.
    pub const fn awareness(&self) -> &AwarenessLog {
        &self.parts.awareness
    }

    /// The code under which the event was last judged to fall.
    pub fn event(&self) -> Option<EventCode> {
        self.parts
            .judgements
            .last()
            .map(|judgement| judgement.event)
    }

    /// Renames the case in the house.
    #[must_use]
    pub fn rename(mut self, title: Line<200>) -> Self {
        self.parts.title = title;
        self
    }

    /// Records a further moment of awareness: a near miss becomes an incident by this, with nothing
    /// typed again. A decision not to report is taken back, and a full report is extended.
    pub fn record_awareness(
        mut self,
        kind: AwarenessKind,
        new: NewAwareness,
    ) -> Result<Self, CaseError> {
        self.parts.phase = self
            .parts
            .phase
            .record_awareness()
            .map_err(CaseError::Phase)?;
        self.parts.awareness = self
            .parts
            .awareness
            .record(kind, new)
            .map_err(CaseError::Awareness)?;
        Ok(self)
    }

    /// Corrects a moment of awareness; the phase stays, the clock is counted anew.
    pub fn correct_awareness(
        mut self,
        of: AwarenessId,
        reason: Prose<1000>,
        new: NewAwareness,
    ) -> Result<Self, CaseError> {
        self.parts.awareness = self
            .parts
            .awareness
            .correct(of, reason, new)
            .map_err(CaseError::Awareness)?;
        Ok(self)
    }

    /// Notes under which code the event falls; earlier judgements stay visible.
    #[must_use]
    pub fn judge(mut self, judgement: Judgement) -> Self {
        self.parts.judgements.push(judgement);
        self
    }

    /// Files the prompt stage; it covers the awareness that stands now.
    pub fn file_prompt(self, prompt: Filed) -> Result<Self, CaseError> {
        self.check_reportable()?;
        let mut case = self.file(prompt, FilingKind::IncidentPrompt);
        case.parts.phase = case
            .parts
            .phase
            .file_prompt(prompt)
            .map_err(CaseError::Phase)?;
        Ok(case)
    }

    /// Files an update and gives its number n (第n報).
    pub fn file_update(self, update: Filed) -> Result<(Self, u32), CaseError> {
        self.check_reportable()?;
        let mut case = self.file(update, FilingKind::IncidentUpdate);
        case.parts.phase = case.parts.phase.file_update().map_err(CaseError::Phase)?;
        let number = case.parts.phase.updates();
        Ok((case, number))
    }

    /// Files the full stage; it covers the awareness that stands now.
    pub fn file_full(self, full: Filed) -> Result<Self, CaseError> {
        self.check_reportable()?;
        let mut case = self.file(full, FilingKind::IncidentFull);
        case.parts.phase = case.parts.phase.file_full(full).map_err(CaseError::Phase)?;
        Ok(case)
    }

    /// Files a correction of something filed before.
    pub fn file_correction(self, correction: Filed) -> Result<Self, CaseError> {
        let mut case = self.file(correction, FilingKind::IncidentCorrection);
        case.parts.phase = case
            .parts
            .phase
            .file_correction()
            .map_err(CaseError::Phase)?;
        Ok(case)
    }

    /// Withdraws the report.
    pub fn withdraw(self, withdrawal: Filed, reason: WithdrawalReason) -> Result<Self, CaseError> {
        let mut case = self.file(withdrawal, FilingKind::IncidentWithdrawal);
        let withdrawn = Withdrawn { withdrawal, reason };
        case.parts.phase = case
            .parts
            .phase
            .withdraw(withdrawn)
            .map_err(CaseError::Phase)?;
        Ok(case)
    }

    /// Decides not to report, and keeps the decision in the register.
    pub fn decide_not_to_report(
        mut self,
        decision: DecisionNotToReport,
    ) -> Result<Self, CaseError> {
        self.parts.phase = self
            .parts
            .phase
            .decide_not_to_report(decision.id, decision.decided_at, decision.recheck_on)
            .map_err(CaseError::Phase)?;
        self.parts.decisions.push(decision);
        Ok(self)
    }

    /// Takes a decision not to report back; it stays in the register.
    pub fn reopen(mut self) -> Result<Self, CaseError> {
        self.parts.phase = self.parts.phase.reopen().map_err(CaseError::Phase)?;
        Ok(self)
    }

    /// The first filing of `kind` that speaks of this awareness or of a correction of it.
    pub fn filed_for(&self, awareness: AwarenessId, kinds: &[FilingKind]) -> Option<Filed> {
        let first = self.parts.awareness.first_of(awareness);
        self.parts
            .filings
            .iter()
            .find(|filing| {
                kinds.contains(&filing.kind)
                    && filing
                        .covers
                        .iter()
                        .any(|id| self.parts.awareness.first_of(*id) == first)
            })
            .map(|filing| filing.filed)
    }

    fn check_reportable(&self) -> Result<(), CaseError> {
        if self.parts.awareness.kind().is_none() {
            return Err(CaseError::NoAwareness);
        }
        if self.event().is_none() {
            return Err(CaseError::NoJudgement);
        }
        Ok(())
    }

    fn file(mut self, filed: Filed, kind: FilingKind) -> Self {
        let covers = self
            .parts
            .awareness
            .standing()
            .map(|record| record.id)
            .collect();
        self.parts.filings.push(CaseFiling {
            filed,
            kind,
            covers,
        });
        self
    }
}
