use ids::{ApprovalId, FilingKind};
use jiff::Timestamp;
use model::approvals::Purpose;
use policy::{Action, Actor, StepUp};
use store::Tx;

use super::standing::Standing;
use crate::error::AppError;
use crate::instance::App;

/// Most requests of one phase that are looked through for a list.
const LOOKED_THROUGH: u32 = 200;

/// A request in a list.
#[derive(Clone, Debug)]
pub struct ApprovalItem {
    /// The request.
    pub id: ApprovalId,
    /// Approval or ratification.
    pub purpose: Purpose,
    /// What is to be filed, or was.
    pub kind: FilingKind,
    /// Title of the case of a report.
    pub case: Option<String>,
    /// Name of who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What the present stage is called.
    pub stage: Option<String>,
    /// Names of those who are waited for.
    pub waiting_for: Vec<String>,
}

/// What waits, as it concerns one person.
#[derive(Clone, Debug, Default)]
pub struct ApprovalLists {
    /// あなたの承認を待っているもの.
    pub mine: Vec<ApprovalItem>,
    /// What was filed in an emergency and is not ratified yet.
    pub unratified: Vec<ApprovalItem>,
    /// What waits for others.
    pub waiting: Vec<ApprovalItem>,
    /// What is approved and not filed yet.
    pub approved: Vec<ApprovalItem>,
    /// One's own requests that were sent back and not renewed.
    pub returned: Vec<ApprovalItem>,
}

impl App {
    /// Requests for approval that concern the actor.
    pub async fn approval_lists(&self, actor: &Actor) -> Result<ApprovalLists, AppError> {
        let scope = self.policy().approval_scope(actor, Action::ViewApproval);
        let fresh = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        let mut lists = ApprovalLists::default();
        let mut tx = self.store().begin_read("approval.list").await?;
        for phase in ["waiting", "approved", "returned"] {
            for record in tx.approvals_in_phase(&scope, phase, LOOKED_THROUGH).await? {
                let standing = self.standing_of(&mut tx, record).await?;
                let resource = standing.resource();
                if !self.policy().may(actor, Action::ViewApproval, &resource) {
                    continue;
                }
                let ratification = standing.record.purpose == Purpose::Ratification;
                let own = standing.record.requested_by == actor.person;
                let list = match phase {
                    "waiting" if self.policy().may(&fresh, Action::DecideApproval, &resource) => {
                        &mut lists.mine
                    }
                    "waiting" if ratification => &mut lists.unratified,
                    "waiting" => &mut lists.waiting,
                    "approved" if !ratification => &mut lists.approved,
                    "returned" if own && !ratification => &mut lists.returned,
                    _ => continue,
                };
                list.push(item(&mut tx, &standing).await?);
            }
        }
        Ok(lists)
    }
}

async fn item(tx: &mut Tx, standing: &Standing) -> Result<ApprovalItem, AppError> {
    let record = &standing.record;
    let case = match record.case {
        Some(id) => tx
            .case(id)
            .await?
            .map(|case| case.title.as_str().to_owned()),
        None => None,
    };
    let stage = standing.procedure.stage();
    Ok(ApprovalItem {
        id: record.id,
        purpose: record.purpose,
        kind: record.kind,
        case,
        by: standing.people.name(record.requested_by).to_owned(),
        at: record.requested_at,
        stage: stage
            .and_then(|stage| standing.route.stages().get(stage))
            .map(|stage| stage.name.as_str().to_owned()),
        waiting_for: standing.waiting_for(),
    })
}
