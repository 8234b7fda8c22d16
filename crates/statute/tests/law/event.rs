//! Reportable events and exclusions.

use jiff::civil::date;
use statute::{
    Answer, Answers, Entrance, EventCode, EventContext, EventExclusion, EventFinding, EventOutcome,
    EventRefusal, ReportGroup, Topic, questions, reportable,
};

use crate::book;

fn context(group: ReportGroup) -> EventContext {
    EventContext {
        group,
        aware_on: date(2026, 11, 20),
        event_on: None,
        designated_on: Some(date(2024, 5, 1)),
        entrance: Entrance::Ordinary,
        became_specified_on: None,
    }
}

/// Every question answered no, except these.
fn only(codes: &[&str]) -> Answers {
    let mut answers = Answers::new();
    for asked in questions(book(), Topic::Event, date(2026, 11, 20)) {
        answers.set(asked.code, codes.contains(&asked.code).into());
    }
    answers
}

fn judge(codes: &[&str], context: &EventContext) -> EventFinding {
    reportable(book(), &only(codes), context).expect("a finding")
}

fn codes(codes: &[&str], group: ReportGroup) -> Vec<EventCode> {
    judge(codes, &context(group)).codes
}

#[test]
fn an_incident_is_reportable_on_any_specified_computer() {
    for group in [ReportGroup::A, ReportGroup::B] {
        for answer in ["malware_ran", "intruded", "disrupted"] {
            let found = judge(&[answer], &context(group));
            assert_eq!(found.outcome, EventOutcome::Reportable, "{answer}");
            assert_eq!(found.codes, [EventCode::Incident], "{answer}");
        }
    }
}

#[test]
fn possible_causes_are_reportable_on_group_a_only() {
    let cases = [
        ("malicious_record_received", EventCode::CauseI),
        ("others_code_entered", EventCode::CauseRo),
        ("bypass_entered", EventCode::CauseHa),
        ("bypass_entered_via_gatekeeper", EventCode::CauseNi),
        ("code_obtained", EventCode::CauseHo),
        ("trace_of_cause", EventCode::TraceHe),
    ];
    for (answer, code) in cases {
        assert_eq!(codes(&[answer], ReportGroup::A), [code], "{answer}");
        let on_b = judge(&[answer], &context(ReportGroup::B));
        assert_eq!(on_b.outcome, EventOutcome::NotReportable, "{answer}");
    }
}

#[test]
fn a_trace_of_an_incident_has_its_own_code_in_each_group() {
    assert_eq!(
        codes(&["trace_of_incident"], ReportGroup::A),
        [EventCode::TraceHe]
    );
    assert_eq!(
        codes(&["trace_of_incident"], ReportGroup::B),
        [EventCode::TraceB]
    );
}

#[test]
fn an_own_test_is_not_a_malicious_receipt() {
    assert!(
        codes(
            &["malicious_record_received", "receipt_justified"],
            ReportGroup::A
        )
        .is_empty()
    );
}

#[test]
fn entry_with_consent_is_no_possible_cause() {
    for answer in [
        "others_code_entered",
        "bypass_entered",
        "bypass_entered_via_gatekeeper",
    ] {
        assert!(
            codes(&[answer, "access_consented"], ReportGroup::A).is_empty(),
            "{answer}"
        );
    }
}

#[test]
fn the_nict_programme_excuses_entered_codes_only() {
    assert!(codes(&["others_code_entered", "nict_programme"], ReportGroup::A).is_empty());
    assert_eq!(
        codes(&["bypass_entered", "nict_programme"], ReportGroup::A),
        [EventCode::CauseHa]
    );
}

#[test]
fn an_event_in_the_six_months_after_designation_is_not_reportable() {
    let inside = EventContext {
        designated_on: Some(date(2026, 10, 15)),
        ..context(ReportGroup::A)
    };
    let found = judge(&["malware_ran"], &inside);
    assert_eq!(found.outcome, EventOutcome::NotReportable);
    assert_eq!(found.exclusions, [EventExclusion::WithinGraceOfDesignation]);
    assert_eq!(found.codes, [EventCode::Incident]);
    let last = EventContext {
        aware_on: date(2027, 4, 15),
        ..inside
    };
    assert_eq!(
        judge(&["malware_ran"], &last).outcome,
        EventOutcome::NotReportable
    );
    let after = EventContext {
        aware_on: date(2027, 4, 16),
        ..inside
    };
    assert_eq!(
        judge(&["malware_ran"], &after).outcome,
        EventOutcome::Reportable
    );
}

#[test]
fn the_day_of_the_event_decides_the_grace_period_where_it_is_known() {
    let found = judge(
        &["malware_ran"],
        &EventContext {
            designated_on: Some(date(2026, 10, 15)),
            aware_on: date(2027, 5, 1),
            event_on: Some(date(2027, 4, 15)),
            ..context(ReportGroup::A)
        },
    );
    assert_eq!(found.outcome, EventOutcome::NotReportable);
}

#[test]
fn a_successor_under_espa_53_has_no_grace_after_designation() {
    let found = judge(
        &["malware_ran"],
        &EventContext {
            designated_on: Some(date(2026, 10, 15)),
            entrance: Entrance::Espa53,
            ..context(ReportGroup::A)
        },
    );
    assert_eq!(found.outcome, EventOutcome::Reportable);
    assert!(
        found
            .reasons
            .iter()
            .any(|reason| reason.code == "espa53_no_relief")
    );
}

#[test]
fn an_event_in_the_six_months_after_a_rule_change_is_not_reportable() {
    let found = judge(
        &["malware_ran"],
        &EventContext {
            became_specified_on: Some(date(2026, 11, 1)),
            ..context(ReportGroup::B)
        },
    );
    assert_eq!(found.exclusions, [EventExclusion::WithinGraceOfRuleChange]);
    assert_eq!(found.outcome, EventOutcome::NotReportable);
}

#[test]
fn a_mere_attempt_at_obstruction_is_not_reportable_on_group_b() {
    let found = judge(&["disrupted", "attempt_only"], &context(ReportGroup::B));
    assert_eq!(found.outcome, EventOutcome::NotReportable);
    assert_eq!(found.exclusions, [EventExclusion::AttemptOnly]);
}

#[test]
fn a_mere_attempt_is_reportable_on_group_a() {
    let found = judge(&["disrupted", "attempt_only"], &context(ReportGroup::A));
    assert_eq!(found.outcome, EventOutcome::Reportable);
}

#[test]
fn an_attempt_together_with_another_act_is_reportable_on_group_b() {
    for other in ["malware_ran", "intruded", "trace_of_incident"] {
        let found = judge(
            &["disrupted", "attempt_only", other],
            &context(ReportGroup::B),
        );
        assert_eq!(found.outcome, EventOutcome::Reportable, "{other}");
    }
}

#[test]
fn nothing_at_all_is_not_reportable_and_says_what_it_is_not() {
    let found = judge(&[], &context(ReportGroup::A));
    assert_eq!(found.outcome, EventOutcome::NotReportable);
    assert_eq!(found.reasons.len(), 7);
    assert!(
        found
            .reasons
            .iter()
            .all(|reason| reason.code == "event_excluded")
    );
}

#[test]
fn unanswered_questions_leave_it_unclear_and_are_named() {
    let answers = only(&[]).with("intruded", Answer::Unknown);
    let found = reportable(book(), &answers, &context(ReportGroup::A)).expect("a finding");
    assert_eq!(found.outcome, EventOutcome::Unclear);
    assert_eq!(found.may_be, [EventCode::Incident]);
    assert_eq!(found.open_questions, ["intruded"]);
}

#[test]
fn one_settled_code_is_enough_whatever_is_still_unknown() {
    let answers = Answers::new().yes(&["malware_ran"]);
    let found = reportable(book(), &answers, &context(ReportGroup::A)).expect("a finding");
    assert_eq!(found.outcome, EventOutcome::Reportable);
    assert_eq!(found.codes, [EventCode::Incident]);
    assert!(!found.may_be.is_empty());
}

#[test]
fn before_enforcement_there_is_no_duty_to_judge() {
    let early = EventContext {
        aware_on: date(2026, 9, 30),
        ..context(ReportGroup::A)
    };
    assert_eq!(
        reportable(book(), &Answers::new(), &early),
        Err(EventRefusal::NotInForce {
            on: date(2026, 9, 30)
        })
    );
}
