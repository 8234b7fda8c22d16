use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Corporate number (法人番号): a check digit and twelve digits.
///
/// Source: 法人番号の指定等に関する省令 Art. 2. The check digit finds every other single wrong
/// digit, but not a 0 entered for a 9 or the reverse: show the name of the company for confirmation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorporateNumber(String);

/// Says why a text is not a corporate number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CorporateNumberError {
    /// Nothing was entered.
    #[error("corporate number is empty")]
    Empty,
    /// A character that is neither a digit nor one of the separators.
    #[error("corporate number holds something other than digits")]
    NotDigits,
    /// Not thirteen digits.
    #[error("corporate number does not have thirteen digits")]
    Length,
    /// The first digit does not fit the others: a typing error.
    #[error("corporate number with a wrong check digit")]
    CheckDigit,
}

impl CorporateNumberError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "corporate_number.empty",
            Self::NotDigits => "corporate_number.not_digits",
            Self::Length => "corporate_number.length",
            Self::CheckDigit => "corporate_number.check_digit",
        }
    }
}

impl CorporateNumber {
    /// Takes what a person entered: full-width digits, spaces, hyphens and the leading `T` of an
    /// invoice registration number are accepted.
    pub fn parse(raw: &str) -> Result<Self, CorporateNumberError> {
        let folded: String = raw.nfkc().filter(|c| !is_separator(*c)).collect();
        let digits = folded.strip_prefix(['T', 't']).unwrap_or(&folded);
        if digits.is_empty() {
            return Err(CorporateNumberError::Empty);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CorporateNumberError::NotDigits);
        }
        if digits.len() != 13 {
            return Err(CorporateNumberError::Length);
        }
        if !check_digit_fits(digits) {
            return Err(CorporateNumberError::CheckDigit);
        }
        Ok(Self(digits.to_owned()))
    }

    /// The thirteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CorporateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CorporateNumber {
    type Err = CorporateNumberError;

    fn from_str(text: &str) -> Result<Self, CorporateNumberError> {
        Self::parse(text)
    }
}

/// Spaces and the dashes that people and office programs put between digits. NFKC has already
/// turned the ideographic space into a space, and the half-width long-vowel mark into 「ー」.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | 'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FEFF}'
        )
}

/// Check digit = 9 - (sum of the base digits, weighted 1 and 2 in turn from the right, modulo 9).
fn check_digit_fits(digits: &str) -> bool {
    let mut values = digits.bytes().map(|b| u32::from(b.saturating_sub(b'0')));
    let Some(check) = values.next() else {
        return false;
    };
    // Twelve base digits: the leftmost has weight 2, the rightmost weight 1.
    let sum: u32 = values
        .zip([2_u32, 1].into_iter().cycle())
        .map(|(digit, weight)| digit.saturating_mul(weight))
        .sum();
    check == 9_u32.saturating_sub(sum % 9)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{CorporateNumber, CorporateNumberError};

    const VALID: [&str; 6] = [
        "7000012050002",
        "7123456789012",
        "4011001098993",
        "8040001079502",
        "2010401059681",
        "2120901007402",
    ];

    #[test]
    fn known_numbers_are_accepted() {
        for number in VALID {
            assert_eq!(CorporateNumber::parse(number).unwrap().as_str(), number);
        }
    }

    #[test]
    fn full_width_digits_spaces_hyphens_and_the_invoice_letter_are_accepted() {
        for text in [
            "７０００ ０１２０ ５０００ ２",
            "T7000012050002",
            "Ｔ７００００１２０５０００２",
            "7000-0120-5000-2",
            "7000－0120－5000－2",
            "7000‐0120−5000―2",
            "　7000012050002\n",
        ] {
            assert_eq!(
                CorporateNumber::parse(text).unwrap().as_str(),
                "7000012050002",
                "{text}"
            );
        }
    }

    #[test]
    fn a_wrong_check_digit_is_refused() {
        assert_eq!(
            CorporateNumber::parse("8000012050002"),
            Err(CorporateNumberError::CheckDigit)
        );
        assert_eq!(
            CorporateNumber::parse("0000012050002"),
            Err(CorporateNumberError::CheckDigit)
        );
    }

    #[test]
    fn a_nine_for_a_zero_passes_as_the_ordinance_has_it() {
        assert!(CorporateNumber::parse("7900012050002").is_ok());
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        assert_eq!(
            CorporateNumber::parse(" - "),
            Err(CorporateNumberError::Empty)
        );
        assert_eq!(
            CorporateNumber::parse("700001205000"),
            Err(CorporateNumberError::Length)
        );
        assert_eq!(
            CorporateNumber::parse("70000120500022"),
            Err(CorporateNumberError::Length)
        );
        assert_eq!(
            CorporateNumber::parse("700001205000X"),
            Err(CorporateNumberError::NotDigits)
        );
        assert_eq!(
            CorporateNumber::parse("七千"),
            Err(CorporateNumberError::NotDigits)
        );
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits_a_base(base in "[0-9]{12}") {
            let fits = (0..=9).filter(|d| CorporateNumber::parse(&format!("{d}{base}")).is_ok()).count();
            prop_assert_eq!(fits, 1);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            let _ = CorporateNumber::parse(&text);
        }
    }
}
