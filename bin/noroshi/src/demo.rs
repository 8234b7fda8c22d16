//! `noroshi demo`: an exercise with sample data in one command.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use app::sample::SampleLogin;
use app::{App, Clock, SteppingClock};
use clap::Args;
use config::{Config, Cookies, Mode};
use ids::{IdSource as _, Role};
use jiff::civil::Date;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use web::demo::{DemoLogin, DemoLogins};
use web::page::{Exercise, Site};

use crate::parts::parts;
use crate::serve::{runtime, say, serve, start_logging};

/// The sample users along the way of one filing, shown first on the login page.
const FEATURED: &[&str] = &[
    "denki.todokede",
    "denki.csirt",
    "denki.shonin",
    "kanto.meti.tanto",
    "meti.tanto",
    "naikakufu.tanto",
    "iinkai.kensa",
];

/// Starts an exercise with sample ministries, operators, computers and cases on an embedded database.
#[derive(Debug, Args)]
pub(crate) struct DemoCommand {
    /// Where the data is kept; without it, a new folder that is removed at the end.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The day that the exercise pretends, for example 2027-03-30.
    #[arg(long)]
    on: Option<Date>,
    /// Address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Database of its own, `postgres://…`; without it, a SQLite file among the data.
    #[arg(long)]
    database: Option<String>,
}

/// What stands in `demo.json`, so that a second start and the browser tests find the same logins.
#[derive(Debug, Deserialize, Serialize)]
struct DemoFile {
    url: String,
    password: String,
    logins: Vec<FileLogin>,
}

#[derive(Debug, Deserialize, Serialize)]
struct FileLogin {
    login: String,
    password: String,
    totp_secret: String,
    role: Role,
    organisation: String,
    organisation_en: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_token: Option<String>,
}

pub(crate) fn run(command: &DemoCommand) -> anyhow::Result<ExitCode> {
    start_logging();
    let scratch = tempfile_folder(command)?;
    let folder = command
        .data
        .clone()
        .unwrap_or_else(|| scratch.path().to_owned());
    runtime()?.block_on(start(command, &folder))?;
    Ok(ExitCode::SUCCESS)
}

/// A folder of its own for a demo without `--data`, removed at the end.
fn tempfile_folder(command: &DemoCommand) -> anyhow::Result<tempfile::TempDir> {
    let prefix = if command.data.is_some() {
        "noroshi-unused-"
    } else {
        "noroshi-demo-"
    };
    tempfile::Builder::new()
        .prefix(prefix)
        .tempdir()
        .context("no folder for the demo")
}

async fn start(command: &DemoCommand, folder: &Path) -> anyhow::Result<()> {
    let mut config = Config::default();
    config.instance = config::Instance {
        name: "demo.noroshi.example".to_owned(),
        mode: Mode::Exercise,
    };
    config.server.listen = command.listen;
    config.server.cookies = Cookies::Plain;
    config.storage.directory = PathBuf::from(folder);
    // Mails of the demonstration go nowhere but into a folder.
    config.mail.folder = Some(folder.join("outbox"));
    "noroshi@denryoku.example".clone_into(&mut config.mail.from);
    config.storage.database = command.database.clone().unwrap_or_default();
    // The sample passwords protect nothing; making thirty of them must not take a minute.
    config.access.argon2_memory_kib = 1024;
    config.access.argon2_passes = 1;
    config.check()?;
    let clock = Arc::new(SteppingClock::default());
    if let Some(day) = command.on {
        clock.step_to(noon(day)?);
    }
    let mut parts = parts(config)?;
    let shared: Arc<dyn Clock> = clock.clone();
    parts.clock = shared;
    let app = App::open_migrated(parts)
        .await
        .context("the demo cannot start")?;
    let listener = tokio::net::TcpListener::bind(command.listen)
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}; choose another port with --listen",
                command.listen
            )
        })?;
    let url = format!("http://{}", listener.local_addr()?);
    let file = load_or_seed(&app, &clock, folder, url).await?;
    print(&file);
    let site = Site {
        instance: String::new(),
        exercise: Some(Exercise {
            name: String::new(),
            pretended_on: command.on,
        }),
        public_url: file.url.clone(),
        help: None,
    };
    serve(app, site, Some(sample_logins(&file)), Some(listener)).await
}

/// Noon in Japan, so that a pretended day is that day everywhere on the screen.
fn noon(day: Date) -> anyhow::Result<jiff::Timestamp> {
    let noon = day.at(12, 0, 0, 0);
    statute::calendar::jst::OFFSET
        .to_timestamp(noon)
        .context("the day is out of range")
}

async fn load_or_seed(
    app: &App,
    clock: &SteppingClock,
    folder: &Path,
    url: String,
) -> anyhow::Result<DemoFile> {
    let path = folder.join("demo.json");
    let mut file = match tokio::fs::read(&path).await {
        Ok(json) => serde_json::from_slice(&json).with_context(|| {
            format!(
                "{} cannot be read; remove the folder to start anew",
                path.display()
            )
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => seed(app, clock).await?,
        Err(error) => return Err(error.into()),
    };
    file.url = url;
    tokio::fs::write(&path, serde_json::to_vec_pretty(&file)?).await?;
    Ok(file)
}

async fn seed(app: &App, clock: &SteppingClock) -> anyhow::Result<DemoFile> {
    let mut random = [0; 8];
    app::SystemIds.fill(&mut random);
    let password = format!("demo-{:016x}", u64::from_be_bytes(random));
    let logins = app
        .seed_sample(&SecretString::from(password.clone()), clock)
        .await?;
    let logins = logins
        .into_iter()
        .map(|login| file_login(login, &password))
        .collect();
    Ok(DemoFile {
        url: String::new(),
        password,
        logins,
    })
}

fn file_login(login: SampleLogin, password: &str) -> FileLogin {
    FileLogin {
        login: login.login,
        password: password.to_owned(),
        totp_secret: login.totp_secret,
        role: login.role,
        organisation: login.organisation.0,
        organisation_en: login.organisation.1,
        api_token: login.api_token,
    }
}

fn sample_logins(file: &DemoFile) -> DemoLogins {
    let mut logins: Vec<DemoLogin> = file
        .logins
        .iter()
        .map(|login| DemoLogin {
            login: login.login.clone(),
            totp_secret: login.totp_secret.clone(),
            organisation: (login.organisation.clone(), login.organisation_en.clone()),
            role: login.role,
            featured: FEATURED.contains(&login.login.as_str()),
        })
        .collect();
    logins.sort_by_key(|login| {
        FEATURED
            .iter()
            .position(|name| *name == login.login)
            .unwrap_or(FEATURED.len())
    });
    DemoLogins::new(file.password.clone(), logins)
}

fn print(file: &DemoFile) {
    say(
        "Noroshi demo: an exercise with made-up data. Open the address below and choose a sample user.",
    );
    say("デモ（演習）です。下のアドレスをブラウザーで開き、見本の利用者を選んでください。");
    say(&format!("password of all sample users: {}", file.password));
    for login in &file.logins {
        say(&format!(
            "  {:<18} {:<18} {}",
            login.login,
            login.role.code(),
            login.organisation
        ));
    }
}
