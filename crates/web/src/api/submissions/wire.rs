//! What programs receive about submissions.

use app::submissions::{Limit, LimitKind, PortalWay, SubmissionOverview, SubmissionRow};
use model::filing::Attachment;
use model::submissions::{SubmissionEvent, SubmissionFile};
use serde::Serialize;
use statute::SubmissionNeed;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::wire::Name;

/// Who still lacks a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// The case.
    case: Uuid,
    /// The addressees, in the order of the rule book.
    items: Vec<Addressee>,
}

/// One addressee.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionAddressee)]
struct Addressee {
    /// Its code in the rule book.
    code: String,
    /// Its name.
    name: Name,
    /// Article, or that it is voluntary.
    basis: String,
    /// `report` (reached by filing), `duty` (when its conditions hold) or `ask` (a person decides).
    how: &'static str,
    /// Whether it is told: `yes`, `no` or `unknown`.
    needed: &'static str,
    /// Whether something is still to be handed over or decided.
    open: bool,
    /// Until when.
    limits: Vec<DueView>,
    /// How far the newest came.
    state: &'static str,
    /// Whether it has been silent for too long.
    silent: bool,
    /// The report through this portal.
    report: Option<ReportView>,
    /// What was handed over, oldest first.
    submissions: Vec<SubmissionView>,
}

/// Until when something is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionLimit)]
struct DueView {
    /// `prompt` or `full`.
    stage: &'static str,
    /// The entry of the rule book.
    rule: String,
    /// `promptly`, `guideline`, `day`, `moment` or `unknown`.
    kind: &'static str,
    /// The day or the moment.
    until: Option<String>,
    /// Days of a guideline, at least and at most.
    days: Option<[u32; 2]>,
    /// Whether it was handed over.
    done: bool,
}

/// The way of a report through this portal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionReport)]
struct ReportView {
    /// The desk.
    desk: Name,
    /// The filing.
    filing: Uuid,
    /// 受付番号.
    number: String,
    /// When it was filed.
    #[schema(format = DateTime)]
    filed_at: String,
    /// How far it came.
    state: &'static str,
}

/// That something was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionRecorded)]
pub(super) struct Recorded {
    /// The submission.
    pub(super) submission: Uuid,
}

/// What was handed to an addressee.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Submission)]
pub(super) struct SubmissionView {
    id: Uuid,
    case: Uuid,
    /// Code of the addressee.
    addressee: String,
    /// The concrete desk.
    desk: String,
    /// Where the program sent it; empty where a person handed it over.
    address: String,
    /// `prompt` or `full`.
    stage: &'static str,
    /// `manual` or `mail`.
    channel: &'static str,
    /// How far it came.
    state: &'static str,
    /// The number that the addressee gave last.
    number: Option<String>,
    note: String,
    /// SHA-256 over the canonical JSON of what was handed over.
    body_sha256: String,
    /// When it was frozen.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// The frozen files.
    files: Vec<FileView>,
    /// What became of it, oldest first.
    events: Vec<EventView>,
}

/// A frozen file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionFile)]
struct FileView {
    name: String,
    media_type: String,
    octets: u64,
    sha256: String,
}

/// Something that became of a submission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubmissionEvent)]
struct EventView {
    /// `queued`, `sent`, `delivered`, `opened`, `checked` or `failed`.
    kind: &'static str,
    #[schema(format = DateTime)]
    happened_at: String,
    number: String,
    /// Remark of a person, or code of what the program met.
    note: String,
    /// Whether the program recorded it by itself.
    by_program: bool,
    #[schema(format = DateTime)]
    recorded_at: String,
}

impl From<&SubmissionOverview> for Overview {
    fn from(overview: &SubmissionOverview) -> Self {
        Self {
            case: overview.case.uuid(),
            items: overview.rows.iter().map(Addressee::from).collect(),
        }
    }
}

impl From<&SubmissionRow> for Addressee {
    fn from(row: &SubmissionRow) -> Self {
        Self {
            code: row.entry.code().to_owned(),
            name: Name {
                ja: row.entry.label_ja.clone(),
                en: row.entry.label_en.clone(),
            },
            basis: row.entry.basis.clone(),
            how: match row.how {
                SubmissionNeed::Report => "report",
                SubmissionNeed::Duty => "duty",
                SubmissionNeed::Ask => "ask",
            },
            needed: row.needed.code(),
            open: row.is_open(),
            limits: row.limits.iter().map(DueView::from).collect(),
            state: row.state.code(),
            silent: row.silent,
            report: row.portal.as_ref().map(ReportView::from),
            submissions: row.submissions.iter().map(SubmissionView::from).collect(),
        }
    }
}

impl From<&Limit> for DueView {
    fn from(limit: &Limit) -> Self {
        let (kind, until, days) = match limit.kind {
            LimitKind::Promptly => ("promptly", None, None),
            LimitKind::Guideline { least, most } => ("guideline", None, Some([least, most])),
            LimitKind::Day(day) => ("day", Some(day.to_string()), None),
            LimitKind::Moment(at) => ("moment", Some(at.to_string()), None),
            LimitKind::Unknown => ("unknown", None, None),
        };
        Self {
            stage: limit.stage.code(),
            rule: limit.entry.key.clone(),
            kind,
            until,
            days,
            done: limit.done,
        }
    }
}

impl From<&PortalWay> for ReportView {
    fn from(way: &PortalWay) -> Self {
        Self {
            desk: Name::from(&way.desk),
            filing: way.filing.uuid(),
            number: way.number.clone(),
            filed_at: way.filed_at.to_string(),
            state: way.state.code(),
        }
    }
}

impl From<&SubmissionFile> for SubmissionView {
    fn from(shown: &SubmissionFile) -> Self {
        let submission = &shown.submission;
        Self {
            id: submission.id.uuid(),
            case: submission.case.uuid(),
            addressee: submission.addressee.clone(),
            desk: submission.desk.clone(),
            address: submission.address.clone(),
            stage: submission.stage.code(),
            channel: submission.channel.code(),
            state: shown.state().code(),
            number: shown.number().map(str::to_owned),
            note: submission.note.clone(),
            body_sha256: submission.body_digest.to_string(),
            recorded_at: submission.recorded_at.to_string(),
            files: shown.files.iter().map(FileView::from).collect(),
            events: shown.events.iter().map(EventView::from).collect(),
        }
    }
}

impl From<&Attachment> for FileView {
    fn from(file: &Attachment) -> Self {
        Self {
            name: file.file_name.clone(),
            media_type: file.media_type.clone(),
            octets: file.size,
            sha256: file.digest.to_string(),
        }
    }
}

impl From<&SubmissionEvent> for EventView {
    fn from(event: &SubmissionEvent) -> Self {
        Self {
            kind: event.kind.code(),
            happened_at: event.happened_at.to_string(),
            number: event.number.clone(),
            note: event.note.clone(),
            by_program: event.recorded_by.is_none(),
            recorded_at: event.recorded_at.to_string(),
        }
    }
}
