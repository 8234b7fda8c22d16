use ids::{OrganisationKind, Role};
use ledger::{Algorithm, KeyName, Resource, SignedCheckpoint, SignerKey};
use policy::Actor;

use super::fixture::{Instance, meti, witness};
use crate::AppError;
use crate::ledger_view::{ReceiptFinding, WitnessState};

fn auditor(instance: &Instance) -> Actor {
    let world = &instance.world;
    world.actor(world.person(world.committee, Role::Auditor))
}

#[tokio::test]
async fn the_committee_sees_acts_times_and_proofs_and_its_look_is_an_act() {
    let instance = Instance::full().await;
    let auditor = auditor(&instance);
    let page = instance
        .app
        .log_entries(&auditor, &meti(), None, 10)
        .await
        .unwrap();
    let first = page.entries.last().unwrap();
    assert_eq!((first.index, first.act.as_str()), (0, "filing.recorded"));
    assert_eq!(first.organisation, Some(OrganisationKind::Operator));
    let proof = instance.app.log_entry(&auditor, &meti(), 0).await.unwrap();
    assert_eq!(proof.holds, Some(true));
    let logs = instance.app.logs_overview(&auditor).await.unwrap();
    assert!(logs.iter().any(|log| log.log == meti() && log.size == 2));
    let report = instance.fsck(&[]).await;
    let looks = report
        .logs
        .iter()
        .find(|log| log.log == "instance")
        .unwrap();
    assert_eq!(looks.leaves + looks.waiting, 3);
    assert!(report.is_clean());
}

#[tokio::test]
async fn nobody_but_the_committee_sees_a_log() {
    let instance = Instance::full().await;
    let world = &instance.world;
    let others = [
        (world.power, Role::Approver),
        (world.meti, Role::DeskOfficer),
        (world.cabinet_office, Role::CabinetAnalyst),
    ];
    for (organisation, role) in others {
        let actor = world.actor(world.person(organisation, role));
        let entries = instance.app.log_entries(&actor, &meti(), None, 10).await;
        assert!(matches!(entries, Err(AppError::NotFound)), "{role}");
        let logs = instance.app.logs_overview(&actor).await;
        assert!(matches!(logs, Err(AppError::NotFound)), "{role}");
        let receipt = instance.app.verify_receipt(&actor, b"{}").await;
        assert!(matches!(receipt, Err(AppError::NotFound)), "{role}");
    }
}

#[tokio::test]
async fn a_receipt_is_verified_with_and_without_witness_and_when_altered() {
    let instance = Instance::full().await;
    let auditor = auditor(&instance);
    let filing = instance.file().await;
    instance.app.integrate().await.unwrap();
    let receipt = instance.receipt(filing, "meti").await.to_json().unwrap();
    let verify = async |file: String| {
        let finding = instance.app.verify_receipt(&auditor, file.as_bytes()).await;
        finding.unwrap()
    };
    let ReceiptFinding::Valid(verified) = verify(receipt.clone()).await else {
        panic!("not valid");
    };
    assert!(!verified.witnessed);
    let altered = receipt.replace("\"index\": 2", "\"index\": 1");
    assert_eq!(verify(altered).await, ReceiptFinding::NotValid("inclusion"));
    assert_eq!(
        verify("{}".to_owned()).await,
        ReceiptFinding::NotValid("json")
    );
    instance.cosign(&meti()).await;
    let receipt = instance.receipt(filing, "meti").await.to_json().unwrap();
    let ReceiptFinding::Valid(verified) = verify(receipt).await else {
        panic!("not valid");
    };
    assert!(verified.witnessed);
}

#[tokio::test]
async fn a_log_that_nobody_co_signs_any_more_is_called_stalled() {
    let instance = Instance::full().await;
    // The fixture's witness signs with a time long before the fixture's clock.
    instance.cosign(&meti()).await;
    let logs = instance
        .app
        .logs_overview(&auditor(&instance))
        .await
        .unwrap();
    let meti = logs.iter().find(|log| log.log == meti()).unwrap();
    assert_eq!(meti.witness, WitnessState::Stalled);
}

#[tokio::test]
async fn only_lines_of_configured_witnesses_over_our_own_checkpoints_are_taken_in() {
    let instance = Instance::full().await;
    let log = meti();
    let served = || instance.app.log_resource(&log, Resource::Checkpoint);
    let newest = SignedCheckpoint::parse(&served().await.unwrap()).unwrap();
    let name = KeyName::parse("stranger.example").unwrap();
    let stranger = SignerKey::from_seed(name, Algorithm::CosignatureV1, &[8; 32]).unwrap();
    let mut by_stranger = newest.clone();
    by_stranger.cosign(&stranger, 1_790_900_000).unwrap();
    let mut of_another = instance
        .newest(&crate::LogCode::parse("cabinet_office").unwrap())
        .await;
    of_another.cosign(&witness(), 1_790_900_000).unwrap();
    for body in [
        b"x".to_vec(),
        by_stranger.to_string().into(),
        of_another.to_string().into(),
    ] {
        let refused = instance.app.receive_cosignature(&meti(), &body).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    }
    let mut good = newest;
    good.cosign(&witness(), 1_790_900_000).unwrap();
    let body = good.to_string().into_bytes();
    instance
        .app
        .receive_cosignature(&meti(), &body)
        .await
        .unwrap();
    assert_eq!(served().await.unwrap(), body);
    // A stranger's line beside a good one is not dropped in silence: the whole is refused and nothing changes.
    let mut beside = good;
    beside.cosign(&stranger, 1_790_900_001).unwrap();
    let beside = beside.to_string().into_bytes();
    let refused = instance.app.receive_cosignature(&meti(), &beside).await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problems[0].code, "witness_unknown");
    assert_eq!(served().await.unwrap(), body);
}
