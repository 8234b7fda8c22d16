//! Controls of one field. Each displays as HTML: `{{ maker }}` in a page.
//!
//! They are views with templates of their own rather than template macros: the compiler
//! checks every call, and each is compiled once instead of at every use.

use askama::Template;

use crate::{forms::field_id, texts::Texts};

/// Whether a field must be filled in; shown in words beside every label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// 「※必須」.
    Required,
    /// 「※任意」.
    Optional,
    /// 「編集不可」: shown, not editable; the hint says why.
    ReadOnly,
}

/// What all controls have: name, label, hint and error.
#[derive(Clone, Debug)]
pub struct Head {
    pub(crate) t: Texts,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) requirement: Requirement,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
}

impl Head {
    pub(crate) fn new(t: Texts, name: &str, label: &str, error: Option<String>) -> Self {
        Self {
            t,
            id: field_id(name),
            name: name.to_owned(),
            label: label.to_owned(),
            requirement: Requirement::Optional,
            hint: None,
            error,
        }
    }

    /// The value of `aria-describedby`: the elements with the hint and the error.
    pub(crate) fn described_by(&self) -> Option<String> {
        match (&self.hint, &self.error) {
            (Some(_), Some(_)) => Some(format!("{0}-hint {0}-error", self.id)),
            (Some(_), None) => Some(format!("{}-hint", self.id)),
            (None, Some(_)) => Some(format!("{}-error", self.id)),
            (None, None) => None,
        }
    }

    pub(crate) fn is_required(&self) -> bool {
        self.requirement == Requirement::Required
    }
}

/// The settings that all controls share.
macro_rules! field_settings {
    ($($control:ty),*) => {
        $(
            impl $control {
                /// Adds a hint between label and control. `key` is a text key.
                #[must_use]
                pub fn hint(mut self, key: &str) -> Self {
                    self.head.hint = Some(self.head.t.get(key).into_owned());
                    self
                }

                /// Adds a hint put together by the caller.
                #[must_use]
                pub fn hint_text(mut self, text: impl Into<String>) -> Self {
                    self.head.hint = Some(text.into());
                    self
                }

                /// Replaces the label by one put together by the caller.
                #[must_use]
                pub fn label_text(mut self, text: impl Into<String>) -> Self {
                    self.head.label = text.into();
                    self
                }

                /// Marks the field 「※必須」 instead of 「※任意」.
                #[must_use]
                pub fn required(mut self) -> Self {
                    self.head.requirement = $crate::forms::control::Requirement::Required;
                    self
                }
            }

            impl askama::filters::HtmlSafe for $control {}
        )*
    };
}
pub(crate) use field_settings;

field_settings!(TextInput, TextArea, FileInput);

/// Width of a control, by the answer it expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// About 6 characters.
    Xs,
    /// About 14 characters.
    S,
    /// About 24 characters.
    M,
    /// The whole line.
    Full,
}

impl Width {
    fn code(self) -> &'static str {
        match self {
            Self::Xs => "xs",
            Self::S => "s",
            Self::M => "m",
            Self::Full => "full",
        }
    }
}

/// What a line of text holds, for keyboards and password managers. The server checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Any text.
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// A web address.
    Url,
    /// Digits; stays a text field, so that full-width digits can be typed.
    Digits,
    /// A secret; never shown again after an error.
    Password,
    /// A word to look for.
    Search,
}

impl InputKind {
    fn html_type(self) -> &'static str {
        match self {
            Self::Text | Self::Digits => "text",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Url => "url",
            Self::Password => "password",
            Self::Search => "search",
        }
    }
}

/// A line of text.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/text.html")]
pub struct TextInput {
    head: Head,
    value: String,
    kind: InputKind,
    width: Width,
    autocomplete: Option<&'static str>,
    unit: Option<String>,
}

impl TextInput {
    pub(crate) fn new(head: Head, value: &str) -> Self {
        Self {
            head,
            value: value.to_owned(),
            kind: InputKind::Text,
            width: Width::Full,
            autocomplete: None,
            unit: None,
        }
    }

    /// Sets what the line holds.
    #[must_use]
    pub fn kind(mut self, kind: InputKind) -> Self {
        self.kind = kind;
        self
    }

    /// Sets the width.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Sets the autofill field name (HTML Living Standard, section Autofill).
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// Adds a unit after the field. `key` is a text key.
    #[must_use]
    pub fn unit(mut self, key: &str) -> Self {
        self.unit = Some(self.head.t.get(key).into_owned());
        self
    }

    /// Shows the value without letting it be changed. `why` is a text key for the hint.
    #[must_use]
    pub fn read_only(mut self, why: &str) -> Self {
        self.head.requirement = Requirement::ReadOnly;
        self.hint(why)
    }

    fn shown_value(&self) -> &str {
        if self.kind == InputKind::Password {
            ""
        } else {
            &self.value
        }
    }
}

/// Several lines of text.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/text_area.html")]
pub struct TextArea {
    head: Head,
    value: String,
    rows: u8,
    max_chars: Option<usize>,
}

impl TextArea {
    pub(crate) fn new(head: Head, value: &str) -> Self {
        Self {
            head,
            value: value.to_owned(),
            rows: 5,
            max_chars: None,
        }
    }

    /// Sets the height in lines.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// Shows how many characters may be typed; the server checks.
    #[must_use]
    pub fn max_chars(mut self, max: usize) -> Self {
        self.max_chars = Some(max);
        self
    }

    fn described_by(&self) -> Option<String> {
        let counter = self.max_chars.map(|_| format!("{}-count", self.head.id));
        match (self.head.described_by(), counter) {
            (Some(others), Some(counter)) => Some(format!("{others} {counter}")),
            (others, counter) => others.or(counter),
        }
    }
}

/// One or more files to send.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/file.html")]
pub struct FileInput {
    head: Head,
    accept: Option<&'static str>,
    multiple: bool,
}

impl FileInput {
    pub(crate) fn new(head: Head) -> Self {
        Self {
            head,
            accept: None,
            multiple: false,
        }
    }

    /// Offers files of these types first, such as `.csv,.xlsx`; the server checks.
    #[must_use]
    pub fn accept(mut self, types: &'static str) -> Self {
        self.accept = Some(types);
        self
    }

    /// Lets several files be chosen.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }
}
