//! What programs receive about filings.

use app::desks::{CountsFrom, FilingLimits, QueueItem};
use app::filing::FilingView;
use ids::{DeliveryState, Id};
use model::filing::{
    Addressee, Attachment, CorrectionRequest, Delivery, Filing, FormalCheck, FormalResult,
    Forwarding,
};
use model::incidents::Lateness;
use model::organisation::Organisation;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::wire::Name;

/// How a filing stands against the limits of the law.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LimitsView {
    /// The instant or the day from which the period counts.
    from: Option<String>,
    /// The limit that leads, with its reasons.
    #[schema(value_type = Option<Object>)]
    due: Option<serde_json::Value>,
    /// `on_time`, `due_soon`, `overdue` or `filed_late`.
    lateness: Option<&'static str>,
    /// Whether the duty is still open.
    running: bool,
}

impl From<&FilingLimits> for LimitsView {
    fn from(limits: &FilingLimits) -> Self {
        Self {
            from: limits.from.map(|from| match from {
                CountsFrom::Awareness(at) => at.to_string(),
                CountsFrom::Day(day) => day.to_string(),
            }),
            due: limits.due.as_ref().map(statute::json::due),
            lateness: limits.lateness.map(Lateness::code),
            running: limits.running,
        }
    }
}

/// A filing in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilingItem {
    /// The filing.
    id: Uuid,
    /// 受付番号.
    number: String,
    /// Such as `incident_prompt`.
    kind: &'static str,
    /// Who filed it.
    operator: Name,
    /// The incident case of a report.
    case: Option<Uuid>,
    /// When it arrived.
    #[schema(format = DateTime)]
    filed_at: String,
    /// `pending`, `delivered`, `opened` or `dead_letter`; absent where the desk reads along, and for the filer.
    delivery: Option<&'static str>,
    /// Newest formal check: `meets` or `lacks`.
    check: Option<&'static str>,
    /// Requests for correction without an answer.
    open_requests: u32,
    /// Whether it was passed on to the Prime Minister.
    forwarded: bool,
    /// Whether a newer version has taken its place.
    superseded: bool,
    /// How it stands against the limits of the law.
    limits: LimitsView,
}

/// A page of filings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilingList {
    /// Filings in order.
    pub items: Vec<FilingItem>,
    /// Where the next page begins: send it as `cursor`.
    pub next: Option<String>,
}

impl From<&QueueItem> for FilingItem {
    fn from(item: &QueueItem) -> Self {
        Self {
            id: item.head.id.uuid(),
            number: item.head.number.as_str().to_owned(),
            kind: item.head.kind.code(),
            operator: Name::from(&item.operator),
            case: item.head.case.map(Id::uuid),
            filed_at: item.head.filed_at.to_string(),
            delivery: item.delivery.map(DeliveryState::code),
            check: item.check.map(FormalResult::code),
            open_requests: item.open_requests,
            forwarded: item.forwarded,
            superseded: item.superseded,
            limits: LimitsView::from(&item.limits),
        }
    }
}

/// An authority to which a filing goes, and how far it is on its way.
#[derive(Debug, Serialize, ToSchema)]
struct FilingAddressee {
    /// The desk.
    organisation: Uuid,
    /// Its name.
    name: Name,
    /// `minister`, `regional_head`, `prime_minister` or `prime_minister_forwarded`.
    role: &'static str,
    /// Article.
    basis: String,
    /// Since when it is addressee.
    #[schema(format = DateTime)]
    since: String,
    /// `pending`, `delivered`, `opened` or `dead_letter`; absent where it reads along.
    delivery: Option<&'static str>,
    /// When it lay in the queue there.
    #[schema(format = DateTime)]
    delivered_at: Option<String>,
    /// When a person there first opened it.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
}

/// A file of a filing.
#[derive(Debug, Serialize, ToSchema)]
struct FilingAttachment {
    /// SHA-256 over the content.
    digest: String,
    /// Name as given by the filer.
    file_name: String,
    /// Octets.
    size: u64,
    /// What the content is, found by looking at it.
    media_type: String,
}

/// A formal check (行政手続法 Art. 37).
#[derive(Debug, Serialize, ToSchema)]
struct FilingCheck {
    id: Uuid,
    /// The desk.
    organisation: Uuid,
    /// `meets` or `lacks`.
    result: &'static str,
    /// Remark of the desk.
    note: String,
    /// When.
    #[schema(format = DateTime)]
    checked_at: String,
}

/// A request for correction (補正依頼) with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestView {
    /// The request.
    id: Uuid,
    /// The filing that lacks something.
    filing: Uuid,
    /// The desk that asks.
    organisation: Uuid,
    /// JSON Pointer into the body; empty for the whole.
    field: String,
    /// What should be put right.
    text: String,
    /// The day by which an answer is asked for; not a legal limit.
    #[schema(format = Date)]
    wanted_by: Option<String>,
    /// When it was asked.
    #[schema(format = DateTime)]
    requested_at: String,
    /// The answer.
    answer: Option<AnswerView>,
}

/// An answer to a request for correction.
#[derive(Debug, Serialize, ToSchema)]
struct AnswerView {
    /// The corrected version.
    filing: Option<Uuid>,
    /// Explanation.
    text: String,
    /// When.
    #[schema(format = DateTime)]
    answered_at: String,
}

/// The passing on of a notification to the Prime Minister.
#[derive(Debug, Serialize, ToSchema)]
struct ForwardingView {
    id: Uuid,
    /// From this desk.
    from: Uuid,
    /// To this desk.
    to: Uuid,
    /// When.
    #[schema(format = DateTime)]
    forwarded_at: String,
}

/// A filing with everything around it that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FilingDetail {
    /// The filing.
    id: Uuid,
    /// 受付番号.
    number: String,
    /// Such as `incident_prompt`.
    kind: &'static str,
    /// Who filed it.
    operator: Name,
    /// The incident case of a report.
    case: Option<Uuid>,
    /// The version before.
    supersedes: Option<Uuid>,
    /// The version that took its place.
    successor: Option<Uuid>,
    /// 1 for the first of a series.
    sequence: u32,
    /// The version of the form it is written on.
    form_version: String,
    /// What was filed, as it was filed.
    #[schema(value_type = Object)]
    body: serde_json::Value,
    /// SHA-256 over the body in canonical form (RFC 8785).
    body_digest: String,
    /// When it arrived.
    #[schema(format = DateTime)]
    filed_at: String,
    /// Files.
    attachments: Vec<FilingAttachment>,
    /// To whom it goes.
    addressees: Vec<FilingAddressee>,
    /// Formal checks.
    checks: Vec<FilingCheck>,
    /// Requests for correction.
    corrections: Vec<RequestView>,
    /// Passing on to the Prime Minister.
    forwardings: Vec<ForwardingView>,
    /// How it stands against the limits of the law.
    limits: LimitsView,
    /// What the caller may do: `check`, `request_correction`, `answer_correction`, `forward`, `receipt`, `read_log`.
    allowed: Vec<&'static str>,
}

impl FilingDetail {
    pub(super) fn new(view: &FilingView, body: serde_json::Value) -> Self {
        let filing = &view.filing;
        let allowed = [
            ("check", view.allowed.check),
            ("request_correction", view.allowed.request_correction),
            ("answer_correction", view.allowed.answer_correction),
            ("forward", view.allowed.forward),
            ("receipt", view.allowed.receipt),
            ("read_log", view.allowed.read_log),
        ];
        Self {
            id: filing.id.uuid(),
            number: filing.number.as_str().to_owned(),
            kind: filing.kind.code(),
            operator: Name::from(&view.operator),
            case: filing.case.map(Id::uuid),
            supersedes: view.previous.as_ref().map(|previous| previous.id.uuid()),
            successor: view.successor.map(Id::uuid),
            sequence: filing.sequence,
            form_version: filing.form_version.clone(),
            body,
            body_digest: filing.body_digest.to_string(),
            filed_at: filing.filed_at.to_string(),
            attachments: view.attachments.iter().map(attachment).collect(),
            addressees: view
                .addressees
                .iter()
                .map(|(to, desk)| addressee(to, desk, &view.deliveries))
                .collect(),
            checks: view.checks.iter().map(check).collect(),
            corrections: view.corrections.iter().map(RequestView::from).collect(),
            forwardings: view.forwardings.iter().map(forwarding).collect(),
            limits: LimitsView::from(&view.limits),
            allowed: allowed
                .into_iter()
                .filter(|(_, may)| *may)
                .map(|(code, _)| code)
                .collect(),
        }
    }
}

fn attachment(attachment: &Attachment) -> FilingAttachment {
    FilingAttachment {
        digest: attachment.digest.to_string(),
        file_name: attachment.file_name.clone(),
        size: attachment.size,
        media_type: attachment.media_type.clone(),
    }
}

fn addressee(to: &Addressee, desk: &Organisation, deliveries: &[Delivery]) -> FilingAddressee {
    let delivery = deliveries
        .iter()
        .find(|delivery| delivery.organisation == to.organisation);
    FilingAddressee {
        organisation: to.organisation.uuid(),
        name: Name::from(desk),
        role: to.role.code(),
        basis: to.basis.clone(),
        since: to.since.to_string(),
        delivery: delivery.map(|delivery| delivery.state.code()),
        delivered_at: delivery
            .and_then(|delivery| delivery.delivered_at)
            .map(|at| at.to_string()),
        opened_at: delivery
            .and_then(|delivery| delivery.opened_at)
            .map(|at| at.to_string()),
    }
}

fn check(check: &FormalCheck) -> FilingCheck {
    FilingCheck {
        id: check.id.uuid(),
        organisation: check.organisation.uuid(),
        result: check.result.code(),
        note: check.note.clone(),
        checked_at: check.checked_at.to_string(),
    }
}

fn forwarding(forwarding: &Forwarding) -> ForwardingView {
    ForwardingView {
        id: forwarding.id.uuid(),
        from: forwarding.from.uuid(),
        to: forwarding.to.uuid(),
        forwarded_at: forwarding.forwarded_at.to_string(),
    }
}

impl From<&CorrectionRequest> for RequestView {
    fn from(request: &CorrectionRequest) -> Self {
        Self {
            id: request.id.uuid(),
            filing: request.filing.uuid(),
            organisation: request.organisation.uuid(),
            field: request.field.clone(),
            text: request.text.clone(),
            wanted_by: request.wanted_by.map(|day| day.to_string()),
            requested_at: request.requested_at.to_string(),
            answer: request.answer.as_ref().map(|answer| AnswerView {
                filing: answer.filing.map(Id::uuid),
                text: answer.text.clone(),
                answered_at: answer.answered_at.to_string(),
            }),
        }
    }
}

/// A version of a document, without its body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionHead {
    /// The filing.
    id: Uuid,
    /// 受付番号.
    number: String,
    /// Such as `incident_correction`.
    kind: &'static str,
    /// When it arrived.
    #[schema(format = DateTime)]
    filed_at: String,
}

impl From<&Filing> for VersionHead {
    fn from(filing: &Filing) -> Self {
        Self {
            id: filing.id.uuid(),
            number: filing.number.as_str().to_owned(),
            kind: filing.kind.code(),
            filed_at: filing.filed_at.to_string(),
        }
    }
}
