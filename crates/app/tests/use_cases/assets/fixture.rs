use app::AppError;
use app::assets::{
    ComputerInput, ContactInput, ExemptionInput, FacilityChoice, FacilityInput, FileNotification,
    Pick, Registered, RevisionInput,
};
use app::filing::FiledReceiptNumber;
use ids::{ComputerId, FacilityId, Role};
use jiff::civil::{Date, date};
use model::assets::{ComputerPhase, NotificationDuty, NotifiedUnit};
use policy::Actor;
use statute::{Answers, AssetClass};

use crate::bench::Bench;

/// A weekday two months after the Act came into force.
pub(crate) const NOW: &str = "2026-12-10T10:00:00+09:00";

/// A computer that is to be notified, introduced on 1 December 2026.
pub(crate) fn gateway(facility: FacilityId) -> ComputerInput {
    ComputerInput {
        facility: FacilityChoice::Known(facility),
        unit: NotifiedUnit::ApplianceHardware,
        class: Some(AssetClass::Nigo3),
        class_answers: Answers::new(),
        product: "架空ゲートウェイ KG-60".to_owned(),
        maker: "架空電機株式会社".to_owned(),
        introduced_on: date(2026, 12, 1),
        became_specified_on: None,
        exemption: ExemptionInput::None,
        note: String::new(),
    }
}

pub(crate) fn dispatch() -> FacilityInput {
    FacilityInput {
        name: "中央給電指令所".to_owned(),
        category: "中央給電指令所の設備".to_owned(),
        installed_on: None,
    }
}

pub(crate) fn picks(computers: &[Registered]) -> Vec<Pick> {
    computers
        .iter()
        .map(|registered| Pick {
            computer: registered.computer,
            version: Some(registered.version),
        })
        .collect()
}

pub(crate) fn wanted(duty: NotificationDuty, computers: &[Registered]) -> FileNotification {
    FileNotification {
        duty,
        picks: picks(computers),
        contact: ContactInput::default(),
    }
}

/// The fields and codes of an [`AppError::Invalid`].
pub(crate) fn problems(error: &AppError) -> Vec<(String, &'static str)> {
    match error {
        AppError::Invalid(found) => found
            .iter()
            .map(|problem| (problem.field.clone(), problem.code))
            .collect(),
        other => vec![(other.to_string(), "another error")],
    }
}

impl Bench {
    /// The person who keeps the register of the electricity company.
    pub(crate) fn compliance(&self) -> Actor {
        self.actor(self.world.power, Role::Compliance)
    }

    pub(crate) async fn facility(&self) -> FacilityId {
        self.app
            .add_facility(&self.compliance(), &dispatch(), None)
            .await
            .unwrap()
    }

    pub(crate) async fn add(&self, input: &ComputerInput) -> Registered {
        self.app
            .add_computer(&self.compliance(), input, None)
            .await
            .unwrap()
    }

    /// A computer that was notified, as it stands afterwards.
    pub(crate) async fn notified(&self, facility: FacilityId) -> Registered {
        let added = self.add(&gateway(facility)).await;
        self.notify(NotificationDuty::New, &[added]).await;
        Registered {
            version: 2,
            ..added
        }
    }

    pub(crate) async fn notify(
        &self,
        duty: NotificationDuty,
        computers: &[Registered],
    ) -> FiledReceiptNumber {
        self.app
            .file_notification(&self.approver(), &wanted(duty, computers), None)
            .await
            .unwrap()
    }

    /// Changes a computer to another input on a day.
    pub(crate) async fn change(
        &self,
        computer: Registered,
        input: ComputerInput,
        changed_on: Option<Date>,
    ) -> Result<Registered, AppError> {
        let revision = RevisionInput {
            computer: input,
            changed_on,
            reason: "機器を入れ替えた".to_owned(),
        };
        self.app
            .change_computer(
                &self.compliance(),
                computer.computer,
                computer.version,
                &revision,
            )
            .await
    }

    pub(crate) async fn phase(&self, computer: ComputerId) -> ComputerPhase {
        let view = self
            .app
            .view_computer(&self.compliance(), computer)
            .await
            .unwrap();
        *view.computer.phase()
    }
}
