//! Accounts, at the machine that runs the instance.

use std::io::{BufRead as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::identity::NewPerson;
use app::{App, AppError, Parts};
use clap::Subcommand;
use config::Config;
use ids::Role;
use secrecy::SecretString;

use crate::serve::runtime;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account. The password is read from standard input, one line.
    Add {
        /// Settings file.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Organisation: its desk code, corporate number or id.
        #[arg(long)]
        organisation: String,
        /// Login name.
        #[arg(long)]
        login: String,
        /// Name shown to others.
        #[arg(long)]
        name: String,
        /// Role; may be given several times.
        #[arg(long = "role", required = true)]
        roles: Vec<Role>,
        /// Language of the pages: ja or en.
        #[arg(long, default_value = "ja")]
        locale: String,
    },
}

pub(crate) fn run(command: &UserCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let UserCommand::Add {
        config,
        organisation,
        login,
        name,
        roles,
        locale,
    } = command;
    let mut password = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut password)
        .context("no password on standard input")?;
    let password = SecretString::from(password.trim_end_matches(['\r', '\n']).to_owned());
    let config = Config::load(config.as_deref())?;
    let created = runtime()?.block_on(async {
        let app = App::open(Parts::new(config)).await?;
        let organisation = app
            .find_organisation(organisation)
            .await?
            .with_context(|| format!("there is no organisation {organisation}"))?;
        let new = NewPerson {
            organisation: organisation.id,
            login: login.clone(),
            name: name.clone(),
            locale: locale.clone(),
            roles: roles.clone(),
            password,
        };
        let created = app.create_person(new).await.map_err(explain)?;
        app.store().close().await;
        anyhow::Ok(created)
    })?;
    writeln!(out, "account: {}", created.id)?;
    writeln!(out, "second factor, shown once: {}", created.totp_secret)?;
    writeln!(out, "as a link for a QR code: {}", created.totp_link)?;
    Ok(ExitCode::SUCCESS)
}

/// Names the fields that were refused, one code each.
fn explain(error: AppError) -> anyhow::Error {
    match error {
        AppError::Invalid(problems) => {
            let list: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.field, problem.code))
                .collect();
            anyhow::anyhow!("not accepted: {}", list.join(", "))
        }
        other => other.into(),
    }
}
