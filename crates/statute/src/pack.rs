//! The rule book: packs of entries, read once and checked as a whole.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use toml::{Table, Value};

use crate::calendar::{Calendar, CalendarError};
use crate::check;
use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::rule::Rule;

/// The packs built into the program: file name and text.
const EMBEDDED: &[(&str, &str)] = &[
    ("assets.toml", include_str!("../rules/assets.toml")),
    ("bureaus.toml", include_str!("../rules/bureaus.toml")),
    ("calendar.toml", include_str!("../rules/calendar.toml")),
    ("classes.toml", include_str!("../rules/classes.toml")),
    ("events.toml", include_str!("../rules/events.toml")),
    (
        "holiday_overrides.toml",
        include_str!("../rules/holiday_overrides.toml"),
    ),
    (
        "institutions.toml",
        include_str!("../rules/institutions.toml"),
    ),
    ("ministries.toml", include_str!("../rules/ministries.toml")),
    ("penalties.toml", include_str!("../rules/penalties.toml")),
    ("phases.toml", include_str!("../rules/phases.toml")),
    ("reports.toml", include_str!("../rules/reports.toml")),
    ("sectors.toml", include_str!("../rules/sectors.toml")),
    ("selection.toml", include_str!("../rules/selection.toml")),
    (
        "submissions.toml",
        include_str!("../rules/submissions.toml"),
    ),
    ("tiers.toml", include_str!("../rules/tiers.toml")),
];

/// Every entry of every pack, with the calendar computed from them.
#[derive(Clone, Debug)]
pub struct RuleBook {
    /// Versions of each key, earliest first.
    entries: BTreeMap<String, Vec<Entry>>,
    calendar: Calendar,
    digest: PackDigest,
}

/// SHA-256 over the packs a result was computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PackDigest([u8; 32]);

impl PackDigest {
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest itself.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest in lower-case hexadecimal.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

/// Why the packs cannot be used; names the file, the entry and the reason.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The file is not TOML.
    #[error("{file} is not valid TOML")]
    Toml {
        file: String,
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The file's top level is wrong.
    #[error("{file}: the top level may hold only `[[entry]]` tables")]
    TopLevel { file: String },
    /// One entry cannot be read.
    #[error("{file}, entry {entry}: {reason}")]
    Entry {
        file: String,
        /// The key, or the position where there is no key.
        entry: String,
        reason: FieldError,
    },
    /// Two versions of one key are in force on the same day.
    #[error("{file}, entry {key}: its validity overlaps with the version in {other_file}")]
    Overlap {
        file: String,
        key: String,
        other_file: String,
    },
    /// The entries do not fit together.
    #[error("{file}, entry {key}: {reason}")]
    Unfit {
        file: String,
        key: String,
        reason: check::Unfit,
    },
    /// An entry that the program itself relies on is absent.
    #[error("the packs have no entry {key}")]
    Absent { key: String },
    /// The closed days cannot be computed.
    #[error("the closed days cannot be computed")]
    Calendar(#[source] CalendarError),
}

impl RuleBook {
    /// Reads the packs built into the program.
    pub fn embedded() -> Result<Self, PackError> {
        Self::from_packs(EMBEDDED)
    }

    /// The packs built into the program, as file name and text.
    pub const fn embedded_packs() -> &'static [(&'static str, &'static str)] {
        EMBEDDED
    }

    /// Reads packs that nobody signed. Only tests have this: a released program knows the embedded packs and signed ones,
    /// so that no base is in force in it that neither the program nor the signers say is.
    #[cfg(feature = "test-packs")]
    pub fn test_only(packs: &[(&str, &str)]) -> Result<Self, PackError> {
        Self::from_packs(packs)
    }

    /// The same book under the digest that was signed.
    pub(crate) fn digested_as(mut self, digest: PackDigest) -> Self {
        self.digest = digest;
        self
    }

    /// Reads packs given as file name and text.
    pub(crate) fn from_packs(packs: &[(&str, &str)]) -> Result<Self, PackError> {
        let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for (file, text) in packs {
            for entry in read_pack(file, text)? {
                let versions = entries.entry(entry.key.clone()).or_default();
                if let Some(other) = versions.iter().find(|other| other.overlaps(&entry)) {
                    return Err(PackError::Overlap {
                        file: entry.pack,
                        key: entry.key,
                        other_file: other.pack.clone(),
                    });
                }
                versions.push(entry);
                versions.sort_by_key(|version| version.from);
            }
        }
        let calendar =
            Calendar::compute(entries.values().flatten()).map_err(PackError::Calendar)?;
        let book = Self {
            entries,
            calendar,
            digest: digest_of(packs),
        };
        check::whole(&book)?;
        Ok(book)
    }

    /// The version of `key` in force on `on`.
    pub fn entry(&self, key: &str, on: Date) -> Option<&Entry> {
        self.history(key).iter().find(|entry| entry.covers(on))
    }

    /// Every version of `key`, earliest first; empty when the key is unknown.
    pub fn history(&self, key: &str) -> &[Entry] {
        self.entries.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Every version of every key, in order of key and validity.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().flatten()
    }

    /// The entries in force on `on`.
    pub fn in_force(&self, on: Date) -> impl Iterator<Item = &Entry> {
        self.entries().filter(move |entry| entry.covers(on))
    }

    /// The closed days computed from the packs.
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The digest of the packs, stored with every result.
    pub const fn digest(&self) -> PackDigest {
        self.digest
    }

    /// The version in force on `on`, else the nearest one: for rules that only explain.
    pub fn nearest(&self, key: &str, on: Date) -> Option<&Entry> {
        let versions = self.history(key);
        versions
            .iter()
            .rev()
            .find(|entry| entry.from <= on)
            .or_else(|| versions.first())
    }

    /// The rules in force on `on` that `pick` accepts, each with its entry.
    pub(crate) fn rules<'book, T: 'book>(
        &'book self,
        on: Date,
        pick: impl Fn(&'book Rule) -> Option<&'book T>,
    ) -> Vec<(&'book Entry, &'book T)> {
        self.in_force(on)
            .filter_map(|entry| pick(&entry.rule).map(|rule| (entry, rule)))
            .collect()
    }
}

fn read_pack(file: &str, text: &str) -> Result<Vec<Entry>, PackError> {
    let table = text.parse::<Table>().map_err(|source| PackError::Toml {
        file: file.to_owned(),
        source: Box::new(source),
    })?;
    let mut entries = Vec::new();
    for (name, value) in table {
        let Value::Array(values) = value else {
            return Err(PackError::TopLevel {
                file: file.to_owned(),
            });
        };
        if name != "entry" {
            return Err(PackError::TopLevel {
                file: file.to_owned(),
            });
        }
        for (index, value) in values.into_iter().enumerate() {
            let Value::Table(table) = value else {
                return Err(PackError::TopLevel {
                    file: file.to_owned(),
                });
            };
            let fields = Fields::new(table);
            let name = fields.peek_key().map_or_else(
                || format!("number {}", index.saturating_add(1)),
                str::to_owned,
            );
            let entry = Entry::read(file, fields).map_err(|reason| PackError::Entry {
                file: file.to_owned(),
                entry: name,
                reason,
            })?;
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Hashes name and text of each pack in order of name, each preceded by its length in bytes.
fn digest_of(packs: &[(&str, &str)]) -> PackDigest {
    let mut sorted = packs.to_vec();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    for (name, text) in sorted {
        for part in [name, text] {
            hasher.update(part.len().to_string().as_bytes());
            hasher.update(b":");
            hasher.update(part.as_bytes());
        }
    }
    PackDigest(hasher.finalize().into())
}
