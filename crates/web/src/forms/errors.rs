//! Errors of a form, in the order of its fields.

use std::borrow::Cow;

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
    /// The label, which the text can name as `$label`: a text key, or the words of a form schema.
    pub label: Cow<'static, str>,
    /// Text key.
    pub key: Cow<'static, str>,
    /// Variables of the text.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error of a whole field.
    pub fn new(
        field: &str,
        label: impl Into<Cow<'static, str>>,
        key: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            field: field.to_owned(),
            part: None,
            label: label.into(),
            key: key.into(),
            args: Vec::new(),
        }
    }

    /// Names the part that is wrong.
    #[must_use]
    pub fn part(mut self, part: &'static str) -> Self {
        self.part = Some(part);
        self
    }

    /// Adds a variable of the text.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The error in words.
    pub fn text(&self, t: Texts) -> String {
        let label = t.find(&self.label).unwrap_or(Cow::Borrowed(&*self.label));
        let mut args = Args::new().set("label", label);
        for (name, value) in &self.args {
            args = args.set(name, value);
        }
        t.with_args(&self.key, args).into_owned()
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

    /// Adds an error of a field. `label` and `key` are text keys.
    pub fn add(
        &mut self,
        field: &str,
        label: impl Into<Cow<'static, str>>,
        key: impl Into<Cow<'static, str>>,
    ) {
        self.push(FieldError::new(field, label, key));
    }

    /// Adds an error with a part or variables.
    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Adds those of another part of the same form.
    pub fn extend(&mut self, other: &Self) {
        for error in other.iter() {
            self.push(error.clone());
        }
    }

    /// Takes a parsed value, or keeps its error key for the field.
    pub fn take<T>(
        &mut self,
        field: &str,
        label: &'static str,
        parsed: Result<T, &'static str>,
    ) -> Option<T> {
        parsed.map_err(|key| self.add(field, label, key)).ok()
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
        let hour = FieldError::new("aware", "gallery-aware", "form-error-hour").part("hour");
        errors.push(hour);
        let long = FieldError::new("product", "gallery-product", "form-error-max-chars");
        errors.push(long.arg("max", "200"));
        let summary = ErrorSummary::new(Texts::new(Locale::Ja), &errors).to_string();

        assert!(summary.contains(
            "href=\"#f-aware-hour\">認知した日時の「時」は、0〜23の数字で入力してください"
        ));
        assert!(summary.contains("href=\"#f-product\">製品名は200文字以内で入力してください"));
        assert_eq!(
            errors.text(Texts::new(Locale::Ja), "product").as_deref(),
            Some("製品名は200文字以内で入力してください")
        );
    }

    #[test]
    fn no_errors_show_nothing() {
        let summary = ErrorSummary::new(Texts::new(Locale::Ja), &FormErrors::new());

        assert_eq!(summary.to_string().trim(), "");
    }
}
