//! Enforcement phases (施行), and whether the legal basis of an act is in force.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::confidence::Confidence;
use crate::entry::{Entry, Start};
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::reason::Reason;
use crate::rule::Rule;

/// Whether an instance does official acts or rehearses them (演習).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Acts have legal effect; what is not in force is refused.
    Real,
    /// An exercise instance with a declared date; what is not in force may be rehearsed.
    Exercise,
}

impl Mode {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
        }
    }
}

/// A step of the enforcement (附則 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    pub number: u32,
}

impl Phase {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            number: fields.number("number")?,
        })
    }
}

/// A group of articles that acts rest on, such as Arts 4 to 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// The chapter of the Act.
    pub chapter: u32,
    /// The articles, such as `11-16`.
    pub articles: String,
}

impl LegalBasis {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            chapter: fields.number("chapter")?,
            articles: fields.text("articles")?,
        })
    }
}

/// What lets an act go ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Standing {
    /// The entry that the act rests on.
    pub key: String,
    /// Whether the articles are in force, or only rehearsed.
    pub standing: StandingKind,
    pub confidence: Confidence,
    pub reasons: Vec<Reason>,
}

/// Whether an act has legal effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingKind {
    /// The articles are in force on the day.
    InForce,
    /// The articles are not in force; an exercise may still rehearse the act.
    ExerciseOnly,
}

/// Why an act is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasisRefusal {
    /// No such legal basis in the rule book.
    #[error("the rule book has no legal basis {key}")]
    UnknownBasis { key: String },
    /// The articles are not in force on the day.
    #[error("{key} ({basis}) is not in force on {on}; {}", in_force_from(*.from, *.start))]
    NotInForce {
        key: String,
        basis: String,
        basis_ja: String,
        on: Date,
        /// The first day on which they are, or the latest day it can be.
        from: Date,
        start: Start,
    },
    /// The articles were in force once and are no longer.
    #[error("{key} ({basis}) is no longer in force on {on}; its last day was {to}")]
    NoLongerInForce {
        key: String,
        basis: String,
        basis_ja: String,
        on: Date,
        to: Date,
    },
}

impl BasisRefusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownBasis { .. } => "basis.unknown",
            Self::NotInForce { .. } => "basis.not_in_force",
            Self::NoLongerInForce { .. } => "basis.no_longer_in_force",
        }
    }

    /// The message in Japanese.
    pub fn text_ja(&self) -> String {
        match self {
            Self::UnknownBasis { key } => format!("根拠「{key}」は規則集にありません"),
            Self::NotInForce {
                basis_ja,
                on,
                from,
                start,
                ..
            } => match start {
                Start::Fixed => {
                    format!("{basis_ja}は{on}の時点で施行されていません（施行日 {from}）")
                }
                Start::NotLaterThan => {
                    format!(
                        "{basis_ja}は{on}の時点で施行されていません（遅くとも{from}までに施行）"
                    )
                }
            },
            Self::NoLongerInForce {
                basis_ja, on, to, ..
            } => format!("{basis_ja}は{on}の時点で効力がありません（{to}まで）"),
        }
    }
}

/// Says whether the legal basis of an act is in force on `on`.
///
/// Outside an exercise an act whose basis is not in force is refused; in an exercise it may be
/// rehearsed, and the result says so. `key` is one of the `basis.*` entries, or any other key.
pub fn standing(
    book: &RuleBook,
    key: &str,
    on: Date,
    mode: Mode,
) -> Result<Standing, BasisRefusal> {
    let Some(entry) = book.nearest(key, on) else {
        return Err(BasisRefusal::UnknownBasis {
            key: key.to_owned(),
        });
    };
    if entry.covers(on) {
        let reason = Reason::resting_on(
            entry,
            "in_force",
            format!("{}は{}から施行されています。", entry.basis_ja, entry.from),
            format!("{} is in force from {}.", entry.basis, entry.from),
        );
        return Ok(Standing {
            key: entry.key.clone(),
            standing: StandingKind::InForce,
            confidence: reason.confidence,
            reasons: vec![reason],
        });
    }
    match mode {
        Mode::Real => Err(refusal(entry, on)),
        Mode::Exercise => {
            let reason = rehearsal_reason(entry, on);
            Ok(Standing {
                key: entry.key.clone(),
                standing: StandingKind::ExerciseOnly,
                confidence: reason.confidence,
                reasons: vec![reason],
            })
        }
    }
}

/// The phases, in order, whether in force or not.
pub fn phases(book: &RuleBook) -> Vec<(&Entry, &Phase)> {
    let mut phases: Vec<(&Entry, &Phase)> = book
        .entries()
        .filter_map(|entry| match &entry.rule {
            Rule::Phase(phase) => Some((entry, phase)),
            _ => None,
        })
        .collect();
    phases.sort_by_key(|(_, phase)| phase.number);
    phases
}

pub(crate) fn rehearsal_reason(entry: &Entry, on: Date) -> Reason {
    Reason::resting_on(
        entry,
        "exercise_not_in_force",
        format!(
            "演習：{}は{on}の時点で施行されていません。演習としてのみ扱います。",
            entry.basis_ja
        ),
        format!(
            "Exercise: {} is not in force on {on}; this is a rehearsal only.",
            entry.basis
        ),
    )
}

fn refusal(entry: &Entry, on: Date) -> BasisRefusal {
    match entry.to {
        Some(to) if to < on => BasisRefusal::NoLongerInForce {
            key: entry.key.clone(),
            basis: entry.basis.clone(),
            basis_ja: entry.basis_ja.clone(),
            on,
            to,
        },
        Some(_) | None => BasisRefusal::NotInForce {
            key: entry.key.clone(),
            basis: entry.basis.clone(),
            basis_ja: entry.basis_ja.clone(),
            on,
            from: entry.from,
            start: entry.start,
        },
    }
}

pub(crate) fn in_force_from(from: Date, start: Start) -> String {
    match start {
        Start::Fixed => format!("it is in force from {from}"),
        Start::NotLaterThan => format!("it comes into force by {from} at the latest"),
    }
}
