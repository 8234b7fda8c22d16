use std::borrow::Cow;

use app::incidents::{SectionState, Typed};
use axum::extract::Query;
use formats::answers::{Answer, AnswerState, AnswerValue};
use formats::forms::{Choice, Field, FieldKind, IncidentForm};
use ids::FilingKind;
use jiff::{SignedDuration, Timestamp, ToSpan};
use model::incidents::{AwarenessKind, Clock, ClockState, Lateness, WithdrawalReason};
use model::organisation::HouseTargets;
use statute::{EventCode, RuleBook};

use crate::components::{DeadlineBadge, LegalLimit, StatusBadge, TaskState, Tone};
use crate::fmt;
use crate::frame::named;
use crate::texts::Texts;

/// From how many days before its end a limit is called near; a habit of the house, not of the law.
const SOON_DAYS: u16 = 7;

/// Query of a page as pairs.
pub(super) type Pairs = Query<Vec<(String, String)>>;

fn composed(t: Texts, key: &str) -> String {
    t.get(&key.replace(['_', '.'], "-")).into_owned()
}

pub(super) fn phase(t: Texts, code: &str) -> StatusBadge {
    let tone = match code {
        "open" | "extended" => Tone::Warning,
        "prompt_filed" => Tone::Info,
        "full_filed" => Tone::Success,
        _ => Tone::Neutral,
    };
    StatusBadge::new(tone, composed(t, &format!("cases-phase-{code}")))
}

pub(in crate::pages) fn awareness_kind(t: Texts, kind: AwarenessKind) -> String {
    composed(t, &format!("cases-kind-{}", kind.code()))
}

pub(in crate::pages) fn event(t: Texts, event: EventCode) -> String {
    composed(t, &format!("cases-event-{}", event.code()))
}

pub(super) fn filing_kind(t: Texts, kind: FilingKind) -> String {
    composed(t, &format!("cases-filing-{}", kind.code()))
}

pub(crate) fn sheet(t: Texts, form: IncidentForm) -> String {
    composed(t, &format!("cases-sheet-{}", form.code()))
}

pub(super) fn withdrawal(t: Texts, reason: WithdrawalReason) -> String {
    composed(t, &format!("cases-withdraw-{}", reason.code()))
}

pub(super) fn outcome(t: Texts, code: &str) -> String {
    composed(t, &format!("cases-outcome-{code}"))
}

pub(super) fn warning(t: Texts, code: &str) -> String {
    let short = code.strip_prefix("warning.").unwrap_or(code);
    composed(t, &format!("cases-warning-{short}"))
}

/// Text key of what a field code says; codes without words of their own get a general sentence.
pub(in crate::pages) fn error_key(t: Texts, code: &str) -> Cow<'static, str> {
    let key = format!("cases-error-{}", code.replace(['_', '.'], "-"));
    match t.find(&key) {
        Some(_) => Cow::Owned(key),
        None => Cow::Borrowed("cases-error-other"),
    }
}

pub(super) fn task_state(state: SectionState) -> TaskState {
    match state {
        SectionState::NotBegun => TaskState::NotBegun,
        SectionState::Begun => TaskState::Begun,
        SectionState::Done => TaskState::Done,
        SectionState::ToCorrect => TaskState::ToCorrect,
    }
}

pub(crate) fn label(t: Texts, field: &Field) -> String {
    named(t, &field.label_ja, &field.label_en)
}

pub(super) fn hint(t: Texts, field: &Field) -> String {
    named(t, &field.hint_ja, &field.hint_en)
}

/// Clocks of one moment of awareness, as shown: time since awareness, the law's limit, the operator's own targets.
#[derive(Clone, Debug)]
pub(super) struct ClockView {
    pub(super) title: String,
    pub(super) prompt: Option<DeadlineBadge>,
    pub(super) prompt_target: Option<DeadlineBadge>,
    pub(super) prompt_filed: Option<String>,
    pub(super) full: Option<LegalLimit>,
    pub(super) full_target: Option<DeadlineBadge>,
    pub(super) full_filed: Option<String>,
    pub(super) late: Option<StatusBadge>,
}

pub(super) fn clock(t: Texts, clock: &Clock, targets: HouseTargets, now: Timestamp) -> ClockView {
    let kind = awareness_kind(t, clock.kind);
    let at = fmt::date_time(t, clock.aware_at);
    let running = clock.state == ClockState::Running;
    let prompt_open = running && clock.prompt_filed.is_none();
    let prompt_target = targets
        .prompt_hours
        .filter(|_| prompt_open)
        .and_then(|hours| {
            let target = clock
                .aware_at
                .checked_add(SignedDuration::from_hours(i64::from(hours)))
                .ok()?;
            Some(DeadlineBadge::internal(t, target, now))
        });
    let full_target = targets
        .full_days_before
        .filter(|_| running)
        .and_then(|days| {
            let day = clock
                .full
                .legal_limit?
                .checked_sub(i64::from(days).days())
                .ok()?;
            let end = statute::calendar::jst::end_of(day).ok()?;
            Some(DeadlineBadge::internal(t, end, now))
        });
    ClockView {
        title: t
            .with2("cases-clock-title", "kind", kind, "at", at)
            .into_owned(),
        prompt: prompt_open.then(|| DeadlineBadge::elapsed(t, clock.aware_at, now)),
        prompt_target,
        prompt_filed: clock.prompt_filed.map(|filed| fmt::date_time(t, filed.at)),
        full: running.then(|| LegalLimit::new(t, &clock.full, now)),
        full_target,
        full_filed: clock.full_filed.map(|filed| fmt::date_time(t, filed.at)),
        late: late(t, clock, now),
    }
}

/// Overdue and late, in words.
pub(super) fn late(t: Texts, clock: &Clock, now: Timestamp) -> Option<StatusBadge> {
    let running = clock.state == ClockState::Running || clock.full_filed.is_some();
    match clock.full_lateness(now, SOON_DAYS).filter(|_| running)? {
        Lateness::OnTime => None,
        Lateness::DueSoon => Some(StatusBadge::new(Tone::Warning, t.get("cases-due-soon"))),
        Lateness::Overdue => Some(StatusBadge::new(Tone::Error, t.get("cases-overdue"))),
        Lateness::FiledLate => Some(StatusBadge::new(Tone::Warning, t.get("cases-filed-late"))),
    }
}

/// An answer in words; 「未入力」 when nothing was entered.
pub(crate) fn typed(t: Texts, book: &RuleBook, field: &Field, typed: &Typed) -> String {
    match typed.read(book, field) {
        Ok(None) => t.get("cases-empty").into_owned(),
        Ok(Some(read)) => answer(t, field, &read),
        // What cannot be read is shown as it was typed.
        Err(_) => [typed.text.as_str(), typed.time.as_str()].join(" "),
    }
}

/// An answer in words.
pub(super) fn answer(t: Texts, field: &Field, answer: &Answer) -> String {
    let mut text = match answer.value() {
        None => state(t, answer.state()),
        Some(found) => value(t, field, found),
    };
    if answer.is_approximate() {
        text = t.with("cases-approximately", "value", text).into_owned();
    }
    if let Some(reason) = answer.reason() {
        text.push('\n');
        text.push_str(&t.with("cases-because", "reason", reason.as_str()));
    }
    text
}

pub(super) fn state(t: Texts, state: AnswerState) -> String {
    t.get(match state {
        AnswerState::Filled => "answer-state-known",
        AnswerState::Investigating => "answer-state-investigating",
        AnswerState::Unknown => "answer-state-unknown",
        AnswerState::NotApplicable => "answer-state-not-applicable",
    })
    .into_owned()
}

fn value(t: Texts, field: &Field, value: &AnswerValue) -> String {
    match value {
        AnswerValue::Text(text) => text.clone(),
        AnswerValue::Date(day) => fmt::date(t, *day),
        AnswerValue::DateTime(when) => match when.time {
            None => fmt::date(t, when.date),
            Some(_) => when
                .earliest()
                .map_or_else(String::new, |at| fmt::date_time(t, at)),
        },
        AnswerValue::Choice(code) => option(t, field, code),
        AnswerValue::Choices(codes) => codes
            .iter()
            .map(|code| option(t, field, code))
            .collect::<Vec<_>>()
            .join("\n"),
        AnswerValue::Quantity(quantity) => {
            format!(
                "{} {}",
                quantity.amount.as_str(),
                option(t, field, &quantity.unit)
            )
        }
        AnswerValue::Computers(computers) => computers
            .iter()
            .map(|computer| {
                let maker = computer.maker.as_ref().map(model::names::MakerName::as_str);
                match maker {
                    Some(maker) => format!("{}（{maker}）", computer.product.as_str()),
                    None => computer.product.as_str().to_owned(),
                }
            })
            .collect::<Vec<_>>()
            .join("\n"),
        AnswerValue::YesNo(yes) => t
            .get(if *yes { "cases-yes" } else { "cases-no" })
            .into_owned(),
    }
}

/// The options or units of a field.
pub(super) fn options(field: &Field) -> &[Choice] {
    match &field.kind {
        FieldKind::Choice(options) | FieldKind::Choices(options) | FieldKind::Quantity(options) => {
            options
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Computers
        | FieldKind::YesNo => &[],
    }
}

fn option(t: Texts, field: &Field, code: &str) -> String {
    options(field)
        .iter()
        .find(|option| option.code == code)
        .map_or_else(
            || code.to_owned(),
            |option| named(t, &option.ja, &option.en),
        )
}
