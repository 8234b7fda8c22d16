use ids::{FilingId, FormalCheckId};
use model::filing::{FormalCheck, FormalResult};
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::official;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::idempotency::Once;
use crate::instance::App;

/// What a desk found.
#[derive(Clone, Copy, Debug)]
pub struct NewCheck<'a> {
    /// 形式要件を満たす or 欠く.
    pub result: FormalResult,
    /// Remark for the operator; may be empty, unless something lacks.
    pub note: &'a str,
}

impl App {
    /// Records that a desk checked the formal requirements of a filing (行政手続法 Art. 37).
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know of the filing; [`AppError::Invalid`] for a finding that
    /// something lacks without saying what.
    pub async fn check_form(
        &self,
        actor: &Actor,
        filing: FilingId,
        check: NewCheck<'_>,
        key: Option<&str>,
    ) -> Result<FormalCheckId, AppError> {
        let once = Once::new(
            actor,
            "desk.check_form",
            key,
            &json!([filing.to_string(), check.result.code(), check.note]),
        )?;
        let mut tx = self.store().begin("desk.check_form").await?;
        let (_, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::CheckForm, &Resource::Filing(facts))?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let note = note(check)?;
        let log = self.desk_log(&mut tx, actor).await?;
        let at = self.now();
        let check = FormalCheck {
            id: self.ids().next(),
            filing,
            organisation: actor.organisation,
            result: check.result,
            note,
            checked_by: actor.person,
            checked_at: at,
        };
        tx.insert_check(&check).await?;
        let act = ActDraft {
            act: "filing.checked",
            subject: Subject::new("filing", filing),
            details: json!({ "check": check.id.to_string(), "result": check.result.code() }),
            rows: tx
                .official_rows(&official::FORMAL_CHECK, check.id.uuid())
                .await?,
            logs: vec![log],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &check.id, at).await?;
        tx.commit().await?;
        Ok(check.id)
    }
}

fn note(check: NewCheck<'_>) -> Result<String, AppError> {
    let text = check.note.trim();
    if text.is_empty() {
        return match check.result {
            FormalResult::Meets => Ok(String::new()),
            FormalResult::Lacks => Err(AppError::field("note", "check_note_missing")),
        };
    }
    Prose::<2000>::parse(text)
        .map(|note| note.as_str().to_owned())
        .map_err(|error: TextError| AppError::field("note", error.code()))
}
