use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Reminders of what is due.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reminders {
    /// A plan in place of that of the program: when whom to remind, and what a mail says.
    pub plan: Option<PathBuf>,
    /// How often it is looked at what has come up.
    pub check_secs: u64,
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            plan: None,
            check_secs: 60,
        }
    }
}

impl Reminders {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1..=3_600).contains(&self.check_secs),
            "reminders.check_secs",
            "use 1 to 3600",
        )
    }
}

/// How mail leaves; without a folder and a server none does.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// A folder into which mails are written, for another program to take.
    pub folder: Option<PathBuf>,
    /// Name of the mail server (SMTP).
    pub server: Option<String>,
    /// Its port.
    pub port: u16,
    /// Whether the connection is encrypted, and from when on.
    pub security: MailSecurity,
    /// Who logs in there; nobody where it is absent.
    pub login: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Address of the sender.
    pub from: String,
    /// How long an attempt may take.
    pub timeout_secs: u64,
}

/// When the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// From the first octet on (port 465).
    Tls,
    /// After STARTTLS, which must be offered (port 587).
    StartTls,
    /// Never; for a server on the same machine.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            folder: None,
            server: None,
            port: 587,
            security: MailSecurity::StartTls,
            login: None,
            password_file: None,
            from: String::new(),
            timeout_secs: 20,
        }
    }
}

impl Mail {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            self.folder.is_none() || self.server.is_none(),
            "mail.folder",
            "use a folder or a server, not both",
        )?;
        let sends = self.folder.is_some() || self.server.is_some();
        require(
            !sends || self.from.contains('@'),
            "mail.from",
            "mail needs the address of a sender",
        )?;
        require(
            self.login.is_some() == self.password_file.is_some(),
            "mail.login",
            "a login and a password file belong together",
        )?;
        require(
            (1..=120).contains(&self.timeout_secs),
            "mail.timeout_secs",
            "use 1 to 120",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Mail, Reminders};

    #[test]
    fn mail_goes_one_way_and_has_a_sender() {
        let mut mail = Mail {
            folder: Some("out".into()),
            ..Mail::default()
        };
        assert!(mail.check().is_err());
        mail.from = "noroshi@example.jp".to_owned();
        assert!(mail.check().is_ok());
        mail.server = Some("mail.example.jp".to_owned());
        assert!(mail.check().is_err());
        assert!(Mail::default().check().is_ok());
        assert!(Reminders::default().check().is_ok());
    }
}
