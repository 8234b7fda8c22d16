//! Answers, moments and pages of a list.

use askama::{Template, filters::HtmlSafe};

use crate::{components::Tone, fmt::Time, page::Link, texts::Texts};

/// One line of a [`SummaryList`].
#[derive(Clone, Debug)]
pub struct SummaryRow {
    key: String,
    lines: Vec<String>,
    change: Option<String>,
    badge: Option<String>,
}

impl SummaryRow {
    /// A question or property and its answer; each line of the answer is a line shown.
    pub fn new(key: impl Into<String>, answer: &str) -> Self {
        let lines = answer.lines().map(str::to_owned).collect();
        Self {
            key: key.into(),
            lines,
            change: None,
            badge: None,
        }
    }

    /// Adds the link 「変更」 to the field.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Self {
        self.change = Some(href.into());
        self
    }

    /// Adds a badge, a time or another component after the answer.
    #[must_use]
    pub fn badge(mut self, component: &impl HtmlSafe) -> Self {
        self.badge = Some(component.to_string());
        self
    }
}

/// Properties of a thing, or all answers before they are filed, with 「変更」 links.
#[derive(Clone, Debug, Template)]
#[template(path = "components/summary.html")]
pub struct SummaryList {
    t: Texts,
    rows: Vec<SummaryRow>,
}

impl SummaryList {
    /// A list of rows.
    pub fn new(t: Texts, rows: Vec<SummaryRow>) -> Self {
        Self { t, rows }
    }
}

impl HtmlSafe for SummaryList {}

/// One moment of a [`Timeline`].
#[derive(Clone, Debug)]
pub struct Moment {
    at: Time,
    title: String,
    lines: Vec<String>,
    tone: Tone,
    link: Option<Link>,
}

impl Moment {
    /// Something that happened.
    pub fn new(at: Time, tone: Tone, title: impl Into<String>) -> Self {
        Self {
            at,
            title: title.into(),
            lines: Vec::new(),
            tone,
            link: None,
        }
    }

    /// Adds a line, such as who did it.
    #[must_use]
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.link = Some(Link::new(href, label));
        self
    }
}

/// Moments in order.
#[derive(Clone, Debug, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    moments: Vec<Moment>,
}

impl Timeline {
    /// Moments in the order given.
    pub fn new(moments: Vec<Moment>) -> Self {
        Self { moments }
    }
}

impl HtmlSafe for Timeline {}

/// Links to the neighbouring pages of a list that is read by cursor.
#[derive(Clone, Debug, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    t: Texts,
    previous: Option<String>,
    next: Option<String>,
    shown: String,
}

impl Pagination {
    /// `shown` says in words what the page holds, such as 「1〜50件目（全212件）」.
    pub fn new(
        t: Texts,
        previous: Option<String>,
        next: Option<String>,
        shown: impl Into<String>,
    ) -> Self {
        Self {
            t,
            previous,
            next,
            shown: shown.into(),
        }
    }
}

impl HtmlSafe for Pagination {}
