use app::submissions::{Content, ContentItem, Limit, LimitKind};
use model::submissions::{SubmissionChannel, SubmissionEventKind, SubmissionState};
use statute::{Answer, Confidence, Entry, RuleBook, SubmissionNeed};

use crate::components::{StatusBadge, Tone};
use crate::fmt;
use crate::frame::named;
use crate::locale::Locale;
use crate::pages::incidents::words;
use crate::texts::Texts;

/// Where a submission stands.
pub(crate) fn state(t: Texts, state: SubmissionState) -> StatusBadge {
    let tone = match state {
        SubmissionState::NotSubmitted => Tone::Warning,
        SubmissionState::Failed => Tone::Error,
        SubmissionState::Waiting | SubmissionState::Sent | SubmissionState::Delivered => Tone::Info,
        SubmissionState::Opened | SubmissionState::Checked => Tone::Success,
    };
    StatusBadge::new(
        tone,
        t.get(&format!(
            "submission-state-{}",
            state.code().replace('_', "-")
        )),
    )
}

/// Whether an addressee is told.
pub(super) fn needed(t: Texts, how: SubmissionNeed, needed: Answer) -> String {
    let key = match (how, needed) {
        (SubmissionNeed::Report | SubmissionNeed::Duty, Answer::Yes) => "submission-needed-duty",
        (SubmissionNeed::Ask, Answer::Yes) => "submission-needed-yes",
        (_, Answer::No) => "submission-needed-no",
        (_, Answer::Unknown) => "submission-needed-unknown",
    };
    t.get(key).into_owned()
}

/// The way, in words.
pub(super) fn channel(t: Texts, channel: SubmissionChannel) -> String {
    t.get(&format!("submission-channel-{}", channel.code()))
        .into_owned()
}

/// What became of a submission, in words.
pub(super) fn event(t: Texts, kind: SubmissionEventKind) -> String {
    t.get(&format!("submission-event-{}", kind.code()))
        .into_owned()
}

/// Until when something is due, with its name.
pub(super) fn limit(t: Texts, limit: &Limit) -> String {
    let until = match limit.kind {
        LimitKind::Promptly => t.get("submission-limit-promptly").into_owned(),
        LimitKind::Guideline { least, most } => t
            .with2("submission-limit-guideline", "least", least, "most", most)
            .into_owned(),
        LimitKind::Day(day) => fmt::until(t, day),
        LimitKind::Moment(at) => t
            .with("submission-limit-moment", "time", fmt::date_time(t, at))
            .into_owned(),
        LimitKind::Unknown => t.get("submission-limit-unknown").into_owned(),
    };
    let key = if limit.done {
        "submission-limit-done"
    } else {
        "submission-limit"
    };
    let name = named(t, &limit.entry.label_ja, &limit.entry.label_en);
    t.with2(key, "name", name, "until", until).into_owned()
}

/// The article.
pub(super) fn basis(t: Texts, entry: &Entry) -> String {
    let mut text = match t.locale() {
        Locale::Ja => entry.basis_ja.clone(),
        Locale::En => entry.basis.clone(),
    };
    if entry.confidence == Confidence::Assumed || entry.confidence == Confidence::Secondary {
        text.push_str(&t.get("submission-unsettled"));
    }
    text
}

/// The remark of an entry.
pub(super) fn note(t: Texts, entry: &Entry) -> String {
    named(
        t,
        entry.note_ja.as_deref().unwrap_or_default(),
        entry.note_en.as_deref().unwrap_or_default(),
    )
}

/// One item of what an addressee gets, as labels and lines.
pub(crate) fn lines(t: Texts, book: &RuleBook, item: &ContentItem) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = item
        .taken
        .iter()
        .map(|(field, typed)| (words::label(t, field), words::typed(t, book, field, typed)))
        .collect();
    if !item.answer.is_empty() {
        let answer = match item.answer.as_str() {
            "yes" => t.get("submission-yes").into_owned(),
            "no" => t.get("submission-no").into_owned(),
            other => other.to_owned(),
        };
        lines.push((t.get("submission-own-answer").into_owned(), answer));
    }
    lines
}

/// The name of an item with its number.
pub(crate) fn title(t: Texts, item: &ContentItem) -> String {
    let title = named(t, &item.title_ja, &item.title_en);
    if item.number == 0 {
        title
    } else {
        t.with2("cases-item", "number", item.number, "title", title)
            .into_owned()
    }
}

/// The name of an addressee.
pub(crate) fn name(t: Texts, content: &Content) -> String {
    named(t, &content.addressee.label_ja, &content.addressee.label_en)
}
