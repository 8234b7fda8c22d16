use app::AppError;
use app::approvals::{Asked, RouteInput, StageInput, Verdict};
use app::incidents::ReportKind;
use ids::{ApprovalId, CaseId, FilingKind, Role};
use model::approvals::Separation;
use model::incidents::AwarenessKind;
use policy::Actor;

use crate::bench::Bench;
use crate::incidents::fixture::T1;

/// A stage at which everybody with a role may decide.
pub(crate) fn stage(name: &str, roles: &[Role]) -> StageInput {
    StageInput {
        name: name.to_owned(),
        roles: roles.to_vec(),
        people: Vec::new(),
    }
}

/// 確認 by compliance, 承認 by the approver.
pub(crate) fn two_stages(separation: Separation) -> RouteInput {
    RouteInput {
        stages: vec![
            stage("確認", &[Role::Compliance]),
            stage("承認", &[Role::Approver]),
        ],
        separation,
    }
}

/// 承認 by the approver alone.
pub(crate) fn one_stage() -> RouteInput {
    RouteInput {
        stages: vec![stage("承認", &[Role::Approver])],
        separation: Separation::Apart,
    }
}

/// The code of a refusal.
pub(crate) fn code<T>(result: Result<T, AppError>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(error) => error.code(),
    }
}

impl Bench {
    pub(crate) fn admin(&self) -> Actor {
        self.actor(self.world.power, Role::OrganisationAdmin)
    }

    pub(crate) async fn set_route(&self, kind: FilingKind, input: &RouteInput) {
        let before = self.app.approval_route(&self.admin(), kind).await.unwrap();
        self.app
            .set_approval_route(&self.admin(), kind, input, before.number)
            .await
            .unwrap();
    }

    /// An incident of which the prompt report could be filed.
    pub(crate) async fn promptable(&self) -> CaseId {
        let case = self.open(AwarenessKind::Incident, T1).await;
        self.complete_prompt(case).await;
        case
    }

    pub(crate) async fn ask_approval(&self, case: CaseId) -> ApprovalId {
        let Asked { approval } = self
            .app
            .request_report_approval(&self.csirt(), case, &ReportKind::Prompt, None, "", None)
            .await
            .unwrap();
        approval
    }

    pub(crate) async fn decide(
        &self,
        actor: &Actor,
        id: ApprovalId,
        stage: usize,
        verdict: Verdict,
        comment: &str,
    ) -> &'static str {
        let decided = self
            .app
            .decide_approval(actor, id, stage, verdict, comment)
            .await;
        code(decided)
    }

    pub(crate) async fn file_prompt(&self, case: CaseId) -> &'static str {
        let filed = self
            .app
            .file_report(&self.csirt(), case, &ReportKind::Prompt, None, None)
            .await;
        code(filed)
    }
}
