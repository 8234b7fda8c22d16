mod deliveries;

use std::time::Duration;

use ids::{DeliveryId, DeliveryState, Id};
use jiff::{SignedDuration, Timestamp};
use model::filing::Delivery;
use serde_json::json;
use store::Tx;
use store::rows::jobs::Job;
use tokio_util::sync::CancellationToken;

pub use self::deliveries::{OutboxCounts, OutboxEntry, OutboxList, OutboxPage};
use crate::assets::RECOMPUTE_LIMITS;
use crate::error::{AppError, report_failure};
use crate::instance::App;
use crate::submissions::SEND_MAIL;

pub(crate) const SEND_DELIVERY: &str = "delivery.send";

/// Attempts before a person must look.
const MAX_ATTEMPTS: u32 = 8;
/// Jobs taken at once.
const BATCH: usize = 100;
/// How long a worker may hold a job.
const LOCK: SignedDuration = SignedDuration::from_mins(2);
const IDLE: Duration = Duration::from_secs(1);

/// Why a delivery did not get through this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryFailure {
    /// The other side does not answer.
    #[error("the addressee cannot be reached")]
    Unreachable,
    /// The other side refuses; trying again will not help by itself.
    #[error("the addressee refused")]
    Refused,
}

impl DeliveryFailure {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
        }
    }
}

/// A way to an addressee.
///
/// On a shared instance the filing is already on the authority's file when it is recorded; delivering means putting it
/// into the desk's queue. A channel to another instance, or to the government's own platform, is another implementation.
pub trait DeliveryChannel: Send + Sync {
    /// Brings a filing to its addressee.
    fn deliver(&self, delivery: &Delivery) -> Result<(), DeliveryFailure>;
}

/// The addressee is hosted here and looks into its queue.
#[derive(Clone, Copy, Debug, Default)]
pub struct PortalChannel;

impl DeliveryChannel for PortalChannel {
    fn deliver(&self, _delivery: &Delivery) -> Result<(), DeliveryFailure> {
        Ok(())
    }
}

impl App {
    /// Puts a delivery into the outbox; it commits with the act.
    pub(crate) async fn enqueue_delivery(
        &self,
        tx: &mut Tx,
        delivery: DeliveryId,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let payload = payload(delivery);
        tx.enqueue(self.ids().next(), SEND_DELIVERY, &payload, at, at)
            .await?;
        Ok(())
    }

    /// Does the jobs that are due, and returns how many were taken.
    pub async fn drain_jobs(&self) -> Result<u32, AppError> {
        let mut done: u32 = 0;
        loop {
            let taken = self.work_once().await?;
            if taken == 0 {
                return Ok(done);
            }
            done = done.saturating_add(taken);
        }
    }

    /// Works on jobs until it is told to stop.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let mut noticed = false;
        let mut looked = None;
        let mut compared = None;
        let mut reminded = None;
        loop {
            if !noticed {
                match self.notice_rule_book().await {
                    Ok(()) => noticed = true,
                    Err(error) => report_failure("the rule book was not compared", &error),
                }
            }
            if let Err(error) = self.drain_jobs().await {
                report_failure("worker round failed", &error);
            }
            self.look_for_advisories(&mut looked).await;
            self.look_for_differences(&mut compared).await;
            self.look_for_reminders(&mut reminded).await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.jobs_waiting().notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Takes what is due, up to a batch, and settles it: two commits for all of it, so that deliveries do not take
    /// the disk's time from filings.
    async fn work_once(&self) -> Result<u32, AppError> {
        let now = self.now();
        let locked_until = now.checked_add(LOCK).unwrap_or(now);
        let mut tx = self.store().begin_read("jobs.waiting").await?;
        if tx.waiting_jobs().await? == 0 {
            return Ok(0);
        }
        drop(tx);
        let mut tx = self.store().begin("jobs.claim").await?;
        let mut jobs = Vec::new();
        while jobs.len() < BATCH
            && let Some(job) = tx.claim_job(now, locked_until).await?
        {
            jobs.push(job);
        }
        if jobs.is_empty() {
            return Ok(0);
        }
        tx.commit().await?;
        let taken = jobs.len();
        let (limits, jobs): (Vec<Job>, Vec<Job>) = jobs
            .into_iter()
            .partition(|job| job.kind == RECOMPUTE_LIMITS);
        let (letters, jobs): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|job| job.kind == SEND_MAIL);
        if self.settle_jobs(&jobs, now).await.is_err() {
            // One of them cannot be settled; the others must not wait for it.
            for job in &jobs {
                if let Err(error) = self.settle_jobs(std::slice::from_ref(job), now).await {
                    report_failure("a job could not be settled", &error);
                }
            }
        }
        // These take longer and write in transactions of their own, so deliveries go first.
        for job in &limits {
            self.settle_recompute(job, now).await?;
        }
        // A mail server may take its time.
        self.post_submissions(&letters, locked_until).await;
        Ok(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// Does jobs and writes their outcomes, all in one transaction.
    async fn settle_jobs(&self, jobs: &[Job], now: Timestamp) -> Result<(), AppError> {
        let mut tx = self.store().begin("jobs.settle").await?;
        for job in jobs {
            if job.kind == SEND_DELIVERY {
                self.send_delivery(&mut tx, job, now).await?;
            } else {
                tx.bury_job(job.id, now, "unknown_kind").await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    async fn send_delivery(&self, tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), AppError> {
        let delivery = match delivery_id(&job.payload) {
            Some(id) => tx.delivery(id).await?,
            None => None,
        };
        let Some(mut delivery) = delivery else {
            tx.bury_job(job.id, now, "no_delivery").await?;
            return Ok(());
        };
        if self.leave_to_peer(tx, &delivery, now).await? {
            tx.finish_job(job.id, now).await?;
            return Ok(());
        }
        delivery.attempts = delivery.attempts.saturating_add(1);
        match self.channel().deliver(&delivery) {
            Ok(()) => {
                delivery.state = DeliveryState::Delivered;
                delivery.delivered_at = Some(now);
                delivery.next_attempt_at = None;
                delivery.last_error = None;
                tx.finish_job(job.id, now).await?;
            }
            Err(failure)
                if failure == DeliveryFailure::Refused || MAX_ATTEMPTS <= delivery.attempts =>
            {
                delivery.state = DeliveryState::Dead;
                delivery.next_attempt_at = None;
                delivery.last_error = Some(failure.code().to_owned());
                tx.bury_job(job.id, now, failure.code()).await?;
            }
            Err(failure) => {
                let again = retry_at(now, delivery.attempts);
                delivery.next_attempt_at = Some(again);
                delivery.last_error = Some(failure.code().to_owned());
                tx.retry_job(job.id, again, failure.code()).await?;
            }
        }
        tx.update_delivery(&delivery).await?;
        Ok(())
    }
}

/// Doubles the distance each time: 5 s, 10 s, 20 s and so on, to an hour at most.
pub(crate) fn retry_at(now: Timestamp, attempts: u32) -> Timestamp {
    let doublings = attempts.saturating_sub(1).min(12);
    let seconds = 5_i64
        .saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX))
        .min(3_600);
    now.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(now)
}

/// What a job says of its delivery; also how the job of a delivery is found.
fn payload(delivery: DeliveryId) -> String {
    json!({ "delivery": delivery.to_string() }).to_string()
}

fn delivery_id(payload: &str) -> Option<DeliveryId> {
    let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
    let text = payload.get("delivery")?.as_str()?;
    text.parse::<Id<_>>().ok()
}
