use ids::{DecisionId, FilingId, stable_codes};
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

/// Where the report of a case stands: Act Art. 5, Order Art. 4(2).
///
/// Overdue and late are not phases: they are derived from the clocks at each look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CasePhase {
    /// Being looked at; nothing is filed.
    Open,
    /// 速報 is filed, with `updates` 続報 after it.
    PromptFiled { prompt: Filed, updates: u32 },
    /// 詳報 is filed, with `updates` 続報 in all.
    FullFiled {
        prompt: Option<Filed>,
        full: Filed,
        updates: u32,
    },
    /// After 詳報 the operator became aware of something more, which has a duty of its own.
    Extended { earlier_full: Filed, updates: u32 },
    /// 取下げ.
    Withdrawn(Withdrawn),
    /// Decided not to report; looked at again on a day.
    DecidedNotToReport {
        decision: DecisionId,
        at: Timestamp,
        recheck_on: Date,
    },
}

/// A filed document and when it was recorded on the authority's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The document.
    pub filing: FilingId,
    /// When it arrived.
    pub at: Timestamp,
}

/// A withdrawn report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// The withdrawal as filed.
    pub withdrawal: Filed,
    /// Why.
    pub reason: WithdrawalReason,
}

stable_codes! {
    /// Why a report is withdrawn (取下げ).
    pub enum WithdrawalReason {
        /// Found not to be an incident nor an event that may be its cause.
        NotReportable = "not_reportable",
        /// The same case was reported before.
        Duplicate = "duplicate",
        /// Filed by mistake.
        Mistake = "mistake",
    }
}

stable_codes! {
    /// What can be done with a case.
    pub enum CaseStep {
        /// File 速報.
        FilePrompt = "file_prompt",
        /// File 続報.
        FileUpdate = "file_update",
        /// File 詳報.
        FileFull = "file_full",
        /// File a correction (訂正).
        FileCorrection = "file_correction",
        /// File a withdrawal (取下げ).
        Withdraw = "withdraw",
        /// Decide not to report.
        DecideNotToReport = "decide_not_to_report",
        /// Take a decision not to report back.
        Reopen = "reopen",
        /// Record a further moment of awareness.
        RecordAwareness = "record_awareness",
    }
}

/// A step that the phase of a case does not allow.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a case in phase {phase} does not allow {step}")]
pub struct TransitionError {
    /// Code of the phase.
    pub phase: &'static str,
    /// What was tried.
    pub step: CaseStep,
}

impl CasePhase {
    /// Every phase's code, in the order of a usual case.
    pub const CODES: [&'static str; 6] = [
        "open",
        "prompt_filed",
        "full_filed",
        "extended",
        "withdrawn",
        "decided_not_to_report",
    ];

    /// The stable text stored and sent.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PromptFiled { .. } => "prompt_filed",
            Self::FullFiled { .. } => "full_filed",
            Self::Extended { .. } => "extended",
            Self::Withdrawn(_) => "withdrawn",
            Self::DecidedNotToReport { .. } => "decided_not_to_report",
        }
    }

    /// Files the prompt stage.
    pub fn file_prompt(self, prompt: Filed) -> Result<Self, TransitionError> {
        match self {
            Self::Open => Ok(Self::PromptFiled { prompt, updates: 0 }),
            Self::Extended { updates, .. } => Ok(Self::PromptFiled { prompt, updates }),
            Self::PromptFiled { .. }
            | Self::FullFiled { .. }
            | Self::Withdrawn(_)
            | Self::DecidedNotToReport { .. } => Err(self.refuse(CaseStep::FilePrompt)),
        }
    }

    /// Files an update; [`CasePhase::updates`] of the result is its number n (第n報).
    pub fn file_update(self) -> Result<Self, TransitionError> {
        match self {
            Self::PromptFiled { prompt, updates } => Ok(Self::PromptFiled {
                prompt,
                updates: updates.saturating_add(1),
            }),
            Self::FullFiled {
                prompt,
                full,
                updates,
            } => Ok(Self::FullFiled {
                prompt,
                full,
                updates: updates.saturating_add(1),
            }),
            Self::Extended {
                earlier_full,
                updates,
            } => Ok(Self::Extended {
                earlier_full,
                updates: updates.saturating_add(1),
            }),
            Self::Open | Self::Withdrawn(_) | Self::DecidedNotToReport { .. } => {
                Err(self.refuse(CaseStep::FileUpdate))
            }
        }
    }

    /// Files the full stage; it may come without a prompt stage before it.
    pub fn file_full(self, full: Filed) -> Result<Self, TransitionError> {
        match self {
            Self::Open => Ok(Self::FullFiled {
                prompt: None,
                full,
                updates: 0,
            }),
            Self::PromptFiled { prompt, updates } => Ok(Self::FullFiled {
                prompt: Some(prompt),
                full,
                updates,
            }),
            Self::Extended { updates, .. } => Ok(Self::FullFiled {
                prompt: None,
                full,
                updates,
            }),
            Self::FullFiled { .. } | Self::Withdrawn(_) | Self::DecidedNotToReport { .. } => {
                Err(self.refuse(CaseStep::FileFull))
            }
        }
    }

    /// Files a correction: a new version of what was filed, in the same phase.
    pub fn file_correction(self) -> Result<Self, TransitionError> {
        match self {
            Self::PromptFiled { .. } | Self::FullFiled { .. } | Self::Extended { .. } => Ok(self),
            Self::Open | Self::Withdrawn(_) | Self::DecidedNotToReport { .. } => {
                Err(self.refuse(CaseStep::FileCorrection))
            }
        }
    }

    /// Withdraws what was filed.
    pub fn withdraw(self, withdrawn: Withdrawn) -> Result<Self, TransitionError> {
        match self {
            Self::PromptFiled { .. } | Self::FullFiled { .. } | Self::Extended { .. } => {
                Ok(Self::Withdrawn(withdrawn))
            }
            Self::Open | Self::Withdrawn(_) | Self::DecidedNotToReport { .. } => {
                Err(self.refuse(CaseStep::Withdraw))
            }
        }
    }

    /// Decides not to report, while nothing is filed.
    pub fn decide_not_to_report(
        self,
        decision: DecisionId,
        at: Timestamp,
        recheck_on: Date,
    ) -> Result<Self, TransitionError> {
        match self {
            // A renewed decision takes the place of the one before; both stay in the register.
            Self::Open | Self::DecidedNotToReport { .. } => Ok(Self::DecidedNotToReport {
                decision,
                at,
                recheck_on,
            }),
            Self::PromptFiled { .. }
            | Self::FullFiled { .. }
            | Self::Extended { .. }
            | Self::Withdrawn(_) => Err(self.refuse(CaseStep::DecideNotToReport)),
        }
    }

    /// Takes a decision not to report back.
    pub fn reopen(self) -> Result<Self, TransitionError> {
        match self {
            Self::DecidedNotToReport { .. } => Ok(Self::Open),
            Self::Open
            | Self::PromptFiled { .. }
            | Self::FullFiled { .. }
            | Self::Extended { .. }
            | Self::Withdrawn(_) => Err(self.refuse(CaseStep::Reopen)),
        }
    }

    /// Notes a further moment of awareness, which has clocks of its own.
    pub fn record_awareness(self) -> Result<Self, TransitionError> {
        match self {
            Self::Open | Self::PromptFiled { .. } | Self::Extended { .. } => Ok(self),
            Self::FullFiled { full, updates, .. } => Ok(Self::Extended {
                earlier_full: full,
                updates,
            }),
            Self::DecidedNotToReport { .. } => Ok(Self::Open),
            Self::Withdrawn(_) => Err(self.refuse(CaseStep::RecordAwareness)),
        }
    }

    /// How many updates were filed so far.
    pub const fn updates(&self) -> u32 {
        match self {
            Self::PromptFiled { updates, .. }
            | Self::FullFiled { updates, .. }
            | Self::Extended { updates, .. } => *updates,
            Self::Open | Self::Withdrawn(_) | Self::DecidedNotToReport { .. } => 0,
        }
    }

    /// Whether `step` is possible now; for buttons, the transitions themselves decide.
    pub const fn allows(&self, step: CaseStep) -> bool {
        match (self, step) {
            (
                Self::Open,
                CaseStep::FilePrompt | CaseStep::FileFull | CaseStep::DecideNotToReport,
            )
            | (
                Self::PromptFiled { .. },
                CaseStep::FileUpdate
                | CaseStep::FileFull
                | CaseStep::FileCorrection
                | CaseStep::Withdraw,
            )
            | (
                Self::FullFiled { .. },
                CaseStep::FileUpdate | CaseStep::FileCorrection | CaseStep::Withdraw,
            )
            | (
                Self::Extended { .. },
                CaseStep::FilePrompt
                | CaseStep::FileUpdate
                | CaseStep::FileFull
                | CaseStep::FileCorrection
                | CaseStep::Withdraw,
            )
            | (Self::DecidedNotToReport { .. }, CaseStep::DecideNotToReport | CaseStep::Reopen)
            | (
                Self::Open
                | Self::PromptFiled { .. }
                | Self::FullFiled { .. }
                | Self::Extended { .. }
                | Self::DecidedNotToReport { .. },
                CaseStep::RecordAwareness,
            ) => true,
            (
                Self::Open
                | Self::PromptFiled { .. }
                | Self::FullFiled { .. }
                | Self::Extended { .. }
                | Self::Withdrawn(_)
                | Self::DecidedNotToReport { .. },
                CaseStep::FilePrompt
                | CaseStep::FileUpdate
                | CaseStep::FileFull
                | CaseStep::FileCorrection
                | CaseStep::Withdraw
                | CaseStep::DecideNotToReport
                | CaseStep::Reopen
                | CaseStep::RecordAwareness,
            ) => false,
        }
    }

    const fn refuse(&self, step: CaseStep) -> TransitionError {
        TransitionError {
            phase: self.code(),
            step,
        }
    }
}
