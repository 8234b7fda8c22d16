//! What a desk takes down for an operator that cannot reach the program.

use app::AppError;
use app::entries::{EntryAnswerInput, EntryInput};
use app::filing::AttachmentUpload;
use app::incidents::{ReportKind, Typed};
use formats::forms::IncidentForm;
use ids::{EntryId, Role};
use model::entries::{Caller, CallerIdentified, EntryVerdict, EntryWay};
use model::incidents::{AwarenessKind, Precision};
use statute::EventCode;

use crate::bench::{Bench, instant};
use crate::incidents::fixture::typed;

const AWARE: &str = "2026-11-22T03:17:00+09:00";
const TOLD: &str = "2026-11-22T03:40:00+09:00";
const NOW: &str = "2026-11-22T04:10:00+09:00";

fn told(bench: &Bench) -> EntryInput {
    EntryInput {
        operator: bench.world.power.to_string(),
        way: EntryWay::Oral,
        received_at: instant(TOLD),
        caller: Caller {
            name: "髙橋 𠮷江".to_owned(),
            department: "情報システム部".to_owned(),
            phone: "03-0000-0000".to_owned(),
        },
        identified: CallerIdentified::Callback,
        code: String::new(),
        title: "監視端末のランサムウェア".to_owned(),
        kind: AwarenessKind::Incident,
        aware_at: instant(AWARE),
        precision: Precision::Approximate,
        source: "当直が身代金を求める画面を見た".to_owned(),
        event: EventCode::Incident,
        sheet: IncidentForm::Ransomware,
    }
}

impl Bench {
    /// Items 1 and 2, as told; the name and number of the caller are there already.
    async fn taken_down(&self, input: &EntryInput) -> EntryId {
        let officer = self.officer();
        let id = self.app.begin_entry(&officer, input).await.unwrap();
        let view = self.app.view_entry(&officer, id).await.unwrap();
        assert_eq!(view.draft.typed("contact_name").text, "髙橋 𠮷江");
        let fields = [
            ("corporate_number", Typed::text("7010001000017")),
            ("address", Typed::text("東京都千代田区霞が関1-1")),
        ];
        self.app
            .save_entry(&officer, id, &typed(&fields), view.draft.version)
            .await
            .unwrap();
        id
    }

    async fn version(&self, id: EntryId) -> i64 {
        let view = self.app.view_entry(&self.officer(), id).await.unwrap();
        view.draft.version
    }
}

fn codes(refused: Result<EntryId, AppError>) -> Vec<(String, &'static str)> {
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    problems
        .into_iter()
        .map(|problem| (problem.field, problem.code))
        .collect()
}

#[tokio::test]
async fn what_was_told_by_telephone_arrives_when_it_was_told_and_opens_the_operators_case() {
    let bench = Bench::at(NOW).await;
    let officer = bench.officer();
    let id = bench.taken_down(&told(&bench)).await;
    let letter = AttachmentUpload {
        content: b"%PDF-1.7\n%made up\n".to_vec(),
        claimed_type: None,
    };
    bench
        .app
        .attach_to_entry(&officer, id, "memo.pdf", letter)
        .await
        .unwrap();
    let list = bench.app.entries(&officer).await.unwrap();
    assert_eq!((list.drafts.len(), list.filed.len()), (1, 0));
    // Nothing is official yet, and the operator sees nothing.
    let cases = bench.app.open_cases(&bench.csirt(), 5).await.unwrap();
    assert_eq!(cases.total, 0);

    let preview = bench.app.preview_entry(&officer, id).await.unwrap();
    assert_eq!(preview.problems, []);
    let version = bench.version(id).await;
    let once = Some("entry-1");
    let filed = bench.app.file_entry(&officer, id, version, once).await;
    let again = bench.app.file_entry(&officer, id, version, once).await;
    let filed = filed.unwrap();
    assert_eq!(filed, again.unwrap());
    assert_eq!(filed.arrived_at(), Some(instant(TOLD)));
    assert_eq!(
        bench.sent_to(filed.filing).await,
        [bench.world.meti, bench.world.cabinet_office]
    );

    let view = bench.app.view_filing(&bench.approver(), filed.filing).await;
    let view = view.unwrap();
    assert_eq!(view.filing.filed_at, instant(TOLD));
    assert_eq!(view.attachments.len(), 1);
    let shown = view.entry.unwrap();
    assert_eq!(shown.entry.entered_at, instant(NOW));
    assert_eq!(shown.entry.identified, CallerIdentified::Callback);
    assert!(shown.may_answer);
    let leaf = bench.leaves(filed.filing.uuid()).await;
    assert_eq!(leaf[0]["at"], instant(NOW).to_string());
    assert_eq!(leaf[0]["details"]["arrived_at"], instant(TOLD).to_string());
    assert_eq!(leaf[0]["details"]["entered"]["way"], "oral");
    let printed = leaf[0].to_string();
    assert!(!printed.contains("髙橋"), "no name of a caller in a leaf");

    // The operator goes on with its own case, from what the desk wrote down.
    let case = view.filing.case.unwrap();
    let page = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert_eq!(page.case.phase().code(), "prompt_filed");
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(draft.typed("contact_name").text, "髙橋 𠮷江");
    let update = bench.file(case, ReportKind::Update).await;
    assert_ne!(update.filing, filed.filing);
    bench.app.integrate().await.unwrap();
    let report = bench.app.fsck(&[]).await.unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let list = bench.app.entries(&officer).await.unwrap();
    assert_eq!((list.drafts.len(), list.filed.len()), (0, 1));
}

#[tokio::test]
async fn a_telephone_code_shows_who_speaks_once_and_for_the_own_operator_only() {
    let bench = Bench::at(NOW).await;
    let approver = bench.approver();
    let made = bench.app.new_telephone_codes(&approver).await.unwrap();
    assert_eq!(made.len(), 5);
    assert_eq!(
        bench.app.telephone_codes_left(&approver).await.unwrap(),
        Some(5)
    );
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    assert_eq!(bench.app.telephone_codes_left(&viewer).await.unwrap(), None);
    let none = bench.app.new_telephone_codes(&viewer).await;
    assert!(matches!(none, Err(AppError::NotFound)), "{none:?}");

    // Full-width digits, without hyphens, as they are written down on the telephone.
    let spoken: String = made[0]
        .chars()
        .filter(char::is_ascii_digit)
        .map(|digit| char::from_u32(u32::from(digit) + 0xFEE0).unwrap())
        .collect();
    let by_code = EntryInput {
        code: spoken,
        ..told(&bench)
    };
    // A form with another mistake in it does not use the code up.
    let wrong = EntryInput {
        title: " ".to_owned(),
        ..by_code.clone()
    };
    let refused = bench.app.begin_entry(&bench.officer(), &wrong).await;
    assert_eq!(codes(refused), [("title".to_owned(), "text.empty")]);
    let id = bench.taken_down(&by_code).await;
    let view = bench.app.view_entry(&bench.officer(), id).await.unwrap();
    assert_eq!(view.facts.identified, CallerIdentified::Code);
    assert_eq!(view.facts.code_of, Some(approver.person));
    assert_eq!(
        bench.app.telephone_codes_left(&approver).await.unwrap(),
        Some(4)
    );
    let unknown = [("code".to_owned(), "entry_code_unknown")];
    let twice = bench.app.begin_entry(&bench.officer(), &by_code).await;
    assert_eq!(codes(twice), unknown);
    // A code of one operator says nothing of another one.
    let mlit = bench.actor(bench.world.mlit, Role::DeskOfficer);
    let railway = EntryInput {
        operator: bench.world.railway.to_string(),
        code: made[1].clone(),
        ..told(&bench)
    };
    assert_eq!(codes(bench.app.begin_entry(&mlit, &railway).await), unknown);
    // New ones end the old ones.
    bench.app.new_telephone_codes(&approver).await.unwrap();
    let old = EntryInput {
        code: made[2].clone(),
        ..told(&bench)
    };
    assert_eq!(
        codes(bench.app.begin_entry(&bench.officer(), &old).await),
        unknown
    );
}

#[tokio::test]
async fn the_operator_says_once_whether_it_is_its_own() {
    let bench = Bench::at(NOW).await;
    let officer = bench.officer();
    let id = bench.taken_down(&told(&bench)).await;
    let version = bench.version(id).await;
    let filed = bench.app.file_entry(&officer, id, version, None).await;
    let filing = filed.unwrap().filing;
    let waiting = bench.app.entries_to_answer(&bench.csirt(), 5).await;
    assert_eq!(waiting.unwrap()[0].filing, filing);
    let not_ours = EntryAnswerInput {
        verdict: EntryVerdict::NotOurs,
        note: "",
    };
    for actor in [bench.stranger(), officer.clone()] {
        let refused = bench.app.answer_entry(&actor, filing, not_ours).await;
        assert!(
            matches!(refused, Err(AppError::NotFound | AppError::Forbidden)),
            "{refused:?}"
        );
    }
    let silent = bench
        .app
        .answer_entry(&bench.csirt(), filing, not_ours)
        .await;
    assert!(matches!(silent, Err(AppError::Invalid(_))), "{silent:?}");
    let why = EntryAnswerInput {
        note: "当社にその名の者はおりません",
        ..not_ours
    };
    bench
        .app
        .answer_entry(&bench.csirt(), filing, why)
        .await
        .unwrap();
    let twice = bench.app.answer_entry(&bench.csirt(), filing, why).await;
    assert!(
        matches!(twice, Err(AppError::Conflict("entry_answered"))),
        "{twice:?}"
    );
    let seen = bench.app.view_filing(&officer, filing).await.unwrap();
    let answer = seen.entry.unwrap().entry.answer.unwrap();
    assert_eq!(answer.verdict, EntryVerdict::NotOurs);
    assert_eq!(bench.acts(filing.uuid(), "filing.entry_answered").await, 1);
    let left = bench.app.entries_to_answer(&bench.csirt(), 5).await;
    assert!(left.unwrap().is_empty());
    let list = bench.app.entries(&officer).await.unwrap();
    assert_eq!(list.filed[0].verdict, Some(EntryVerdict::NotOurs));
}

#[tokio::test]
async fn only_a_desk_that_the_reports_come_to_takes_them_down() {
    let bench = Bench::at(NOW).await;
    let officer = bench.officer();
    let elsewhere = EntryInput {
        operator: bench.world.railway.to_string(),
        caller: Caller {
            name: String::new(),
            department: String::new(),
            phone: "なし".to_owned(),
        },
        received_at: instant("2026-11-22T04:11:00+09:00"),
        ..told(&bench)
    };
    let found = codes(bench.app.begin_entry(&officer, &elsewhere).await);
    let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        ["caller_name", "caller_phone", "received_at", "operator"]
    );
    let early = EntryInput {
        received_at: instant("2026-11-22T03:00:00+09:00"),
        ..told(&bench)
    };
    assert_eq!(
        codes(bench.app.begin_entry(&officer, &early).await),
        [("aware_at".to_owned(), "entry_aware_after_received")]
    );
    for actor in [
        bench.approver(),
        bench.actor(bench.world.meti, Role::DeskViewer),
    ] {
        let refused = bench.app.begin_entry(&actor, &told(&bench)).await;
        assert!(
            matches!(refused, Err(AppError::NotFound | AppError::Forbidden)),
            "{refused:?}"
        );
    }
    let id = bench.taken_down(&told(&bench)).await;
    let unseen = bench.app.view_entry(&bench.other_desk(), id).await;
    assert!(matches!(unseen, Err(AppError::NotFound)), "{unseen:?}");
    // A colleague saved meanwhile: nothing is filed that was not checked.
    let version = bench.version(id).await;
    let stale = bench.app.file_entry(&officer, id, version - 1, None).await;
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    bench.app.discard_entry(&officer, id).await.unwrap();
    let gone = bench.app.view_entry(&officer, id).await;
    assert!(matches!(gone, Err(AppError::NotFound)), "{gone:?}");
}
