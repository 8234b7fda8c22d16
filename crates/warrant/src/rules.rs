//! What the rule book says about measures: their basis, directions and longest period.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use statute::{FirstDay, Period, Rule, RuleBook};
use thiserror::Error;

use crate::codes::{Direction, MeasureKind};
use crate::terms::Terms;

/// Why the rule book does not allow the terms of a warrant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleRefusal {
    #[error("the rule book has no usable entry {key}")]
    NoRule { key: String },
    #[error("this kind of measure rests on {key}, which the warrant does not name")]
    BasisMissing { key: String },
    #[error("the warrant rests on {key}, which does not belong to this kind of measure")]
    BasisForeign { key: String },
    #[error("this kind of measure does not cover the direction {direction}")]
    Direction { direction: Direction },
    #[error("the warrant may not last beyond {last_day}")]
    TooLong { last_day: Date },
}

impl RuleRefusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoRule { .. } => "warrant.no_rule",
            Self::BasisMissing { .. } => "warrant.basis_missing",
            Self::BasisForeign { .. } => "warrant.basis_foreign",
            Self::Direction { .. } => "warrant.direction",
            Self::TooLong { .. } => "warrant.too_long",
        }
    }
}

/// The day in Japan Standard Time, on which the law is asked.
pub(crate) fn day_in_japan(at: Timestamp) -> Date {
    statute::calendar::jst::day_of(at)
}

pub(crate) fn check(terms: &Terms, book: &RuleBook, on: Date) -> Result<(), RuleRefusal> {
    let bases = names(book, &format!("selection.{}.basis", terms.kind), on)?;
    for key in &bases {
        if !terms.basis.contains(key) {
            return Err(RuleRefusal::BasisMissing { key: key.clone() });
        }
    }
    if let Some(key) = terms.basis.iter().find(|key| !bases.contains(key)) {
        return Err(RuleRefusal::BasisForeign { key: key.clone() });
    }
    let directions = names(book, &format!("selection.{}.directions", terms.kind), on)?;
    for direction in &terms.directions {
        if !directions.iter().any(|code| code == direction.code()) {
            let direction = *direction;
            return Err(RuleRefusal::Direction { direction });
        }
    }
    match longest(terms.kind, book, on)? {
        Some(period) => check_length(terms, period),
        None => Ok(()),
    }
}

/// Which personal identifiers may leave only as pseudonyms (非識別化措置).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Masking {
    /// Addresses of the domestic end. Mail addresses are always masked.
    pub domestic_addresses: bool,
}

/// Asks the rule book what has to be masked on a day. What it does not know, it masks.
pub fn masking(book: &RuleBook, on: Date) -> Masking {
    let rule = names(book, "selection.pseudonymise.domestic_addresses", on);
    let free = rule.is_ok_and(|names| names.iter().all(|name| name == "not_required"));
    Masking {
        domestic_addresses: !free,
    }
}

fn names(book: &RuleBook, key: &str, on: Date) -> Result<Vec<String>, RuleRefusal> {
    match book.nearest(key, on).map(|entry| &entry.rule) {
        Some(Rule::Names(names)) => Ok(names.clone()),
        Some(_) | None => Err(no_rule(key)),
    }
}

/// The longest period of an approval, where the rule book knows one.
fn longest(kind: MeasureKind, book: &RuleBook, on: Date) -> Result<Option<Period>, RuleRefusal> {
    let key = match kind {
        MeasureKind::Agreement => return Ok(None),
        MeasureKind::ForeignTransit => "measure.gaigai.period",
        MeasureKind::SpecificInbound | MeasureKind::SpecificOutbound => {
            "measure.gainai_naigai.period"
        }
    };
    match book.nearest(key, on).map(|entry| &entry.rule) {
        Some(Rule::Period(rule)) => Ok(Some(rule.period)),
        Some(_) | None => Err(no_rule(key)),
    }
}

/// The last instant covered has to lie on a day of the period that begins with the first.
fn check_length(terms: &Terms, period: Period) -> Result<(), RuleRefusal> {
    let first = statute::calendar::jst::day_of(terms.valid_from);
    let last_day = period
        .last_day(first, FirstDay::Excluded)
        .map_err(|_| no_rule("period"))?;
    let last_covered = terms
        .valid_until
        .saturating_sub(SignedDuration::from_nanos(1));
    let last_covered = last_covered.map_err(|_| no_rule("period"))?;
    if last_day < statute::calendar::jst::day_of(last_covered) {
        return Err(RuleRefusal::TooLong { last_day });
    }
    Ok(())
}

fn no_rule(key: &str) -> RuleRefusal {
    RuleRefusal::NoRule {
        key: key.to_owned(),
    }
}
