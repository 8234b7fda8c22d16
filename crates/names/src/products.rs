use std::collections::{HashMap, HashSet};

use crate::fuzzy::Fuzzy;
use crate::master::Master;
use crate::models::Models;
use crate::suggestion::Reason;
use crate::text::{Token, is_plain_word, joined, maker_tokens, product_tokens};

/// Most tokens one name of a product is looked for in.
const MAX_RUN: usize = 8;
/// Most tokens of a text that are looked at.
const MAX_TOKENS: usize = 40;

/// A product that a text may mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) product: usize,
    /// From 0 to 1000, before the maker is considered.
    pub(crate) score: u16,
    pub(crate) reason: Reason,
    /// The tokens that the name takes, from the first to before the last.
    pub(crate) span: (usize, usize),
    /// Short or common: means nothing without the maker.
    pub(crate) weak: bool,
    /// A word of some length follows that is no part of any name: it may be another product.
    pub(crate) followed: bool,
}

/// Names and model numbers of products.
#[derive(Clone, Debug, Default)]
pub(crate) struct Products {
    /// With whether the name counts only beside its maker.
    by_name: HashMap<String, Vec<(usize, bool)>>,
    fuzzy: Fuzzy,
    models: Models,
}

/// Names of products that are words of every day, too.
const COMMON: [&str; 62] = [
    "office",
    "backup",
    "protect",
    "power",
    "cloud",
    "edge",
    "enterprise",
    "cloudflare",
    "one",
    "web",
    "remotesupport",
    "teams",
    "horizon",
    "tools",
    "workstation",
    "endpointsecurity",
    "systemrecovery",
    "applicationcontrol",
    "virtualization",
    "satellite",
    "summit",
    "discovery",
    "thunder",
    "spark",
    "quantum",
    "guardian",
    "orion",
    "precision",
    "vision",
    "horizon8",
    "harmony",
    "symphony",
    "falcon",
    "meister",
    "マイスタ",
    "ファルコン",
    "サミツト",
    "ガデイアン",
    "アダム",
    "サンダ",
    "コナ",
    "ドミノ",
    "バイオ",
    "パノラマ",
    "フアルコン",
    "マウスプロ",
    "webapplicationfirewall",
    "emailsecurity",
    "networksecurity",
    "spider",
    "octopus",
    "unity",
    "compact",
    "mate",
    "beat",
    "ignition",
    "controlmanager",
    "securebrowser",
    "safetymanager",
    "vault",
    "spring",
    "trident",
];

impl Products {
    pub(crate) fn new(master: &Master) -> Self {
        let mut products = Self::default();
        let makers: HashMap<&str, usize> = master
            .makers()
            .iter()
            .enumerate()
            .map(|(at, maker)| (maker.id.as_str(), at))
            .collect();
        for (at, product) in master.products().iter().enumerate() {
            let own_names = makers
                .get(product.maker.as_str())
                .and_then(|at| master.makers().get(*at))
                .into_iter()
                .flat_map(|maker| [&maker.ja, &maker.en].into_iter().chain(&maker.aliases))
                .map(|name| joined(&maker_tokens(name)))
                .collect::<HashSet<String>>();
            for name in [&product.ja, &product.en]
                .into_iter()
                .chain(&product.aliases)
            {
                let name = joined(&product_tokens(name));
                products.insert(&name, at, is_weak(&name));
                // "Cisco IOS" is "IOS" too when the maker stands in its own column.
                for own in &own_names {
                    if let Some(rest) = name.strip_prefix(own.as_str())
                        && !is_plain_word(rest)
                    {
                        products.insert(rest, at, true);
                    }
                }
            }
            for pattern in &product.models {
                products.models.insert(pattern, at);
            }
        }
        products
    }

    fn insert(&mut self, name: &str, product: usize, weak: bool) {
        if name.chars().count() < 2 {
            return;
        }
        let known = self.by_name.entry(name.to_owned()).or_default();
        if let Some((_, known_weak)) = known.iter_mut().find(|(known, _)| *known == product) {
            *known_weak = *known_weak && weak;
        } else {
            known.push((product, weak));
            self.fuzzy.insert(name, product);
        }
    }

    /// The products that the tokens may mean by name or by model number.
    pub(crate) fn named(&self, tokens: &[Token]) -> Vec<Candidate> {
        let tokens = tokens.get(..MAX_TOKENS.min(tokens.len())).unwrap_or(tokens);
        let mut found: Vec<Candidate> = Vec::new();
        for (start, first) in tokens.iter().enumerate() {
            let mut run = String::new();
            for (end, token) in tokens.iter().enumerate().skip(start).take(MAX_RUN) {
                run.push_str(&token.text);
                for (product, weak) in self.by_name.get(&run).into_iter().flatten() {
                    let span = (start, end.saturating_add(1));
                    found.push(by_name(*product, *weak, span, tokens));
                }
            }
            if first.is_japanese() {
                self.inside_word(start, tokens, &mut found);
            }
            if first.starts_word {
                for (product, length) in self.models.matching(&run) {
                    found.push(by_model(product, length, start, tokens));
                }
            }
        }
        keep_longest(&mut found);
        found
    }

    /// Names at the beginning or end of a longer Japanese word, as in 「監視用センタム」.
    fn inside_word(&self, at: usize, tokens: &[Token], found: &mut Vec<Candidate>) {
        let Some(token) = tokens.get(at) else { return };
        for (cut, _) in token.text.char_indices().skip(3) {
            let Some((head, tail)) = token.text.split_at_checked(cut) else {
                continue;
            };
            for part in [head, tail] {
                if part.chars().count() < 3 {
                    continue;
                }
                for (product, _) in self.by_name.get(part).into_iter().flatten() {
                    found.push(Candidate {
                        product: *product,
                        score: 720,
                        reason: Reason::ProductNamePart,
                        span: (at, at.saturating_add(1)),
                        weak: true,
                        followed: false,
                    });
                }
            }
        }
    }

    /// The products with a name that is almost a part of the text.
    pub(crate) fn similar(&self, tokens: &[Token]) -> Vec<Candidate> {
        let tokens = tokens.get(..12.min(tokens.len())).unwrap_or(tokens);
        let mut found = Vec::new();
        for start in 0..tokens.len() {
            let mut run = String::new();
            for (end, token) in tokens.iter().enumerate().skip(start).take(6) {
                run.push_str(&token.text);
                if run.chars().count() < 4 || run.chars().all(|c| c.is_ascii_digit()) {
                    continue;
                }
                let span = (start, end.saturating_add(1));
                for (product, likeness) in self.fuzzy.similar(&run, 640) {
                    let rest = penalty(tokens, span);
                    found.push(Candidate {
                        product,
                        score: likeness
                            .saturating_mul(9)
                            .checked_div(10)
                            .unwrap_or(0)
                            .saturating_sub(rest.checked_div(2).unwrap_or(0)),
                        reason: Reason::ProductSimilar,
                        span,
                        weak: run.chars().count() < 6,
                        followed: false,
                    });
                }
            }
        }
        found
    }
}

fn by_name(product: usize, weak: bool, span: (usize, usize), tokens: &[Token]) -> Candidate {
    let rest = penalty(tokens, span);
    let early = if span.0 == 0 { 20 } else { 0 };
    let in_brackets = tokens.get(span.0).is_some_and(|token| token.in_brackets);
    let score = if span == (0, tokens.len()) {
        1_000
    } else {
        960_u16
            .saturating_add(early)
            .saturating_sub(rest)
            .saturating_sub(if in_brackets { 150 } else { 0 })
    };
    Candidate {
        product,
        score,
        reason: if rest == 0 {
            Reason::ProductName
        } else {
            Reason::ProductNamePart
        },
        span,
        weak,
        followed: is_followed(tokens, span.1),
    }
}

fn by_model(product: usize, length: usize, start: usize, tokens: &[Token]) -> Candidate {
    // The model number goes on to the end of its word, at least as far as the pattern does.
    let mut end = start;
    let mut taken: usize = 0;
    for token in tokens.iter().skip(start) {
        if length <= taken && token.starts_word {
            break;
        }
        taken = taken.saturating_add(token.text.chars().count());
        end = end.saturating_add(1);
    }
    let longer = u16::try_from(length.min(9)).unwrap_or(0).saturating_mul(5);
    let rest = penalty(tokens, (start, end)).checked_div(2).unwrap_or(0);
    Candidate {
        product,
        score: 925_u16.saturating_add(longer).saturating_sub(rest),
        reason: Reason::ModelNumber,
        span: (start, end),
        weak: length < 5,
        followed: false,
    }
}

/// What the words outside the name take off: they may make it another product.
fn penalty(tokens: &[Token], span: (usize, usize)) -> u16 {
    let others = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| (*at < span.0 || span.1 <= *at) && !token.is_plain())
        .count();
    u16::try_from(others.min(5)).unwrap_or(5).saturating_mul(40)
}

fn is_followed(tokens: &[Token], end: usize) -> bool {
    tokens.get(end).is_some_and(|next| {
        !next.is_japanese() && !next.is_plain() && 4 <= next.text.chars().count()
    })
}

fn is_weak(name: &str) -> bool {
    let length = name.chars().count();
    length < 4
        || COMMON.contains(&name)
        || (length < 5 && name.chars().all(|c| !c.is_ascii()))
        || name.chars().all(|c| c.is_ascii_digit())
}

/// A name that is only a part of a longer one found at the same place is the weaker explanation:
/// "Windows" in "Windows Server", "IOS" in "IOS XE".
fn keep_longest(found: &mut [Candidate]) {
    let spans: Vec<(usize, usize)> = found
        .iter()
        .filter(|each| each.reason != Reason::ModelNumber)
        .map(|each| each.span)
        .collect();
    for each in found {
        let inside = spans.iter().any(|(start, end)| {
            *start <= each.span.0
                && each.span.1 <= *end
                && each.span.1.saturating_sub(each.span.0) < end.saturating_sub(*start)
        });
        if inside && each.reason != Reason::ModelNumber {
            each.score = each.score.saturating_sub(170);
        }
    }
}
