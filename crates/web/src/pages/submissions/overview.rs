use app::App;
use app::submissions::{NextStep, SubmissionRow};
use askama::Template;
use axum::extract::{Path, State};
use ids::CaseId;
use model::submissions::SubmissionState;

use super::{passage, words};
use crate::components::{Banner, StatusBadge, Tone};
use crate::failure::PageResult;
use crate::fmt;
use crate::frame::named;
use crate::page::{Link, Page, render};
use crate::session::Signed;
use crate::texts::Texts;

struct Row {
    name: String,
    desk: String,
    needed: String,
    basis: String,
    note: String,
    limits: Vec<String>,
    state: StatusBadge,
    silent: Option<StatusBadge>,
    sent: Vec<(String, Vec<Link>)>,
    next: Option<Link>,
    more: Option<Link>,
    decide: bool,
    action: String,
}

#[derive(Template)]
#[template(path = "pages/submissions/overview.html")]
struct OverviewPage {
    page: Page,
    id: CaseId,
    rows: Vec<Row>,
    may_record: bool,
}

/// Every addressee of a case in one table.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let t = signed.here.t;
    let overview = app.submission_overview(signed.actor(), id).await?;
    let open: Vec<String> = overview
        .open()
        .map(|row| named(t, &row.entry.label_ja, &row.entry.label_en))
        .collect();
    let banner = if open.is_empty() {
        Banner::new(t, Tone::Success, t.get("submissions-complete"))
    } else {
        Banner::new(
            t,
            Tone::Warning,
            t.with("submissions-open", "count", open.len()),
        )
        .text(open.join(&t.get("submissions-and")))
    };
    let rows = overview
        .rows
        .iter()
        .map(|one| row(t, id, one, overview.may_record))
        .collect();
    Ok(render(&OverviewPage {
        page: signed
            .page("submissions-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), overview.title.as_str())
            .notice(banner),
        id,
        rows,
        may_record: overview.may_record,
    }))
}

fn row(t: Texts, id: CaseId, row: &SubmissionRow, may_record: bool) -> Row {
    let code = row.entry.code();
    let at = format!("/cases/{id}/submissions/{code}");
    let mut sent = Vec::new();
    let mut desk = String::new();
    if let Some(way) = &row.portal {
        desk = named(t, &way.desk.0, &way.desk.1);
        let line = t.with2(
            "submission-by-portal",
            "number",
            way.number.as_str(),
            "time",
            fmt::date_time(t, way.filed_at),
        );
        let report = Link::new(
            format!("/filings/{}", way.filing),
            t.get("submission-open-filing"),
        );
        sent.push((line.into_owned(), vec![report]));
        sent.extend(way.passage.as_ref().map(|row| passage::line(t, row)));
    }
    for one in &row.submissions {
        let submission = &one.submission;
        let when = one.sent_at().unwrap_or(submission.recorded_at);
        let mut line = t
            .with2(
                "submission-by",
                "channel",
                words::channel(t, submission.channel),
                "time",
                fmt::date_time(t, when),
            )
            .into_owned();
        if let Some(number) = one.number() {
            line.push_str(&t.with("submission-number", "number", number));
        }
        let mut links = vec![Link::new(
            format!("/submissions/{}", submission.id),
            t.get("submission-open"),
        )];
        links.extend(one.files.iter().map(|file| {
            Link::new(
                format!("/submissions/{}/files/{}", submission.id, file.digest),
                file.file_name.clone(),
            )
        }));
        desk.clone_from(&submission.desk);
        sent.push((line, links));
    }
    let next = match row.next {
        Some(NextStep::AnswerForm) => Some(Link::new(
            format!("/cases/{id}/items/3#personal_data"),
            t.get("submission-next-answer"),
        )),
        Some(NextStep::Prompt) if row.portal.is_some() || is_authority(row) => Some(Link::new(
            format!("/cases/{id}/report/prompt"),
            t.get("cases-step-prompt"),
        )),
        Some(NextStep::Full) if is_authority(row) => Some(Link::new(
            format!("/cases/{id}/report/full"),
            t.get("cases-step-full"),
        )),
        Some(NextStep::Prompt) => Some(Link::new(at.clone(), t.get("submission-next-prompt"))),
        Some(NextStep::Full) => Some(Link::new(at.clone(), t.get("submission-next-full"))),
        Some(NextStep::Decide) | None => None,
    };
    Row {
        name: named(t, &row.entry.label_ja, &row.entry.label_en),
        desk,
        needed: words::needed(t, row.how, row.needed),
        basis: words::basis(t, &row.entry),
        note: words::note(t, &row.entry),
        limits: row
            .limits
            .iter()
            .map(|limit| words::limit(t, limit))
            .collect(),
        state: words::state(t, row.state),
        silent: row
            .silent
            .then(|| StatusBadge::new(Tone::Warning, t.get("submission-silent"))),
        sent,
        more: (next.is_none()
            && !is_authority(row)
            && row.next.is_none()
            && row.state != SubmissionState::NotSubmitted)
            .then(|| Link::new(at.clone(), t.get("submission-again"))),
        next: next.filter(|_| may_record),
        decide: may_record && row.next == Some(NextStep::Decide),
        action: format!("{at}/needed"),
    }
}

fn is_authority(row: &SubmissionRow) -> bool {
    row.how == statute::SubmissionNeed::Report
}
