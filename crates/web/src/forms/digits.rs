//! Numbers as people type them: full-width, with spaces, commas and hyphens.

use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

/// The text in compatibility form (NFKC), without spaces around it. For numbers, dates and
/// codes only: it changes ㈱ and ① in ordinary text, which is kept as typed.
pub fn fold(text: &str) -> String {
    let folded: String = text.nfkc().collect();
    folded.trim().to_owned()
}

/// A whole number; thousands may be parted by commas.
pub fn integer<N: FromStr>(text: &str) -> Option<N> {
    let folded: String = fold(text).chars().filter(|letter| *letter != ',').collect();
    let digits = !folded.is_empty() && folded.chars().all(|letter| letter.is_ascii_digit());
    if digits { folded.parse().ok() } else { None }
}

/// The digits of a code such as a 法人番号 or telephone number: spaces and all kinds of
/// hyphens are dropped, everything else is kept for the parser to refuse.
pub fn code(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|letter| !letter.is_whitespace() && !is_hyphen(*letter))
        .collect()
}

fn is_hyphen(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_are_digits() {
        assert_eq!(integer::<u32>("１２，３４５"), Some(12_345));
        assert_eq!(integer::<u32>(" 7 "), Some(7));
        assert_eq!(integer::<u32>("七"), None);
        assert_eq!(integer::<u32>("-7"), None);
        assert_eq!(integer::<i8>("300"), None);
    }

    #[test]
    fn a_code_loses_its_spaces_and_hyphens() {
        assert_eq!(code("７０００−０１２０　５０００２"), "7000012050002");
        assert_eq!(code("T7000-0120-5000-2"), "T7000012050002");
    }
}
