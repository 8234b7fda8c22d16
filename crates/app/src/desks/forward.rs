use ids::{FilingId, FilingKind, ForwardingId};
use model::filing::{Addressee, AddresseeRole, Attachment, Filing, Forwarding};
use model::organisation::Organisation;
use policy::{Action, Actor, Resource};
use serde_json::{Value, json};
use statute::{AddresseeQuestion, Duty, Role, addressees, standing};
use store::{StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::{desk, facts};
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// Act code of the leaf that says that a notification was passed on; receipts are made of it too.
pub(crate) const FORWARDED: &str = "filing.forwarded";

/// Basis of the Prime Minister's being addressee.
const BASIS: &str = "Act Art. 4(2)";
const BASIS_CHANGE: &str = "Act Art. 4(4)";

/// A notification that was passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Forwarded {
    /// Identifies the passing on.
    pub id: ForwardingId,
    /// What was passed on.
    pub filing: FilingId,
}

impl App {
    /// Passes a notification on to the Prime Minister (Act Art. 4(2), for changes Art. 4(4)): the Cabinet Office
    /// becomes an addressee, gets a delivery, and its own log holds the proof beside the Minister's.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was passed on before; [`AppError::Forbidden`] for reports, which go to both at
    /// once (Act Art. 5).
    pub async fn forward_to_prime_minister(
        &self,
        actor: &Actor,
        filing: FilingId,
        key: Option<&str>,
    ) -> Result<Forwarded, AppError> {
        let once = Once::new(actor, "desk.forward", key, &json!(filing.to_string()))?;
        let mut tx = self.store().begin("desk.forward").await?;
        let (document, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        let permit = self.policy().check(
            actor,
            Action::ForwardToPrimeMinister,
            &Resource::Filing(facts),
        )?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        self.require_basis("basis.notification")?;
        let operator = self.owner_of(&mut tx, document.owner).await?;
        let to = self.prime_minister(&mut tx, &operator).await?;
        let at = self.now();
        let forwarding = Forwarding {
            id: self.ids().next(),
            filing,
            from: actor.organisation,
            to: to.id,
            forwarded_by: actor.person,
            forwarded_at: at,
        };
        let twice = |error| match error {
            StoreError::Taken { .. } => AppError::Conflict("already_forwarded"),
            other => AppError::from(other),
        };
        if tx
            .addressees(filing)
            .await?
            .iter()
            .any(|addressee| addressee.organisation == to.id)
        {
            return Err(AppError::Conflict("already_forwarded"));
        }
        tx.insert_forwarding(&forwarding).await.map_err(twice)?;
        let addressee = Addressee {
            organisation: to.id,
            role: AddresseeRole::PrimeMinisterForwarded,
            basis: basis(&document).to_owned(),
            since: at,
        };
        tx.insert_addressee(filing, &addressee)
            .await
            .map_err(twice)?;
        let delivery = self.ids().next();
        tx.insert_delivery(delivery, filing, to.id, at).await?;
        self.enqueue_delivery(&mut tx, delivery, at).await?;

        let mut rows = tx
            .official_rows(&official::FORWARDING, forwarding.id.uuid())
            .await?;
        let own = format!("{filing}/{}", to.id);
        rows.extend(
            tx.official_rows(&official::FILING_ADDRESSEE, filing.uuid())
                .await?
                .into_iter()
                .filter(|row| row.key == own),
        );
        let from_log = self.desk_log(&mut tx, actor).await?;
        let to_log = LogCode::of_authority(&to, None)
            .ok_or(AppError::Bug("the Cabinet Office has no log"))?;
        let attachments = tx.filing_attachments(filing).await?;
        let act = ActDraft {
            act: FORWARDED,
            subject: Subject::new("filing", filing),
            details: details(&document, &operator, &attachments, &forwarding, &to),
            rows,
            logs: vec![from_log, to_log],
        };
        self.record(&mut tx, permit, &act, at).await?;
        let forwarded = Forwarded {
            id: forwarding.id,
            filing,
        };
        once.remember(&mut tx, &forwarded, at).await?;
        tx.commit().await?;
        self.wake_workers();
        Ok(forwarded)
    }

    /// The desk of the Prime Minister, as the rule book names it.
    async fn prime_minister(
        &self,
        tx: &mut Tx,
        operator: &Organisation,
    ) -> Result<Organisation, AppError> {
        let question = AddresseeQuestion {
            // Only reports name the Prime Minister as addressee; the desk is the same.
            duty: Duty::IncidentReport,
            sector: operator
                .sector
                .as_deref()
                .ok_or(AppError::Bug("operator without a sector"))?,
            ministry: None,
            prefecture: None,
            on: self.today(),
        };
        let legal = addressees(self.rules(), &question).map_err(AppError::Addressees)?;
        let code = legal
            .addressees
            .iter()
            .find(|addressee| addressee.role == Role::PrimeMinister)
            .map(|addressee| addressee.code.clone())
            .ok_or(AppError::Bug("no Prime Minister in the rule book"))?;
        desk(tx, &code).await
    }

    /// Refuses an act whose legal basis is not in force, outside an exercise (DESIGN §4).
    pub(crate) fn require_basis(&self, key: &str) -> Result<(), AppError> {
        standing(self.rules(), key, self.today(), self.mode())
            .map(|_| ())
            .map_err(AppError::NotInForce)
    }

    /// The log in which acts of the actor's desk stand.
    pub(crate) async fn desk_log(&self, tx: &mut Tx, actor: &Actor) -> Result<LogCode, AppError> {
        self.log_of(tx, actor.organisation)
            .await?
            .ok_or(AppError::Bug("a desk without a log"))
    }
}

fn basis(filing: &Filing) -> &'static str {
    let of_change = matches!(
        filing.kind,
        FilingKind::AssetChange | FilingKind::AssetRetirement
    );
    if of_change { BASIS_CHANGE } else { BASIS }
}

/// What the proof shows: that this content reached the Prime Minister, from whom and when.
fn details(
    filing: &Filing,
    operator: &Organisation,
    attachments: &[Attachment],
    forwarding: &Forwarding,
    to: &Organisation,
) -> Value {
    let attachments: Vec<Value> = attachments
        .iter()
        .map(|attachment| json!({ "sha256": attachment.digest.to_string(), "octets": attachment.size }))
        .collect();
    json!({
        "number": filing.number.as_str(),
        "kind": filing.kind.code(),
        "operator": { "name": operator.name_ja, "corporate_number": operator.corporate_number },
        "form_version": filing.form_version,
        "body_sha256": filing.body_digest.to_string(),
        "attachments": attachments,
        "arrived_at": filing.filed_at.to_string(),
        "forwarded_at": forwarding.forwarded_at.to_string(),
        "addressees": [{
            "name": to.name_ja,
            "name_en": to.name_en,
            "role": AddresseeRole::PrimeMinisterForwarded.code(),
            "basis": basis(filing),
        }],
    })
}
