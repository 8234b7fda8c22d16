use ids::FilingId;
use model::filing::Filing;
use policy::{Action, Actor, Resource, StepUp};
use serde_json::json;

use super::work::again;
use super::{PeerFiling, PeerReceipt, PeerState, VERIFIED};
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;
use crate::logs::LogCode;

/// A report on its way to another instance, for its operator.
#[derive(Clone, Debug)]
pub struct PeerFilingView {
    /// The filing here.
    pub filing: Filing,
    /// How far it is.
    pub row: PeerFiling,
    /// Where it goes; empty where the settings do not name the instance any more.
    pub address: String,
    /// Receipts from there.
    pub receipts: Vec<PeerReceipt>,
    /// Where it stands, in one word.
    pub standing: PeerStanding,
    /// Whether the actor may have it tried again at once.
    pub may_retry: bool,
}

/// Where a report that travels on stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerStanding {
    /// It has not been tried yet, or is being tried.
    Waiting,
    /// It did not get through yet and is tried again.
    Trying,
    /// It was refused; a person must act.
    Refused,
    /// It is filed there, and no receipt came yet.
    Unproven,
    /// It is filed there, and no receipt could be verified.
    Doubted,
    /// A receipt was verified.
    Proven,
}

impl PeerStanding {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Trying => "trying",
            Self::Refused => "refused",
            Self::Unproven => "unproven",
            Self::Doubted => "doubted",
            Self::Proven => "proven",
        }
    }

    pub(crate) fn of(row: &PeerFiling, receipts: &[PeerReceipt]) -> Self {
        match row.state {
            PeerState::Refused => Self::Refused,
            PeerState::Waiting if row.attempts == 0 => Self::Waiting,
            PeerState::Waiting => Self::Trying,
            PeerState::Filed if receipts.is_empty() => Self::Unproven,
            PeerState::Filed if receipts.iter().any(|each| each.verdict == VERIFIED) => {
                Self::Proven
            }
            PeerState::Filed => Self::Doubted,
        }
    }
}

impl App {
    /// A report on its way to another instance, or there.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everybody but its operator, and for filings that do not travel on.
    pub async fn view_peer_filing(
        &self,
        actor: &Actor,
        id: FilingId,
    ) -> Result<PeerFilingView, AppError> {
        let mut tx = self.store().begin_read("peer.view").await?;
        let (filing, facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        if facts.owner != actor.organisation {
            return Err(AppError::NotFound);
        }
        let owner = facts.owner;
        // The own organisation looks after its own document: no leaf.
        drop(
            self.policy()
                .check(actor, Action::ViewReceipt, &Resource::Filing(facts))?,
        );
        let row = tx.peer_filing(id).await?.ok_or(AppError::NotFound)?;
        let receipts = tx.peer_receipts(id).await?;
        let raised = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        let resource = Resource::Case {
            id: row.case,
            owner,
        };
        let link = self.peers().iter().find(|link| link.name == row.peer);
        Ok(PeerFilingView {
            standing: PeerStanding::of(&row, &receipts),
            address: link.map(|link| link.address.clone()).unwrap_or_default(),
            may_retry: self
                .policy()
                .may(&raised, Action::RecordSubmission, &resource),
            filing,
            row,
            receipts,
        })
    }

    /// Has a report tried again at once, or looked after at once where it is there.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for filings that do not travel on, and to strangers.
    pub async fn retry_peer_filing(&self, actor: &Actor, id: FilingId) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("peer.retry").await?;
        let row = tx.peer_filing(id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .submission_permit(&mut tx, actor, row.case, Action::RecordSubmission)
            .await?;
        let act = ActDraft {
            act: "peer.retried",
            subject: Subject::new("filing", id),
            details: json!({ "attempts": row.attempts, "reason": row.last_error }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        tx.settle_peer_filing(&again(row, now)).await?;
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
