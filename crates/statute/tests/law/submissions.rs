//! Who else is told of a case, and with which items.

use jiff::civil::date;
use statute::{Answer, SubmissionNeed, submission_items, submissions};

use crate::book;

fn codes(sector: &str) -> Vec<String> {
    submissions(book(), Some(sector), date(2026, 11, 22))
        .iter()
        .map(|(entry, _)| entry.code().to_owned())
        .collect()
}

#[test]
fn an_operator_of_each_sector_has_one_desk_under_its_sector_law() {
    let of = |sector: &str| -> Vec<String> {
        codes(sector)
            .into_iter()
            .filter(|code| code.starts_with("sector_law"))
            .collect()
    };
    assert_eq!(of("electricity"), ["sector_law_electricity"]);
    assert_eq!(of("telecom"), ["sector_law_telecom"]);
    assert_eq!(of("finance.banking"), ["sector_law"]);
    assert_eq!(
        codes("railway"),
        [
            "minister",
            "prime_minister",
            "privacy_commission",
            "sector_law",
            "police",
            "jpcert",
            "customers"
        ]
    );
}

#[test]
fn the_duty_to_tell_the_privacy_commission_follows_from_one_answer_of_the_common_form() {
    let book = book();
    let all = submissions(book, None, date(2026, 11, 22));
    let rule = |code: &str| {
        all.iter()
            .find(|(entry, _)| entry.code() == code)
            .unwrap()
            .1
    };
    let told = |answer: &'static str| {
        move |field: &str| {
            if field == "personal_data" && !answer.is_empty() {
                vec![answer.to_owned()]
            } else {
                Vec::new()
            }
        }
    };
    let commission = rule("privacy_commission");
    assert_eq!(commission.needed(told("leaked")), Answer::Yes);
    assert_eq!(commission.needed(told("suspected")), Answer::Yes);
    assert_eq!(commission.needed(told("none")), Answer::No);
    assert_eq!(commission.needed(told("")), Answer::Unknown);
    assert_eq!(rule("minister").needed(told("")), Answer::Yes);
    assert_eq!(rule("police").need, SubmissionNeed::Ask);
}

#[test]
fn the_nine_items_of_a_leak_report_are_answered_by_the_common_form_or_asked() {
    let book = book();
    let items = submission_items(book, "privacy_commission", date(2026, 11, 22));
    let numbers: Vec<u32> = items.iter().map(|(_, item)| item.number).collect();
    assert_eq!(numbers, (0..=9).collect::<Vec<u32>>());
    assert!(
        items
            .iter()
            .all(|(_, item)| !item.fields.is_empty() || item.ask.is_some())
    );
    assert!(submission_items(book, "police", date(2026, 11, 22)).is_empty());
}
