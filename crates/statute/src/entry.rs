//! One entry of the rule book: a rule with its article, its validity and how it is known.

use jiff::civil::Date;

use crate::confidence::Confidence;
use crate::fields::{FieldError, Fields};
use crate::rule::Rule;

/// One rule of the law, valid for a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable key, such as `report.full`.
    pub key: String,
    /// What the rule says.
    pub rule: Rule,
    /// The article in short form, such as `ORD 4(2)`.
    pub basis: String,
    /// The article in Japanese.
    pub basis_ja: String,
    /// The first day on which the rule is in force.
    pub from: Date,
    /// Whether `from` is the day itself or the latest day it can be.
    pub start: Start,
    /// The last day on which the rule is in force, where one is known.
    pub to: Option<Date>,
    /// How the rule is known.
    pub confidence: Confidence,
    /// Where the rule was read.
    pub source: String,
    /// The short name in Japanese.
    pub label_ja: String,
    /// The short name in English.
    pub label_en: String,
    /// What a reader should know beside the rule, in Japanese.
    pub note_ja: Option<String>,
    /// What a reader should know beside the rule, in English.
    pub note_en: Option<String>,
    /// The pack the entry stands in.
    pub pack: String,
}

/// How firmly the first day of an entry is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The day is fixed.
    Fixed,
    /// Only the latest possible day is known (附則 1(iv)); an earlier day may yet be set.
    NotLaterThan,
}

impl Start {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::NotLaterThan => "not_later_than",
        }
    }
}

impl Entry {
    /// Whether the rule is in force on `on`.
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|last| on <= last)
    }

    /// Whether the validity of both shares a day.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let starts_before_other_ends = other.to.is_none_or(|last| self.from <= last);
        let other_starts_before_end = self.to.is_none_or(|last| other.from <= last);
        starts_before_other_ends && other_starts_before_end
    }

    /// The part of the key after the last dot.
    pub fn code(&self) -> &str {
        self.key
            .rsplit_once('.')
            .map_or(self.key.as_str(), |(_, code)| code)
    }

    pub(crate) fn read(pack: &str, mut fields: Fields) -> Result<Self, FieldError> {
        let key = fields.text("key")?;
        if !is_key(&key) {
            return Err(FieldError::NotAllowed {
                field: "key",
                allowed: "words of a-z, 0-9 and _ joined by dots",
            });
        }
        let from = fields.date("from")?;
        let start = if fields.flag("from_is_latest")? {
            Start::NotLaterThan
        } else {
            Start::Fixed
        };
        let to = fields.optional_date("to")?;
        if to.is_some_and(|last| last < from) {
            return Err(FieldError::NotAllowed {
                field: "to",
                allowed: "not before `from`",
            });
        }
        let entry = Self {
            key,
            basis: fields.text("basis")?,
            basis_ja: fields.text("basis_ja")?,
            from,
            start,
            to,
            confidence: fields.code(
                "confidence",
                "text, derived, secondary or assumed",
                Confidence::parse,
            )?,
            source: fields.text("source")?,
            label_ja: fields.text("label_ja")?,
            label_en: fields.text("label_en")?,
            note_ja: fields.optional_text("note_ja")?,
            note_en: fields.optional_text("note_en")?,
            pack: pack.to_owned(),
            rule: Rule::read(&mut fields)?,
        };
        if entry.note_ja.is_some() != entry.note_en.is_some() {
            return Err(FieldError::NotAllowed {
                field: "note_en",
                allowed: "a note stands in both languages or in none",
            });
        }
        fields.finish()?;
        Ok(entry)
    }
}

fn is_key(key: &str) -> bool {
    key.split('.').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
    })
}
