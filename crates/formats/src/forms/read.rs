use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use super::schema::{
    Choice, Field, FieldKind, Form, FormKind, IncidentForm, LabelConfidence, Required, Scope,
};

/// Says what is wrong with a form file, or that there is no such form.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FormError {
    /// The file is not of the shape that a form file has.
    #[error("form file cannot be read: {reason}")]
    Shape {
        /// What the TOML parser says.
        reason: String,
    },
    /// A field contradicts itself or another.
    #[error("field `{key}` of form {form}: {reason}")]
    Field {
        /// The form.
        form: FormKind,
        /// The field.
        key: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// The parts of one form do not belong together.
    #[error("parts of form {form} do not belong together")]
    Parts {
        /// The form.
        form: FormKind,
    },
    /// A version that is no day with a counter.
    #[error("the version `{version}` of a form is no day with a counter, such as 2027-04-01.1")]
    Version {
        /// What stands there.
        version: String,
    },
    /// A version that is there already.
    #[error("form {form} has a version {version} already")]
    Twice {
        /// The form.
        form: FormKind,
        /// The version.
        version: String,
    },
    /// Forms were in use before others were added.
    #[error("forms were in use before others were added")]
    TooLate,
    /// This build knows no form of that kind and version.
    #[error("no such form or version")]
    NoSuchForm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    form: FormKind,
    part: Option<String>,
    version: String,
    title_ja: String,
    title_en: String,
    basis: String,
    field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    key: String,
    item: u8,
    #[serde(rename = "type")]
    kind: String,
    required: Required,
    scope: Option<Scope>,
    label_ja: String,
    label_en: String,
    #[serde(default)]
    hint_ja: String,
    #[serde(default)]
    hint_en: String,
    max_chars: Option<usize>,
    #[serde(default)]
    approximate: bool,
    options: Option<Vec<RawChoice>>,
    units: Option<Vec<RawChoice>>,
    confidence: LabelConfidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    code: String,
    ja: String,
    en: String,
}

/// Reads a form from its parts; the first part gives title and basis.
pub(super) fn read(parts: &[&str]) -> Result<Form, FormError> {
    let mut form: Option<Form> = None;
    for part in parts {
        let raw: RawForm = toml::from_str(part).map_err(|error| FormError::Shape {
            reason: error.message().to_owned(),
        })?;
        let sheet = sheet_of(&raw)?;
        let whole = form.get_or_insert_with(|| Form {
            kind: raw.form,
            version: raw.version.clone(),
            title_ja: raw.title_ja,
            title_en: raw.title_en,
            basis: raw.basis,
            fields: Vec::new(),
        });
        if whole.kind != raw.form || whole.version != raw.version {
            return Err(FormError::Parts { form: raw.form });
        }
        for field in raw.field {
            let field = read_field(raw.form, sheet, field)?;
            whole.fields.push(field);
        }
    }
    let form = form.ok_or(FormError::NoSuchForm)?;
    check_keys(&form)?;
    Ok(form)
}

fn sheet_of(raw: &RawForm) -> Result<Option<IncidentForm>, FormError> {
    match raw.part.as_deref() {
        None | Some("common") => Ok(None),
        Some(part) => part
            .parse()
            .map(Some)
            .map_err(|_| FormError::Parts { form: raw.form }),
    }
}

fn read_field(
    form: FormKind,
    sheet: Option<IncidentForm>,
    raw: RawField,
) -> Result<Field, FormError> {
    let wrong = |reason: &'static str| FormError::Field {
        form,
        key: raw.key.clone(),
        reason,
    };
    let options = raw.options.map(read_choices);
    let units = raw.units.map(read_choices);
    let kind = match (raw.kind.as_str(), options, units) {
        ("text", None, None) => FieldKind::Text,
        ("long_text", None, None) => FieldKind::LongText,
        ("date", None, None) => FieldKind::Date,
        ("date_time", None, None) => FieldKind::DateTime,
        ("choice", Some(options), None) => FieldKind::Choice(options),
        ("choices", Some(options), None) => FieldKind::Choices(options),
        ("quantity", None, Some(units)) => FieldKind::Quantity(units),
        ("computers", None, None) => FieldKind::Computers,
        ("yes_no", None, None) => FieldKind::YesNo,
        _ => {
            return Err(wrong(
                "the type is unknown, or options or units do not fit it",
            ));
        }
    };
    let is_text = matches!(kind, FieldKind::Text | FieldKind::LongText);
    if is_text != raw.max_chars.is_some() {
        return Err(wrong("texts have `max_chars` and nothing else has"));
    }
    let well_named = raw.key.starts_with(|c: char| c.is_ascii_lowercase())
        && raw
            .key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !well_named {
        return Err(wrong("a key has small letters, digits and `_`"));
    }
    let last_item = match form {
        FormKind::AssetNotification | FormKind::AssetChange => 5,
        FormKind::Incident => 7,
    };
    if !(1..=last_item).contains(&raw.item) {
        return Err(wrong("no such item in the order"));
    }
    Ok(Field {
        key: raw.key,
        item: raw.item,
        kind,
        required: raw.required,
        scope: raw.scope.unwrap_or(Scope::Answers),
        sheet,
        label_ja: raw.label_ja,
        label_en: raw.label_en,
        hint_ja: raw.hint_ja,
        hint_en: raw.hint_en,
        max_chars: raw.max_chars.unwrap_or(0),
        approximate: raw.approximate,
        confidence: raw.confidence,
    })
}

fn read_choices(raw: Vec<RawChoice>) -> Vec<Choice> {
    raw.into_iter()
        .map(|choice| Choice {
            code: choice.code,
            ja: choice.ja,
            en: choice.en,
        })
        .collect()
}

/// A key is used once in a scope, a code once in a field.
fn check_keys(form: &Form) -> Result<(), FormError> {
    let mut seen = BTreeSet::new();
    for field in &form.fields {
        let wrong = |reason: &'static str| FormError::Field {
            form: form.kind,
            key: field.key.clone(),
            reason,
        };
        if !seen.insert((field.scope, field.key.as_str())) {
            return Err(wrong("the key is used twice"));
        }
        let choices = match &field.kind {
            FieldKind::Choice(choices)
            | FieldKind::Choices(choices)
            | FieldKind::Quantity(choices) => choices,
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Date
            | FieldKind::DateTime
            | FieldKind::Computers
            | FieldKind::YesNo => continue,
        };
        let codes: BTreeSet<&str> = choices.iter().map(|choice| choice.code.as_str()).collect();
        if codes.is_empty() || codes.len() != choices.len() {
            return Err(wrong("codes are missing or used twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FormError, read};

    const HEAD: &str = "form = \"incident\"\nversion = \"1\"\ntitle_ja = \"様式\"\ntitle_en = \"Form\"\nbasis = \"Act Art. 5\"\n";

    fn check(field: &str) -> Result<(), FormError> {
        let tail = "item = 3\nrequired = \"full\"\nlabel_ja = \"欄\"\nlabel_en = \"Field\"\nconfidence = \"assumed\"\n";
        read(&[&format!("{HEAD}[[field]]\n{field}\n{tail}")]).map(|_| ())
    }

    #[test]
    fn a_plain_field_is_read() {
        assert_eq!(
            check("key = \"summary\"\ntype = \"text\"\nmax_chars = 10"),
            Ok(())
        );
    }

    #[test]
    fn an_unknown_setting_in_a_form_file_is_an_error() {
        assert!(matches!(
            check("key = \"a\"\ntype = \"yes_no\"\ncolour = \"red\""),
            Err(FormError::Shape { .. })
        ));
    }

    #[test]
    fn a_choice_without_options_or_a_text_without_length_is_an_error() {
        for field in [
            "key = \"a\"\ntype = \"choice\"",
            "key = \"a\"\ntype = \"text\"",
            "key = \"a\"\ntype = \"yes_no\"\nmax_chars = 3",
            "key = \"A\"\ntype = \"yes_no\"",
            "key = \"a\"\ntype = \"choice\"\noptions = []",
        ] {
            assert!(
                matches!(check(field), Err(FormError::Field { .. })),
                "{field}"
            );
        }
    }

    #[test]
    fn parts_of_different_versions_are_not_one_form() {
        let field = "[[field]]\nkey = \"a\"\ntype = \"yes_no\"\nitem = 3\nrequired = \"full\"\nlabel_ja = \"欄\"\nlabel_en = \"F\"\nconfidence = \"assumed\"\n";
        let one = format!("{HEAD}{field}");
        let other = one.replace("version = \"1\"", "version = \"2\"");
        assert!(matches!(
            read(&[&one, &other]),
            Err(FormError::Parts { .. })
        ));
        assert!(matches!(read(&[&one, &one]), Err(FormError::Field { .. })));
    }
}
