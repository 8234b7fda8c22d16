use ledger::ReceiptError;
use policy::Denied;
use statute::{AddresseeRefusal, BasisRefusal};
use store::{ObjectError, StoreError};
use thiserror::Error;

/// Logs a failure of a background task with its whole chain, once.
pub(crate) fn report_failure(task: &'static str, error: &AppError) {
    let error: &dyn std::error::Error = error;
    tracing::error!(task, error, "background task failed");
}

/// What is wrong with one field of what was sent. Carries no text from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Path or name of the field; empty for the whole.
    pub field: String,
    /// Stable code, also the key of the message.
    pub code: &'static str,
}

impl FieldProblem {
    /// A problem of a named field.
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
        }
    }
}

/// Why a use case did not do what was asked, by what the caller can do about it.
#[derive(Debug, Error)]
pub enum AppError {
    /// No valid credentials.
    #[error("not logged in")]
    Unauthenticated,
    /// Known, but may not do this.
    #[error("not allowed")]
    Forbidden,
    /// The second factor must be shown again.
    #[error("the second factor is asked for")]
    StepUpRequired,
    /// Absent, or the caller may not know that it exists.
    #[error("not found")]
    NotFound,
    /// Fields are missing or wrong.
    #[error("fields are missing or wrong")]
    Invalid(Vec<FieldProblem>),
    /// Right as such, but not in the present state. The code says what to do.
    #[error("not possible now ({0})")]
    Conflict(&'static str),
    /// Someone else changed it meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// Larger than the limit. The code names the limit.
    #[error("too large ({0})")]
    TooLarge(&'static str),
    /// The folder of advisories, or a file in it, cannot be read.
    #[error("the folder of advisories cannot be read")]
    Folder(#[source] std::io::Error),
    /// Too many attempts; wait this many seconds.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after_secs: u64,
    },
    /// The legal basis is not in force.
    #[error("the legal basis is not in force")]
    NotInForce(#[source] BasisRefusal),
    /// The rule book does not say to whom it goes.
    #[error("the addressees are not known")]
    Addressees(#[source] AddresseeRefusal),
    /// An authority that the law names is not set up on this instance.
    #[error("the desk {code} is not set up on this instance")]
    DeskMissing {
        /// Code of the desk in the rule book.
        code: String,
    },
    /// A file that belongs to a filing is missing or altered: the filing is refused.
    #[error("an attachment cannot be read")]
    Attachment(#[source] ObjectError),
    /// The disk is full.
    #[error("no space is left")]
    StorageFull(#[source] ObjectError),
    /// The database failed.
    #[error("the database failed")]
    Store(#[source] StoreError),
    /// A log failed.
    #[error("the log failed")]
    Log(#[source] crate::logs::LogError),
    /// A receipt could not be put together.
    #[error("the receipt could not be put together")]
    Receipt(#[source] ReceiptError),
    /// A document was not printed.
    #[error("not printed")]
    Print(#[source] crate::documents::page::PrintError),
    /// The program is wrong. Counted and alerted.
    #[error("internal error: {0}")]
    Bug(&'static str),
}

impl AppError {
    /// One field is wrong.
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, code)])
    }

    /// Stable code, sent in problem documents and used as message key.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::StepUpRequired => "step_up_required",
            Self::NotFound => "not_found",
            Self::Invalid(_) => "invalid",
            Self::Conflict(code) | Self::TooLarge(code) => code,
            Self::Stale => "stale",
            Self::TooMany { .. } => "too_many",
            Self::NotInForce(refusal) => refusal.code(),
            Self::Addressees(refusal) => refusal.code(),
            Self::DeskMissing { .. } => "desk_missing",
            Self::Attachment(_) => "attachment_missing",
            Self::StorageFull(_) => "storage_full",
            Self::Store(_) => "unavailable",
            Self::Print(error) => error.code(),
            Self::Folder(_) | Self::Log(_) | Self::Receipt(_) | Self::Bug(_) => "internal",
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { .. } => Self::Stale,
            StoreError::Database { .. }
            | StoreError::Taken { .. }
            | StoreError::CorruptRow { .. }
            | StoreError::Migration(_)
            | StoreError::SchemaUnknown
            | StoreError::Address => Self::Store(error),
        }
    }
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::Forbidden => Self::Forbidden,
            Denied::StepUpRequired => Self::StepUpRequired,
        }
    }
}

impl From<ObjectError> for AppError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::Full(_) => Self::StorageFull(error),
            ObjectError::Missing | ObjectError::Altered | ObjectError::Io { .. } => {
                Self::Attachment(error)
            }
        }
    }
}
