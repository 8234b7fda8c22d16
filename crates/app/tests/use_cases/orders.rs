//! Orders, opinions, demands and guidance (Act Arts 6, 7, 9, 10).

use app::AppError;
use app::orders::{ClosingInput, DirectiveInput, DirectiveListFilter, ReplyInput};
use ids::{
    DirectiveDuty, DirectiveId, DirectiveKind, DirectiveOutcome, FilingId, OrganisationId, Role,
};
use jiff::civil::date;
use model::orders::DirectiveState;
use policy::Actor;

use crate::bench::Bench;

const NOW: &str = "2026-11-22T09:00:00+09:00";

impl Bench {
    fn order(&self) -> DirectiveInput<'static> {
        DirectiveInput {
            kind: DirectiveKind::Order,
            duty: DirectiveDuty::Report,
            operator: self.world.power,
            filing: None,
            text: "令和8年11月20日に認知した事案について、報告をしてください。",
            grounds: "法第5条の報告がされていないため。",
            hearing: "令和8年11月21日に弁明の機会を付与した。",
            due: Some(date(2026, 12, 1)),
        }
    }

    async fn ordered(&self) -> DirectiveId {
        self.app
            .issue_directive(&self.officer(), self.order(), None)
            .await
            .unwrap()
    }

    async fn state(&self, actor: &Actor, id: DirectiveId) -> DirectiveState {
        self.app.view_directive(actor, id).await.unwrap().state
    }

    /// An electricity operator in the district of the Kanto bureau.
    async fn operator_in_tokyo(&self) -> OrganisationId {
        let mut tx = self.app.store().begin("test.operator").await.unwrap();
        let mut operator = tx.organisation(self.world.power).await.unwrap().unwrap();
        operator.id = self.app.ids().next();
        operator.prefecture = Some("13".to_owned());
        operator.corporate_number = None;
        let id = operator.id;
        tx.insert_organisation(&operator).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    fn regional(&self) -> Actor {
        self.actor(self.world.meti_kanto, Role::DeskOfficer)
    }
}

const fn reply(text: &str) -> ReplyInput<'_> {
    ReplyInput {
        text,
        filing_number: "",
    }
}

fn fields(error: AppError) -> Vec<(String, &'static str)> {
    let AppError::Invalid(problems) = error else {
        panic!("{error:?}");
    };
    problems
        .into_iter()
        .map(|problem| (problem.field, problem.code))
        .collect()
}

#[tokio::test]
async fn an_order_goes_from_issue_over_opening_and_answer_to_its_end() {
    let bench = Bench::at(NOW).await;
    let id = bench.ordered().await;
    assert_eq!(
        bench.state(&bench.officer(), id).await,
        DirectiveState::Unopened
    );
    assert_eq!(bench.acts(id.uuid(), "directive.issued").await, 1);

    assert_eq!(
        bench.state(&bench.csirt(), id).await,
        DirectiveState::Waiting
    );
    assert_eq!(
        bench.state(&bench.approver(), id).await,
        DirectiveState::Waiting
    );
    assert_eq!(bench.acts(id.uuid(), "directive.opened").await, 1);

    let answer = bench
        .app
        .reply_to_directive(&bench.approver(), id, reply("報告しました。"), Some("a"))
        .await
        .unwrap();
    let again = bench
        .app
        .reply_to_directive(&bench.approver(), id, reply("報告しました。"), Some("a"))
        .await
        .unwrap();
    assert_eq!(answer, again);
    let view = bench
        .app
        .view_directive(&bench.officer(), id)
        .await
        .unwrap();
    assert_eq!(view.state, DirectiveState::Answered);
    assert_eq!(view.file.replies.len(), 1);
    assert!(view.allowed.close && !view.allowed.reply);
    assert_eq!(bench.acts(id.uuid(), "content.read").await, 1);
    let keys: Vec<&str> = view.law.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["order.correct", "penalty.order_breach"]);

    let done = ClosingInput {
        outcome: DirectiveOutcome::Fulfilled,
        note: "",
    };
    bench
        .app
        .close_directive(&bench.officer(), id, done, None)
        .await
        .unwrap();
    assert_eq!(
        bench.state(&bench.approver(), id).await,
        DirectiveState::Fulfilled
    );
    assert_eq!(bench.acts(id.uuid(), "directive.closed").await, 1);
    let late = bench
        .app
        .reply_to_directive(&bench.approver(), id, reply("追加です。"), None)
        .await;
    assert!(matches!(late, Err(AppError::Conflict("directive_closed"))));
    let twice = bench
        .app
        .close_directive(&bench.officer(), id, done, None)
        .await;
    assert!(matches!(twice, Err(AppError::Conflict("directive_closed"))));
}

#[tokio::test]
async fn an_unanswered_order_is_overdue_after_its_day() {
    let bench = Bench::at(NOW).await;
    let id = bench.ordered().await;
    bench.set("2026-12-01T23:59:59+09:00");
    assert_eq!(
        bench.state(&bench.officer(), id).await,
        DirectiveState::Unopened
    );
    bench.set("2026-12-02T00:00:00+09:00");
    assert_eq!(
        bench.state(&bench.officer(), id).await,
        DirectiveState::Overdue
    );
}

#[tokio::test]
async fn everything_that_an_order_lacks_is_said_at_once() {
    let bench = Bench::at(NOW).await;
    let bare = DirectiveInput {
        text: " ",
        grounds: "",
        hearing: "",
        due: None,
        ..bench.order()
    };
    let refused = bench
        .app
        .issue_directive(&bench.officer(), bare, None)
        .await;
    assert_eq!(
        fields(refused.unwrap_err()),
        [
            ("text".to_owned(), "text.empty"),
            ("due".to_owned(), "directive_deadline_missing"),
            ("grounds".to_owned(), "directive_grounds_missing"),
            ("hearing".to_owned(), "directive_hearing_missing"),
        ]
    );
    let listed = bench
        .app
        .directives(&bench.officer(), DirectiveListFilter::default(), 50)
        .await
        .unwrap();
    assert!(listed.items.is_empty());
}

#[tokio::test]
async fn a_desk_directs_only_the_operators_that_the_rule_book_gives_it() {
    let bench = Bench::at(NOW).await;
    let elsewhere = DirectiveInput {
        operator: bench.world.railway,
        ..bench.order()
    };
    let refused = bench
        .app
        .issue_directive(&bench.officer(), elsewhere, None)
        .await;
    assert_eq!(
        fields(refused.unwrap_err()),
        [("operator".to_owned(), "directive_not_competent")]
    );
    let no_operator = DirectiveInput {
        operator: bench.world.mlit,
        ..bench.order()
    };
    let refused = bench
        .app
        .issue_directive(&bench.officer(), no_operator, None)
        .await;
    assert_eq!(
        fields(refused.unwrap_err()),
        [("operator".to_owned(), "directive_not_competent")]
    );
    let targets = bench
        .app
        .directive_targets(&bench.officer(), DirectiveKind::Order)
        .await
        .unwrap();
    let names: Vec<_> = targets.iter().map(|target| target.operator.id).collect();
    assert_eq!(names, [bench.world.power]);
}

#[tokio::test]
async fn a_regional_head_directs_nothing_about_notifications() {
    let bench = Bench::at(NOW).await;
    let about_notification = DirectiveInput {
        duty: DirectiveDuty::Notification,
        ..bench.order()
    };
    let refused = bench
        .app
        .issue_directive(&bench.regional(), about_notification, None)
        .await;
    assert!(matches!(
        refused,
        Err(AppError::NotFound | AppError::Forbidden)
    ));
    let nobodys = bench
        .app
        .directive_targets(&bench.regional(), DirectiveKind::Guidance)
        .await
        .unwrap();
    assert!(nobodys.is_empty());
    let operator = bench.operator_in_tokyo().await;
    let own = bench
        .app
        .directive_targets(&bench.regional(), DirectiveKind::Guidance)
        .await
        .unwrap();
    let [target] = own.as_slice() else {
        panic!("{own:?}");
    };
    assert_eq!(target.operator.id, operator);
    assert_eq!(target.duties, [DirectiveDuty::Report]);
}

#[tokio::test]
async fn an_opinion_goes_to_the_minister_and_the_operator_knows_nothing_of_it() {
    let bench = Bench::at(NOW).await;
    let opinion = DirectiveInput {
        kind: DirectiveKind::Opinion,
        hearing: "",
        due: None,
        ..bench.order()
    };
    let id = bench
        .app
        .issue_directive(&bench.analyst(), opinion, None)
        .await
        .unwrap();
    let view = bench
        .app
        .view_directive(&bench.officer(), id)
        .await
        .unwrap();
    assert_eq!(view.addressee.id, bench.world.meti);
    assert!(view.allowed.reply);
    for nobody in [
        bench.approver(),
        bench.stranger(),
        bench.other_desk(),
        bench.actor(bench.world.committee, Role::Auditor),
    ] {
        let refused = bench.app.view_directive(&nobody, id).await;
        assert!(matches!(refused, Err(AppError::NotFound)));
    }
    let own = bench
        .app
        .directives(&bench.approver(), DirectiveListFilter::default(), 50)
        .await
        .unwrap();
    assert!(own.items.is_empty());
    bench
        .app
        .reply_to_directive(&bench.officer(), id, reply("命令を検討します。"), None)
        .await
        .unwrap();
    let from_minister = bench
        .app
        .issue_directive(&bench.officer(), opinion, None)
        .await;
    assert!(matches!(
        from_minister,
        Err(AppError::NotFound | AppError::Forbidden)
    ));
}

#[tokio::test]
async fn an_answer_names_an_own_filing_and_no_other() {
    let bench = Bench::at(NOW).await;
    let (_, filing) = bench.prompt().await;
    let number = number(&bench, filing).await;
    let about = DirectiveInput {
        filing: Some(filing),
        ..bench.order()
    };
    let id = bench
        .app
        .issue_directive(&bench.officer(), about, None)
        .await
        .unwrap();
    let wrong = ReplyInput {
        text: "提出しました。",
        filing_number: "HK-2026-2222-2222-2",
    };
    let refused = bench
        .app
        .reply_to_directive(&bench.approver(), id, wrong, None)
        .await;
    assert_eq!(
        fields(refused.unwrap_err()),
        [("filing_number".to_owned(), "directive_number_unknown")]
    );
    let right = ReplyInput {
        text: "提出しました。",
        filing_number: &number,
    };
    bench
        .app
        .reply_to_directive(&bench.approver(), id, right, None)
        .await
        .unwrap();
    let view = bench
        .app
        .view_directive(&bench.officer(), id)
        .await
        .unwrap();
    assert_eq!(view.filing.map(|filing| filing.number), Some(number));
    assert_eq!(view.answers.len(), 1);
    let about = bench
        .app
        .directives_about(&bench.approver(), filing)
        .await
        .unwrap();
    assert_eq!(about.len(), 1);
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_and_leaves_out_what_has_ended() {
    let bench = Bench::at(NOW).await;
    let first = bench.ordered().await;
    bench.set("2026-11-22T09:00:01+09:00");
    let second = bench.ordered().await;
    let page = bench
        .app
        .directives(&bench.approver(), DirectiveListFilter::default(), 1)
        .await
        .unwrap();
    assert_eq!(page.items[0].file.directive.id, second);
    let next = page.next.unwrap().to_string().parse().unwrap();
    let filter = DirectiveListFilter {
        after: Some(next),
        ..DirectiveListFilter::default()
    };
    let page = bench
        .app
        .directives(&bench.approver(), filter, 1)
        .await
        .unwrap();
    assert_eq!(page.items[0].file.directive.id, first);
    assert_eq!(page.next, None);

    let taken_back = ClosingInput {
        outcome: DirectiveOutcome::Withdrawn,
        note: "宛先を誤ったため。",
    };
    bench
        .app
        .close_directive(&bench.officer(), first, taken_back, None)
        .await
        .unwrap();
    let open = DirectiveListFilter {
        open_only: true,
        after: None,
    };
    let page = bench
        .app
        .directives(&bench.approver(), open, 50)
        .await
        .unwrap();
    let ids: Vec<_> = page
        .items
        .iter()
        .map(|item| item.file.directive.id)
        .collect();
    assert_eq!(ids, [second]);
}

#[tokio::test]
async fn nothing_ends_unfulfilled_without_a_reason() {
    let bench = Bench::at(NOW).await;
    let id = bench.ordered().await;
    for outcome in [DirectiveOutcome::NotFulfilled, DirectiveOutcome::Withdrawn] {
        let silent = ClosingInput { outcome, note: " " };
        let refused = bench
            .app
            .close_directive(&bench.officer(), id, silent, None)
            .await;
        assert_eq!(
            fields(refused.unwrap_err()),
            [("note".to_owned(), "directive_note_missing")]
        );
    }
}

async fn number(bench: &Bench, filing: FilingId) -> String {
    let view = bench.app.view_filing(&bench.approver(), filing).await;
    view.unwrap().filing.number.as_str().to_owned()
}
