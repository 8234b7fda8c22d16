use ids::{DirectiveId, DirectiveOutcome};
use model::orders::Closing;
use model::text::{Prose, TextError};
use policy::{Action, Actor};
use serde_json::json;
use store::{StoreError, official};

use super::view::directive_resource;
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::idempotency::Once;
use crate::instance::App;

/// How an authority ends a directive.
#[derive(Clone, Copy, Debug)]
pub struct ClosingInput<'a> {
    /// With what outcome.
    pub outcome: DirectiveOutcome,
    /// Remark to the addressee; may be empty when it was fulfilled.
    pub note: &'a str,
}

impl App {
    /// Ends a directive: fulfilled, not fulfilled, or taken back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it ends without having been fulfilled and no reason is given;
    /// [`AppError::Conflict`] when it had ended.
    pub async fn close_directive(
        &self,
        actor: &Actor,
        id: DirectiveId,
        input: ClosingInput<'_>,
        key: Option<&str>,
    ) -> Result<(), AppError> {
        let request = json!([id.to_string(), input.outcome.code(), input.note]);
        let once = Once::new(actor, "directive.close", key, &request)?;
        let mut tx = self.store().begin("directive.close").await?;
        let file = tx.directive(id).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::CloseDirective, &directive_resource(&file))?;
        if once.earlier::<DirectiveOutcome>(&mut tx).await?.is_some() {
            return Ok(());
        }
        let closed = || AppError::Conflict("directive_closed");
        if !file.is_open() {
            return Err(closed());
        }
        let note = match Prose::<2000>::parse(input.note) {
            Ok(note) => note.as_str().to_owned(),
            Err(TextError::Empty) if input.outcome == DirectiveOutcome::Fulfilled => String::new(),
            Err(TextError::Empty) => return Err(AppError::field("note", "directive_note_missing")),
            Err(error) => return Err(AppError::field("note", error.code())),
        };
        let at = self.now();
        let closing = Closing {
            outcome: input.outcome,
            note,
            closed_by: actor.person,
            closed_at: at,
        };
        tx.insert_directive_closing(id, &closing)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => closed(),
                other => other.into(),
            })?;
        let act = ActDraft {
            act: "directive.closed",
            subject: Subject::new("directive", id),
            details: json!({
                "number": file.directive.number.as_str(),
                "outcome": closing.outcome.code(),
            }),
            rows: tx
                .official_rows(&official::DIRECTIVE_CLOSING, id.uuid())
                .await?,
            logs: vec![self.directive_log(&mut tx, &file).await?],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &closing.outcome, at).await?;
        tx.commit().await?;
        Ok(())
    }
}
