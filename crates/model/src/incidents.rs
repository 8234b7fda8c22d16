//! Incident cases (Act Art. 5, Order Art. 4): awareness, clocks, stages of the report, decisions.

mod awareness;
mod case;
mod clock;
mod decision;
mod lateness;
mod phase;

pub use awareness::{
    Amends, Awareness, AwarenessError, AwarenessKind, AwarenessLog, NewAwareness, Precision,
};
pub use case::{Case, CaseError, CaseFiling, CaseParts, Judgement};
pub use clock::{Clock, ClockState, clocks, leading_clock};
pub use decision::{DecisionNotToReport, RecheckState};
pub use lateness::{Lateness, lateness};
pub use phase::{CasePhase, CaseStep, Filed, TransitionError, WithdrawalReason, Withdrawn};
