use app::App;
use app::filing::FilingView;
use askama::Template;
use axum::extract::{Path, State};
use ids::{DirectiveDuty, FilingKind};
use model::filing::{CorrectionRequest, Filing, FormalCheck};

use crate::components::{Banner, ConfidenceBadge, StatusBadge, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::pages::entries::{self, EntryPart};
use crate::pages::filings::document::{self, Section};
use crate::pages::filings::id_of;
use crate::pages::filings::words::{self, LegalTime};
use crate::pages::orders::words::{Row, row};
use crate::session::Signed;
use crate::texts::Texts;

/// A file of a filing.
pub(crate) struct AttachmentRow {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) size: String,
    pub(crate) digest: String,
}

/// An authority to which a filing goes.
pub(crate) struct AddresseeRow {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) basis: String,
    pub(crate) state: Option<StatusBadge>,
    pub(crate) times: Vec<String>,
}

struct CheckRow {
    badge: StatusBadge,
    at: Time,
    note: String,
}

/// A request for correction with its answer.
pub(crate) struct Thread {
    pub(crate) id: String,
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) asked: Time,
    pub(crate) wanted_by: Option<String>,
    pub(crate) answer: Option<(Time, String, Option<String>)>,
}

struct ReadRow {
    who: String,
    at: Time,
}

#[derive(Template)]
#[template(path = "pages/filings/view.html")]
struct ViewPage {
    page: Page,
    id: String,
    number: String,
    arrived: Time,
    form: Option<String>,
    legal: LegalTime,
    unsettled: ConfidenceBadge,
    check: StatusBadge,
    checks: Vec<CheckRow>,
    sections: Vec<Section>,
    threads: Vec<Thread>,
    attachments: Vec<AttachmentRow>,
    addressees: Vec<AddresseeRow>,
    versions: bool,
    beside: bool,
    transfers: Vec<TransferRow>,
    entry: Option<EntryPart>,
    reads: Option<Vec<ReadRow>>,
    allowed: app::filing::Allowed,
    case: Option<String>,
    directives: Vec<Row>,
    direct: Option<String>,
    body_digest: String,
    workbook: bool,
}

/// From which desk to which it went.
struct TransferRow {
    from: String,
    to: String,
    reason: String,
    at: Time,
}

fn transfers(t: Texts, view: &FilingView) -> Vec<TransferRow> {
    view.transfers
        .iter()
        .map(|transfer| TransferRow {
            from: words::name(t, &transfer.from),
            to: words::name(t, &transfer.to),
            reason: transfer.reason.clone(),
            at: Time::at(t, transfer.at),
        })
        .collect()
}

/// Where an order or demand about a filing begins.
fn direct_address(filing: &Filing) -> String {
    let duty = match filing.kind {
        FilingKind::AssetNotification => DirectiveDuty::Notification,
        FilingKind::AssetChange | FilingKind::AssetRetirement => DirectiveDuty::Change,
        FilingKind::IncidentPrompt
        | FilingKind::IncidentUpdate
        | FilingKind::IncidentFull
        | FilingKind::IncidentCorrection
        | FilingKind::IncidentWithdrawal => DirectiveDuty::Report,
    };
    format!(
        "/directives/new?operator={}&filing={}&duty={}",
        filing.owner,
        filing.id,
        duty.code()
    )
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let t = signed.here.t;
    let view = app.view_filing(signed.actor(), id).await?;
    let reads = if view.allowed.read_log {
        Some(
            app.read_by(signed.actor(), id)
                .await?
                .into_iter()
                .rev()
                .map(|seen| ReadRow {
                    who: words::name(t, &seen.organisation),
                    at: Time::at_second(t, seen.at),
                })
                .collect(),
        )
    } else {
        None
    };
    let now = app.now();
    let directives = app
        .directives_about(signed.actor(), id)
        .await?
        .iter()
        .map(|item| row(t, item, now))
        .collect();
    let body = read(&view)?;
    let own = view.operator.id == signed.actor().organisation;
    let title = if own {
        words::kind(t, view.filing.kind)
    } else {
        t.with2(
            "filing-title-of",
            "kind",
            words::kind(t, view.filing.kind),
            "operator",
            crate::frame::named(t, &view.operator.name_ja, &view.operator.name_en),
        )
        .into_owned()
    };
    let mut page = signed.page_titled(title);
    page = if own {
        page.crumb("/filings", t.get("filings-title"))
    } else {
        page.crumb("/desk", t.get("desk-title"))
    };
    if let Some(successor) = view.successor {
        page = page.notice(
            Banner::new(t, Tone::Warning, t.get("filing-superseded-title"))
                .text(t.get("filing-superseded-text"))
                .link(
                    format!("/filings/{successor}"),
                    t.get("filing-superseded-link"),
                ),
        );
    }
    let checks = view
        .checks
        .iter()
        .map(|check| check_row(t, check))
        .collect();
    let direct = (!own && !app.issuable_directives(signed.actor()).is_empty())
        .then(|| direct_address(&view.filing));
    Ok(render(&ViewPage {
        page,
        directives,
        direct,
        id: id.to_string(),
        number: view.filing.number.as_str().to_owned(),
        arrived: Time::at_second(t, view.filing.filed_at),
        form: document::form_title(t, &body),
        legal: words::legal_time(t, &view.limits, app.now()),
        unsettled: ConfidenceBadge::new(t),
        check: words::check(t, view.checks.last().map(|check| check.result)),
        checks,
        sections: document::sections(t, &body),
        threads: view
            .corrections
            .iter()
            .map(|request| thread(t, &body, request))
            .collect(),
        attachments: attachments(&view),
        addressees: addressees(t, &view),
        versions: view.previous.is_some() || view.successor.is_some(),
        beside: view.beside,
        transfers: transfers(t, &view),
        entry: view.entry.as_ref().map(|shown| entries::part(t, id, shown)),
        reads,
        allowed: view.allowed,
        case: view
            .filing
            .case
            .filter(|_| !own)
            .map(|case| format!("/desk/cases/{case}")),
        body_digest: view.filing.body_digest.to_string(),
        workbook: body.report().is_some() || matches!(body, formats::filing::Body::Notification(_)),
    }))
}

/// Reads the stored body of a filing that is shown.
pub(crate) fn read(view: &FilingView) -> Result<formats::filing::Body, PageError> {
    formats::filing::parse(view.filing.body.as_bytes())
        .map_err(|_| app::AppError::Bug("a filed body that cannot be read").into())
}

fn check_row(t: Texts, check: &FormalCheck) -> CheckRow {
    CheckRow {
        badge: words::check(t, Some(check.result)),
        at: Time::at_second(t, check.checked_at),
        note: check.note.clone(),
    }
}

/// A request for correction with its answer, in words.
pub(crate) fn thread(
    t: Texts,
    body: &formats::filing::Body,
    request: &CorrectionRequest,
) -> Thread {
    Thread {
        id: request.id.to_string(),
        place: document::place(t, body, &request.field),
        text: request.text.clone(),
        asked: Time::at(t, request.requested_at),
        wanted_by: request
            .wanted_by
            .filter(|_| request.answer.is_none())
            .map(|day| fmt::date(t, day)),
        answer: request.answer.as_ref().map(|answer| {
            (
                Time::at(t, answer.answered_at),
                answer.text.clone(),
                answer.filing.map(|filing| format!("/filings/{filing}")),
            )
        }),
    }
}

/// The files of a filing.
pub(crate) fn attachments(view: &FilingView) -> Vec<AttachmentRow> {
    let id = view.filing.id;
    view.attachments
        .iter()
        .map(|attachment| AttachmentRow {
            href: format!("/filings/{id}/attachments/{}", attachment.digest),
            name: attachment.file_name.clone(),
            size: words::size(attachment.size),
            digest: attachment.digest.to_string(),
        })
        .collect()
}

/// The addressees of a filing, with how far each delivery is.
pub(crate) fn addressees(t: Texts, view: &FilingView) -> Vec<AddresseeRow> {
    view.addressees
        .iter()
        .map(|(addressee, organisation)| {
            let delivery = view
                .deliveries
                .iter()
                .find(|delivery| delivery.organisation == organisation.id);
            let mut times = Vec::new();
            if let Some(at) = delivery.and_then(|delivery| delivery.delivered_at) {
                times.push(
                    t.with("filing-delivered-at", "time", fmt::date_time_seconds(t, at))
                        .into_owned(),
                );
            }
            if let Some(at) = delivery.and_then(|delivery| delivery.opened_at) {
                times.push(
                    t.with("filing-opened-at", "time", fmt::date_time_seconds(t, at))
                        .into_owned(),
                );
            }
            AddresseeRow {
                name: crate::frame::named(t, &organisation.name_ja, &organisation.name_en),
                role: words::role(t, addressee.role),
                basis: crate::frame::basis_words(t, &addressee.basis),
                state: delivery.map(|delivery| words::delivery(t, delivery.state)),
                times,
            }
        })
        .collect()
}
