use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Limits of what comes in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Octets of one attachment.
    pub attachment_bytes: u64,
    /// Attachments of one filing.
    pub attachments_per_filing: u32,
    /// Octets of the body of any other request.
    pub body_bytes: u64,
    /// Rows of one notification; at most [`Limits::MAX_NOTIFICATION_ROWS`].
    pub notification_rows: u32,
    /// Entries of one page of a list at most.
    pub page_entries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attachment_bytes: 20 * 1024 * 1024,
            attachments_per_filing: 20,
            body_bytes: 2 * 1024 * 1024,
            notification_rows: 10_000,
            page_entries: 200,
        }
    }
}

impl Limits {
    /// Most rows of a notification that the format of filings can hold.
    pub const MAX_NOTIFICATION_ROWS: u32 = 10_000;

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1024..=1024 * 1024 * 1024).contains(&self.attachment_bytes),
            "limits.attachment_bytes",
            "use 1 KiB to 1 GiB",
        )?;
        require(
            (1..=100).contains(&self.attachments_per_filing),
            "limits.attachments_per_filing",
            "use 1 to 100",
        )?;
        require(
            (64 * 1024..=64 * 1024 * 1024).contains(&self.body_bytes),
            "limits.body_bytes",
            "use 64 KiB to 64 MiB",
        )?;
        require(
            (1..=Self::MAX_NOTIFICATION_ROWS).contains(&self.notification_rows),
            "limits.notification_rows",
            "use 1 to 10000",
        )?;
        require(
            (10..=1000).contains(&self.page_entries),
            "limits.page_entries",
            "use 10 to 1000",
        )
    }
}
