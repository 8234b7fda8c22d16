//! Short states in words, with icon and colour.

use askama::{Template, filters::HtmlSafe};

use crate::{components::Icon, texts::Texts};

/// What a colour says; the words say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to note.
    Neutral,
    /// Going on.
    Info,
    /// Done, accepted.
    Success,
    /// Needs a look.
    Warning,
    /// Wrong, overdue.
    Error,
}

impl Tone {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    pub(crate) fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Empty,
            Self::Info => Icon::Info,
            Self::Success => Icon::Done,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Error,
        }
    }
}

/// The state of a thing: 「受領済み」, 「補正依頼あり」.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="badge badge--{{ tone.code() }}">{{ tone.icon() }}{{ text }}</span>"#,
    ext = "html"
)]
pub struct StatusBadge {
    tone: Tone,
    text: String,
}

impl StatusBadge {
    /// A badge that says `text`.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }

    /// What it says, for what is printed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl HtmlSafe for StatusBadge {}

/// 「未確定」 beside what rests on a rule that no primary text confirms.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="badge badge--unsettled">{{ Icon::Question }}{{ t.get("confidence-unsettled") }}<span class="visually-hidden">{{ t.get("confidence-unsettled-why") }}</span></span>"#,
    ext = "html"
)]
pub struct ConfidenceBadge {
    t: Texts,
}

impl ConfidenceBadge {
    /// The badge in the language of `t`.
    pub fn new(t: Texts) -> Self {
        Self { t }
    }
}

impl HtmlSafe for ConfidenceBadge {}
