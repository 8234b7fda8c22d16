use app::receipt::{LogReceipt, Proves, ReceiptState};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::header;
use ids::FilingId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::wire::{Name, filing_address};
use crate::api::{ApiError, ApiResult, Caller};

/// What one authority's log holds of a filing.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptView {
    /// Code of the log.
    log: String,
    /// The authority that keeps it.
    authority: Name,
    /// `arrival`, or `forwarding` where the Minister passed it on (Act Art. 4(2)).
    proves: &'static str,
    /// `ready`, or `pending` while no checkpoint covers it; a checkpoint follows within a second.
    state: &'static str,
    /// Where the receipt file is, once it is ready.
    href: Option<String>,
    /// Origin of the log.
    origin: Option<String>,
    /// Place in the log.
    index: Option<u64>,
    /// Size of the tree at the checkpoint.
    tree_size: Option<u64>,
    /// Witnesses' lines on the checkpoint.
    cosignatures: Option<usize>,
}

/// Receipts of a filing, one from each log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReceiptList {
    /// Receipts.
    items: Vec<ReceiptView>,
}

/// Lists the receipts of a filing, one from each authority's log that took it in or to which it was passed on.
///
/// Waits a moment for the checkpoint that covers a fresh filing.
#[utoipa::path(get, path = "/api/v1/filings/{id}/receipts", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = ReceiptList)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Json<ReceiptList>> {
    let receipts = app
        .receipts(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(ReceiptList {
        items: receipts.iter().map(|receipt| view(id, receipt)).collect(),
    }))
}

fn view(id: FilingId, receipt: &LogReceipt) -> ReceiptView {
    let issued = match &receipt.state {
        ReceiptState::Ready(issued) => Some(issued),
        ReceiptState::Pending => None,
    };
    ReceiptView {
        log: receipt.log.clone(),
        authority: Name::from(&receipt.authority),
        proves: match receipt.proves {
            Proves::Arrival => "arrival",
            Proves::Forwarding => "forwarding",
        },
        state: if issued.is_some() { "ready" } else { "pending" },
        href: issued.map(|_| format!("{}/receipts/{}", filing_address(id), receipt.log)),
        origin: issued.map(|issued| issued.origin.clone()),
        index: issued.map(|issued| issued.index),
        tree_size: issued.map(|issued| issued.tree_size),
        cosignatures: issued.map(|issued| issued.cosignatures),
    }
}

/// The receipt file of one log (`noroshi-receipt/v1`), for `noroshi-verify`.
#[utoipa::path(get, path = "/api/v1/filings/{id}/receipts/{log}", tag = "filings", security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("log" = String, Path, description = "code of the log")),
    responses((status = 200, body = Object, content_type = "application/json"),
        (status = 409, description = "no checkpoint covers it yet; ask again")))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((id, log)): Path<(FilingId, String)>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let receipts = app.receipts(caller.actor(), id).await.map_err(words)?;
    let receipt = receipts
        .into_iter()
        .find(|receipt| receipt.log == log)
        .ok_or_else(|| words(AppError::NotFound))?;
    match receipt.state {
        // As it was made, to the octet: this is what the verifier reads.
        ReceiptState::Ready(issued) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            Ok((kind, issued.json).into_response())
        }
        ReceiptState::Pending => Err(words(AppError::Conflict("receipt_pending"))),
    }
}
