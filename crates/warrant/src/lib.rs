#![doc = include_str!("../README.md")]

mod codes;
mod counts;
mod digest;
mod keys;
mod names;
mod restore;
mod revocation;
mod rules;
mod signed;
mod statement;
mod terms;
#[cfg(test)]
mod testing;
mod trust;
mod watch;

pub use codes::{CriterionKind, Direction, DropReason, InformationKind, LossReason, MeasureKind};
pub use counts::{Counts, Imbalance, Tally};
pub use keys::{PublicKey, PublicKeyError};
pub use names::{
    CriteriaDigest, CriterionId, EquipmentId, LineId, MeasureId, NameError, PrefixTableDigest,
    RunId,
};
pub use restore::RestoreOrder;
pub use revocation::{Revocation, RevocationFound};
pub use rules::{Masking, RuleRefusal, masking};
pub use signed::{Admission, Refusal, Request, Source, Warrant, warrant_text};
pub use statement::{
    ChainError, ChainReport, DestroyedSegment, ExpiryStatement, RestoreStatement, RunReport,
    RunStatement, Says, SealedSegment, Statement, StatementError, verify_chain,
};
pub use terms::{Conditions, Terms, TermsError, TimeRule, TunnelRule};
pub use trust::{Purpose, Trust, TrustError};
pub use watch::{StopReason, Watch};
