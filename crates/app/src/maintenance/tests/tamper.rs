use ledger::{Checkpoint, TreeHead};
use store::official::{self, ColumnKind, OfficialTable};
use testkit::RawConnection;

use super::fixture::{CONTENT, Instance, insertion, meti};
use crate::maintenance::ProblemKind;

/// A literal with one character or octet changed; several, so that first and last are tried.
fn altered(literal: &str, kind: ColumnKind) -> Vec<String> {
    match kind {
        ColumnKind::Integer => vec![format!("{literal} + 1")],
        _ if literal == "NULL" => vec!["X'00112233445566778899aabbccddeeff'".to_owned()],
        ColumnKind::Text => {
            let text = literal.trim_matches('\'');
            let mut first: Vec<char> = text.chars().collect();
            let mut last = first.clone();
            let flip = |slot: &mut char| *slot = if *slot == 'x' { 'y' } else { 'x' };
            flip(first.first_mut().unwrap());
            flip(last.last_mut().unwrap());
            let quote = |text: Vec<char>| format!("'{}'", text.into_iter().collect::<String>());
            vec![quote(first), quote(last), format!("'{text} '")]
        }
        ColumnKind::Id | ColumnKind::Octets => {
            let digits = literal.trim_start_matches("X'").trim_end_matches('\'');
            let bytes = hex::decode(digits).unwrap();
            let every = 0..bytes.len();
            let changed = every.map(|place| {
                let mut bytes = bytes.clone();
                bytes[place] ^= 0x01;
                format!("X'{}'", hex::encode(bytes))
            });
            changed.collect()
        }
    }
}

async fn literal(raw: &mut RawConnection, table: &str, column: &str) -> String {
    let query = format!("SELECT quote({column}) FROM {table} WHERE rowid = 1");
    raw.texts(&query).await[0][0].clone().unwrap()
}

async fn update(raw: &mut RawConnection, table: &str, column: &str, value: &str) {
    let statement = format!("UPDATE {table} SET {column} = {value} WHERE rowid = 1");
    assert_eq!(raw.execute(&statement).await.unwrap(), 1, "{statement}");
}

fn key_of(table: &OfficialTable, values: &[(String, ColumnKind)]) -> String {
    let parts = values.iter().take(table.keys.len());
    let text = parts.map(|(literal, kind)| match kind {
        ColumnKind::Id => {
            let digits = literal.trim_start_matches("X'").trim_end_matches('\'');
            uuid::Uuid::parse_str(digits).unwrap().to_string()
        }
        ColumnKind::Integer | ColumnKind::Text | ColumnKind::Octets => {
            literal.trim_matches('\'').to_owned()
        }
    });
    text.collect::<Vec<String>>().join("/")
}

#[tokio::test]
async fn any_change_of_any_column_of_an_official_table_is_found_and_named() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    for table in official::TABLES {
        let mut values = Vec::new();
        for (column, kind) in table.columns {
            values.push((literal(&mut raw, table.name, column).await, *kind));
        }
        let key = key_of(table, &values);
        for ((column, kind), (before, _)) in table.columns.iter().zip(&values) {
            for after in altered(before, *kind) {
                update(&mut raw, table.name, column, &after).await;
                let problems = instance.problems().await;
                let named = problems
                    .iter()
                    .any(|(_, name, found)| *name == table.name && *found == key);
                assert!(named, "{}.{column} = {after}: {problems:?}", table.name);
                update(&mut raw, table.name, column, before).await;
            }
        }
    }
    assert!(instance.fsck(&[]).await.is_clean());
}

#[tokio::test]
async fn a_deleted_row_of_any_official_table_is_found_and_named() {
    for table in official::TABLES {
        let instance = Instance::full().await;
        let mut raw = instance.raw().await;
        let delete = format!("DELETE FROM {} WHERE rowid = 1", table.name);
        raw.execute(&delete).await.unwrap();
        let problems = instance.problems().await;
        let (kind, name, key) = &problems[0];
        assert_eq!(
            (*kind, *name),
            (ProblemKind::RowMissing, table.name),
            "{problems:?}"
        );
        assert!(!key.is_empty());
    }
}

#[tokio::test]
async fn a_row_that_no_act_wrote_is_found_and_named() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    for table in official::TABLES {
        let mut insert = insertion(table, 0x8000);
        if table.name == "filing_attachment" {
            // The file itself is there; only the row is not ours.
            let digest = hex::encode(testkit::digest_of(CONTENT).as_bytes());
            insert = insert.replace(&format!("{:064x}", 0x8000), &digest);
        }
        raw.execute(&insert).await.unwrap();
    }
    let problems = instance.problems().await;
    for table in official::TABLES {
        let named = problems.iter().any(|(kind, name, key)| {
            *kind == ProblemKind::RowInNoLeaf
                && *name == table.name
                && key.starts_with("00000000-0000-0000-0000-000000008000")
        });
        assert!(named, "{}: {problems:?}", table.name);
    }
}

#[tokio::test]
async fn an_altered_or_removed_attachment_is_found_and_its_filing_is_named() {
    let instance = Instance::full().await;
    let digest = testkit::digest_of(CONTENT).to_string();
    let file = instance
        .data()
        .join("objects")
        .join(digest.get(..2).unwrap())
        .join(&digest);
    let mut content = CONTENT.to_vec();
    content[3] ^= 1;
    std::fs::write(&file, content).unwrap();
    let problems = instance.problems().await;
    assert_eq!(problems[0].0, ProblemKind::AttachmentDiffers);
    assert_eq!(problems[0].1, "filing_attachment");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        instance.problems().await[0].0,
        ProblemKind::AttachmentMissing
    );
}

#[tokio::test]
async fn a_frozen_file_of_a_submission_that_was_altered_or_removed_is_found_and_named() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    // Another file than those of filings, frozen in the submission that stands there.
    let frozen = b"%PDF-1.7 what was handed over";
    let digest = instance.app.objects().put(frozen).await.unwrap();
    let row = "WHERE submission_id = X'00000000000000000000000000007000'";
    let hex = hex::encode(digest.as_bytes());
    for statement in [
        format!(
            "INSERT INTO attachment (digest, size, media_type, created_by, owner_id, created_at)
             SELECT X'{hex}', {}, media_type, created_by, owner_id, created_at FROM attachment LIMIT 1",
            frozen.len()
        ),
        format!(
            "UPDATE submission_file SET digest = X'{hex}', size = {} {row}",
            frozen.len()
        ),
    ] {
        raw.execute(&statement).await.unwrap();
    }
    let of_objects = async || {
        let problems = instance.problems().await.into_iter();
        let about = problems.filter(|(kind, ..)| {
            [
                ProblemKind::AttachmentDiffers,
                ProblemKind::AttachmentMissing,
            ]
            .contains(kind)
        });
        about.collect::<Vec<_>>()
    };
    assert!(of_objects().await.is_empty());
    let named = |kind| {
        let key = "00000000-0000-0000-0000-000000007000/41".to_owned();
        vec![(kind, "submission_file", key)]
    };
    let digest = digest.to_string();
    let file = instance
        .data()
        .join("objects")
        .join(digest.get(..2).unwrap())
        .join(&digest);
    std::fs::write(&file, b"%PDF-1.7 what was Handed over").unwrap();
    assert_eq!(of_objects().await, named(ProblemKind::AttachmentDiffers));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(of_objects().await, named(ProblemKind::AttachmentMissing));
}

#[tokio::test]
async fn a_changed_leaf_is_found_in_every_column() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    let columns = [
        ("log", ColumnKind::Text),
        ("act", ColumnKind::Text),
        ("subject_id", ColumnKind::Octets),
        ("salt", ColumnKind::Octets),
        ("record", ColumnKind::Text),
        ("commitment", ColumnKind::Octets),
        ("recorded_at", ColumnKind::Integer),
    ];
    for (column, kind) in columns {
        let before = literal(&mut raw, "ledger_leaf", column).await;
        for after in altered(&before, kind) {
            update(&mut raw, "ledger_leaf", column, &after).await;
            let problems = instance.problems().await;
            assert!(!problems.is_empty(), "ledger_leaf.{column} = {after}");
            assert_eq!(problems[0].1, "ledger_leaf", "{column}: {problems:?}");
            update(&mut raw, "ledger_leaf", column, &before).await;
        }
    }
}

#[tokio::test]
async fn a_removed_leaf_and_an_index_out_of_line_are_found() {
    let instance = Instance::full().await;
    let mut raw = instance.raw().await;
    raw.execute("UPDATE ledger_sequence SET leaf_index = leaf_index + 7 WHERE log = 'meti' AND leaf_index = 1")
        .await
        .unwrap();
    let problems = instance.problems().await;
    assert_eq!(problems[0].0, ProblemKind::LeafMissing, "{problems:?}");
    raw.execute("UPDATE ledger_sequence SET leaf_index = 1 WHERE log = 'meti' AND leaf_index = 8")
        .await
        .unwrap();
    raw.execute("DELETE FROM ledger_sequence WHERE log = 'meti' AND leaf_index = 1")
        .await
        .unwrap();
    let kinds: Vec<ProblemKind> = instance.problems().await.iter().map(|one| one.0).collect();
    assert!(kinds.contains(&ProblemKind::LogTooShort), "{kinds:?}");
    assert!(kinds.contains(&ProblemKind::LeafStray), "{kinds:?}");
}

#[tokio::test]
async fn altered_checkpoints_cosignatures_and_tiles_are_found() {
    let instance = Instance::full().await;
    instance.cosign(&meti()).await;
    let mut raw = instance.raw().await;
    let changes = [
        ("ledger_checkpoint", "root", ColumnKind::Octets),
        ("ledger_checkpoint", "note", ColumnKind::Text),
        ("ledger_checkpoint", "tree_size", ColumnKind::Integer),
        ("ledger_cosignature", "line", ColumnKind::Text),
    ];
    for (table, column, kind) in changes {
        let before = literal(&mut raw, table, column).await;
        let after = match table {
            // Another co-signature that is as well formed.
            "ledger_cosignature" => before.replacen('A', "B", 3),
            _ => altered(&before, kind).swap_remove(0),
        };
        update(&mut raw, table, column, &after).await;
        assert!(!instance.problems().await.is_empty(), "{table}.{column}");
        update(&mut raw, table, column, &before).await;
    }
    let tile = instance.data().join("tiles/meti/tile/0/000.p/2");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    assert_eq!(instance.problems().await[0].0, ProblemKind::TileDiffers);
    std::fs::remove_file(&tile).unwrap();
    assert_eq!(instance.problems().await[0].0, ProblemKind::TileMissing);
}

/// Whoever has database and key writes another history, wholly consistent in itself.
async fn rewrite(instance: &mut Instance) {
    let mut raw = instance.raw().await;
    let rows = raw
        .texts("SELECT hex(l.id), l.record, hex(l.salt) FROM ledger_leaf l JOIN ledger_sequence s ON s.leaf_id = l.id WHERE s.log = 'meti' AND s.leaf_index = 0")
        .await;
    let [Some(id), Some(record), Some(salt)] = rows[0].as_slice() else {
        panic!("no leaf");
    };
    let mut record: serde_json::Value = serde_json::from_str(record).unwrap();
    record["actor"]["assurance"] = serde_json::json!("password");
    let canonical = ledger::canonical_json(&record).unwrap();
    let salt: [u8; 32] = hex::decode(salt).unwrap().try_into().unwrap();
    let commitment = ledger::Commitment::new(&ledger::Salt::from_bytes(salt), &canonical);
    let quoted = canonical.replace('\'', "''");
    let commitment = hex::encode(commitment.as_bytes());
    raw.execute(&format!(
        "UPDATE ledger_leaf SET record = '{quoted}', commitment = X'{commitment}' WHERE id = X'{id}'"
    ))
    .await
    .unwrap();
    raw.execute("DELETE FROM ledger_checkpoint WHERE log = 'meti'")
        .await
        .unwrap();
    raw.execute("DELETE FROM ledger_cosignature WHERE log = 'meti'")
        .await
        .unwrap();
    std::fs::remove_dir_all(instance.data().join("tiles/meti")).unwrap();
    instance.reopen().await;
    instance.app.integrate().await.unwrap();
}

#[tokio::test]
async fn a_log_rewritten_with_its_key_is_found_against_a_cosigned_checkpoint_held_outside() {
    let mut instance = Instance::full().await;
    let held = instance.cosign(&meti()).await;
    assert!(instance.fsck(std::slice::from_ref(&held)).await.is_clean());
    rewrite(&mut instance).await;
    let alone = instance.fsck(&[]).await;
    assert!(
        alone.is_clean(),
        "nothing inside shows it: {:?}",
        alone.problems
    );
    let report = instance.fsck(&[held]).await;
    assert_eq!(report.problems[0].kind, ProblemKind::RootDiffers);
    assert_eq!(report.problems[0].table, "checkpoint");
}

#[tokio::test]
async fn a_log_cut_short_is_found_against_a_checkpoint_held_outside() {
    let instance = Instance::full().await;
    let newest = instance.newest(&meti()).await.checkpoint().head();
    let origin = instance.app.logs().origin(&meti()).unwrap();
    let longer = TreeHead {
        size: newest.size + 5,
        root: newest.root,
    };
    let held = instance.sign_as_log(&meti(), &Checkpoint::new(origin, longer));
    let report = instance.fsck(&[held]).await;
    assert_eq!(report.problems[0].kind, ProblemKind::LogTooShort);
}

#[tokio::test]
async fn acts_that_wait_for_their_index_are_no_problem() {
    let instance = Instance::full().await;
    instance.file().await;
    let report = instance.fsck(&[]).await;
    assert!(report.is_clean(), "{:?}", report.problems);
    assert!(
        report
            .logs
            .iter()
            .any(|log| log.log == "meti" && log.waiting == 1)
    );
}
