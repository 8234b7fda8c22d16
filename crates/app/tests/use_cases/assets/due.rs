use app::assets::{ComputerInput, FacilityInput};
use ids::Role;
use jiff::civil::date;
use model::assets::NotificationDuty;
use model::incidents::Lateness;
use statute::NotificationBasis;

use crate::assets::fixture::{NOW, dispatch, gateway};
use crate::bench::Bench;

#[tokio::test]
async fn the_earliest_limit_comes_first_with_its_reasons() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    bench.add(&gateway(facility)).await;
    let existing = ComputerInput {
        introduced_on: date(2020, 4, 1),
        ..gateway(facility)
    };
    let existing = bench.add(&existing).await;

    let due = bench.app.operator_due(&bench.compliance()).await.unwrap();
    assert_eq!(due.counts.new.total, 2);
    assert_eq!(due.counts.new.first_due_on, Some(date(2027, 3, 31)));
    let first = due.rows.first().unwrap();
    assert_eq!(first.computer.id, existing.computer);
    assert_eq!(first.duty, NotificationDuty::New);
    let found = &first.due.as_ref().unwrap().finding;
    assert_eq!(found.basis, NotificationBasis::Existing);
    assert_eq!(found.due.legal_limit, Some(date(2027, 3, 31)));
    assert!(found.due.conservative_limit.is_some());
    assert!(!found.due.reasons.is_empty());
}

#[tokio::test]
async fn a_limit_that_passed_is_overdue_and_one_within_a_month_is_near() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    bench.add(&gateway(facility)).await;
    bench.set("2027-03-20T10:00:00+09:00");
    let due = bench.app.operator_due(&bench.compliance()).await.unwrap();
    assert_eq!((due.counts.new.soon, due.counts.new.overdue), (1, 0));
    assert_eq!(due.rows.first().unwrap().lateness, Some(Lateness::DueSoon));
    bench.set("2027-04-02T10:00:00+09:00");
    let due = bench.app.operator_due(&bench.compliance()).await.unwrap();
    assert_eq!((due.counts.new.soon, due.counts.new.overdue), (0, 1));
}

#[tokio::test]
async fn nothing_is_due_once_it_is_notified_and_a_change_makes_it_due_again() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let notified = bench.notified(facility).await;
    let who = bench.compliance();
    assert!(bench.app.operator_due(&who).await.unwrap().rows.is_empty());
    let mut input = gateway(facility);
    input.maker = "架空重工株式会社".to_owned();
    bench
        .change(notified, input, Some(date(2026, 12, 2)))
        .await
        .unwrap();
    let due = bench.app.operator_due(&who).await.unwrap();
    let row = due.rows.first().unwrap();
    assert_eq!(row.duty, NotificationDuty::Change);
    assert_eq!(row.computer.due_on, Some(date(2027, 4, 2)));
}

#[tokio::test]
async fn the_day_on_which_the_facility_was_installed_moves_the_limit_of_its_computers() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let input = ComputerInput {
        introduced_on: date(2026, 10, 5),
        ..gateway(facility)
    };
    bench.add(&input).await;
    let who = bench.compliance();
    let limit = async || {
        let due = bench.app.operator_due(&who).await.unwrap();
        due.rows.first().unwrap().computer.due_on
    };
    let before = limit().await;
    let installed = FacilityInput {
        installed_on: Some(date(2020, 4, 1)),
        ..dispatch()
    };
    bench
        .app
        .change_facility(&who, facility, 1, &installed, None)
        .await
        .unwrap();
    let after = limit().await;
    assert_eq!(after, Some(date(2027, 3, 31)));
    assert_ne!(before, after);
}

#[tokio::test]
async fn whoever_may_not_see_the_register_sees_nothing_due() {
    let bench = Bench::at(NOW).await;
    bench.add(&gateway(bench.facility().await)).await;
    for (organisation, role) in [
        (bench.world.power, Role::OrganisationAdmin),
        (bench.world.railway, Role::Compliance),
        (bench.world.meti, Role::DeskOfficer),
    ] {
        let due = bench
            .app
            .operator_due(&bench.actor(organisation, role))
            .await
            .unwrap();
        assert!(due.rows.is_empty());
        assert_eq!(due.counts.all, 0);
    }
}
