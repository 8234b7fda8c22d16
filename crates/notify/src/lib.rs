#![doc = include_str!("../README.md")]

mod folder;
mod letter;
mod server;

use std::sync::Arc;

use app::mail::Mailer;
use config::Mail as Settings;
use thiserror::Error;

use crate::folder::Folder;
use crate::letter::Letterhead;
use crate::server::Server;

/// Why the settings give no way for mail.
#[derive(Debug, Error)]
pub enum MailerError {
    /// The sender is no address.
    #[error("mail.from is no address of electronic mail")]
    From(#[source] lettre::address::AddressError),
    /// The folder cannot be made.
    #[error("mail.folder cannot be used")]
    Folder(#[source] std::io::Error),
    /// The name of the server cannot be used.
    #[error("mail.server cannot be used")]
    Server(#[source] lettre::transport::smtp::Error),
    /// The file with the password cannot be read.
    #[error("mail.password_file cannot be read")]
    Password(#[source] std::io::Error),
}

/// The way for mail that the settings name, if they name one.
///
/// # Errors
/// [`MailerError`] naming the setting that is wrong.
pub fn mailer(settings: &Settings) -> Result<Option<Arc<dyn Mailer>>, MailerError> {
    if let Some(folder) = &settings.folder {
        let head = Letterhead::new(&settings.from)?;
        return Ok(Some(Arc::new(Folder::open(folder, head)?)));
    }
    if let Some(server) = &settings.server {
        let head = Letterhead::new(&settings.from)?;
        return Ok(Some(Arc::new(Server::new(server, settings, head)?)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
