//! The committee's pages: the logs, their entries and proofs, and the verification of receipts.

mod entry;
mod log;
mod logs;
mod verify;

use app::LogCode;
use app::ledger_view::WitnessState;
use axum::routing::get;

use crate::components::{StatusBadge, Tone};
use crate::failure::PageError;
use crate::frame::named;
use crate::problem::WebError;
use crate::routes::Routes;
use crate::texts::Texts;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/audit", get(logs::show))
        .route("/audit/verify", get(verify::show).post(verify::check))
        .route("/audit/{log}", get(log::show))
        .route("/audit/{log}/{index}", get(entry::show))
}

/// The log of an address.
fn log_of(slug: &str) -> Result<LogCode, PageError> {
    LogCode::parse(slug).ok_or_else(|| WebError::not_found().into())
}

/// Name of a log: its authority, or the instance.
fn log_name(t: Texts, log: &LogCode, authority: Option<&(String, String)>) -> String {
    let name = match authority {
        Some((japanese, english)) => named(t, japanese, english),
        None => t.get("audit-instance-log").into_owned(),
    };
    if log.epoch() == 1 {
        name
    } else {
        t.with2(
            "audit-log-epoch",
            "name",
            name,
            "number",
            log.epoch().to_string(),
        )
        .into_owned()
    }
}

fn witness_badge(t: Texts, state: WitnessState) -> StatusBadge {
    let (tone, key) = match state {
        WitnessState::Witnessed => (Tone::Success, "audit-witnessed"),
        WitnessState::Stalled => (Tone::Warning, "audit-stalled"),
        WitnessState::None => (Tone::Warning, "audit-no-witness"),
        WitnessState::Ended => (Tone::Neutral, "audit-ended"),
    };
    StatusBadge::new(tone, t.get(key))
}

fn kind_name(t: Texts, kind: Option<ids::OrganisationKind>) -> String {
    let code = kind.map_or("log", ids::OrganisationKind::code);
    t.get(&format!("audit-kind-{}", code.replace('_', "-")))
        .into_owned()
}
