use ids::{AdvisoryCandidateId, ComputerId, Id};
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::CandidateFilter;
use store::rows::advisories::{Candidate, CandidateDecision};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What a person of the operator says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It concerns the computer.
    Concerns,
    /// It does not, for a reason.
    DoesNot,
    /// To be looked at later.
    Later,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Concerns, Self::DoesNot, Self::Later];

    /// The text that is stored and sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Concerns => "concerns",
            Self::DoesNot => "does_not",
            Self::Later => "later",
        }
    }

    /// The verdict with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// A page of candidates.
#[derive(Clone, Debug)]
pub struct CandidatePage {
    /// Newest first.
    pub candidates: Vec<Candidate>,
    /// Where the next page begins.
    pub next: Option<AdvisoryCandidateId>,
    /// Number of all that the filter leaves.
    pub total: i64,
}

/// One candidate with every decision on it.
#[derive(Clone, Debug)]
pub struct CandidateView {
    /// The candidate.
    pub candidate: Candidate,
    /// Decisions, newest first.
    pub decisions: Vec<CandidateDecision>,
    /// Whether the actor may decide.
    pub may_decide: bool,
}

impl App {
    /// Candidates of the actor's own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn candidates(
        &self,
        actor: &Actor,
        filter: CandidateFilter,
        before: Option<AdvisoryCandidateId>,
        limit: u32,
    ) -> Result<CandidatePage, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("advisories.list").await?;
        let total = tx.count_candidates(&scope, filter).await?;
        let mut candidates = tx
            .candidates(&scope, filter, before, limit.saturating_add(1))
            .await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = shown < candidates.len();
        candidates.truncate(shown);
        Ok(CandidatePage {
            next: candidates
                .last()
                .filter(|_| more)
                .map(|candidate| candidate.id),
            candidates,
            total,
        })
    }

    /// Number of candidates of the own register that nobody decided on; of one computer, if given.
    pub async fn open_candidates(
        &self,
        actor: &Actor,
        computer: Option<ComputerId>,
    ) -> Result<i64, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let mut tx = self.store().begin_read("advisories.count").await?;
        let filter = CandidateFilter {
            computer,
            decision: Some("open"),
        };
        Ok(tx.count_candidates(&scope, filter).await?)
    }

    /// One candidate of the own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn candidate(
        &self,
        actor: &Actor,
        id: AdvisoryCandidateId,
    ) -> Result<CandidateView, AppError> {
        let mut tx = self.store().begin_read("advisories.view").await?;
        let candidate = tx.candidate(id).await?.ok_or(AppError::NotFound)?;
        let computer = computer_of(&candidate);
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &computer)?,
        );
        let decisions = tx.candidate_decisions(id).await?;
        Ok(CandidateView {
            may_decide: self.policy().may(actor, Action::EditRegister, &computer),
            candidate,
            decisions,
        })
    }

    /// Keeps what a person of the operator says of a candidate. Earlier decisions stay.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else decided since `version` was read; a field error when a reason is missing
    /// for 「該当しない」.
    pub async fn decide_candidate(
        &self,
        actor: &Actor,
        id: AdvisoryCandidateId,
        version: i64,
        verdict: Verdict,
        reason: &str,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("advisories.decide").await?;
        let candidate = tx.candidate(id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &computer_of(&candidate))?;
        let reason = match (reason.trim().is_empty(), verdict) {
            (true, Verdict::DoesNot) => return Err(AppError::field("reason", "empty")),
            (true, Verdict::Concerns | Verdict::Later) => None,
            (false, _) => Some(
                Prose::<1000>::parse(reason)
                    .map_err(|error| AppError::field("reason", TextError::code(error)))?,
            ),
        };
        let decision: Id<AdvisoryMark> = self.ids().next();
        let kept = reason.as_ref().map(Prose::as_str);
        tx.decide_candidate(
            decision.uuid(),
            (id, version),
            verdict.code(),
            kept,
            actor.person,
            at,
        )
        .await?;
        let act = ActDraft {
            act: "advisory.decided",
            subject: Subject::new("advisory_candidate", id),
            details: json!({ "decision": verdict.code(), "number": candidate.number }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A decision has an id that nothing else refers to.
enum AdvisoryMark {}

const fn computer_of(candidate: &Candidate) -> Resource {
    Resource::Computer {
        id: candidate.computer,
        owner: candidate.owner,
    }
}
