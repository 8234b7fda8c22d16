//! From published lists to a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::bytes::long;
use crate::prefixes::sources::line;
use crate::prefixes::{
    Format, MAX_RANGES, Origin, Place, Purpose, Range, SourceError, TableError, special, write,
};

/// Why no table was built.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BuildError {
    /// A line of a source cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// No range of the country was in the sources.
    #[error("no range of the country is in the sources; check the country code")]
    NoDomestic,
    /// Date, name or country do not have their form.
    #[error("the date must be YYYY-MM-DD; source and country must be one line")]
    Origin,
    /// More ranges than a table may hold.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Collects ranges from any number of source files and writes the canonical table.
pub struct Builder {
    purpose: Purpose,
    country: String,
    ranges: Vec<Range>,
    sources: Sha256,
}

impl Builder {
    /// For the country `country`, as the sources write it (`JP`).
    pub fn new(purpose: Purpose, country: &str) -> Self {
        Self {
            purpose,
            country: country.to_owned(),
            ranges: special::ranges(purpose),
            sources: Sha256::new(),
        }
    }

    /// Adds a source file. What it says of another country is foreign; what it says to be unused, or of a code
    /// that stands for no country, is undetermined; so is what two sources dispute.
    pub fn add(&mut self, format: Format, text: &str) -> Result<(), BuildError> {
        self.sources.update(long(text.len()).to_be_bytes());
        self.sources.update(text.as_bytes());
        for (text, number) in text.lines().zip(1_u32..) {
            let stated = line(format, text).map_err(|problem| SourceError {
                line: number,
                problem,
            })?;
            let Some(stated) = stated else {
                continue;
            };
            let place = match stated.country {
                Some(code) if code == self.country => Place::Domestic,
                Some(code) if is_country(code) => Place::Foreign,
                _ => Place::Undetermined,
            };
            if MAX_RANGES <= self.ranges.len() {
                return Err(TableError::TooMany.into());
            }
            self.ranges.push(Range {
                v6: stated.v6,
                first: stated.first,
                last: stated.last,
                place,
            });
        }
        Ok(())
    }

    /// The canonical file of a table dated `date` from the source named `source`.
    pub fn finish(self, date: &str, source: &str) -> Result<String, BuildError> {
        let mut digest = String::with_capacity(64);
        for octet in self.sources.finalize() {
            let _ = write!(digest, "{octet:02x}");
        }
        let origin = Origin {
            purpose: self.purpose,
            date: date.to_owned(),
            source: source.to_owned(),
            source_digest: digest,
            country: self.country,
        };
        if !origin.is_sound() {
            return Err(BuildError::Origin);
        }
        let mut merged = merge(&self.ranges, false);
        merged.extend(merge(&self.ranges, true));
        if !merged.iter().any(|range| range.place == Place::Domestic) {
            return Err(BuildError::NoDomestic);
        }
        Ok(write(&origin, &merged))
    }
}

/// Two capital letters that stand for a country. `ZZ` and `XX` mean unknown; `EU` and `AP` are regions.
fn is_country(code: &str) -> bool {
    let letters = code.len() == 2 && code.bytes().all(|octet| octet.is_ascii_uppercase());
    letters && !matches!(code, "ZZ" | "XX" | "EU" | "AP")
}

/// How many ranges of each place cover a point.
#[derive(Clone, Copy, Default)]
struct Cover {
    domestic: i64,
    foreign: i64,
    undetermined: i64,
}

impl Cover {
    fn change(&mut self, place: Place, by: i64) {
        let count = match place {
            Place::Domestic => &mut self.domestic,
            Place::Foreign => &mut self.foreign,
            Place::Undetermined => &mut self.undetermined,
        };
        *count = count.saturating_add(by);
    }

    fn add(&mut self, other: Self) {
        self.change(Place::Domestic, other.domestic);
        self.change(Place::Foreign, other.foreign);
        self.change(Place::Undetermined, other.undetermined);
    }

    const fn place(self) -> Place {
        match (self.domestic, self.foreign, self.undetermined) {
            (1.., 0, 0) => Place::Domestic,
            (0, 1.., 0) => Place::Foreign,
            _ => Place::Undetermined,
        }
    }
}

/// Sweeps over the ends of all ranges of one family; neighbours of one place become one range.
fn merge(ranges: &[Range], v6: bool) -> Vec<Range> {
    let mut changes: BTreeMap<u128, Cover> = BTreeMap::new();
    for range in ranges.iter().filter(|range| range.v6 == v6) {
        changes
            .entry(range.first)
            .or_default()
            .change(range.place, 1);
        if let Some(after) = range.last.checked_add(1) {
            changes.entry(after).or_default().change(range.place, -1);
        }
    }
    let mut cover = Cover::default();
    let mut merged: Vec<Range> = Vec::new();
    let mut open: Option<(u128, Place)> = None;
    let mut close = |open: (u128, Place), last: u128| {
        if open.1 != Place::Undetermined {
            merged.push(Range {
                v6,
                first: open.0,
                last,
                place: open.1,
            });
        }
    };
    for (point, change) in changes {
        cover.add(change);
        let place = cover.place();
        match open {
            Some((_, before)) if before == place => {}
            Some(before) => {
                close(before, point.saturating_sub(1));
                open = Some((point, place));
            }
            None => open = Some((point, place)),
        }
    }
    if let Some(before) = open {
        close(before, if v6 { u128::MAX } else { u128::from(u32::MAX) });
    }
    merged
}
