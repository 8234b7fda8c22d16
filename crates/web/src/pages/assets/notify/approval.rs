use app::App;
use app::assets::FileNotification;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use policy::Action;

use super::{contact_of, picks_of, refused};
use crate::failure::PageResult;
use crate::forms::{Form, FormErrors, RawForm, TextArea};
use crate::pages::assets::words::duty_of;
use crate::problem::WebError;
use crate::session::{Posted, Signed};

/// What the own route asks for and is not there yet.
pub(super) struct ApprovalPart {
    pub(super) text: String,
    pub(super) ask: Option<TextArea>,
}

/// Asks for the approvals of the own route; the notification is frozen as it stands.
pub(in crate::pages::assets) async fn ask(
    State(app): State<App>,
    Path(duty): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::RequestApproval, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    let wanted = FileNotification {
        duty,
        picks: picks_of(&raw),
        contact: contact_of(&raw),
    };
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    let replaces = raw.get("replaces").parse().ok();
    let done = app
        .request_notification_approval(signed.actor(), &wanted, replaces, raw.get("note"), key)
        .await;
    match done {
        Ok(asked) => Ok(Redirect::to(&format!("/approvals/{}", asked.approval)).into_response()),
        Err(error) => refused(&app, &signed, duty, &raw, error).await,
    }
}

/// What the own route asks for and is not there yet.
pub(super) fn approval(app: &App, signed: &Signed, why: &str) -> ApprovalPart {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let errors = FormErrors::new();
    let may = signed
        .must_be_allowed(app, Action::RequestApproval, &signed.own_register())
        .is_ok();
    ApprovalPart {
        text: t
            .get(&format!("cases-approval-{}", why.replace('_', "-")))
            .into_owned(),
        ask: (may && why != "approval_waiting").then(|| {
            Form::new(t, &raw, &errors)
                .text_area("note", "approval-note")
                .hint("approval-note-hint")
                .rows(2)
                .max_chars(2000)
        }),
    }
}
