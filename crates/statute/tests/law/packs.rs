//! The packs themselves: complete, and refused with file, entry and reason when they do not fit.

use std::collections::BTreeSet;

use jiff::civil::date;
use statute::{
    AssetClass, EventCode, EventExclusion, Exemption, NotificationBasis, PackError, Rule, RuleBook,
    Start,
};

use crate::book;

/// Every parameter that an implementation needs, as the collection of facts lists them.
const PARAMETERS: &[&str] = &[
    "asset.notify.new",
    "asset.notify.designated",
    "asset.notify.designated.window",
    "asset.notify.rule_change",
    "asset.notify.rule_change.window",
    "asset.notify.existing",
    "asset.notify.existing.last_day",
    "asset.notify.early_window",
    "asset.notify.early_window.deadline",
    "asset.notify.change",
    "asset.notify.items",
    "asset.exempt_products",
    "minister.forward_to_pm",
    "report.prompt",
    "report.full",
    "report.items",
    "report.prompt.required_items",
    "report.grace.designation",
    "report.grace.rule_change",
    "report.forms",
    "report.appi.full",
    "report.appi.full.improper_purpose",
    "report.appi.prompt",
    "report.appi.persons",
    "report.telecom.full",
    "penalty.order_breach",
    "penalty.materials",
    "penalty.secrecy",
    "penalty.official_data_misuse",
    "measure.gaigai.period",
    "measure.gainai_naigai.period",
    "measure.extension",
    "commdata.retention",
    "committee.members",
    "committee.parttime_max",
    "committee.term",
    "committee.quorum",
    "committee.staff",
    "diet.report",
    "espa.review",
    "espa.grace",
    "espa.name_change_notice",
    "espa.recommendation_reply",
    "sectors.espa",
    "sectors.critical_infra",
    "operators.designated",
    "ministries.order",
    "phase4.latest",
    "review.clause",
    "calendar.closed_days",
    "timezone",
];

fn entry_text(key: &str, from: &str, to: &str) -> String {
    format!(
        "[[entry]]\nkey = \"{key}\"\nunit = \"promptly\"\nlabel_ja = \"試験\"\nlabel_en = \"test\"\n\
         basis = \"X 1\"\nbasis_ja = \"X第1条\"\nfrom = {from}\n{to}\nconfidence = \"text\"\n\
         source = \"test\"\n"
    )
}

fn refusal(text: &str) -> String {
    RuleBook::test_only(&[("trial.toml", text)])
        .expect_err("the pack does not fit")
        .to_string()
}

#[test]
fn every_parameter_of_the_law_is_in_the_book() {
    let known: BTreeSet<&str> = book().keys().collect();
    let absent: Vec<_> = PARAMETERS
        .iter()
        .filter(|key| !known.contains(**key))
        .collect();
    assert!(absent.is_empty(), "{absent:?}");
}

#[test]
fn every_entry_has_article_source_confidence_and_both_languages() {
    for entry in book().entries() {
        for text in [
            &entry.basis,
            &entry.basis_ja,
            &entry.source,
            &entry.label_ja,
            &entry.label_en,
        ] {
            assert!(!text.trim().is_empty(), "{}", entry.key);
        }
        assert_eq!(
            entry.note_ja.is_some(),
            entry.note_en.is_some(),
            "{}",
            entry.key
        );
        let japanese = !entry.label_ja.is_ascii();
        let english = entry.label_en.is_ascii();
        assert!(japanese && english, "{}", entry.key);
    }
}

#[test]
fn every_question_has_help_in_both_languages() {
    for entry in book().entries() {
        if matches!(entry.rule, Rule::Question(_)) {
            assert!(
                entry.note_ja.is_some() && entry.note_en.is_some(),
                "{}",
                entry.key
            );
        }
    }
}

#[test]
fn every_code_has_its_entry() {
    let classes = AssetClass::ALL.map(|each| format!("class.{}", each.code()));
    let events = EventCode::ALL.map(|each| format!("event.{}", each.code()));
    let exclusions = EventExclusion::ALL.map(|each| format!("exclusion.{}", each.code()));
    let exemptions = Exemption::ALL.map(|each| format!("asset.exempt.{}", each.code()));
    let bases = NotificationBasis::ALL.map(|each| each.key().to_owned());
    let keys = classes
        .into_iter()
        .chain(events)
        .chain(exclusions)
        .chain(exemptions)
        .chain(bases);
    for key in keys {
        assert!(book().entry(&key, date(2026, 11, 22)).is_some(), "{key}");
    }
}

#[test]
fn counted_numbers_agree_with_the_entries_they_count() {
    let on = date(2026, 11, 22);
    let amount = |key: &str| match &book().entry(key, on).expect("an entry").rule {
        Rule::Amounts(amounts) => usize::try_from(amounts[0].amount).expect("a small number"),
        other => panic!("{key} is no amount: {other:?}"),
    };
    assert_eq!(amount("sectors.espa"), statute::sectors(book(), on).len());
    assert_eq!(
        amount("report.items"),
        statute::required_items(book(), statute::ReportStage::Full, on).len()
    );
    // The Commissioner acts for the Prime Minister and is no issuing body.
    assert_eq!(
        amount("ministries.order") + 1,
        statute::ministries(book(), on).len()
    );
    assert_eq!(statute::finance_kinds(book(), on).len(), 8);
}

#[test]
fn what_has_no_day_of_enforcement_is_marked_as_such() {
    for key in [
        "phase.p4",
        "basis.selection",
        "measure.gaigai.period",
        "commdata.retention",
    ] {
        let entry = &book().history(key)[0];
        assert_eq!(entry.start, Start::NotLaterThan, "{key}");
        assert_eq!(entry.from, date(2027, 11, 22), "{key}");
        assert!(!entry.covers(date(2027, 11, 21)), "{key}");
    }
}

#[test]
fn overlapping_validity_of_one_key_is_refused() {
    let text =
        entry_text("a.b", "2026-10-01", "to = 2027-03-31") + &entry_text("a.b", "2027-03-31", "");
    assert_eq!(
        refusal(&text),
        "trial.toml, entry a.b: its validity overlaps with the version in trial.toml"
    );
}

#[test]
fn two_versions_that_follow_each_other_are_both_kept() {
    let text =
        entry_text("a.b", "2027-04-01", "") + &entry_text("a.b", "2026-10-01", "to = 2027-03-31");
    let book = RuleBook::test_only(&[("trial.toml", &text)]).expect("the pack fits");
    assert_eq!(book.history("a.b").len(), 2);
    let from = |on| book.entry("a.b", on).map(|entry| entry.from);
    assert_eq!(from(date(2027, 3, 31)), Some(date(2026, 10, 1)));
    assert_eq!(from(date(2027, 4, 1)), Some(date(2027, 4, 1)));
    assert_eq!(from(date(2026, 9, 30)), None);
}

#[test]
fn a_faulty_entry_is_refused_with_file_entry_and_reason() {
    let good = entry_text("a.b", "2026-10-01", "");
    let cases = [
        (
            good.replace("basis = \"X 1\"\n", ""),
            "trial.toml, entry a.b: field `basis` is missing",
        ),
        (
            good.replace("\"X第1条\"", "\" \""),
            "trial.toml, entry a.b: field `basis_ja` is empty",
        ),
        (
            good.replace("\"text\"", "\"sure\""),
            "trial.toml, entry a.b: field `confidence` has a value that is not allowed: \
             text, derived, secondary or assumed",
        ),
        (
            good.replace("2026-10-01", "\"soon\""),
            "trial.toml, entry a.b: field `from` must be a date such as 2026-10-01",
        ),
        (
            good.clone() + "colour = \"red\"\n",
            "trial.toml, entry a.b: field `colour` is not known for this kind of entry",
        ),
        (
            good.replace("key = \"a.b\"\n", ""),
            "trial.toml, entry number 1: field `key` is missing",
        ),
        (
            good.replace("\"promptly\"", "\"furlongs\""),
            "trial.toml, entry a.b: field `unit` has a value that is not allowed: \
             a unit that the rule book knows",
        ),
        (
            good.clone() + "to = 2026-09-30\n",
            "trial.toml, entry a.b: field `to` has a value that is not allowed: \
             not before `from`",
        ),
        (
            "key = 1".to_owned(),
            "trial.toml: the top level may hold only `[[entry]]` tables",
        ),
        ("[[".to_owned(), "trial.toml is not valid TOML"),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(&text), expected);
    }
}

#[test]
fn a_limit_in_hours_that_rolls_is_refused() {
    let text = entry_text("a.b", "2026-10-01", "").replace(
        "unit = \"promptly\"",
        "value = 24\nunit = \"hours\"\npurpose = \"limit\"\ncounts_from = \"awareness\"\n\
         first_day = \"excluded\"\nclosed_days = \"roll\"",
    );
    assert_eq!(
        refusal(&text),
        "trial.toml, entry a.b: field `closed_days` has a value that is not allowed: \
         only filing limits in days or months roll"
    );
}

#[test]
fn a_condition_on_a_question_that_nobody_asks_is_refused() {
    let text = entry_text("class.ichigo", "2026-10-01", "").replace(
        "unit = \"promptly\"",
        "kind = \"class\"\nclass = \"ichigo\"\ngroup = \"A\"\nall = [\"nobody_asks\"]",
    );
    assert_eq!(
        refusal(&text),
        "trial.toml, entry class.ichigo: its condition looks at the question nobody_asks, \
         which no pack asks"
    );
}

#[test]
fn the_digest_changes_with_any_byte_and_not_with_the_order_of_packs() {
    let one = entry_text("a.b", "2026-10-01", "");
    let two = entry_text("c.d", "2026-10-01", "");
    let digest =
        |packs: &[(&str, &str)]| RuleBook::test_only(packs).expect("the packs fit").digest();
    let there = digest(&[("1.toml", &one), ("2.toml", &two)]);
    assert_eq!(there, digest(&[("2.toml", &two), ("1.toml", &one)]));
    assert_ne!(there, digest(&[("1.toml", &two), ("2.toml", &one)]));
    assert_ne!(
        there,
        digest(&[("1.toml", &one), ("2.toml", &format!("{two}#"))])
    );
    assert_eq!(there.to_hex().len(), 64);
}

#[test]
fn the_error_of_a_broken_file_keeps_its_cause() {
    let error = RuleBook::test_only(&[("trial.toml", "[[")]).expect_err("broken");
    assert!(matches!(error, PackError::Toml { .. }));
    assert!(std::error::Error::source(&error).is_some());
}
