#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub use serde as __serde;

mod codes;
mod digest;
mod id;
mod kinds;
mod number;
mod source;

pub use codes::{
    Assurance, CodeError, DeliveryState, FilingKind, OrganisationKind, Role, TokenScope,
};
pub use digest::{Digest, DigestError};
pub use id::{Id, IdError, IdKind};
pub use kinds::{
    ApiTokenId, ApprovalId, ApprovalRouteId, ApprovalStepId, AwarenessId, CaseId, ComputerId,
    CorrectionId, DecisionId, DelegationId, DeliveryId, DeputyId, DraftId, FacilityId, FilingId,
    FormalCheckId, ForwardingId, JobId, LeafId, LimitChangeId, OrganisationId, PersonId,
    RevisionId, RulePackId, SessionId,
};
pub use number::{NumberError, ReceiptNumber};
pub use source::{IdSource, SeededIds};
