use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use ids::FilingId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::connection::Connection;
use super::failure::Failure;
use super::output::{Format, Printer};

/// How often the server is asked for a receipt that no checkpoint covers yet; each time it waits two seconds itself.
const PATIENCE: u32 = 15;

/// What can be done with receipts.
#[derive(Debug, Subcommand)]
pub(crate) enum ReceiptCommand {
    /// Fetch the receipts of a filing, one file from each log.
    Get(GetArgs),
}

/// Arguments of `receipt get`.
#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// The filing.
    filing: FilingId,
    /// Folder for the files.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Deserialize)]
struct Receipts {
    items: Vec<Listed>,
}

/// What one log holds.
#[derive(Deserialize)]
struct Listed {
    log: String,
    state: String,
    proves: String,
    cosignatures: Option<u64>,
}

impl Listed {
    fn is_ready(&self) -> bool {
        self.state == "ready"
    }

    /// Name of the file; a code of a log has none of the signs of a path.
    fn file_name(&self, filing: FilingId) -> Result<String, Failure> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '~');
        if self.log.is_empty() || !self.log.chars().all(plain) {
            return Err(Failure::unable("the server named a log that is none"));
        }
        Ok(format!("receipt-{filing}-{}.json", self.log))
    }
}

impl ReceiptCommand {
    pub(super) fn format(&self) -> Format {
        match self {
            Self::Get(args) => args.format,
        }
    }
}

pub(super) fn run(
    command: &ReceiptCommand,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    let ReceiptCommand::Get(args) = command;
    let listed = ready(args.filing, server)?;
    fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    let mut files = Vec::new();
    let mut lines = Vec::new();
    for receipt in &listed {
        let path = args.out.join(receipt.file_name(args.filing)?);
        let address = format!("/filings/{}/receipts/{}", args.filing, receipt.log);
        // As it came, to the octet: this is what the verifier reads.
        write_whole(&path, &server.get_octets(&address)?)?;
        let cosignatures = receipt.cosignatures.unwrap_or(0);
        let witnessed = if cosignatures == 0 {
            "証人の署名はまだありません not witnessed yet".to_owned()
        } else {
            format!("証人の署名 co-signatures: {cosignatures}")
        };
        lines.push(format!(
            "{}  {} [{}]",
            path.display(),
            witnessed,
            receipt.proves
        ));
        files.push(json!({
            "log": receipt.log,
            "proves": receipt.proves,
            "cosignatures": cosignatures,
            "file": path.display().to_string(),
        }));
    }
    let checks: Vec<String> = files
        .iter()
        .filter_map(|file| file.get("file").and_then(Value::as_str))
        .map(|file| format!("noroshi-verify --trust TRUST {file}"))
        .collect();
    lines
        .push("確かめるには to check, with the trust file that the committee gave you:".to_owned());
    lines.extend(checks.iter().map(|check| format!("  {check}")));
    out.print(&json!({ "receipts": files, "check": checks }), &lines)
}

/// The receipts of a filing, once a checkpoint covers each.
fn ready(filing: FilingId, server: &Connection) -> Result<Vec<Listed>, Failure> {
    for _ in 0..PATIENCE {
        let listed: Receipts = server.get(&format!("/filings/{filing}/receipts"))?;
        if listed.items.is_empty() {
            return Err(Failure::unable("no log holds this filing for you"));
        }
        if listed.items.iter().all(Listed::is_ready) {
            return Ok(listed.items);
        }
    }
    Err(Failure::unable(
        "the log has not sealed it yet; it is recorded, ask again（まだ封印されていません。あとで取得してください）",
    ))
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let temporary = path.with_extension("json.new");
    fs::write(&temporary, content)
        .and_then(|()| fs::rename(&temporary, path))
        .with_context(|| path.display().to_string())
        .map_err(Failure::Unable)
}

#[cfg(test)]
mod tests {
    use ids::FilingId;

    use super::Listed;

    #[test]
    fn a_server_cannot_choose_where_a_receipt_is_written() {
        let filing: FilingId = "0192f3a0-0000-7000-8000-000000000001".parse().unwrap();
        let name = |log: &str| {
            let listed = Listed {
                log: log.to_owned(),
                state: "ready".to_owned(),
                proves: "arrival".to_owned(),
                cosignatures: None,
            };
            listed.file_name(filing).ok()
        };
        assert_eq!(
            name("meti~2").as_deref(),
            Some("receipt-0192f3a0-0000-7000-8000-000000000001-meti~2.json")
        );
        for log in ["", "../meti", "/etc/meti", "a/b", "a\\b", "..", "meti\n"] {
            assert_eq!(name(log), None, "{log}");
        }
    }
}
