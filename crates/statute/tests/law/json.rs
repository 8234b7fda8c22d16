//! The wire shape of results.

use jiff::civil::date;
use serde_json::{Value, json};
use statute::{
    AddresseeQuestion, Answer, Answers, DueQuestion, Duty, Entrance, EventContext,
    ExemptionQuestion, Mode, ReportGroup, addressees, classify, due, exemptions, reportable,
};

use crate::book;

#[test]
fn a_deadline_has_iso_dates_basis_confidence_and_reasons() {
    let found = due(
        book(),
        &DueQuestion::new("report.full", date(2026, 11, 20)),
        Mode::Real,
    )
    .expect("a deadline");
    let value = statute::json::due(&found);
    assert_eq!(value["legal_limit"], "2026-12-21");
    assert_eq!(value["unrolled"], "2026-12-20");
    assert_eq!(value["conservative_limit"], "2026-12-19");
    assert_eq!(value["basis"], "ORD 4(2)");
    assert_eq!(value["confidence"], "derived");
    assert_eq!(value["in_force"], true);
    assert_eq!(value["rule_book"], book().digest().to_hex());
    assert_eq!(
        value["reasons"][0],
        json!({
            "code": "period",
            "key": "report.full",
            "pack": "reports.toml",
            "basis": "ORD 4(2)",
            "basis_ja": "特別社会基盤事業者による特定侵害事象等の報告等に関する命令第4条第2項",
            "text_ja": "認知した日（2026年11月20日（金））から30日以内です。",
            "text_en": "Within 30 days from the day of awareness (Friday 2026-11-20).",
            "confidence": "text",
            "source": "ORD",
        })
    );
}

#[test]
fn no_number_in_the_law_is_null() {
    let found = due(
        book(),
        &DueQuestion::new("report.prompt", date(2026, 11, 20)),
        Mode::Real,
    )
    .expect("an answer");
    let value = statute::json::due(&found);
    for field in ["legal_limit", "unrolled", "conservative_limit"] {
        assert_eq!(value.get(field), Some(&Value::Null), "{field}");
    }
}

#[test]
fn a_refusal_has_a_code_and_both_languages() {
    let refusal = due(
        book(),
        &DueQuestion::new("asset.notify.designated", date(2026, 11, 20)),
        Mode::Real,
    )
    .expect_err("no designation");
    let value = statute::json::due_refusal(&refusal);
    assert_eq!(value["error"], "due.missing_designation");
    assert!(value["text_ja"].is_string() && value["text_en"].is_string());
}

#[test]
fn a_class_has_its_stable_codes() {
    let found = classify(
        book(),
        &Answers::new().yes(&["part_of_facility"]),
        date(2026, 11, 22),
    )
    .expect("known questions");
    let value = statute::json::classified(&found);
    assert_eq!(value["outcome"], "decided");
    assert_eq!(value["class"], "ichigo");
    assert_eq!(value["report_group"], "A");
}

#[test]
fn every_entry_can_be_shown() {
    let on = date(2026, 11, 22);
    for entry in book().entries() {
        let value = statute::json::entry(entry, on);
        assert_eq!(value["key"], entry.key);
        assert_eq!(value["in_force"], entry.covers(on));
    }
    let penalty = statute::json::entry(&book().history("penalty.secrecy")[0], on);
    assert_eq!(
        penalty["value"],
        json!([{ "value": 2, "unit": "years" }, { "value": 1_000_000, "unit": "yen" }])
    );
}

#[test]
fn an_event_its_addressees_and_exemptions_have_their_stable_codes() {
    let on = date(2026, 11, 22);
    let context = EventContext {
        group: ReportGroup::B,
        aware_on: on,
        event_on: None,
        designated_on: None,
        entrance: Entrance::Ordinary,
        became_specified_on: None,
    };
    let event = reportable(book(), &Answers::new().yes(&["malware_ran"]), &context)
        .expect("known questions");
    let value = statute::json::event_finding(&event);
    assert_eq!(value["outcome"], "reportable");
    assert_eq!(value["codes"], json!(["incident"]));

    let question = AddresseeQuestion {
        duty: Duty::IncidentReport,
        sector: "finance",
        ministry: None,
        prefecture: Some(40),
        on,
    };
    let value = statute::json::addressees(&addressees(book(), &question).expect("addressees"));
    assert_eq!(value["addressees"][0]["role"], "minister");
    assert_eq!(value["addressees"][0]["desk"]["name_ja"], "福岡財務支局");
    assert_eq!(value["addressees"][1]["role"], "prime_minister");

    let question = ExemptionQuestion {
        own_group_use: Answer::Yes,
        espa_filed: Answer::No,
        only_operator_name_changed: Answer::No,
        ..ExemptionQuestion::default()
    };
    let value = statute::json::exemption_finding(&exemptions(book(), &question, on));
    assert_eq!(value["exemptions"][0]["exemption"], "own_group_use");
    assert_eq!(value["exemptions"][0]["applies"], "yes");
    assert_eq!(value["nothing_to_file"], true);
}
