use ids::{DeliveryId, DeliveryState, stable_codes};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::Tx;
pub use store::rows::outbox::{OutboxCounts, OutboxEntry};

use super::{SEND_DELIVERY, payload};
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

stable_codes! {
    /// The three lists of the outbox.
    pub enum OutboxList {
        /// On their way, with the time of the next attempt.
        Pending = "pending",
        /// In the addressee's queue.
        Delivered = "delivered",
        /// Given up; a person must look.
        GivenUp = "given_up",
    }
}

impl OutboxList {
    const fn state(self) -> DeliveryState {
        match self {
            Self::Pending => DeliveryState::Pending,
            Self::Delivered => DeliveryState::Delivered,
            Self::GivenUp => DeliveryState::Dead,
        }
    }
}

/// A page of the outbox.
#[derive(Clone, Debug)]
pub struct OutboxPage {
    /// Deliveries, newest first.
    pub entries: Vec<OutboxEntry>,
    /// Where the next page begins.
    pub next: Option<DeliveryId>,
    /// How many stand in each list.
    pub counts: OutboxCounts,
}

impl App {
    /// Deliveries of this instance in one list, newest first: to whom and how far, never what or of whom.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not run the instance.
    pub async fn outbox(
        &self,
        actor: &Actor,
        list: OutboxList,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<OutboxPage, AppError> {
        let scope = self.policy().outbox_scope(actor, Action::ViewOutbox);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("outbox.list").await?;
        let mut entries = tx
            .outbox(&scope, list.state(), before, limit.saturating_add(1))
            .await?;
        let counts = tx.outbox_counts(&scope).await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = shown < entries.len();
        entries.truncate(shown);
        Ok(OutboxPage {
            next: entries.last().filter(|_| more).map(|entry| entry.id),
            entries,
            counts,
        })
    }

    /// One delivery that was given up, before it is tried again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not run the instance; [`AppError::Conflict`] when it was not given up.
    pub async fn given_up_delivery(
        &self,
        actor: &Actor,
        id: DeliveryId,
    ) -> Result<OutboxEntry, AppError> {
        let scope = self.policy().outbox_scope(actor, Action::RetryDelivery);
        let mut tx = self.store().begin_read("outbox.view").await?;
        let entry = tx
            .outbox_entry(&scope, id)
            .await?
            .ok_or(AppError::NotFound)?;
        if entry.state == DeliveryState::Dead {
            Ok(entry)
        } else {
            Err(AppError::Conflict("delivery_not_given_up"))
        }
    }

    /// Starts a delivery again that was given up, from the first attempt. An act of its own.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not run the instance; [`AppError::Conflict`] when it was not given up.
    pub async fn retry_delivery(&self, actor: &Actor, id: DeliveryId) -> Result<(), AppError> {
        let permit = self
            .policy()
            .check(actor, Action::RetryDelivery, &Resource::Outbox)?;
        let now = self.now();
        let mut tx = self.store().begin("outbox.retry").await?;
        let mut delivery = tx.delivery(id).await?.ok_or(AppError::NotFound)?;
        if delivery.state != DeliveryState::Dead {
            return Err(AppError::Conflict("delivery_not_given_up"));
        }
        let act = ActDraft {
            act: "delivery.retried",
            subject: Subject::new("delivery", id),
            details: json!({ "attempts": delivery.attempts, "reason": delivery.last_error }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        delivery.state = DeliveryState::Pending;
        delivery.attempts = 0;
        delivery.next_attempt_at = Some(now);
        tx.update_delivery(&delivery).await?;
        self.send_again(&mut tx, id, now).await?;
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        self.wake_workers();
        Ok(())
    }

    /// Takes up the job that was buried with the delivery, or begins another where it is gone.
    async fn send_again(
        &self,
        tx: &mut Tx,
        id: DeliveryId,
        now: jiff::Timestamp,
    ) -> Result<(), AppError> {
        match tx.dead_job(SEND_DELIVERY, &payload(id)).await? {
            Some(job) => Ok(tx.revive_job(job.id, now).await?),
            None => self.enqueue_delivery(tx, id, now).await,
        }
    }
}
