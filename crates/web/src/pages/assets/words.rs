//! Codes of the register in words, and how limits and reasons are shown.

use app::assets::SOON_DAYS;
use askama::Template;
use askama::filters::HtmlSafe;
use formats::forms::{self, FieldKind, FormKind};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{DueNotification, NotificationDuty, NotifiedUnit, RevisionField};
use statute::calendar::jst;
use statute::{AssetClass, DueRefusal, Exemption, Reason};

use crate::components::{ConfidenceBadge, DeadlineBadge, StatusBadge, Tone};
use crate::fmt;
use crate::locale::Locale;
use crate::texts::{Args, Texts};

/// A choice of the form in words: classes and units stand in the form's own data.
fn option_label(t: Texts, field: &str, code: &str) -> String {
    let Ok(form) = forms::current(FormKind::AssetNotification) else {
        return code.to_owned();
    };
    let Some(FieldKind::Choice(options)) = form.field(field).map(|field| &field.kind) else {
        return code.to_owned();
    };
    options
        .iter()
        .find(|option| option.code == code)
        .map_or_else(
            || code.to_owned(),
            |option| match t.locale() {
                Locale::Ja => option.ja.clone(),
                Locale::En => option.en.clone(),
            },
        )
}

/// A class in words.
pub(super) fn class_label(t: Texts, class: AssetClass) -> String {
    option_label(t, "class", class.code())
}

/// A unit of notification in words.
pub(super) fn unit_label(t: Texts, unit: NotifiedUnit) -> String {
    option_label(t, "unit", unit.code())
}

/// Why something need not be notified, in words.
pub(super) fn exemption_label(t: Texts, exemption: Exemption) -> String {
    let code = exemption.code().replace('_', "-");
    t.get(&format!("exemption-{code}")).into_owned()
}

/// A field of a revision in words.
pub(super) fn field_label(t: Texts, field: RevisionField) -> String {
    let code = field.code().replace('_', "-");
    t.get(&format!("revision-{code}")).into_owned()
}

/// What is to be notified, in words.
pub(super) fn duty_label(t: Texts, duty: NotificationDuty) -> String {
    t.get(&format!("duty-{}", duty.code())).into_owned()
}

/// A difference in words, where it holds a code.
pub(super) fn value_text(t: Texts, field: RevisionField, text: Option<&str>) -> String {
    let Some(text) = text else {
        return t.get("revision-empty").into_owned();
    };
    match field {
        RevisionField::Class => option_label(t, "class", text),
        RevisionField::Unit => option_label(t, "unit", text),
        RevisionField::IntroducedOn | RevisionField::BecameSpecifiedOn => text
            .parse::<Date>()
            .map_or_else(|_| text.to_owned(), |day| fmt::date(t, day)),
        RevisionField::Exemption => {
            let (code, document) = text.split_once(' ').unwrap_or((text, ""));
            let reason = Exemption::parse(code)
                .map_or_else(|| code.to_owned(), |reason| exemption_label(t, reason));
            if document.is_empty() {
                reason
            } else {
                format!("{reason} {document}")
            }
        }
        RevisionField::Facility
        | RevisionField::FacilityCategory
        | RevisionField::Product
        | RevisionField::Maker
        | RevisionField::Note => text.to_owned(),
    }
}

/// Where a computer stands.
pub(super) fn phase_badge(t: Texts, phase: &str) -> StatusBadge {
    let tone = match phase {
        "notified" => Tone::Success,
        "draft" | "changed_since_notified" | "retirement_due" => Tone::Warning,
        "exempt" => Tone::Info,
        _ => Tone::Neutral,
    };
    StatusBadge::new(tone, phase_label(t, phase))
}

/// The same in words only.
pub(super) fn phase_label(t: Texts, phase: &str) -> String {
    t.get(&format!("computer-phase-{}", phase.replace('_', "-")))
        .into_owned()
}

/// The legal limit; absent where the law fixes none.
pub(super) fn deadline(t: Texts, due: &DueNotification, now: Timestamp) -> Option<DeadlineBadge> {
    let last_day = due.finding.due.legal_limit?;
    let badge = limit(t, last_day, now)?;
    Some(badge.unsettled(due.finding.due.confidence.is_unsettled()))
}

/// A legal limit by its last day.
pub(super) fn limit(t: Texts, last_day: Date, now: Timestamp) -> Option<DeadlineBadge> {
    let end = jst::end_of(last_day).ok()?;
    Some(DeadlineBadge::legal(t, last_day, end, now))
}

/// How near a limit is, for a row of a list.
pub(super) fn limit_badge(t: Texts, last_day: Date, today: Date) -> Option<StatusBadge> {
    use jiff::ToSpan as _;

    if last_day < today {
        return Some(StatusBadge::new(Tone::Error, t.get("due-overdue")));
    }
    let near_from = last_day.saturating_sub(i64::from(SOON_DAYS).days());
    (near_from <= today).then(|| StatusBadge::new(Tone::Warning, t.get("due-soon")))
}

/// Why the rule book gives no limit, in words.
pub(super) fn refusal_text(t: Texts, refusal: &DueRefusal) -> String {
    match t.locale() {
        Locale::Ja => refusal.text_ja(),
        Locale::En => refusal.to_string(),
    }
}

/// Reasons of a result, article by article.
#[derive(Debug, Template)]
#[template(path = "pages/assets/reasons.html")]
pub(super) struct Reasons {
    lines: Vec<ReasonLine>,
}

#[derive(Debug)]
struct ReasonLine {
    text: String,
    rests_on: String,
    unsettled: Option<ConfidenceBadge>,
}

impl Reasons {
    pub(super) fn new(t: Texts, reasons: &[Reason]) -> Self {
        let lines = reasons
            .iter()
            .map(|reason| {
                let (text, basis) = match t.locale() {
                    Locale::Ja => (&reason.text_ja, &reason.basis_ja),
                    Locale::En => (&reason.text_en, &reason.basis),
                };
                ReasonLine {
                    text: text.clone(),
                    rests_on: rests_on(t, basis, reason),
                    unsettled: reason
                        .confidence
                        .is_unsettled()
                        .then(|| ConfidenceBadge::new(t)),
                }
            })
            .collect();
        Self { lines }
    }
}

/// Article, source, and the entry of the rule book with its pack.
fn rests_on(t: Texts, basis: &str, reason: &Reason) -> String {
    t.with_args(
        "reason-basis",
        Args::new()
            .set("basis", basis.to_owned())
            .set("source", reason.source.clone())
            .set("entry", format!("{} {}", reason.pack, reason.key)),
    )
    .into_owned()
}

impl HtmlSafe for Reasons {}

/// A duty as it stands in an address.
pub(super) fn duty_of(segment: &str) -> Option<NotificationDuty> {
    segment.parse().ok()
}
