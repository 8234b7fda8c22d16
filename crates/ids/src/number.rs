use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Receipt number (受付番号), for example `HK-2026-7K3M-9QXA-4`.
///
/// Kind, calendar year in Japan, eight random characters and a check character over all of them.
/// The alphabet has no `I`, `L`, `O`, `U`, `0` or `1`, so that it can be read out on the telephone.
/// Random, not serial: no writer waits for a counter, and nobody learns how many were filed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReceiptNumber(String);

/// Says why a text is not a receipt number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NumberError {
    /// The parts are missing or too long, or hold a character outside the alphabet.
    #[error("not a receipt number")]
    Malformed,
    /// The check character does not fit: a typing error.
    #[error("receipt number with a wrong check character")]
    Check,
}

const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVWXY";

impl ReceiptNumber {
    /// Makes a number from kind letters, year and eight octets of randomness.
    pub fn new(prefix: &str, year: i16, random: [u8; 8]) -> Self {
        let code: String = random.iter().map(|byte| letter(u32::from(*byte))).collect();
        let (first, second) = code.split_at_checked(4).unwrap_or((&code, ""));
        let stem = format!("{prefix}-{year}-{first}-{second}");
        let check = check_letter(&stem);
        Self(format!("{stem}-{check}"))
    }

    /// The number as printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ReceiptNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let text = text.trim().to_ascii_uppercase();
        let (stem, check) = text.rsplit_once('-').ok_or(NumberError::Malformed)?;
        let parts: Vec<&str> = stem.split('-').collect();
        let [prefix, year, first, second] = parts.as_slice() else {
            return Err(NumberError::Malformed);
        };
        let letters = |part: &str| part.len() == 4 && part.bytes().all(|b| ALPHABET.contains(&b));
        let well_formed = prefix.len() == 2
            && prefix.bytes().all(|b| b.is_ascii_uppercase())
            && year.len() == 4
            && year.bytes().all(|b| b.is_ascii_digit())
            && letters(first)
            && letters(second)
            && check.len() == 1;
        if !well_formed {
            return Err(NumberError::Malformed);
        }
        if !check.starts_with(check_letter(stem)) {
            return Err(NumberError::Check);
        }
        Ok(Self(text))
    }
}

/// Weighted sum modulo the (prime) alphabet size: finds every single wrong character and swap of
/// neighbours.
fn check_letter(stem: &str) -> char {
    let mut sum: u32 = 0;
    for (position, byte) in (1_u32..).zip(stem.bytes()) {
        sum = (position % 28)
            .wrapping_mul(u32::from(byte))
            .wrapping_add(sum)
            % 29;
    }
    letter(sum)
}

fn letter(value: u32) -> char {
    let index = usize::try_from(value % 29).unwrap_or(0);
    ALPHABET.get(index).map_or('2', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

    use super::{NumberError, ReceiptNumber};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_number_reads_back_and_one_wrong_letter_is_found(random in any::<[u8; 8]>(), at in 8_usize..12) {
            let number = ReceiptNumber::new("HK", 2026, random);
            prop_assert_eq!(number.as_str().parse::<ReceiptNumber>(), Ok(number.clone()));
            let mut wrong = number.as_str().as_bytes().to_vec();
            wrong[at] = if wrong[at] == b'2' { b'3' } else { b'2' };
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(wrong.parse::<ReceiptNumber>() == Err(NumberError::Check));
        }
    }

    #[test]
    fn a_number_is_accepted_in_lower_case() {
        let number = ReceiptNumber::new("TD", 2026, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(number.as_str().to_lowercase().parse(), Ok(number));
    }
}
