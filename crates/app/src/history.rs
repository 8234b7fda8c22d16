use std::collections::BTreeMap;

use ids::LeafId;
use ledger::{LogKey, VerifierKey};
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::error::AppError;
use crate::instance::App;
use crate::logs::{LogCode, LogError};

/// Where it is kept among the facts of the instance.
const FACT: &str = "ledger.history";

/// Keys and origins that the logs had, and whether anything may be signed at all.
///
/// A log whose key was never changed and that never ended is absent. The leaves `ledger.rotate` and `ledger.link`
/// are the proof; `fsck` compares them with this list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogHistory {
    /// Number of the origin that an authority's log has now, where it is not the first.
    #[serde(default)]
    pub(crate) epochs: BTreeMap<String, u32>,
    /// Keys of a log, oldest first.
    #[serde(default)]
    pub(crate) keys: BTreeMap<String, Vec<KeySpan>>,
    /// Set while a restore is under way.
    #[serde(default)]
    pub(crate) held: bool,
}

/// A key and the trees it may sign.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeySpan {
    /// Public key.
    pub(crate) key: String,
    /// The leaf that announced it; `None` for the first key of a log.
    pub(crate) announced: Option<LeafId>,
    /// Largest tree it may sign, once it is retired.
    pub(crate) last_size: Option<u64>,
}

impl LogHistory {
    pub(crate) async fn load(tx: &mut Tx) -> Result<Self, AppError> {
        match tx.instance_fact(FACT).await? {
            None => Ok(Self::default()),
            Some(text) => serde_json::from_str(&text).map_err(|_| AppError::Log(LogError::History)),
        }
    }

    pub(crate) async fn save(&self, tx: &mut Tx) -> Result<(), AppError> {
        let text = serde_json::to_string(self).map_err(|_| AppError::Log(LogError::History))?;
        tx.set_instance_fact(FACT, &text).await?;
        Ok(())
    }

    /// Whether a log was followed by another origin and takes in nothing more.
    pub(crate) fn has_ended(&self, log: &LogCode) -> bool {
        let current = self.epochs.get(log.authority()).copied().unwrap_or(1);
        log.epoch() < current
    }
}

impl App {
    /// Keys of a log and the tree sizes for which each counts; empty where the log has no key yet.
    ///
    /// A key whose announcement has no index yet is left out.
    pub(crate) async fn log_keys(
        &self,
        tx: &mut Tx,
        history: &LogHistory,
        log: &LogCode,
    ) -> Result<Vec<LogKey>, AppError> {
        let origin = self.logs().origin(log).map_err(AppError::Log)?;
        let Some(spans) = history.keys.get(log.as_str()) else {
            let signer = self.logs().stored_signer(log).map_err(AppError::Log)?;
            let only = signer.map(|signer| LogKey {
                origin,
                key: signer.verifier().clone(),
                first_size: 0,
                last_size: None,
            });
            return Ok(only.into_iter().collect());
        };
        let mut keys = Vec::with_capacity(spans.len());
        for span in spans {
            let key =
                VerifierKey::parse(&span.key).map_err(|_| AppError::Log(LogError::History))?;
            let first_size = match span.announced {
                None => 0,
                Some(leaf) => {
                    let leaf = tx.leaf(leaf).await?;
                    let Some(index) = leaf.and_then(|leaf| leaf.index) else {
                        continue;
                    };
                    index.saturating_add(1)
                }
            };
            keys.push(LogKey {
                origin: origin.clone(),
                key,
                first_size,
                last_size: span.last_size,
            });
        }
        Ok(keys)
    }
}
