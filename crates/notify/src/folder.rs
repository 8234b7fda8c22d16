use std::io::Write as _;
use std::path::{Path, PathBuf};

use app::mail::{Letter, Mail, MailFailure, Mailer, Posted};

use crate::MailerError;
use crate::letter::Letterhead;

/// A folder into which mails are written, one file each, for another program to take.
pub(crate) struct Folder {
    path: PathBuf,
    head: Letterhead,
}

impl Folder {
    pub(crate) fn open(path: &Path, head: Letterhead) -> Result<Self, MailerError> {
        std::fs::create_dir_all(path).map_err(MailerError::Folder)?;
        Ok(Self {
            path: path.to_owned(),
            head,
        })
    }

    /// Under another name first, so that whoever takes mails sees whole ones only.
    fn put(&self, name: &str, octets: &[u8]) -> std::io::Result<()> {
        let unfinished = self.path.join(format!("{name}.part"));
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(octets)?;
        file.sync_all()?;
        std::fs::rename(unfinished, self.path.join(name))
    }
}

impl Mailer for Folder {
    fn write(&self, mail: &Mail) -> Result<Letter, MailFailure> {
        self.head.write(mail)
    }

    fn post(&self, letter: &Letter) -> Result<Posted, MailFailure> {
        self.put(&format!("{}.eml", letter.id), &letter.octets)
            .map_err(|_| MailFailure::Folder)?;
        Ok(Posted::Folder)
    }
}
