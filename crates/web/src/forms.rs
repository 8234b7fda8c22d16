//! Forms: raw values that survive an error, errors in order, controls that tie label, hint
//! and error together.
//!
//! A handler reads a [`RawForm`], parses it into domain values while it collects
//! [`FormErrors`], and either goes on or shows the form again with status 422. A [`Form`]
//! makes the controls of the page from the same three things, so what was typed stays.

pub mod choice;
pub mod control;
pub mod date;
pub mod digits;
mod eras;
pub mod errors;
pub mod raw;

use std::fmt;

use askama::filters::HtmlSafe;

pub use self::{
    choice::{AnswerState, Checkbox, Choice, Choices, Select},
    control::{FileInput, Head, InputKind, Requirement, TextArea, TextInput, Width},
    date::{DateInput, DateTimeInput},
    errors::{ErrorSummary, FieldError, FormErrors},
    raw::RawForm,
};

use crate::texts::Texts;

/// Makes the controls of one form.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    t: Texts,
    raw: &'a RawForm,
    errors: &'a FormErrors,
}

impl<'a> Form<'a> {
    /// A form that shows `raw` and `errors` in the language of `t`.
    pub fn new(t: Texts, raw: &'a RawForm, errors: &'a FormErrors) -> Self {
        Self { t, raw, errors }
    }

    /// The errors for the top of the page; displays as nothing when there are none.
    pub fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.t, self.errors)
    }

    /// A line of text. `label` is a text key.
    pub fn text(&self, name: &str, label: &str) -> TextInput {
        TextInput::new(self.head(name, label), self.raw.get(name))
    }

    /// Several lines of text.
    pub fn text_area(&self, name: &str, label: &str) -> TextArea {
        TextArea::new(self.head(name, label), self.raw.get(name))
    }

    /// One of a list, folded.
    pub fn select(&self, name: &str, label: &str, choices: Vec<Choice>) -> Select {
        Select::new(self.head(name, label), self.raw.get(name), choices)
    }

    /// One of a few, all in sight.
    pub fn radios(&self, name: &str, legend: &str, choices: Vec<Choice>) -> Choices {
        Choices::radios(self.head(name, legend), self.raw, choices)
    }

    /// Any of a few.
    pub fn checkboxes(&self, name: &str, legend: &str, choices: Vec<Choice>) -> Choices {
        Choices::checkboxes(self.head(name, legend), self.raw, choices)
    }

    /// A single box with the value `yes`.
    pub fn checkbox(&self, name: &str, label: &str) -> Checkbox {
        Checkbox::new(self.head(name, label), self.raw.is_checked(name))
    }

    /// A day in three fields: `<name>.year`, `.month`, `.day`.
    pub fn date(&self, name: &str, legend: &str) -> DateInput {
        DateInput::new(self.head(name, legend), self.raw, self.errors)
    }

    /// A day and a time: as [`Form::date`], with `<name>.hour` and `.minute`.
    pub fn date_time(&self, name: &str, legend: &str) -> DateTimeInput {
        DateTimeInput::new(self.head(name, legend), self.raw, self.errors)
    }

    /// One or more files.
    pub fn file(&self, name: &str, label: &str) -> FileInput {
        FileInput::new(self.head(name, label))
    }

    /// Whether an answer is known, under inquiry, unknown or does not apply:
    /// `<name>.state`. Show it after the control it belongs to.
    pub fn answer_state(&self, name: &str, legend: &str) -> AnswerState {
        AnswerState::new(self.head(&format!("{name}.state"), legend), self.raw)
    }

    fn head(&self, name: &str, label: &str) -> Head {
        Head::new(
            self.t,
            name,
            &self.t.get(label),
            self.errors.text(self.t, name),
        )
    }
}

/// The hidden field with the token that protects a form against requests from other sites.
#[derive(Clone, Copy, Debug)]
pub struct CsrfField<'a>(Option<&'a str>);

impl<'a> CsrfField<'a> {
    /// Name of the field.
    pub const NAME: &'static str = "csrf";

    /// A field with `token`; nothing without one (pages before sign-in).
    pub fn new(token: Option<&'a str>) -> Self {
        Self(token)
    }
}

impl fmt::Display for CsrfField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(token) = self.0 else { return Ok(()) };
        f.write_str("<input type=\"hidden\" name=\"csrf\" value=\"")?;
        for letter in token.chars() {
            // A token is base64url; anything else could only be a mistake of ours.
            if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '=' | '.') {
                write!(f, "{letter}")?;
            }
        }
        f.write_str("\">")
    }
}

impl HtmlSafe for CsrfField<'_> {}

/// The element id of a field: its name with what ids dislike replaced.
pub fn field_id(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                letter
            } else {
                '-'
            }
        })
        .collect();
    format!("f-{safe}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn a_control_ties_label_hint_and_error_together() {
        let raw = RawForm::from_pairs([("maker", "<株式会社>")]);
        let mut errors = FormErrors::new();
        errors.add("maker", "gallery-maker", "form-error-missing");
        let form = Form::new(Texts::new(Locale::Ja), &raw, &errors);

        let html = form
            .text("maker", "gallery-maker")
            .hint("gallery-maker-hint")
            .required()
            .to_string();

        assert!(
            html.contains("<label class=\"field__label\" for=\"f-maker\">"),
            "{html}"
        );
        assert!(html.contains("※必須"), "{html}");
        assert!(
            html.contains("aria-describedby=\"f-maker-hint f-maker-error\""),
            "{html}"
        );
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        assert!(html.contains("id=\"f-maker-error\""), "{html}");
        assert!(html.contains("＊"), "{html}");
        assert!(html.contains("value=\"&#60;株式会社&#62;\""), "{html}");
    }

    #[test]
    fn a_token_cannot_leave_its_attribute() {
        let field = CsrfField::new(Some("abc\"><script>")).to_string();

        assert_eq!(
            field,
            "<input type=\"hidden\" name=\"csrf\" value=\"abcscript\">"
        );
    }
}
