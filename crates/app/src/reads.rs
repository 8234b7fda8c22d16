//! Reading what others filed is an act (DESIGN invariant 9): one leaf a request, durable before the response.
//!
//! Leaves of requests that run at the same time share one transaction, so that many readers cost one sync.

use std::sync::Arc;

use ids::Digest;
use policy::Permit;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::rows::ledger::Leaf;
use tokio::sync::{Mutex, oneshot};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Leaves that wait to be written together.
#[derive(Debug, Default)]
pub(crate) struct ReadLog {
    waiting: std::sync::Mutex<Vec<Waiting>>,
    writer: Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    leaf: Leaf,
    done: oneshot::Sender<Result<(), Arc<AppError>>>,
}

impl App {
    /// Records that something was shown, and returns when the record is durable.
    ///
    /// `shown` are the octets or rows that go to the reader; only their digest is kept. Consumes the permit.
    ///
    /// # Errors
    /// [`AppError::Store`] when the record cannot be written; then nothing may be shown.
    pub(crate) async fn record_read(
        &self,
        permit: Permit,
        subject: Subject,
        log: LogCode,
        shown: &[u8],
    ) -> Result<(), AppError> {
        let digest = Digest::from_bytes(Sha256::digest(shown).into());
        let act = ActDraft {
            act: "content.read",
            subject,
            details: json!({ "shown": digest.to_string() }),
            rows: Vec::new(),
            logs: vec![log.clone()],
        };
        let leaf = self.leaf(&permit, &act, &log, self.now())?;
        let (done, written) = oneshot::channel();
        push(self.reads(), Waiting { leaf, done });
        // Whoever gets the lock writes for everyone who waits; the others find their answer ready.
        {
            let _writer = self.reads().writer.lock().await;
            let batch = take(self.reads());
            if !batch.is_empty() {
                let outcome = self.write_reads(&batch).await.map_err(Arc::new);
                for waiting in batch {
                    // A reader that has gone away needs no answer.
                    let _ = waiting.done.send(outcome.clone());
                }
            }
        }
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(AppError::Conflict("read_not_recorded")),
            Err(_) => Err(AppError::Bug("read record without an answer")),
        }
    }

    async fn write_reads(&self, batch: &[Waiting]) -> Result<(), AppError> {
        let mut tx = self.store().begin("reads.record").await?;
        for waiting in batch {
            tx.insert_leaf(&waiting.leaf).await?;
        }
        tx.commit().await?;
        self.wake_integrator();
        Ok(())
    }
}

fn push(reads: &ReadLog, waiting: Waiting) {
    match reads.waiting.lock() {
        Ok(mut list) => list.push(waiting),
        Err(poisoned) => poisoned.into_inner().push(waiting),
    }
}

fn take(reads: &ReadLog) -> Vec<Waiting> {
    match reads.waiting.lock() {
        Ok(mut list) => std::mem::take(&mut *list),
        Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
    }
}
