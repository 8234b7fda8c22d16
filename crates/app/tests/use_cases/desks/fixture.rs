use app::desks::{DeskFilter, DeskQueue, NewCorrectionRequest};
use app::incidents::ReportKind;
use ids::{CaseId, CorrectionId, FilingId, OrganisationId, Role};
use model::incidents::AwarenessKind;
use policy::Actor;

use crate::bench::Bench;

/// 03:17 on a Sunday in Japan.
pub(crate) const AWARE: &str = "2026-11-22T03:17:00+09:00";

impl Bench {
    /// The officer of the ministry that the electricity company files with.
    pub(crate) fn officer(&self) -> Actor {
        self.actor(self.world.meti, Role::DeskOfficer)
    }

    /// The analyst of the Cabinet Office.
    pub(crate) fn analyst(&self) -> Actor {
        self.actor(self.world.cabinet_office, Role::CabinetAnalyst)
    }

    /// Another operator's approver, who may know nothing.
    pub(crate) fn stranger(&self) -> Actor {
        self.actor(self.world.railway, Role::Approver)
    }

    /// A desk that the filings do not concern.
    pub(crate) fn other_desk(&self) -> Actor {
        self.actor(self.world.fsa, Role::DeskOfficer)
    }

    /// A prompt report of an incident that the operator noticed at 03:17.
    pub(crate) async fn prompt(&self) -> (CaseId, FilingId) {
        let case = self.open(AwarenessKind::Incident, AWARE).await;
        self.complete_prompt(case).await;
        let filed = self.file(case, ReportKind::Prompt).await;
        (case, filed.filing)
    }

    /// A request for correction of a field.
    pub(crate) async fn ask(&self, filing: FilingId, field: &str) -> CorrectionId {
        let request = NewCorrectionRequest {
            field,
            text: "正しい内容を記載してください",
            wanted_by: None,
        };
        self.app
            .request_correction(&self.officer(), filing, request, None)
            .await
            .unwrap()
    }

    /// What waits at the desk of a person.
    pub(crate) async fn queue_of(&self, actor: &Actor) -> DeskQueue {
        self.app
            .desk_queue(actor, &DeskFilter::default(), None, 50)
            .await
            .unwrap()
    }

    /// How many leaves about a thing are of an act, in any log.
    pub(crate) async fn acts(&self, subject: uuid::Uuid, act: &str) -> usize {
        let leaves = self.leaves(subject).await;
        leaves.iter().filter(|leaf| leaf["act"] == act).count()
    }

    /// The addressees of a filing.
    pub(crate) async fn sent_to(&self, filing: FilingId) -> Vec<OrganisationId> {
        let view = self.app.view_filing(&self.approver(), filing).await;
        let view = view.unwrap();
        view.addressees
            .iter()
            .map(|(to, _)| to.organisation)
            .collect()
    }
}
