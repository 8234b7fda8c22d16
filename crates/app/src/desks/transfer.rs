use ids::{FilingId, OrganisationKind, TransferId};
use jiff::Timestamp;
use model::filing::{Addressee, AddresseeRole};
use model::organisation::Organisation;
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::rows::desk_work::DeskTransfer;
use store::{StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::idempotency::Once;
use crate::instance::App;

/// Where the power of a Minister may lie with a regional head.
const BASIS: &str = "Act Art. 74; Cabinet Order Art. 3";

/// From which desk to which a filing went.
#[derive(Clone, Debug)]
pub struct Transferred {
    /// Name of the desk that gave it, in Japanese and English.
    pub from: (String, String),
    /// Name of the desk that has it now, in Japanese and English.
    pub to: (String, String),
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl App {
    /// The desks of the same Minister to which the actor's desk may give a filing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know of the filing; [`AppError::Forbidden`] for who may not give it.
    pub async fn desks_to_transfer_to(
        &self,
        actor: &Actor,
        filing: FilingId,
    ) -> Result<Vec<Organisation>, AppError> {
        let mut tx = self.store().begin_read("desk.transfer_targets").await?;
        let (_, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        drop(
            self.policy()
                .check(actor, Action::TransferFiling, &Resource::Filing(facts))?,
        );
        family(&mut tx, actor).await
    }

    /// Gives a filing to another desk of the same Minister (回付): that desk becomes an addressee, gets a delivery, and
    /// handles it from now on. The desk that gave it still reads it; the record of its arrival stays.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a desk of another Minister, or without a reason; [`AppError::Conflict`] when this desk
    /// gave it away before.
    pub async fn transfer_filing(
        &self,
        actor: &Actor,
        filing: FilingId,
        to: &str,
        reason: &str,
        key: Option<&str>,
    ) -> Result<TransferId, AppError> {
        let asked = json!([filing.to_string(), to, reason]);
        let once = Once::new(actor, "desk.transfer", key, &asked)?;
        let mut tx = self.store().begin("desk.transfer").await?;
        let (document, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::TransferFiling, &Resource::Filing(facts))?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let reason = Prose::<2000>::parse(reason)
            .map_err(|error: TextError| AppError::field("reason", error.code()))?;
        let to = family(&mut tx, actor)
            .await?
            .into_iter()
            .find(|desk| desk.id.to_string() == to)
            .ok_or_else(|| AppError::field("to", "transfer_desk_unknown"))?;
        let at = self.now();
        let transfer = DeskTransfer {
            id: self.ids().next(),
            filing,
            from: actor.organisation,
            to: to.id,
            reason: reason.as_str().to_owned(),
            transferred_by: actor.person,
            transferred_at: at,
        };
        tx.insert_desk_transfer(&transfer)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("already_transferred"),
                other => AppError::from(other),
            })?;
        let mut rows = tx
            .official_rows(&official::DESK_TRANSFER, transfer.id.uuid())
            .await?;
        let known = tx.addressees(filing).await?;
        if !known.iter().any(|one| one.organisation == to.id) {
            let addressee = Addressee {
                organisation: to.id,
                role: match to.kind {
                    OrganisationKind::RegionalOffice => AddresseeRole::RegionalHead,
                    _ => AddresseeRole::Minister,
                },
                basis: BASIS.to_owned(),
                since: at,
            };
            tx.insert_addressee(filing, &addressee).await?;
            let own = format!("{filing}/{}", to.id);
            rows.extend(
                tx.official_rows(&official::FILING_ADDRESSEE, filing.uuid())
                    .await?
                    .into_iter()
                    .filter(|row| row.key == own),
            );
        }
        let delivered = tx.deliveries(filing).await?;
        if !delivered.iter().any(|one| one.organisation == to.id) {
            let delivery = self.ids().next();
            tx.insert_delivery(delivery, filing, to.id, at).await?;
            self.enqueue_delivery(&mut tx, delivery, at).await?;
        }
        // Both desks act with the power of one Minister, whose log this is.
        let log = self.desk_log(&mut tx, actor).await?;
        let act = ActDraft {
            act: "filing.transferred",
            subject: Subject::new("filing", filing),
            details: json!({
                "transfer": transfer.id.to_string(),
                "number": document.number.as_str(),
                "to": { "name": to.name_ja, "name_en": to.name_en },
                "basis": BASIS,
            }),
            rows,
            logs: vec![log],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &transfer.id, at).await?;
        tx.commit().await?;
        self.wake_workers();
        Ok(transfer.id)
    }

    /// The ways of a filing from desk to desk, oldest first. The caller must hold a permit to show the filing.
    pub(crate) async fn transfers_of(
        &self,
        tx: &mut Tx,
        filing: FilingId,
    ) -> Result<Vec<Transferred>, AppError> {
        let mut found = Vec::new();
        for transfer in tx.desk_transfers(filing).await? {
            let from = self.owner_of(tx, transfer.from).await?;
            let to = self.owner_of(tx, transfer.to).await?;
            found.push(Transferred {
                from: (from.name_ja, from.name_en),
                to: (to.name_ja, to.name_en),
                reason: transfer.reason,
                at: transfer.transferred_at,
            });
        }
        Ok(found)
    }
}

/// The other desks of the Minister to whom the actor's desk belongs.
async fn family(tx: &mut Tx, actor: &Actor) -> Result<Vec<Organisation>, AppError> {
    let all = tx.organisations().await?;
    let own = all
        .iter()
        .find(|desk| desk.id == actor.organisation)
        .ok_or(AppError::NotFound)?;
    let minister = own.parent.unwrap_or(own.id);
    let own = own.id;
    Ok(all
        .into_iter()
        .filter(|desk| {
            let of_a_minister = matches!(
                desk.kind,
                OrganisationKind::Ministry | OrganisationKind::RegionalOffice
            );
            let same = desk.id == minister || desk.parent == Some(minister);
            of_a_minister && same && desk.id != own
        })
        .collect())
}
