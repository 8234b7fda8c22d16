//! The process that is killed: an instance with its integrator and worker, as `noroshi serve` runs it, reached over a
//! socket with one JSON request a line.

use std::path::PathBuf;
use std::sync::Arc;

use app::filing::AttachmentUpload;
use app::incidents::{AwarenessInput, JudgementInput, NewCase, ReportKind, Seen, Typed};
use app::receipt::ReceiptState;
use app::{App, AppError, Clock, Parts, SteppingClock};
use config::{Config, Mode};
use formats::forms::IncidentForm;
use ids::Role;
use model::incidents::{AwarenessKind, Precision};
use policy::Actor;
use secrecy::SecretString;
use serde_json::{Value, json};
use statute::{Answers, ReportGroup};
use store::StoreError;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

pub(crate) const DATA: &str = "NOROSHI_SURVIVAL_DATA";
pub(crate) const DATABASE: &str = "NOROSHI_SURVIVAL_DATABASE";
/// Set on a second start; the first makes the sample and prints the token.
pub(crate) const TOKEN: &str = "NOROSHI_SURVIVAL_TOKEN";
pub(crate) const TOKEN_FOLLOWS: &str = "token ";
pub(crate) const ADDRESS_FOLLOWS: &str = "listening on ";

/// The sample user who files.
const FILER: &str = "denki.shonin";

/// 03:17 in Japan on the day the law comes into force.
const AWARE_AT: &str = "2026-11-22T03:17:00+09:00";
/// The exercise is never before this.
const EARLIEST: &str = "2026-11-23T09:00:00+09:00";

pub(crate) fn run_if_asked() {
    let Ok(data) = std::env::var(DATA) else {
        return;
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(run(PathBuf::from(data)));
}

async fn run(data: PathBuf) {
    let mut config = Config::default();
    config.instance = config::Instance {
        name: "survival.noroshi.example".to_owned(),
        mode: Mode::Exercise,
    };
    config.storage.directory = data;
    config.storage.database = std::env::var(DATABASE).unwrap_or_default();
    config.access.argon2_memory_kib = 64;
    config.access.argon2_passes = 1;
    let clock = Arc::new(SteppingClock::default());
    let earliest = EARLIEST.parse().unwrap();
    if clock.now() < earliest {
        clock.step_to(earliest);
    }
    let mut parts = Parts::new(config);
    let shared: Arc<dyn Clock> = clock.clone();
    parts.clock = shared;
    let app = App::open_migrated(parts).await.unwrap();
    if std::env::var(TOKEN).is_err() {
        let logins = app
            .seed_sample(&SecretString::from("survival-survival"), &clock)
            .await
            .unwrap();
        let filer = logins.iter().find(|login| login.login == FILER).unwrap();
        println!("{TOKEN_FOLLOWS}{}", filer.api_token.as_deref().unwrap());
    }
    let stop = CancellationToken::new();
    let (worker, token) = (app.clone(), stop.clone());
    tokio::spawn(async move { worker.run_worker(token).await });
    let integrator = app.clone();
    tokio::spawn(async move { integrator.run_integrator(stop).await });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{ADDRESS_FOLLOWS}{}", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(serve(app.clone(), stream));
    }
}

/// Answers one request of a connection: `{"ok": …}`, `{"again": code}` or `{"refused": code}`.
async fn serve(app: App, mut stream: TcpStream) {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    if BufReader::new(reader).read_line(&mut line).await.is_err() {
        return;
    }
    let request: Value = serde_json::from_str(&line).unwrap();
    let answer = match answer(&app, &request).await {
        Ok(value) => json!({ "ok": value }),
        Err(AppError::Store(failure)) if lasts(&failure) => json!({ "refused": "damaged" }),
        Err(error @ (AppError::Store(_) | AppError::Stale)) => json!({ "again": error.code() }),
        Err(error) => json!({ "refused": error.code() }),
    };
    // Whoever asked may be gone; the outcome stands either way.
    let _ = writer.write_all(format!("{answer}\n").as_bytes()).await;
}

/// Whether asking again can only give the same: the database is damaged.
fn lasts(failure: &StoreError) -> bool {
    match failure {
        StoreError::Database { .. } | StoreError::CorruptRow { .. } => !failure.is_temporary(),
        _ => false,
    }
}

async fn answer(app: &App, request: &Value) -> Result<Value, AppError> {
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let mut actor = app.resume_token(&text("token")).await?.actor;
    // One user does what takes two in a house.
    actor.roles = vec![Role::Csirt, Role::Approver];
    match text("do").as_str() {
        "open" => open(app, &actor, &text("title"), &text("key")).await,
        "draft" => draft(app, &actor, &text("case")).await,
        "attach" => attach(app, &actor, &text("case"), text("content")).await,
        "file" => {
            let case = text("case").parse().unwrap();
            let filed = app
                .file_report(&actor, case, &ReportKind::Prompt, None, Some(&text("key")))
                .await?;
            Ok(json!({ "filing": filed.filing.to_string(), "number": filed.number }))
        }
        "look" => look(app, &actor, &text("case"), &text("filing")).await,
        "titles" => titles(app, &actor).await,
        other => panic!("unknown request {other}"),
    }
}

async fn open(app: &App, actor: &Actor, title: &str, key: &str) -> Result<Value, AppError> {
    let new = NewCase {
        title: title.to_owned(),
        kind: AwarenessKind::Incident,
        awareness: AwarenessInput {
            aware_at: AWARE_AT.parse().unwrap(),
            precision: Precision::Exact,
            source: "監視の当直が警報を見た".to_owned(),
        },
        form: Some(IncidentForm::Other),
        judgement: Some(JudgementInput {
            group: ReportGroup::A,
            answers: Answers::new().yes(&["malware_ran"]),
            event: None,
        }),
    };
    let opened = app.open_case(actor, &new, Some(key)).await?;
    Ok(json!(opened.case.to_string()))
}

/// Items 1 and 2, which are complete at the prompt stage.
async fn draft(app: &App, actor: &Actor, case: &str) -> Result<Value, AppError> {
    let fields = [
        ("corporate_number", "7010001000017"),
        ("address", "東京都千代田区霞が関1-1"),
        ("contact_name", "髙橋 𠮷江"),
        ("contact_phone", "03-0000-0000"),
    ]
    .map(|(field, text)| (field.to_owned(), Typed::text(text)));
    app.save_draft(
        actor,
        case.parse().unwrap(),
        &fields.into_iter().collect(),
        &Seen::Version(i64::MAX),
    )
    .await?;
    Ok(Value::Null)
}

async fn attach(app: &App, actor: &Actor, case: &str, content: String) -> Result<Value, AppError> {
    let upload = AttachmentUpload {
        content: content.into_bytes(),
        claimed_type: Some("text/plain".to_owned()),
    };
    let kept = app
        .attach_to_draft(actor, case.parse().unwrap(), "log.txt", upload)
        .await?;
    Ok(json!(kept.digest.to_string()))
}

/// Everything there is of a filing: its number, its attachments, its receipts, and how many its case has.
async fn look(app: &App, actor: &Actor, case: &str, filing: &str) -> Result<Value, AppError> {
    let filing = filing.parse().unwrap();
    let view = app.view_filing(actor, filing).await?;
    let mut contents = Vec::new();
    for attachment in &view.attachments {
        let (_, content) = app
            .view_attachment(actor, filing, attachment.digest)
            .await?;
        contents.push(String::from_utf8(content).unwrap());
    }
    let mut receipts = Vec::new();
    for state in app.receipts(actor, filing).await? {
        match state.state {
            ReceiptState::Ready(receipt) => receipts.push(receipt.json),
            ReceiptState::Pending => return Err(AppError::Stale),
        }
    }
    let case = app.view_case(actor, case.parse().unwrap()).await?;
    Ok(json!({
        "number": view.filing.number.as_str(),
        "addressees": view.addressees.len(),
        "contents": contents,
        "receipts": receipts,
        "filings_of_case": case.filings.len(),
    }))
}

/// Titles of all cases of the operator.
async fn titles(app: &App, actor: &Actor) -> Result<Value, AppError> {
    let mut titles = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = app.list_cases(actor, cursor.as_deref(), 200).await?;
        let found = page
            .cases
            .iter()
            .map(|entry| entry.case.parts().title.as_str());
        titles.extend(found.map(str::to_owned));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(json!(titles));
        }
    }
}
