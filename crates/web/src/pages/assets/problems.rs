//! Problems that the use cases name, shown at the fields of a page.

use app::FieldProblem;
use model::names::{MakerName, ProductName};

use crate::failure::field_key;
use crate::forms::{FieldError, FormErrors};

/// Adds each problem to its field. `labels` pairs the field names with their label keys; a problem of any other field
/// is shown at the first of them.
pub(super) fn add(
    errors: &mut FormErrors,
    problems: &[FieldProblem],
    labels: &[(&'static str, &'static str)],
) {
    for problem in problems {
        let known = labels.iter().find(|(name, _)| *name == problem.field);
        let Some((name, label)) = known.or_else(|| labels.first()) else {
            continue;
        };
        if errors.of(name).is_some() {
            continue;
        }
        let error = FieldError::new(name, *label, key_of(problem.code));
        errors.push(match (problem.code, most(name)) {
            ("text.too_long", Some(most)) => {
                FieldError::new(name, *label, "form-error-max-chars").arg("max", most.to_string())
            }
            _ => error,
        });
    }
}

/// Most characters of a name that is notified as typed.
fn most(field: &str) -> Option<usize> {
    match field {
        "product" => Some(ProductName::MAX_CHARS),
        "maker" => Some(MakerName::MAX_CHARS),
        _ => None,
    }
}

/// The text key of a code; what is empty is named by its label.
fn key_of(code: &'static str) -> String {
    match code {
        "text.empty" => "form-error-missing".to_owned(),
        "text.too_long" => "form-error-too-long".to_owned(),
        other => field_key(other),
    }
}
