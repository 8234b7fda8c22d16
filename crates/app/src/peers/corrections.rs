use ids::OrganisationId;
use jiff::Timestamp;
use model::filing::{AddresseeRole, CorrectionRequest};
use model::text::Prose;
use serde_json::json;
use store::{Tx, official};

use super::{FoundCorrection, PeerFiling};
use crate::act::{ActDraft, Subject};
use crate::desks::{has_field, read_body};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

impl App {
    /// Takes over requests for correction that are not known here. They then are answered like any other, and the answer travels
    /// back with the corrected report.
    pub(super) async fn take_corrections(
        &self,
        tx: &mut Tx,
        row: &PeerFiling,
        found: &[FoundCorrection],
        at: Timestamp,
    ) -> Result<(), AppError> {
        for correction in found {
            if correction.answered || tx.correction_request(correction.id).await?.is_some() {
                continue;
            }
            let filing = tx
                .filing(row.filing)
                .await?
                .ok_or(AppError::Bug("a filing that is gone"))?;
            let Some(desk) = desk_of(tx, row, &correction.role).await? else {
                continue;
            };
            // What another instance sends is read as carefully as what a person types.
            let Ok(text) = Prose::<2000>::parse(&correction.text) else {
                continue;
            };
            let field = if has_field(&read_body(&filing)?, &correction.field) {
                correction.field.clone()
            } else {
                String::new()
            };
            let request = CorrectionRequest {
                id: correction.id,
                filing: row.filing,
                organisation: desk,
                field,
                text: text.as_str().to_owned(),
                wanted_by: correction.wanted_by,
                requested_by: None,
                requested_at: correction.requested_at,
                answer: None,
            };
            tx.insert_correction_request(&request).await?;
            let act = ActDraft {
                act: "correction.passed_on",
                subject: Subject::new("filing", row.filing),
                details: json!({
                    "request": request.id.to_string(),
                    "field": request.field,
                    "peer": row.peer,
                }),
                rows: tx
                    .official_rows(&official::CORRECTION_REQUEST, request.id.uuid())
                    .await?,
                logs: vec![LogCode::instance()],
            };
            self.record_of_program(tx, &act, at).await?;
        }
        Ok(())
    }
}

/// The addressee here that stands for a desk there.
async fn desk_of(
    tx: &mut Tx,
    row: &PeerFiling,
    role: &str,
) -> Result<Option<OrganisationId>, AppError> {
    let addressees = tx.addressees(row.filing).await?;
    let role = role.parse::<AddresseeRole>().ok();
    Ok(addressees
        .iter()
        .find(|addressee| Some(addressee.role) == role)
        .or_else(|| addressees.first())
        .map(|addressee| addressee.organisation))
}
