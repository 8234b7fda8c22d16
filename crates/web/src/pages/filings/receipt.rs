use app::App;
use app::receipt::{LogReceipt, Proves, ReceiptState};
use askama::Template;
use axum::extract::{Path, State};

use crate::components::{Banner, Receipt, Tone};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::pages::filings::attachment::file;
use crate::pages::filings::id_of;
use crate::pages::filings::view::{self, AddresseeRow, AttachmentRow};
use crate::pages::filings::words::{self, LegalTime};
use crate::session::Signed;
use crate::texts::Texts;

struct LogRow {
    authority: String,
    proves: String,
    href: Option<String>,
    file: String,
    place: String,
    witnessed: bool,
}

#[derive(Template)]
#[template(path = "pages/filings/receipt.html")]
struct ReceiptPage {
    page: Page,
    id: String,
    receipt: Receipt,
    kind: String,
    operator: String,
    attachments: Vec<AttachmentRow>,
    addressees: Vec<AddresseeRow>,
    legal: LegalTime,
    next: String,
    logs: Vec<LogRow>,
    pending: Option<Banner>,
    verify: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let t = signed.here.t;
    let receipts = app.receipts(signed.actor(), id).await?;
    let view = app.view_filing(signed.actor(), id).await?;
    let number = view.filing.number.as_str();
    let waiting = receipts
        .iter()
        .any(|receipt| matches!(receipt.state, ReceiptState::Pending));
    let logs: Vec<LogRow> = receipts
        .iter()
        .map(|receipt| log_row(t, &id.to_string(), number, receipt))
        .collect();
    let example = logs
        .first()
        .map_or_else(String::new, |log| log.file.clone());
    let pending = waiting.then(|| {
        Banner::new(t, Tone::Info, t.get("receipt-pending-title"))
            .text(t.get("receipt-pending-text"))
            .link(
                format!("/filings/{id}/receipt"),
                t.get("receipt-pending-link"),
            )
    });
    let next = if view.filing.kind.is_notification() {
        "receipt-next-notification"
    } else if view.limits.running {
        "receipt-next-report"
    } else {
        "receipt-next-done"
    };
    Ok(render(&ReceiptPage {
        page: signed
            .page("receipt-title")
            .crumb("/filings", t.get("filings-title"))
            .crumb(format!("/filings/{id}"), number),
        id: id.to_string(),
        receipt: Receipt::new(t, number).recorded(Time::at_second(t, view.filing.filed_at)),
        kind: words::kind(t, view.filing.kind),
        operator: crate::frame::named(t, &view.operator.name_ja, &view.operator.name_en),
        attachments: view::attachments(&view),
        addressees: view::addressees(t, &view),
        legal: words::legal_time(t, &view.limits, app.now()),
        next: t.get(next).into_owned(),
        logs,
        pending,
        verify: format!("noroshi-verify --trust trust.json {example}"),
    }))
}

fn log_row(t: Texts, id: &str, number: &str, receipt: &LogReceipt) -> LogRow {
    let proves = match receipt.proves {
        Proves::Arrival => "receipt-proves-arrival",
        Proves::Forwarding => "receipt-proves-forwarding",
    };
    let (href, place, witnessed) = match &receipt.state {
        ReceiptState::Ready(issued) => (
            Some(format!("/filings/{id}/receipt/{}.json", receipt.log)),
            t.with2(
                "receipt-place",
                "index",
                issued.index,
                "origin",
                &issued.origin,
            )
            .into_owned(),
            0 < issued.cosignatures,
        ),
        ReceiptState::Pending => (None, t.get("receipt-log-pending").into_owned(), false),
    };
    LogRow {
        authority: words::name(t, &receipt.authority),
        proves: t.get(proves).into_owned(),
        href,
        file: file_name(number, &receipt.log),
        place,
        witnessed,
    }
}

/// Name under which a receipt is kept.
pub(crate) fn file_name(number: &str, log: &str) -> String {
    format!("receipt-{number}-{log}.json")
}

/// The receipt file of one log (`noroshi-receipt/v1`).
pub(crate) async fn download(
    State(app): State<App>,
    signed: Signed,
    Path((id, wanted)): Path<(String, String)>,
) -> PageResult {
    let id = id_of(&id)?;
    let log = wanted
        .strip_suffix(".json")
        .ok_or(app::AppError::NotFound)?;
    let receipts = app.receipts(signed.actor(), id).await?;
    let receipt = receipts
        .into_iter()
        .find(|receipt| receipt.log == log)
        .ok_or(app::AppError::NotFound)?;
    match receipt.state {
        ReceiptState::Ready(issued) => {
            let name = file_name(&format!("{id}"), &receipt.log);
            file(issued.json.into_bytes(), "application/json", &name)
        }
        ReceiptState::Pending => Err(app::AppError::Conflict("receipt_pending").into()),
    }
}
