//! Files to be downloaded: an empty table to begin with, and the uploaded one with its errors.

use app::App;
use app::documents::sheet::{Cell, Table};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use formats::inventory::{Column, Encoding, write_csv};
use http::header;
use ids::ImportId;
use policy::Action;

use super::words::{ErrorWords, column_label};
use crate::failure::{PageResult, form_urlencoded};
use crate::problem::WebError;
use crate::session::Signed;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table with headings that are known, and a made-up row; CSV where this program writes no workbooks.
pub(super) async fn download(State(app): State<App>, signed: Signed) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let t = signed.here.t;
    let headings: Vec<String> = Column::ALL
        .into_iter()
        .map(|column| column_label(t, column))
        .collect();
    let sample: Vec<String> = Column::ALL
        .into_iter()
        .map(|column| {
            let code = column.code().replace('_', "-");
            t.get(&format!("import-sample-{code}")).into_owned()
        })
        .collect();
    let rows = vec![headings, sample];
    let table = Table {
        name: t.get("import-template-sheet").into_owned(),
        heading_rows: 1,
        rows: rows
            .iter()
            .map(|cells| cells.iter().map(|text| Cell::Text(text.clone())).collect())
            .collect(),
    };
    if let Ok(content) = app.documents().tables.write_workbook(&[table]) {
        return Ok(file("computers.xlsx", XLSX, content));
    }
    let content =
        write_csv(&rows, Encoding::Utf8WithMark, b',').map_err(|_| WebError::internal())?;
    Ok(file("computers.csv", "text/csv", content))
}

/// An uploaded sheet with a column of errors.
pub(super) async fn errors(
    State(app): State<App>,
    Path((id, sheet)): Path<(ImportId, u32)>,
    signed: Signed,
) -> PageResult {
    let found = app
        .import_error_sheet(signed.actor(), id, sheet, &ErrorWords(signed.here.t))
        .await?;
    Ok(file(&found.file_name, found.media_type, found.content))
}

fn file(name: &str, media_type: &'static str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", form_urlencoded(name));
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        content,
    )
        .into_response()
}
