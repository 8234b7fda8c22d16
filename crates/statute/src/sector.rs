//! Sectors (ESPA Art. 50(1), its order Art. 9) and the ministers in charge of them.

use jiff::civil::Date;

use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::rule::Rule;

/// One of the businesses under ESPA (特定社会基盤事業); its name is the label of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    /// The number in the list of the order.
    pub number: u32,
    /// The code of the ministry whose minister is in charge.
    pub ministry: String,
    /// The kind of regional bureau that receives incident reports.
    pub bureau_kind: String,
}

impl Sector {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            number: fields.number("number")?,
            ministry: fields.text("ministry")?,
            bureau_kind: fields.text("bureau_kind")?,
        })
    }
}

/// One of the kinds of finance (イ to チ).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinanceKind {
    /// The position, from 1 for イ.
    pub order: u32,
    /// The item letter in the order, such as イ.
    pub item: String,
    /// Ministries that may be in charge jointly for some of these businesses.
    pub joint_ministries: Vec<String>,
}

impl FinanceKind {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            order: fields.number("order")?,
            item: fields.text("item")?,
            joint_ministries: fields.texts("joint_ministries")?,
        })
    }
}

/// A ministry that issued the Order; its name is the label of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ministry {
    /// The minister in Japanese.
    pub minister_ja: String,
    /// The minister in English.
    pub minister_en: String,
    /// Who acts for the minister, where the Act delegates as a whole (Act Art. 74(2)).
    pub acting_ja: Option<String>,
    pub acting_en: Option<String>,
}

impl Ministry {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            minister_ja: fields.text("minister_ja")?,
            minister_en: fields.text("minister_en")?,
            acting_ja: fields.optional_text("acting_ja")?,
            acting_en: fields.optional_text("acting_en")?,
        })
    }
}

/// The sectors on a day, in the order of the list.
pub fn sectors(book: &RuleBook, on: Date) -> Vec<(&Entry, &Sector)> {
    let mut sectors = book.rules(on, |rule| match rule {
        Rule::Sector(sector) => Some(sector),
        _ => None,
    });
    sectors.sort_by_key(|(_, sector)| sector.number);
    sectors
}

/// The kinds of finance on a day, in order.
pub fn finance_kinds(book: &RuleBook, on: Date) -> Vec<(&Entry, &FinanceKind)> {
    let mut kinds = book.rules(on, |rule| match rule {
        Rule::FinanceKind(kind) => Some(kind),
        _ => None,
    });
    kinds.sort_by_key(|(_, kind)| kind.order);
    kinds
}

/// The ministries on a day.
pub fn ministries(book: &RuleBook, on: Date) -> Vec<(&Entry, &Ministry)> {
    book.rules(on, |rule| match rule {
        Rule::Ministry(ministry) => Some(ministry),
        _ => None,
    })
}

/// The sector with a code, such as `electricity`.
pub fn sector<'book>(
    book: &'book RuleBook,
    code: &str,
    on: Date,
) -> Option<(&'book Entry, &'book Sector)> {
    let entry = book.entry(&format!("sector.{code}"), on)?;
    match &entry.rule {
        Rule::Sector(sector) => Some((entry, sector)),
        _ => None,
    }
}

/// The ministry with a code, such as `meti`.
pub fn ministry<'book>(
    book: &'book RuleBook,
    code: &str,
    on: Date,
) -> Option<(&'book Entry, &'book Ministry)> {
    let entry = book.entry(&format!("ministry.{code}"), on)?;
    match &entry.rule {
        Rule::Ministry(ministry) => Some((entry, ministry)),
        _ => None,
    }
}
