//! Errors of a form, in the order of its fields.

use askama::{Template, filters::HtmlSafe};

use crate::{
    forms::field_id,
    texts::{Args, Texts},
};

/// What is wrong with one field: a text key that says what to do, with its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// Part of the field that is wrong, such as `month`; the summary links there.
    pub part: Option<&'static str>,
    /// Text key.
    pub key: &'static str,
    /// Variables of the text.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// The error in words.
    pub fn text(&self, t: Texts) -> String {
        let args = self
            .args
            .iter()
            .fold(Args::new(), |args, (name, value)| args.set(name, value));
        t.with_args(self.key, args).into_owned()
    }

    /// The element that the summary links to.
    pub fn target(&self) -> String {
        match self.part {
            Some(part) => field_id(&format!("{}.{part}", self.field)),
            None => field_id(&self.field),
        }
    }
}

/// The errors of a form. Add them in the order of the fields on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// No errors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the form can be taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an error of a field. `key` is a text key.
    pub fn add(&mut self, field: &str, key: &'static str) {
        self.push(FieldError {
            field: field.to_owned(),
            part: None,
            key,
            args: Vec::new(),
        });
    }

    /// Adds an error with one variable in its text.
    pub fn add_with(
        &mut self,
        field: &str,
        key: &'static str,
        name: &'static str,
        value: impl ToString,
    ) {
        let args = vec![(name, value.to_string())];
        self.push(FieldError {
            field: field.to_owned(),
            part: None,
            key,
            args,
        });
    }

    /// Adds an error of one part of a field, such as the month of a date.
    pub fn add_part(&mut self, field: &str, part: &'static str, key: &'static str) {
        self.push(FieldError {
            field: field.to_owned(),
            part: Some(part),
            key,
            args: Vec::new(),
        });
    }

    /// Adds an error.
    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Takes a parsed value or keeps its error key for the field.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, &'static str>) -> Option<T> {
        parsed.map_err(|key| self.add(field, key)).ok()
    }

    /// The errors in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// The first error of a field.
    pub fn of(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field)
    }

    /// The first error of a field, in words.
    pub fn text(&self, t: Texts, field: &str) -> Option<String> {
        self.of(field).map(|error| error.text(t))
    }
}

/// The list of errors at the top of a page; the script moves the focus to it.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/error_summary.html")]
pub struct ErrorSummary {
    t: Texts,
    items: Vec<(String, String)>,
}

impl ErrorSummary {
    /// The summary of `errors`; displays as nothing when there are none.
    pub fn new(t: Texts, errors: &FormErrors) -> Self {
        let items = errors
            .iter()
            .map(|error| (error.target(), error.text(t)))
            .collect();
        Self { t, items }
    }
}

impl HtmlSafe for ErrorSummary {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn the_summary_links_to_the_first_wrong_part_in_the_words_of_the_field() {
        let mut errors = FormErrors::new();
        errors.add_part("aware", "hour", "form-error-hour");
        errors.add_with("product", "form-error-max-chars", "max", 200);
        let summary = ErrorSummary::new(Texts::new(Locale::Ja), &errors).to_string();

        assert!(summary.contains("href=\"#f-aware-hour\">時は0〜23の数字で入力してください"));
        assert!(summary.contains("href=\"#f-product\">200文字以内で入力してください"));
        assert_eq!(
            errors.text(Texts::new(Locale::Ja), "product").as_deref(),
            Some("200文字以内で入力してください")
        );
    }

    #[test]
    fn no_errors_show_nothing() {
        let summary = ErrorSummary::new(Texts::new(Locale::Ja), &FormErrors::new());

        assert_eq!(summary.to_string().trim(), "");
    }
}
