//! The proof that a filing arrived, which its holder can verify without this program.

use std::time::Duration;

use ids::{FilingId, LeafId, OrganisationId};
use ledger::{Receipt, Salt, SignedCheckpoint, TileReader, inclusion_path};
use policy::{Action, Actor, Resource};
use store::Tx;
use store::rows::ledger::Leaf;

use crate::desks::FORWARDED;
use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;
use crate::integrator::run_blocking;
use crate::logs::{LogCode, LogError};

/// Act code of the leaf that receipts are made of.
pub(crate) const FILED: &str = "filing.recorded";

/// How long a request waits for the checkpoint that covers a fresh filing.
const PATIENCE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(50);

/// What one authority's log holds of a filing.
#[derive(Clone, Debug)]
pub struct LogReceipt {
    /// Code of the log.
    pub log: String,
    /// Name of the authority, in Japanese and English.
    pub authority: (String, String),
    /// Whether the log holds its arrival, or its being passed on (Act Art. 4(2)).
    pub proves: Proves,
    /// The receipt.
    pub state: ReceiptState,
}

/// What a receipt proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proves {
    /// The filing arrived at this authority.
    Arrival,
    /// The Minister passed it on to this authority.
    Forwarding,
}

/// A receipt, or the news that the log has not sealed the filing yet.
#[derive(Clone, Debug)]
pub enum ReceiptState {
    /// Sealed: the receipt file.
    Ready(Box<IssuedReceipt>),
    /// Recorded and durable; a checkpoint follows within a second.
    Pending,
}

/// A receipt from one authority's log.
#[derive(Clone, Debug)]
pub struct IssuedReceipt {
    /// Code of the log.
    pub log: String,
    /// Origin of the log.
    pub origin: String,
    /// Place in the log.
    pub index: u64,
    /// Size of the tree at the checkpoint.
    pub tree_size: u64,
    /// Witnesses' lines on the checkpoint.
    pub cosignatures: usize,
    /// The receipt file (`noroshi-receipt/v1`).
    pub json: String,
}

impl App {
    /// Receipts of a filing, one from each authority's log that took it in or to which it was passed on.
    ///
    /// Waits up to two seconds in all for checkpoints over a fresh filing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not view the receipt.
    pub async fn receipts(
        &self,
        actor: &Actor,
        filing: FilingId,
    ) -> Result<Vec<LogReceipt>, AppError> {
        let leaves = self.receipt_leaves(actor, filing).await?;
        let patience = tokio::time::Instant::now().checked_add(PATIENCE);
        let mut receipts = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let authority = self.authority_of(&leaf.log).await?;
            receipts.push(LogReceipt {
                log: leaf.log.clone(),
                authority,
                proves: if leaf.act == FILED {
                    Proves::Arrival
                } else {
                    Proves::Forwarding
                },
                state: self.receipt_of(leaf, patience).await?,
            });
        }
        Ok(receipts)
    }

    async fn authority_of(&self, log: &str) -> Result<(String, String), AppError> {
        let mut tx = self.store().begin_read("receipt.authority").await?;
        let name = tx
            .organisation_by_desk(log)
            .await?
            .map(|desk| (desk.name_ja, desk.name_en));
        Ok(name.unwrap_or_else(|| (log.to_owned(), log.to_owned())))
    }

    async fn receipt_leaves(&self, actor: &Actor, filing: FilingId) -> Result<Vec<Leaf>, AppError> {
        let mut tx = self.store().begin_read("receipt.leaves").await?;
        let (_, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::ViewReceipt, &Resource::Filing(facts.clone()))?;
        let own_logs = if facts.owner == actor.organisation {
            None
        } else {
            Some(self.log_of(&mut tx, actor.organisation).await?)
        };
        let leaves = tx.leaves_of_subject(filing.uuid(), 50).await?;
        drop(tx);
        // Looking at one's own receipt, or at that of the own desk, is no reading of others' contents.
        drop(permit);
        let visible = |leaf: &Leaf| match &own_logs {
            None => true,
            Some(log) => log.as_ref().is_some_and(|log| {
                // An authority's log may have had another origin before a restore.
                log.authority() == LogCode::stored(leaf.log.clone()).authority()
            }),
        };
        // A log that took the filing in proves its arrival; passing on proves it to those that got it that way.
        let filed: Vec<String> = leaves
            .iter()
            .filter(|leaf| leaf.act == FILED)
            .map(|leaf| leaf.log.clone())
            .collect();
        let proves = |leaf: &Leaf| {
            leaf.act == FILED || (leaf.act == FORWARDED && !filed.contains(&leaf.log))
        };
        Ok(leaves
            .into_iter()
            .filter(|leaf| proves(leaf) && visible(leaf))
            .collect())
    }

    async fn receipt_of(
        &self,
        leaf: Leaf,
        deadline: Option<tokio::time::Instant>,
    ) -> Result<ReceiptState, AppError> {
        let log = LogCode::stored(leaf.log.clone());
        loop {
            if let Some(ready) = self.sealed_receipt(leaf.id, &log).await? {
                return Ok(ReceiptState::Ready(Box::new(ready)));
            }
            if deadline.is_none_or(|deadline| tokio::time::Instant::now() >= deadline) {
                return Ok(ReceiptState::Pending);
            }
            self.wake_integrator();
            tokio::time::sleep(POLL).await;
        }
    }

    /// The receipt of any sealed leaf, for whoever keeps the instance: announcements of keys and links
    /// (`docs/ledger/FORMAT.md` sections 9 and 10).
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no checkpoint covers the place.
    pub async fn receipt_of_place(&self, log: &LogCode, index: u64) -> Result<Receipt, AppError> {
        let mut tx = self.store().begin_read("receipt.place").await?;
        let leaf = tx.leaves_from(log.as_str(), index, 1).await?.pop();
        let leaf = leaf.filter(|leaf| leaf.index == Some(index));
        let leaf = leaf.ok_or(AppError::NotFound)?;
        let sealed = self.receipt_of_leaf(tx, &leaf, log).await?;
        let (receipt, _) = sealed.ok_or(AppError::NotFound)?;
        Ok(receipt)
    }

    async fn sealed_receipt(
        &self,
        leaf: LeafId,
        log: &LogCode,
    ) -> Result<Option<IssuedReceipt>, AppError> {
        let mut tx = self.store().begin_read("receipt.seal").await?;
        let leaf = tx.leaf(leaf).await?.ok_or(AppError::NotFound)?;
        let Some((receipt, cosignatures)) = self.receipt_of_leaf(tx, &leaf, log).await? else {
            return Ok(None);
        };
        Ok(Some(IssuedReceipt {
            log: leaf.log,
            origin: receipt.origin().as_str().to_owned(),
            index: receipt.index(),
            tree_size: receipt.checkpoint().checkpoint().size(),
            cosignatures,
            json: receipt.to_json().map_err(AppError::Receipt)?,
        }))
    }

    /// The receipt of a leaf and the number of co-signatures; `None` while no checkpoint covers it.
    async fn receipt_of_leaf(
        &self,
        mut tx: Tx,
        leaf: &Leaf,
        log: &LogCode,
    ) -> Result<Option<(Receipt, usize)>, AppError> {
        let Some(index) = leaf.index else {
            return Ok(None);
        };
        let Some(checkpoint) = tx.checkpoint_covering(log.as_str(), index).await? else {
            return Ok(None);
        };
        let lines = tx.cosignatures(log.as_str(), checkpoint.size).await?;
        drop(tx);
        let tiles = self.logs().reader(log);
        let size = checkpoint.size;
        let path = run_blocking(move || {
            inclusion_path(index, size, &TileReader::new(&tiles, size)).map_err(LogError::Tree)
        })
        .await
        .map_err(AppError::Log)?;
        let mut signed = SignedCheckpoint::parse(checkpoint.note.as_bytes())
            .map_err(|error| AppError::Log(LogError::Checkpoint(error)))?;
        for line in &lines {
            signed
                .add_lines(line)
                .map_err(|error| AppError::Log(LogError::Checkpoint(error)))?;
        }
        let salt: [u8; 32] = leaf
            .salt
            .as_slice()
            .try_into()
            .map_err(|_| AppError::Bug("salt of another length"))?;
        let record = serde_json::from_str(&leaf.record)
            .map_err(|_| AppError::Bug("record that is not JSON"))?;
        let receipt = Receipt::new(index, Salt::from_bytes(salt), record, None, path, signed)
            .map_err(AppError::Receipt)?;
        Ok(Some((receipt, lines.len())))
    }

    /// The log in which an organisation's receipts stand; `None` for those that receive nothing.
    pub(crate) async fn log_of(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
    ) -> Result<Option<LogCode>, AppError> {
        let Some(desk) = tx.organisation(organisation).await? else {
            return Ok(None);
        };
        let ministry = match desk.parent {
            Some(parent) => tx.organisation(parent).await?,
            None => None,
        };
        Ok(LogCode::of_authority(&desk, ministry.as_ref()))
    }
}
