//! The life of an incident case with its clocks (Act Art. 5, Order Art. 4(2)).

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ids::{IdSource, SeededIds};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use model::incidents::{
    AwarenessKind, Case, CaseError, CaseParts, CasePhase, ClockState, DecisionNotToReport, Filed,
    Judgement, Lateness, NewAwareness, Precision, WithdrawalReason, clocks, leading_clock,
};
use model::text::{Line, Prose};
use statute::{EventCode, Mode, RuleBook};

struct Scene {
    ids: SeededIds,
    book: RuleBook,
}

impl Scene {
    fn new() -> Self {
        Self {
            ids: SeededIds::new(3),
            book: RuleBook::embedded().unwrap(),
        }
    }

    fn ids(&self) -> &(dyn IdSource + 'static) {
        &self.ids
    }

    fn open(&self) -> Case {
        Case::open(
            self.ids().next(),
            self.ids().next(),
            Line::parse("監視端末の不審な通信").unwrap(),
        )
    }

    fn awareness(&self, aware_at: &str) -> NewAwareness {
        NewAwareness {
            id: self.ids().next(),
            aware_at: at(aware_at),
            precision: Precision::Exact,
            source: Prose::parse("当直が警報を見た").unwrap(),
            recorded_at: at("2027-03-01T00:00:00+09:00"),
            recorded_by: self.ids().next(),
        }
    }

    fn filed(&self, text: &str) -> Filed {
        Filed {
            filing: self.ids().next(),
            at: at(text),
        }
    }

    fn judge(&self, case: Case, event: EventCode) -> Case {
        case.judge(Judgement {
            event,
            by: self.ids().next(),
            at: at("2026-11-20T03:30:00+09:00"),
        })
    }

    /// A near miss at t1, reported promptly.
    fn near_miss(&self) -> Case {
        let case = self
            .open()
            .record_awareness(
                AwarenessKind::NearMiss,
                self.awareness("2026-11-20T03:17:00+09:00"),
            )
            .unwrap();
        self.judge(case, EventCode::TraceHe)
            .file_prompt(self.filed("2026-11-20T05:00:00+09:00"))
            .unwrap()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_full_report_is_due_thirty_days_after_awareness_moved_past_closed_days() {
    let scene = Scene::new();
    let clocks = clocks(&scene.near_miss(), &scene.book, Mode::Real).unwrap();
    let clock = leading_clock(&clocks).unwrap();
    assert_eq!(clock.full_limit(), Some(date(2026, 12, 21)));
    assert_eq!(clock.full.unrolled, Some(date(2026, 12, 20)));
    assert_eq!(clock.prompt.legal_limit, None, "「速やかに」 is no number");
    assert!(clock.prompt_filed.is_some());
    assert_eq!(
        clock.elapsed(at("2026-11-20T05:17:00+09:00")),
        SignedDuration::from_hours(2)
    );
}

#[test]
fn a_near_miss_becomes_an_incident_with_two_clocks_and_the_earlier_leads() {
    let scene = Scene::new();
    let case = scene
        .near_miss()
        .record_awareness(
            AwarenessKind::Incident,
            scene.awareness("2026-11-29T10:00:00+09:00"),
        )
        .unwrap();
    let case = scene.judge(case, EventCode::Incident);
    assert_eq!(case.event(), Some(EventCode::Incident));
    assert_eq!(
        case.parts().judgements.len(),
        2,
        "the earlier judgement stays visible"
    );
    let clocks = clocks(&case, &scene.book, Mode::Real).unwrap();
    assert_eq!(clocks.len(), 2);
    assert_eq!(clocks[0].full_limit(), Some(date(2026, 12, 21)));
    assert_eq!(clocks[1].full_limit(), Some(date(2027, 1, 4)));
    assert!(
        clocks[1].prompt_filed.is_none(),
        "the prompt report spoke of the near miss only"
    );
    assert_eq!(
        leading_clock(&clocks).unwrap().awareness,
        clocks[0].awareness
    );
}

#[test]
fn awareness_after_the_full_report_opens_a_duty_of_its_own() {
    let scene = Scene::new();
    let case = scene
        .near_miss()
        .file_full(scene.filed("2026-12-10T10:00:00+09:00"))
        .unwrap();
    let case = case
        .record_awareness(
            AwarenessKind::Incident,
            scene.awareness("2026-12-12T10:00:00+09:00"),
        )
        .unwrap();
    assert_eq!(case.phase().code(), "extended");
    let running = clocks(&case, &scene.book, Mode::Real).unwrap();
    assert_eq!(running[0].state, ClockState::Answered);
    assert_eq!(running[1].state, ClockState::Running);
    assert_eq!(
        leading_clock(&running).unwrap().awareness,
        running[1].awareness
    );
    let case = case
        .file_full(scene.filed("2027-01-05T10:00:00+09:00"))
        .unwrap();
    assert!(
        clocks(&case, &scene.book, Mode::Real)
            .unwrap()
            .iter()
            .all(|c| c.state == ClockState::Answered)
    );
}

#[test]
fn a_corrected_awareness_counts_anew_and_shows_how_it_was_counted_before() {
    let scene = Scene::new();
    let case = scene.near_miss();
    let of = case.awareness().records()[0].id;
    let reason = Prose::parse("時計のずれ").unwrap();
    let case = case
        .correct_awareness(of, reason, scene.awareness("2026-11-19T23:50:00+09:00"))
        .unwrap();
    assert_eq!(case.phase().code(), "prompt_filed");
    let clocks = clocks(&case, &scene.book, Mode::Real).unwrap();
    assert_eq!(clocks[0].state, ClockState::Superseded);
    assert_eq!(clocks[0].full_limit(), Some(date(2026, 12, 21)));
    assert_eq!(clocks[1].full.unrolled, Some(date(2026, 12, 19)));
    assert!(
        clocks[1].prompt_filed.is_some(),
        "the prompt report answers the corrected record too"
    );
    assert_eq!(
        leading_clock(&clocks).unwrap().awareness,
        clocks[1].awareness
    );
}

#[test]
fn overdue_and_late_are_seen_and_never_stored() {
    let scene = Scene::new();
    let case = scene.near_miss();
    let phase = case.phase().clone();
    let look = |case: &Case, now: &str| {
        let clocks = clocks(case, &scene.book, Mode::Real).unwrap();
        leading_clock(&clocks)
            .unwrap()
            .full_lateness(at(now), 7)
            .unwrap()
    };
    assert_eq!(look(&case, "2026-12-01T00:00:00+09:00"), Lateness::OnTime);
    assert_eq!(look(&case, "2026-12-15T00:00:00+09:00"), Lateness::DueSoon);
    assert_eq!(look(&case, "2026-12-22T00:00:00+09:00"), Lateness::Overdue);
    assert_eq!(case.phase(), &phase);
    let case = case
        .file_full(scene.filed("2026-12-22T00:00:00+09:00"))
        .unwrap();
    assert_eq!(
        look(&case, "2027-02-01T00:00:00+09:00"),
        Lateness::FiledLate
    );
}

#[test]
fn updates_are_numbered_through_the_whole_case() {
    let scene = Scene::new();
    let (case, first) = scene
        .near_miss()
        .file_update(scene.filed("2026-11-21T00:00:00Z"))
        .unwrap();
    let (case, second) = case
        .file_update(scene.filed("2026-11-22T00:00:00Z"))
        .unwrap();
    let case = case.file_full(scene.filed("2026-12-01T00:00:00Z")).unwrap();
    let (case, third) = case
        .file_update(scene.filed("2026-12-02T00:00:00Z"))
        .unwrap();
    assert_eq!((first, second, third), (1, 2, 3));
    assert_eq!(case.parts().filings.len(), 5);
}

#[test]
fn nothing_is_filed_before_awareness_and_judgement() {
    let scene = Scene::new();
    let case = scene.open();
    let filed = scene.filed("2026-11-20T05:00:00+09:00");
    assert_eq!(case.clone().file_prompt(filed), Err(CaseError::NoAwareness));
    let case = case
        .record_awareness(
            AwarenessKind::Incident,
            scene.awareness("2026-11-20T03:17:00+09:00"),
        )
        .unwrap();
    assert_eq!(case.clone().file_full(filed), Err(CaseError::NoJudgement));
    assert!(
        scene
            .judge(case, EventCode::Incident)
            .file_full(filed)
            .is_ok()
    );
}

#[test]
fn a_decision_not_to_report_stays_in_the_register_when_new_awareness_takes_it_back() {
    let scene = Scene::new();
    let decision = DecisionNotToReport {
        id: scene.ids().next(),
        decided_by: scene.ids().next(),
        decided_at: at("2026-11-20T06:00:00+09:00"),
        reason: Prose::parse("二号の未遂のみ").unwrap(),
        recheck_on: date(2026, 12, 1),
    };
    let case = scene
        .open()
        .record_awareness(
            AwarenessKind::NearMiss,
            scene.awareness("2026-11-20T03:17:00+09:00"),
        )
        .unwrap()
        .decide_not_to_report(decision.clone())
        .unwrap();
    let stopped = clocks(&case, &scene.book, Mode::Real).unwrap();
    assert_eq!(stopped[0].state, ClockState::Stopped);
    let case = case
        .record_awareness(
            AwarenessKind::Incident,
            scene.awareness("2026-11-25T03:17:00+09:00"),
        )
        .unwrap();
    assert_eq!(case.phase(), &CasePhase::Open);
    assert_eq!(case.parts().decisions, [decision]);
}

#[test]
fn a_withdrawn_case_takes_no_further_step() {
    let scene = Scene::new();
    let case = scene
        .near_miss()
        .withdraw(
            scene.filed("2026-11-25T00:00:00Z"),
            WithdrawalReason::NotReportable,
        )
        .unwrap();
    assert!(matches!(
        case.clone().file_full(scene.filed("2026-11-26T00:00:00Z")),
        Err(CaseError::Phase(_))
    ));
    assert!(matches!(case.reopen(), Err(CaseError::Phase(_))));
}

#[test]
fn stored_parts_that_contradict_each_other_are_refused() {
    let scene = Scene::new();
    let parts = scene.near_miss().into_parts();
    assert!(Case::from_parts(parts.clone()).is_ok());
    let without_filing = CaseParts {
        filings: Vec::new(),
        ..parts
    };
    assert_eq!(
        Case::from_parts(without_filing),
        Err(CaseError::Inconsistent)
    );
}
