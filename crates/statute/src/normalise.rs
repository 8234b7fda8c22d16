//! Product and maker names in a form that can be compared.

use unicode_normalization::UnicodeNormalization as _;

/// Signs of a company form that do not tell makers apart.
const COMPANY_FORMS: &[&str] = &["株式会社", "有限会社", "合同会社", "(株)", "(有)", "(同)"];

/// Words of a company form, compared as whole words.
const COMPANY_WORDS: &[&str] = &[
    "co.,ltd.",
    "co.,",
    "co.",
    "co",
    "ltd.",
    "ltd",
    "inc.",
    "inc",
    "corp.",
    "corp",
    "corporation",
    "k.k.",
    "kk",
    "llc",
    "limited",
    "incorporated",
    "gmbh",
    "plc",
];

/// A product or maker name folded so that spellings of one name are equal.
///
/// Width (NFKC), case, hyphens, middle dots, spaces, company forms, 髙 and 﨑, and a long vowel at
/// the end of a katakana word (サーバー, サーバ) do not count.
pub fn match_key(name: &str) -> String {
    let mut plain: String = name
        .chars()
        .filter(|each| !matches!(each, '®' | '™' | '©'))
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(fold_char)
        .collect();
    for form in COMPANY_FORMS {
        plain = plain.replace(form, " ");
    }
    let words: Vec<String> = plain
        .replace(", ltd", ",ltd")
        .split_whitespace()
        .filter(|word| !COMPANY_WORDS.contains(word))
        .map(|word| strip_signs(word.trim_matches(',')))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn fold_char(each: char) -> char {
    match each {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '・' | '･' | '·' => ' ',
        '髙' => '高',
        '﨑' => '崎',
        other => other,
    }
}

/// Drops a long vowel sign after katakana at the end of a word of three letters or more.
fn strip_signs(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [rest @ .., before, 'ー'] if is_katakana(*before) && rest.len() >= 2 => letters
            .iter()
            .take(letters.len().saturating_sub(1))
            .collect(),
        _ => word.to_owned(),
    }
}

const fn is_katakana(each: char) -> bool {
    matches!(each, 'ァ'..='ヺ')
}

#[cfg(test)]
mod tests {
    use super::match_key;

    #[test]
    fn spellings_of_one_name_are_equal() {
        assert_eq!(match_key("Ｗｉｎｄｏｗｓ　Ｓｅｒｖｅｒ"), "windows server");
        assert_eq!(match_key("ウェブサーバー"), match_key("ウェブサーバ"));
        assert_eq!(match_key("株式会社髙田製作所"), match_key("高田製作所㈱"));
        assert_eq!(match_key("Example Co., Ltd."), match_key("EXAMPLE"));
        assert_eq!(match_key("FW–100"), match_key("fw-100"));
    }

    #[test]
    fn a_short_katakana_word_keeps_its_long_vowel() {
        assert_eq!(match_key("キー"), "キー");
    }
}
