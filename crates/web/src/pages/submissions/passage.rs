use app::App;
use app::peers::{PeerFiling, PeerFilingView, PeerReceipt, PeerStanding, PeerState, VERIFIED};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::FilingId;

use crate::components::{Banner, StatusBadge, SummaryList, SummaryRow, Tone};
use crate::failure::PageResult;
use crate::fmt;
use crate::page::{Link, Page, render};
use crate::pages::filings::attachment::file;
use crate::pages::filings::id_of;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct ReceiptRow {
    log: String,
    verdict: StatusBadge,
    witnesses: String,
    judged: String,
    href: String,
    name: String,
}

#[derive(Template)]
#[template(path = "pages/submissions/passage.html")]
struct PassagePage {
    page: Page,
    id: FilingId,
    standing: StatusBadge,
    advice: Option<String>,
    other_ways: bool,
    facts: SummaryList,
    receipts: Vec<ReceiptRow>,
    may_retry: bool,
    retry: String,
}

/// How far a report is on its way to another instance, what it says of it, and what a person can do.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let t = signed.here.t;
    let view = app.view_peer_filing(signed.actor(), id_of(&id)?).await?;
    let case = view.row.case;
    let failing = matches!(
        view.standing,
        PeerStanding::Trying | PeerStanding::Refused | PeerStanding::Doubted
    );
    let mut page = signed
        .page("passage-title")
        .crumb("/filings", t.get("filings-title"))
        .crumb(
            format!("/filings/{}", view.filing.id),
            view.filing.number.as_str(),
        );
    if failing {
        let tone = if view.standing == PeerStanding::Trying {
            Tone::Warning
        } else {
            Tone::Error
        };
        let title = t.get(&format!("passage-standing-{}", view.standing.code()));
        let text = t.get(&format!("passage-text-{}", view.standing.code()));
        page = page.notice(Banner::new(t, tone, title).text(text).link(
            format!("/cases/{case}/submissions"),
            t.get("submissions-title"),
        ));
    }
    let retry = if view.row.state == PeerState::Filed {
        "passage-look-now"
    } else {
        "passage-retry-now"
    };
    Ok(render(&PassagePage {
        page,
        id: view.filing.id,
        standing: badge(t, view.standing),
        advice: advice(t, &view),
        other_ways: view.row.state != PeerState::Filed,
        facts: facts(t, &view),
        receipts: view
            .receipts
            .iter()
            .map(|receipt| receipt_row(t, &view, receipt))
            .collect(),
        may_retry: view.may_retry,
        retry: t.get(retry).into_owned(),
    }))
}

/// Has it tried, or looked after, at once.
pub(super) async fn retry(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    app.retry_peer_filing(posted.signed.actor(), id).await?;
    Ok(Redirect::to(&format!("/filings/{id}/passage")).into_response())
}

/// A receipt of the other instance, as it came.
pub(super) async fn download(
    State(app): State<App>,
    signed: Signed,
    Path((id, log)): Path<(String, String)>,
) -> PageResult {
    let view = app.view_peer_filing(signed.actor(), id_of(&id)?).await?;
    let name = receipt_name(&view, &log);
    let receipt = view
        .receipts
        .into_iter()
        .find(|receipt| receipt.log == log)
        .ok_or(app::AppError::NotFound)?;
    file(receipt.receipt.into_bytes(), "application/json", &name)
}

/// A line among what an addressee was handed.
pub(super) fn line(t: Texts, row: &PeerFiling) -> (String, Vec<Link>) {
    let text = match &row.remote {
        Some(remote) => t.with2(
            "passage-line-filed",
            "number",
            remote.number.as_str(),
            "time",
            fmt::date_time(t, remote.filed_at),
        ),
        None => t.with("passage-line", "peer", row.peer.as_str()),
    };
    let to = format!("/filings/{}/passage", row.filing);
    (
        text.into_owned(),
        vec![Link::new(to, t.get("passage-open"))],
    )
}

/// Where a report that travels on stands, in one word.
fn badge(t: Texts, standing: PeerStanding) -> StatusBadge {
    let tone = match standing {
        PeerStanding::Waiting | PeerStanding::Unproven => Tone::Info,
        PeerStanding::Trying => Tone::Warning,
        PeerStanding::Refused | PeerStanding::Doubted => Tone::Error,
        PeerStanding::Proven => Tone::Success,
    };
    let key = format!("passage-standing-{}", standing.code());
    StatusBadge::new(tone, t.get(&key))
}

/// What went wrong last, and what somebody does about it.
fn advice(t: Texts, view: &PeerFilingView) -> Option<String> {
    let code = view.row.last_error.as_deref()?;
    let mut text = t
        .find(&format!("passage-error-{code}"))
        .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned);
    if let Some(detail) = &view.row.last_detail {
        text.push_str(&t.with("passage-detail", "code", detail.as_str()));
    }
    Some(text)
}

fn facts(t: Texts, view: &PeerFilingView) -> SummaryList {
    let row = |key: &str, value: String| SummaryRow::new(t.get(key), &value);
    let at = |time: Option<jiff::Timestamp>| {
        time.map_or_else(
            || t.get("passage-not-yet").into_owned(),
            |time| fmt::date_time_seconds(t, time),
        )
    };
    let passage = &view.row;
    let place = if view.address.is_empty() {
        passage.peer.clone()
    } else {
        format!("{} ({})", passage.peer, view.address)
    };
    let mut rows = vec![
        row("passage-to", place),
        row("passage-own-number", view.filing.number.as_str().to_owned()),
        row("passage-own-time", at(Some(view.filing.filed_at))),
    ];
    if let Some(remote) = &passage.remote {
        rows.push(row("passage-number", remote.number.clone()));
        rows.push(row("passage-arrived", at(Some(remote.filed_at))));
        rows.push(row("passage-delivered", at(passage.delivered_at)));
        rows.push(row("passage-opened", at(passage.opened_at)));
        rows.push(row("passage-checked", at(passage.checked_at)));
        rows.push(row("passage-looked", at(passage.looked_at)));
    } else {
        rows.push(row("passage-attempts", passage.attempts.to_string()));
        let next = passage.next_attempt_at.map_or_else(
            || t.get("passage-no-next").into_owned(),
            |time| fmt::date_time_seconds(t, time),
        );
        rows.push(row("passage-next", next));
    }
    SummaryList::new(t, rows)
}

fn receipt_row(t: Texts, view: &PeerFilingView, receipt: &PeerReceipt) -> ReceiptRow {
    let verdict = if receipt.verdict == VERIFIED {
        StatusBadge::new(Tone::Success, t.get("passage-verified"))
    } else {
        let text = t.with("passage-unverified", "code", receipt.verdict.as_str());
        StatusBadge::new(Tone::Error, text)
    };
    ReceiptRow {
        verdict,
        witnesses: t
            .with("passage-witnesses", "count", receipt.witnesses)
            .into_owned(),
        judged: t
            .with(
                "passage-judged",
                "time",
                fmt::date_time_seconds(t, receipt.judged_at),
            )
            .into_owned(),
        href: format!("/filings/{}/passage/{}", view.filing.id, receipt.log),
        name: receipt_name(view, &receipt.log),
        log: receipt.log.clone(),
    }
}

fn receipt_name(view: &PeerFilingView, log: &str) -> String {
    let number = view
        .row
        .remote
        .as_ref()
        .map_or("", |remote| remote.number.as_str());
    format!("receipt-{number}-{log}.json")
}
