use app::approvals::ApprovalItem;
use ids::FilingKind;
use model::approvals::{ApprovalPhase, Purpose};

use crate::components::{StatusBadge, Tone};
use crate::fmt;
use crate::texts::Texts;

/// A request on a list.
pub(crate) struct Card {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) case: Option<String>,
    pub(crate) line: String,
    pub(crate) waiting: Option<String>,
}

/// A request as a card, for lists and the home page.
pub(crate) fn card(t: Texts, item: &ApprovalItem) -> Card {
    let kind = kind(t, item.kind);
    let title = match item.purpose {
        Purpose::Filing => t.with("approval-card-title", "kind", kind),
        Purpose::Ratification => t.with("approval-card-ratify", "kind", kind),
    };
    Card {
        href: format!("/approvals/{}", item.id),
        title: title.into_owned(),
        case: item.case.clone(),
        line: t
            .with2(
                "approval-card-line",
                "name",
                item.by.as_str(),
                "time",
                fmt::date_time(t, item.at),
            )
            .into_owned(),
        waiting: item.stage.as_ref().map(|stage| {
            t.with2(
                "approval-card-waiting",
                "stage",
                stage.as_str(),
                "names",
                names(t, &item.waiting_for),
            )
            .into_owned()
        }),
    }
}

/// Names one after the other; words where nobody is left who could decide.
pub(crate) fn names(t: Texts, names: &[String]) -> String {
    if names.is_empty() {
        t.get("approval-nobody").into_owned()
    } else {
        names.join(&t.get("approval-names-or"))
    }
}

/// A kind of document in words.
pub(crate) fn kind(t: Texts, kind: FilingKind) -> String {
    t.get(&format!("approval-kind-{}", kind.code().replace('_', "-")))
        .into_owned()
}

/// Where a request stands, in words.
pub(super) fn phase(t: Texts, purpose: Purpose, phase: ApprovalPhase) -> StatusBadge {
    let ratified = purpose == Purpose::Ratification;
    let (tone, key) = match phase {
        ApprovalPhase::Waiting { .. } if ratified => (Tone::Warning, "approval-phase-unratified"),
        ApprovalPhase::Waiting { .. } => (Tone::Info, "approval-phase-waiting"),
        ApprovalPhase::Approved if ratified => (Tone::Success, "approval-phase-ratified"),
        ApprovalPhase::Approved => (Tone::Success, "approval-phase-approved"),
        ApprovalPhase::Returned if ratified => (Tone::Error, "approval-phase-not-ratified"),
        ApprovalPhase::Returned => (Tone::Warning, "approval-phase-returned"),
        ApprovalPhase::PulledBack => (Tone::Neutral, "approval-phase-pulled-back"),
        ApprovalPhase::Replaced => (Tone::Neutral, "approval-phase-replaced"),
        ApprovalPhase::Filed { .. } => (Tone::Success, "approval-phase-filed"),
    };
    StatusBadge::new(tone, t.get(key))
}
