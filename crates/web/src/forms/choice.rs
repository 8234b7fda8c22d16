//! Controls that offer a choice.

use askama::Template;

use crate::forms::{
    RawForm,
    control::{Head, Requirement, field_settings},
};

field_settings!(Select, Choices, Checkbox, AnswerState);

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A line below the choice.
    pub hint: Option<String>,
}

impl Choice {
    /// A choice that sends `value` and shows `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
        }
    }

    /// Adds a line below the choice.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }
}

/// A folded list; begins with an empty choice unless one is chosen.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/select.html")]
pub struct Select {
    head: Head,
    value: String,
    choices: Vec<Choice>,
}

impl Select {
    pub(crate) fn new(head: Head, value: &str, choices: Vec<Choice>) -> Self {
        Self {
            head,
            value: value.to_owned(),
            choices,
        }
    }
}

/// How many of a list may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Many {
    One,
    Any,
}

/// Choices all in sight: radio buttons or boxes.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/choices.html")]
pub struct Choices {
    head: Head,
    many: Many,
    items: Vec<Item>,
    inline: bool,
}

impl Choices {
    pub(crate) fn radios(head: Head, raw: &RawForm, choices: Vec<Choice>) -> Self {
        Self::new(head, raw, choices, Many::One)
    }

    pub(crate) fn checkboxes(head: Head, raw: &RawForm, choices: Vec<Choice>) -> Self {
        Self::new(head, raw, choices, Many::Any)
    }

    fn new(head: Head, raw: &RawForm, choices: Vec<Choice>, many: Many) -> Self {
        let items = choices
            .into_iter()
            .enumerate()
            .map(|(index, choice)| Item {
                id: item_id(&head.id, index),
                chosen: raw.all(&head.name).any(|value| value == choice.value),
                choice,
            })
            .collect();
        Self {
            head,
            many,
            items,
            inline: false,
        }
    }

    /// Puts short choices side by side.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    fn input_type(&self) -> &'static str {
        match self.many {
            Many::One => "radio",
            Many::Any => "checkbox",
        }
    }
}

#[derive(Clone, Debug)]
struct Item {
    id: String,
    choice: Choice,
    chosen: bool,
}

/// The first choice carries the id of the field, so that the error summary leads there.
fn item_id(field: &str, index: usize) -> String {
    if index == 0 {
        field.to_owned()
    } else {
        format!("{field}-{index}")
    }
}

/// A single box.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/checkbox.html")]
pub struct Checkbox {
    head: Head,
    checked: bool,
}

impl Checkbox {
    pub(crate) fn new(head: Head, checked: bool) -> Self {
        Self { head, checked }
    }
}

/// The four states of an answer: 入力済, 調査中, 不明, 該当なし.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/answer_state.html")]
pub struct AnswerState {
    head: Head,
    items: Vec<Item>,
}

impl AnswerState {
    /// The codes that are sent, in the order shown. Their labels are the texts
    /// `answer-state-<code>`.
    pub const CODES: [&'static str; 4] = ["known", "investigating", "unknown", "not_applicable"];

    pub(crate) fn new(head: Head, raw: &RawForm) -> Self {
        let sent = raw.get(&head.name);
        let value = if sent.is_empty() { "known" } else { sent };
        let items = Self::CODES
            .iter()
            .enumerate()
            .map(|(index, code)| {
                let key = format!("answer-state-{}", code.replace('_', "-"));
                Item {
                    id: item_id(&head.id, index),
                    choice: Choice::new(*code, head.t.get(&key)),
                    chosen: *code == value,
                }
            })
            .collect();
        Self { head, items }
    }
}
