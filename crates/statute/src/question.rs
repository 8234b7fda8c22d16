//! Plain questions, their answers, and conditions over the answers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::classify::ReportGroup;
use crate::confidence::Confidence;
use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::rule::Rule;

/// An answer by a person who may not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Yes,
    No,
    /// Not answered, or 「分からない」.
    #[default]
    Unknown,
}

impl Answer {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::Unknown]
            .into_iter()
            .find(|each| each.code() == code)
    }

    /// Yes when both are yes, no when one is no.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            (Self::Unknown, Self::Yes | Self::Unknown) | (Self::Yes, Self::Unknown) => {
                Self::Unknown
            }
        }
    }

    /// Yes when one is yes, no when both are no.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }

    /// Yes becomes no and no becomes yes.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Answers by question code; what is absent is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    pub fn new() -> Self {
        Self::default()
    }

    /// The same answers with one more.
    #[must_use]
    pub fn with(mut self, code: &str, answer: Answer) -> Self {
        self.set(code, answer);
        self
    }

    /// Answers yes to each code.
    #[must_use]
    pub fn yes(mut self, codes: &[&str]) -> Self {
        for code in codes {
            self.set(code, Answer::Yes);
        }
        self
    }

    /// Answers no to each code.
    #[must_use]
    pub fn no(mut self, codes: &[&str]) -> Self {
        for code in codes {
            self.set(code, Answer::No);
        }
        self
    }

    pub fn set(&mut self, code: &str, answer: Answer) {
        self.0.insert(code.to_owned(), answer);
    }

    pub fn get(&self, code: &str) -> Answer {
        self.0.get(code).copied().unwrap_or_default()
    }

    /// Whether the question was answered, be it with "unknown".
    pub fn is_given(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// Every answer given, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Answer)> {
        self.0.iter().map(|(code, answer)| (code.as_str(), *answer))
    }
}

/// What a question helps to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Which class a computer is.
    Class,
    /// Whether an event is reportable.
    Event,
}

impl Topic {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Event => "event",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Class, Self::Event]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// One plain question of a wizard; its text is the label of the entry, its help the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub topic: Topic,
    /// The position in the wizard, from 1.
    pub order: u32,
    /// Asked only of computers in this report group; of all when absent.
    pub group: Option<ReportGroup>,
}

impl Question {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            topic: fields.code("topic", "class or event", Topic::parse)?,
            order: fields.number("order")?,
            group: fields.optional_code("group", "A or B", ReportGroup::parse)?,
        })
    }
}

/// A question with its code and texts, ready to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'book> {
    pub code: &'book str,
    pub text_ja: &'book str,
    pub text_en: &'book str,
    pub help_ja: &'book str,
    pub help_en: &'book str,
    pub entry: &'book Entry,
    pub question: &'book Question,
}

/// The questions on a topic in the order they are asked.
pub fn questions(book: &RuleBook, topic: Topic, on: Date) -> Vec<Asked<'_>> {
    let mut asked: Vec<Asked<'_>> = book
        .rules(on, |rule| match rule {
            Rule::Question(question) => Some(question),
            _ => None,
        })
        .into_iter()
        .filter(|(_, question)| question.topic == topic)
        .map(|(entry, question)| Asked {
            code: entry.code(),
            text_ja: &entry.label_ja,
            text_en: &entry.label_en,
            help_ja: entry.note_ja.as_deref().unwrap_or_default(),
            help_en: entry.note_en.as_deref().unwrap_or_default(),
            entry,
            question,
        })
        .collect();
    asked.sort_by_key(|each| each.question.order);
    asked
}

/// The question to ask next: the first in order that is still open and that nobody has answered,
/// not even with "unknown". `open_questions` comes from the finding on the answers so far.
pub fn next_question<'book>(
    book: &'book RuleBook,
    topic: Topic,
    answers: &Answers,
    open_questions: &[String],
    on: Date,
) -> Option<Asked<'book>> {
    questions(book, topic, on).into_iter().find(|asked| {
        !answers.is_given(asked.code) && open_questions.iter().any(|open| open == asked.code)
    })
}

/// How surely the questions that a condition looks at put the law into plain words.
pub(crate) fn wording(asked: &[Asked<'_>], condition: &Condition) -> Confidence {
    condition
        .codes()
        .filter_map(|code| asked.iter().find(|each| each.code == code))
        .map(|each| each.entry.confidence)
        .fold(Confidence::Text, Confidence::weaker)
}

/// An answer to a question that the rule book does not ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no question {code} on this topic")]
pub struct UnknownQuestion {
    pub code: String,
}

/// The questions on a topic, once every answer is found to fit one of them.
pub(crate) fn questions_answered<'book>(
    book: &'book RuleBook,
    topic: Topic,
    answers: &Answers,
    on: Date,
) -> Result<Vec<Asked<'book>>, UnknownQuestion> {
    let asked = questions(book, topic, on);
    for (code, _) in answers.iter() {
        if !asked.iter().any(|each| each.code == code) {
            return Err(UnknownQuestion {
                code: code.to_owned(),
            });
        }
    }
    Ok(asked)
}

/// A condition over answers: all of `all`, one of `any` (when not empty), none of `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    pub all: Vec<String>,
    pub any: Vec<String>,
    pub none: Vec<String>,
}

impl Condition {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            all: fields.texts("all")?,
            any: fields.texts("any")?,
            none: fields.texts("none")?,
        })
    }

    /// Whether the condition holds; unknown answers make it unknown unless they cannot matter.
    pub fn holds(&self, answers: &Answers) -> Answer {
        let all = self
            .all
            .iter()
            .fold(Answer::Yes, |sum, code| sum.and(answers.get(code)));
        let any = if self.any.is_empty() {
            Answer::Yes
        } else {
            self.any
                .iter()
                .fold(Answer::No, |sum, code| sum.or(answers.get(code)))
        };
        let none = self.none.iter().fold(Answer::Yes, |sum, code| {
            sum.and(answers.get(code).negated())
        });
        all.and(any).and(none)
    }

    /// The codes the condition looks at.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.all
            .iter()
            .chain(&self.any)
            .chain(&self.none)
            .map(String::as_str)
    }

    /// The unanswered questions that the condition still looks at.
    pub(crate) fn open_codes(&self, answers: &Answers) -> Vec<String> {
        if self.holds(answers) != Answer::Unknown {
            return Vec::new();
        }
        self.codes()
            .filter(|code| answers.get(code) == Answer::Unknown)
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Answers, Condition};

    #[test]
    fn one_no_settles_a_condition_whatever_is_unknown() {
        let condition = Condition {
            all: vec!["connected".to_owned(), "sends".to_owned()],
            any: Vec::new(),
            none: Vec::new(),
        };
        assert_eq!(
            condition.holds(&Answers::new().no(&["connected"])),
            Answer::No
        );
        assert_eq!(
            condition.holds(&Answers::new().yes(&["connected"])),
            Answer::Unknown
        );
        assert_eq!(
            condition.open_codes(&Answers::new().yes(&["connected"])),
            ["sends"]
        );
    }

    #[test]
    fn one_yes_settles_an_alternative() {
        let condition = Condition {
            all: Vec::new(),
            any: vec!["malware".to_owned(), "intrusion".to_owned()],
            none: vec!["consented".to_owned()],
        };
        let answers = Answers::new().yes(&["malware"]);
        assert_eq!(condition.holds(&answers), Answer::Unknown);
        assert_eq!(condition.holds(&answers.no(&["consented"])), Answer::Yes);
    }
}
