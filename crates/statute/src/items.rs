//! Which items a report must carry at which stage: Order Art. 4(2), (3).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::rule::Rule;

/// Stage of an incident report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStage {
    /// 速報.
    Prompt,
    /// 続報; the law does not ask for it.
    Update,
    /// 詳報.
    Full,
}

impl ReportStage {
    /// Every stage.
    pub const ALL: [Self; 3] = [Self::Prompt, Self::Update, Self::Full];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Update => "update",
            Self::Full => "full",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// One of the seven items; its name is the label of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRule {
    pub number: u32,
}

impl ItemRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            number: fields.number("number")?,
        })
    }
}

/// How much of an item a stage asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemNeed {
    /// It must be filled in.
    Complete,
    /// As far as it is known at the time (その時点で把握しているもの).
    AsKnown,
    /// It must be answered: filled in, 不明, 該当なし, or 調査中 with a reason.
    Answered,
}

impl ItemNeed {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::AsKnown => "as_known",
            Self::Answered => "answered",
        }
    }
}

/// How an item stands on a draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// Nothing was entered.
    #[default]
    Empty,
    Filled,
    /// 調査中.
    Investigating {
        why: InvestigationReason,
    },
    /// 不明.
    Unknown,
    /// 該当なし.
    NotApplicable,
}

/// Whether 調査中 says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvestigationReason {
    Given,
    Absent,
}

/// One item with what a stage asks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRequirement<'book> {
    pub number: u32,
    pub need: ItemNeed,
    /// The entry of the item; its labels are the item's name.
    pub entry: &'book Entry,
}

/// Why an item keeps a stage from being filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemProblem {
    pub number: u32,
    pub kind: ItemProblemKind,
}

/// What is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemProblemKind {
    /// It must be filled in and is not.
    MustBeFilled,
    /// It must be answered and is empty.
    MustBeAnswered,
    /// 調査中 at the full stage must say why.
    InvestigationNeedsReason,
}

impl ItemProblemKind {
    /// The stable code of the message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MustBeFilled => "item.must_be_filled",
            Self::MustBeAnswered => "item.must_be_answered",
            Self::InvestigationNeedsReason => "item.investigation_needs_reason",
        }
    }
}

/// The items of a stage, in order, with what is asked of each.
pub fn required_items(book: &RuleBook, stage: ReportStage, on: Date) -> Vec<ItemRequirement<'_>> {
    let complete = numbers(book, "report.prompt.required_items", on);
    let mut items: Vec<ItemRequirement<'_>> = book
        .rules(on, |rule| match rule {
            Rule::Item(item) => Some(item),
            _ => None,
        })
        .into_iter()
        .map(|(entry, item)| ItemRequirement {
            number: item.number,
            need: match (stage, complete.contains(&item.number)) {
                (_, true) => ItemNeed::Complete,
                (ReportStage::Prompt | ReportStage::Update, false) => ItemNeed::AsKnown,
                (ReportStage::Full, false) => ItemNeed::Answered,
            },
            entry,
        })
        .collect();
    items.sort_by_key(|item| item.number);
    items
}

/// What keeps a report from being filed at `stage`; empty when nothing does.
pub fn check_items(
    book: &RuleBook,
    stage: ReportStage,
    states: &BTreeMap<u32, ItemState>,
    on: Date,
) -> Vec<ItemProblem> {
    let mut problems = Vec::new();
    for item in required_items(book, stage, on) {
        let found = states.get(&item.number).copied().unwrap_or_default();
        if let Some(kind) = problem(item.need, found) {
            problems.push(ItemProblem {
                number: item.number,
                kind,
            });
        }
    }
    problems
}

fn problem(need: ItemNeed, state: ItemState) -> Option<ItemProblemKind> {
    match (need, state) {
        (_, ItemState::Filled)
        | (ItemNeed::AsKnown, _)
        | (
            ItemNeed::Answered,
            ItemState::Investigating {
                why: InvestigationReason::Given,
            }
            | ItemState::Unknown
            | ItemState::NotApplicable,
        ) => None,
        (
            ItemNeed::Complete,
            ItemState::Empty
            | ItemState::Investigating { .. }
            | ItemState::Unknown
            | ItemState::NotApplicable,
        ) => Some(ItemProblemKind::MustBeFilled),
        (ItemNeed::Answered, ItemState::Empty) => Some(ItemProblemKind::MustBeAnswered),
        (
            ItemNeed::Answered,
            ItemState::Investigating {
                why: InvestigationReason::Absent,
            },
        ) => Some(ItemProblemKind::InvestigationNeedsReason),
    }
}

fn numbers<'book>(book: &'book RuleBook, key: &str, on: Date) -> &'book [u32] {
    match book.entry(key, on).map(|entry| &entry.rule) {
        Some(Rule::Numbers(numbers)) => numbers,
        _ => &[],
    }
}
