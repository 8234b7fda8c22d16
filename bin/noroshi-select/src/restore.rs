//! `restore`: masked identifiers in plain text, on an order of the committee, with its key, and stated.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use segment::{AddressTag, MailTag, Pseudonymised, Reidentifier};
use serde_json::json;
use warrant::{RestoreOrder, RestoreStatement, Says};

use crate::clock;
use crate::files::{read_engine_key, read_private_key, read_small, read_trust};
use crate::refusal::Refused;
use crate::report::{Report, Verdict};
use crate::statements::{Chain, pseudonyms_in};

#[derive(Args)]
pub(crate) struct RestoreArgs {
    /// Output folder of runs.
    dir: PathBuf,
    /// The committee's private key for re-identification.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The committee's order (signed note), which names the run and what is to be restored.
    #[arg(long, value_name = "FILE")]
    order: PathBuf,
    /// Trust file: keys of the committee's members and of equipment.
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// Key with which the restoring equipment signs statements.
    #[arg(long, value_name = "FILE")]
    engine_key: PathBuf,
}

/// The statement is durable before anything is shown.
pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<Report> {
    let trust = read_trust(&args.trust)?;
    let (order, digest) =
        RestoreOrder::verify(&read_small(&args.order)?, &trust).map_err(Refused::Warrant)?;
    let engine_key = read_engine_key(&args.engine_key, &trust)?;
    let private = read_private_key(&args.key)?;
    let key_file = pseudonyms_in(&args.dir).join(format!("{}.key", order.run));
    let opened = Reidentifier::open(&read_small(&key_file)?, &private).map_err(Refused::Segment)?;
    let mut restored = Vec::new();
    for tag in &order.addresses {
        let mut bytes = [0_u8; 16];
        hex::decode_to_slice(tag, &mut bytes).context("the order names what is not a tag")?;
        let address = opened.address(AddressTag(bytes)).to_string();
        restored.push((tag.clone(), address));
    }
    for sealed in &order.mail {
        let bytes = hex::decode(sealed).context("the order names what is not sealed")?;
        let parts = bytes.split_first_chunk::<16>();
        let (tag, sealed) = parts.context("the order names what is not sealed")?;
        let mail = Pseudonymised {
            tag: MailTag(*tag),
            sealed: sealed.to_vec(),
        };
        let original = opened.mail(&mail).map_err(Refused::Segment)?;
        let original = String::from_utf8_lossy(&original).into_owned();
        restored.push((hex::encode(tag), original));
    }
    let says = Says::Restore(RestoreStatement {
        run: order.run.clone(),
        order: digest,
        restored: u64::try_from(restored.len())?,
    });
    Chain::open(&args.dir, &engine_key, &trust)?.state(clock::now(), says)?;
    let mut report = Report::new(Verdict::Done);
    for (tag, original) in &restored {
        report.line(format!("{tag}  {original}"));
    }
    let facts: Vec<_> = restored
        .iter()
        .map(|(tag, original)| json!({"tag": tag, "original": original}))
        .collect();
    report.fact("restored", json!(facts));
    Ok(report)
}
