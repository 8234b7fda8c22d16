use app::assets::{ContactInput, FileNotification, Pick};
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ids::Id;
use serde::Deserialize;
use uuid::Uuid;

use crate::api::wire::{Filed, filing_address};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// A notification to be filed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationBody {
    /// `new` (様式第一), `change` or `retirement` (様式第二).
    duty: String,
    /// The computers.
    computers: Vec<ChosenComputer>,
    /// Who answers questions.
    #[serde(default)]
    contact: ContactBody,
}

/// A computer that is notified.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChosenComputer {
    /// The computer.
    id: Uuid,
    /// Its version as read; a computer that was changed since is not filed.
    #[serde(default)]
    version: Option<i64>,
}

/// Who answers questions; each may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ContactBody {
    /// Department.
    department: String,
    /// Person.
    name: String,
    /// Telephone.
    phone: String,
    /// Mail address.
    mail: String,
}

/// Files a notification of computers, of changes or of ends of use (Act Art. 4).
///
/// It goes to the Minister, who passes it on to the Prime Minister (Act Art. 4(2)). Chosen computers that need not be
/// notified are left out.
#[utoipa::path(post, path = "/api/v1/notifications", tag = "assets", request_body = NotificationBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = Filed), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 404, description = "a computer is absent, or not yours"),
        (status = 409, description = "notified before, changed meanwhile, or not in force"),
        (status = 413, description = "more computers than one notification holds"),
        (status = 422, description = "fields are missing or wrong")))]
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<NotificationBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let duty = body
        .duty
        .parse()
        .map_err(|_| words(AppError::field("duty", "code_unknown")))?;
    let picks = body
        .computers
        .iter()
        .map(|chosen| Pick {
            computer: Id::from_uuid(chosen.id),
            version: chosen.version,
        })
        .collect();
    let wanted = FileNotification {
        duty,
        picks,
        contact: ContactInput {
            department: body.contact.department,
            name: body.contact.name,
            phone: body.contact.phone,
            mail: body.contact.mail,
        },
    };
    let filed = app
        .file_notification(caller.actor(), &wanted, key.as_deref())
        .await
        .map_err(words)?;
    let location = [(http::header::LOCATION, filing_address(filed.filing))];
    let view = Filed {
        filing: filed.filing.uuid(),
        number: filed.number.as_str().to_owned(),
        arrived_at: filed.arrived_at.to_string(),
    };
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}
