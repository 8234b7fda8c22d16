//! Differences in words.

use app::assets::reconcile::ReconciliationTask;
use model::assets::{DiscrepancyKind, TaskState};

use crate::pages::assets::words::{field_label, value_text};
use crate::texts::{Args, Texts};

/// What differs from what.
pub(super) fn kind_label(t: Texts, kind: DiscrepancyKind) -> String {
    t.get(&format!("reconcile-kind-{}", kind.code().replace('_', "-")))
        .into_owned()
}

/// What a kind means and what is to be done.
pub(super) fn kind_text(t: Texts, kind: DiscrepancyKind) -> String {
    t.get(&format!("reconcile-what-{}", kind.code().replace('_', "-")))
        .into_owned()
}

/// Where a task stands.
pub(super) fn state_label(t: Texts, state: TaskState) -> String {
    t.get(&format!(
        "reconcile-state-{}",
        state.code().replace('_', "-")
    ))
    .into_owned()
}

/// The field with its value before and after; empty where the whole computer is the difference.
pub(super) fn difference_text(t: Texts, task: &ReconciliationTask) -> String {
    let Some(field) = task.field else {
        return String::new();
    };
    t.with_args(
        "reconcile-field",
        Args::new()
            .set("field", field_label(t, field))
            .set("before", value_text(t, field, task.before.as_deref()))
            .set("after", value_text(t, field, task.after.as_deref())),
    )
    .into_owned()
}

/// File and row of a list.
pub(super) fn place_text(task: &ReconciliationTask) -> String {
    task.place.clone().unwrap_or_default()
}
