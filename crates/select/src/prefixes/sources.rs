//! Range lists as they are published: RIR delegated files, tor-geoipdb, plain CSV.

use std::net::IpAddr;

use thiserror::Error;

/// How a source writes its ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `registry|CC|ipv4|FIRST|COUNT|date|status`, as the regional registries publish.
    Delegated,
    /// `FIRST,LAST,CC` with IPv4 addresses as numbers: Debian's tor-geoipdb.
    Tor,
    /// `FIRST,LAST,CC` or `PREFIX,CC` with addresses as usual.
    Csv,
}

/// A line of a source that cannot be used.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct SourceError {
    /// Counted from 1.
    pub line: u32,
    /// What is wrong and what to do.
    pub problem: SourceProblem,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SourceProblem {
    /// Too few fields.
    #[error("too few fields for this format; check which format the file has")]
    Fields,
    /// Not an address.
    #[error("not an address, prefix or count; check which format the file has")]
    Address,
    /// The two ends do not belong together.
    #[error("the range ends before it begins, or mixes IPv4 and IPv6")]
    Range,
}

/// A range as a source states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated<'t> {
    pub(super) v6: bool,
    pub(super) first: u128,
    pub(super) last: u128,
    /// Nothing where the source says that the range is not in use.
    pub(super) country: Option<&'t str>,
}

/// Reads one line; `None` for comments and summaries.
pub(super) fn line(format: Format, text: &str) -> Result<Option<Stated<'_>>, SourceProblem> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    match format {
        Format::Delegated => delegated(text),
        Format::Tor | Format::Csv => comma(text).map(Some),
    }
}

fn delegated(text: &str) -> Result<Option<Stated<'_>>, SourceProblem> {
    let fields: Vec<&str> = text.split('|').collect();
    let [_registry, country, kind, first, value, _date, status, ..] = fields.as_slice() else {
        // The version line and the summaries are shorter, and so are their last fields.
        return match fields.as_slice() {
            [_, _, _, _, _, "summary"] => Ok(None),
            _ => Err(SourceProblem::Fields),
        };
    };
    let v6 = match *kind {
        "ipv4" => false,
        "ipv6" => true,
        // Autonomous system numbers, and the version line, whose third field is a serial number.
        _ => return Ok(None),
    };
    let first: IpAddr = first.parse().map_err(|_| SourceProblem::Address)?;
    let value: u32 = value.parse().map_err(|_| SourceProblem::Address)?;
    let (first, last) = match first {
        IpAddr::V4(first) if !v6 => {
            let first = u128::from(first.to_bits());
            let last = first.saturating_add(u128::from(value)).checked_sub(1);
            (first, last)
        }
        IpAddr::V6(first) if v6 && value <= 128 => {
            let host = u128::MAX.checked_shr(value).unwrap_or(0);
            (first.to_bits(), Some(first.to_bits() | host))
        }
        _ => return Err(SourceProblem::Range),
    };
    let last = last
        .filter(|last| first <= *last)
        .ok_or(SourceProblem::Range)?;
    let country = match *status {
        "allocated" | "assigned" => Some(*country),
        _ => None,
    };
    Ok(Some(Stated {
        v6,
        first,
        last,
        country,
    }))
}

fn comma(text: &str) -> Result<Stated<'_>, SourceProblem> {
    let mut fields = text.split(',').map(|field| field.trim().trim_matches('"'));
    let (Some(one), Some(two)) = (fields.next(), fields.next()) else {
        return Err(SourceProblem::Fields);
    };
    if let Some((address, length)) = one.split_once('/') {
        let (v6, first, last) = prefix(address, length).ok_or(SourceProblem::Address)?;
        return Ok(Stated {
            v6,
            first,
            last,
            country: Some(two),
        });
    }
    let country = fields.next().ok_or(SourceProblem::Fields)?;
    let (first_v6, first) = number(one).ok_or(SourceProblem::Address)?;
    let (last_v6, last) = number(two).ok_or(SourceProblem::Address)?;
    if first_v6 != last_v6 || last < first {
        return Err(SourceProblem::Range);
    }
    Ok(Stated {
        v6: first_v6,
        first,
        last,
        country: Some(country),
    })
}

/// An address as usual, or an IPv4 address as a number.
fn number(text: &str) -> Option<(bool, u128)> {
    if let Ok(number) = text.parse::<u32>() {
        return Some((false, u128::from(number)));
    }
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => (false, u128::from(address.to_bits())),
        IpAddr::V6(address) => (true, address.to_bits()),
    })
}

fn prefix(address: &str, length: &str) -> Option<(bool, u128, u128)> {
    let length: u32 = length.parse().ok()?;
    match address.parse().ok()? {
        IpAddr::V4(address) if length <= 32 => {
            let first = address.to_bits();
            let last = first | u32::MAX.checked_shr(length).unwrap_or(0);
            Some((false, u128::from(first), u128::from(last)))
        }
        IpAddr::V6(address) if length <= 128 => {
            let first = address.to_bits();
            Some((
                true,
                first,
                first | u128::MAX.checked_shr(length).unwrap_or(0),
            ))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}
