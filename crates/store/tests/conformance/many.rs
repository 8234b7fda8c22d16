//! Many rows at once are what the same rows one by one would be.

use ids::{ComputerId, ImportId, Role};
use jiff::civil::date;
use model::assets::{Computer, Facility, NotifiedItems, NotifiedUnit, Revision, RevisionDates};
use model::names::{CategoryName, MakerName, ProductName};
use model::text::Line;
use statute::{Answers, AssetClass};
use store::rows::imports::{ImportHead, ImportRow, ImportSheet};
use store::{StoreError, official};
use testkit::{TestDatabase, World, instant, on_each_database};

/// More than two statements hold, and a rest.
const COMPUTERS: u32 = 150;

fn facility(world: &World) -> Facility {
    Facility {
        id: world.id(),
        owner: world.power,
        name: Line::parse("中央給電指令所").unwrap(),
        category: CategoryName::parse("中央給電指令所の設備").unwrap(),
        installed_on: None,
        version: 1,
    }
}

fn computer(world: &World, facility: &Facility, number: u32) -> Computer {
    let revision = Revision {
        id: world.id(),
        number: 1,
        facility: facility.id,
        items: NotifiedItems {
            facility_category: facility.category.clone(),
            class: AssetClass::Nigo3,
            unit: NotifiedUnit::ApplianceHardware,
            product: ProductName::parse(&format!("KG-{number}")).unwrap(),
            maker: MakerName::parse("架空電機").unwrap(),
        },
        dates: RevisionDates {
            introduced_on: date(2026, 12, 1),
            became_specified_on: None,
            changed_on: None,
        },
        class_answers: Answers::new(),
        exemption: None,
        note: None,
        written_by: world.person_id(world.power, Role::Compliance),
        written_at: instant(1),
    };
    Computer::register(world.id(), world.power, revision).unwrap()
}

on_each_database! {
    async fn many_computers_are_written_read_and_changed_at_once(db: &TestDatabase) {
        let world = World::saved(71, db.store()).await;
        let facility = facility(&world);
        let due = Some(date(2027, 3, 31));
        let computers: Vec<(Computer, Option<jiff::civil::Date>)> = (0..COMPUTERS)
            .map(|number| (computer(&world, &facility, number), due))
            .collect();
        let ids: Vec<ComputerId> = computers.iter().map(|(each, _)| each.id()).collect();
        let mut tx = db.store().begin("many").await.unwrap();
        tx.insert_facility(&facility).await.unwrap();
        tx.insert_computers(&computers, "受入れ", instant(2)).await.unwrap();

        let read = tx.computers_of(world.power, &ids).await.unwrap();
        assert_eq!(read.len(), ids.len());
        for (computer, _) in &computers {
            let one = tx.computer(computer.id()).await.unwrap().unwrap();
            assert_eq!(read[&computer.id()].phase(), one.phase());
            assert_eq!(read[&computer.id()].parts().version, one.parts().version);
            assert_eq!(read[&computer.id()].current().unwrap(), computer.current().unwrap());
            assert_eq!(one.current().unwrap(), computer.current().unwrap());
        }
        assert!(tx.computers_of(world.railway, &ids).await.unwrap().is_empty());

        let keys: Vec<uuid::Uuid> = computers
            .iter()
            .map(|(computer, _)| computer.current().unwrap().id.uuid())
            .collect();
        let many = tx.official_rows_of(&official::COMPUTER_REVISION, &keys).await.unwrap();
        let mut one_by_one = Vec::new();
        for key in &keys {
            one_by_one.extend(tx.official_rows(&official::COMPUTER_REVISION, *key).await.unwrap());
        }
        one_by_one.sort();
        assert!(many == one_by_one);

        let ended: Vec<(Computer, Option<jiff::civil::Date>)> = read
            .into_values()
            .map(|computer| (computer.end_use(date(2027, 1, 5)).unwrap(), None))
            .collect();
        tx.update_computers(&ended, instant(3)).await.unwrap();
        for (computer, _) in &ended {
            let one = tx.computer(computer.id()).await.unwrap().unwrap();
            assert_eq!(one.phase(), computer.phase());
            assert_eq!(one.parts().version, 2);
        }
        let stale = tx.update_computers(&ended, instant(4)).await;
        assert!(matches!(stale, Err(StoreError::Stale { table: "computer" })));
    }

    async fn rows_of_an_import_are_added_and_changed_at_once(db: &TestDatabase) {
        let world = World::saved(72, db.store()).await;
        let head = ImportHead {
            id: world.id(),
            owner: world.power,
            phase: "open".to_owned(),
            created_by: world.person_id(world.power, Role::Compliance),
            created_at: instant(1),
            updated_at: instant(1),
            filing: None,
            version: 1,
        };
        let sheet = ImportSheet {
            position: 0,
            file_name: "台帳.csv".to_owned(),
            sheet_name: String::new(),
            format: "csv".to_owned(),
            body: "{}".to_owned(),
        };
        let mut rows: Vec<ImportRow> = (0..COMPUTERS)
            .map(|position| ImportRow {
                sheet: 0,
                position,
                place: (position + 1).to_string(),
                cells: format!("[\"KG-{position}\"]"),
                decided: None,
                state: "blank".to_owned(),
                finding: None,
                computer: None,
            })
            .collect();
        let mut tx = db.store().begin("many").await.unwrap();
        tx.insert_import(&head).await.unwrap();
        tx.insert_import_sheet(head.id, &sheet).await.unwrap();
        let all: Vec<&ImportRow> = rows.iter().collect();
        tx.save_import_rows(head.id, &all).await.unwrap();
        assert!(tx.import_rows(head.id).await.unwrap() == rows);

        for row in rows.iter_mut().filter(|row| row.position % 2 == 0) {
            "ready".clone_into(&mut row.state);
            row.finding = Some("{}".to_owned());
            row.decided = Some("{}".to_owned());
        }
        let changed: Vec<&ImportRow> = rows.iter().filter(|row| row.state == "ready").collect();
        tx.save_import_rows(head.id, &changed).await.unwrap();
        assert!(tx.import_rows(head.id).await.unwrap() == rows);
        let other: ImportId = world.id();
        assert!(tx.import_rows(other).await.unwrap().is_empty());
    }
}
