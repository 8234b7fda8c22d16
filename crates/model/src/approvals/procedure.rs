use ids::{FilingId, PersonId, stable_codes};
use jiff::Timestamp;
use thiserror::Error;

use crate::text::Prose;

stable_codes! {
    /// What a decision is asked for.
    pub enum Purpose {
        /// Filing a document (承認).
        Filing = "filing",
        /// What the CSIRT filed alone in an emergency (追認).
        Ratification = "ratification",
    }
}

stable_codes! {
    /// Something done with a request for approval.
    pub enum ApprovalStepKind {
        /// 承認: the stage is passed.
        Approved = "approved",
        /// 差戻し; of a ratification, that it is not given.
        Returned = "returned",
        /// 引戻し by whoever asked.
        PulledBack = "pulled_back",
        /// A newer request took its place.
        Replaced = "replaced",
        /// 提出: the approved document was filed.
        Filed = "filed",
        /// A comment, which decides nothing.
        Commented = "commented",
    }
}

/// Where a request for approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalPhase {
    /// Somebody has to decide at a stage, counted from 0.
    Waiting {
        /// The stage.
        stage: usize,
    },
    /// Every stage is passed.
    Approved,
    /// Sent back with a comment.
    Returned,
    /// Taken back by whoever asked.
    PulledBack,
    /// A newer request took its place.
    Replaced,
    /// Filed as it was approved.
    Filed {
        /// The document.
        filing: FilingId,
    },
}

/// One entry in the course of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalStep {
    /// What was done.
    pub kind: ApprovalStepKind,
    /// At which stage, counted from 0.
    pub stage: usize,
    /// Who did it.
    pub by: PersonId,
    /// For whom, where a deputy acted (代理).
    pub on_behalf_of: Option<PersonId>,
    /// What was said.
    pub comment: Option<Prose<2000>>,
    /// The document that was filed.
    pub filing: Option<FilingId>,
    /// When.
    pub at: Timestamp,
}

/// A step that the phase of a request does not allow.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a request for approval in phase {phase} does not allow {step}")]
pub struct ApprovalRefusal {
    /// Code of the phase.
    pub phase: &'static str,
    /// What was tried.
    pub step: ApprovalStepKind,
}

/// The course of a request through the stages of its route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Procedure {
    stages: usize,
    phase: ApprovalPhase,
}

impl ApprovalPhase {
    /// Every phase's code.
    pub const CODES: [&'static str; 6] = [
        "waiting",
        "approved",
        "returned",
        "pulled_back",
        "replaced",
        "filed",
    ];

    /// The stable text stored and shown.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::PulledBack => "pulled_back",
            Self::Replaced => "replaced",
            Self::Filed { .. } => "filed",
        }
    }
}

impl Procedure {
    /// Begins at the first of so many stages.
    pub const fn begin(stages: usize) -> Self {
        Self {
            stages,
            phase: ApprovalPhase::Waiting { stage: 0 },
        }
    }

    /// Where it stands.
    pub const fn phase(&self) -> ApprovalPhase {
        self.phase
    }

    /// The stage at which a decision is asked for.
    pub const fn stage(&self) -> Option<usize> {
        match self.phase {
            ApprovalPhase::Waiting { stage } => Some(stage),
            ApprovalPhase::Approved
            | ApprovalPhase::Returned
            | ApprovalPhase::PulledBack
            | ApprovalPhase::Replaced
            | ApprovalPhase::Filed { .. } => None,
        }
    }

    /// Passes the stage.
    pub fn approve(self) -> Result<Self, ApprovalRefusal> {
        let Some(stage) = self.stage() else {
            return Err(self.refuse(ApprovalStepKind::Approved));
        };
        let next = stage.saturating_add(1);
        let phase = if next < self.stages {
            ApprovalPhase::Waiting { stage: next }
        } else {
            ApprovalPhase::Approved
        };
        Ok(Self { phase, ..self })
    }

    /// Sends it back.
    pub fn give_back(self) -> Result<Self, ApprovalRefusal> {
        match self.stage() {
            Some(_) => Ok(self.to(ApprovalPhase::Returned)),
            None => Err(self.refuse(ApprovalStepKind::Returned)),
        }
    }

    /// Takes it back, also after it was approved and before it is filed.
    pub fn pull_back(self) -> Result<Self, ApprovalRefusal> {
        if self.is_open() {
            Ok(self.to(ApprovalPhase::PulledBack))
        } else {
            Err(self.refuse(ApprovalStepKind::PulledBack))
        }
    }

    /// Makes room for a newer request.
    pub fn replace(self) -> Result<Self, ApprovalRefusal> {
        if self.is_open() {
            Ok(self.to(ApprovalPhase::Replaced))
        } else {
            Err(self.refuse(ApprovalStepKind::Replaced))
        }
    }

    /// Notes that the approved document was filed.
    pub fn file(self, filing: FilingId) -> Result<Self, ApprovalRefusal> {
        if self.phase == ApprovalPhase::Approved {
            Ok(self.to(ApprovalPhase::Filed { filing }))
        } else {
            Err(self.refuse(ApprovalStepKind::Filed))
        }
    }

    /// Goes through what was done, in order.
    pub fn replay(stages: usize, steps: &[ApprovalStep]) -> Result<Self, ApprovalRefusal> {
        let mut procedure = Self::begin(stages);
        for step in steps {
            procedure = match (step.kind, step.filing) {
                (ApprovalStepKind::Approved, _) => procedure.approve()?,
                (ApprovalStepKind::Returned, _) => procedure.give_back()?,
                (ApprovalStepKind::PulledBack, _) => procedure.pull_back()?,
                (ApprovalStepKind::Replaced, _) => procedure.replace()?,
                (ApprovalStepKind::Filed, Some(filing)) => procedure.file(filing)?,
                (ApprovalStepKind::Filed, None) => {
                    return Err(procedure.refuse(ApprovalStepKind::Filed));
                }
                (ApprovalStepKind::Commented, _) => procedure,
            };
        }
        Ok(procedure)
    }

    /// Whether it can still lead to a filing.
    pub const fn is_open(&self) -> bool {
        match self.phase {
            ApprovalPhase::Waiting { .. } | ApprovalPhase::Approved => true,
            ApprovalPhase::Returned
            | ApprovalPhase::PulledBack
            | ApprovalPhase::Replaced
            | ApprovalPhase::Filed { .. } => false,
        }
    }

    const fn to(self, phase: ApprovalPhase) -> Self {
        Self { phase, ..self }
    }

    const fn refuse(self, step: ApprovalStepKind) -> ApprovalRefusal {
        ApprovalRefusal {
            phase: self.phase.code(),
            step,
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::{FilingId, IdSource, SeededIds};

    use super::{ApprovalPhase, Procedure};

    fn filing() -> FilingId {
        let ids: &(dyn IdSource + 'static) = &SeededIds::new(1);
        ids.next()
    }

    #[test]
    fn every_stage_is_passed_before_anything_is_filed() {
        let begun = Procedure::begin(2);
        assert!(begun.file(filing()).is_err());
        let second = begun.approve().unwrap();
        assert_eq!(second.phase(), ApprovalPhase::Waiting { stage: 1 });
        assert!(second.file(filing()).is_err());
        let approved = second.approve().unwrap();
        assert_eq!(approved.phase(), ApprovalPhase::Approved);
        assert!(approved.approve().is_err());
        let filed = approved.file(filing()).unwrap();
        assert!(
            filed.file(filing()).is_err(),
            "what was approved is filed once"
        );
    }

    #[test]
    fn what_was_sent_back_or_taken_back_leads_nowhere() {
        for over in [
            Procedure::begin(1).give_back().unwrap(),
            Procedure::begin(1).pull_back().unwrap(),
            Procedure::begin(1).approve().unwrap().pull_back().unwrap(),
            Procedure::begin(1).replace().unwrap(),
        ] {
            assert!(!over.is_open());
            assert!(over.approve().is_err());
            assert!(over.give_back().is_err());
            assert!(over.pull_back().is_err());
            assert!(over.file(filing()).is_err());
        }
    }
}
