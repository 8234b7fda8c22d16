use std::collections::BTreeMap;

use app::peers::{Found, FoundAddressee, FoundCorrection, PeerFailure};
use ids::{CorrectionId, FilingId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::api::Api;

#[derive(Deserialize)]
struct Detail {
    body: Value,
    addressees: Vec<Addressee>,
    checks: Vec<Check>,
    corrections: Vec<Correction>,
}

#[derive(Deserialize)]
struct Addressee {
    organisation: Uuid,
    role: String,
    delivery: Option<String>,
    delivered_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Check {
    checked_at: Timestamp,
}

#[derive(Deserialize)]
struct Correction {
    id: CorrectionId,
    filing: FilingId,
    organisation: Uuid,
    field: String,
    text: String,
    wanted_by: Option<Date>,
    requested_at: Timestamp,
    answer: Option<Value>,
}

#[derive(Deserialize)]
struct Receipts {
    items: Vec<Receipt>,
}

#[derive(Deserialize)]
struct Receipt {
    log: String,
    proves: String,
    state: String,
}

/// What became of a filing. Receipts that no checkpoint covers yet are left out.
pub(crate) fn look(api: &Api, filing: FilingId) -> Result<Found, PeerFailure> {
    let detail: Detail = api.get(&format!("/filings/{filing}"))?;
    let listed: Receipts = api.get(&format!("/filings/{filing}/receipts"))?;
    let mut receipts = BTreeMap::new();
    for receipt in listed.items {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '~');
        if receipt.log.is_empty() || !receipt.log.chars().all(plain) {
            return Err(PeerFailure::Answer);
        }
        if receipt.proves == "arrival" && receipt.state == "ready" {
            let octets = api.get_octets(&format!("/filings/{filing}/receipts/{}", receipt.log))?;
            receipts.insert(receipt.log, octets);
        }
    }
    let role_of = |desk: Uuid| {
        let found = detail.addressees.iter().find(|to| to.organisation == desk);
        found.map(|to| to.role.clone()).unwrap_or_default()
    };
    let corrections = detail
        .corrections
        .iter()
        .filter(|correction| correction.filing == filing)
        .map(|correction| FoundCorrection {
            id: correction.id,
            role: role_of(correction.organisation),
            field: correction.field.clone(),
            text: correction.text.clone(),
            wanted_by: correction.wanted_by,
            requested_at: correction.requested_at,
            answered: correction.answer.is_some(),
        })
        .collect();
    Ok(Found {
        corrections,
        addressees: detail
            .addressees
            .iter()
            .map(|to| FoundAddressee {
                role: to.role.clone(),
                delivery: to.delivery.as_deref().and_then(|code| code.parse().ok()),
                delivered_at: to.delivered_at,
                opened_at: to.opened_at,
            })
            .collect(),
        checked_at: detail.checks.iter().map(|check| check.checked_at).min(),
        body: detail.body,
        receipts,
    })
}
