use std::cmp::Reverse;
use std::collections::HashMap;

use crate::learned::Learned;
use crate::makers::{Certainty, Makers};
use crate::master::Master;
use crate::products::{Candidate, Products};
use crate::suggestion::{Query, Reason, Suggestion};
use crate::text::{Token, product_tokens};

/// Suggestions of one answer.
const MAX_SUGGESTIONS: usize = 5;
/// What fits less is not shown.
const LEAST_SCORE: u16 = 480;
/// From here on a suggestion may be chosen beforehand…
const PRESELECT_SCORE: u16 = 880;
/// …if the next one is this much behind.
const PRESELECT_LEAD: u16 = 25;
/// Characters of a text that are looked at.
const MAX_CHARS: usize = 400;

/// Finds what written names mean. Made once for a master; answers in well under a millisecond.
#[derive(Clone, Debug)]
pub struct Matcher {
    master: Master,
    maker_at: HashMap<String, usize>,
    makers: Makers,
    products: Products,
}

/// How the maker that was given goes with the maker of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreement {
    /// It is the same, or one of the same group.
    Same(Certainty),
    /// It stands in the text of the product.
    InProduct,
    /// None is given.
    None,
    /// The one given is not in the master.
    Unknown,
    /// The one given is another.
    Differs,
}

#[derive(Clone, Debug)]
struct Ranked {
    maker: usize,
    product: Option<usize>,
    score: u16,
    sure: bool,
    reasons: Vec<Reason>,
}

/// A query taken apart.
struct Parts {
    makers: Vec<(usize, Certainty)>,
    has_maker: bool,
    tokens: Vec<Token>,
    in_product: Vec<(usize, usize, usize)>,
}

impl Matcher {
    /// Prepares a master for questions.
    pub fn new(master: &Master) -> Self {
        let maker_at = master
            .makers()
            .iter()
            .enumerate()
            .map(|(at, maker)| (maker.id.clone(), at))
            .collect();
        Self {
            master: master.clone(),
            maker_at,
            makers: Makers::new(master),
            products: Products::new(master),
        }
    }

    /// The master it was made for.
    pub const fn master(&self) -> &Master {
        &self.master
    }

    /// What the written names may mean, best first, at most five.
    pub fn suggest(&self, query: &Query<'_>, learned: &Learned) -> Vec<Suggestion> {
        let mut ranked = self.ranked(query);
        if let Some(first) = self.learned(query, learned) {
            ranked.retain(|each| (each.maker, each.product) != (first.maker, first.product));
            for each in &mut ranked {
                each.sure = false;
            }
            ranked.insert(0, first);
        }
        ranked.truncate(MAX_SUGGESTIONS);
        ranked
            .into_iter()
            .filter_map(|each| self.suggestion(each))
            .collect()
    }

    fn learned(&self, query: &Query<'_>, learned: &Learned) -> Option<Ranked> {
        let meaning = learned.meaning(query.maker, query.product)?;
        let maker = *self.maker_at.get(&meaning.maker_id)?;
        let product = match &meaning.product_id {
            Some(id) => Some(
                self.master
                    .products()
                    .iter()
                    .position(|each| each.id == *id)?,
            ),
            None => None,
        };
        Some(Ranked {
            maker,
            product,
            score: 1_000,
            sure: true,
            reasons: vec![Reason::Learned],
        })
    }

    fn ranked(&self, query: &Query<'_>) -> Vec<Ranked> {
        let parts = self.take_apart(query);
        let mut ranked: Vec<Ranked> = Vec::new();
        for candidate in self.candidates(query, &parts) {
            self.rank(candidate, &parts, &mut ranked);
        }
        add_makers(&parts, &mut ranked);
        ranked.retain(|each| LEAST_SCORE <= each.score);
        ranked.sort_by_key(|each| {
            (
                Reverse(each.score),
                each.product.is_none(),
                each.product,
                each.maker,
            )
        });
        let second = ranked.get(1).map_or(0, |each| each.score);
        for (place, each) in ranked.iter_mut().enumerate() {
            each.sure = each.sure
                && place == 0
                && PRESELECT_SCORE <= each.score
                && second.saturating_add(PRESELECT_LEAD) <= each.score;
        }
        ranked
    }

    fn take_apart(&self, query: &Query<'_>) -> Parts {
        let maker = query.maker.map(cut).unwrap_or_default();
        let makers = if maker.trim().is_empty() {
            Vec::new()
        } else {
            self.makers.of_text(&maker)
        };
        let tokens = product_tokens(&cut(query.product));
        let in_product = self.makers.in_product(&tokens);
        Parts {
            makers,
            has_maker: !maker.trim().is_empty(),
            tokens,
            in_product,
        }
    }

    /// Candidates by name and model; by likeness only if none of those fits well.
    fn candidates(&self, query: &Query<'_>, parts: &Parts) -> Vec<Candidate> {
        let known = parts
            .makers
            .iter()
            .any(|(_, certainty)| matches!(certainty, Certainty::Name));
        let mut found = self.products.named(&parts.tokens);
        if !known && parts.has_maker {
            // Someone wrote the product into the column of the maker.
            let mut both = product_tokens(&cut(query.maker.unwrap_or_default()));
            let before = both.len();
            both.extend(parts.tokens.iter().cloned());
            found.extend(
                self.products
                    .named(&both)
                    .into_iter()
                    .filter(|each| each.span.0 < before),
            );
        }
        let good = found
            .iter()
            .any(|each| 860 <= each.score && !each.followed && self.agrees(each.product, parts));
        if !good {
            found.extend(self.products.similar(&parts.tokens));
        }
        found
    }

    fn agrees(&self, product: usize, parts: &Parts) -> bool {
        matches!(
            self.agreement(product, parts).0,
            Agreement::Same(_) | Agreement::InProduct
        )
    }

    /// How the maker given goes with the product, and which maker is meant then.
    fn agreement(&self, product: usize, parts: &Parts) -> (Agreement, usize) {
        let own = self.maker_of(product);
        for (maker, certainty) in &parts.makers {
            if *maker == own || self.same_group(*maker, own) {
                return (Agreement::Same(*certainty), *maker);
            }
        }
        let in_product = parts
            .in_product
            .iter()
            .find(|(maker, ..)| *maker == own || self.same_group(*maker, own));
        if in_product.is_some() {
            return (Agreement::InProduct, own);
        }
        if !parts.has_maker {
            return (Agreement::None, own);
        }
        let named = parts
            .makers
            .iter()
            .any(|(_, certainty)| *certainty == Certainty::Name);
        if named {
            (Agreement::Differs, own)
        } else {
            (Agreement::Unknown, own)
        }
    }

    fn rank(&self, candidate: Candidate, parts: &Parts, ranked: &mut Vec<Ranked>) {
        let (agreement, maker) = self.agreement(candidate.product, parts);
        let (part, sure) = weight(agreement, &candidate);
        let mut score = share(
            without_maker_words(&candidate, self.maker_of(candidate.product), parts),
            part,
        );
        if candidate.weak && !matches!(agreement, Agreement::Same(Certainty::Name)) {
            score = share(score, 800);
        }
        let mut reasons = vec![candidate.reason];
        reasons.extend(match agreement {
            Agreement::Same(Certainty::Name) => Some(Reason::MakerName),
            Agreement::Same(Certainty::Similar(_) | Certainty::Prefix) => {
                Some(Reason::MakerSimilar)
            }
            Agreement::InProduct => Some(Reason::MakerInProduct),
            Agreement::Differs => Some(Reason::MakerDiffers),
            Agreement::Unknown => Some(Reason::MakerUnknown),
            Agreement::None => None,
        });
        let new = Ranked {
            maker,
            product: Some(candidate.product),
            score,
            sure,
            reasons,
        };
        match ranked
            .iter_mut()
            .find(|each| each.product == new.product && each.maker == new.maker)
        {
            Some(known) if known.score < new.score => *known = new,
            Some(_) => {}
            None => ranked.push(new),
        }
    }

    fn suggestion(&self, ranked: Ranked) -> Option<Suggestion> {
        let maker = self.master.makers().get(ranked.maker)?;
        let product = ranked.product.and_then(|at| self.master.products().get(at));
        Some(Suggestion {
            maker_id: maker.id.clone(),
            maker_ja: maker.ja.clone(),
            maker_en: maker.en.clone(),
            product_id: product.map(|each| each.id.clone()),
            product_ja: product.map(|each| each.ja.clone()),
            product_en: product.map(|each| each.en.clone()),
            score: ranked.score,
            preselected: ranked.sure,
            reasons: ranked.reasons,
        })
    }

    fn maker_of(&self, product: usize) -> usize {
        self.master
            .products()
            .get(product)
            .and_then(|product| self.maker_at.get(&product.maker).copied())
            .unwrap_or(usize::MAX)
    }

    fn same_group(&self, one: usize, other: usize) -> bool {
        let group = |at: usize| {
            self.master
                .makers()
                .get(at)
                .and_then(|maker| maker.group.as_deref())
        };
        group(one).is_some() && group(one) == group(other)
    }
}

/// The score, with words that name the maker not counted against the product.
fn without_maker_words(candidate: &Candidate, own: usize, parts: &Parts) -> u16 {
    let words = parts
        .in_product
        .iter()
        .filter(|(maker, start, end)| {
            *maker == own && (*end <= candidate.span.0 || candidate.span.1 <= *start)
        })
        .map(|(_, start, end)| end.saturating_sub(*start))
        .max()
        .unwrap_or(0);
    let back = u16::try_from(words.min(4)).unwrap_or(0).saturating_mul(40);
    candidate.score.saturating_add(back).min(1_000)
}

/// The maker alone, first if nothing is known of the product.
fn add_makers(parts: &Parts, ranked: &mut Vec<Ranked>) {
    // What is similar only and of another maker says nothing against the maker that is named.
    let best = ranked
        .iter()
        .filter(|each| 860 <= each.score || !each.reasons.contains(&Reason::MakerDiffers))
        .map(|each| each.score)
        .max()
        .unwrap_or(0);
    let several = 1 < parts.makers.len();
    for (maker, certainty) in &parts.makers {
        let (score, sure, reason) = match certainty {
            Certainty::Name if best < 600 => (900, !several, Reason::MakerName),
            Certainty::Name => (640, false, Reason::MakerName),
            Certainty::Similar(likeness) => (share(*likeness, 700), false, Reason::MakerSimilar),
            Certainty::Prefix => (500, false, Reason::MakerSimilar),
        };
        ranked.push(Ranked {
            maker: *maker,
            product: None,
            score,
            sure,
            reasons: vec![reason],
        });
    }
    if parts.makers.is_empty() && ranked.is_empty() {
        for (maker, ..) in &parts.in_product {
            ranked.push(Ranked {
                maker: *maker,
                product: None,
                score: 600,
                sure: false,
                reasons: vec![Reason::MakerInProduct],
            });
        }
    }
}

/// What the maker leaves of the score, in thousandths, and whether it may be chosen beforehand.
fn weight(agreement: Agreement, candidate: &Candidate) -> (u16, bool) {
    let by_likeness = candidate.reason == Reason::ProductSimilar || candidate.followed;
    match agreement {
        Agreement::Same(Certainty::Name) => (1_000, !by_likeness),
        Agreement::Same(Certainty::Similar(_)) => (980, !by_likeness && !candidate.weak),
        Agreement::Same(Certainty::Prefix) => (850, false),
        Agreement::InProduct => (990, !by_likeness && !candidate.weak),
        Agreement::None => (960, !by_likeness && !candidate.weak),
        Agreement::Unknown => (800, false),
        Agreement::Differs if candidate.reason == Reason::ModelNumber => (850, false),
        Agreement::Differs => (
            930,
            !by_likeness && !candidate.weak && 950 <= candidate.score,
        ),
    }
}

fn share(score: u16, thousandths: u16) -> u16 {
    let part = u32::from(score)
        .saturating_mul(u32::from(thousandths))
        .checked_div(1_000)
        .unwrap_or(0);
    u16::try_from(part).unwrap_or(u16::MAX)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::{Learned, Master, Meaning, Query, Reason, Suggestion};

    fn suggest(maker: &str, product: &str) -> Vec<Suggestion> {
        let query = Query {
            maker: Some(maker),
            product,
        };
        Matcher::new(&Master::embedded().unwrap()).suggest(&query, &Learned::default())
    }

    fn first(maker: &str, product: &str) -> (String, Option<String>, bool) {
        let all = suggest(maker, product);
        let first = all.first().cloned().unwrap();
        (first.maker_id, first.product_id, first.preselected)
    }

    fn meant(maker: &str, product: &str) -> (String, Option<String>, bool) {
        (maker.to_owned(), Some(product.to_owned()), true)
    }

    #[test]
    fn a_model_number_leads_to_its_family() {
        let expected = meant("fortinet", "fortinet.fortigate");
        assert_eq!(first("ﾌｫｰﾃｨﾈｯﾄｼﾞｬﾊﾟﾝ合同会社", "FortiGate-60F"), expected);
        assert_eq!(first("Fortinet, Inc.", "ＦＧ－６０Ｆ"), expected);
    }

    #[test]
    fn one_name_of_two_makers_goes_by_the_maker() {
        assert_eq!(first("シスコ", "IOS 15.2"), meant("cisco", "cisco.ios"));
        assert_eq!(first("シスコ", "IOS XE 17"), meant("cisco", "cisco.iosxe"));
        assert_eq!(first("アップル", "iOS 17"), meant("apple", "apple.ios"));
        let open = suggest("", "iOS");
        assert!(2 <= open.len() && open.iter().all(|each| !each.preselected));
    }

    #[test]
    fn a_name_that_is_not_in_the_master_is_not_chosen() {
        for (maker, product) in [
            ("架空制御株式会社", "監視装置 K-1"),
            ("日立化成", "積層板"),
            ("ヤマハ発動機", "船外機"),
            ("", "ー"),
            ("", ""),
        ] {
            let all = suggest(maker, product);
            assert!(all.iter().all(|each| !each.preselected), "{all:?}");
        }
    }

    #[test]
    fn a_dealer_in_the_column_of_the_maker_does_not_hide_the_maker() {
        let all = suggest("伊藤忠テクノソリューションズ", "Cisco Catalyst 9300");
        assert_eq!(all[0].maker_id, "cisco");
        assert!(all.iter().any(|each| each.maker_id == "ctc"));
        let all = suggest("日立", "Windows Server 2016");
        assert_eq!(
            all[0].product_id.as_deref(),
            Some("microsoft.windowsserver")
        );
        assert!(all[0].reasons.contains(&Reason::MakerDiffers));
    }

    #[test]
    fn what_the_organisation_learned_comes_first() {
        let matcher = Matcher::new(&Master::embedded().unwrap());
        let mut learned = Learned::default();
        let query = Query {
            maker: Some("情シス"),
            product: "本社の壁",
        };
        assert!(
            matcher
                .suggest(&query, &learned)
                .iter()
                .all(|each| !each.preselected)
        );
        learned.insert(
            Some("情シス"),
            "本社の壁",
            Meaning {
                maker_id: "fortinet".to_owned(),
                product_id: Some("fortinet.fortigate".to_owned()),
            },
        );
        let wide = Query {
            maker: Some("情シス"),
            product: "本社　の壁",
        };
        let all = matcher.suggest(&wide, &learned);
        assert_eq!(all[0].product_id.as_deref(), Some("fortinet.fortigate"));
        assert_eq!(all[0].reasons, [Reason::Learned]);
        assert!(all[0].preselected);
    }

    #[test]
    fn an_answer_has_at_most_five_and_at_most_one_is_chosen() {
        for product in [
            "Windows",
            "UPS",
            "サーバー",
            "Oracle Cisco Fortinet IBM HP AX3650",
        ] {
            let all = suggest("", product);
            assert!(all.len() <= 5);
            assert!(all.iter().filter(|each| each.preselected).count() <= 1);
            assert!(all.is_sorted_by(|one, other| other.score <= one.score));
            assert!(all.iter().all(|each| each.score <= 1_000));
        }
    }

    #[test]
    fn a_file_of_the_instance_adds_makers_products_and_names() {
        let file = "maker,maker_ja,maker_en,maker_aliases,product,ja,en,unit,cpe,aliases,models\n\
                    kita,北野電子,Kitano,北野,kita.kb,KB監視盤,KB panel,hardware,,,kb###\n\
                    fortinet,,,赤い箱の会社,fortinet.fortigate,,,hardware,,赤い箱,\n";
        let master = Master::embedded().unwrap().extended(file).unwrap();
        let matcher = Matcher::new(&master);
        let ask = |maker, product| {
            let query = Query {
                maker: Some(maker),
                product,
            };
            matcher.suggest(&query, &Learned::default()).remove(0)
        };
        assert_eq!(
            ask("㈱北野電子", "KB-200").product_id.as_deref(),
            Some("kita.kb")
        );
        assert_eq!(
            ask("赤い箱の会社", "赤い箱").product_id.as_deref(),
            Some("fortinet.fortigate")
        );
        assert!(Master::read("maker,ja\n").is_err());
    }
}
