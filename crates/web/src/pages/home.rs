//! The first page after the login: for an operator what is due, for the others the place where their work waits.

use app::assets::{AssetsDue, DueRow};
use app::desks::OpenCorrections;
use app::incidents::OpenCase;
use app::orders::{DirectiveList, DirectiveListFilter};
use app::submissions::SubmissionRow;
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use ids::{OrganisationKind, Role};
use jiff::Timestamp;
use model::assets::NotificationDuty;

use crate::components::{Banner, DeadlineBadge, LegalLimit, Tone};
use crate::failure::PageResult;
use crate::fmt;
use crate::frame::{named, organisation_name};
use crate::page::{Page, render};
use crate::pages::advisories;
use crate::pages::approvals::words::{Card, card};
use crate::pages::assets::reconciliation;
use crate::pages::orders::words::{Row, row};
use crate::routes::Routes;
use crate::session::Signed;
use crate::texts::Texts;

/// Cases, decisions and requests on the home page; the rest is one click away.
const SHOWN: u32 = 5;

pub(crate) fn routes() -> Routes {
    Routes::new().route("/", get(show))
}

struct DueCard {
    href: String,
    product: String,
    maker: String,
    duty: String,
    limit: Option<LegalLimit>,
    moved: Option<String>,
}

struct CaseCard {
    href: String,
    title: String,
    phase: String,
    elapsed: Option<DeadlineBadge>,
    limit: Option<LegalLimit>,
}

struct Correction {
    href: String,
    number: String,
    desk: String,
    asked: String,
    wanted: Option<String>,
}

struct Recheck {
    href: String,
    summary: String,
    day: String,
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    page: Page,
    organisation: String,
    may_report: bool,
    may_register: bool,
    cases: Vec<CaseCard>,
    cases_more: i64,
    due: Vec<DueCard>,
    due_more: u32,
    register: Vec<(String, u32)>,
    differences: Option<String>,
    approvals: Vec<(String, Vec<Card>)>,
    corrections: Vec<Correction>,
    more_corrections: bool,
    directives: Vec<Row>,
    rechecks: Vec<Recheck>,
    rechecks_more: i64,
    submissions: Vec<Submissions>,
    entries: Vec<(String, String, String)>,
}

/// A case with addressees that lack it or keep silent.
struct Submissions {
    href: String,
    title: String,
    lines: Vec<String>,
}

async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let place = match signed.current.organisation.kind {
        OrganisationKind::Operator => return operator(&app, &signed).await,
        OrganisationKind::Ministry
        | OrganisationKind::RegionalOffice
        | OrganisationKind::CabinetOffice => desk_place(&signed),
        OrganisationKind::Committee if signed.current.person.roles.contains(&Role::Auditor) => {
            "/audit"
        }
        OrganisationKind::Committee => "/people",
        OrganisationKind::Contractor => "/delegated",
    };
    Ok(Redirect::to(place).into_response())
}

/// Whoever works at the desk has the queue; who runs the instance has no page of contents.
fn desk_place(signed: &Signed) -> &'static str {
    let roles = &signed.current.person.roles;
    let has = |wanted: &[Role]| roles.iter().any(|role| wanted.contains(role));
    if has(&[Role::DeskOfficer, Role::DeskViewer, Role::CabinetAnalyst]) {
        "/desk"
    } else if has(&[Role::InstanceOperator]) {
        "/outbox"
    } else if has(&[Role::OrganisationAdmin]) {
        "/people"
    } else {
        "/account"
    }
}

async fn operator(app: &App, signed: &Signed) -> PageResult {
    let t = signed.here.t;
    let now = app.now();
    let roles = &signed.current.person.roles;
    let has = |wanted: &[Role]| roles.iter().any(|role| wanted.contains(role));
    let assets = app.operator_due(signed.actor()).await?;
    let cases = app.open_cases(signed.actor(), SHOWN).await?;
    let shown = u32::try_from(assets.rows.len()).unwrap_or(u32::MAX);
    let mut page = signed.page("home-title");
    if let Some(banner) = overdue_banner(t, &assets) {
        page = page.notice(banner);
    }
    let candidates = app.open_candidates(signed.actor(), None).await?;
    if let Some(banner) = advisories::notice(t, candidates, None) {
        page = page.notice(banner);
    }
    let differences = app.reconciliation_numbers(signed.actor()).await?;
    let (corrections, more_corrections) = corrections(app, signed).await?;
    let directives = directives(app, signed).await?;
    let view = HomePage {
        page,
        organisation: organisation_name(t, &signed.current),
        may_report: has(&[Role::Csirt, Role::Approver]),
        may_register: has(&[Role::Compliance, Role::Approver]),
        cases_more: cases
            .total
            .saturating_sub(i64::try_from(cases.cases.len()).unwrap_or(i64::MAX)),
        cases: cases
            .cases
            .iter()
            .map(|case| case_card(t, case, now))
            .collect(),
        due_more: total_due(&assets).saturating_sub(shown),
        due: assets
            .rows
            .iter()
            .map(|row| due_card(t, row, now))
            .collect(),
        register: register_counts(t, &assets),
        differences: reconciliation::line(t, differences),
        approvals: approvals(app, signed).await?,
        corrections,
        more_corrections,
        directives,
        submissions: submissions(app, signed).await?,
        entries: entries(app, signed).await?,
        rechecks_more: cases
            .rechecks_due
            .saturating_sub(i64::try_from(cases.rechecks.len()).unwrap_or(i64::MAX)),
        rechecks: cases
            .rechecks
            .iter()
            .map(|decision| Recheck {
                href: format!("/decisions/{}", decision.id),
                summary: decision.summary.clone(),
                day: fmt::date(t, decision.recheck_on),
            })
            .collect(),
    };
    Ok(render(&view))
}

/// Who still lacks a case, and who keeps silent.
async fn submissions(app: &App, signed: &Signed) -> Result<Vec<Submissions>, AppError> {
    let t = signed.here.t;
    let names = |rows: Vec<&SubmissionRow>| {
        let names: Vec<String> = rows
            .iter()
            .map(|row| named(t, &row.entry.label_ja, &row.entry.label_en))
            .collect();
        names.join(&t.get("submissions-and"))
    };
    let mut cards = Vec::new();
    for overview in app.open_submissions(signed.actor(), SHOWN).await? {
        let open: Vec<&SubmissionRow> = overview.open().collect();
        let silent: Vec<&SubmissionRow> = overview.rows.iter().filter(|row| row.silent).collect();
        let mut lines = Vec::new();
        if !open.is_empty() {
            let line = t.with("home-submission-open", "names", names(open));
            lines.push(line.into_owned());
        }
        if !silent.is_empty() {
            let line = t.with("home-submission-silent", "names", names(silent));
            lines.push(line.into_owned());
        }
        cards.push(Submissions {
            href: format!("/cases/{}/submissions", overview.case),
            title: overview.title,
            lines,
        });
    }
    Ok(cards)
}

/// What desks took down for the operator and waits for its word: address, title, text.
async fn entries(app: &App, signed: &Signed) -> Result<Vec<(String, String, String)>, AppError> {
    let t = signed.here.t;
    let open = app.entries_to_answer(signed.actor(), SHOWN).await?;
    Ok(open
        .iter()
        .map(|entry| {
            let desk = named(t, &entry.desk.0, &entry.desk.1);
            let at = fmt::date_time(t, entry.received_at);
            (
                format!("/filings/{}/entry", entry.filing),
                t.with("home-entry-title", "desk", desk).into_owned(),
                t.with("home-entry-text", "at", at).into_owned(),
            )
        })
        .collect())
}

fn total_due(assets: &AssetsDue) -> u32 {
    let counts = &assets.counts;
    counts
        .new
        .total
        .saturating_add(counts.changed.total)
        .saturating_add(counts.ended.total)
}

fn overdue_banner(t: Texts, assets: &AssetsDue) -> Option<Banner> {
    let counts = &assets.counts;
    let overdue = counts
        .new
        .overdue
        .saturating_add(counts.changed.overdue)
        .saturating_add(counts.ended.overdue);
    (overdue > 0).then(|| {
        Banner::new(t, Tone::Error, t.with("home-overdue", "count", overdue))
            .text(t.get("home-overdue-text"))
            .link("/notifications/new", t.get("home-notify"))
    })
}

/// A case with what is still to be filed: time since awareness for the prompt report, the limit for the full one.
fn case_card(t: Texts, case: &OpenCase, now: Timestamp) -> CaseCard {
    let clock = case.clock.as_ref();
    CaseCard {
        href: format!("/cases/{}", case.id),
        title: case.title.clone(),
        phase: t
            .get(&format!("home-phase-{}", case.phase.replace('_', "-")))
            .into_owned(),
        elapsed: clock
            .filter(|clock| clock.prompt_filed.is_none())
            .map(|clock| DeadlineBadge::elapsed(t, clock.aware_at, now)),
        limit: clock
            .filter(|clock| clock.full_filed.is_none())
            .map(|clock| LegalLimit::new(t, &clock.full, now)),
    }
}

fn due_card(t: Texts, row: &DueRow, now: Timestamp) -> DueCard {
    let items = &row.computer.items;
    DueCard {
        href: format!("/computers/{}", row.computer.id),
        product: items.product.as_str().to_owned(),
        maker: items.maker.as_str().to_owned(),
        duty: t
            .get(match row.duty {
                NotificationDuty::New => "home-duty-new",
                NotificationDuty::Change => "home-duty-change",
                NotificationDuty::Retirement => "home-duty-end",
            })
            .into_owned(),
        limit: row
            .due
            .as_ref()
            .ok()
            .map(|due| LegalLimit::new(t, &due.finding.due, now)),
        moved: row.moved.as_ref().map(|change| {
            let before = match change.before {
                Some(day) => fmt::date(t, day),
                None => t.get("limit-none").into_owned(),
            };
            t.with("limit-moved-note", "before", before).into_owned()
        }),
    }
}

fn register_counts(t: Texts, assets: &AssetsDue) -> Vec<(String, u32)> {
    let counts = &assets.counts;
    [
        ("home-count-all", counts.all),
        ("home-count-notified", counts.notified),
        ("home-count-due", total_due(assets)),
        ("home-count-exempt", counts.exempt),
    ]
    .into_iter()
    .map(|(key, count)| (t.get(key).into_owned(), count))
    .collect()
}

/// What waits for the reader's approval, and what was filed in an emergency and is not ratified yet.
async fn approvals(app: &App, signed: &Signed) -> Result<Vec<(String, Vec<Card>)>, AppError> {
    let t = signed.here.t;
    let lists = app.approval_lists(signed.actor()).await?;
    let parts = [
        ("approvals-mine", lists.mine),
        ("approvals-unratified", lists.unratified),
        ("approvals-returned", lists.returned),
        ("approvals-approved", lists.approved),
    ];
    Ok(parts
        .into_iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(key, items)| {
            let cards = items.iter().map(|item| card(t, item)).collect();
            (t.get(key).into_owned(), cards)
        })
        .collect())
}

/// The first requests that wait for an answer, and whether there are more; nothing for whoever may not see filings.
async fn corrections(app: &App, signed: &Signed) -> Result<(Vec<Correction>, bool), AppError> {
    let t = signed.here.t;
    let open = match app.open_corrections(signed.actor(), None, SHOWN).await {
        Err(AppError::NotFound) => OpenCorrections::default(),
        other => other?,
    };
    let shown = open
        .items
        .into_iter()
        .map(|open| Correction {
            href: format!("/corrections/{}", open.request.id),
            number: open.filing.number.as_str().to_owned(),
            desk: named(t, &open.desk.0, &open.desk.1),
            asked: fmt::date_time(t, open.request.requested_at),
            wanted: open.request.wanted_by.map(|day| fmt::date(t, day)),
        })
        .collect();
    Ok((shown, open.next.is_some()))
}

/// The first orders and demands that have not ended.
async fn directives(app: &App, signed: &Signed) -> Result<Vec<Row>, AppError> {
    let filter = DirectiveListFilter {
        open_only: true,
        after: None,
    };
    let open = match app.directives(signed.actor(), filter, SHOWN).await {
        Err(AppError::NotFound) => DirectiveList::default(),
        other => other?,
    };
    let now = app.now();
    Ok(open
        .items
        .iter()
        .map(|item| row(signed.here.t, item, now))
        .collect())
}
