//! One computer: what is due and why, its items, its history and its filings.

use app::App;
use app::assets::{ComputerView, LimitChange, RevisionView};
use askama::Template;
use axum::extract::{Path, State};
use ids::ComputerId;
use jiff::civil::Date;
use model::assets::{ComputerPhase, Revision};

use super::form::outcome_text;
use super::words::{
    Reasons, class_label, deadline, duty_label, exemption_label, field_label, phase_badge,
    refusal_text, unit_label, value_text,
};
use crate::components::{Banner, DeadlineBadge, StatusBadge, SummaryList, SummaryRow, Tone};
use crate::failure::{PageResult, form_urlencoded};
use crate::fmt;
use crate::page::{Page, render};
use crate::pages::advisories;
use crate::session::Signed;
use crate::texts::Texts;

struct DueView {
    duty: String,
    badge: Option<DeadlineBadge>,
    limit: Option<String>,
    conservative: Option<String>,
    basis: String,
    reasons: Reasons,
    href: String,
    rules: String,
}

/// A limit that moved with the rule book.
struct LimitLine {
    at: fmt::Time,
    before: String,
    after: String,
    rules: String,
}

struct ChangeLine {
    field: String,
    before: String,
    after: String,
}

struct HistoryEntry {
    number: u32,
    written: fmt::Time,
    author: String,
    reason: String,
    notified: bool,
    changes: Vec<ChangeLine>,
}

struct FilingLine {
    href: String,
    number: String,
    kind: String,
    filed: fmt::Time,
    revision: String,
}

#[derive(Template)]
#[template(path = "pages/assets/computer.html")]
struct ComputerPageView {
    page: Page,
    id: String,
    phase: StatusBadge,
    due: Option<DueView>,
    refusal: Option<Banner>,
    exempt: Option<Banner>,
    exemption_reasons: Option<Reasons>,
    items: SummaryList,
    class_outcome: Option<String>,
    class_reasons: Option<Reasons>,
    history: Vec<HistoryEntry>,
    filings: Vec<FilingLine>,
    moved: Option<Banner>,
    limits: Vec<LimitLine>,
    published: Option<Banner>,
    names: String,
    may_edit: bool,
    may_end: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ComputerId>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let view = app.view_computer(signed.actor(), id).await?;
    let revision = view
        .computer
        .current()
        .map_err(|_| app::AppError::Bug("a computer without revisions"))?;
    let in_use = match view.computer.phase() {
        ComputerPhase::Draft
        | ComputerPhase::Exempt { .. }
        | ComputerPhase::Notified { .. }
        | ComputerPhase::ChangedSinceNotified { .. } => true,
        ComputerPhase::RetirementDue { .. } | ComputerPhase::Retired { .. } => false,
    };
    let due = match &view.due {
        Ok(Some(due)) => {
            let found = &due.finding.due;
            Some(DueView {
                duty: duty_label(t, due.duty),
                badge: deadline(t, due, app.now()),
                limit: found.legal_limit.map(|day| fmt::until_exact(t, day)),
                conservative: found.conservative_limit.map(|day| fmt::date(t, day)),
                basis: crate::frame::named(t, &found.basis_ja, &found.basis),
                reasons: Reasons::new(t, &found.reasons),
                href: format!("/notifications/{}", due.duty.code()),
                rules: short(&found.digest.to_hex()),
            })
        }
        Ok(None) | Err(_) => None,
    };
    let refusal = view.due.as_ref().err().map(|refusal| {
        Banner::new(t, Tone::Warning, t.get("due-unknown")).text(refusal_text(t, refusal))
    });
    let (exempt, exemption_reasons) = exemption(t, &view);
    let candidates = app.open_candidates(signed.actor(), Some(id)).await?;
    let names = format!(
        "/names?maker={}&product={}",
        form_urlencoded(revision.items.maker.as_str()),
        form_urlencoded(revision.items.product.as_str())
    );
    Ok(render(&ComputerPageView {
        page: signed
            .page_titled(revision.items.product.as_str())
            .crumb("/computers", t.get("computers-title")),
        id: id.to_string(),
        phase: phase_badge(t, view.computer.phase().code()),
        due,
        refusal,
        exempt,
        exemption_reasons,
        items: items(t, &view, revision),
        class_outcome: view
            .classified
            .as_ref()
            .map(|found| outcome_text(t, &found.outcome)),
        class_reasons: view
            .classified
            .as_ref()
            .map(|found| Reasons::new(t, &found.reasons)),
        history: view.history.iter().map(|entry| history(t, entry)).collect(),
        filings: filings(t, &view),
        moved: view.moved.as_ref().map(|change| {
            Banner::new(t, Tone::Info, t.get("limit-moved-title")).text(t.with2(
                "limit-moved-text",
                "before",
                limit_text(t, change.before),
                "after",
                limit_text(t, change.after),
            ))
        }),
        limits: view
            .limit_changes
            .iter()
            .map(|change| limit_line(t, change))
            .collect(),
        published: advisories::notice(t, candidates, Some(id)),
        names,
        may_edit: view.may_edit && in_use,
        may_end: view.may_edit && in_use,
    }))
}

/// What is exempt, or substituted by a document under ESPA, with the reasons.
fn exemption(t: Texts, view: &ComputerView) -> (Option<Banner>, Option<Reasons>) {
    if view.exemptions.found.is_empty() {
        return (None, None);
    }
    let reasons = Reasons::new(t, &view.exemptions.reasons);
    let banner = match view.computer.phase() {
        ComputerPhase::Exempt { reason } => Some(
            Banner::new(t, Tone::Info, t.get("exempt-title"))
                .text(exemption_label(t, *reason))
                .text(t.get("exempt-text")),
        ),
        ComputerPhase::Draft
        | ComputerPhase::Notified { .. }
        | ComputerPhase::ChangedSinceNotified { .. }
        | ComputerPhase::RetirementDue { .. }
        | ComputerPhase::Retired { .. } => None,
    };
    (banner, Some(reasons))
}

fn items(t: Texts, view: &ComputerView, revision: &Revision) -> SummaryList {
    let facility = format!(
        "{}\n{}",
        view.facility.name.as_str(),
        revision.items.facility_category
    );
    let mut rows = vec![
        SummaryRow::new(t.get("computer-unit"), &unit_label(t, revision.items.unit)),
        SummaryRow::new(t.get("computer-product"), revision.items.product.as_str()),
        SummaryRow::new(t.get("computer-maker"), revision.items.maker.as_str()),
        SummaryRow::new(
            t.get("computer-class"),
            &class_label(t, revision.items.class),
        ),
        SummaryRow::new(t.get("computer-facility"), &facility),
        SummaryRow::new(
            t.get("computer-introduced-on"),
            &fmt::date(t, revision.dates.introduced_on),
        ),
    ];
    if let Some(day) = revision.dates.became_specified_on {
        rows.push(SummaryRow::new(
            t.get("computer-became-specified-on"),
            &fmt::date(t, day),
        ));
    }
    match view.computer.phase() {
        ComputerPhase::RetirementDue { retired_on, .. }
        | ComputerPhase::Retired { retired_on, .. } => {
            rows.push(SummaryRow::new(t.get("end-on"), &fmt::date(t, *retired_on)));
        }
        ComputerPhase::ChangedSinceNotified { changed_on, .. } => rows.push(SummaryRow::new(
            t.get("computer-changed-on"),
            &fmt::date(t, *changed_on),
        )),
        ComputerPhase::Draft | ComputerPhase::Exempt { .. } | ComputerPhase::Notified { .. } => {}
    }
    if let Some(claim) = &revision.exemption {
        let mut text = exemption_label(t, claim.reason());
        if let Some(document) = claim.document() {
            text.push('\n');
            text.push_str(document.as_str());
        }
        if let Some(explanation) = claim.explanation() {
            text.push('\n');
            text.push_str(explanation.as_str());
        }
        rows.push(SummaryRow::new(t.get("computer-exemption"), &text));
    }
    if let Some(note) = &revision.note {
        rows.push(SummaryRow::new(t.get("computer-note"), note.as_str()));
    }
    SummaryList::new(t, rows)
}

fn history(t: Texts, view: &RevisionView) -> HistoryEntry {
    let revision = &view.entry.revision;
    HistoryEntry {
        number: revision.number,
        written: fmt::Time::at(t, revision.written_at),
        author: view.author.clone(),
        reason: match view.entry.reason.as_str() {
            "registered" => t.get("revision-registered").into_owned(),
            "facility_category" => t.get("revision-followed-facility").into_owned(),
            "corrected" => t.get("revision-corrected").into_owned(),
            "carried" => t.get("revision-carried").into_owned(),
            other => other.to_owned(),
        },
        notified: view.notified,
        changes: view
            .differences
            .iter()
            .map(|each| ChangeLine {
                field: field_label(t, each.field),
                before: value_text(t, each.field, each.before.as_deref()),
                after: value_text(t, each.field, each.after.as_deref()),
            })
            .collect(),
    }
}

fn filings(t: Texts, view: &ComputerView) -> Vec<FilingLine> {
    view.filings
        .iter()
        .map(|filing| {
            let number = view
                .history
                .iter()
                .map(|entry| &entry.entry.revision)
                .find(|revision| revision.id == filing.revision)
                .map_or(0, |revision| revision.number);
            FilingLine {
                href: format!("/filings/{}", filing.filing),
                number: filing.number.as_str().to_owned(),
                kind: filing_kind(t, filing.kind, filing.corrects.is_some()),
                filed: fmt::Time::at(t, filing.filed_at),
                revision: t.with("revision-number", "number", number).into_owned(),
            }
        })
        .collect()
}

/// What kind of document it is, and whether it is a corrected version of one.
fn filing_kind(t: Texts, kind: ids::FilingKind, corrects: bool) -> String {
    let kind = t.get(&format!(
        "computer-filing-{}",
        kind.code().replace('_', "-")
    ));
    if corrects {
        t.with("computer-filing-corrected", "kind", kind.into_owned())
            .into_owned()
    } else {
        kind.into_owned()
    }
}

fn limit_line(t: Texts, change: &LimitChange) -> LimitLine {
    let (before, after) = (
        change.before_rules.to_string(),
        change.after_rules.to_string(),
    );
    LimitLine {
        at: fmt::Time::at(t, change.recorded_at),
        before: limit_text(t, change.before),
        after: limit_text(t, change.after),
        rules: format!("{} → {}", short(&before), short(&after)),
    }
}

fn limit_text(t: Texts, limit: Option<Date>) -> String {
    match limit {
        Some(day) => fmt::date(t, day),
        None => t.get("limit-none").into_owned(),
    }
}

/// The beginning of a digest, enough to tell rule books apart at a glance.
fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}
