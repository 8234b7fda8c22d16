//! Bodies of filings: the JSON that is signed, kept and shown, and reading it from untrusted octets.

mod answers;
mod body;
mod changes;
mod head;
mod incident;
mod notification;

use thiserror::Error;

pub use answers::{answer_from_value, answer_value};
pub use body::{Body, from_value, parse};
pub use changes::{Change, changes};
pub use head::{FORMAT, Head, OperatorOutline};
pub use incident::{
    AttachmentRef, CorrectionBody, IncidentBody, Report, ReportedAwareness, WithdrawalBody,
};
pub use notification::{ChangeRow, EndRow, NotificationBody, NotificationRow, Rows};

/// Most octets of one body: a notification of [`MAX_ROWS`] changes whose items are as long as they may be.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most computers of a notification that can be read. How many may be filed at once is the setting
/// `limits.notification_rows`, which is never larger.
pub const MAX_ROWS: usize = 10_000;
/// Most records of awareness in one report.
pub const MAX_AWARENESS: usize = 100;
/// Most attachments of one report.
pub const MAX_ATTACHMENTS: usize = 100;
/// Most answers of one report.
pub const MAX_ANSWERS: usize = 300;

/// Says where a body is wrong, and how. Carries nothing of its content.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("filing is wrong at `{path}`: {kind}")]
pub struct FilingError {
    /// JSON Pointer (RFC 6901); empty for the whole.
    pub path: String,
    /// What is wrong.
    pub kind: FilingErrorKind,
}

/// What is wrong with a body.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FilingErrorKind {
    /// More octets than [`MAX_BYTES`].
    #[error("too large")]
    TooLarge,
    /// Not JSON (RFC 8259).
    #[error("not JSON")]
    Syntax,
    /// Nested too deeply.
    #[error("nested too deeply")]
    TooDeep,
    /// Too many elements.
    #[error("too many elements")]
    TooMany,
    /// A number with a fraction or exponent; canonical bodies have integers only.
    #[error("a floating-point number")]
    Float,
    /// A null; what has no value is left out.
    #[error("a null")]
    Null,
    /// A key twice in one object.
    #[error("a key twice")]
    Duplicate,
    /// A field that must be there.
    #[error("missing")]
    Missing,
    /// A field that has no place there.
    #[error("unknown field")]
    UnknownField,
    /// Another JSON type than this.
    #[error("not of type {0}")]
    Type(&'static str),
    /// A value that its type refuses, with the code of the reason.
    #[error("refused: {0}")]
    Value(&'static str),
}

impl FilingErrorKind {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "filing.too_large",
            Self::Syntax => "filing.syntax",
            Self::TooDeep => "filing.too_deep",
            Self::TooMany => "filing.too_many",
            Self::Float => "filing.float",
            Self::Null => "filing.null",
            Self::Duplicate => "filing.duplicate",
            Self::Missing => "filing.missing",
            Self::UnknownField => "filing.unknown_field",
            Self::Type(_) => "filing.type",
            Self::Value(code) => code,
        }
    }
}
