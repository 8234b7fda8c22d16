use app::documents::archive::{ArchiveError, Archiver};
use app::mail::{Letter, Mail, MailFailure, Mailer, Posted};

/// Packs the names of files and writes the text of mails; each mail lies in a folder at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlainPost;

impl Archiver for PlainPost {
    fn lock(&self, files: &[(String, Vec<u8>)], _password: &str) -> Result<Vec<u8>, ArchiveError> {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        Ok(names.join(" ").into_bytes())
    }
}

impl Mailer for PlainPost {
    fn write(&self, mail: &Mail) -> Result<Letter, MailFailure> {
        Ok(Letter {
            id: mail.id,
            to: mail.to.clone(),
            octets: mail.text.clone().into_bytes(),
        })
    }

    fn post(&self, _letter: &Letter) -> Result<Posted, MailFailure> {
        Ok(Posted::Folder)
    }
}
