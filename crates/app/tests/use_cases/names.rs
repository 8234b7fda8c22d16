//! What an organisation learns about written names.

use app::AppError;
use app::names::{LearnName, Reason};
use ids::Role;

use crate::assets::fixture::{NOW, gateway, problems};
use crate::bench::Bench;

fn wall() -> LearnName {
    LearnName {
        maker: "情シス".to_owned(),
        product: "本社の壁".to_owned(),
        maker_id: "fortinet".to_owned(),
        product_id: "fortinet.fortigate".to_owned(),
    }
}

#[tokio::test]
async fn a_name_is_suggested_learned_and_undone() {
    let bench = Bench::at(NOW).await;
    let who = bench.compliance();
    let plain = bench
        .app
        .suggest_names(&who, "富士通㈱", "PRIMERGY RX2530")
        .await
        .unwrap();
    assert_eq!(plain[0].product_id.as_deref(), Some("fujitsu.primergy"));

    let id = bench.app.learn_name(&who, &wall()).await.unwrap();
    let learned = bench
        .app
        .suggest_names(&who, "情シス", "本社　の壁")
        .await
        .unwrap();
    assert_eq!(learned[0].reasons, [Reason::Learned]);
    assert!(learned[0].preselected);
    assert_eq!(bench.leaves(id.uuid()).await.len(), 1);

    bench.app.undo_name(&who, id).await.unwrap();
    let after = bench
        .app
        .suggest_names(&who, "情シス", "本社の壁")
        .await
        .unwrap();
    assert!(after.iter().all(|each| each.reasons != [Reason::Learned]));
    let list = bench.app.learned_names(&who, None, 10).await.unwrap();
    let (person, _) = list[0].name.undone.clone().unwrap();
    assert_eq!(person, list[0].name.by);
    assert!(matches!(
        bench.app.undo_name(&who, id).await,
        Err(AppError::NotFound)
    ));
}

#[tokio::test]
async fn what_is_learned_stays_in_the_organisation_and_changes_nothing_entered() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let computer = bench.add(&gateway(facility)).await;
    let who = bench.compliance();
    let known = LearnName {
        maker: "架空電機株式会社".to_owned(),
        product: "架空ゲートウェイ KG-60".to_owned(),
        ..wall()
    };
    let id = bench.app.learn_name(&who, &known).await.unwrap();
    let view = bench
        .app
        .view_computer(&who, computer.computer)
        .await
        .unwrap();
    let items = &view.computer.current().unwrap().items;
    assert_eq!(items.maker.as_str(), "架空電機株式会社");

    let other = bench.actor(bench.world.railway, Role::Compliance);
    let elsewhere = bench
        .app
        .suggest_names(&other, &known.maker, &known.product)
        .await
        .unwrap();
    assert!(
        elsewhere
            .iter()
            .all(|each| each.reasons != [Reason::Learned])
    );
    assert!(
        bench
            .app
            .learned_names(&other, None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        bench.app.undo_name(&other, id).await,
        Err(AppError::NotFound)
    ));
}

#[tokio::test]
async fn the_later_meaning_takes_the_place_of_the_earlier() {
    let bench = Bench::at(NOW).await;
    let who = bench.compliance();
    bench.app.learn_name(&who, &wall()).await.unwrap();
    let later = LearnName {
        product_id: "fortinet.fortiweb".to_owned(),
        ..wall()
    };
    bench.app.learn_name(&who, &later).await.unwrap();
    let first = bench
        .app
        .suggest_names(&who, "情シス", "本社の壁")
        .await
        .unwrap()
        .remove(0);
    assert_eq!(first.product_id.as_deref(), Some("fortinet.fortiweb"));
    let list = bench.app.learned_names(&who, None, 10).await.unwrap();
    assert_eq!(
        list.iter()
            .filter(|each| each.name.undone.is_none())
            .count(),
        1
    );
}

#[tokio::test]
async fn only_what_is_in_the_master_can_be_learned_and_only_by_who_keeps_the_register() {
    let bench = Bench::at(NOW).await;
    let unknown = LearnName {
        maker_id: "nobody".to_owned(),
        ..wall()
    };
    let refused = bench
        .app
        .learn_name(&bench.compliance(), &unknown)
        .await
        .unwrap_err();
    assert_eq!(problems(&refused), [("meant".to_owned(), "name_unknown")]);
    let viewer = bench.approver();
    assert!(matches!(
        bench.app.learn_name(&viewer, &wall()).await,
        Err(AppError::Forbidden | AppError::NotFound)
    ));
    let desk = bench.actor(bench.world.meti, Role::DeskOfficer);
    assert!(matches!(
        bench.app.suggest_names(&desk, "NEC", "IX2215").await,
        Err(AppError::NotFound)
    ));
}
