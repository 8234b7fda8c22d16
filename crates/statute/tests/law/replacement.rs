//! Rule packs from outside the program.

use jiff::civil::date;
use statute::{HeaderError, PackHeader, ReplacementError, RuleBook};

/// The embedded packs as one text.
fn whole() -> String {
    let texts = RuleBook::embedded_packs().iter().map(|(_, text)| *text);
    texts.collect::<Vec<&str>>().join("\n")
}

fn header(text: &str) -> PackHeader {
    PackHeader::of("law.example", 2, date(2027, 3, 20), text).expect("a header")
}

fn load(text: &str) -> Result<RuleBook, ReplacementError> {
    RuleBook::from_signed(&header(text), text)
}

/// The text of one entry, from its table header to the next.
fn entry(text: &str, key: &str) -> String {
    let found = text
        .split("[[entry]]")
        .find(|entry| entry.contains(&format!("key = \"{key}\"\n")))
        .expect("the entry is there");
    format!("[[entry]]{found}")
}

#[test]
fn the_embedded_packs_as_one_signed_pack_answer_the_same() {
    let text = whole();
    let book = load(&text).expect("the pack fits");
    let embedded = RuleBook::embedded().expect("the embedded packs fit");
    assert_eq!(
        book.keys().collect::<Vec<_>>(),
        embedded.keys().collect::<Vec<_>>()
    );
    assert_eq!(book.digest(), header(&text).digest);
    assert_ne!(book.digest(), embedded.digest());
    let full = book
        .entry("report.full", date(2026, 12, 1))
        .expect("in force");
    assert_eq!(full.pack, "law.example");
}

#[test]
fn a_header_reads_back_and_has_one_writing() {
    let header = header("x");
    assert_eq!(PackHeader::parse(&header.to_text()), Ok(header.clone()));
    let text = header.to_text();
    for (bad, error) in [
        (
            text.replace("rule-pack/v1", "rule-pack-test/v1"),
            HeaderError::Format,
        ),
        (text.replace("number 2", "number 02"), HeaderError::Lines),
        (text.replace("number 2", "number 0"), HeaderError::Number),
        (text.replace("number 2\n", ""), HeaderError::Lines),
        (
            text.replace("law.example", "Law Example"),
            HeaderError::Name,
        ),
        (text.replace("2027-03-20", "2027-3-20"), HeaderError::Issued),
        (format!("{text}more\n"), HeaderError::Lines),
        (text.replace("sha256 ", "sha256 x"), HeaderError::Digest),
    ] {
        assert_eq!(PackHeader::parse(&bad), Err(error), "{bad}");
    }
}

#[test]
fn a_text_that_was_not_signed_is_refused() {
    let text = whole();
    let other = text.replace("value = 4\n", "value = 5\n");
    assert_ne!(text, other);
    let refused = RuleBook::from_signed(&header(&text), &other);
    assert!(matches!(refused, Err(ReplacementError::Digest)));
}

#[test]
fn a_pack_without_a_rule_that_the_program_knows_is_incomplete() {
    let text = whole();
    let without = text.replace(&entry(&text, "report.full"), "");
    let refused = load(&without).expect_err("incomplete").to_string();
    assert!(refused.contains("incomplete") && refused.contains("report.full"));
}

#[test]
fn a_pack_that_cuts_off_the_history_of_a_rule_is_incomplete() {
    let text = whole();
    let old = entry(&text, "report.full");
    let cut = text.replace(&old, &old.replace("from = 2026-10-01", "from = 2027-04-01"));
    let refused = load(&cut);
    assert!(
        matches!(refused, Err(ReplacementError::CutOff { ref key, .. }) if key == "report.full")
    );
}

#[test]
fn a_pack_with_two_versions_on_one_day_overlaps() {
    let text = whole();
    let old = entry(&text, "report.full");
    let next = old.replace("from = 2026-10-01", "from = 2027-04-01");
    let refused = load(&format!("{text}\n{next}")).expect_err("overlapping");
    let source = std::error::Error::source(&refused)
        .expect("a cause")
        .to_string();
    assert!(source.contains("overlaps"), "{source}");
    let ended = old.replace("from = 2026-10-01", "from = 2026-10-01\nto = 2027-03-31");
    let fits = format!("{}\n{next}", text.replace(&old, &ended));
    assert!(load(&fits).is_ok());
}

#[test]
fn no_signature_puts_a_basis_in_force_before_the_law_does() {
    let text = whole();
    let phase = entry(&text, "phase.p3");
    let early = phase.replace("from = 2026-10-01", "from = 2026-04-01");
    let refused = load(&text.replace(&phase, &early));
    assert!(
        matches!(refused, Err(ReplacementError::EarlierBasis { ref key, .. }) if key == "phase.p3")
    );
    // Where only the latest day is known, a day may be set, with the text that sets it.
    let phase = entry(&text, "phase.p4");
    let guessed = phase.replace("from = 2027-11-22", "from = 2027-06-01");
    let refused = load(&text.replace(&phase, &guessed));
    assert!(matches!(
        refused,
        Err(ReplacementError::EarlierBasis { .. })
    ));
    let set = guessed.replace("from_is_latest = true\n", "");
    assert!(load(&text.replace(&phase, &set)).is_ok());
}
