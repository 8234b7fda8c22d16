use std::path::{Path, PathBuf};

use ledger::{Link, SignedCheckpoint};

use super::fixture::{Instance, meti, parts};
use crate::AppError;
use crate::instance::{App, Parts};
use crate::logs::{LogCode, LogError};
use crate::maintenance::{
    BackupError, BackupKeys, Knowledge, OldBackup, RestoreOrder, RestoreOutcome,
};

async fn back_up(instance: &Instance) -> PathBuf {
    let folder = instance.folder.path().join("backup");
    instance
        .app
        .backup(&folder, BackupKeys::Include)
        .await
        .unwrap();
    folder
}

fn order(folder: &Path, last: &[SignedCheckpoint], old_backup: OldBackup) -> RestoreOrder {
    RestoreOrder {
        folder: folder.to_owned(),
        last: last.to_vec(),
        knowledge: Knowledge::Checkpoints,
        old_backup,
    }
}

fn elsewhere(instance: &Instance, name: &str) -> Parts {
    Parts {
        store: None,
        ..parts(&instance.folder.path().join(name), 50)
    }
}

#[tokio::test]
async fn a_backup_comes_back_whole_and_goes_on() {
    let instance = Instance::full().await;
    let held = instance.cosign(&meti()).await;
    let folder = back_up(&instance).await;
    let order = order(&folder, std::slice::from_ref(&held), OldBackup::Refuse);
    let outcome = App::restore(elsewhere(&instance, "again"), &order)
        .await
        .unwrap();
    let RestoreOutcome::Done {
        new_origins,
        report,
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert!(new_origins.is_empty() && report.is_clean() && report.objects == 1);
    let again = App::open(elsewhere(&instance, "again")).await.unwrap();
    again.integrate().await.unwrap();
    assert!(again.fsck(&[held]).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_backup_older_than_what_was_cosigned_is_refused() {
    let instance = Instance::full().await;
    instance.cosign(&meti()).await;
    let folder = back_up(&instance).await;
    instance.file().await;
    instance.app.integrate().await.unwrap();
    let last = instance.cosign(&meti()).await;
    let silent = order(&folder, &[], OldBackup::Refuse);
    let outcome = App::restore(elsewhere(&instance, "a"), &silent)
        .await
        .unwrap();
    assert!(
        matches!(&outcome, RestoreOutcome::LastUnknown(logs) if logs == &["meti"]),
        "{outcome:?}"
    );
    let told = order(&folder, &[last], OldBackup::Refuse);
    let outcome = App::restore(elsewhere(&instance, "a"), &told)
        .await
        .unwrap();
    assert!(
        matches!(&outcome, RestoreOutcome::Older(logs) if logs == &[("meti".to_owned(), 1)]),
        "{outcome:?}"
    );
    assert!(!instance.folder.path().join("a/noroshi.sqlite").exists());
}

#[tokio::test]
async fn a_new_origin_goes_on_and_links_to_what_was_lost() {
    let instance = Instance::full().await;
    instance.cosign(&meti()).await;
    let folder = back_up(&instance).await;
    let lost_filing = instance.file().await;
    instance.app.integrate().await.unwrap();
    let last = instance.cosign(&meti()).await;
    let lost_receipt = instance.receipt(lost_filing, "meti").await;

    let order = order(&folder, std::slice::from_ref(&last), OldBackup::NewOrigin);
    let outcome = App::restore(elsewhere(&instance, "new"), &order)
        .await
        .unwrap();
    let RestoreOutcome::Done { new_origins, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(new_origins, ["meti/2"]);
    let app = App::open(elsewhere(&instance, "new")).await.unwrap();
    app.integrate().await.unwrap();
    let restored = Instance { app, ..instance };
    let filed = restored.file().await;
    restored.app.integrate().await.unwrap();

    let trust = restored.trust().await;
    let receipt = restored.receipt(filed, "meti/2").await;
    assert!(receipt.origin().as_str().ends_with("/meti/2"));
    assert!(receipt.verify(&trust).is_ok());
    assert!(
        lost_receipt.verify(&trust).is_ok(),
        "the filer of a lost act still has a proof"
    );
    let second = LogCode::parse("meti/2").unwrap();
    let link = restored.app.receipt_of_place(&second, 0).await.unwrap();
    let (link, _) = Link::verify(&link, &trust).unwrap();
    assert_eq!((link.old(), link.lost()), (&last, 1));
    let report = restored.fsck(&[last]).await;
    assert!(report.is_clean(), "{:?}", report.problems);
    assert!(
        report
            .logs
            .iter()
            .any(|log| log.log == "meti" && log.lost == 1)
    );
}

#[tokio::test]
async fn leaves_that_contradict_a_cosigned_tree_stop_the_restore() {
    let instance = Instance::full().await;
    let folder = back_up(&instance).await;
    let origin = instance.app.logs().origin(&meti()).unwrap();
    let mut head = instance.newest(&meti()).await.checkpoint().head();
    head.root = ledger::Hash::leaf(b"another history");
    let forged = instance.sign_as_log(&meti(), &ledger::Checkpoint::new(origin, head));
    let order = order(&folder, &[forged], OldBackup::NewOrigin);
    let outcome = App::restore(elsewhere(&instance, "fork"), &order)
        .await
        .unwrap();
    assert!(matches!(outcome, RestoreOutcome::Fork(log) if log == "meti"));
}

#[tokio::test]
async fn an_altered_missing_or_extra_file_of_a_backup_is_named() {
    let instance = Instance::full().await;
    let folder = back_up(&instance).await;
    let order = order(&folder, &[], OldBackup::Refuse);
    let tile = folder.join("tiles/meti/checkpoint");
    let good = std::fs::read(&tile).unwrap();
    std::fs::write(&tile, b"x").unwrap();
    let named = |error: BackupError, path: &str| {
        assert!(
            matches!(&error, BackupError::Altered { path: found } if found == path),
            "{error:?}"
        );
    };
    let restore = || App::restore(elsewhere(&instance, "x"), &order);
    named(restore().await.unwrap_err(), "tiles/meti/checkpoint");
    std::fs::remove_file(&tile).unwrap();
    named(restore().await.unwrap_err(), "tiles/meti/checkpoint");
    std::fs::write(&tile, good).unwrap();
    std::fs::write(folder.join("objects/extra"), b"x").unwrap();
    named(restore().await.unwrap_err(), "objects/extra");
    std::fs::remove_file(folder.join("objects/extra")).unwrap();
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    assert!(matches!(restore().await, Err(BackupError::Manifest)));
}

#[tokio::test]
async fn a_backup_without_keys_needs_them_beside_it() {
    let instance = Instance::full().await;
    let folder = instance.folder.path().join("backup");
    instance
        .app
        .backup(&folder, BackupKeys::Leave)
        .await
        .unwrap();
    assert!(!folder.join("keys").exists());
    let order = order(&folder, &[], OldBackup::Refuse);
    let restored = App::restore(elsewhere(&instance, "k"), &order).await;
    assert!(matches!(restored, Err(BackupError::KeysMissing(_))));
    let target = instance.folder.path().join("k/keys");
    std::fs::create_dir_all(&target).unwrap();
    for entry in std::fs::read_dir(instance.data().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, target.join(path.file_name().unwrap())).unwrap();
    }
    let outcome = App::restore(elsewhere(&instance, "k"), &order)
        .await
        .unwrap();
    assert!(
        matches!(outcome, RestoreOutcome::Done { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_older_database_under_newer_tiles_is_never_signed() {
    let mut instance = Instance::full().await;
    let copy = instance.folder.path().join("old.sqlite");
    instance.app.store().copy_sqlite_to(&copy).await.unwrap();
    instance.file().await;
    instance.app.integrate().await.unwrap();
    instance.app.store().close().await;
    for name in ["noroshi.sqlite-wal", "noroshi.sqlite-shm"] {
        drop(std::fs::remove_file(instance.data().join(name)));
    }
    std::fs::copy(&copy, instance.data().join("noroshi.sqlite")).unwrap();
    instance.reopen().await;
    // The next act would take the index of the one that was lost.
    instance.file().await;
    let report = instance.app.integrate().await;
    assert!(
        matches!(
            report,
            Err(AppError::Log(LogError::Fork | LogError::Behind { .. }))
        ),
        "{report:?}"
    );
}
