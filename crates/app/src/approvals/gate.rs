//! What is refused for want of approval, and what goes out all the same in an emergency.

use ids::{ApprovalId, CaseId, Digest, FilingKind, OrganisationId, PersonId};
use jiff::Timestamp;
use model::approvals::{ApprovalPhase, ApprovalStepKind, Procedure, Purpose, Route};
use model::filing::Filing;
use model::text::Prose;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::official::{self, RowRef};
use store::rows::approvals::ApprovalRecord;

use super::route::{route_in_force, stages_to_json};
use super::standing::{Taken, refusal};
use crate::error::AppError;
use crate::instance::App;

/// How many requests about one thing are looked through for the one that was approved.
const LOOKED_THROUGH: u32 = 50;

/// A document about to be filed.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) owner: OrganisationId,
    pub(crate) kind: FilingKind,
    pub(crate) case: Option<CaseId>,
    pub(crate) digest: Digest,
}

impl Document {
    /// A document with the digest of its canonical form.
    pub(crate) fn new(
        owner: OrganisationId,
        kind: FilingKind,
        case: Option<CaseId>,
        body: &Value,
    ) -> Result<Self, AppError> {
        Ok(Self {
            owner,
            kind,
            case,
            digest: canonical(body)?.1,
        })
    }
}

/// Canonical JSON and its SHA-256, as a filing keeps them.
pub(super) fn canonical(body: &Value) -> Result<(String, Digest), AppError> {
    let text = ledger::canonical_json(body)
        .map_err(|_| AppError::Bug("a document without canonical form"))?;
    let digest = Digest::from_bytes(Sha256::digest(text.as_bytes()).into());
    Ok((text, digest))
}

/// Whether a document may be filed.
#[derive(Clone, Debug)]
pub(crate) enum Gate {
    /// The organisation asks for no approval.
    NotAsked,
    /// It is approved as it stands.
    Passed(ApprovalId),
    /// It is not; the code says why.
    Lacking {
        /// Code of the refusal.
        why: &'static str,
        /// The route that asks for it.
        route: Route,
    },
}

impl Gate {
    /// Refuses what is not approved.
    pub(crate) fn require(&self) -> Result<(), AppError> {
        match self {
            Self::NotAsked | Self::Passed(_) => Ok(()),
            Self::Lacking { why, .. } => Err(AppError::Conflict(why)),
        }
    }
}

impl App {
    /// Whether a document is approved exactly as it would be filed.
    pub(crate) async fn approval_gate(
        &self,
        tx: &mut Tx,
        document: &Document,
    ) -> Result<Gate, AppError> {
        let Some(route) = route_in_force(tx, document.owner, document.kind).await? else {
            return Ok(Gate::NotAsked);
        };
        let mut why = "approval_missing";
        for (place, record) in requests_about(tx, document).await?.into_iter().enumerate() {
            let same = record.body_digest == document.digest;
            let phase = self
                .standing_of(tx, record.clone())
                .await?
                .procedure
                .phase();
            if same && phase == ApprovalPhase::Approved {
                return Ok(Gate::Passed(record.id));
            }
            if place == 0 {
                why = match phase {
                    ApprovalPhase::Waiting { .. } if same => "approval_waiting",
                    ApprovalPhase::Waiting { .. } | ApprovalPhase::Approved => "approval_changed",
                    ApprovalPhase::Returned => "approval_returned",
                    ApprovalPhase::PulledBack
                    | ApprovalPhase::Replaced
                    | ApprovalPhase::Filed { .. } => "approval_missing",
                };
            }
        }
        Ok(Gate::Lacking { why, route })
    }

    /// Notes on the request that what was approved is filed now. Returns the official rows.
    pub(crate) async fn close_approval(
        &self,
        tx: &mut Tx,
        gate: &Gate,
        filing: &Filing,
    ) -> Result<Vec<RowRef>, AppError> {
        let Gate::Passed(id) = gate else {
            return Ok(Vec::new());
        };
        let standing = self
            .approval_standing(tx, *id)
            .await?
            .ok_or(AppError::Bug("an approval that went away"))?;
        let after = standing.procedure.file(filing.id).map_err(refusal)?;
        let taken = Taken {
            filing: Some(filing.id),
            ..Taken::plain(ApprovalStepKind::Filed, filing.filed_by, filing.filed_at)
        };
        self.take_step(tx, &standing, taken, after).await
    }

    /// Opens the ratification of what goes out without approval; what was under way is closed. Returns the official rows.
    pub(crate) async fn open_ratification(
        &self,
        tx: &mut Tx,
        route: &Route,
        filing: &Filing,
        reason: &Prose<2000>,
        drafters: &[PersonId],
    ) -> Result<Vec<RowRef>, AppError> {
        let document = Document {
            owner: filing.owner,
            kind: filing.kind,
            case: filing.case,
            digest: filing.body_digest,
        };
        let (mut rows, replaces) = self
            .close_open_requests(tx, &document, filing.filed_by, filing.filed_at)
            .await?;
        let id: ApprovalId = self.ids().next();
        let record = ApprovalRecord {
            id,
            owner: filing.owner,
            purpose: Purpose::Ratification,
            kind: filing.kind,
            case: filing.case,
            filing: Some(filing.id),
            replaces,
            separation: route.separation(),
            stages: stages_to_json(route.last_only().stages())?,
            body: filing.body.clone(),
            body_digest: filing.body_digest,
            wanted: "{}".to_owned(),
            drafters: drafters_json(drafters)?,
            note: reason.as_str().to_owned(),
            requested_by: filing.filed_by,
            requested_at: filing.filed_at,
        };
        let phase = Procedure::begin(1).phase().code();
        tx.insert_approval(&record, phase).await?;
        rows.extend(
            tx.official_rows(&official::APPROVAL_REQUEST, id.uuid())
                .await?,
        );
        Ok(rows)
    }

    /// Closes requests about the same thing that could still lead to a filing, and returns the newest of them.
    pub(super) async fn close_open_requests(
        &self,
        tx: &mut Tx,
        document: &Document,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Vec<RowRef>, Option<ApprovalId>), AppError> {
        let mut rows = Vec::new();
        let mut newest = None;
        // Only a report has a case that tells which requests are about the same thing.
        if document.case.is_none() {
            return Ok((rows, newest));
        }
        for record in requests_about(tx, document).await? {
            newest = newest.or(Some(record.id));
            let standing = self.standing_of(tx, record).await?;
            if let Ok(after) = standing.procedure.replace() {
                let taken = Taken::plain(ApprovalStepKind::Replaced, by, at);
                rows.extend(self.take_step(tx, &standing, taken, after).await?);
            }
        }
        Ok((rows, newest))
    }
}

/// Requests for approval about the same document, the newest first.
pub(super) async fn requests_about(
    tx: &mut Tx,
    document: &Document,
) -> Result<Vec<ApprovalRecord>, AppError> {
    let mut found = match document.case {
        Some(case) => tx.approvals_of_case(case, LOOKED_THROUGH).await?,
        None => {
            tx.approvals_of_kind(document.owner, document.kind, LOOKED_THROUGH)
                .await?
        }
    };
    found.retain(|record| record.kind == document.kind && record.purpose == Purpose::Filing);
    Ok(found)
}

pub(super) fn drafters_json(drafters: &[PersonId]) -> Result<String, AppError> {
    serde_json::to_string(drafters).map_err(|_| AppError::Bug("drafters without JSON form"))
}
