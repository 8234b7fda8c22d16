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
    Assurance, CodeError, DeliveryState, DirectiveDuty, DirectiveKind, DirectiveOutcome,
    FilingKind, OrganisationKind, Role, TokenScope,
};
pub use digest::{Digest, DigestError};
pub use id::{Id, IdError, IdKind};
pub use kinds::{
    AdvisoryCandidateId, AdvisoryFileId, AdvisoryId, ApiTokenId, ApprovalId, ApprovalRouteId,
    ApprovalStepId, AssignmentId, AwarenessId, CaseId, ComputerId, CorrectionId, DecisionId,
    DelegationId, DeliveryId, DeputyId, DirectiveId, DirectiveReplyId, DraftId, EntryId,
    FacilityId, FilingId, FormalCheckId, ForwardingId, ImportId, JobId, LeafId, LearnedNameId,
    LimitChangeId, NoticeId, OrganisationId, PersonId, ReconciliationTaskId, ReminderMailId,
    RevisionId, RulePackId, SavedFilterId, SessionId, SubmissionEventId, SubmissionId, TransferId,
};
pub use number::{NumberError, ReceiptNumber};
pub use source::{IdSource, SeededIds};
