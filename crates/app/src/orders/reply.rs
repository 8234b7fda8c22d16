use ids::{DirectiveId, DirectiveReplyId, FilingId, ReceiptNumber};
use model::orders::Reply;
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::official;

use super::view::directive_resource;
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::idempotency::Once;
use crate::instance::App;

/// An answer to a directive.
#[derive(Clone, Copy, Debug)]
pub struct ReplyInput<'a> {
    /// The answer.
    pub text: &'a str,
    /// Receipt number of the filing that does what was asked for; may be empty.
    pub filing_number: &'a str,
}

impl App {
    /// Answers an order, opinion, demand or guidance. It may be answered again until the authority ends it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty text or a number that is none of the own filings; [`AppError::Conflict`] when
    /// the authority has ended it.
    pub async fn reply_to_directive(
        &self,
        actor: &Actor,
        id: DirectiveId,
        input: ReplyInput<'_>,
        key: Option<&str>,
    ) -> Result<DirectiveReplyId, AppError> {
        let request = json!([id.to_string(), input.text, input.filing_number]);
        let once = Once::new(actor, "directive.reply", key, &request)?;
        let mut tx = self.store().begin("directive.reply").await?;
        let file = tx.directive(id).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::ReplyToDirective, &directive_resource(&file))?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        if !file.is_open() {
            return Err(AppError::Conflict("directive_closed"));
        }
        let text = Prose::<4000>::parse(input.text)
            .map_err(|error: TextError| AppError::field("text", error.code()))?;
        let filing = self
            .own_filing(&mut tx, actor, input.filing_number.trim())
            .await?;
        let at = self.now();
        let reply = Reply {
            id: self.ids().next(),
            directive: id,
            text: text.as_str().to_owned(),
            filing,
            replied_by: actor.person,
            replied_at: at,
        };
        tx.insert_directive_reply(&reply).await?;
        let act = ActDraft {
            act: "directive.replied",
            subject: Subject::new("directive", id),
            details: json!({
                "number": file.directive.number.as_str(),
                "reply": reply.id.to_string(),
                "filing": filing.map(|filing| filing.to_string()),
            }),
            rows: tx
                .official_rows(&official::DIRECTIVE_REPLY, reply.id.uuid())
                .await?,
            logs: vec![self.directive_log(&mut tx, &file).await?],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &reply.id, at).await?;
        tx.commit().await?;
        Ok(reply.id)
    }

    async fn own_filing(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        number: &str,
    ) -> Result<Option<FilingId>, AppError> {
        if number.is_empty() {
            return Ok(None);
        }
        let unknown = || AppError::field("filing_number", "directive_number_unknown");
        let number: ReceiptNumber = number.parse().map_err(|_| unknown())?;
        let filing = tx
            .filing_by_number(number.as_str())
            .await?
            .ok_or_else(unknown)?;
        let (_, facts) = facts(tx, filing.id).await?.ok_or_else(unknown)?;
        let own = facts.owner == actor.organisation;
        let resource = Resource::Filing(facts);
        if own && self.policy().may(actor, Action::ViewFiling, &resource) {
            Ok(Some(filing.id))
        } else {
            Err(unknown())
        }
    }
}
