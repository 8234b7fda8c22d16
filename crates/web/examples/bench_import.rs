//! Measures bulk import: `cargo xtask bench import` builds and runs this on both databases.
//!
//! A table of as many rows as asked for is read and checked (until the first page of rows can be shown), registered, and
//! filed as one notification. The floor is a plain loop that inserts the same lines into a table of the same database in
//! one transaction, in the same minute.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a measurement that cannot be set up has failed; it prints what it saw"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::assets::ContactInput;
use app::assets::import::UploadedFile;
use app::{App, Clock, Parts, SteppingClock};
use clap::Parser;
use config::{Config, Mode};
use ids::{Assurance, Role};
use policy::{Actor, StepUp};
use secrecy::SecretString;
use testkit::RawConnection;

/// Measures bulk import on one database.
#[derive(Debug, Parser)]
struct Arguments {
    /// Address of a PostgreSQL database; without one, a SQLite file in the folder.
    #[arg(long)]
    database: Option<String>,
    /// Folder for the data; it should be on the disk that production would use.
    #[arg(long)]
    data: PathBuf,
    /// Rows of the table.
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
}

fn main() {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(&arguments));
}

async fn measure(arguments: &Arguments) {
    let mut config = Config::default();
    config.instance.mode = Mode::Exercise;
    config.storage.directory.clone_from(&arguments.data);
    config.storage.database = arguments.database.clone().unwrap_or_default();
    config.access.argon2_memory_kib = 1024;
    config.access.argon2_passes = 1;
    let address = config.storage.database_address();
    let clock = Arc::new(SteppingClock::default());
    let mut parts = Parts::new(config);
    let shared: Arc<dyn Clock> = clock.clone();
    parts.clock = shared;
    let app = App::open_migrated(parts).await.unwrap();
    let password = SecretString::from("nine kites, 47 lanterns");
    let logins = app.seed_sample(&password, &clock).await.unwrap();
    let token = logins
        .into_iter()
        .find_map(|login| (login.login == "denki.shonin").then_some(login.api_token))
        .flatten()
        .unwrap();
    let mut actor: Actor = app.resume_token(&token).await.unwrap().actor;
    actor.roles = vec![Role::Compliance, Role::Approver];
    actor.assurance = Assurance::SecondFactor;
    actor.step_up = StepUp::Fresh;
    actor.token_scopes = Vec::new();

    let lines = lines(arguments.rows, &app.today().to_string());
    print(
        "floor: the same lines, plain inserts",
        floor(&address, &lines).await,
    );

    let content = lines.join("\n").into_bytes();
    let began = Instant::now();
    let file = UploadedFile {
        name: "table.csv".to_owned(),
        content,
    };
    let id = app.upload_import(&actor, None, vec![file]).await.unwrap();
    let page = app.import_rows(&actor, id, None, 50, 0).await.unwrap();
    let import = app.view_import(&actor, id).await.unwrap();
    print("preview: read, checked, first page", began.elapsed());
    assert_eq!(page.rows.len(), 50);
    assert_eq!(import.counts.accepted(), arguments.rows);

    let began = Instant::now();
    app.register_import(&actor, id, import.head.version)
        .await
        .unwrap();
    let registered = began.elapsed();
    print("registered, one leaf", registered);
    let began = Instant::now();
    app.file_import(&actor, id, ContactInput::default())
        .await
        .unwrap();
    print("filed, one number", began.elapsed());
    print("submission: both", registered + began.elapsed());
    println!("  peak memory of the program: {}", peak());
}

/// A table with headings; a tenth of the rows has half-width kana or a day in another writing.
fn lines(rows: u32, today: &str) -> Vec<String> {
    let mut lines =
        vec!["管理番号,設備名,設備の種類,製品名,メーカー,号,区分,導入日,備考".to_owned()];
    for number in 1..=rows {
        let product = if number % 10 == 0 {
            "ｹﾞｰﾄｳｪｲ ＫＧ－"
        } else {
            "ゲートウェイ KG-"
        };
        lines.push(format!(
            "A-{number:05},架空設備{},計測用設備,{product}{},架空電機株式会社,二号(iii),機器,{today},棚 {number}",
            number % 20,
            number % 97,
        ));
    }
    lines
}

async fn floor(address: &str, lines: &[String]) -> Duration {
    let mut connection = RawConnection::open(address).await;
    connection
        .execute("CREATE TABLE bench_floor (place BIGINT NOT NULL, content TEXT NOT NULL)")
        .await
        .unwrap();
    let began = Instant::now();
    connection.execute("BEGIN").await.unwrap();
    for (place, line) in lines.iter().enumerate() {
        let insert = format!("INSERT INTO bench_floor (place, content) VALUES ({place}, '{line}')");
        connection.execute(&insert).await.unwrap();
    }
    connection.execute("COMMIT").await.unwrap();
    began.elapsed()
}

fn print(what: &str, time: Duration) {
    println!("  {what}: {:.2} s", time.as_secs_f64());
}

/// Most memory that the program had, as Linux says.
fn peak() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| "not known".to_owned(), |size| size.trim().to_owned())
}
