//! 様式第一 and 様式第二 as workbooks to take away.

use app::App;
use app::assets::workbook::NotificationFill;
use axum::extract::{Path, Query, State};
use policy::Action;
use serde::Deserialize;

use super::words::duty_of;
use crate::failure::PageResult;
use crate::pages::filings::attachment::file;
use crate::pages::incidents::workbook::XLSX;
use crate::print::workbook::of_computers;
use crate::problem::WebError;
use crate::session::Signed;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    blank: Option<String>,
}

/// The form of a duty: with what is due in it, or blank.
pub(super) async fn download(
    State(app): State<App>,
    Path(duty): Path<String>,
    Query(wanted): Query<Wanted>,
    signed: Signed,
) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    let (fill, name) = match wanted.blank {
        Some(_) => (
            NotificationFill::Blank,
            format!("form-{}-blank.xlsx", duty.code()),
        ),
        None => (NotificationFill::Due, format!("form-{}.xlsx", duty.code())),
    };
    let words = of_computers(signed.here.t);
    let octets = app
        .notification_workbook(signed.actor(), duty, fill, &words)
        .await?;
    file(octets, XLSX, &name)
}
