use std::time::SystemTime;

use app::mail::{Mail, MailFailure};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};

use crate::MailerError;

/// What stands on every mail of an instance.
pub(crate) struct Letterhead {
    from: Mailbox,
}

impl Letterhead {
    pub(crate) fn new(from: &str) -> Result<Self, MailerError> {
        let from = from.parse().map_err(MailerError::From)?;
        Ok(Self {
            from: Mailbox::new(None, from),
        })
    }

    /// Writes a mail with its header (RFC 5322). No other program is to answer it (RFC 3834).
    pub(crate) fn write(&self, mail: &Mail) -> Result<Message, MailFailure> {
        let to = mail.to.as_str().parse().map_err(|_| MailFailure::Refused)?;
        let domain = self.from.email.domain();
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(SystemTime::from(mail.at))
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .subject(mail.subject.clone())
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|_| MailFailure::Refused)
    }
}
