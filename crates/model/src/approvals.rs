//! 決裁: the way of a document inside an organisation, from the request for approval to the filing.
//!
//! The Act speaks of the operator only; how its people share the work is *Derived* and is the operator's own choice.

mod procedure;
mod route;

pub use procedure::{
    ApprovalPhase, ApprovalRefusal, ApprovalStep, ApprovalStepKind, Procedure, Purpose,
};
pub use route::{MAX_STAGES, Route, RouteError, Separation, Stage};
