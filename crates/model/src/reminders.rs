//! What people are reminded of, and when they do not want to be.

use ids::stable_codes;
use jiff::Timestamp;
use thiserror::Error;

stable_codes! {
    /// What is to be done.
    pub enum DueKind {
        /// Prompt report (速報, Order Art. 4(2)).
        PromptReport = "prompt_report",
        /// Full report (詳報, Order Art. 4(2)).
        FullReport = "full_report",
        /// Notification of computers, of changes or of the end of use (Act Art. 4).
        Notification = "notification",
        /// Answer to a request for correction (補正依頼).
        Correction = "correction",
        /// What an order asks for (Act Art. 6).
        Order = "order",
        /// What an opinion asks for (Act Art. 7).
        Opinion = "opinion",
        /// What a demand for materials asks for (Act Art. 9).
        Demand = "demand",
        /// A decision on a request for approval (決裁).
        Approval = "approval",
        /// The ratification of an emergency filing (追認).
        Ratification = "ratification",
    }
}

stable_codes! {
    /// From what the moments of a reminder are counted.
    pub enum Anchor {
        /// When the duty began.
        Start = "start",
        /// The end of the last day, or the instant until which it is to be done.
        Limit = "limit",
    }
}

stable_codes! {
    /// Whether a reminder leads to what it is about.
    pub enum Sight {
        /// The person may see it.
        Open = "open",
        /// The person only learns that something in the organisation is due.
        Blind = "blind",
    }
}

stable_codes! {
    /// Whether a reminder was made in the quiet hours of its person.
    pub enum Hour {
        /// Outside of them, or there are none.
        Ordinary = "ordinary",
        /// In them, because a limit of the law does not wait.
        Quiet = "quiet",
    }
}

/// Minutes of a day in Japan.
const DAY: u16 = 24 * 60;

/// The hours in which a person does not want to be reminded, in Japan Standard Time; they may go over midnight.
///
/// Invariant: both ends are minutes of a day and differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    until: u16,
}

/// Says that two times do not make quiet hours.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("quiet hours need two different times of the day")]
pub struct QuietHoursError;

impl QuietHours {
    /// From a minute of the day until before another.
    pub const fn new(from: u16, until: u16) -> Result<Self, QuietHoursError> {
        if from < DAY && until < DAY && from != until {
            Ok(Self { from, until })
        } else {
            Err(QuietHoursError)
        }
    }

    /// The first minute.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The minute at which they end.
    pub const fn until(self) -> u16 {
        self.until
    }

    /// Whether an instant is in them.
    pub fn contain(self, at: Timestamp) -> bool {
        let minute = minute_in_japan(at);
        if self.from < self.until {
            self.from <= minute && minute < self.until
        } else {
            self.from <= minute || minute < self.until
        }
    }
}

/// Minute of the day in Japan, which has no summer time.
fn minute_in_japan(at: Timestamp) -> u16 {
    const JAPAN_SECONDS: i64 = 9 * 3_600;
    let second = at
        .as_second()
        .saturating_add(JAPAN_SECONDS)
        .rem_euclid(86_400);
    u16::try_from(second.div_euclid(60)).unwrap_or_default()
}

/// An address of electronic mail.
///
/// Invariant: one `@` with something on both sides, ASCII without blanks and brackets, 3 to 254 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

/// Says that a text is no address of electronic mail.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an address of electronic mail is like name@example.jp")]
pub struct MailAddressError;

impl MailAddress {
    /// Reads an address.
    pub fn parse(raw: &str) -> Result<Self, MailAddressError> {
        let text = raw.trim();
        let letters = text.bytes().all(|octet| {
            octet.is_ascii_graphic()
                && !matches!(
                    octet,
                    b'<' | b'>' | b'(' | b')' | b'[' | b']' | b',' | b';' | b':' | b'"' | b'\\'
                )
        });
        let Some((local, domain)) = text.split_once('@') else {
            return Err(MailAddressError);
        };
        let dotted =
            |part: &str| !part.is_empty() && part.split('.').all(|label| !label.is_empty());
        if letters && text.len() <= 254 && !domain.contains('@') && dotted(local) && dotted(domain)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(MailAddressError)
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailAddress(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::{MailAddress, QuietHours};

    #[test]
    fn quiet_hours_over_midnight_hold_both_sides_of_it() {
        let quiet = QuietHours::new(22 * 60, 7 * 60).unwrap();
        for (at, held) in [
            ("2026-11-22T21:59:59+09:00", false),
            ("2026-11-22T22:00:00+09:00", true),
            ("2026-11-23T06:59:59+09:00", true),
            ("2026-11-23T07:00:00+09:00", false),
        ] {
            assert_eq!(quiet.contain(at.parse().unwrap()), held, "{at}");
        }
        let noon = QuietHours::new(12 * 60, 13 * 60).unwrap();
        assert!(noon.contain("2026-11-22T12:30:00+09:00".parse().unwrap()));
        assert!(!noon.contain("2026-11-22T12:30:00Z".parse().unwrap()));
        assert!(QuietHours::new(60, 60).is_err());
        assert!(QuietHours::new(60, 1_440).is_err());
    }

    #[test]
    fn a_mail_address_is_one_name_at_one_place() {
        for good in ["csirt@denki.example.jp", "a.b+c@x.jp", " tonari@x.jp "] {
            assert!(MailAddress::parse(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "csirt",
            "@x.jp",
            "a@",
            "a@b@c",
            "a@x..jp",
            "a b@x.jp",
            "a@x.jp\r\nBcc: b@x.jp",
            "電力@x.jp",
            "<a@x.jp>",
        ] {
            assert!(MailAddress::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            format!("{:?}", MailAddress::parse("a@x.jp").unwrap()),
            "MailAddress(***)"
        );
    }
}
