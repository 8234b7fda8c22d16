use ids::{Digest, FilingKind, Role};
use model::filing::{AddresseeRole, Attachment};
use policy::{Action, FilingScope, Policy};
use serde_json::json;
use store::{Engine, FilingCursor, QueueFilter, StoreError, Tx};
use testkit::{
    FilingBuilder, NewFiling, TestDatabase, World, digest_of, instant, on_each_database,
};

/// A character beyond the basic plane, a variant by name, an ideographic variation sequence, a family emoji.
const HARD_TEXT: &str = "𠮷野家 髙島 葛\u{e0100}城市 👩‍👩‍👧 ﾊﾝｶｸ ｶﾞ 100%_! \"'\\;--\n改行\tend";

on_each_database! {
    async fn a_filing_reads_back_character_by_character(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let new = FilingBuilder::new(&world)
            .body(json!({ "product": HARD_TEXT }))
            .to(world.meti, AddresseeRole::Minister)
            .filed_at(instant(3))
            .build();
        let attachment = Attachment {
            digest: digest_of(b"log"),
            file_name: format!("{HARD_TEXT}.txt"),
            size: 20 * 1024 * 1024,
            media_type: "text/plain".to_owned(),
        };
        let mut tx = db.store().begin("test").await.unwrap();
        new.save(&mut tx).await.unwrap();
        record_object(&mut tx, &world, attachment.digest).await;
        record_object(&mut tx, &world, attachment.digest).await;
        tx.insert_filing_attachment(new.filing.id, 0, &attachment).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.store().begin_read("test").await.unwrap();
        assert!(tx.filing(new.filing.id).await.unwrap().as_ref() == Some(&new.filing));
        let by_number = tx.filing_by_number(new.filing.number.as_str()).await.unwrap();
        assert!(by_number.as_ref() == Some(&new.filing));
        assert_eq!(tx.addressees(new.filing.id).await.unwrap(), new.addressees);
        assert!(tx.filing_attachments(new.filing.id).await.unwrap() == [attachment.clone()]);
        assert_eq!(tx.object(attachment.digest).await.unwrap(), Some((7, "text/plain".to_owned())));
        assert_eq!(tx.objects().await.unwrap(), [(attachment.digest, 7)]);
        assert!(tx.filing(world.id()).await.unwrap().is_none());
    }

    async fn a_filing_with_an_unrecorded_attachment_is_refused(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let new = FilingBuilder::new(&world).build();
        let attachment = Attachment {
            digest: digest_of(b"never uploaded"),
            file_name: "a.txt".to_owned(),
            size: 1,
            media_type: "text/plain".to_owned(),
        };
        let mut tx = db.store().begin("test").await.unwrap();
        new.save(&mut tx).await.unwrap();
        let refused = tx.insert_filing_attachment(new.filing.id, 0, &attachment).await.unwrap_err();
        assert!(matches!(refused, StoreError::Database { .. }) && !refused.is_temporary(), "{refused:?}");
    }

    async fn a_receipt_number_is_taken_once(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let new = FilingBuilder::new(&world).build();
        let mut again = new.clone();
        again.filing.id = world.id();
        let mut tx = db.store().begin("test").await.unwrap();
        new.save(&mut tx).await.unwrap();
        let refused = again.save(&mut tx).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }

    async fn of_two_corrections_of_one_version_at_once_one_is_refused(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        for kind in [FilingKind::AssetNotification, FilingKind::IncidentCorrection] {
            let first = FilingBuilder::new(&world).build();
            let mut tx = db.store().begin("test").await.unwrap();
            first.save(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            let correction = || FilingBuilder::new(&world).kind(kind).supersedes(first.filing.id).build();
            let (one, two) = (correction(), correction());
            let barrier = tokio::sync::Barrier::new(2);
            // Both have begun before either writes, where the database lets two write at once.
            let save = async |new: &NewFiling| -> Result<(), StoreError> {
                if db.engine() == Engine::Postgres {
                    let mut tx = db.store().begin("test").await?;
                    assert!(tx.successors(first.filing.id).await?.is_empty());
                    barrier.wait().await;
                    new.save(&mut tx).await?;
                    tx.commit().await
                } else {
                    let mut tx = db.store().begin("test").await?;
                    new.save(&mut tx).await?;
                    tx.commit().await
                }
            };
            let (one, two) = tokio::join!(save(&one), save(&two));
            let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
            assert!(matches!(refused.as_slice(), [StoreError::Taken { .. }]), "{refused:?}");
            // A later report may still follow the same version.
            let update = FilingBuilder::new(&world).kind(FilingKind::IncidentUpdate).supersedes(first.filing.id).build();
            let mut tx = db.store().begin("test").await.unwrap();
            update.save(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn the_successor_of_a_filing_is_the_newest_version_of_it(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let first = FilingBuilder::new(&world).build();
        let change = |at| FilingBuilder::new(&world).kind(FilingKind::IncidentUpdate).supersedes(first.filing.id).filed_at(instant(at)).build();
        let (second, third) = (change(1), change(2));
        let mut tx = db.store().begin("test").await.unwrap();
        first.save(&mut tx).await.unwrap();
        assert!(tx.successor(first.filing.id).await.unwrap().is_none());
        third.save(&mut tx).await.unwrap();
        second.save(&mut tx).await.unwrap();
        let successor = tx.successor(first.filing.id).await.unwrap().unwrap();
        assert_eq!(successor.id, third.filing.id);
        assert!(tx.filing(first.filing.id).await.unwrap().unwrap() == first.filing);
    }

    async fn the_filings_of_a_case_stand_in_order(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let case = world.id();
        let mut raw = db.raw().await;
        let literal = crate::official_rows::id_literal(db.engine(), case.uuid());
        let author = crate::official_rows::id_literal(db.engine(), world.person_id(world.power, Role::Csirt).uuid());
        let owner = crate::official_rows::id_literal(db.engine(), world.power.uuid());
        raw.execute(&format!(
            "INSERT INTO incident_case (id, owner_id, title, phase, created_by, created_at, version)
             VALUES ({literal}, {owner}, 'VPN', 'open', {author}, 0, 1)"
        ))
        .await
        .unwrap();
        let mut tx = db.store().begin("test").await.unwrap();
        let mut expected = Vec::new();
        for (at, kind) in [(3, FilingKind::IncidentFull), (1, FilingKind::IncidentPrompt), (2, FilingKind::IncidentUpdate)] {
            let new = FilingBuilder::new(&world).case(case).kind(kind).filed_at(instant(at)).build();
            new.save(&mut tx).await.unwrap();
            expected.push((at, new.filing.id));
        }
        expected.sort();
        let listed: Vec<_> = tx.filings_of_case(case).await.unwrap().iter().map(|one| one.id).collect();
        assert_eq!(listed, expected.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        assert!(tx.filings_of_case(world.id()).await.unwrap().is_empty());
    }

    async fn pages_cover_everything_once_also_when_many_arrive_at_once(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let scope = desk_scope(&world);
        let mut tx = db.store().begin("test").await.unwrap();
        let mut expected = Vec::new();
        for number in 0..23 {
            let new = FilingBuilder::new(&world)
                .filed_at(instant(number / 7))
                .to(world.meti, AddresseeRole::Minister)
                .build();
            new.save(&mut tx).await.unwrap();
            expected.push((new.filing.filed_at, new.filing.id));
        }
        expected.sort();
        expected.reverse();
        for limit in [1, 2, 5, 7, 23, 100] {
            let (mut listed, mut searched, mut queued) = (Vec::new(), Vec::new(), Vec::new());
            let mut cursors = [None; 3];
            loop {
                let list = tx.filings(&scope, None, cursors[0], limit).await.unwrap();
                let search = tx.search_filings(&scope, "ルータ", cursors[1], limit).await.unwrap();
                let queue = tx.queue(&scope, &QueueFilter::default(), cursors[2], limit).await.unwrap();
                assert!(list.len() <= usize::try_from(limit).unwrap());
                listed.extend(list.iter().map(|one| (one.filed_at, one.id)));
                searched.extend(search.iter().map(|one| (one.filed_at, one.id)));
                queued.extend(queue.iter().map(|one| (one.head.filed_at, one.head.id)));
                cursors = [last(&listed), last(&searched), last(&queued)];
                if list.is_empty() && search.is_empty() && queue.is_empty() {
                    break;
                }
            }
            assert_eq!(listed, expected, "list by {limit}");
            assert_eq!(searched, expected, "search by {limit}");
            assert_eq!(queued, expected, "queue by {limit}");
        }
        assert_eq!(tx.count_filings(&scope, None).await.unwrap(), 23);
        assert_eq!(tx.count_filings(&scope, Some(FilingKind::AssetChange)).await.unwrap(), 0);
    }

    async fn a_search_takes_every_character_as_itself(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let scope = desk_scope(&world);
        let texts = ["100%", "100x", "a_b", "axb", "wow!", "wow", "c:\\logs", "𠮷野家", "吉野家", "葛\u{e0100}城", "it's"];
        let mut tx = db.store().begin("test").await.unwrap();
        let mut saved = Vec::new();
        for text in texts {
            let new = FilingBuilder::new(&world).search_text(text).to(world.meti, AddresseeRole::Minister).build();
            new.save(&mut tx).await.unwrap();
            saved.push((text, new.filing.id));
        }
        for needle in ["%", "_", "!", "\\", "'", "100%", "a_b", "𠮷", "吉", "葛\u{e0100}", "葛", "", "zz"] {
            let mut expected: Vec<_> = saved.iter().filter(|(text, _)| text.contains(needle)).map(|(_, id)| *id).collect();
            let mut found: Vec<_> = tx.search_filings(&scope, needle, None, 100).await.unwrap().iter().map(|one| one.id).collect();
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{needle}");
        }
    }

    async fn an_empty_scope_shows_counts_and_finds_nothing(db: &TestDatabase) {
        let world = World::saved(4, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        FilingBuilder::new(&world).to(world.meti, AddresseeRole::Minister).build().save(&mut tx).await.unwrap();
        let nobody = FilingScope::default();
        assert!(tx.filings(&nobody, None, None, 10).await.unwrap().is_empty());
        assert!(tx.search_filings(&nobody, "", None, 10).await.unwrap().is_empty());
        assert!(tx.queue(&nobody, &QueueFilter::default(), None, 10).await.unwrap().is_empty());
        assert_eq!(tx.count_filings(&nobody, None).await.unwrap(), 0);
    }
}

fn last(shown: &[(jiff::Timestamp, ids::FilingId)]) -> Option<FilingCursor> {
    shown.last().map(|(filed_at, id)| FilingCursor {
        filed_at: *filed_at,
        id: *id,
    })
}

fn desk_scope(world: &World) -> FilingScope {
    let officer = world.actor(world.person(world.meti, Role::DeskOfficer));
    let scope = Policy::embedded()
        .unwrap()
        .filing_scope(&officer, Action::ViewFiling);
    assert!(!scope.is_empty());
    scope
}

async fn record_object(tx: &mut Tx, world: &World, digest: Digest) {
    let author = world.person_id(world.power, Role::Csirt);
    tx.insert_object(digest, 7, "text/plain", author, world.power, instant(0))
        .await
        .unwrap();
}
