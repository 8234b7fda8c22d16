use std::collections::HashMap;

use crate::fuzzy::Fuzzy;
use crate::master::Master;
use crate::text::{Token, joined, maker_tokens};

/// How surely a text names a maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The text begins with the name of the maker and goes on with something else.
    Prefix,
    /// Written almost like it; the likeness from 0 to 1000.
    Similar(u16),
    /// Written like it, apart from department, country and corporate form.
    Name,
}

/// Names of makers, to find whom a text means.
#[derive(Clone, Debug, Default)]
pub(crate) struct Makers {
    by_name: HashMap<String, Vec<usize>>,
    fuzzy: Fuzzy,
    longest_name: usize,
}

/// Words around a maker's name that name no other maker.
const AROUND: [&str; 22] = [
    "日本",
    "ジャパン",
    "ジヤパン",
    "japan",
    "事業所",
    "製作所",
    "工場",
    "支社",
    "支店",
    "本社",
    "営業所",
    "研究所",
    "本部",
    "事業部",
    "部",
    "課",
    "センタ",
    "グルプ",
    "group",
    "by",
    "holdings",
    "製",
];

impl Makers {
    pub(crate) fn new(master: &Master) -> Self {
        let mut makers = Self::default();
        for (at, maker) in master.makers().iter().enumerate() {
            for name in [&maker.ja, &maker.en].into_iter().chain(&maker.aliases) {
                makers.insert(&joined(&maker_tokens(name)), at);
            }
        }
        makers
    }

    fn insert(&mut self, name: &str, maker: usize) {
        if name.is_empty() {
            return;
        }
        let known = self.by_name.entry(name.to_owned()).or_default();
        if !known.contains(&maker) {
            known.push(maker);
            self.fuzzy.insert(name, maker);
            self.longest_name = self.longest_name.max(name.chars().count());
        }
    }

    /// The makers that a maker column may mean, surest first.
    pub(crate) fn of_text(&self, text: &str) -> Vec<(usize, Certainty)> {
        let tokens = maker_tokens(text);
        let whole = joined(&tokens);
        if let Some(makers) = self.by_name.get(&whole) {
            return named(makers, Certainty::Name);
        }
        let outside: Vec<Token> = tokens
            .iter()
            .filter(|token| !token.in_brackets)
            .cloned()
            .collect();
        if let Some(makers) = self.without_words_around(&joined(&outside)) {
            return named(makers, Certainty::Name);
        }
        let mut found: Vec<(usize, Certainty)> = self
            .fuzzy
            .similar(&whole, 700)
            .into_iter()
            .map(|(maker, likeness)| (maker, Certainty::Similar(likeness)))
            .collect();
        if found.is_empty() {
            found = self.by_words(&tokens);
        }
        found.sort_by_key(|(_, certainty)| std::cmp::Reverse(*certainty));
        found
    }

    /// Takes words as 「日本」 and 「事業所」 off both ends until a name is left.
    fn without_words_around(&self, text: &str) -> Option<&Vec<usize>> {
        let mut rest = text;
        loop {
            let before = rest;
            for word in AROUND {
                rest = rest.strip_prefix(word).unwrap_or(rest);
                rest = rest.strip_suffix(word).unwrap_or(rest);
            }
            if let Some(makers) = self.by_name.get(rest) {
                return Some(makers);
            }
            if rest == before || rest.is_empty() {
                return None;
            }
        }
    }

    /// A text of several words that begins or ends with the name of a maker; with a department
    /// after it this is the maker, with something else it may be another company.
    fn by_words(&self, tokens: &[Token]) -> Vec<(usize, Certainty)> {
        for length in (1..tokens.len()).rev() {
            let (head, rest) = tokens.split_at(length);
            if let Some(makers) = self.by_name.get(&joined(head)) {
                let parted = rest.first().is_some_and(|token| token.starts_word);
                let department = joined(rest);
                let certainty = if parted && AROUND.iter().any(|word| department.ends_with(word)) {
                    Certainty::Name
                } else {
                    Certainty::Prefix
                };
                return named(makers, certainty);
            }
        }
        for length in (1..tokens.len()).rev() {
            let (_, tail) = tokens.split_at(tokens.len().saturating_sub(length));
            if let Some(makers) = self.by_name.get(&joined(tail)) {
                return named(makers, Certainty::Prefix);
            }
        }
        Vec::new()
    }

    /// The makers whose names stand as words in a product text, with the tokens they take.
    pub(crate) fn in_product(&self, tokens: &[Token]) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for (start, token) in tokens.iter().enumerate() {
            if !token.starts_word && !token.is_japanese() {
                continue;
            }
            let mut name = String::new();
            for (end, token) in tokens.iter().enumerate().skip(start) {
                name.push_str(&token.text);
                if self.longest_name < name.chars().count() {
                    break;
                }
                if name.chars().count() < 2 {
                    continue;
                }
                for maker in self.by_name.get(&name).into_iter().flatten() {
                    found.push((*maker, start, end.saturating_add(1)));
                }
            }
        }
        found
    }
}

fn named(makers: &[usize], certainty: Certainty) -> Vec<(usize, Certainty)> {
    makers.iter().map(|maker| (*maker, certainty)).collect()
}
