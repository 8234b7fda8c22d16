//! Required items per stage.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use statute::{
    InvestigationReason, ItemNeed, ItemProblem, ItemProblemKind, ItemState, ReportStage,
    check_items, required_items,
};

use crate::book;

const ON: Date = date(2026, 11, 22);

fn needs(stage: ReportStage) -> Vec<ItemNeed> {
    required_items(book(), stage, ON)
        .iter()
        .map(|item| item.need)
        .collect()
}

fn problems(stage: ReportStage, states: &[(u32, ItemState)]) -> Vec<(u32, ItemProblemKind)> {
    let states: BTreeMap<u32, ItemState> = states.iter().copied().collect();
    check_items(book(), stage, &states, ON)
        .into_iter()
        .map(|ItemProblem { number, kind }| (number, kind))
        .collect()
}

/// Items 1 to 7 filled, save for `changed`.
fn all_filled_but(changed: u32, state: ItemState) -> Vec<(u32, ItemState)> {
    (1..=7)
        .map(|number| {
            (
                number,
                if number == changed {
                    state
                } else {
                    ItemState::Filled
                },
            )
        })
        .collect()
}

#[test]
fn the_prompt_stage_needs_items_1_and_2_and_the_rest_as_known() {
    use ItemNeed::{AsKnown, Complete};
    assert_eq!(
        needs(ReportStage::Prompt),
        [
            Complete, Complete, AsKnown, AsKnown, AsKnown, AsKnown, AsKnown
        ]
    );
    assert_eq!(
        problems(
            ReportStage::Prompt,
            &[(1, ItemState::Filled), (2, ItemState::Filled)]
        ),
        []
    );
    assert_eq!(
        problems(
            ReportStage::Prompt,
            &[(1, ItemState::Filled), (2, ItemState::Unknown)]
        ),
        [(2, ItemProblemKind::MustBeFilled)]
    );
}

#[test]
fn the_full_stage_needs_all_seven_items_answered() {
    assert_eq!(needs(ReportStage::Full)[2..], [ItemNeed::Answered; 5]);
    let empty = problems(ReportStage::Full, &[]);
    assert_eq!(empty.len(), 7);
    assert_eq!(empty[0], (1, ItemProblemKind::MustBeFilled));
    assert_eq!(empty[6], (7, ItemProblemKind::MustBeAnswered));
    for state in [
        ItemState::Unknown,
        ItemState::NotApplicable,
        ItemState::Filled,
    ] {
        assert_eq!(problems(ReportStage::Full, &all_filled_but(5, state)), []);
    }
}

#[test]
fn an_investigation_in_the_full_report_needs_a_reason() {
    let investigating = |why| all_filled_but(5, ItemState::Investigating { why });
    assert_eq!(
        problems(
            ReportStage::Full,
            &investigating(InvestigationReason::Absent)
        ),
        [(5, ItemProblemKind::InvestigationNeedsReason)]
    );
    assert_eq!(
        problems(
            ReportStage::Full,
            &investigating(InvestigationReason::Given)
        ),
        []
    );
    assert_eq!(
        problems(
            ReportStage::Prompt,
            &investigating(InvestigationReason::Absent)
        ),
        []
    );
}

#[test]
fn the_items_are_named_in_both_languages_in_order() {
    let names: Vec<&str> = required_items(book(), ReportStage::Full, ON)
        .iter()
        .map(|item| item.entry.label_ja.as_str())
        .collect();
    assert_eq!(names[0], "報告の区分");
    assert_eq!(names[6], "その他特記事項");
}
