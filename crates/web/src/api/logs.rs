//! `/api/v1/logs`: the logs, for the committee's own tools.

use app::ledger_view::{EntryProof, LogEntry, LogOverview, WitnessState};
use app::{App, LogCode};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::{ApiResult, Caller};
use crate::problem::WebError;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_logs))
        .routes(routes!(list_entries))
        .routes(routes!(read_entry))
}

/// A log at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Log {
    /// Code of the log; a later origin has a tilde and its number.
    code: String,
    /// Origin, as in checkpoints and receipts.
    origin: String,
    /// Entries with an index.
    size: u64,
    /// The newest checkpoint.
    checkpoint: Option<Checkpoint>,
    /// Co-signatures of configured witnesses on the newest checkpoint that has any.
    cosignatures: Vec<Cosignature>,
    /// `witnessed`, `stalled`, `none` or `ended`.
    witness: &'static str,
    /// Public keys in use.
    keys: Vec<String>,
}

/// Size, root and time of a checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checkpoint {
    size: u64,
    root: String,
    signed_at: String,
}

/// One witness on one checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cosignature {
    size: u64,
    witness: String,
    at: String,
}

/// An entry: what is shown of an act.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    index: u64,
    act: String,
    at: String,
    /// Base 64 of the commitment.
    commitment: String,
    /// Kind of the organisation that acted; absent for acts of the log itself.
    organisation: Option<&'static str>,
}

/// Entries, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entries {
    entries: Vec<Entry>,
    /// Cursor of the older ones.
    next: Option<u64>,
}

/// An entry with its inclusion proof (RFC 6962).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proof {
    entry: Entry,
    leaf_hash: String,
    path: Vec<String>,
    tree_size: Option<u64>,
    root: Option<String>,
    /// Whether leaf and path lead to the root; absent while no checkpoint covers the entry.
    holds: Option<bool>,
}

/// Where a list begins and how long it may be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor {
    /// Entries below this index.
    cursor: Option<u64>,
    /// Entries at most.
    limit: Option<u32>,
}

/// Lists the logs.
#[utoipa::path(
    get, path = "/api/v1/logs", tag = "logs", security(("token" = [])),
    responses((status = 200, body = Vec<Log>), (status = 404, description = "not the committee"))
)]
async fn list_logs(State(app): State<App>, caller: Caller) -> ApiResult<Json<Vec<Log>>> {
    let logs = app.logs_overview(caller.actor()).await?;
    Ok(Json(logs.into_iter().map(Into::into).collect()))
}

/// Lists the entries of a log, newest first.
#[utoipa::path(
    get, path = "/api/v1/logs/{log}/entries", tag = "logs", security(("token" = [])),
    params(("log" = String, Path, description = "code of the log"), Cursor),
    responses((status = 200, body = Entries), (status = 404, description = "unknown"))
)]
async fn list_entries(
    State(app): State<App>,
    caller: Caller,
    Path(log): Path<String>,
    Query(cursor): Query<Cursor>,
) -> ApiResult<Json<Entries>> {
    let log = code(&log)?;
    let limit = cursor.limit.unwrap_or(50);
    let page = app
        .log_entries(caller.actor(), &log, cursor.cursor, limit)
        .await?;
    Ok(Json(Entries {
        entries: page.entries.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}

/// Reads an entry with its proof.
#[utoipa::path(
    get, path = "/api/v1/logs/{log}/entries/{index}", tag = "logs", security(("token" = [])),
    params(("log" = String, Path, description = "code of the log"), ("index" = u64, Path, description = "number of the entry")),
    responses((status = 200, body = Proof), (status = 404, description = "unknown"))
)]
async fn read_entry(
    State(app): State<App>,
    caller: Caller,
    Path((log, index)): Path<(String, u64)>,
) -> ApiResult<Json<Proof>> {
    let proof = app.log_entry(caller.actor(), &code(&log)?, index).await?;
    Ok(Json(proof.into()))
}

fn code(text: &str) -> Result<LogCode, WebError> {
    LogCode::parse(text).ok_or_else(WebError::not_found)
}

impl From<LogOverview> for Log {
    fn from(log: LogOverview) -> Self {
        Self {
            code: log.log.slug(),
            origin: log.origin,
            size: log.size,
            checkpoint: log.checkpoint.map(|(size, root, at)| Checkpoint {
                size,
                root,
                signed_at: at.to_string(),
            }),
            cosignatures: log
                .cosigned
                .into_iter()
                .map(|(size, witness, at)| Cosignature {
                    size,
                    witness,
                    at: at.to_string(),
                })
                .collect(),
            witness: match log.witness {
                WitnessState::Witnessed => "witnessed",
                WitnessState::Stalled => "stalled",
                WitnessState::None => "none",
                WitnessState::Ended => "ended",
            },
            keys: log.keys,
        }
    }
}

impl From<LogEntry> for Entry {
    fn from(entry: LogEntry) -> Self {
        Self {
            index: entry.index,
            act: entry.act,
            at: entry.at.to_string(),
            commitment: entry.commitment,
            organisation: entry.organisation.map(ids::OrganisationKind::code),
        }
    }
}

impl From<EntryProof> for Proof {
    fn from(proof: EntryProof) -> Self {
        let (tree_size, root) = proof.head.unzip();
        Self {
            entry: proof.entry.into(),
            leaf_hash: proof.leaf_hash,
            path: proof.path,
            tree_size,
            root,
            holds: proof.holds,
        }
    }
}
