use std::time::Duration;

use app::mail::{Letter, Mail, MailFailure, Mailer, Posted};
use config::{Mail as Settings, MailSecurity};
use lettre::Transport as _;
use lettre::transport::smtp::SmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::response::Category;

use crate::MailerError;
use crate::letter::Letterhead;

/// A mail server (SMTP). Each mail is a connection of its own.
pub(crate) struct Server {
    transport: SmtpTransport,
    head: Letterhead,
}

impl Server {
    pub(crate) fn new(
        name: &str,
        settings: &Settings,
        head: Letterhead,
    ) -> Result<Self, MailerError> {
        let builder = match settings.security {
            MailSecurity::Tls => SmtpTransport::relay(name).map_err(MailerError::Server)?,
            MailSecurity::StartTls => {
                SmtpTransport::starttls_relay(name).map_err(MailerError::Server)?
            }
            MailSecurity::None => SmtpTransport::builder_dangerous(name),
        };
        let mut builder = builder
            .port(settings.port)
            .timeout(Some(Duration::from_secs(settings.timeout_secs)));
        if let (Some(login), Some(file)) = (&settings.login, &settings.password_file) {
            let password = std::fs::read_to_string(file).map_err(MailerError::Password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            builder = builder.credentials(Credentials::new(login.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            head,
        })
    }
}

impl Mailer for Server {
    fn write(&self, mail: &Mail) -> Result<Letter, MailFailure> {
        self.head.write(mail)
    }

    fn post(&self, letter: &Letter) -> Result<Posted, MailFailure> {
        let envelope = self.head.envelope(letter)?;
        match self.transport.send_raw(&envelope, &letter.octets) {
            Ok(_) => Ok(Posted::Server),
            // Only what the server says of the mail itself; a wrong password is mended and the mail waits for it.
            Err(error)
                if error.is_permanent()
                    && error
                        .status()
                        .is_some_and(|code| code.category == Category::MailSystem) =>
            {
                Err(MailFailure::Refused)
            }
            Err(_) => Err(MailFailure::Unreachable),
        }
    }
}
