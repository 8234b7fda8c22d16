//! Computers of the sample operators: plausible products in every class, in every state.

use jiff::civil::{Date, date};
use model::assets::{NotificationDuty, NotifiedUnit};
use model::filing::FormalResult;
use policy::Actor;
use statute::{Answers, AssetClass};

use super::Stage;
use crate::assets::{
    ComputerInput, ContactInput, ExemptionInput, FacilityChoice, FacilityInput, FileNotification,
    Pick, Registered, RevisionInput,
};
use crate::desks::NewCheck;
use crate::error::AppError;
use crate::instance::App;

/// What becomes of a sample computer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Stays in the register, still to be notified.
    Due,
    /// Notified in October.
    Notified,
    /// Notified, then replaced by another product.
    Changed,
    /// Notified, then taken out of use.
    Ended,
    /// Notified by reference to an ESPA filing.
    Espa,
}

struct SampleComputer {
    unit: NotifiedUnit,
    class: AssetClass,
    product: &'static str,
    maker: &'static str,
    introduced_on: Date,
    fate: Fate,
}

const fn sample(
    unit: NotifiedUnit,
    class: AssetClass,
    product: &'static str,
    maker: &'static str,
    introduced_on: Date,
    fate: Fate,
) -> SampleComputer {
    SampleComputer {
        unit,
        class,
        product,
        maker,
        introduced_on,
        fate,
    }
}

use AssetClass::{Ichigo, Nigo1, Nigo2, Nigo3, Nigo4, Nigo5, Nigo6, Nigo7, Sango2};
use NotifiedUnit::{ApplianceHardware, Application, CloudService, Middleware, OperatingSystem};

/// Of the operator with everybody: one of each class, and every state.
const LARGE: &[SampleComputer] = &[
    sample(
        Application,
        Ichigo,
        "系統監視制御アプリケーション SCADA-X",
        "東和制御システム株式会社",
        date(2021, 4, 1),
        Fate::Notified,
    ),
    sample(
        OperatingSystem,
        Ichigo,
        "Red Hat Enterprise Linux 9",
        "Red Hat, Inc.",
        date(2023, 7, 3),
        Fate::Notified,
    ),
    sample(
        Middleware,
        Ichigo,
        "PostgreSQL 15",
        "PostgreSQL Global Development Group",
        date(2023, 7, 3),
        Fate::Changed,
    ),
    sample(
        Application,
        Nigo1,
        "保護リレー設定ツール",
        "東和制御システム株式会社",
        date(2022, 9, 1),
        Fate::Notified,
    ),
    sample(
        ApplianceHardware,
        Nigo2,
        "Catalyst 9300-48T",
        "Cisco Systems, Inc.",
        date(2022, 2, 14),
        Fate::Notified,
    ),
    sample(
        ApplianceHardware,
        Nigo3,
        "FortiGate-600F",
        "Fortinet, Inc.",
        date(2024, 5, 20),
        Fate::Espa,
    ),
    sample(
        ApplianceHardware,
        Nigo4,
        "ファイル中継装置 FR-200",
        "北都情報機器株式会社",
        date(2020, 11, 2),
        Fate::Ended,
    ),
    sample(
        Application,
        Nigo5,
        "構成管理台帳サーバ CMDB-Pro",
        "株式会社みらいソフト",
        date(2024, 1, 15),
        Fate::Due,
    ),
    sample(
        OperatingSystem,
        Nigo6,
        "Microsoft Windows Server",
        "Microsoft Corporation",
        date(2023, 3, 1),
        Fate::Due,
    ),
    sample(
        ApplianceHardware,
        Nigo6,
        "PA-1410",
        "Palo Alto Networks, Inc.",
        date(2026, 10, 20),
        Fate::Due,
    ),
    sample(
        ApplianceHardware,
        Nigo7,
        "ネットワークカメラ NC-12",
        "髙田電機株式会社",
        date(2025, 6, 9),
        Fate::Due,
    ),
    sample(
        CloudService,
        Sango2,
        "気象データ配信サービス",
        "株式会社そらデータ",
        date(2025, 4, 1),
        Fate::Due,
    ),
    sample(
        Middleware,
        Nigo5,
        "OpenLDAP 2.6",
        "OpenLDAP Foundation",
        date(2026, 11, 2),
        Fate::Due,
    ),
];

/// Of every other operator.
const SMALL: &[SampleComputer] = &[
    sample(
        Application,
        Ichigo,
        "基幹業務制御システム",
        "東和制御システム株式会社",
        date(2022, 4, 1),
        Fate::Notified,
    ),
    sample(
        OperatingSystem,
        Ichigo,
        "Oracle Linux 8",
        "Oracle Corporation",
        date(2022, 4, 1),
        Fate::Notified,
    ),
    sample(
        ApplianceHardware,
        Nigo3,
        "FortiGate-100F",
        "Fortinet, Inc.",
        date(2023, 6, 12),
        Fate::Notified,
    ),
    sample(
        OperatingSystem,
        Nigo6,
        "Microsoft Windows Server",
        "Microsoft Corporation",
        date(2023, 6, 12),
        Fate::Due,
    ),
    sample(
        ApplianceHardware,
        Nigo6,
        "BIG-IP i2600",
        "F5, Inc.",
        date(2024, 10, 7),
        Fate::Due,
    ),
    sample(
        CloudService,
        Sango2,
        "運行データ連携サービス",
        "株式会社そらデータ",
        date(2025, 1, 6),
        Fate::Due,
    ),
];

/// Registers the computers of one operator and files what was filed in October.
pub(super) async fn seed(
    app: &App,
    actor: &Actor,
    size: super::Size,
    stage: &dyn Stage,
) -> Result<(), AppError> {
    let samples = match size {
        super::Size::Large => LARGE,
        super::Size::Small => SMALL,
    };
    stage.go_to_day(date(2026, 10, 5));
    let facility = app.add_facility(actor, &facility_of(size), None).await?;
    let mut entered: Vec<(&SampleComputer, Registered)> = Vec::new();
    for sample in samples
        .iter()
        .filter(|sample| sample.introduced_on < date(2026, 10, 1))
    {
        entered.push((
            sample,
            app.add_computer(actor, &input(sample, facility), None)
                .await?,
        ));
    }
    stage.go_to_day(date(2026, 10, 16));
    let picks = entered
        .iter()
        .filter(|(sample, _)| sample.fate != Fate::Due)
        .map(|(_, registered)| pick(*registered))
        .collect();
    app.file_notification(actor, &notification(NotificationDuty::New, picks), None)
        .await?;
    app.drain_jobs().await?;
    stage.go_to_day(date(2026, 11, 4));
    for (sample, registered) in &entered {
        let version = app
            .view_computer(actor, registered.computer)
            .await?
            .computer
            .parts()
            .version;
        match sample.fate {
            Fate::Changed => {
                let mut computer = input(sample, facility);
                "PostgreSQL 17".clone_into(&mut computer.product);
                let change = RevisionInput {
                    computer,
                    changed_on: Some(date(2026, 11, 4)),
                    reason: "版の更新".to_owned(),
                };
                app.change_computer(actor, registered.computer, version, &change)
                    .await?;
            }
            Fate::Ended => {
                app.end_computer_use(actor, registered.computer, version, date(2026, 11, 4))
                    .await?;
            }
            Fate::Due | Fate::Notified | Fate::Espa => {}
        }
    }
    for sample in samples
        .iter()
        .filter(|sample| date(2026, 10, 1) <= sample.introduced_on)
    {
        app.add_computer(actor, &input(sample, facility), None)
            .await?;
    }
    Ok(())
}

/// The Minister's desk checks the operator's notification and passes it on (Act Art. 4(2)).
pub(super) async fn forward(
    app: &App,
    operator: &Actor,
    desk: &Actor,
    stage: &dyn Stage,
) -> Result<(), AppError> {
    stage.go_to_day(date(2026, 10, 19));
    let scope = app
        .policy()
        .filing_scope(operator, policy::Action::ViewFiling);
    let mut tx = app.store().begin_read("sample.notification").await?;
    let filed = tx
        .filings(&scope, Some(ids::FilingKind::AssetNotification), None, 1)
        .await?;
    drop(tx);
    for head in filed {
        let check = NewCheck {
            result: FormalResult::Meets,
            note: "",
        };
        app.check_form(desk, head.id, check, None).await?;
        app.forward_to_prime_minister(desk, head.id, None).await?;
        app.drain_jobs().await?;
    }
    Ok(())
}

fn facility_of(size: super::Size) -> FacilityInput {
    let (name, category) = match size {
        super::Size::Large => ("中央給電指令所", "電力系統の監視制御に係る設備"),
        super::Size::Small => ("基幹設備", "特定社会基盤役務の提供に係る設備"),
    };
    FacilityInput {
        name: name.to_owned(),
        category: category.to_owned(),
        installed_on: Some(date(2019, 4, 1)),
    }
}

fn input(sample: &SampleComputer, facility: ids::FacilityId) -> ComputerInput {
    let exemption = match sample.fate {
        Fate::Espa => ExemptionInput::EspaSubstitute {
            document: "導入等計画書 第24-0117号".to_owned(),
            same_name: true,
            same_supplier: true,
        },
        Fate::Due | Fate::Notified | Fate::Changed | Fate::Ended => ExemptionInput::None,
    };
    ComputerInput {
        facility: FacilityChoice::Known(facility),
        unit: sample.unit,
        class: Some(sample.class),
        class_answers: Answers::new(),
        product: sample.product.to_owned(),
        maker: sample.maker.to_owned(),
        introduced_on: sample.introduced_on,
        became_specified_on: None,
        exemption,
        note: String::new(),
    }
}

const fn pick(registered: Registered) -> Pick {
    Pick {
        computer: registered.computer,
        version: None,
    }
}

fn notification(duty: NotificationDuty, picks: Vec<Pick>) -> FileNotification {
    let contact = ContactInput {
        department: "情報システム部".to_owned(),
        name: "届出 太郎".to_owned(),
        phone: "03-0000-0000".to_owned(),
        mail: "todokede@denki.example".to_owned(),
    };
    FileNotification {
        duty,
        picks,
        contact,
    }
}
