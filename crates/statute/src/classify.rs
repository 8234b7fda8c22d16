//! Which class a computer is: Cabinet Order Art. 1(3), Order Art. 1.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::confidence::Confidence;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::question::{
    Answer, Answers, Condition, Topic, UnknownQuestion, questions_answered, wording,
};
use crate::reason::{Reason, weakest};
use crate::rule::Rule;

/// Class of a specified important computer (特定重要電子計算機).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetClass {
    /// 一号: is the facility or part of it (Cabinet Order Art. 1(3)(i)).
    Ichigo,
    /// 二号, Order Art. 1(1)(i).
    #[serde(rename = "nigo_1")]
    Nigo1,
    /// 二号, Order Art. 1(1)(ii).
    #[serde(rename = "nigo_2")]
    Nigo2,
    /// 二号, Order Art. 1(1)(iii).
    #[serde(rename = "nigo_3")]
    Nigo3,
    /// 二号, Order Art. 1(1)(iv).
    #[serde(rename = "nigo_4")]
    Nigo4,
    /// 二号, Order Art. 1(1)(v).
    #[serde(rename = "nigo_5")]
    Nigo5,
    /// 二号, Order Art. 1(1)(vi).
    #[serde(rename = "nigo_6")]
    Nigo6,
    /// 二号, Order Art. 1(1)(vii).
    #[serde(rename = "nigo_7")]
    Nigo7,
    /// 三号, Order Art. 1(2)(i).
    #[serde(rename = "sango_1")]
    Sango1,
    /// 三号, Order Art. 1(2)(ii).
    #[serde(rename = "sango_2")]
    Sango2,
}

impl AssetClass {
    /// Every class, in the order of the orders.
    pub const ALL: [Self; 10] = [
        Self::Ichigo,
        Self::Nigo1,
        Self::Nigo2,
        Self::Nigo3,
        Self::Nigo4,
        Self::Nigo5,
        Self::Nigo6,
        Self::Nigo7,
        Self::Sango1,
        Self::Sango2,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ichigo => "ichigo",
            Self::Nigo1 => "nigo_1",
            Self::Nigo2 => "nigo_2",
            Self::Nigo3 => "nigo_3",
            Self::Nigo4 => "nigo_4",
            Self::Nigo5 => "nigo_5",
            Self::Nigo6 => "nigo_6",
            Self::Nigo7 => "nigo_7",
            Self::Sango1 => "sango_1",
            Self::Sango2 => "sango_2",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// Which possible-cause events must be reported for a computer (Order Art. 4(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReportGroup {
    /// 一号 and Order Art. 1(1)(i), (ii): all possible-cause events.
    A,
    /// Every other specified important computer: traces of incidents only.
    B,
}

impl ReportGroup {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::A, Self::B]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// When a computer is of one class, and its report group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRule {
    pub class: AssetClass,
    pub group: ReportGroup,
    pub condition: Condition,
}

impl ClassRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            class: fields.code("class", "a class code", AssetClass::parse)?,
            group: fields.code("group", "A or B", ReportGroup::parse)?,
            condition: Condition::read(fields)?,
        })
    }
}

/// What the answers say about the class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassOutcome {
    /// The class is settled.
    Decided(AssetClass),
    /// It is a specified important computer at least as `class`; an open answer could still make
    /// it one of `may_be`, which come first in the orders.
    AtLeast {
        class: AssetClass,
        may_be: Vec<AssetClass>,
    },
    /// An open answer decides whether it is one of these, or none.
    Unclear { may_be: Vec<AssetClass> },
    /// It is not a specified important computer.
    NotSpecified,
}

impl ClassOutcome {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Decided(_) => "decided",
            Self::AtLeast { .. } => "at_least",
            Self::Unclear { .. } => "unclear",
            Self::NotSpecified => "not_specified",
        }
    }

    /// The class that is known to hold.
    pub const fn class(&self) -> Option<AssetClass> {
        match self {
            Self::Decided(class) | Self::AtLeast { class, .. } => Some(*class),
            Self::Unclear { .. } | Self::NotSpecified => None,
        }
    }
}

/// A classified computer with the reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Classified {
    pub outcome: ClassOutcome,
    /// Further kinds that the computer also is.
    pub also: Vec<AssetClass>,
    /// The report group; where a class is open, the wider duty is assumed.
    pub group: Option<ReportGroup>,
    /// Questions that could still change the outcome.
    pub open_questions: Vec<String>,
    pub confidence: Confidence,
    pub reasons: Vec<Reason>,
}

/// Says which class a computer is from answers to plain questions.
pub fn classify(
    book: &RuleBook,
    answers: &Answers,
    on: Date,
) -> Result<Classified, UnknownQuestion> {
    let asked = questions_answered(book, Topic::Class, answers, on)?;
    let rules = ordered(book, on);
    let mut holding = Vec::new();
    let mut may_be = Vec::new();
    let mut open_questions = Vec::new();
    let mut reasons = Vec::new();
    for (entry, rule) in &rules {
        match rule.condition.holds(answers) {
            Answer::Yes => {
                holding.push((rule.class, rule.group));
                reasons.push(
                    Reason::resting_on(
                        entry,
                        "class_holds",
                        format!("{}に当たります。", entry.label_ja),
                        format!("It is: {}.", entry.label_en),
                    )
                    .known_as(wording(&asked, &rule.condition)),
                );
            }
            Answer::No => {}
            Answer::Unknown => {
                // A class that comes later in the orders than one that holds cannot matter.
                if holding.is_empty() {
                    may_be.push((rule.class, rule.group));
                    for code in rule.condition.open_codes(answers) {
                        if !open_questions.contains(&code) {
                            open_questions.push(code);
                        }
                    }
                    reasons.push(
                        Reason::resting_on(
                            entry,
                            "class_open",
                            format!("{}に当たる可能性があります。", entry.label_ja),
                            format!("It may be: {}.", entry.label_en),
                        )
                        .known_as(wording(&asked, &rule.condition)),
                    );
                }
            }
        }
    }
    if reasons.is_empty() {
        reasons.extend(rules.iter().map(|(entry, rule)| {
            Reason::resting_on(
                entry,
                "class_excluded",
                format!("{}に当たりません。", entry.label_ja),
                format!("It is not: {}.", entry.label_en),
            )
            .known_as(wording(&asked, &rule.condition))
        }));
    }
    Ok(Classified {
        group: group_of(&holding, &may_be),
        also: also(&holding),
        outcome: outcome(&holding, &may_be),
        open_questions,
        confidence: weakest(&reasons),
        reasons,
    })
}

/// The report group of a class on a day.
pub fn report_group(book: &RuleBook, class: AssetClass, on: Date) -> Option<ReportGroup> {
    ordered(book, on)
        .into_iter()
        .find(|(_, rule)| rule.class == class)
        .map(|(_, rule)| rule.group)
}

fn ordered(book: &RuleBook, on: Date) -> Vec<(&crate::entry::Entry, &ClassRule)> {
    let mut rules = book.rules(on, |rule| match rule {
        Rule::Class(class) => Some(class),
        _ => None,
    });
    rules.sort_by_key(|(_, rule)| rule.class);
    rules
}

/// 二号 excludes 一号, and 三号 excludes both; only kinds of one 号 stand side by side.
fn also(holding: &[(AssetClass, ReportGroup)]) -> Vec<AssetClass> {
    let Some(((first, _), rest)) = holding.split_first() else {
        return Vec::new();
    };
    rest.iter()
        .map(|(class, _)| *class)
        .filter(|class| paragraph(*class) == paragraph(*first))
        .collect()
}

const fn paragraph(class: AssetClass) -> u8 {
    match class {
        AssetClass::Ichigo => 1,
        AssetClass::Nigo1
        | AssetClass::Nigo2
        | AssetClass::Nigo3
        | AssetClass::Nigo4
        | AssetClass::Nigo5
        | AssetClass::Nigo6
        | AssetClass::Nigo7 => 2,
        AssetClass::Sango1 | AssetClass::Sango2 => 3,
    }
}

fn outcome(
    holding: &[(AssetClass, ReportGroup)],
    may_be: &[(AssetClass, ReportGroup)],
) -> ClassOutcome {
    let may_be: Vec<AssetClass> = may_be.iter().map(|(class, _)| *class).collect();
    match (holding.first(), may_be.is_empty()) {
        (Some((class, _)), true) => ClassOutcome::Decided(*class),
        (Some((class, _)), false) => ClassOutcome::AtLeast {
            class: *class,
            may_be,
        },
        (None, false) => ClassOutcome::Unclear { may_be },
        (None, true) => ClassOutcome::NotSpecified,
    }
}

fn group_of(
    holding: &[(AssetClass, ReportGroup)],
    may_be: &[(AssetClass, ReportGroup)],
) -> Option<ReportGroup> {
    holding
        .first()
        .into_iter()
        .chain(may_be)
        .map(|(_, group)| *group)
        .min()
}
