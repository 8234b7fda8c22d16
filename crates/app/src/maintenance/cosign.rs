use ids::OrganisationKind;
use ledger::{Exercise, LogKey, Signature, SignedCheckpoint, Trust};

use crate::error::AppError;
use crate::history::LogHistory;
use crate::instance::App;
use crate::logs::{LogCode, LogError};

/// What came of a co-signed checkpoint that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// Code of the log.
    pub log: String,
    /// Size of the tree.
    pub size: u64,
    /// Configured witnesses whose lines were taken in.
    pub witnesses: Vec<String>,
}

impl App {
    /// Takes in the co-signatures of a checkpoint that this instance signed.
    ///
    /// Needs no login: what is taken in are signatures of configured witnesses over a checkpoint of our own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown log, without a valid line of a configured witness, or with a line of
    /// anybody else;
    /// [`AppError::Conflict`] when this instance signed no such checkpoint, which a witness must look into.
    pub async fn take_cosignatures(&self, signed: &SignedCheckpoint) -> Result<Cosigned, AppError> {
        let log = self.log_of_checkpoint(signed).await?;
        let head = signed.checkpoint().head();
        let wrong = |_| AppError::field("checkpoint", "cosignature_wrong");
        let confirmed = signed
            .note()
            .confirm(self.logs().witnesses())
            .map_err(wrong)?;
        if confirmed.is_empty() {
            return Err(AppError::field("checkpoint", "witness_unknown"));
        }
        let now = self.now();
        let mut tx = self.store().begin("ledger.cosign").await?;
        let stored = tx.checkpoints_from(log.as_str(), head.size, 1).await?.pop();
        let same = stored.filter(|stored| {
            stored.size == head.size && stored.root.as_bytes() == head.root.as_bytes()
        });
        let stored = same.ok_or(AppError::Conflict("checkpoint_unknown"))?;
        // The checkpoint as we serve it: the log's own lines, and what was taken in before, be it of a witness that is
        // configured no longer. A line of anybody else would be dropped, so the whole is refused.
        let lines = tx.cosignatures(log.as_str(), stored.size).await?;
        let served = with_lines(&stored.note, &lines)?;
        let known = |line: &Signature| {
            let mut served = served.note().signatures().iter();
            confirmed
                .iter()
                .any(|one| one.name == *line.name() && one.id == line.id())
                || served.any(|other| other.name() == line.name() && other.id() == line.id())
        };
        if !signed.note().signatures().iter().all(known) {
            return Err(AppError::field("checkpoint", "witness_unknown"));
        }
        let mut witnesses = Vec::new();
        for one in &confirmed {
            let lines = signed.note().signatures();
            let line = lines
                .iter()
                .find(|line| *line.name() == one.name && line.id() == one.id)
                .ok_or(AppError::Bug("confirmed line is absent"))?;
            let name = one.name.as_str();
            tx.insert_cosignature(log.as_str(), head.size, name, &line.to_string(), now)
                .await?;
            witnesses.push(name.to_owned());
        }
        tx.commit().await?;
        Ok(Cosigned {
            log: log.as_str().to_owned(),
            size: head.size,
            witnesses,
        })
    }

    /// The newest checkpoint of a log with its co-signatures; the newest co-signed one where `cosigned`.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the log has none.
    pub async fn checkpoint(
        &self,
        log: &LogCode,
        which: WhichCheckpoint,
    ) -> Result<SignedCheckpoint, AppError> {
        let mut tx = self.store().begin_read("ledger.checkpoint").await?;
        let stored = match which {
            WhichCheckpoint::Newest => tx.latest_checkpoint(log.as_str()).await?,
            WhichCheckpoint::Cosigned => tx.latest_cosigned_checkpoint(log.as_str()).await?,
        };
        let stored = stored.ok_or(AppError::NotFound)?;
        let lines = tx.cosignatures(log.as_str(), stored.size).await?;
        with_lines(&stored.note, &lines)
    }

    /// Logs that hold something, wait or have ended.
    pub async fn known_logs(&self) -> Result<Vec<LogCode>, AppError> {
        let mut tx = self.store().begin_read("ledger.known_logs").await?;
        let history = LogHistory::load(&mut tx).await?;
        let mut logs = tx.logs().await?;
        logs.extend(tx.pending_logs().await?);
        logs.extend(history.keys.into_keys());
        logs.sort();
        logs.dedup();
        Ok(logs.into_iter().map(LogCode::stored).collect())
    }

    /// A trust file for this instance: the keys of all its logs, and its witnesses.
    ///
    /// Keys of logs that have taken in nothing yet are made, so that the file stays right. It has to be compared over
    /// another way before it is trusted: it comes from the instance that it judges.
    pub async fn trust(&self) -> Result<Trust, AppError> {
        let mut tx = self.store().begin_read("ledger.trust").await?;
        let history = LogHistory::load(&mut tx).await?;
        let mut logs = vec![LogCode::instance()];
        for organisation in tx.organisations().await? {
            let keeps = matches!(
                organisation.kind,
                OrganisationKind::Ministry | OrganisationKind::CabinetOffice
            );
            if let (true, Some(code)) = (keeps, organisation.desk_code) {
                logs.push(LogCode::stored(code));
            }
        }
        let stored = tx.logs().await?.into_iter().map(LogCode::stored);
        logs.extend(stored);
        let current: Vec<LogCode> = logs.iter().map(|log| self.logs().current(log)).collect();
        logs.extend(current);
        logs.sort();
        logs.dedup();
        let mut keys: Vec<LogKey> = Vec::new();
        for log in logs {
            if !history.keys.contains_key(log.as_str()) {
                let made = self.logs().first_signer(&log, self.ids());
                made.map_err(AppError::Log)?;
            }
            keys.extend(self.log_keys(&mut tx, &history, &log).await?);
        }
        drop(tx);
        let exercise = match self.mode() {
            statute::Mode::Real => Exercise::Refuse,
            statute::Mode::Exercise => Exercise::Accept,
        };
        let witnesses = self.logs().witnesses().to_vec();
        // All witnesses of an instance are asked for; whoever wants fewer edits the file.
        let mut names: Vec<_> = witnesses.iter().map(ledger::VerifierKey::name).collect();
        names.sort();
        names.dedup();
        let quorum = names.len().max(1);
        Trust::new(keys, witnesses, quorum, exercise)
            .map_err(|_| AppError::Bug("trust file of the own keys"))
    }
}

/// A stored checkpoint with the co-signatures that were taken in for it.
fn with_lines(note: &str, lines: &[String]) -> Result<SignedCheckpoint, AppError> {
    let checkpoint = |error| AppError::Log(LogError::Checkpoint(error));
    let mut signed = SignedCheckpoint::parse(note.as_bytes()).map_err(checkpoint)?;
    for line in lines {
        signed.add_lines(line).map_err(checkpoint)?;
    }
    Ok(signed)
}

/// Which checkpoint of a log is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichCheckpoint {
    /// The newest, co-signed or not.
    Newest,
    /// The newest that a witness co-signed.
    Cosigned,
}
