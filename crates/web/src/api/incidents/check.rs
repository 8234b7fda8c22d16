use app::incidents::{CorrectionInput, Preview, ReportKind, Section, SectionField};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, Query, State};
use ids::CaseId;
use serde::{Deserialize, Serialize};
use statute::EventCode;
use utoipa::{IntoParams, ToSchema};

use super::answers::FieldBody;
use super::wire::{Addressee, ClockView};
use crate::api::wire::Name;
use crate::api::{ApiError, ApiResult, Caller};

/// Which report is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KindQuery {
    /// `prompt`, `update`, `full` or `correction`.
    #[param(pattern = "^(prompt|update|full|correction)$")]
    kind: String,
}

/// Everything to look at before a report is filed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckView {
    /// The version of the draft; name it when filing.
    draft_version: i64,
    /// The stage whose requirements apply: `prompt`, `update` or `full`.
    stage: &'static str,
    /// The code it is filed under; nothing can be filed without one.
    event: Option<&'static str>,
    /// Whether the caller may file it.
    may_file: bool,
    /// What keeps it from being filed.
    problems: Vec<Remark>,
    /// What looks odd.
    warnings: Vec<Remark>,
    /// The seven items of Order Art. 4(3).
    sections: Vec<SectionView>,
    /// To whom it goes.
    addressees: Vec<Addressee>,
    /// How sure the addressees are, such as `text` or `assumed`.
    addressees_confidence: &'static str,
    /// Whose people can see it afterwards.
    readers: Vec<Name>,
    /// The clock that leads.
    clock: Option<ClockView>,
}

/// Something about a field.
#[derive(Debug, Serialize, ToSchema)]
struct Remark {
    /// Key of the field; empty where it is about none.
    field: String,
    /// Stable code.
    code: &'static str,
}

/// One of the seven items.
#[derive(Debug, Serialize, ToSchema)]
struct SectionView {
    /// 1 to 7.
    item: u8,
    /// Title, from the rule book.
    title: Name,
    /// `complete`, `as_known` or `answered`.
    need: &'static str,
    /// `not_begun`, `begun`, `done` or `to_correct`.
    state: &'static str,
    /// Its fields on the chosen sheet.
    fields: Vec<FieldView>,
}

/// A field with what stands in it.
#[derive(Debug, Serialize, ToSchema)]
struct FieldView {
    /// Its key in the draft.
    key: String,
    /// The question.
    label: Name,
    /// Whether it must be filled in at this stage.
    needed: bool,
    /// What stands in it.
    value: FieldBody,
    /// What is wrong with that.
    problem: Option<&'static str>,
    /// What it lacks for this stage.
    lacks: Option<&'static str>,
}

impl From<&SectionField> for FieldView {
    fn from(field: &SectionField) -> Self {
        Self {
            key: field.field.key.clone(),
            label: Name {
                ja: field.field.label_ja.clone(),
                en: field.field.label_en.clone(),
            },
            needed: field.needed,
            value: FieldBody::from(&field.typed),
            problem: field.problem,
            lacks: field.lacks,
        }
    }
}

impl From<&Section> for SectionView {
    fn from(section: &Section) -> Self {
        Self {
            item: section.item,
            title: Name {
                ja: section.title_ja.clone(),
                en: section.title_en.clone(),
            },
            need: section.need.code(),
            state: section.state.code(),
            fields: section.fields.iter().map(FieldView::from).collect(),
        }
    }
}

impl From<&Preview> for CheckView {
    fn from(preview: &Preview) -> Self {
        Self {
            draft_version: preview.draft.version,
            stage: preview.stage.code(),
            event: preview.event.map(EventCode::code),
            may_file: preview.may_file,
            problems: preview
                .problems
                .iter()
                .map(|problem| Remark {
                    field: problem.field.clone(),
                    code: problem.code,
                })
                .collect(),
            warnings: preview
                .warnings
                .iter()
                .map(|warning| Remark {
                    field: warning.field.clone(),
                    code: warning.code.code(),
                })
                .collect(),
            sections: preview.sections.iter().map(SectionView::from).collect(),
            addressees: preview.addressees.iter().map(Addressee::from).collect(),
            addressees_confidence: preview.addressees_confidence.code(),
            readers: preview
                .readers
                .iter()
                .map(|reader| Name {
                    ja: reader.name_ja.clone(),
                    en: reader.name_en.clone(),
                })
                .collect(),
            clock: preview.clock.as_ref().map(ClockView::from),
        }
    }
}

/// Checks what would be filed: every field with what it lacks, addressees, readers and the leading clock.
#[utoipa::path(get, path = "/api/v1/cases/{id}/check", tag = "incidents", security(("token" = [])),
    params(("id" = uuid::Uuid, Path), KindQuery),
    responses((status = 200, body = CheckView), (status = 409, description = "the phase does not allow this report"),
        (status = 422, description = "no such kind")))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
    Query(query): Query<KindQuery>,
) -> ApiResult<Json<CheckView>> {
    let words = |error| ApiError::worded(error, caller.t);
    let kind = match query.kind.as_str() {
        "prompt" => ReportKind::Prompt,
        "update" => ReportKind::Update,
        "full" => ReportKind::Full,
        "correction" => ReportKind::Correction(CorrectionInput {
            explanation: String::new(),
            request: None,
        }),
        _ => return Err(words(AppError::field("kind", "code_unknown"))),
    };
    let preview = app
        .preview_report(caller.actor(), id, &kind)
        .await
        .map_err(words)?;
    Ok(Json(CheckView::from(&preview)))
}
