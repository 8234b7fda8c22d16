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
    /// Who is behind it.
    pub origin: MailOrigin,
    /// Files that travel with it.
    pub attachments: Vec<MailAttachment>,
}

/// Who is behind a mail: other programs answer those of people only (RFC 3834).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOrigin {
    /// The program made it by itself.
    Program,
    /// A person had it sent.
    Person,
}

/// A file that travels with a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAttachment {
    /// Its name, which is readable on the way.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its octets.
    pub content: Vec<u8>,
}

/// A mail as it travels (RFC 5322). Posted twice it is the same, octet by octet.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// As [`Mail::id`].
    pub id: uuid::Uuid,
    /// Where to.
    pub to: MailAddress,
    /// Header and body.
    pub octets: Vec<u8>,
}

/// Where a letter went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// A mail server took it.
    Server,
    /// It lies in the folder; whether it left from there is not known here.
    Folder,
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
    /// Writes a mail down as it will travel.
    ///
    /// # Errors
    /// [`MailFailure::Refused`] for what cannot be written as a mail.
    fn write(&self, mail: &Mail) -> Result<Letter, MailFailure>;

    /// Sends what was written down.
    ///
    /// # Errors
    /// [`MailFailure`].
    fn post(&self, letter: &Letter) -> Result<Posted, MailFailure>;

    /// Sends one mail.
    ///
    /// # Errors
    /// [`MailFailure`].
    fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        self.post(&self.write(mail)?).map(drop)
    }
}
