use ledger::Rotation;

use super::fixture::{Instance, bears, meti};
use crate::AppError;
use crate::maintenance::ProblemKind;

#[tokio::test]
async fn a_log_changes_its_key_while_everyone_can_follow() {
    let mut instance = Instance::full().await;
    let filed = instance.file().await;
    instance.app.integrate().await.unwrap();
    let before = instance.trust().await;
    let old = before
        .logs()
        .iter()
        .find(|key| key.origin.as_str().ends_with("/meti"));
    let old = old.unwrap().key.clone();
    let new = instance.app.announce_log_key(&meti()).await.unwrap();
    assert!(matches!(
        instance.app.announce_log_key(&meti()).await,
        Err(AppError::Conflict("key_change_under_way"))
    ));
    assert!(matches!(
        instance.app.retire_log_key(&meti()).await,
        Err(AppError::Conflict(_))
    ));
    instance.app.integrate().await.unwrap();
    let overlap = instance.newest(&meti()).await;
    assert!(bears(&overlap, &old) && bears(&overlap, &new));
    assert!(instance.fsck(&[]).await.is_clean());

    // Whoever keeps a trust file follows with the receipt of the announcement.
    let index = overlap.checkpoint().size() - 1;
    let receipt = instance.app.receipt_of_place(&meti(), index).await.unwrap();
    let both = Rotation::accept(&receipt, &overlap, &before).unwrap();
    let (retired, last) = instance.app.retire_log_key(&meti()).await.unwrap();
    assert_eq!((&retired, last), (&old, overlap.checkpoint().size()));
    let after = Rotation::verify(&receipt, &before)
        .unwrap()
        .retire(&both, last)
        .unwrap();
    assert_eq!(after.logs().len(), instance.trust().await.logs().len());

    instance.reopen().await;
    let later = instance.file().await;
    instance.app.integrate().await.unwrap();
    let alone = instance.newest(&meti()).await;
    assert!(!bears(&alone, &old) && bears(&alone, &new));
    for filing in [filed, later] {
        let receipt = instance.receipt(filing, "meti").await;
        assert!(receipt.verify(&after).is_ok());
    }
    let report = instance.fsck(&[overlap, alone]).await;
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[tokio::test]
async fn a_key_that_no_leaf_announces_is_found() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    let key = instance
        .app
        .logs()
        .make_next_signer(&meti(), instance.app.ids())
        .unwrap();
    let first = instance.app.logs().stored_signer(&meti()).unwrap().unwrap();
    let leaves = raw
        .texts("SELECT hex(leaf_id) FROM ledger_sequence WHERE log = 'meti'")
        .await;
    let leaf = uuid::Uuid::parse_str(leaves[0][0].as_ref().unwrap()).unwrap();
    let history = serde_json::json!({ "keys": { "meti": [
        { "key": first.verifier().to_string(), "announced": null, "last_size": null },
        { "key": key.verifier().to_string(), "announced": leaf.to_string(), "last_size": null },
    ] } });
    raw.execute(&format!(
        "INSERT INTO instance (key, value) VALUES ('ledger.history', '{history}')"
    ))
    .await
    .unwrap();
    let problems = instance.problems().await;
    assert_eq!(
        problems[0].0,
        ProblemKind::SuccessionDiffers,
        "{problems:?}"
    );
}
