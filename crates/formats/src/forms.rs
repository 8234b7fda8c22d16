//! Form schemas as data: what is asked on which form, versioned.

mod read;
mod schema;

use std::sync::{LazyLock, OnceLock};

use jiff::civil::Date;

pub use read::FormError;
pub use schema::{
    Choice, Field, FieldKind, Form, FormKind, IncidentForm, LabelConfidence, Required, Scope,
};

/// Every version of every form that a filing may have been written on, newest first.
///
/// Old versions stay: a filed version is always shown on the form it was written on.
const SOURCES: &[&[&str]] = &[
    &[include_str!("../forms/asset-notification.toml")],
    &[include_str!("../forms/asset-change.toml")],
    &[
        include_str!("../forms/incident-common.toml"),
        include_str!("../forms/incident-form1-ddos.toml"),
        include_str!("../forms/incident-form2-ransomware.toml"),
        include_str!("../forms/incident-form3-other.toml"),
    ],
];

static FORMS: LazyLock<Result<Vec<Form>, FormError>> = LazyLock::new(|| {
    let mut forms: Vec<Form> = SOURCES
        .iter()
        .map(|parts| read::read(parts))
        .collect::<Result<_, _>>()?;
    forms.extend(ADDED.get_or_init(Vec::new).iter().cloned());
    forms.sort_by(|one, other| other.version.cmp(&one.version));
    Ok(forms)
});

/// Versions from outside the build.
static ADDED: OnceLock<Vec<Form>> = OnceLock::new();

/// Adds versions of forms to those of the build, each from the parts of its sheets, for example the official ones once
/// they are at hand. To be called before anything else here; a second time only with the same versions.
///
/// # Errors
/// [`FormError`] for a file that is no form, for a version that is there already, and when it comes too late.
pub fn add(versions: &[Vec<String>]) -> Result<(), FormError> {
    let mut added: Vec<Form> = Vec::new();
    for parts in versions {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let form = read::read(&parts)?;
        if form.in_force_from().is_none() {
            return Err(FormError::Version {
                version: form.version,
            });
        }
        let twice = |other: &Form| other.kind == form.kind && other.version == form.version;
        let mut built_in = SOURCES.iter().filter_map(|parts| read::read(parts).ok());
        if built_in.any(|other| twice(&other)) || added.iter().any(twice) {
            return Err(FormError::Twice {
                form: form.kind,
                version: form.version,
            });
        }
        added.push(form);
    }
    if *ADDED.get_or_init(|| added.clone()) == added {
        Ok(())
    } else {
        Err(FormError::TooLate)
    }
}

/// All forms of this build, newest version first within a kind.
pub fn all() -> Result<&'static [Form], FormError> {
    match &*FORMS {
        Ok(forms) => Ok(forms),
        Err(error) => Err(error.clone()),
    }
}

/// The version of a form on which drafts are begun on a day: the newest that is in force, or the oldest before all.
///
/// # Errors
/// [`FormError`] when a form of the build cannot be read.
pub fn in_force(kind: FormKind, on: Date) -> Result<&'static Form, FormError> {
    let mut of_kind = all()?.iter().filter(|form| form.kind == kind);
    let in_force = of_kind
        .clone()
        .find(|form| form.in_force_from().is_some_and(|from| from <= on));
    in_force
        .or_else(|| of_kind.next_back())
        .ok_or(FormError::NoSuchForm)
}

/// The newest version of a form, in force or not.
pub fn current(kind: FormKind) -> Result<&'static Form, FormError> {
    all()?
        .iter()
        .find(|form| form.kind == kind)
        .ok_or(FormError::NoSuchForm)
}

/// One version of a form, on which a filing was written.
pub fn version(kind: FormKind, version: &str) -> Result<&'static Form, FormError> {
    all()?
        .iter()
        .find(|form| form.kind == kind && form.version == version)
        .ok_or(FormError::NoSuchForm)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{FieldKind, FormError, FormKind, IncidentForm, Required, all, current, version};

    #[test]
    fn every_form_of_the_build_can_be_read() {
        for kind in FormKind::ALL {
            let form = current(*kind).unwrap();
            assert_eq!(form.version, "2026-10-01.1");
            assert_eq!(version(*kind, &form.version).unwrap(), form);
        }
        assert_eq!(
            version(FormKind::Incident, "1999-01-01.1"),
            Err(FormError::NoSuchForm)
        );
        assert_eq!(all().unwrap().len(), 3);
    }

    #[test]
    fn an_incident_form_has_fields_for_all_seven_items_on_each_of_the_three_sheets() {
        let form = current(FormKind::Incident).unwrap();
        for sheet in IncidentForm::ALL {
            let items: BTreeSet<u8> = form
                .fields_of(Some(*sheet))
                .map(|field| field.item)
                .collect();
            assert_eq!(items, (1..=7).collect(), "{sheet}");
        }
    }

    #[test]
    fn a_sheet_shows_the_common_fields_and_its_own_but_not_those_of_another() {
        let form = current(FormKind::Incident).unwrap();
        let keys: Vec<&str> = form
            .fields_of(Some(IncidentForm::Ransomware))
            .map(|field| field.key.as_str())
            .collect();
        assert!(keys.contains(&"summary"));
        assert!(keys.contains(&"ransom_note"));
        assert!(!keys.contains(&"ddos_kind"));
    }

    #[test]
    fn items_one_and_two_are_asked_at_the_prompt_stage_and_no_other_is() {
        let form = current(FormKind::Incident).unwrap();
        for field in &form.fields {
            assert_eq!(
                field.required == Required::Prompt,
                field.item <= 2 && field.required != Required::Optional,
                "{}",
                field.key
            );
            assert_ne!(field.required, Required::Filing, "{}", field.key);
        }
    }

    #[test]
    fn every_label_stands_in_both_languages() {
        for form in all().unwrap() {
            for field in &form.fields {
                assert!(
                    !field.label_ja.is_empty() && !field.label_en.is_empty(),
                    "{}",
                    field.key
                );
                assert!(field.label_en.is_ascii(), "{}", field.key);
                assert_eq!(
                    field.hint_ja.is_empty(),
                    field.hint_en.is_empty(),
                    "{}",
                    field.key
                );
                if let FieldKind::Choice(options) = &field.kind {
                    assert!(
                        options
                            .iter()
                            .all(|option| !option.ja.is_empty() && option.en.is_ascii())
                    );
                }
            }
        }
    }
}
