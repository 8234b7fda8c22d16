//! Who else is told of an incident, when, and with which items (Act Art. 5; APPI Art. 26; sector laws; voluntary).

use jiff::civil::Date;

use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::question::Answer;
use crate::rule::Rule;

const PREFIX: &str = "submission.";

/// How it is decided whether an addressee is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionNeed {
    /// The report itself goes there.
    Report,
    /// The law asks for it when its conditions hold.
    Duty,
    /// A person decides.
    Ask,
}

impl SubmissionNeed {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "report" => Some(Self::Report),
            "duty" => Some(Self::Duty),
            "ask" => Some(Self::Ask),
            _ => None,
        }
    }
}

/// An answer of the common form that a rule looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldIs {
    /// Key of the field.
    pub field: String,
    /// Code of the option.
    pub option: String,
}

/// An addressee of submissions; its name is the label of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRule {
    /// Place in the list.
    pub order: u32,
    pub need: SubmissionNeed,
    /// One of these answers makes it needed.
    pub when: Vec<FieldIs>,
    /// One of these answers makes it not needed.
    pub unless: Vec<FieldIs>,
    /// Only for operators of these sectors; empty means all.
    pub sectors: Vec<String>,
    /// Not for operators of these sectors.
    pub except_sectors: Vec<String>,
    /// Entry that says when the first report is due.
    pub prompt: Option<String>,
    /// Entry that says when the full report is due.
    pub full: Option<String>,
    /// Entry that takes the place of `full` when the item `longer_when` is answered with yes.
    pub longer: Option<String>,
    pub longer_when: Option<String>,
    /// Fields of the common form that are handed over; empty means all.
    pub fields: Vec<String>,
    /// Hours without an answer after which silence is shown. Ours, not the law's.
    pub silence_hours: u32,
}

/// What an item is asked as where the common form says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionAsk {
    Text,
    YesNo,
}

impl SubmissionAsk {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "text" => Some(Self::Text),
            "yes_no" => Some(Self::YesNo),
            _ => None,
        }
    }
}

/// An item that one addressee wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionItem {
    pub number: u32,
    /// Answers of the common form that are taken over.
    pub fields: Vec<String>,
    /// What is asked when none of them is answered.
    pub ask: Option<SubmissionAsk>,
}

impl SubmissionRule {
    /// Whether the answers make it needed; `told` gives the codes answered in a field.
    pub fn needed(&self, told: impl Fn(&str) -> Vec<String>) -> Answer {
        let holds = |one: &FieldIs| told(&one.field).contains(&one.option);
        if self.need == SubmissionNeed::Report || self.when.iter().any(holds) {
            Answer::Yes
        } else if self.unless.iter().any(holds) {
            Answer::No
        } else {
            Answer::Unknown
        }
    }

    fn concerns(&self, sector: Option<&str>) -> bool {
        // 金融 has kinds below it: `finance.banking` is of the sector `finance`.
        let is = |code: &String| {
            sector.is_some_and(|sector| {
                sector == code || sector.split('.').next() == Some(code.as_str())
            })
        };
        (self.sectors.is_empty() || self.sectors.iter().any(is))
            && !self.except_sectors.iter().any(is)
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            order: fields.number("order")?,
            need: fields.code("need", "report, duty or ask", SubmissionNeed::parse)?,
            when: conditions(fields, "when")?,
            unless: conditions(fields, "unless")?,
            sectors: fields.texts("sectors")?,
            except_sectors: fields.texts("except_sectors")?,
            prompt: fields.optional_text("prompt")?,
            full: fields.optional_text("full")?,
            longer: fields.optional_text("longer")?,
            longer_when: fields.optional_text("longer_when")?,
            fields: fields.texts("fields")?,
            silence_hours: fields.number("silence_hours")?,
        })
    }

    /// Entries that it rests on.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.prompt.iter().chain(&self.full).chain(&self.longer)
    }
}

impl SubmissionItem {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let item = Self {
            number: fields.number("number")?,
            fields: fields.texts("fields")?,
            ask: fields.optional_code("ask", "text or yes_no", SubmissionAsk::parse)?,
        };
        if item.fields.is_empty() && item.ask.is_none() {
            return Err(FieldError::Missing { field: "ask" });
        }
        Ok(item)
    }
}

fn conditions(fields: &mut Fields, name: &'static str) -> Result<Vec<FieldIs>, FieldError> {
    fields
        .texts(name)?
        .into_iter()
        .map(|text| match text.split_once('=') {
            Some((field, option)) => Ok(FieldIs {
                field: field.to_owned(),
                option: option.to_owned(),
            }),
            None => Err(FieldError::NotAllowed {
                field: name,
                allowed: "field=option",
            }),
        })
        .collect()
}

/// An addressee with the entry that names it.
pub type SubmissionEntry<'book> = (&'book Entry, &'book SubmissionRule);
/// An item with the entry that names it.
pub type SubmissionItemEntry<'book> = (&'book Entry, &'book SubmissionItem);

/// Whom an operator of a sector tells of a case, in order.
pub fn submissions<'book>(
    book: &'book RuleBook,
    sector: Option<&str>,
    on: Date,
) -> Vec<SubmissionEntry<'book>> {
    let mut all: Vec<SubmissionEntry<'book>> = book
        .rules(on, |rule| match rule {
            Rule::Submission(rule) => Some(rule),
            _ => None,
        })
        .into_iter()
        .filter(|(_, rule)| rule.concerns(sector))
        .collect();
    all.sort_by_key(|(_, rule)| rule.order);
    all
}

/// The items that an addressee wants, in order; none means the report as it is.
pub fn submission_items<'book>(
    book: &'book RuleBook,
    addressee: &str,
    on: Date,
) -> Vec<SubmissionItemEntry<'book>> {
    let mut items: Vec<SubmissionItemEntry<'book>> = book
        .rules(on, |rule| match rule {
            Rule::SubmissionItem(item) => Some(item),
            _ => None,
        })
        .into_iter()
        .filter(|(entry, _)| {
            entry
                .key
                .strip_prefix(PREFIX)
                .and_then(|rest| rest.split_once('.'))
                .is_some_and(|(of, _)| of == addressee)
        })
        .collect();
    items.sort_by_key(|(_, item)| item.number);
    items
}
