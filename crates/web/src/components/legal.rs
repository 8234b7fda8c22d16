//! A limit of the law with its calculation and source, on request (UX rule 14).

use askama::{Template, filters::HtmlSafe};
use jiff::Timestamp;
use statute::{Due, Reason};

use crate::components::DeadlineBadge;
use crate::fmt;
use crate::locale::Locale;
use crate::texts::Texts;

/// A limit, and behind a disclosure why it is that day and where the rule comes from.
#[derive(Clone, Debug, Template)]
#[template(path = "components/legal.html")]
pub struct LegalLimit {
    t: Texts,
    badge: Option<DeadlineBadge>,
    basis: String,
    conservative: Option<String>,
    rules: String,
    reasons: Vec<(String, String)>,
}

impl LegalLimit {
    /// The limit of a computed deadline.
    pub fn new(t: Texts, due: &Due, now: Timestamp) -> Self {
        let end = due
            .legal_limit
            .and_then(|last| statute::calendar::jst::end_of(last).ok());
        let badge = due.legal_limit.zip(end).map(|(last, end)| {
            DeadlineBadge::legal(t, last, end, now).unsettled(due.confidence.is_unsettled())
        });
        Self {
            t,
            badge,
            basis: words(t, &due.basis_ja, &due.basis),
            conservative: due.conservative_limit.map(|day| fmt::date(t, day)),
            rules: due.digest.to_hex().chars().take(12).collect(),
            reasons: due
                .reasons
                .iter()
                .map(|reason| reason_words(t, reason))
                .collect(),
        }
    }
}

impl HtmlSafe for LegalLimit {}

/// What a step says, and where it stands: article, and entry of the rule book with its pack.
fn reason_words(t: Texts, reason: &Reason) -> (String, String) {
    let basis = words(t, &reason.basis_ja, &reason.basis);
    (
        words(t, &reason.text_ja, &reason.text_en),
        format!("{basis} · {} {}", reason.pack, reason.key),
    )
}

fn words(t: Texts, japanese: &str, english: &str) -> String {
    match t.locale() {
        Locale::Ja => japanese.to_owned(),
        Locale::En => english.to_owned(),
    }
}
