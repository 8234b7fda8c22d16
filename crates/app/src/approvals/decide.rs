use ids::ApprovalId;
use jiff::Timestamp;
use model::approvals::{ApprovalStepKind, Purpose};
use model::text::Prose;
use policy::{Action, Actor, Permit};
use serde_json::json;
use store::Tx;
use store::official::RowRef;

use super::standing::{Standing, Taken, refusal};
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 承認; of an emergency, 追認.
    Approve,
    /// 差戻し; of an emergency, that it is not ratified. Needs a comment.
    Return,
}

impl App {
    /// Decides at the stage that the person had before them, for oneself or as a deputy.
    ///
    /// # Errors
    /// [`AppError::Stale`] when the request went on meanwhile; [`AppError::Invalid`] naming `comment`;
    /// [`AppError::Forbidden`] for whoever is not asked, or wrote it where the duties are kept apart.
    pub async fn decide_approval(
        &self,
        actor: &Actor,
        id: ApprovalId,
        stage: usize,
        verdict: Verdict,
        comment: &str,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("approval.decide").await?;
        let (standing, permit) = self
            .approval_for(&mut tx, actor, Action::DecideApproval, id)
            .await?;
        let comment = read_comment(comment)?;
        if standing.procedure.stage() != Some(stage) {
            return Err(AppError::Stale);
        }
        let (kind, after) = match verdict {
            Verdict::Approve => (ApprovalStepKind::Approved, standing.procedure.approve()),
            Verdict::Return if comment.is_none() => {
                return Err(AppError::field("comment", "text_empty"));
            }
            Verdict::Return => (ApprovalStepKind::Returned, standing.procedure.give_back()),
        };
        let on_behalf_of = standing
            .holders()
            .iter()
            .find(|holder| holder.person == actor.person)
            .and_then(|holder| holder.on_behalf_of);
        let taken = Taken {
            on_behalf_of,
            comment,
            ..Taken::plain(kind, actor.person, at)
        };
        let after = after.map_err(refusal)?;
        let rows = self.take_step(&mut tx, &standing, taken, after).await?;
        let act = match (standing.record.purpose, verdict) {
            (Purpose::Filing, Verdict::Approve) => "approval.approved",
            (Purpose::Filing, Verdict::Return) => "approval.returned",
            (Purpose::Ratification, Verdict::Approve) => "approval.ratified",
            (Purpose::Ratification, Verdict::Return) => "approval.not_ratified",
        };
        self.record_step(&mut tx, permit, act, &standing, rows, at)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes one's own request back before it is filed (引戻し).
    pub async fn pull_back_approval(&self, actor: &Actor, id: ApprovalId) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("approval.pull_back").await?;
        let (standing, permit) = self
            .approval_for(&mut tx, actor, Action::PullBackApproval, id)
            .await?;
        // What was filed in an emergency cannot be taken back: somebody has to ratify it.
        if standing.record.purpose == Purpose::Ratification {
            return Err(AppError::Conflict("approval_over"));
        }
        let after = standing.procedure.pull_back().map_err(refusal)?;
        let taken = Taken::plain(ApprovalStepKind::PulledBack, actor.person, at);
        let rows = self.take_step(&mut tx, &standing, taken, after).await?;
        self.record_step(&mut tx, permit, "approval.pulled_back", &standing, rows, at)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says something without deciding.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `comment`.
    pub async fn comment_approval(
        &self,
        actor: &Actor,
        id: ApprovalId,
        comment: &str,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("approval.comment").await?;
        let (standing, permit) = self
            .approval_for(&mut tx, actor, Action::CommentApproval, id)
            .await?;
        let comment =
            read_comment(comment)?.ok_or_else(|| AppError::field("comment", "text_empty"))?;
        let taken = Taken {
            comment: Some(comment),
            ..Taken::plain(ApprovalStepKind::Commented, actor.person, at)
        };
        let after = standing.procedure;
        let rows = self.take_step(&mut tx, &standing, taken, after).await?;
        self.record_step(&mut tx, permit, "approval.commented", &standing, rows, at)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn approval_for(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: Action,
        id: ApprovalId,
    ) -> Result<(Standing, Permit), AppError> {
        let standing = self
            .approval_standing(tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let permit = self.policy().check(actor, action, &standing.resource())?;
        Ok((standing, permit))
    }

    /// Writes the leaf of a step. What was said stays in the row.
    async fn record_step(
        &self,
        tx: &mut Tx,
        permit: Permit,
        act: &'static str,
        standing: &Standing,
        rows: Vec<RowRef>,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let act = ActDraft {
            act,
            subject: Subject::new("approval", standing.record.id),
            details: json!({
                "kind": standing.record.kind.code(),
                "stage": standing.procedure.stage(),
                "body_sha256": standing.record.body_digest.to_string(),
            }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, at).await?;
        Ok(())
    }
}

fn read_comment(comment: &str) -> Result<Option<Prose<2000>>, AppError> {
    if comment.trim().is_empty() {
        return Ok(None);
    }
    Prose::parse(comment)
        .map(Some)
        .map_err(|error| AppError::field("comment", error.code()))
}
