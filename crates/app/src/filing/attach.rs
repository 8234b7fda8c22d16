use ids::{Digest, OrganisationId};
use policy::{Action, Actor, Resource};

use crate::error::AppError;
use crate::instance::App;

/// A file as it came in.
#[derive(Clone)]
pub struct AttachmentUpload {
    /// Content.
    pub content: Vec<u8>,
    /// What the sender says it is, if anything.
    pub claimed_type: Option<String>,
}

impl std::fmt::Debug for AttachmentUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttachmentUpload")
            .field("octets", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// A file that is kept and can now be named by a draft or filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUpload {
    /// SHA-256 over the content.
    pub digest: Digest,
    /// Octets.
    pub size: u64,
    /// Media type found by looking at the content.
    pub media_type: &'static str,
}

impl App {
    /// Keeps a file for later filing.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] above the limit; [`AppError::Invalid`] for an empty file or one that is not what it
    /// says; [`AppError::StorageFull`].
    pub async fn store_attachment(
        &self,
        actor: &Actor,
        owner: OrganisationId,
        upload: AttachmentUpload,
    ) -> Result<StoredUpload, AppError> {
        self.may_attach(actor, owner)?;
        self.keep_upload(actor, owner, upload).await
    }

    /// As [`App::store_attachment`], for whoever was asked already.
    pub(crate) async fn keep_upload(
        &self,
        actor: &Actor,
        owner: OrganisationId,
        upload: AttachmentUpload,
    ) -> Result<StoredUpload, AppError> {
        let size = u64::try_from(upload.content.len()).unwrap_or(u64::MAX);
        if self.config().limits.attachment_bytes < size {
            return Err(AppError::TooLarge("attachment_too_large"));
        }
        if size == 0 {
            return Err(AppError::field("attachment", "attachment_empty"));
        }
        let media_type = sniff(&upload.content);
        if let Some(claimed) = upload.claimed_type.as_deref()
            && !agrees(claimed, media_type)
        {
            return Err(AppError::field("attachment", "attachment_other_type"));
        }
        let digest = self.objects().put(&upload.content).await?;
        let mut tx = self.store().begin("attachment.store").await?;
        tx.insert_object(digest, size, media_type, actor.person, owner, self.now())
            .await?;
        tx.commit().await?;
        Ok(StoredUpload {
            digest,
            size,
            media_type,
        })
    }

    fn may_attach(&self, actor: &Actor, owner: OrganisationId) -> Result<(), AppError> {
        // Whoever may work on the register or on cases of the owner may add files; nothing official happens yet.
        let register = Resource::Register { owner };
        let case = Resource::Case {
            id: self.ids().next(),
            owner,
        };
        if self.policy().may(actor, Action::EditRegister, &register)
            || self.policy().may(actor, Action::EditCase, &case)
            || self.policy().may(actor, Action::FileReport, &case)
        {
            return Ok(());
        }
        Err(AppError::NotFound)
    }
}

/// What a content is, by its first octets; never by its name.
pub(crate) fn sniff(content: &[u8]) -> &'static str {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"\x0a\x0d\x0d\x0a", "application/x-pcapng"),
        (b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
        (b"\xa1\xb2\xc3\xd4", "application/vnd.tcpdump.pcap"),
        (b"MZ", "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF", "application/x-executable"),
    ];
    for (magic, media_type) in MAGIC {
        if content.starts_with(magic) {
            return media_type;
        }
    }
    match std::str::from_utf8(content) {
        Ok(text) if !text.contains('\0') => "text/plain",
        Ok(_) | Err(_) => "application/octet-stream",
    }
}

/// Whether what the sender says can be true of what was found.
fn agrees(claimed: &str, found: &str) -> bool {
    let claimed = claimed
        .split(';')
        .next()
        .unwrap_or(claimed)
        .trim()
        .to_ascii_lowercase();
    if claimed.is_empty() || claimed == "application/octet-stream" || claimed == found {
        return true;
    }
    match found {
        // Office documents and archives are ZIP files; text has many names.
        "application/zip" => {
            claimed.starts_with("application/vnd.openxmlformats")
                || claimed.starts_with("application/vnd.oasis")
                || claimed.contains("zip")
        }
        "text/plain" => {
            claimed.starts_with("text/")
                || claimed.contains("json")
                || claimed.contains("xml")
                || claimed.contains("csv")
        }
        // Text in an older encoding, and formats we do not know, are taken as they are unless they claim to be one
        // of the formats we would have recognised.
        "application/octet-stream" => {
            !matches!(
                claimed.as_str(),
                "application/pdf"
                    | "image/png"
                    | "image/jpeg"
                    | "image/gif"
                    | "application/zip"
                    | "application/gzip"
            ) && !claimed.contains("openxmlformats")
        }
        "application/gzip" => claimed.contains("gzip"),
        "application/vnd.tcpdump.pcap" | "application/x-pcapng" => claimed.contains("pcap"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{agrees, sniff};

    #[test]
    fn a_file_is_known_by_its_content_not_by_what_it_says() {
        assert_eq!(sniff(b"%PDF-1.7 ..."), "application/pdf");
        assert_eq!(sniff("ログ".as_bytes()), "text/plain");
        assert_eq!(
            sniff(b"MZ\x90\x00"),
            "application/vnd.microsoft.portable-executable"
        );
        assert!(!agrees("application/pdf", sniff(b"MZ\x90\x00")));
        assert!(!agrees("image/png", sniff(b"%PDF-1.7")));
        assert!(agrees("text/csv", sniff(b"a,b\n1,2\n")));
        assert!(agrees(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            sniff(b"PK\x03\x04....")
        ));
    }
}
