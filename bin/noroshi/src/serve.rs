//! The server and its background work.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::App;
use clap::Args;
use config::{Config, Mode};
use tokio_util::sync::CancellationToken;
use web::demo::DemoLogins;
use web::page::{Exercise, Site};

use crate::parts::parts;

/// Runs the server.
#[derive(Debug, Args)]
pub(crate) struct ServeCommand {
    /// Settings file; without one, defaults and `NOROSHI_*` variables.
    #[arg(long)]
    config: Option<PathBuf>,
}

/// Brings the database to this version.
#[derive(Debug, Args)]
pub(crate) struct MigrateCommand {
    /// Settings file.
    #[arg(long)]
    config: Option<PathBuf>,
}

pub(crate) fn run(command: &ServeCommand) -> anyhow::Result<ExitCode> {
    start_logging();
    let config = Config::load(command.config.as_deref())?;
    runtime()?.block_on(async {
        let app = App::open(parts(config)?)
            .await
            .context("the instance cannot start")?;
        let site = site(app.config());
        serve(app, site, None, None).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What every page shows about the instance.
fn site(config: &Config) -> Site {
    let exercise = &config.exercise;
    Site {
        instance: config.instance.name.clone(),
        exercise: (config.instance.mode == Mode::Exercise).then(|| Exercise {
            name: exercise.name.clone(),
            pretended_on: exercise.pretended_at.map(statute::calendar::jst::day_of),
        }),
        public_url: config.server.public_url.clone(),
        help: None,
    }
}

pub(crate) fn migrate(command: &MigrateCommand) -> anyhow::Result<ExitCode> {
    let config = Config::load(command.config.as_deref())?;
    runtime()?.block_on(async {
        let app = App::open_migrated(parts(config)?).await?;
        app.store().close().await;
        anyhow::Ok(())
    })?;
    say("the database is at this version");
    Ok(ExitCode::SUCCESS)
}

/// Serves until a signal comes, then lets running requests and the last round of work finish.
///
/// `listener` is one that was opened before, `demo` the sample logins of an exercise.
pub(crate) async fn serve(
    app: App,
    site: Site,
    demo: Option<DemoLogins>,
    listener: Option<tokio::net::TcpListener>,
) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let integrator = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { app.run_integrator(stop).await }
    });
    let worker = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { app.run_worker(stop).await }
    });
    let peers = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { app.run_peers(stop).await }
    });
    let listener = if let Some(listener) = listener {
        listener
    } else {
        let address = app.config().server.listen;
        tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?
    };
    say(&format!("listening on http://{}", listener.local_addr()?));
    web::serve(listener, web::router(&app, site, demo), signal()).await?;
    app.finish_import_work().await;
    stop.cancel();
    integrator.await?;
    worker.await?;
    peers.await?;
    app.store().close().await;
    Ok(())
}

/// Waits for the terminal or the service manager to end the program.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler the system ends the program itself.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// A line for whoever started the program; nothing is lost when nobody reads it.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
    drop(out.flush());
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
}

/// Logs to standard error: warnings of libraries, everything of ours from `info` on.
pub(crate) fn start_logging() {
    let filter =
        tracing_subscriber::EnvFilter::new("warn,noroshi=info,app=info,web=info,store=info");
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
