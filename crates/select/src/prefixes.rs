//! Which addresses belong to the country: a table with a date, a source and a digest.
//!
//! Geography by address is an estimate. The table therefore has three answers, and what is private, special,
//! disputed or in no list is [`Place::Undetermined`], never foreign.

use std::fmt::Write as _;
use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

mod build;
mod lookup;
mod sources;
mod special;

pub use build::{BuildError, Builder};
pub use lookup::PrefixTable;
pub use sources::{Format, SourceError, SourceProblem};

const TITLE: &str = "noroshi-prefixes 1";
/// Ranges in one table, at most. A country's table has some ten thousand.
const MAX_RANGES: usize = 4_000_000;

/// Where an address belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the country.
    Domestic,
    /// Abroad.
    Foreign,
    /// Private, special, disputed, or in no list.
    Undetermined,
}

/// What a table may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For selection under a warrant.
    Operation,
    /// For exercises (演習): may sort the addresses set aside for documentation (RFC 5737, RFC 3849).
    Exercise,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Exercise => "exercise",
        }
    }
}

/// Where a table comes from. All of it is part of the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What it may be used for.
    pub purpose: Purpose,
    /// The day the source was made, as `YYYY-MM-DD`.
    pub date: String,
    /// Name and version of the source.
    pub source: String,
    /// SHA-256 of the source files, in hexadecimal.
    pub source_digest: String,
    /// The code of the country, as the source writes it.
    pub country: String,
}

/// A run of addresses of one family in one place. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) v6: bool,
    pub(crate) first: u128,
    pub(crate) last: u128,
    pub(crate) place: Place,
}

/// Why a table file is refused. Lines count from 1.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// The first line is not that of a table.
    #[error(
        "not a prefix table: the first line must be `noroshi-prefixes 1`; build one with `prefixes build`"
    )]
    Title,
    /// A header line is missing or odd.
    #[error("line {line}: expected `{key} …`; build the table anew")]
    Header {
        /// Which line.
        line: u32,
        /// What stands there in a table.
        key: &'static str,
    },
    /// A line that is no range.
    #[error("line {line}: expected `FIRST LAST domestic|foreign`; build the table anew")]
    Line {
        /// Which line.
        line: u32,
    },
    /// Ranges must ascend without overlap, IPv4 before IPv6.
    #[error("line {line}: ranges must ascend and not overlap; build the table anew")]
    Order {
        /// Which line.
        line: u32,
    },
    /// A private or special address was called domestic or foreign.
    #[error("line {line}: holds private or special addresses, which are always undetermined")]
    Special {
        /// Which line.
        line: u32,
    },
    /// More ranges than a table may hold.
    #[error("more than {MAX_RANGES} ranges")]
    TooMany,
}

impl Origin {
    fn is_sound(&self) -> bool {
        let one_line = |text: &str| {
            !text.is_empty() && text.len() <= 200 && !text.chars().any(char::is_control)
        };
        is_date(&self.date)
            && one_line(&self.source)
            && is_digest(&self.source_digest)
            && one_line(&self.country)
            && !self.country.contains(' ')
    }
}

/// Writes the canonical file: the same ranges and origin give the same octets.
pub(crate) fn write(origin: &Origin, ranges: &[Range]) -> String {
    let mut text = String::with_capacity(ranges.len().saturating_mul(32).saturating_add(256));
    let _ = writeln!(text, "{TITLE}");
    let _ = writeln!(text, "purpose {}", origin.purpose.code());
    let _ = writeln!(text, "date {}", origin.date);
    let _ = writeln!(text, "source {}", origin.source);
    let _ = writeln!(text, "source-digest {}", origin.source_digest);
    let _ = writeln!(text, "country {}", origin.country);
    for range in ranges {
        let place = match range.place {
            Place::Domestic => "domestic",
            Place::Foreign => "foreign",
            Place::Undetermined => continue,
        };
        let first = special::address(range.v6, range.first);
        let last = special::address(range.v6, range.last);
        let _ = writeln!(text, "{first} {last} {place}");
    }
    text
}

/// Reads a canonical file.
pub(crate) fn read(text: &str) -> Result<(Origin, Vec<Range>), TableError> {
    let mut lines = text.lines().zip(1_u32..);
    if lines.next().is_none_or(|(line, _)| line != TITLE) {
        return Err(TableError::Title);
    }
    let mut header = |key: &'static str, line: u32| {
        lines
            .next()
            .and_then(|(text, _)| text.strip_prefix(key)?.strip_prefix(' '))
            .map(str::to_owned)
            .ok_or(TableError::Header { line, key })
    };
    let purpose = match header("purpose", 2)?.as_str() {
        "operation" => Purpose::Operation,
        "exercise" => Purpose::Exercise,
        _ => {
            return Err(TableError::Header {
                line: 2,
                key: "purpose",
            });
        }
    };
    let origin = Origin {
        purpose,
        date: header("date", 3)?,
        source: header("source", 4)?,
        source_digest: header("source-digest", 5)?,
        country: header("country", 6)?,
    };
    if !origin.is_sound() {
        return Err(TableError::Header {
            line: 3,
            key: "date",
        });
    }
    let mut specials = special::ranges(purpose);
    specials.sort_unstable_by_key(|special| (special.v6, special.first));
    let mut specials = specials.iter().peekable();
    let mut ranges: Vec<Range> = Vec::new();
    for (text, line) in lines {
        let range = range(text).ok_or(TableError::Line { line })?;
        if range.last < range.first {
            return Err(TableError::Order { line });
        }
        if ranges
            .last()
            .is_some_and(|before| (range.v6, range.first) <= (before.v6, before.last))
        {
            return Err(TableError::Order { line });
        }
        // Both ascend and neither overlaps itself: the first special range that does not end before is the one to ask.
        let ends_before = |special: &&Range| (special.v6, special.last) < (range.v6, range.first);
        while specials.next_if(ends_before).is_some() {}
        let overlaps = |special: &&Range| special.v6 == range.v6 && special.first <= range.last;
        if specials.peek().is_some_and(overlaps) {
            return Err(TableError::Special { line });
        }
        if MAX_RANGES <= ranges.len() {
            return Err(TableError::TooMany);
        }
        ranges.push(range);
    }
    Ok((origin, ranges))
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(' ');
    let first: IpAddr = parts.next()?.parse().ok()?;
    let last: IpAddr = parts.next()?.parse().ok()?;
    let place = match parts.next()? {
        "domestic" => Place::Domestic,
        "foreign" => Place::Foreign,
        _ => return None,
    };
    let ends = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => (
            false,
            u128::from(first.to_bits()),
            u128::from(last.to_bits()),
        ),
        (IpAddr::V6(first), IpAddr::V6(last)) => (true, first.to_bits(), last.to_bits()),
        _ => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    let (v6, first, last) = ends;
    Some(Range {
        v6,
        first,
        last,
        place,
    })
}

/// SHA-256 of `text` in hexadecimal.
pub(crate) fn digest_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for octet in Sha256::digest(bytes) {
        let _ = write!(text, "{octet:02x}");
    }
    text
}

fn is_digest(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |length: usize, low: u32, high: u32| {
        parts
            .next()
            .filter(|part| part.len() == length && part.bytes().all(|octet| octet.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|number| low <= number && number <= high)
    };
    number(4, 1990, 9999) && number(2, 1, 12) && number(2, 1, 31) && parts.next().is_none()
}
