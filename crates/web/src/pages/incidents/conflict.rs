//! Two people changed one field: both values are shown, and a person chooses.

use app::incidents::{FieldConflict, Typed};
use askama::Template;
use axum::response::Response;
use formats::forms::Field;
use http::StatusCode;
use ids::CaseId;
use statute::RuleBook;

use super::typed;
use super::words;
use crate::forms::RawForm;
use crate::page::{Page, render_with};
use crate::session::Signed;

struct Row {
    label: String,
    mine: String,
    theirs: String,
    by: String,
    /// Fields that send my value, with the mark of what is saved now.
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/incidents/conflict.html")]
struct ConflictPage {
    page: Page,
    back: String,
    action: String,
    token: String,
    rows: Vec<Row>,
}

/// The page that shows both values, with status 409. Everything else that was sent is saved.
pub(super) fn page(
    book: &RuleBook,
    signed: &Signed,
    id: CaseId,
    item: u8,
    fields: &[&Field],
    conflicts: &[FieldConflict],
    token: String,
) -> Response {
    let t = signed.here.t;
    let rows = conflicts
        .iter()
        .filter_map(|conflict| {
            let field = fields.iter().find(|field| field.key == conflict.field)?;
            Some(Row {
                label: words::label(t, field),
                mine: words::typed(t, book, field, &conflict.mine),
                theirs: words::typed(t, book, field, &conflict.theirs),
                by: conflict.by_name.clone(),
                fields: overwrite(field, &conflict.mine, &conflict.theirs),
            })
        })
        .collect();
    let view = ConflictPage {
        page: signed
            .page("cases-conflict-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), t.get("cases-to-case")),
        back: format!("/cases/{id}/items/{item}"),
        action: format!("/cases/{id}/items/{item}"),
        token,
        rows,
    };
    render_with(StatusCode::CONFLICT, &view)
}

fn overwrite(field: &Field, mine: &Typed, theirs: &Typed) -> Vec<(String, String)> {
    let mut raw = RawForm::empty();
    typed::show(&mut raw, field, mine);
    let mut fields: Vec<(String, String)> = raw
        .answers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    fields.push((format!("mark.{}", field.key), theirs.mark()));
    fields.push(("only".to_owned(), field.key.clone()));
    fields
}
