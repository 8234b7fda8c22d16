use ids::{Digest, LeafId};
use jiff::Timestamp;
use ledger::{Commitment, Salt};
use policy::Permit;
use serde_json::{Value, json};
use store::Tx;
use store::official::RowRef;
use store::rows::ledger::Leaf;
use uuid::Uuid;

use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What an act is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Kind of thing, for example `filing`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

impl Subject {
    /// A subject of a kind.
    pub fn new<K>(kind: &'static str, id: ids::Id<K>) -> Self {
        Self {
            kind,
            id: id.uuid(),
        }
    }
}

/// An act about to be recorded: what happened, to what, with which rows, in whose logs.
#[derive(Clone, Debug)]
pub struct ActDraft {
    /// Stable code, for example `filing.recorded`.
    pub act: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Facts that the receipt must show; no contents of other parties.
    pub details: Value,
    /// Official rows the act wrote.
    pub rows: Vec<RowRef>,
    /// Logs of the authorities concerned; one leaf in each.
    pub logs: Vec<LogCode>,
}

impl App {
    /// Records an act in the transaction that does it: one leaf in each log (DESIGN invariant 1).
    ///
    /// Consumes the permit, so that neither a check can be skipped nor one check serve two acts.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx,
        permit: Permit,
        act: &ActDraft,
        at: Timestamp,
    ) -> Result<Vec<LeafId>, AppError> {
        if act.logs.is_empty() {
            return Err(AppError::Bug("an act without a log"));
        }
        let mut leaves = Vec::with_capacity(act.logs.len());
        for log in &act.logs {
            let leaf = self.leaf(&permit, act, log, at)?;
            tx.insert_leaf(&leaf).await?;
            leaves.push(leaf.id);
        }
        self.wake_integrator();
        Ok(leaves)
    }

    /// Records what the program does by itself because the rule book says so. Nobody decides it, so it has no permit, and
    /// the leaf names no person.
    pub(crate) async fn record_of_program(
        &self,
        tx: &mut Tx,
        act: &ActDraft,
        at: Timestamp,
    ) -> Result<(), AppError> {
        for log in &act.logs {
            let leaf = self.build_leaf(None, act, log, at)?;
            tx.insert_leaf(&leaf).await?;
        }
        self.wake_integrator();
        Ok(())
    }

    /// Builds the leaf of an act in one log, without writing it.
    pub(crate) fn leaf(
        &self,
        permit: &Permit,
        act: &ActDraft,
        log: &LogCode,
        at: Timestamp,
    ) -> Result<Leaf, AppError> {
        self.build_leaf(Some(permit), act, log, at)
    }

    fn build_leaf(
        &self,
        permit: Option<&Permit>,
        act: &ActDraft,
        log: &LogCode,
        at: Timestamp,
    ) -> Result<Leaf, AppError> {
        let log = &self.logs().current(log);
        let mut salt = [0; 32];
        self.ids().fill(&mut salt);
        let salt = Salt::from_bytes(salt);
        let record = self.act_record(permit, act, log, at)?;
        let canonical = ledger::canonical_json(&record)
            .map_err(|_| AppError::Bug("act without canonical form"))?;
        let commitment = Commitment::new(&salt, &canonical);
        Ok(Leaf {
            id: self.ids().next(),
            log: log.as_str().to_owned(),
            act: act.act.to_owned(),
            subject: Some(act.subject.id),
            salt: salt.as_bytes().to_vec(),
            record: canonical,
            commitment: Digest::from_bytes(*commitment.as_bytes()),
            recorded_at: at,
            index: None,
        })
    }

    fn act_record(
        &self,
        permit: Option<&Permit>,
        act: &ActDraft,
        log: &LogCode,
        at: Timestamp,
    ) -> Result<Value, AppError> {
        let rows: Vec<Value> = act
            .rows
            .iter()
            .map(|row| json!([row.table, row.key, row.digest.to_string()]))
            .collect();
        let origin = self.logs().origin(log).map_err(AppError::Log)?;
        Ok(json!({
            "format": "noroshi-act/v1",
            "act": act.act,
            "at": at.to_string(),
            "log": origin.as_str(),
            "mode": self.mode().code(),
            "actor": permit.map(actor_of),
            "permit": permit.map(permit_of),
            "subject": { "kind": act.subject.kind, "id": act.subject.id.to_string() },
            "details": act.details,
            "rows": rows,
        }))
    }
}

fn actor_of(permit: &Permit) -> Value {
    json!({
        "person": permit.person().to_string(),
        "organisation": permit.organisation().to_string(),
        "assurance": permit.assurance().code(),
    })
}

fn permit_of(permit: &Permit) -> Value {
    let resource = permit.resource();
    json!({
        "action": permit.action().code(),
        "resource": resource.kind.code(),
        "id": resource.id.map(|id| id.to_string()),
        "policy": permit.policy().to_string(),
    })
}
