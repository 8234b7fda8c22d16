//! What need not be notified: Order Arts 2(1) proviso, 2(4), 3(3), 3(4), Notice No. 1.
//!
//! An exemption takes away the notification only; the computer stays a specified important
//! computer and its incidents stay reportable.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::confidence::Confidence;
use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::normalise::match_key;
use crate::pack::RuleBook;
use crate::question::Answer;
use crate::reason::{Reason, weakest};
use crate::rule::Rule;

/// Why something need not be notified on form 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exemption {
    /// Serves one operator or one group only (Order Art. 2(1) proviso).
    OwnGroupUse,
    /// A product used generally and widely (Order Art. 2(1) proviso, Notice No. 1).
    GeneralProduct,
    /// A document filed under ESPA takes its place (Order Arts 2(4), 3(3)).
    EspaSubstitute,
    /// A minor change (Order Art. 3(4)).
    MinorChange,
}

impl Exemption {
    /// Every exemption.
    pub const ALL: [Self; 4] = [
        Self::OwnGroupUse,
        Self::GeneralProduct,
        Self::EspaSubstitute,
        Self::MinorChange,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnGroupUse => "own_group_use",
            Self::GeneralProduct => "general_product",
            Self::EspaSubstitute => "espa_substitute",
            Self::MinorChange => "minor_change",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// What an exemption does to the notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExemptionEffect {
    /// Nothing is filed.
    NoNotification,
    /// The document filed under ESPA and a contact sheet take the place of the form.
    Substitute,
}

impl ExemptionEffect {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoNotification => "no_notification",
            Self::Substitute => "substitute",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::NoNotification, Self::Substitute]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// An exemption of the rule book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemptionRule {
    pub exemption: Exemption,
    pub effect: ExemptionEffect,
}

impl ExemptionRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            exemption: fields.code("exemption", "an exemption code", Exemption::parse)?,
            effect: fields.code(
                "effect",
                "no_notification or substitute",
                ExemptionEffect::parse,
            )?,
        })
    }
}

/// Products designated as used generally and widely (Notice No. 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneralProducts {
    /// The names in the notice.
    pub value: Vec<String>,
    /// Other names of the same products.
    pub aliases: Vec<String>,
    /// Words that only name an edition or version and may follow a name.
    pub edition_words: Vec<String>,
}

impl GeneralProducts {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            value: fields.texts("value")?,
            aliases: fields.texts("aliases")?,
            edition_words: fields.texts("edition_words")?,
        })
    }

    /// Whether `product` is one of them. A name with words that are no edition or version is
    /// `Unknown`: it may be another product of a similar name.
    pub fn names(&self, product: &str) -> Answer {
        let wanted = match_key(product);
        let mut best = Answer::No;
        for name in self.value.iter().chain(&self.aliases) {
            let name = match_key(name);
            let Some(rest) = wanted.strip_prefix(name.as_str()) else {
                continue;
            };
            if !rest.is_empty() && !rest.starts_with(' ') {
                continue;
            }
            let only_edition = rest.split_whitespace().all(|word| self.is_edition(word));
            if only_edition {
                return Answer::Yes;
            }
            best = Answer::Unknown;
        }
        best
    }

    fn is_edition(&self, word: &str) -> bool {
        let version = word
            .chars()
            .all(|each| each.is_ascii_digit() || each == '.');
        version
            || self
                .edition_words
                .iter()
                .any(|known| match_key(known) == word)
    }
}

/// What is known about a computer to be notified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExemptionQuestion {
    /// Whether it serves the business of one operator, or of operators of one group, only.
    pub own_group_use: Answer,
    /// The product name as filed.
    pub product: String,
    /// Whether an ESPA document (導入等計画書, 緊急導入等届出書, or a report of change) was filed.
    pub espa_filed: Answer,
    /// Whether the name there equals the product name (cloud: the service).
    pub espa_same_name: Answer,
    /// Whether the supplier there equals the manufacturer (cloud: the provider).
    pub espa_same_supplier: Answer,
    /// Whether the change is of the operator's name only; no for a new notification.
    pub only_operator_name_changed: Answer,
}

/// One exemption with how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemptionFound {
    pub exemption: Exemption,
    pub effect: ExemptionEffect,
    /// Yes when it applies, unknown when an open fact decides.
    pub applies: Answer,
}

/// Which exemptions apply or may apply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ExemptionFinding {
    /// Those that apply or may apply.
    pub found: Vec<ExemptionFound>,
    pub confidence: Confidence,
    /// The reasons; when an exemption was found the last says that the incident duty remains.
    pub reasons: Vec<Reason>,
}

impl ExemptionFinding {
    /// Whether nothing at all needs to be filed.
    pub fn nothing_to_file(&self) -> bool {
        self.found.iter().any(|each| {
            each.applies == Answer::Yes && each.effect == ExemptionEffect::NoNotification
        })
    }
}

/// Says which exemptions from notification apply.
pub fn exemptions(book: &RuleBook, question: &ExemptionQuestion, on: Date) -> ExemptionFinding {
    let mut found = Vec::new();
    let mut reasons = Vec::new();
    for (entry, rule) in book.rules(on, |rule| match rule {
        Rule::Exemption(exemption) => Some(exemption),
        _ => None,
    }) {
        let (applies, cited) = match rule.exemption {
            Exemption::OwnGroupUse => (question.own_group_use, entry),
            Exemption::GeneralProduct => general_product(book, question, entry, on),
            Exemption::EspaSubstitute => (
                question
                    .espa_filed
                    .and(question.espa_same_name)
                    .and(question.espa_same_supplier),
                entry,
            ),
            Exemption::MinorChange => (question.only_operator_name_changed, entry),
        };
        let (code, ja, en) = match applies {
            Answer::No => continue,
            Answer::Yes => ("exemption_applies", "に当たります。", "Applies"),
            Answer::Unknown => (
                "exemption_open",
                "に当たるかはまだ分かりません。",
                "Still open",
            ),
        };
        reasons.push(
            Reason::resting_on(
                entry,
                code,
                format!("{}{ja}", entry.label_ja),
                format!("{en}: {}.", entry.label_en),
            )
            .known_as(cited.confidence),
        );
        found.push(ExemptionFound {
            exemption: rule.exemption,
            effect: rule.effect,
            applies,
        });
    }
    if !found.is_empty()
        && let Some(duty) = book.nearest("asset.exempt.incident_duty_remains", on)
    {
        reasons.push(Reason::resting_on(
            duty,
            "incident_duty_remains",
            format!("{}。", duty.label_ja),
            format!("{}.", duty.label_en),
        ));
    }
    ExemptionFinding {
        found,
        confidence: weakest(&reasons),
        reasons,
    }
}

/// Whether the product is in the notice, and the entry that says so.
fn general_product<'book>(
    book: &'book RuleBook,
    question: &ExemptionQuestion,
    rule: &'book Entry,
    on: Date,
) -> (Answer, &'book Entry) {
    let Some(entry) = book.entry("asset.exempt_products", on) else {
        return (Answer::No, rule);
    };
    match &entry.rule {
        Rule::GeneralProducts(products) => (products.names(&question.product), entry),
        _ => (Answer::No, rule),
    }
}
