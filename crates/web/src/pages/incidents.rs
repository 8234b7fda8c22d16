//! Incident cases (Act Art. 5): from 「これは報告が必要か」 to the filed report.

mod answers;
mod awareness;
pub(crate) mod case;
mod check;
mod computers;
mod conflict;
mod decisions;
pub(in crate::pages) mod files;
mod history;
pub(super) mod item;
mod judge;
mod list;
pub(in crate::pages) mod new;
mod pdf;
pub(super) mod typed;
mod withdraw;
pub(crate) mod words;
pub(crate) mod workbook;

use axum::routing::{get, post};

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/need-to-report", get(judge::show).post(judge::answer))
        .route("/cases", get(list::show))
        .route("/cases/new", get(new::show).post(new::open))
        .route("/cases/{id}", get(case::show))
        .route("/cases/{id}/draft.pdf", get(pdf::draft))
        .route("/cases/{id}/workbook.xlsx", get(workbook::download))
        .route(
            "/cases/{id}/workbook",
            get(workbook::show).post(workbook::preview),
        )
        .route("/cases/{id}/workbook/apply", post(workbook::apply))
        .route("/cases/{id}/arrange", post(case::arrange))
        .route("/cases/{id}/reopen", post(case::reopen))
        .route("/cases/{id}/migrate", post(case::migrate))
        .route("/cases/{id}/judgement", post(judge::keep))
        .route("/cases/{id}/items/{item}", get(item::show).post(item::save))
        .route("/cases/{id}/items/{item}/autosave", post(item::autosave))
        .route(
            "/cases/{id}/awareness/new",
            get(awareness::show_new).post(awareness::add),
        )
        .route(
            "/cases/{id}/awareness/{awareness}",
            get(awareness::show_correction).post(awareness::correct),
        )
        .route("/cases/{id}/files", get(files::show).post(files::attach))
        .route("/cases/{id}/files/{digest}/remove", post(files::detach))
        .route(
            "/cases/{id}/report/{kind}",
            get(check::show).post(check::file),
        )
        .route(
            "/cases/{id}/report/{kind}/approval",
            get(check::back).post(check::ask),
        )
        .route(
            "/cases/{id}/report/{kind}/emergency",
            get(check::back).post(check::emergency),
        )
        .route(
            "/cases/{id}/withdrawal",
            get(withdraw::show).post(withdraw::file),
        )
        .route("/cases/{id}/history", get(history::versions))
        .route("/cases/{id}/timeline", get(history::timeline))
        .route("/decisions", get(decisions::list))
        .route(
            "/decisions/new",
            get(decisions::show_new).post(decisions::record),
        )
        .route("/decisions/{id}", get(decisions::show))
}
