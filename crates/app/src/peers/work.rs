use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use model::filing::Delivery;
use serde_json::json;
use store::Tx;
use tokio_util::sync::CancellationToken;

use super::states::{show_failure, show_found};
use super::verify::{Expected, VERIFIED};
use super::{Found, Peer, PeerFailure, PeerFiling, PeerLink, PeerReceipt, PeerState, RemotePlace};
use crate::act::{ActDraft, Subject};
use crate::desks::read_body;
use crate::error::{AppError, report_failure};
use crate::instance::App;
use crate::logs::LogCode;

/// Filings taken at once.
const BATCH: u32 = 20;
/// How long an attempt may take before another worker makes the next: a filing is several requests.
const LOCK: SignedDuration = SignedDuration::from_mins(20);
const IDLE: Duration = Duration::from_secs(1);
/// When a receipt is asked for that no checkpoint covered.
const SOON: i64 = 5;
/// Failures in a row after which it is told to whoever reads the logs.
const PATIENCE: u32 = 3;

impl App {
    /// Passes reports on to other instances and looks after them until it is told to stop.
    pub async fn run_peers(&self, stop: CancellationToken) {
        if self.peers().is_empty() {
            return;
        }
        loop {
            let worked = tokio::select! {
                () = stop.cancelled() => return,
                worked = self.work_for_peers() => worked,
            };
            if let Err(error) = worked {
                report_failure("reports were not passed on", &error);
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Passes on what is due, and looks after what is there. Returns how many filings were taken.
    ///
    /// A filing is claimed before it is tried and settled afterwards. When the program is cut off between, it is tried again
    /// and nothing is filed twice.
    pub async fn work_for_peers(&self) -> Result<u32, AppError> {
        let mut tx = self.store().begin_read("peer.due").await?;
        let due = tx.peer_filings_due(self.now(), BATCH).await?;
        drop(tx);
        let mut taken: u32 = 0;
        for mut row in due {
            let again = self.now().checked_add(LOCK).unwrap_or_default();
            let mut tx = self.store().begin("peer.claim").await?;
            if !tx.claim_peer_filing(&row, again).await? {
                continue;
            }
            tx.commit().await?;
            row.next_attempt_at = Some(again);
            taken = taken.saturating_add(1);
            let link = self.peers().iter().find(|link| link.name == row.peer);
            let done = match (link, row.state) {
                (None, _) => {
                    let gone = PeerFailure::Refused("peer_unknown".to_owned());
                    self.settle_failure(row, &gone).await
                }
                (Some(link), PeerState::Filed) => self.look_after(link, row).await,
                (Some(link), PeerState::Waiting | PeerState::Refused) => {
                    self.bring(link, row).await
                }
            };
            if let Err(error) = done {
                report_failure("a report was not passed on", &error);
            }
        }
        Ok(taken)
    }

    async fn bring(&self, link: &PeerLink, row: PeerFiling) -> Result<(), AppError> {
        let report = self.outgoing(&row).await?;
        match asked(link, move |way| way.file(&report)).await? {
            Ok(remote) => {
                let row = self.settle_filed(row, remote).await?;
                self.look_after(link, row).await
            }
            Err(failure) => self.settle_failure(row, &failure).await,
        }
    }

    async fn settle_filed(
        &self,
        row: PeerFiling,
        remote: RemotePlace,
    ) -> Result<PeerFiling, AppError> {
        let now = self.now();
        let act = ActDraft {
            act: "peer.filed",
            subject: Subject::new("filing", row.filing),
            details: json!({
                "peer": row.peer,
                "number": remote.number,
                "filing": remote.filing.to_string(),
                "arrived_at": remote.filed_at.to_string(),
            }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        let row = PeerFiling {
            state: PeerState::Filed,
            attempts: 0,
            next_attempt_at: Some(now),
            last_error: None,
            last_detail: None,
            remote: Some(remote),
            ..row
        };
        let mut tx = self.store().begin("peer.filed").await?;
        tx.settle_peer_filing(&row).await?;
        self.record_of_program(&mut tx, &act, now).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn settle_failure(&self, row: PeerFiling, failure: &PeerFailure) -> Result<(), AppError> {
        let now = self.now();
        let attempts = row.attempts.saturating_add(1);
        // What is filed is looked after for ever; only what is not there can be refused.
        let refused = row.state != PeerState::Filed && !failure.passes();
        let wait = self.peer_wait(attempts);
        let row = PeerFiling {
            state: if refused {
                PeerState::Refused
            } else {
                row.state
            },
            attempts,
            next_attempt_at: (!refused).then(|| later(now, wait)),
            last_error: Some(failure.code().to_owned()),
            last_detail: failure.detail().map(plain),
            ..row
        };
        if refused || attempts == PATIENCE {
            report_failure(
                "another instance did not take a report",
                &AppError::Conflict(failure.code()),
            );
        }
        let mut tx = self.store().begin("peer.failed").await?;
        tx.settle_peer_filing(&row).await?;
        if row.state != PeerState::Filed {
            show_failure(&mut tx, &row).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Doubles the distance each time, from a second to what the settings say.
    fn peer_wait(&self, attempts: u32) -> i64 {
        let most = i64::try_from(self.config().peers.retry_at_most_secs).unwrap_or(i64::MAX);
        let doublings = attempts.saturating_sub(1).min(20);
        1_i64.checked_shl(doublings).unwrap_or(i64::MAX).min(most)
    }

    async fn look_after(&self, link: &PeerLink, row: PeerFiling) -> Result<(), AppError> {
        let Some(remote) = row.remote.clone() else {
            return Err(AppError::Bug("a filing that is nowhere"));
        };
        let there = remote.filing;
        let found = match asked(link, move |way| way.look(there)).await? {
            Ok(found) => found,
            Err(failure) => return self.settle_failure(row, &failure).await,
        };
        let mut tx = self.store().begin_read("peer.sent").await?;
        let filing = tx
            .filing(row.filing)
            .await?
            .ok_or(AppError::Bug("a filing that is gone"))?;
        drop(tx);
        let body = read_body(&filing)?;
        let expected = Expected {
            link,
            exercise: self.mode() == statute::Mode::Exercise,
            filing: &filing,
            body: &body,
            remote: &remote,
        };
        if let Err(failure) = self.bring_answers(link, &found).await? {
            return self.settle_failure(row, &failure).await;
        }
        let receipts = self.judged(&expected, &found);
        self.settle_found(row, &found, &receipts).await
    }

    /// Brings back answers that are words only; a corrected report travels by itself.
    async fn bring_answers(
        &self,
        link: &PeerLink,
        found: &Found,
    ) -> Result<Result<(), PeerFailure>, AppError> {
        for correction in found.corrections.iter().filter(|each| !each.answered) {
            let mut tx = self.store().begin_read("peer.answer").await?;
            let request = tx.correction_request(correction.id).await?;
            drop(tx);
            let answer = request.and_then(|request| request.answer);
            let Some(answer) = answer.filter(|answer| answer.filing.is_none()) else {
                continue;
            };
            let id = correction.id;
            let told = asked(link, move |way| way.answer(id, &answer.text)).await?;
            if told.is_err() {
                return Ok(told);
            }
        }
        Ok(Ok(()))
    }

    /// Judges the receipts that came.
    fn judged(&self, expected: &Expected<'_>, found: &Found) -> Vec<PeerReceipt> {
        let mut receipts = Vec::new();
        for (log, octets) in &found.receipts {
            let (verdict, witnesses) = match expected.judge(octets, found) {
                Ok(witnesses) => (VERIFIED, witnesses),
                Err(code) => (code, 0),
            };
            receipts.push(PeerReceipt {
                log: log.clone(),
                // One that is no text is no receipt; that it came is kept all the same.
                receipt: String::from_utf8(octets.clone()).unwrap_or_default(),
                verdict: verdict.to_owned(),
                witnesses,
                judged_at: self.now(),
            });
        }
        receipts
    }

    async fn settle_found(
        &self,
        row: PeerFiling,
        found: &Found,
        receipts: &[PeerReceipt],
    ) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("peer.look").await?;
        for receipt in receipts {
            if tx.keep_peer_receipt(row.filing, receipt).await? {
                self.note_receipt(&mut tx, &row, receipt, now).await?;
            }
        }
        let verified = receipts.iter().any(|receipt| receipt.verdict == VERIFIED);
        show_found(&mut tx, &row, &found.addressees).await?;
        self.take_corrections(&mut tx, &row, &found.corrections, now)
            .await?;
        let poll = i64::try_from(self.config().peers.poll_secs).unwrap_or(i64::MAX);
        let wait = if receipts.is_empty() { SOON } else { poll };
        let earliest = |time: fn(&super::FoundAddressee) -> Option<Timestamp>| {
            found.addressees.iter().filter_map(time).min()
        };
        let failure = (!verified && !receipts.is_empty()).then(|| "receipt".to_owned());
        let row = PeerFiling {
            attempts: 0,
            next_attempt_at: Some(later(now, wait.min(poll))),
            last_error: failure,
            last_detail: None,
            delivered_at: earliest(|there| there.delivered_at),
            opened_at: earliest(|there| there.opened_at),
            checked_at: found.checked_at,
            looked_at: Some(now),
            ..row
        };
        tx.settle_peer_filing(&row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A receipt that was verified is written down; one that cannot be is an alarm.
    async fn note_receipt(
        &self,
        tx: &mut Tx,
        row: &PeerFiling,
        receipt: &PeerReceipt,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let verified = receipt.verdict == VERIFIED;
        if !verified {
            report_failure(
                "a receipt of another instance cannot be verified",
                &AppError::Conflict("peer_receipt"),
            );
        }
        // Told once: the same bad receipt comes again with each look.
        if !verified && row.last_error.as_deref() == Some("receipt") {
            return Ok(());
        }
        let act = ActDraft {
            act: if verified {
                "peer.receipt_verified"
            } else {
                "peer.receipt_doubted"
            },
            subject: Subject::new("filing", row.filing),
            details: json!({
                "peer": row.peer,
                "log": receipt.log,
                "verdict": receipt.verdict,
                "witnesses": receipt.witnesses,
            }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record_of_program(tx, &act, at).await
    }

    /// What the outbox does with a delivery that travels on to another instance: nothing, unless it was refused there.
    /// False where the delivery stays here.
    pub(crate) async fn leave_to_peer(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        now: Timestamp,
    ) -> Result<bool, AppError> {
        let Some(row) = tx.peer_filing(delivery.filing).await? else {
            return Ok(false);
        };
        if row.state == PeerState::Refused {
            let again = again(row, now);
            tx.settle_peer_filing(&again).await?;
        }
        Ok(true)
    }
}

/// A filing that is tried again from the first attempt.
pub(super) fn again(row: PeerFiling, now: Timestamp) -> PeerFiling {
    PeerFiling {
        state: match row.state {
            PeerState::Filed => PeerState::Filed,
            PeerState::Waiting | PeerState::Refused => PeerState::Waiting,
        },
        attempts: 0,
        next_attempt_at: Some(now),
        ..row
    }
}

/// Asks on a thread that may block.
async fn asked<T: Send + 'static>(
    link: &PeerLink,
    ask: impl FnOnce(&dyn Peer) -> Result<T, PeerFailure> + Send + 'static,
) -> Result<Result<T, PeerFailure>, AppError> {
    let way = Arc::clone(&link.way);
    tokio::task::spawn_blocking(move || ask(way.as_ref()))
        .await
        .map_err(|_| AppError::Bug("a way to another instance that fell over"))
}

fn later(now: Timestamp, secs: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(secs))
        .unwrap_or(now)
}

/// A code from elsewhere, with nothing in it but what codes are made of.
fn plain(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/'))
        .take(120)
        .collect()
}
