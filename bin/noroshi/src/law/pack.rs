//! `noroshi law pack`: rule packs from outside the program.

use std::fs;
use std::io::{self, BufRead as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use app::identity::{CurrentSession, LoginStep};
use app::rule_packs::RulePackError;
use app::{App, AppError, Parts, SystemIds};
use clap::{Args, Subcommand};
use config::Config;
use ids::{IdSource as _, RulePackId};
use jiff::civil::Date;
use ledger::{Algorithm, KeyName, Note, SignerKey};
use secrecy::SecretString;
use statute::{PackHeader, RuleBook};

use crate::ledger::{read_key, read_limited, write_secret_file};
use crate::serve::runtime;

/// Rule packs from outside the program: signed by several, proposed by one person, approved by another.
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Print the rule book of this program as one pack, to write a new one from.
    Export,
    /// Make a key for signing packs, write it to a new file and print its public part.
    Key {
        /// Name of the key, such as `law.example/signer-1`.
        #[arg(long)]
        name: String,
        /// File for the private key; only its owner can read it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Sign a pack: makes its note, or adds a signature to it.
    Sign(SignArgs),
    /// Keep a signed pack for approval by another person. Reads password and code from standard input, a line each.
    Propose {
        /// The pack.
        #[arg(long, value_name = "FILE")]
        pack: PathBuf,
        /// Its signed note.
        #[arg(long, value_name = "FILE")]
        note: PathBuf,
        #[command(flatten)]
        who: Who,
    },
    /// Put a proposed pack in force, from the next start on. Reads password and code from standard input.
    Approve {
        /// Id of the pack, as `list` prints it.
        id: RulePackId,
        #[command(flatten)]
        who: Who,
    },
    /// List the packs of an instance. Reads password and code from standard input.
    List {
        #[command(flatten)]
        who: Who,
    },
    /// Show a pack and which rules it would change. Reads password and code from standard input.
    Show {
        /// Id of the pack, as `list` prints it.
        id: RulePackId,
        #[command(flatten)]
        who: Who,
    },
}

/// Arguments of `law pack sign`.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The pack.
    #[arg(long, value_name = "FILE")]
    pack: PathBuf,
    /// Its note; made when it is not there, else a signature is added.
    #[arg(long, value_name = "FILE")]
    note: PathBuf,
    /// The private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Name of the pack, for a new note.
    #[arg(long)]
    name: Option<String>,
    /// Place in the series, for a new note.
    #[arg(long)]
    number: Option<u32>,
    /// Day of issue, for a new note.
    #[arg(long, value_name = "DATE")]
    issued: Option<Date>,
}

/// On which instance, and as whom.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// Settings file; without one, defaults and `NOROSHI_*` variables.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Login name of a person who runs the instance.
    #[arg(long)]
    login: String,
}

pub(super) fn run(command: &PackCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match command {
        PackCommand::Export => {
            for (file, text) in RuleBook::embedded_packs() {
                writeln!(out, "# {file}\n\n{}", text.trim_end())?;
                writeln!(out)?;
            }
        }
        PackCommand::Key { name, out: path } => {
            let name = KeyName::parse(name).context("name of the key")?;
            let key = SignerKey::generate(name, Algorithm::Ed25519, &mut |seed| {
                SystemIds.fill(seed);
            })?;
            write_secret_file(path, &key)?;
            writeln!(out, "{}", key.verifier())?;
        }
        PackCommand::Sign(args) => sign(args)?,
        PackCommand::Propose { pack, note, who } => {
            let (body, note) = (read_text(pack)?, read_text(note)?);
            let id = as_person(who, async |app, who| {
                app.propose_rule_pack(&who.actor, &note, &body).await
            })?;
            writeln!(out, "proposed: {id}")?;
            writeln!(
                out,
                "another person approves it with: noroshi law pack approve {id}"
            )?;
        }
        PackCommand::Approve { id, who } => {
            let pack = as_person(who, async |app, who| {
                app.approve_rule_pack(&who.actor, *id).await
            })?;
            writeln!(
                out,
                "in force: pack {} ({}); programs use it from their next start on",
                pack.proposal.number, pack.proposal.name
            )?;
        }
        PackCommand::List { who } => {
            for pack in as_person(who, async |app, who| app.rule_packs(&who.actor).await)? {
                let state = match pack.approval {
                    Some((_, at)) => format!("approved {at}"),
                    None => "proposed".to_owned(),
                };
                let proposal = pack.proposal;
                writeln!(
                    out,
                    "{} {} {} issued {} sha256 {} {state}",
                    proposal.id,
                    proposal.number,
                    proposal.name,
                    proposal.issued_on,
                    proposal.digest
                )?;
            }
        }
        PackCommand::Show { id, who } => {
            let view = as_person(who, async |app, who| {
                app.view_rule_pack(&who.actor, *id).await
            })?;
            write!(out, "{}", view.pack.proposal.note)?;
            writeln!(
                out,
                "\nrules that differ from the rule book of this program:"
            )?;
            for key in view.changed {
                writeln!(out, "{key}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rule book that an instance uses from its next start on.
pub(super) fn rule_book_of(config: &Path) -> anyhow::Result<RuleBook> {
    let config = Config::load(Some(config))?;
    runtime()?.block_on(async {
        let app = App::open(Parts::new(config))
            .await
            .context("the instance cannot be opened")?;
        let book = app.rules().clone();
        app.store().close().await;
        Ok(book)
    })
}

fn sign(args: &SignArgs) -> anyhow::Result<()> {
    let body = read_text(&args.pack)?;
    let key = read_key(&args.key)?;
    let mut note = if args.note.exists() {
        Note::parse(read_text(&args.note)?.as_bytes())
            .with_context(|| format!("note {}", args.note.display()))?
    } else {
        let (Some(name), Some(number), Some(issued)) = (&args.name, args.number, args.issued)
        else {
            anyhow::bail!("a new note needs --name, --number and --issued");
        };
        Note::unsigned(&PackHeader::of(name, number, issued, &body)?.to_text())?
    };
    // Nobody signs what would be refused anyway.
    let header = PackHeader::parse(note.text())?;
    RuleBook::from_signed(&header, &body).context("this pack would be refused")?;
    note.add(key.sign(note.text())?)?;
    fs::write(&args.note, note.to_string())
        .with_context(|| format!("cannot write {}", args.note.display()))?;
    Ok(())
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = read_limited(path, PackHeader::MAX_BYTES)?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// Logs a person in, does one thing and logs out. The rule book of the program serves meanwhile, so that a pack can be
/// replaced that a newer program does not accept.
fn as_person<T>(
    who: &Who,
    work: impl AsyncFnOnce(&App, &CurrentSession) -> Result<T, RulePackError>,
) -> anyhow::Result<T> {
    let config = Config::load(who.config.as_deref())?;
    let mut lines = io::stdin().lock().lines();
    let mut line = |what: &'static str| -> anyhow::Result<String> {
        let line = lines.next().transpose()?;
        line.with_context(|| format!("no {what} on standard input"))
    };
    let password = SecretString::from(line("password")?);
    let code = line("code of the second factor")?;
    runtime()?.block_on(async {
        let mut parts = Parts::new(config);
        parts.rules = Some(RuleBook::embedded()?);
        let app = App::open(parts)
            .await
            .context("the instance cannot be opened")?;
        let LoginStep::SecondFactor(half) = app
            .begin_login(&who.login, password, "command line")
            .await?
        else {
            anyhow::bail!("this account has no second factor");
        };
        let session = app
            .finish_login(&half.token, code.trim(), "command line")
            .await?;
        let person = app.resume_session(&session.token).await?;
        let done = work(&app, &person).await;
        app.end_session(&session.token).await?;
        app.store().close().await;
        done.map_err(explain)
    })
}

fn explain(error: RulePackError) -> anyhow::Error {
    let what = match &error {
        RulePackError::App(AppError::Forbidden) => {
            "not allowed: whoever proposed a pack does not approve it, and only people who run the instance do either"
        }
        RulePackError::App(AppError::NotFound) => {
            "not found: only people who run the instance see its rule packs"
        }
        RulePackError::App(AppError::Conflict("rule_pack_approved")) => {
            "this pack, or another of its number, was approved before"
        }
        RulePackError::App(_) => "not done",
        RulePackError::Refused(_) => "the rule book stays as it is",
    };
    anyhow::Error::new(error).context(what)
}
