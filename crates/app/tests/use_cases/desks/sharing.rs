//! How a desk shares its work: who handles what, what goes to another desk, what stands side by side.

use app::AppError;
use app::desks::{DeskFilter, DeskState, Whose};
use app::incidents::ReportKind;
use ids::{FilingKind, Role};

use crate::bench::Bench;

fn whose(whose: Whose) -> DeskFilter {
    DeskFilter {
        whose,
        ..DeskFilter::default()
    }
}

impl Bench {
    async fn numbers(&self, actor: &policy::Actor, filter: &DeskFilter) -> Vec<ids::FilingId> {
        let queue = self.app.desk_queue(actor, filter, None, 50).await.unwrap();
        queue.items.iter().map(|item| item.head.id).collect()
    }
}

#[tokio::test]
async fn filings_are_given_to_a_person_and_taken_back_at_once() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (_, first) = bench.prompt().await;
    let (_, second) = bench.prompt().await;
    let officer = bench.officer();
    let both = [first, second];
    let changed = bench
        .app
        .assign_filings(&officer, &both, Some(officer.person))
        .await;
    assert_eq!(changed.unwrap(), 2);
    assert_eq!(bench.numbers(&officer, &whose(Whose::Mine)).await.len(), 2);
    assert_eq!(bench.acts(first.uuid(), "filing.assigned").await, 1);
    let again = bench
        .app
        .assign_filings(&officer, &both, Some(officer.person))
        .await;
    assert_eq!(again.unwrap(), 0, "nothing changes, nothing is recorded");
    assert_eq!(bench.acts(first.uuid(), "filing.assigned").await, 1);

    bench.set("2026-11-22T12:10:00+09:00");
    let back = bench.app.assign_filings(&officer, &[first], None).await;
    assert_eq!(back.unwrap(), 1);
    assert_eq!(bench.numbers(&officer, &whose(Whose::Mine)).await, [second]);
    assert_eq!(
        bench.numbers(&officer, &whose(Whose::Nobody)).await,
        [first]
    );
    let all = DeskFilter {
        state: DeskState::All,
        ..whose(Whose::Person(officer.person))
    };
    assert_eq!(bench.numbers(&officer, &all).await, [second]);
    let history = bench.app.assignments_of(&officer, first).await.unwrap();
    assert_eq!(history.len(), 2);
    assert!(history[0].person.is_none());
    assert_eq!(
        history[1].person.as_ref().map(|who| who.id),
        Some(officer.person)
    );
}

#[tokio::test]
async fn only_those_at_the_desk_are_named_and_only_what_arrived_there() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (_, filing) = bench.prompt().await;
    let officer = bench.officer();
    let stranger = bench.stranger().person;
    let viewer = bench.actor(bench.world.meti, Role::DeskViewer);
    for person in [stranger, viewer.person] {
        let refused = bench
            .app
            .assign_filings(&officer, &[filing], Some(person))
            .await;
        let Err(AppError::Invalid(problems)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(problems[0].code, "assignment_person_unknown");
    }
    let refused = bench.app.assign_filings(&viewer, &[filing], None).await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    for actor in [bench.other_desk(), bench.stranger()] {
        let refused = bench.app.assign_filings(&actor, &[filing], None).await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    }
    let none = bench.app.assign_filings(&officer, &[], None).await;
    assert!(matches!(none, Err(AppError::Invalid(_))), "{none:?}");
    // Another desk that got the same report decides for itself.
    let analyst = bench.analyst();
    let own = bench
        .app
        .assign_filings(&analyst, &[filing], Some(analyst.person))
        .await;
    assert_eq!(own.unwrap(), 1);
    assert_eq!(
        bench.numbers(&officer, &whose(Whose::Nobody)).await,
        [filing]
    );
}

#[tokio::test]
async fn a_filing_handed_on_is_the_other_desks_and_still_read_here() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (_, filing) = bench.prompt().await;
    let (officer, app) = (bench.officer(), &bench.app);
    let bureau = bench.actor(bench.world.meti_kanto, Role::DeskOfficer);
    let unseen = app.view_filing(&bureau, filing).await;
    assert!(matches!(unseen, Err(AppError::NotFound)));
    let targets = app.desks_to_transfer_to(&officer, filing).await.unwrap();
    assert!(targets.iter().all(|desk| desk.id != bench.world.fsa));
    let kanto = bench.world.meti_kanto.to_string();

    let reason = "関東経済産業局の管轄区域のため";
    let elsewhere = bench.world.fsa.to_string();
    for (to, why) in [(elsewhere.as_str(), reason), (kanto.as_str(), " ")] {
        let refused = app.transfer_filing(&officer, filing, to, why, None).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    }
    let once = Some("transfer-1");
    let done = app
        .transfer_filing(&officer, filing, &kanto, reason, once)
        .await;
    let again = app
        .transfer_filing(&officer, filing, &kanto, reason, once)
        .await;
    assert_eq!(done.unwrap(), again.unwrap());
    let twice = app
        .transfer_filing(&officer, filing, &kanto, reason, None)
        .await;
    assert!(
        matches!(twice, Err(AppError::Conflict("already_transferred"))),
        "{twice:?}"
    );

    assert!(bench.queue_of(&officer).await.items.is_empty());
    assert_eq!(bench.queue_of(&bureau).await.items[0].head.id, filing);
    let all = DeskFilter {
        state: DeskState::All,
        ..DeskFilter::default()
    };
    let queue = app.desk_queue(&officer, &all, None, 50).await.unwrap();
    assert!(queue.items[0].transferred);
    let view = app.view_filing(&bench.approver(), filing).await.unwrap();
    assert_eq!(view.transfers[0].reason, reason);
    assert_eq!(
        view.filing.filed_at,
        crate::bench::instant("2026-11-22T12:00:00+09:00")
    );
    assert_eq!(
        bench.acts(filing.uuid(), "filing.transferred").await,
        1,
        "in the log of the Minister, whose desks both are"
    );
    let own = app.view_filing(&officer, filing).await;
    assert!(own.is_ok(), "{own:?}");
}

#[tokio::test]
async fn a_full_report_stands_beside_the_prompt_report() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (case, prompt) = bench.prompt().await;
    let officer = bench.officer();
    let alone = bench
        .app
        .filings_side_by_side(&officer, prompt, None)
        .await
        .unwrap_err();
    assert!(matches!(alone, AppError::NotFound), "{alone:?}");
    bench.set("2026-12-10T12:00:00+09:00");
    bench.complete_full(case).await;
    let full = bench.file(case, ReportKind::Full).await.filing;
    let read = bench.acts(prompt.uuid(), "content.read").await;
    let both = bench
        .app
        .filings_side_by_side(&officer, full, None)
        .await
        .unwrap();
    assert_eq!(
        (both.earlier.kind, both.later.kind),
        (FilingKind::IncidentPrompt, FilingKind::IncidentFull)
    );
    assert_eq!(both.others.len(), 2);
    assert_eq!(
        bench.acts(prompt.uuid(), "content.read").await,
        read + 1,
        "reading is recorded for both"
    );
    let view = bench.app.view_filing(&officer, full).await.unwrap();
    assert!(view.beside);
    for actor in [bench.other_desk(), bench.stranger()] {
        let unseen = bench.app.filings_side_by_side(&actor, full, None).await;
        assert!(matches!(unseen, Err(AppError::NotFound)));
    }
    let (_, unrelated) = bench.prompt().await;
    let wrong = bench
        .app
        .filings_side_by_side(&officer, full, Some(unrelated))
        .await;
    assert!(matches!(wrong, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_person_keeps_filters_that_nobody_else_sees() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let officer = bench.officer();
    let mine = DeskFilter {
        state: DeskState::Unchecked,
        kind: Some(FilingKind::IncidentPrompt),
        whose: Whose::Mine,
    };
    bench
        .app
        .save_filter(&officer, "自分の速報", &mine)
        .await
        .unwrap();
    let changed = DeskFilter { kind: None, ..mine };
    bench
        .app
        .save_filter(&officer, "自分の速報", &changed)
        .await
        .unwrap();
    let kept = bench.app.saved_filters(&officer).await.unwrap();
    assert_eq!(kept.len(), 1, "the same name replaces");
    assert_eq!(kept[0].filter, changed);
    let empty = bench.app.save_filter(&officer, " ", &mine).await;
    assert!(matches!(empty, Err(AppError::Invalid(_))), "{empty:?}");
    let other = bench.other_desk();
    assert!(bench.app.saved_filters(&other).await.unwrap().is_empty());
    let foreign = bench.app.forget_filter(&other, kept[0].id).await;
    assert!(matches!(foreign, Err(AppError::NotFound)), "{foreign:?}");
    let outside = bench.app.saved_filters(&bench.stranger()).await;
    assert!(outside.is_err(), "who has no desk has no filters");
    bench.app.forget_filter(&officer, kept[0].id).await.unwrap();
    assert!(bench.app.saved_filters(&officer).await.unwrap().is_empty());
    for number in 0..20 {
        let name = format!("絞り込み{number}");
        bench.app.save_filter(&officer, &name, &mine).await.unwrap();
    }
    let many = bench.app.save_filter(&officer, "多すぎる", &mine).await;
    let Err(AppError::Invalid(problems)) = many else {
        panic!("{many:?}");
    };
    assert_eq!(problems[0].code, "saved_filter_too_many");
}
