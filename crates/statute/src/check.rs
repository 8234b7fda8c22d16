//! Checks that entries fit together once all packs are read.

use std::collections::BTreeSet;

use crate::entry::Entry;
use crate::pack::{PackError, RuleBook};
use crate::question::Condition;
use crate::rule::Rule;

/// Why an entry does not fit the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It refers to a key that no pack has.
    #[error("it refers to {key}, which no pack has")]
    UnknownKey { key: String },
    /// A condition looks at a question that nobody asks.
    #[error("its condition looks at the question {code}, which no pack asks")]
    UnknownQuestion { code: String },
    /// A conditional gate does not say its condition.
    #[error("a conditional gate needs a note with its condition")]
    NoCondition,
    /// A bureau serves a prefecture that another one of its kind serves.
    #[error("prefecture {number} is served by another bureau of the same kind")]
    SharedPrefecture { number: u32 },
}

pub(crate) fn whole(book: &RuleBook) -> Result<(), PackError> {
    let questions: BTreeSet<&str> = book
        .entries()
        .filter(|entry| matches!(entry.rule, Rule::Question(_)))
        .map(Entry::code)
        .collect();
    let mut served: BTreeSet<(&str, &[String], u32)> = BTreeSet::new();
    for entry in book.entries() {
        one(book, entry, &questions).map_err(|reason| unfit(entry, reason))?;
        let Rule::Bureau(bureau) = &entry.rule else {
            continue;
        };
        if entry.to.is_some() {
            continue;
        }
        for number in &bureau.prefectures {
            if !served.insert((&bureau.bureau_kind, &bureau.only_sectors, *number)) {
                return Err(unfit(entry, Unfit::SharedPrefecture { number: *number }));
            }
        }
    }
    Ok(())
}

fn one(book: &RuleBook, entry: &Entry, questions: &BTreeSet<&str>) -> Result<(), Unfit> {
    match &entry.rule {
        Rule::Period(rule) => {
            for key in rule.window.iter().chain(&rule.limit) {
                known(book, key)?;
            }
            Ok(())
        }
        Rule::Sector(sector) => known(book, &format!("ministry.{}", sector.ministry)),
        Rule::FinanceKind(kind) => {
            for code in &kind.joint_ministries {
                known(book, &format!("ministry.{code}"))?;
            }
            Ok(())
        }
        Rule::Delegation(delegation) => known(book, &format!("ministry.{}", delegation.ministry)),
        Rule::Bureau(bureau) => {
            for code in &bureau.only_sectors {
                known(book, &format!("sector.{code}"))?;
            }
            Ok(())
        }
        Rule::Class(rule) => asked(&rule.condition, questions),
        Rule::Event(rule) => asked(&rule.condition, questions),
        Rule::Exclusion(rule) => {
            if let Some(grace) = &rule.grace {
                known(book, grace)?;
            }
            asked(&rule.condition, questions)
        }
        Rule::TierRow(row) => {
            let conditional = [row.sogo, row.teikyo_kanri, row.teikyo, row.shuchi]
                .contains(&crate::tier::Gate::Conditional);
            if conditional && entry.note_ja.is_none() {
                return Err(Unfit::NoCondition);
            }
            Ok(())
        }
        Rule::Submission(rule) => {
            for key in rule.keys() {
                known(book, key)?;
            }
            for code in rule.sectors.iter().chain(&rule.except_sectors) {
                known(book, &format!("sector.{code}"))?;
            }
            match &rule.longer_when {
                Some(item) => known(book, &format!("{}.{item}", entry.key)),
                None => Ok(()),
            }
        }
        Rule::SubmissionItem(_) => match entry.key.rsplit_once('.') {
            Some((addressee, _)) => known(book, addressee),
            None => Err(Unfit::UnknownKey {
                key: entry.key.clone(),
            }),
        },
        Rule::Promptly
        | Rule::GuidelineDays { .. }
        | Rule::Amounts(_)
        | Rule::Date(_)
        | Rule::Numbers(_)
        | Rule::Names(_)
        | Rule::Unknown
        | Rule::Principle
        | Rule::Phase(_)
        | Rule::LegalBasis(_)
        | Rule::Ministry(_)
        | Rule::Prefecture(_)
        | Rule::Item(_)
        | Rule::Exemption(_)
        | Rule::GeneralProducts(_)
        | Rule::Question(_)
        | Rule::Era(_)
        | Rule::Holiday(_)
        | Rule::HolidayOverride(_)
        | Rule::ClosedSpan(_) => Ok(()),
    }
}

fn known(book: &RuleBook, key: &str) -> Result<(), Unfit> {
    if book.history(key).is_empty() {
        return Err(Unfit::UnknownKey {
            key: key.to_owned(),
        });
    }
    Ok(())
}

fn asked(condition: &Condition, questions: &BTreeSet<&str>) -> Result<(), Unfit> {
    match condition.codes().find(|code| !questions.contains(code)) {
        Some(code) => Err(Unfit::UnknownQuestion {
            code: code.to_owned(),
        }),
        None => Ok(()),
    }
}

fn unfit(entry: &Entry, reason: Unfit) -> PackError {
    PackError::Unfit {
        file: entry.pack.clone(),
        key: entry.key.clone(),
        reason,
    }
}
