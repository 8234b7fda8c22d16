use app::AppError;
use app::assets::{ComputerFilter, ComputerInput, ExemptionInput, FacilityChoice, FacilityInput};
use ids::Role;
use jiff::civil::date;
use model::assets::{ComputerPhase, RevisionField};
use statute::{Answer, Answers, AssetClass, Exemption};

use crate::assets::fixture::{NOW, dispatch, gateway, problems};
use crate::bench::Bench;

#[tokio::test]
async fn a_computer_is_entered_with_its_facility_in_one_step_and_bound_to_a_leaf() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let mut input = gateway(facility);
    input.facility = FacilityChoice::New(dispatch());
    let added = bench.add(&input).await;

    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    assert_eq!(*view.computer.phase(), ComputerPhase::Draft);
    assert_eq!(view.facility.name.as_str(), "中央給電指令所");
    let leaves = bench.leaves(added.computer.uuid()).await;
    let leaf = leaves.first().unwrap();
    assert_eq!(leaf["act"], "computer.added");
    assert_eq!(leaf["rows"][0][0], "computer_revision");
}

#[tokio::test]
async fn the_answers_decide_the_class_and_stay_in_the_revision() {
    let bench = Bench::at(NOW).await;
    let mut input = gateway(bench.facility().await);
    input.class = None;
    input.class_answers = Answers::new().yes(&["part_of_facility"]);
    let added = bench.add(&input).await;

    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    let revision = view.computer.current().unwrap();
    assert_eq!(revision.items.class, AssetClass::Ichigo);
    assert_eq!(revision.class_answers.get("part_of_facility"), Answer::Yes);
    assert!(!view.classified.unwrap().reasons.is_empty());
}

#[tokio::test]
async fn a_class_that_contradicts_the_answers_is_refused() {
    let bench = Bench::at(NOW).await;
    let mut input = gateway(bench.facility().await);
    input.class_answers = Answers::new().yes(&["part_of_facility"]);
    let refused = bench
        .app
        .add_computer(&bench.compliance(), &input, None)
        .await
        .unwrap_err();
    assert_eq!(
        problems(&refused),
        [("class".to_owned(), "class_contradicts")]
    );
}

#[tokio::test]
async fn the_wizard_asks_one_question_at_a_time_until_the_class_is_settled() {
    let bench = Bench::at(NOW).await;
    let today = bench.app.today();
    let first = bench.app.class_wizard(&Answers::new(), today).unwrap();
    assert_eq!(first.next.unwrap().code, "part_of_facility");
    let answers = Answers::new().yes(&["part_of_facility"]);
    let last = bench.app.class_wizard(&answers, today).unwrap();
    assert!(last.next.is_none());
    assert_eq!(last.found.outcome.class(), Some(AssetClass::Ichigo));
}

#[tokio::test]
async fn a_general_product_is_exempt_without_being_claimed() {
    let bench = Bench::at(NOW).await;
    let mut input = gateway(bench.facility().await);
    input.product = "Windows Server 2025 Datacenter".to_owned();
    input.maker = "日本マイクロソフト株式会社".to_owned();
    let added = bench.add(&input).await;
    assert_eq!(
        bench.phase(added.computer).await,
        ComputerPhase::Exempt {
            reason: Exemption::GeneralProduct
        }
    );
}

#[tokio::test]
async fn a_claim_of_own_use_needs_facts_and_one_of_substitution_needs_its_document() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let refuse = async |exemption: ExemptionInput| {
        let input = ComputerInput {
            exemption,
            ..gateway(facility)
        };
        let refused = bench
            .app
            .add_computer(&bench.compliance(), &input, None)
            .await
            .unwrap_err();
        problems(&refused)
    };
    let own_use = ExemptionInput::OwnGroupUse {
        explanation: " ".to_owned(),
    };
    assert_eq!(
        refuse(own_use).await,
        [("explanation".to_owned(), "text.empty")]
    );
    let substitute = ExemptionInput::EspaSubstitute {
        document: String::new(),
        same_name: true,
        same_supplier: false,
    };
    assert_eq!(
        refuse(substitute).await,
        [
            ("espa_same_supplier".to_owned(), "espa_not_the_same"),
            ("espa_document".to_owned(), "text.empty"),
        ]
    );
    assert_eq!(
        refuse(ExemptionInput::GeneralProduct).await,
        [("exemption".to_owned(), "exemption_not_general_product")]
    );
}

#[tokio::test]
async fn a_name_of_more_than_200_characters_and_a_day_in_the_future_are_named_together() {
    let bench = Bench::at(NOW).await;
    let mut input = gateway(bench.facility().await);
    input.product = "機".repeat(201);
    input.introduced_on = date(2026, 12, 11);
    let refused = bench
        .app
        .add_computer(&bench.compliance(), &input, None)
        .await
        .unwrap_err();
    assert_eq!(
        problems(&refused),
        [
            ("product".to_owned(), "text.too_long"),
            ("introduced_on".to_owned(), "day_in_future"),
        ]
    );
}

#[tokio::test]
async fn rare_characters_are_kept_as_entered() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    for name in [
        "𠮷野ゲートウェイ",
        "髙島制御盤",
        "葛\u{E0100}城ルータ",
        "監視👩\u{200D}💻くん",
    ] {
        let mut input = gateway(facility);
        input.product = name.to_owned();
        let added = bench.add(&input).await;
        let view = bench
            .app
            .view_computer(&bench.compliance(), added.computer)
            .await
            .unwrap();
        let revision = view.computer.current().unwrap();
        assert_eq!(revision.items.product.as_str(), name);
    }
}

#[tokio::test]
async fn a_search_finds_other_writings_of_a_product_and_of_its_maker() {
    let bench = Bench::at(NOW).await;
    let mut input = gateway(bench.facility().await);
    input.product = "ＦｏｒｔｉＧａｔｅ　６０Ｆサーバー".to_owned();
    bench.add(&input).await;
    for typed in ["fortigate 60f", "60Fサーバ", "架空電機", "(株)架空電機"] {
        let filter = ComputerFilter {
            search: Some(typed.to_owned()),
            ..ComputerFilter::default()
        };
        let page = bench
            .app
            .computers(&bench.compliance(), &filter, None, 10)
            .await
            .unwrap();
        assert_eq!(page.total, 1, "{typed}");
    }
    let filter = ComputerFilter {
        search: Some("100%".to_owned()),
        ..ComputerFilter::default()
    };
    let page = bench
        .app
        .computers(&bench.compliance(), &filter, None, 10)
        .await
        .unwrap();
    assert_eq!(page.total, 0);
}

#[tokio::test]
async fn a_list_is_read_to_the_end_by_cursor_without_gaps() {
    let bench = Bench::at(NOW).await;
    let input = gateway(bench.facility().await);
    let mut added = Vec::new();
    for _ in 0..5 {
        added.push(bench.add(&input).await.computer);
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = bench
            .app
            .computers(&bench.compliance(), &ComputerFilter::default(), before, 2)
            .await
            .unwrap();
        assert_eq!(page.total, 5);
        seen.extend(page.computers.iter().map(|head| head.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    added.sort_unstable();
    added.reverse();
    assert_eq!(seen, added);
}

#[tokio::test]
async fn the_same_key_gives_the_same_computer_and_another_request_is_refused() {
    let bench = Bench::at(NOW).await;
    let input = gateway(bench.facility().await);
    let who = bench.compliance();
    let first = bench
        .app
        .add_computer(&who, &input, Some("k1"))
        .await
        .unwrap();
    let again = bench
        .app
        .add_computer(&who, &input, Some("k1"))
        .await
        .unwrap();
    assert_eq!(first, again);
    let other = ComputerInput {
        product: "別の製品".to_owned(),
        ..input
    };
    let refused = bench.app.add_computer(&who, &other, Some("k1")).await;
    assert!(matches!(
        refused,
        Err(AppError::Conflict("idempotency_key_reused"))
    ));
}

#[tokio::test]
async fn a_stale_edit_by_a_second_person_is_refused() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let added = bench.add(&gateway(facility)).await;
    let changed = bench.change(added, gateway(facility), None).await.unwrap();
    assert_eq!(changed.version, 2);
    let refused = bench.change(added, gateway(facility), None).await;
    assert!(matches!(refused, Err(AppError::Stale)));
}

#[tokio::test]
async fn a_change_shows_what_differs_from_the_revision_before() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let added = bench.add(&gateway(facility)).await;
    let mut input = gateway(facility);
    input.product = "架空ゲートウェイ KG-61".to_owned();
    bench.change(added, input, None).await.unwrap();
    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    let newest = view.history.first().unwrap();
    let fields: Vec<RevisionField> = newest.differences.iter().map(|each| each.field).collect();
    assert_eq!(fields, [RevisionField::Product]);
    assert_eq!(newest.entry.reason, "機器を入れ替えた");
    assert_eq!(view.history.len(), 2);
}

#[tokio::test]
async fn the_category_of_a_facility_is_a_notified_item_of_each_of_its_computers() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let notified = bench.notified(facility).await;
    let waiting = bench.add(&gateway(facility)).await;
    let other = FacilityInput {
        category: "別の種類の設備".to_owned(),
        ..dispatch()
    };
    let who = bench.compliance();
    let refused = bench
        .app
        .change_facility(&who, facility, 1, &other, None)
        .await
        .unwrap_err();
    assert_eq!(
        problems(&refused),
        [("changed_on".to_owned(), "change_day_missing")]
    );
    bench
        .app
        .change_facility(&who, facility, 1, &other, Some(date(2026, 12, 5)))
        .await
        .unwrap();
    assert!(matches!(
        bench.phase(notified.computer).await,
        ComputerPhase::ChangedSinceNotified { changed_on, .. } if changed_on == date(2026, 12, 5)
    ));
    assert_eq!(bench.phase(waiting.computer).await, ComputerPhase::Draft);
    let leaves = bench.leaves(facility.uuid()).await;
    let changed = leaves.last().unwrap();
    assert_eq!(changed["rows"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn another_operator_finds_neither_the_computer_nor_the_facility() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let added = bench.add(&gateway(facility)).await;
    let stranger = bench.actor(bench.world.railway, Role::Compliance);
    let seen = bench.app.view_computer(&stranger, added.computer).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
    let seen = bench.app.facility(&stranger, facility).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
    let refused = bench
        .app
        .add_computer(&stranger, &gateway(facility), None)
        .await
        .unwrap_err();
    assert_eq!(
        problems(&refused),
        [("facility".to_owned(), "facility_unknown")]
    );
    let page = bench
        .app
        .computers(&stranger, &ComputerFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(page.total, 0);
}

#[tokio::test]
async fn a_ministry_desk_sees_no_register() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let officer = bench.actor(bench.world.meti, Role::DeskOfficer);
    let seen = bench.app.view_computer(&officer, added.computer).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_viewer_reads_the_register_and_may_not_change_it() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let added = bench.add(&gateway(facility)).await;
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    let view = bench
        .app
        .view_computer(&viewer, added.computer)
        .await
        .unwrap();
    assert!(!view.may_edit);
    let refused = bench
        .app
        .add_computer(&viewer, &gateway(facility), None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)));
}

#[tokio::test]
async fn a_facility_beyond_the_first_page_is_found_in_any_writing() {
    let bench = Bench::at(NOW).await;
    let mut actor = bench.compliance();
    let most = bench.app.config().limits.page_entries;
    for number in 0..most + 5 {
        let facility = FacilityInput {
            name: format!("第{number}変電所"),
            ..dispatch()
        };
        bench
            .app
            .add_facility(&actor, &facility, None)
            .await
            .unwrap();
    }
    let last = FacilityInput {
        name: "ＴＯＫＹＯ　給電サーバー室".to_owned(),
        ..dispatch()
    };
    let wanted = bench.app.add_facility(&actor, &last, None).await.unwrap();

    let all = bench.app.find_facilities(&actor, " ", most).await.unwrap();
    assert!(all.more);
    assert_eq!(u32::try_from(all.entries.len()), Ok(most));
    for words in ["tokyo 給電", "給電サーバ室"] {
        let found = bench.app.find_facilities(&actor, words, 10).await.unwrap();
        let ids: Vec<_> = found
            .entries
            .iter()
            .map(|entry| entry.facility.id)
            .collect();
        assert_eq!((ids, found.more), (vec![wanted], false), "{words}");
    }
    actor.organisation = bench.app.ids().next();
    let others = bench.app.find_facilities(&actor, "給電", 10).await.unwrap();
    assert!(others.entries.is_empty());
}
