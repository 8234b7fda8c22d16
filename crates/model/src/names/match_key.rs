use unicode_normalization::UnicodeNormalization;

use super::filed::{MakerName, ProductName};

/// Key under which equal names written differently meet. Never shown, never filed.
///
/// Made by compatibility normalisation (NFKC), lower case, one form for dashes, middle dots and
/// kanji variants, without corporate forms (makers only), without the long-vowel mark at the end of
/// katakana words of three or more morae, and without spaces and dashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchKey(String);

impl MatchKey {
    /// The key of a product or cloud service.
    pub fn of_product(name: &ProductName) -> Self {
        Self::of_search(name.as_str())
    }

    /// The key of a manufacturer or provider, without the corporate form.
    pub fn of_maker(name: &MakerName) -> Self {
        Self(compact(&normalise_maker(name.as_str())))
    }

    /// The key of what someone types to find a product.
    pub fn of_search(text: &str) -> Self {
        Self(compact(&normalise_product(text)))
    }

    /// The key of what someone types to find a maker.
    pub fn of_maker_search(text: &str) -> Self {
        Self(compact(&normalise_maker(text)))
    }

    /// The key as stored. Empty when the name has only marks, for example a single dash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Readable normal form of a product name, to show beside the filed one when suggesting an equal.
pub fn normalise_product(text: &str) -> String {
    drop_final_long_vowels(&fold(text))
}

/// Readable normal form of a maker name: as for products, and without the corporate form.
pub fn normalise_maker(text: &str) -> String {
    drop_final_long_vowels(&strip_corporate_forms(&fold(text)))
}

/// NFKC, lower case, one dash, one space, one form of a kanji; spaces collapsed.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if is_invisible(c) {
            continue;
        }
        let c = fold_char(c);
        if c == ' ' && (folded.is_empty() || folded.ends_with(' ')) {
            continue;
        }
        folded.push(c);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Variation selectors and zero-width characters, which change the look and not the name.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
    )
}

/// One form for dashes, middle dots and white space, and for kanji variants that NFKC leaves apart.
const fn fold_char(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{FE58}' => '-',
        '・' | '·' | '•' | '‧' | '\t' | '\n' | '\u{A0}' | '\u{3000}' => ' ',
        '髙' => '高',
        '﨑' | '嵜' => '崎',
        '𠮷' => '吉',
        '德' => '徳',
        '邊' | '邉' => '辺',
        '齋' => '斎',
        '齊' => '斉',
        '濱' | '濵' => '浜',
        '澤' => '沢',
        '廣' => '広',
        '國' => '国',
        '櫻' => '桜',
        '瀨' => '瀬',
        '桒' => '桑',
        '槗' => '橋',
        '彌' => '弥',
        '眞' => '真',
        '惠' => '恵',
        '榮' => '栄',
        '藏' => '蔵',
        '佛' => '仏',
        '學' => '学',
        '鐵' => '鉄',
        other => other,
    }
}

/// Corporate forms written before or after a Japanese name.
const JAPANESE_FORMS: [&str; 16] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "独立行政法人",
    "(株)",
    "(有)",
    "(同)",
    "(資)",
    "(名)",
    "(独)",
];

/// Corporate forms at the end of a name in Latin letters, as words without dots and commas.
const LATIN_FORMS: [&str; 20] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "kk",
    "gmbh",
    "ag",
    "sa",
    "sas",
    "bv",
    "nv",
    "oy",
    "ab",
];

fn strip_corporate_forms(name: &str) -> String {
    let mut rest = name;
    loop {
        let before = rest;
        for form in JAPANESE_FORMS {
            rest = keep_unless_empty(rest, rest.strip_prefix(form));
            rest = keep_unless_empty(rest, rest.strip_suffix(form));
        }
        rest = strip_latin_form(rest);
        if rest == before {
            return rest.to_owned();
        }
    }
}

/// A name that is nothing but a corporate form stays as it is.
fn keep_unless_empty<'a>(whole: &'a str, stripped: Option<&'a str>) -> &'a str {
    match stripped.map(str::trim) {
        Some(rest) if !rest.is_empty() => rest,
        Some(_) | None => whole,
    }
}

/// Removes one corporate form at the end, with the comma in front of it.
fn strip_latin_form(name: &str) -> &str {
    let Some((head, tail)) = name.trim_end_matches([',', ' ']).rsplit_once([' ', ',']) else {
        return name;
    };
    let word: String = tail.chars().filter(|c| *c != '.').collect();
    if !LATIN_FORMS.contains(&word.as_str()) {
        return name;
    }
    keep_unless_empty(name, Some(head.trim_end_matches([',', ' '])))
}

/// Drops 「ー」 at the end of a katakana word of three or more morae: サーバー and サーバ are one name,
/// キー keeps its mark.
fn drop_final_long_vowels(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut morae: u32 = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !is_katakana(c) {
            morae = 0;
            kept.push(c);
            continue;
        }
        if !is_small_vowel(c) {
            morae = morae.saturating_add(1);
        }
        let at_end = chars.peek().is_none_or(|next| !is_katakana(*next));
        if !(c == 'ー' && at_end && 3 <= morae) {
            kept.push(c);
        }
    }
    kept
}

const fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}

/// Small kana that form one mora with the kana before them; 「ッ」 is a mora of its own.
const fn is_small_vowel(c: char) -> bool {
    matches!(
        c,
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ'
    )
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{MatchKey, fold, normalise_maker, normalise_product};
    use crate::names::{MakerName, ProductName};

    fn maker(name: &str) -> MatchKey {
        MatchKey::of_maker(&MakerName::parse(name).unwrap())
    }

    fn product(name: &str) -> MatchKey {
        MatchKey::of_product(&ProductName::parse(name).unwrap())
    }

    #[test]
    fn one_maker_in_three_corporate_writings_is_one() {
        for name in [
            "㈱日立製作所",
            "株式会社　日立製作所",
            "（株）日立製作所",
            "日立製作所株式会社",
        ] {
            assert_eq!(normalise_maker(name), "日立製作所", "{name}");
        }
    }

    #[test]
    fn half_width_katakana_with_a_corporate_form_is_the_plain_name() {
        assert_eq!(
            normalise_maker("ﾌｫｰﾃｨﾈｯﾄｼﾞｬﾊﾟﾝ合同会社"),
            "フォーティネットジャパン"
        );
    }

    #[test]
    fn full_width_latin_with_a_corporate_form_is_the_plain_name() {
        assert_eq!(
            normalise_maker("Ｃｉｓｃｏ　Ｓｙｓｔｅｍｓ，　Ｉｎｃ．"),
            "cisco systems"
        );
        for name in [
            "Example Co., Ltd.",
            "EXAMPLE K.K.",
            "Example LLC",
            "Example Corp.",
        ] {
            assert_eq!(normalise_maker(name), "example", "{name}");
        }
    }

    #[test]
    fn spaces_and_hyphens_part_normal_forms_but_not_keys() {
        assert_eq!(
            normalise_product("ＦｏｒｔｉＧａｔｅ　６０Ｆ"),
            "fortigate 60f"
        );
        assert_eq!(normalise_product("FortiGate-60F"), "fortigate-60f");
        assert_eq!(
            product("ＦｏｒｔｉＧａｔｅ　６０Ｆ"),
            product("FortiGate-60F")
        );
        assert_eq!(product("Forti‐Gate—60−F"), product("FortiGate60F"));
    }

    #[test]
    fn a_long_vowel_at_the_end_of_a_long_katakana_word_does_not_part() {
        assert_eq!(product("サーバー管理ソフト"), product("サーバ管理ソフト"));
        assert_eq!(product("ﾙｰﾀｰ"), product("ルータ"));
        assert_ne!(product("キー管理"), product("キ管理"));
        assert_eq!(
            normalise_product("メーカー・コピー"),
            "メーカ コピ",
            "the mark is a mora itself"
        );
    }

    #[test]
    fn kanji_variants_and_variation_selectors_do_not_part() {
        assert_eq!(maker("髙﨑電機"), maker("高崎電機"));
        assert_eq!(maker("𠮷田"), maker("吉田"));
        assert_eq!(maker("葛\u{E0100}城"), maker("葛城"));
    }

    #[test]
    fn a_corporate_form_alone_stays_a_name() {
        assert_eq!(normalise_maker("株式会社"), "株式会社");
        assert_eq!(normalise_maker("Company"), "company");
    }

    #[test]
    fn a_product_keeps_words_that_are_corporate_forms_of_makers() {
        assert_eq!(normalise_product("Gateway AG"), "gateway ag");
    }

    proptest! {
        #[test]
        fn a_key_of_a_key_is_the_key(text in "[ァ-ヶー株式会社髙A-Zａ-ｚ ・‐-]{0,24}") {
            let key = MatchKey::of_search(&text);
            prop_assert_eq!(MatchKey::of_search(key.as_str()).as_str().len() <= key.as_str().len(), true);
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn any_text_has_a_key(text in "\\PC*") {
            let _ = (MatchKey::of_search(&text), MatchKey::of_maker_search(&text));
        }
    }
}
