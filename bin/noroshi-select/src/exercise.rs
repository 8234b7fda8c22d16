//! `exercise init`: everything for a first selection, made on the spot and good for training only.

mod capture;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use ledger::{Algorithm, KeyName, SignerKey};
use segment::PrivateKey;
use select::criteria::{Draft, Form, Index, parse};
use select::prefixes::{Builder, Format, PrefixTable, Purpose as TablePurpose};
use warrant::{
    Conditions, CriteriaDigest, Direction, EquipmentId, InformationKind, LineId, MeasureId,
    MeasureKind, Purpose, Terms, TimeRule, Trust, TunnelRule, warrant_text,
};

use crate::clock;
use crate::files::{read_text, read_whole, sha256, write_new, write_secret};
use crate::refusal::Refused;
use crate::report::{Report, Verdict};

const MEMBERS: usize = 3;
const DAYS: i64 = 30;
const SECONDS_A_DAY: i64 = 86_400;
const LINE: &str = "training-line";

/// Addresses set aside for documentation (RFC 5737), sorted for training.
const TABLE: &str = "192.0.2.0/24,JP\n198.51.100.0/24,AQ\n203.0.113.0/24,AQ\n";

const CRITERIA: &str = "id,kind,value,reason,directions,ports\n\
    EX-1,address,203.0.113.66,Training: address of a command server,,\n\
    EX-2,dns_name,.c2.example,Training: names of command servers,,\n";

#[derive(Subcommand)]
pub(crate) enum ExerciseCommand {
    /// Make training keys, a warrant, criteria, a table and a capture, and print the command that selects.
    Init {
        /// Folder to make.
        dir: PathBuf,
        /// Seconds for which the warrant is valid from now on.
        #[arg(long, default_value_t = DAYS * SECONDS_A_DAY, value_parser = clap::value_parser!(i64).range(1..=31_536_000))]
        valid_secs: i64,
        /// Compiled criteria to train with, instead of the small ones.
        #[arg(long, value_name = "FILE")]
        criteria: Option<PathBuf>,
        /// Table of domestic addresses to train with, instead of the small one.
        #[arg(long, value_name = "FILE")]
        prefixes: Option<PathBuf>,
    },
}

pub(crate) fn exercise(command: &ExerciseCommand) -> anyhow::Result<Report> {
    let ExerciseCommand::Init {
        dir,
        valid_secs,
        criteria: own_criteria,
        prefixes: own_table,
    } = command;
    if dir.exists() {
        bail!("{} is there already; name a new folder", dir.display());
    }
    let keys = dir.join("keys");
    fs::create_dir_all(&keys).with_context(|| format!("make {}", keys.display()))?;
    let mut members = Vec::new();
    for number in 1..=MEMBERS {
        let name = format!("member-{number}");
        members.push(signer(&keys, &name)?);
    }
    let engine = signer(&keys, "equipment-1")?;
    let office = private(&keys, "office")?;
    let committee = private(&keys, "reidentification")?;

    let trust = trust_text(&members, &engine);
    Trust::parse(trust.as_bytes()).map_err(Refused::Trust)?;
    write_new(&dir.join("trust.txt"), trust.as_bytes())?;

    let criteria = if let Some(own) = own_criteria {
        let criteria = read_whole(own)?;
        Index::open(&criteria).with_context(|| format!("read {}", own.display()))?;
        criteria
    } else {
        write_new(&dir.join("criteria.csv"), CRITERIA.as_bytes())?;
        compiled_criteria()?
    };
    write_new(&dir.join("criteria.compiled"), &criteria)?;

    let now = clock::now();
    let table = if let Some(own) = own_table {
        let table = read_text(own)?;
        PrefixTable::parse(&table).with_context(|| format!("read {}", own.display()))?;
        table
    } else {
        let mut builder = Builder::new(TablePurpose::Exercise, "JP");
        builder.add(Format::Csv, TABLE)?;
        let date = statute::calendar::jst::day_of(now).to_string();
        builder.finish(&date, "noroshi-select exercise init")?
    };
    write_new(&dir.join("prefixes.txt"), table.as_bytes())?;

    let terms = terms(now, *valid_secs, &criteria, &office, &committee)?;
    let mut note = warrant_text(&terms, Purpose::Exercise).map_err(Refused::Warrant)?;
    for member in members.iter().take(MEMBERS.saturating_sub(1)) {
        note.add(member.sign(note.text())?)?;
    }
    write_new(&dir.join("warrant.note"), note.to_string().as_bytes())?;
    write_new(&dir.join("capture.pcap"), &capture::pcap())?;

    Ok(tell(dir))
}

fn tell(dir: &Path) -> Report {
    let at = |name: &str| dir.join(name).display().to_string();
    let command = format!(
        "noroshi-select run --warrant {} --trust {} --engine-key {} --criteria {} --prefixes {} --line {LINE} --input {} --out {}",
        at("warrant.note"),
        at("trust.txt"),
        at("keys/equipment-1.key"),
        at("criteria.compiled"),
        at("prefixes.txt"),
        at("capture.pcap"),
        at("out"),
    );
    let mut report = Report::new(Verdict::Done);
    report.line("Exercise (演習): keys, warrant, criteria, table and capture for training only.");
    report.line("Select with:");
    report.line(format!("  {command}"));
    report.line("Then read what was selected, as the analysis office:");
    report.line(format!(
        "  noroshi-select segments open {} --key {}",
        at("out"),
        at("keys/office.key")
    ));
    report.line("And verify the statements, as the committee:");
    report.line(format!(
        "  noroshi-select statement verify {} --trust {}",
        at("out"),
        at("trust.txt")
    ));
    report.fact("run", serde_json::json!(command));
    report
}

fn signer(keys: &Path, name: &str) -> anyhow::Result<SignerKey> {
    let full = KeyName::parse(&format!("exercise/{name}"))?;
    let mut seed = zeroize::Zeroizing::new([0_u8; 32]);
    getrandom::fill(seed.as_mut_slice())?;
    let key = SignerKey::from_seed(full, Algorithm::Ed25519, &seed)?;
    write_secret(&keys.join(format!("{name}.key")), &key.to_text())?;
    Ok(key)
}

fn private(keys: &Path, name: &str) -> anyhow::Result<PrivateKey> {
    let key = PrivateKey::generate().map_err(Refused::Segment)?;
    write_secret(&keys.join(format!("{name}.key")), &key.to_text())?;
    Ok(key)
}

fn trust_text(members: &[SignerKey], engine: &SignerKey) -> String {
    let mut lines = vec!["noroshi-exercise-select-trust/v1".to_owned()];
    lines.extend(
        members
            .iter()
            .map(|key| format!("member {}", key.verifier())),
    );
    lines.push(format!("threshold {}", MEMBERS.saturating_sub(1)));
    lines.push(format!("engine {}\n", engine.verifier()));
    lines.join("\n")
}

fn compiled_criteria() -> anyhow::Result<Vec<u8>> {
    let mut draft = Draft::default();
    parse(Form::Csv, CRITERIA, &mut draft).map_err(|errors| Refused::Criteria {
        count: errors.len(),
    })?;
    Ok(draft.compile().0)
}

/// An agreement, because traffic from abroad to a training network is the easiest to see.
fn terms(
    now: Timestamp,
    valid_secs: i64,
    criteria: &[u8],
    office: &PrivateKey,
    committee: &PrivateKey,
) -> anyhow::Result<Terms> {
    let begin = Timestamp::from_second(now.as_second())?;
    Ok(Terms {
        measure: MeasureId::parse("training-1")?,
        kind: MeasureKind::Agreement,
        basis: vec!["basis.agreements".to_owned(), "basis.selection".to_owned()],
        equipment: EquipmentId::parse("training-equipment")?,
        lines: vec![LineId::parse(LINE)?],
        directions: vec![Direction::Inbound],
        criteria: CriteriaDigest::new(sha256(criteria)),
        valid_from: begin,
        valid_until: begin.checked_add(SignedDuration::from_secs(valid_secs))?,
        conditions: Conditions {
            information: InformationKind::ALL.to_vec(),
            retention_days: 30,
            kept_packets_per_hour: None,
            tunnels: TunnelRule::Outer,
            time: TimeRule::Recorded,
        },
        office_key: office.public().map_err(Refused::Segment)?,
        reidentification_key: committee.public().map_err(Refused::Segment)?,
    })
}
