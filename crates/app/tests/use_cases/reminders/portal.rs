use app::AppError;
use app::reminders::{Notice, PreferenceInput};
use ids::{FilingKind, Role};
use jiff::civil::date;
use model::incidents::AwarenessKind;
use model::reminders::{DueKind, Hour, Sight};
use policy::Actor;

use crate::approvals::fixture::one_stage;
use crate::assets::fixture::gateway;
use crate::bench::{Bench, instant};

/// Awareness at 03:17; the last day of the full report is 2026-12-22.
const AWARE: &str = "2026-11-22T03:17:00+09:00";

impl Bench {
    pub(super) async fn remind(&self, now: &str) -> u32 {
        self.set(now);
        self.app.send_reminders().await.unwrap().notices
    }

    pub(super) async fn notices(&self, actor: &Actor) -> Vec<Notice> {
        let mut items = self.app.own_notices(actor, None, 100).await.unwrap().items;
        items.reverse();
        items
    }

    /// Kind and hours of what a person was reminded of, the first first.
    async fn told(&self, actor: &Actor) -> Vec<(DueKind, i64)> {
        let notices = self.notices(actor).await;
        notices
            .iter()
            .map(|notice| (notice.moment.kind, notice.moment.hours))
            .collect()
    }

    pub(super) async fn prefer(&self, actor: &Actor, quiet: Option<(u16, u16)>, mail: &str) {
        let input = PreferenceInput {
            quiet,
            mail: mail.to_owned(),
        };
        self.app
            .set_own_reminder_preference(actor, &input)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_full_report_is_reminded_of_before_and_after_its_limit_and_by_more_people_each_time() {
    let bench = Bench::at(AWARE).await;
    let case = bench.promptable().await;
    assert_eq!(bench.file_prompt(case).await, "done");
    let (csirt, approver) = (bench.csirt(), bench.approver());
    let admin = bench.actor(bench.world.power, Role::OrganisationAdmin);
    assert_eq!(bench.remind("2026-12-01T00:00:00+09:00").await, 0);

    // The limit is over at midnight after 22 December.
    assert_eq!(bench.remind("2026-12-19T23:59:59+09:00").await, 1);
    assert_eq!(bench.remind("2026-12-20T00:00:00+09:00").await, 1);
    assert_eq!(bench.remind("2026-12-20T12:00:00+09:00").await, 0);
    let full = DueKind::FullReport;
    assert_eq!(bench.told(&csirt).await, [(full, -168), (full, -72)]);
    assert_eq!(bench.told(&approver).await, []);

    assert_eq!(bench.remind("2026-12-22T00:00:00+09:00").await, 2);
    assert_eq!(bench.told(&approver).await, [(full, -24)]);
    assert_eq!(bench.remind("2026-12-22T23:00:00+09:00").await, 2);
    assert_eq!(
        bench.told(&approver).await,
        [(full, -24), (full, -1)],
        "of two moments that have come the later one is told"
    );
    assert_eq!(bench.told(&admin).await, []);
    assert_eq!(bench.remind("2026-12-23T00:00:00+09:00").await, 3);
    let escalated = bench.notices(&admin).await;
    assert_eq!(escalated.len(), 1);
    assert_eq!(
        (escalated[0].moment.hours, escalated[0].sight),
        (0, Sight::Blind),
        "whoever may not see the case learns only that something is due"
    );
    assert!(escalated[0].legal);
    for notice in bench.notices(&csirt).await {
        assert_eq!(notice.sight, Sight::Open);
        assert_eq!(notice.moment.subject, case.to_string());
    }
}

#[tokio::test]
async fn a_prompt_report_is_reminded_of_by_the_time_since_awareness_until_it_is_filed() {
    let bench = Bench::at(AWARE).await;
    let case = bench.promptable().await;
    assert_eq!(bench.remind("2026-11-22T04:16:59+09:00").await, 0);
    assert_eq!(bench.remind("2026-11-22T04:17:00+09:00").await, 1);
    let first = &bench.notices(&bench.csirt()).await[0];
    assert_eq!(first.moment.kind, DueKind::PromptReport);
    assert_eq!(first.moment.anchor_at, instant(AWARE));
    bench.set("2026-11-22T05:00:00+09:00");
    assert_eq!(bench.file_prompt(case).await, "done");
    assert_eq!(
        bench.remind("2026-11-22T07:00:00+09:00").await,
        0,
        "nothing is told of what is done"
    );
}

#[tokio::test]
async fn a_reminder_is_made_once_though_many_workers_look_at_the_same_moment() {
    let bench = Bench::at(AWARE).await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    bench.prefer(&bench.csirt(), None, "").await;
    bench.set("2026-11-22T04:17:00+09:00");
    let rounds: Vec<_> = (0..6)
        .map(|_| {
            let app = bench.app.clone();
            tokio::spawn(async move { app.send_reminders().await.unwrap().notices })
        })
        .collect();
    let mut made = 0;
    for round in rounds {
        made += round.await.unwrap();
    }
    assert_eq!(made, 1);
    assert_eq!(bench.notices(&bench.csirt()).await.len(), 1);
}

#[tokio::test]
async fn one_last_day_of_the_register_is_one_reminder_however_many_computers_it_is_of() {
    let bench = Bench::at("2026-12-10T10:00:00+09:00").await;
    let facility = bench.facility().await;
    for _ in 0..3 {
        let added = bench.add(&gateway(facility)).await;
        let limit = bench.kept_limit(added).await;
        assert_eq!(limit, Some(date(2027, 4, 1)));
    }
    assert_eq!(bench.remind("2027-03-02T23:59:59+09:00").await, 0);
    assert_eq!(bench.remind("2027-03-03T00:00:00+09:00").await, 1);
    assert_eq!(bench.remind("2027-04-03T00:00:00+09:00").await, 3);
    let notices = bench.notices(&bench.compliance()).await;
    assert_eq!(
        notices
            .iter()
            .map(|notice| (notice.moment.kind, notice.moment.hours))
            .collect::<Vec<_>>(),
        [(DueKind::Notification, -720), (DueKind::Notification, 24),]
    );
}

#[tokio::test]
async fn quiet_hours_hold_back_what_can_wait_and_never_a_limit_of_the_law() {
    let bench = Bench::at("2026-11-22T03:30:00+09:00").await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    bench.ask_approval(case).await;
    let approver = bench.approver();
    let quiet = Some((22 * 60, 7 * 60));
    bench.prefer(&approver, quiet, "").await;
    bench.prefer(&bench.csirt(), quiet, "").await;
    bench.remind("2026-11-22T05:00:00+09:00").await;
    assert_eq!(bench.told(&approver).await, [], "an approval waits");
    let loud = bench.notices(&bench.csirt()).await;
    assert_eq!(loud.len(), 1);
    assert_eq!(
        (loud[0].moment.kind, loud[0].legal, loud[0].hour),
        (DueKind::PromptReport, true, Hour::Quiet)
    );
    bench.remind("2026-11-22T07:00:00+09:00").await;
    let after = bench.told(&approver).await;
    assert!(after.contains(&(DueKind::Approval, 0)), "{after:?}");
    assert!(after.contains(&(DueKind::PromptReport, 3)), "{after:?}");
}

#[tokio::test]
async fn an_approval_that_nobody_gives_is_told_to_the_deputies_and_then_to_the_administrator() {
    let bench = Bench::at("2026-11-22T03:30:00+09:00").await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    bench.ask_approval(case).await;
    let deputy = bench.compliance();
    bench.remind("2026-11-22T03:31:00+09:00").await;
    assert_eq!(bench.told(&deputy).await, []);
    let leave = app::approvals::DeputyInput {
        person: Some(bench.approver().person),
        deputy: Some(deputy.person),
        from: Some(date(2026, 11, 22)),
        until: Some(date(2026, 11, 25)),
        reason: "休暇".to_owned(),
    };
    bench
        .app
        .set_deputy(&bench.approver(), &leave)
        .await
        .unwrap();
    bench.remind("2026-11-22T07:31:00+09:00").await;
    assert_eq!(bench.told(&deputy).await, [(DueKind::Approval, 4)]);
    let admin = bench.actor(bench.world.power, Role::OrganisationAdmin);
    assert_eq!(bench.told(&admin).await, []);
    bench.remind("2026-11-23T03:31:00+09:00").await;
    let approval: Vec<_> = bench
        .notices(&admin)
        .await
        .into_iter()
        .filter(|notice| notice.moment.kind == DueKind::Approval)
        .map(|notice| (notice.moment.hours, notice.sight))
        .collect();
    assert_eq!(approval, [(24, Sight::Blind)]);
}

#[tokio::test]
async fn a_person_reads_the_own_reminders_only_and_what_came_since_stays_unread() {
    let bench = Bench::at(AWARE).await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    bench.remind("2026-11-22T04:17:00+09:00").await;
    let (csirt, approver) = (bench.csirt(), bench.approver());
    let first = bench.notices(&csirt).await.remove(0);
    assert_eq!(bench.app.unread_notices(&csirt).await.unwrap(), 1);
    bench.app.read_notice(&approver, first.id).await.unwrap();
    assert_eq!(bench.app.unread_notices(&csirt).await.unwrap(), 1);
    bench.app.read_notice(&csirt, first.id).await.unwrap();
    assert_eq!(bench.app.unread_notices(&csirt).await.unwrap(), 0);

    bench.remind("2026-11-22T06:17:00+09:00").await;
    let shown_until = bench.app.now();
    bench.remind("2026-11-22T15:17:00+09:00").await;
    assert_eq!(bench.app.unread_notices(&csirt).await.unwrap(), 2);
    let read = bench.app.read_all_notices(&csirt, shown_until).await;
    assert_eq!(read.unwrap(), 1);
    assert_eq!(bench.app.unread_notices(&csirt).await.unwrap(), 1);
    let page = bench.app.own_notices(&csirt, None, 1).await.unwrap();
    assert_eq!((page.items.len(), page.unread), (1, 1));
    let next = page.next.unwrap().to_string().parse().unwrap();
    let rest = bench.app.own_notices(&csirt, Some(next), 10).await.unwrap();
    assert_eq!(rest.items.len(), 2);
    assert!(rest.next.is_none());
}

#[tokio::test]
async fn another_operator_and_a_disabled_account_are_told_nothing() {
    let bench = Bench::at(AWARE).await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    let mut tx = bench.app.store().begin("test.disable").await.unwrap();
    let (person, _) = tx.person(bench.approver().person).await.unwrap().unwrap();
    tx.set_person_status(&person, model::person::PersonStatus::Disabled)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.remind("2026-11-22T06:17:00+09:00").await, 1);
    let other = bench.actor(bench.world.railway, Role::Csirt);
    assert_eq!(bench.told(&other).await, []);
    assert_eq!(bench.told(&bench.officer()).await, []);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_the_preferences() {
    let bench = Bench::at(AWARE).await;
    let wrong = PreferenceInput {
        quiet: Some((60, 60)),
        mail: "nobody".to_owned(),
    };
    let refused = bench
        .app
        .set_own_reminder_preference(&bench.csirt(), &wrong)
        .await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["quiet", "mail"]);
    let kept = bench
        .app
        .own_reminder_preference(&bench.csirt())
        .await
        .unwrap();
    assert!(kept.quiet.is_none() && kept.mail.is_none());
}
