use app::App;
use app::ledger_view::{ReceiptFinding, ReceiptVerified};
use askama::Template;
use axum::extract::{Multipart, State};
use http::StatusCode;

use crate::components::{Banner, SummaryList, SummaryRow, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt::Time;
use crate::forms::{ErrorSummary, FileInput, Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::problem::WebError;
use crate::session::Signed;
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "pages/audit_verify.html")]
struct VerifyPage {
    page: Page,
    summary: ErrorSummary,
    file: FileInput,
    finding: Option<(Banner, Option<SummaryList>)>,
}

fn view(signed: &Signed, errors: &FormErrors, finding: Option<ReceiptFinding>) -> VerifyPage {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    VerifyPage {
        page: signed
            .page("audit-verify-title")
            .crumb("/audit", t.get("audit-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        file: form
            .file("receipt", "audit-verify-file")
            .hint("audit-verify-hint")
            .accept(".json")
            .required(),
        finding: finding.map(|finding| words(t, &finding)),
    }
}

pub(super) async fn show(signed: Signed) -> PageResult {
    Ok(render(&view(&signed, &FormErrors::new(), None)))
}

pub(super) async fn check(State(app): State<App>, signed: Signed, upload: Multipart) -> PageResult {
    let (csrf, file) = read(upload).await?;
    signed.require_csrf(&csrf)?;
    if file.is_empty() {
        let mut errors = FormErrors::new();
        errors.add("receipt", "audit-verify-file", "form-error-choose");
        let page = view(&signed, &errors, None);
        return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let finding = app.verify_receipt(signed.actor(), &file).await?;
    Ok(render(&view(&signed, &FormErrors::new(), Some(finding))))
}

/// The anti-forgery token and the file.
async fn read(mut upload: Multipart) -> Result<(String, Vec<u8>), PageError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        PageError::from(WebError::of_status(error.status()))
    };
    let (mut csrf, mut file) = (String::new(), Vec::new());
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => csrf = field.text().await.map_err(broken)?,
            Some("receipt") => file = field.bytes().await.map_err(broken)?.to_vec(),
            Some(_) | None => {}
        }
    }
    Ok((csrf, file))
}

fn words(t: Texts, finding: &ReceiptFinding) -> (Banner, Option<SummaryList>) {
    match finding {
        ReceiptFinding::NotValid(code) => {
            let key = format!("audit-refused-{}", code.replace('_', "-"));
            let banner = Banner::new(t, Tone::Error, t.get("audit-not-valid")).text(t.get(&key));
            (banner, None)
        }
        ReceiptFinding::Valid(verified) => {
            let banner = if verified.witnessed {
                Banner::new(t, Tone::Success, t.get("audit-valid-witnessed"))
            } else {
                Banner::new(t, Tone::Warning, t.get("audit-valid-not-witnessed"))
                    .text(t.get("audit-valid-not-witnessed-text"))
            };
            (banner, Some(facts(t, verified)))
        }
    }
}

fn facts(t: Texts, verified: &ReceiptVerified) -> SummaryList {
    let mut rows = vec![
        SummaryRow::new(t.get("audit-origin"), &verified.origin),
        SummaryRow::new(t.get("audit-index"), &verified.index.to_string()),
        SummaryRow::new(t.get("audit-checkpoint-size"), &verified.size.to_string()),
        SummaryRow::new(t.get("audit-root"), &verified.root),
    ];
    if let Some(act) = &verified.act {
        rows.push(SummaryRow::new(t.get("audit-act"), act));
    }
    if let Some(at) = verified.at {
        rows.push(SummaryRow::new(t.get("audit-at"), "").badge(&Time::at_second(t, at)));
    }
    for (witness, at) in &verified.witnesses {
        let row = SummaryRow::new(t.get("audit-cosignature"), witness);
        rows.push(match at {
            Some(at) => row.badge(&Time::at_second(t, *at)),
            None => row,
        });
    }
    SummaryList::new(t, rows)
}
