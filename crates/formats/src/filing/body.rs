use ids::FilingKind;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::head::Head;
use super::incident::{CorrectionBody, IncidentBody, Report, WithdrawalBody};
use super::notification::NotificationBody;
use super::{FilingError, FilingErrorKind, MAX_BYTES};
use crate::forms::FormKind;
use crate::node::{Node, read_strict};

/// The body of a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Act Art. 4.
    Notification(NotificationBody),
    /// Act Art. 5, at any stage.
    Incident(IncidentBody),
    /// Correction of a report.
    Correction(CorrectionBody),
    /// Withdrawal of a report.
    Withdrawal(WithdrawalBody),
}

impl Body {
    /// What every body begins with.
    pub const fn head(&self) -> &Head {
        match self {
            Self::Notification(body) => &body.head,
            Self::Incident(body) => &body.head,
            Self::Correction(body) => &body.head,
            Self::Withdrawal(body) => &body.head,
        }
    }

    /// The form that it is written on; a withdrawal is written on none.
    pub const fn form_kind(&self) -> Option<FormKind> {
        match self.head().kind {
            FilingKind::AssetNotification => Some(FormKind::AssetNotification),
            FilingKind::AssetChange | FilingKind::AssetRetirement => Some(FormKind::AssetChange),
            FilingKind::IncidentPrompt
            | FilingKind::IncidentUpdate
            | FilingKind::IncidentFull
            | FilingKind::IncidentCorrection => Some(FormKind::Incident),
            FilingKind::IncidentWithdrawal => None,
        }
    }

    /// The report of a prompt, update, full or corrected one.
    pub const fn report(&self) -> Option<&Report> {
        match self {
            Self::Incident(body) => Some(&body.report),
            Self::Correction(body) => Some(&body.report),
            Self::Notification(_) | Self::Withdrawal(_) => None,
        }
    }

    /// The body as JSON without floats and nulls, ready for canonical writing (RFC 8785).
    pub fn to_value(&self) -> Value {
        match self {
            Self::Notification(body) => body.to_value(),
            Self::Incident(body) => body.to_value(),
            Self::Correction(body) => body.to_value(),
            Self::Withdrawal(body) => body.to_value(),
        }
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

/// Reads a body from untrusted octets.
///
/// The structure and every value are checked, not whether the answers may be filed: that is
/// [`crate::answers::check`] with the form of [`Head::form_version`].
pub fn parse(bytes: &[u8]) -> Result<Body, FilingError> {
    from_value(&read_strict(bytes, MAX_BYTES)?)
}

/// Reads a body from JSON that was read before; duplicates and floats cannot be found any more.
pub fn from_value(value: &Value) -> Result<Body, FilingError> {
    let root = Node::root(value);
    let mut body = root.object()?;
    let head = Head::read(&mut body)?;
    match head.kind {
        FilingKind::AssetNotification | FilingKind::AssetChange | FilingKind::AssetRetirement => {
            NotificationBody::read(head, body).map(Body::Notification)
        }
        FilingKind::IncidentPrompt | FilingKind::IncidentUpdate | FilingKind::IncidentFull => {
            IncidentBody::read(head, body).map(Body::Incident)
        }
        FilingKind::IncidentCorrection => CorrectionBody::read(head, body).map(Body::Correction),
        FilingKind::IncidentWithdrawal => WithdrawalBody::read(head, body).map(Body::Withdrawal),
    }
}

impl FilingError {
    /// The stable text that names the error to people and programs.
    pub const fn code(&self) -> &'static str {
        match self.kind {
            FilingErrorKind::Value(code) => code,
            kind => kind.code(),
        }
    }
}
