//! What keeps answers from being filed, and what looks odd (Order Art. 4(2), (3)).

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formats::answers::{
    Answer, AnswerValue, Answers, FieldErrorCode, Moments, WarningCode, carry_over, check, warnings,
};
use formats::dates::When;
use formats::forms::{FormKind, IncidentForm, current};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use model::text::Prose;
use statute::{ReportStage, RuleBook};

fn text(text: &str) -> Answer {
    Answer::filled(AnswerValue::Text(text.to_owned()))
}

/// Items 1 and 2 complete, nothing else.
fn prompt_answers() -> Answers {
    [
        ("awareness_circumstances", "当直が警報を見た"),
        ("operator_name", "架空電力株式会社"),
        ("corporate_number", "7000012050002"),
        ("address", "東京都千代田区一丁目"),
        ("sector", "電気"),
        ("contact_name", "見本 花子"),
        ("contact_phone", "03-1234-5678"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), text(value)))
    .collect()
}

fn errors(
    sheet: IncidentForm,
    stage: ReportStage,
    answers: &Answers,
) -> Vec<(String, FieldErrorCode)> {
    let book = RuleBook::embedded().unwrap();
    let form = current(FormKind::Incident).unwrap();
    check(&book, form, sheet, stage, answers, date(2026, 11, 20))
        .into_iter()
        .map(|error| (error.field, error.code))
        .collect()
}

fn full_answers(sheet: IncidentForm) -> Answers {
    let mut answers = prompt_answers();
    for (field, code) in errors(sheet, ReportStage::Full, &answers.clone()) {
        assert_eq!(code, FieldErrorCode::Missing);
        answers.insert(field, Answer::unknown());
    }
    answers
}

#[test]
fn items_one_and_two_are_enough_for_a_prompt_report() {
    assert_eq!(
        errors(IncidentForm::Other, ReportStage::Prompt, &prompt_answers()),
        []
    );
}

#[test]
fn an_open_answer_in_item_two_keeps_a_prompt_report_back() {
    let mut answers = prompt_answers();
    answers.insert("address".to_owned(), Answer::investigating(None));
    answers.remove("sector");
    assert_eq!(
        errors(IncidentForm::Other, ReportStage::Prompt, &answers),
        [
            ("address".to_owned(), FieldErrorCode::MustBeFilled),
            ("sector".to_owned(), FieldErrorCode::Missing)
        ]
    );
}

#[test]
fn items_three_to_seven_may_be_in_any_state_at_the_prompt_stage() {
    let mut answers = prompt_answers();
    answers.insert("summary".to_owned(), Answer::investigating(None));
    answers.insert("computers".to_owned(), Answer::unknown());
    answers.insert("remarks".to_owned(), Answer::not_applicable());
    assert_eq!(
        errors(IncidentForm::Ddos, ReportStage::Prompt, &answers),
        []
    );
    assert_eq!(
        errors(IncidentForm::Ddos, ReportStage::Update, &answers),
        []
    );
}

#[test]
fn a_full_report_answers_all_seven_items_on_every_sheet() {
    for sheet in IncidentForm::ALL {
        let missing = errors(*sheet, ReportStage::Full, &prompt_answers());
        for key in [
            "summary",
            "computers",
            "attack_method",
            "prevention",
            "remarks",
        ] {
            assert!(
                missing.contains(&(key.to_owned(), FieldErrorCode::Missing)),
                "{sheet} {key}"
            );
        }
        assert_eq!(errors(*sheet, ReportStage::Full, &full_answers(*sheet)), []);
    }
}

#[test]
fn under_investigation_needs_a_reason_at_the_full_stage() {
    let mut answers = full_answers(IncidentForm::Other);
    answers.insert("attack_method".to_owned(), Answer::investigating(None));
    assert_eq!(
        errors(IncidentForm::Other, ReportStage::Full, &answers),
        [("attack_method".to_owned(), FieldErrorCode::ReasonMissing)]
    );
    let reason = Prose::parse("解析の結果を待っている").ok();
    answers.insert("attack_method".to_owned(), Answer::investigating(reason));
    assert_eq!(errors(IncidentForm::Other, ReportStage::Full, &answers), []);
}

#[test]
fn a_value_that_does_not_fit_its_field_is_found_at_every_stage() {
    let wrong: [(&str, Answer, FieldErrorCode); 7] = [
        (
            "summary",
            Answer::filled(AnswerValue::YesNo(true)),
            FieldErrorCode::WrongKind,
        ),
        ("summary", text(&"長".repeat(4001)), FieldErrorCode::TooLong),
        ("summary", text("  "), FieldErrorCode::Empty),
        ("affected_area", text("東京\n大阪"), FieldErrorCode::Control),
        (
            "affected_area",
            text("東京").approximately(),
            FieldErrorCode::NotApproximate,
        ),
        (
            "situation",
            Answer::filled(AnswerValue::Choice("fine".to_owned())),
            FieldErrorCode::NotAnOption,
        ),
        ("ddos_kind", text("x"), FieldErrorCode::UnknownField),
    ];
    for (key, answer, code) in wrong {
        let mut answers = prompt_answers();
        answers.insert(key.to_owned(), answer);
        let found = errors(IncidentForm::Ransomware, ReportStage::Prompt, &answers);
        assert_eq!(found, [(key.to_owned(), code)]);
    }
}

#[test]
fn a_draft_on_another_sheet_keeps_what_fits_and_gives_back_the_rest() {
    let mut answers = prompt_answers();
    answers.insert("ransom_note".to_owned(), text("払え"));
    let form = current(FormKind::Incident).unwrap();
    let carried = carry_over(answers, form, IncidentForm::Other);
    assert_eq!(carried.answers, prompt_answers());
    assert_eq!(carried.left.keys().collect::<Vec<_>>(), ["ransom_note"]);
}

fn when(text: &str) -> Answer {
    Answer::filled(AnswerValue::DateTime(When::from_text(text).unwrap()))
}

#[track_caller]
fn check_warnings(times: &[(&str, &str)], aware_at: &str, expected: &[WarningCode]) {
    let answers: Answers = times
        .iter()
        .map(|(key, at)| ((*key).to_owned(), when(at)))
        .collect();
    let moments = Moments {
        now: "2026-11-22T12:00:00+09:00".parse().unwrap(),
        aware_at: aware_at.parse::<Timestamp>().ok(),
        long_until_awareness: SignedDuration::from_hours(72),
        long_until_detection: SignedDuration::from_hours(24 * 365),
    };
    let found: Vec<WarningCode> = warnings(&answers, &moments)
        .into_iter()
        .map(|w| w.code)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn odd_times_are_warned_of() {
    let aware = "2026-11-20T03:17:00+09:00";
    check_warnings(
        &[
            ("occurred_at", "2026-11-19"),
            ("detected_at", "2026-11-20T03:00:00+09:00"),
        ],
        aware,
        &[],
    );
    check_warnings(
        &[
            ("occurred_at", "2026-11-20"),
            ("detected_at", "2026-11-19T03:00:00+09:00"),
        ],
        aware,
        &[WarningCode::DetectedBeforeOccurrence],
    );
    check_warnings(
        &[],
        "2026-11-23T00:00:00+09:00",
        &[WarningCode::FutureAwareness],
    );
    check_warnings(
        &[("published_at", "2026-11-23")],
        aware,
        &[WarningCode::Future],
    );
    check_warnings(
        &[("detected_at", "2026-11-21T00:00:00+09:00")],
        aware,
        &[WarningCode::AwareBeforeDetection],
    );
    check_warnings(
        &[("detected_at", "2026-11-01")],
        aware,
        &[WarningCode::LongUntilAwareness],
    );
    check_warnings(
        &[("occurred_at", "2024-01-01"), ("detected_at", "2026-11-20")],
        aware,
        &[WarningCode::LongUntilDetection],
    );
}

#[test]
fn a_day_without_a_time_is_not_before_a_time_on_that_day() {
    check_warnings(
        &[
            ("occurred_at", "2026-11-20T10:00:00+09:00"),
            ("detected_at", "2026-11-20"),
        ],
        "2026-11-20T12:00:00+09:00",
        &[],
    );
}
