use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::text::{Line, TextError, is_forbidden_in_line};

/// Someone at an operator or desk who can be asked (担当者). `Debug` shows nothing of the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name of the person.
    pub name: PersonName,
    /// Department (部署).
    pub department: Option<Line<100>>,
    /// Telephone in office hours.
    pub phone: Option<Phone>,
    /// Mail address; may itself be compromised during an incident.
    pub mail: Option<MailAddress>,
    /// Telephone at night and on holidays (夜間休日連絡先).
    pub night_phone: Option<Phone>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(***)")
    }
}

/// Name of a person (氏名): trimmed, 1 to 100 characters, kept as entered.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(Line<100>);

impl PersonName {
    /// Most characters that the name may have.
    pub const MAX_CHARS: usize = 100;

    /// Takes the name as entered.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        Line::parse(raw).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(***)")
    }
}

/// Telephone number: digits with an optional leading `+` and an extension.
///
/// Invariant: 5 to 20 digits; printed as entered after folding to half-width characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

/// Says why a text is not a telephone number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was entered.
    #[error("telephone number is empty")]
    Empty,
    /// A character that has no place in a telephone number.
    #[error("telephone number holds another character")]
    Character,
    /// Fewer than 5 or more than 20 digits.
    #[error("telephone number of an impossible length")]
    Length,
}

impl PhoneError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone.empty",
            Self::Character => "phone.character",
            Self::Length => "phone.length",
        }
    }
}

impl Phone {
    /// Takes the number as entered, with full-width digits, spaces, hyphens and brackets.
    pub fn parse(raw: &str) -> Result<Self, PhoneError> {
        let folded: String = raw.nfkc().map(fold_dash).collect();
        let number = folded.trim();
        if number.is_empty() {
            return Err(PhoneError::Empty);
        }
        let allowed = |c: char| {
            c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')' | '+' | '#' | '内' | '線')
        };
        if !number.chars().all(allowed) {
            return Err(PhoneError::Character);
        }
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if !(5..=20).contains(&digits) || 40 < number.chars().count() {
            return Err(PhoneError::Length);
        }
        Ok(Self(number.to_owned()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(***)")
    }
}

/// Mail address, checked for its shape only: one `@`, a dot in the domain, no spaces.
///
/// Invariant: at most 254 characters (RFC 5321 section 4.5.3.1.3).
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

/// Says why a text is not a mail address.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MailError {
    /// Nothing was entered.
    #[error("mail address is empty")]
    Empty,
    /// Longer than an address can be.
    #[error("mail address is too long")]
    TooLong,
    /// Not of the shape `name@example.jp`.
    #[error("not a mail address")]
    Shape,
}

impl MailError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "mail.empty",
            Self::TooLong => "mail.too_long",
            Self::Shape => "mail.shape",
        }
    }
}

impl MailAddress {
    /// Takes the address as entered, in full-width characters too.
    pub fn parse(raw: &str) -> Result<Self, MailError> {
        let folded: String = raw.nfkc().collect();
        let address = folded.trim();
        if address.is_empty() {
            return Err(MailError::Empty);
        }
        if 254 < address.chars().count() {
            return Err(MailError::TooLong);
        }
        let Some((local, domain)) = address.split_once('@') else {
            return Err(MailError::Shape);
        };
        let odd = |c: char| {
            c.is_whitespace() || is_forbidden_in_line(c) || matches!(c, '<' | '>' | ',' | ';')
        };
        let domain_is_odd = domain.contains('@')
            || !domain.contains('.')
            || domain
                .split('.')
                .any(|label| label.is_empty() || label.starts_with('-'));
        if local.is_empty() || domain_is_odd || address.chars().any(odd) {
            return Err(MailError::Shape);
        }
        Ok(Self(address.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(***)")
    }
}

fn fold_dash(c: char) -> char {
    if matches!(c, 'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
        '-'
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::{Contact, MailAddress, MailError, PersonName, Phone, PhoneError};

    #[test]
    fn a_telephone_number_is_taken_in_full_width_with_dashes_of_any_kind() {
        assert_eq!(
            Phone::parse("０３−１２３４ー５６７８").unwrap().as_str(),
            "03-1234-5678"
        );
        assert_eq!(
            Phone::parse("+81 (3) 1234 5678 内線12").unwrap().as_str(),
            "+81 (3) 1234 5678 内線12"
        );
    }

    #[test]
    fn a_wrong_telephone_number_is_refused_with_its_reason() {
        assert_eq!(Phone::parse(" "), Err(PhoneError::Empty));
        assert_eq!(Phone::parse("03-12"), Err(PhoneError::Length));
        assert_eq!(Phone::parse("03-1234-567O"), Err(PhoneError::Character));
    }

    #[test]
    fn a_mail_address_is_checked_for_its_shape() {
        assert_eq!(
            MailAddress::parse("ｃｓｉｒｔ＠example.jp")
                .unwrap()
                .as_str(),
            "csirt@example.jp"
        );
        for text in [
            "csirt",
            "@example.jp",
            "a@b",
            "a@b..jp",
            "a b@example.jp",
            "a@b@c.jp",
            "<a@b.jp>",
        ] {
            assert_eq!(MailAddress::parse(text), Err(MailError::Shape), "{text}");
        }
        assert_eq!(
            MailAddress::parse(&format!("{}@example.jp", "a".repeat(254))),
            Err(MailError::TooLong)
        );
    }

    #[test]
    fn debug_output_shows_nobody() {
        let contact = Contact {
            name: PersonName::parse("見本 花子").unwrap(),
            department: None,
            phone: Some(Phone::parse("03-1234-5678").unwrap()),
            mail: Some(MailAddress::parse("hanako@example.jp").unwrap()),
            night_phone: None,
        };
        let shown = format!(
            "{contact:?} {:?} {:?} {:?}",
            contact.name, contact.phone, contact.mail
        );
        for secret in ["花子", "1234", "hanako"] {
            assert!(!shown.contains(secret));
        }
    }
}
