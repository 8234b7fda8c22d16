//! Classes of computers from plain answers.

use jiff::civil::{Date, date};
use statute::{
    Answer, Answers, AssetClass, ClassOutcome, Classified, Confidence, ReportGroup, Topic,
    classify, next_question, questions, report_group,
};

use crate::book;

const ON: Date = date(2026, 11, 22);

fn find(answers: &Answers) -> Classified {
    classify(book(), answers, ON).expect("known questions")
}

/// Every question answered no, except these.
fn only(codes: &[&str]) -> Answers {
    let mut answers = Answers::new();
    for asked in questions(book(), Topic::Class, ON) {
        answers.set(asked.code, codes.contains(&asked.code).into());
    }
    answers
}

#[test]
fn each_class_follows_from_its_own_questions() {
    let cases: &[(&[&str], AssetClass, ReportGroup)] = &[
        (&["part_of_facility"], AssetClass::Ichigo, ReportGroup::A),
        (&["no_routing_between"], AssetClass::Nigo1, ReportGroup::A),
        (&["last_router"], AssetClass::Nigo2, ReportGroup::A),
        (&["innermost_firewall"], AssetClass::Nigo3, ReportGroup::B),
        (
            &["relay_or_its_firewall"],
            AssetClass::Nigo4,
            ReportGroup::B,
        ),
        (
            &["stores_diagram_or_codes"],
            AssetClass::Nigo5,
            ReportGroup::B,
        ),
        (&["access_control"], AssetClass::Nigo6, ReportGroup::B),
        (&["has_ip_address"], AssetClass::Nigo7, ReportGroup::B),
        (
            &[
                "feeds_data",
                "missing_data_stops",
                "access_control_of_feeder",
            ],
            AssetClass::Sango1,
            ReportGroup::B,
        ),
        (
            &["feeds_data", "missing_data_stops", "has_ip_address"],
            AssetClass::Sango2,
            ReportGroup::B,
        ),
    ];
    for (codes, class, group) in cases {
        let mut yes = codes.to_vec();
        if class.code().starts_with("nigo") {
            yes.extend(["connected", "affects_facility"]);
        }
        let found = find(&only(&yes));
        assert_eq!(found.outcome, ClassOutcome::Decided(*class), "{codes:?}");
        assert_eq!(found.group, Some(*group), "{codes:?}");
        assert_eq!(report_group(book(), *class, ON), Some(*group));
    }
}

#[test]
fn the_groups_follow_the_order_for_every_class() {
    let group_a: Vec<&str> = AssetClass::ALL
        .into_iter()
        .filter(|class| report_group(book(), *class, ON) == Some(ReportGroup::A))
        .map(AssetClass::code)
        .collect();
    assert_eq!(group_a, ["ichigo", "nigo_1", "nigo_2"]);
}

#[test]
fn a_computer_that_cannot_affect_the_facility_is_not_specified() {
    let found = find(&only(&["connected", "access_control", "has_ip_address"]));
    assert_eq!(found.outcome, ClassOutcome::NotSpecified);
    assert_eq!(found.group, None);
    assert_eq!(found.reasons.len(), AssetClass::ALL.len());
}

#[test]
fn being_part_of_the_facility_settles_the_class_whatever_else_is_unknown() {
    let found = find(&Answers::new().yes(&["part_of_facility"]));
    assert_eq!(found.outcome, ClassOutcome::Decided(AssetClass::Ichigo));
    assert!(found.open_questions.is_empty());
}

#[test]
fn several_kinds_of_one_class_stand_side_by_side() {
    let found = find(&only(&[
        "connected",
        "affects_facility",
        "innermost_firewall",
        "access_control",
    ]));
    assert_eq!(found.outcome, ClassOutcome::Decided(AssetClass::Nigo3));
    assert_eq!(found.also, [AssetClass::Nigo6]);
}

#[test]
fn an_open_question_that_could_widen_the_duty_is_named_and_the_wider_group_assumed() {
    let answers = only(&["connected", "affects_facility", "access_control"])
        .with("no_routing_between", Answer::Unknown);
    let found = find(&answers);
    assert_eq!(
        found.outcome,
        ClassOutcome::AtLeast {
            class: AssetClass::Nigo6,
            may_be: vec![AssetClass::Nigo1],
        }
    );
    assert_eq!(found.group, Some(ReportGroup::A));
    assert_eq!(found.open_questions, ["no_routing_between"]);
}

#[test]
fn with_no_answer_at_all_everything_is_open() {
    let found = find(&Answers::new());
    assert!(matches!(found.outcome, ClassOutcome::Unclear { may_be } if may_be.len() == 10));
}

#[test]
fn a_finding_from_our_plain_questions_is_derived() {
    assert_eq!(
        find(&only(&["part_of_facility"])).confidence,
        Confidence::Derived
    );
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_is_refused() {
    let refusal = classify(book(), &Answers::new().yes(&["has_legs"]), ON).expect_err("unknown");
    assert_eq!(refusal.code, "has_legs");
}

/// Answers like somebody who says yes to `yes` and no to the rest, one question at a time.
fn walk(yes: &[&str]) -> (Vec<String>, ClassOutcome) {
    let mut answers = Answers::new();
    let mut asked_codes = Vec::new();
    loop {
        let found = find(&answers);
        let next = next_question(book(), Topic::Class, &answers, &found.open_questions, ON);
        let Some(asked) = next else {
            return (asked_codes, found.outcome);
        };
        answers.set(asked.code, yes.contains(&asked.code).into());
        asked_codes.push(asked.code.to_owned());
    }
}

#[test]
fn a_wizard_asks_no_more_than_it_needs() {
    let (asked, outcome) = walk(&["part_of_facility"]);
    assert_eq!(asked, ["part_of_facility"]);
    assert_eq!(outcome, ClassOutcome::Decided(AssetClass::Ichigo));
    let (asked, outcome) = walk(&[]);
    assert_eq!(asked, ["part_of_facility", "connected", "feeds_data"]);
    assert_eq!(outcome, ClassOutcome::NotSpecified);
    let (asked, outcome) = walk(&["connected", "affects_facility", "last_router"]);
    assert_eq!(
        asked,
        [
            "part_of_facility",
            "connected",
            "affects_facility",
            "no_routing_between",
            "last_router"
        ]
    );
    assert_eq!(outcome, ClassOutcome::Decided(AssetClass::Nigo2));
}

#[test]
fn a_wizard_does_not_ask_again_what_was_answered_with_unknown() {
    let answers = Answers::new().with("part_of_facility", Answer::Unknown);
    let found = find(&answers);
    let next = next_question(book(), Topic::Class, &answers, &found.open_questions, ON);
    assert_eq!(next.map(|asked| asked.code), Some("connected"));
}

#[test]
fn questions_come_in_order_without_gaps() {
    for topic in [Topic::Class, Topic::Event] {
        let orders: Vec<u32> = questions(book(), topic, ON)
            .iter()
            .map(|asked| asked.question.order)
            .collect();
        let expected: Vec<u32> = (1..).take(orders.len()).collect();
        assert_eq!(orders, expected);
        assert!(10 < orders.len());
    }
}
