//! Which tier may go to whom.

use jiff::civil::date;
use statute::{Gate, InfoTier, tier_gate};

use crate::book;

#[test]
fn the_gates_follow_the_act() {
    use Gate::{Conditional, No, Yes};
    let rows = [
        ("national_organ", [Conditional, Yes, Yes, Yes]),
        ("carrier", [Conditional, Conditional, Yes, Yes]),
        ("foreign_government", [No, Conditional, Conditional, Yes]),
        ("council_member", [No, Conditional, Yes, Yes]),
        ("contractor", [No, Conditional, Yes, Yes]),
        ("operator", [No, Conditional, Conditional, Yes]),
        ("supplier", [No, Conditional, Conditional, Yes]),
        ("public", [No, No, No, Yes]),
    ];
    for (recipient, expected) in rows {
        let gates =
            InfoTier::ALL.map(|tier| tier_gate(book(), recipient, tier, date(2026, 11, 22)).0);
        assert_eq!(gates, expected, "{recipient}");
    }
}

#[test]
fn an_unknown_recipient_or_a_day_before_enforcement_means_nobody() {
    let unknown = tier_gate(book(), "stranger", InfoTier::Shuchi, date(2026, 11, 22));
    assert_eq!(unknown, (Gate::No, None));
    let early = tier_gate(book(), "public", InfoTier::Shuchi, date(2026, 9, 30));
    assert_eq!(early, (Gate::No, None));
}

#[test]
fn a_conditional_gate_says_its_condition() {
    let (_, reason) = tier_gate(book(), "national_organ", InfoTier::Sogo, date(2026, 11, 22));
    let reason = reason.expect("a reason");
    assert!(
        reason.text_en.contains("prior consent"),
        "{}",
        reason.text_en
    );
    assert!(reason.text_ja.contains("同意"), "{}", reason.text_ja);
}
