use std::time::SystemTime;

use app::mail::{Letter, Mail, MailAttachment, MailFailure, MailOrigin};
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

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

    /// Writes a mail with its header (RFC 5322). No other program is to answer what a program wrote (RFC 3834).
    pub(crate) fn write(&self, mail: &Mail) -> Result<Letter, MailFailure> {
        let to = address(mail.to.as_str())?;
        let domain = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(SystemTime::from(mail.at))
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .subject(mail.subject.clone());
        match mail.origin {
            MailOrigin::Program => {
                builder = builder.raw_header(HeaderValue::new(
                    HeaderName::new_from_ascii_str("Auto-Submitted"),
                    "auto-generated".to_owned(),
                ));
            }
            MailOrigin::Person => {}
        }
        let message = if mail.attachments.is_empty() {
            builder
                .header(ContentType::TEXT_PLAIN)
                .body(mail.text.clone())
        } else {
            let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(mail.text.clone()));
            for attachment in &mail.attachments {
                parts = parts.singlepart(attached(attachment)?);
            }
            builder.multipart(parts)
        };
        let message = message.map_err(|_| MailFailure::Refused)?;
        Ok(Letter {
            id: mail.id,
            to: mail.to.clone(),
            octets: message.formatted(),
        })
    }

    /// What stands on the envelope of a letter (RFC 5321).
    pub(crate) fn envelope(&self, letter: &Letter) -> Result<Envelope, MailFailure> {
        let to = address(letter.to.as_str())?;
        Envelope::new(Some(self.from.email.clone()), vec![to]).map_err(|_| MailFailure::Refused)
    }
}

fn address(text: &str) -> Result<Address, MailFailure> {
    text.parse().map_err(|_| MailFailure::Refused)
}

fn attached(attachment: &MailAttachment) -> Result<SinglePart, MailFailure> {
    let media_type = ContentType::parse(attachment.media_type).map_err(|_| MailFailure::Refused)?;
    Ok(Attachment::new(attachment.name.clone()).body(attachment.content.clone(), media_type))
}
