//! Messages to the reader.

use askama::{Template, filters::HtmlSafe};

use crate::{components::Tone, fmt::Time, page::Link, texts::Texts};

/// A notification banner.
#[derive(Clone, Debug, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    t: Texts,
    tone: Tone,
    title: String,
    body: Vec<String>,
    at: Option<Time>,
    link: Option<Link>,
}

impl Banner {
    /// A banner with a title.
    pub fn new(t: Texts, tone: Tone, title: impl Into<String>) -> Self {
        Self {
            t,
            tone,
            title: title.into(),
            body: Vec::new(),
            at: None,
            link: None,
        }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.body.push(text.into());
        self
    }

    /// Adds the time of what is told.
    #[must_use]
    pub fn at(mut self, at: Time) -> Self {
        self.at = Some(at);
        self
    }

    /// Adds a link below the text.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.link = Some(Link::new(href, label));
        self
    }

    /// What kind of message it is, in words for those who do not see colour or icon.
    fn kind(&self) -> String {
        self.t
            .get(&format!("banner-{}", self.tone.code()))
            .into_owned()
    }
}

impl HtmlSafe for Banner {}

/// Marking of a page: the class of the law and TLP, side by side, never derived from each
/// other.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "components/tier.html")]
pub struct TierBanner {
    t: Texts,
    /// The class of the law in words, if any.
    pub class: Option<String>,
    /// The TLP label as written (`TLP:AMBER+STRICT`), if any.
    pub tlp: Option<String>,
    /// With whom it may be shared, in words.
    pub sharing: String,
    at_bottom: bool,
}

impl TierBanner {
    /// The marking of a page.
    pub fn new(
        t: Texts,
        class: Option<String>,
        tlp: Option<String>,
        sharing: impl Into<String>,
    ) -> Self {
        Self {
            t,
            class,
            tlp,
            sharing: sharing.into(),
            at_bottom: false,
        }
    }

    /// The same marking for the foot of the page.
    #[must_use]
    pub fn bottom(&self) -> Self {
        Self {
            at_bottom: true,
            ..self.clone()
        }
    }

    fn label(&self) -> String {
        self.t
            .get(if self.at_bottom {
                "tier-label-bottom"
            } else {
                "tier-label"
            })
            .into_owned()
    }
}

impl HtmlSafe for TierBanner {}

/// What a list says when nothing is in it.
#[derive(Clone, Debug, Template)]
#[template(path = "components/empty.html")]
pub struct EmptyState {
    title: String,
    text: String,
    action: Option<Link>,
}

impl EmptyState {
    /// Says that there is nothing, and what that means.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            action: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn action(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.action = Some(Link::new(href, label));
        self
    }
}

impl HtmlSafe for EmptyState {}

/// A receipt number (受付番号), large, with a button to copy it.
#[derive(Clone, Debug, Template)]
#[template(path = "components/receipt.html")]
pub struct Receipt {
    t: Texts,
    number: String,
    recorded: Option<Time>,
}

impl Receipt {
    /// The number as it is written.
    pub fn new(t: Texts, number: impl Into<String>) -> Self {
        Self {
            t,
            number: number.into(),
            recorded: None,
        }
    }

    /// Adds the time of the record, to the second.
    #[must_use]
    pub fn recorded(mut self, at: Time) -> Self {
        self.recorded = Some(at);
        self
    }
}

impl HtmlSafe for Receipt {}
