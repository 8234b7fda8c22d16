//! The way by which mail leaves; what it says is made by whoever sends it.

use jiff::Timestamp;
use model::reminders::MailAddress;
use thiserror::Error;

/// A mail about to be sent. `Debug` shows neither address nor text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names it in its header (`Message-ID`) and among files: the same mail tried twice is one mail to whoever receives it.
    pub id: uuid::Uuid,
    /// Where to.
    pub to: MailAddress,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Its date.
    pub at: Timestamp,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why a mail did not leave this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MailFailure {
    /// The server does not answer, or asks to come again.
    #[error("the mail server cannot be reached")]
    Unreachable,
    /// The server refuses this mail; trying again will not help by itself.
    #[error("the mail server refused the mail")]
    Refused,
    /// The folder cannot be written.
    #[error("the folder of outgoing mail cannot be written")]
    Folder,
}

impl MailFailure {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Folder => "folder",
        }
    }
}

/// Sends mail: to a server, or into a folder from which another program takes it. May block; it is called on a thread for that.
pub trait Mailer: Send + Sync {
    /// Sends one mail.
    fn send(&self, mail: &Mail) -> Result<(), MailFailure>;
}
