//! A rule book from outside the program (DESIGN §4): one pack that takes the place of the embedded ones as a whole.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::confidence::Confidence;
use crate::entry::{Entry, Start};
use crate::pack::{PackDigest, PackError, RuleBook};
use crate::rule::Rule;

/// What is signed of a pack: who it is, its place in the series, and the digest of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackHeader {
    /// What its makers call it: lower-case letters, digits, `.` and `-`.
    pub name: String,
    /// Grows from pack to pack.
    pub number: u32,
    /// The day on which it was made.
    pub issued_on: Date,
    /// SHA-256 over the text of the pack.
    pub digest: PackDigest,
}

/// Why the signed text is no header of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The first line names another format, such as one for tests only.
    #[error("the signed text is not a rule pack of format {}", PackHeader::FORMAT)]
    Format,
    /// A line is missing, too many, or out of order.
    #[error("the signed text must hold exactly the lines name, number, issued and sha256")]
    Lines,
    /// The name holds other characters, or none, or too many.
    #[error("the name of the pack must be 1 to 64 characters of a-z, 0-9, '.' and '-'")]
    Name,
    /// The number is not a number from 1 in its shortest writing.
    #[error("the number of the pack must be a whole number from 1")]
    Number,
    /// The day is not a day.
    #[error("the day of issue must be a date such as 2027-04-01")]
    Issued,
    /// The digest is not 64 hexadecimal digits.
    #[error("the digest of the pack must be 64 hexadecimal digits")]
    Digest,
}

/// Why a signed pack cannot take the place of the embedded ones.
#[derive(Debug, thiserror::Error)]
pub enum ReplacementError {
    /// The text is larger than any rule book.
    #[error("the pack is larger than {} bytes", PackHeader::MAX_BYTES)]
    TooLarge,
    /// The text is not what was signed.
    #[error("the text of the pack is not the one that was signed")]
    Digest,
    /// The text does not fit by itself: unreadable, overlapping, or entries that do not fit together.
    #[error("the pack does not fit")]
    Unfit(#[source] PackError),
    /// A rule that the program knows is absent.
    #[error("the pack is incomplete: it has no entry {key}")]
    Missing { key: String },
    /// The history of a rule is cut off: questions about earlier days could not be answered any more.
    #[error("the pack is incomplete: {key} begins on {first} instead of {embedded}")]
    CutOff {
        key: String,
        first: Date,
        embedded: Date,
    },
    /// A legal basis begins earlier than the law says.
    #[error(
        "{key} would be in force from {first}, but the law fixes {embedded}; only a day that is known as the latest \
         possible may move, and only with its text as source"
    )]
    EarlierBasis {
        key: String,
        first: Date,
        embedded: Date,
    },
}

impl PackHeader {
    /// The first line of the signed text.
    pub const FORMAT: &'static str = "noroshi-rule-pack/v1";

    /// Largest text of a pack.
    pub const MAX_BYTES: usize = 4_000_000;

    /// The header of a text.
    pub fn of(name: &str, number: u32, issued_on: Date, text: &str) -> Result<Self, HeaderError> {
        if !is_name(name) {
            return Err(HeaderError::Name);
        }
        if number == 0 {
            return Err(HeaderError::Number);
        }
        Ok(Self {
            name: name.to_owned(),
            number,
            issued_on,
            digest: digest_of(text),
        })
    }

    /// Reads the signed text. Who signed it is for the caller to check.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut lines = text.lines();
        if lines.next() != Some(Self::FORMAT) {
            return Err(HeaderError::Format);
        }
        let mut value = |name: &str| {
            lines
                .next()
                .and_then(|line| line.strip_prefix(name)?.strip_prefix(' '))
                .ok_or(HeaderError::Lines)
        };
        let (name, number, issued, digest) = (
            value("name")?,
            value("number")?,
            value("issued")?,
            value("sha256")?,
        );
        let header = Self {
            name: Some(name)
                .filter(|name| is_name(name))
                .ok_or(HeaderError::Name)?
                .to_owned(),
            number: number
                .parse()
                .ok()
                .filter(|number| *number != 0)
                .ok_or(HeaderError::Number)?,
            issued_on: issued.parse().map_err(|_| HeaderError::Issued)?,
            digest: read_digest(digest).ok_or(HeaderError::Digest)?,
        };
        // One writing for each header: nothing is left over, no leading zeros, no other case.
        if header.to_text() == text {
            Ok(header)
        } else {
            Err(HeaderError::Lines)
        }
    }

    /// The text to sign, with a final newline.
    pub fn to_text(&self) -> String {
        format!(
            "{}\nname {}\nnumber {}\nissued {}\nsha256 {}\n",
            Self::FORMAT,
            self.name,
            self.number,
            self.issued_on,
            self.digest.to_hex()
        )
    }
}

impl RuleBook {
    /// Reads the text of a pack whose header was signed by those whom the instance trusts; checking that is the
    /// caller's part, and everything else is checked here.
    ///
    /// # Errors
    /// [`ReplacementError`] when the text is another one, does not fit, leaves out what the program knows, or puts a
    /// legal basis in force earlier than the law does.
    pub fn from_signed(header: &PackHeader, text: &str) -> Result<Self, ReplacementError> {
        if PackHeader::MAX_BYTES < text.len() {
            return Err(ReplacementError::TooLarge);
        }
        if digest_of(text) != header.digest {
            return Err(ReplacementError::Digest);
        }
        let book = Self::from_packs(&[(header.name.as_str(), text)])
            .map_err(ReplacementError::Unfit)?
            .digested_as(header.digest);
        let embedded = Self::embedded().map_err(ReplacementError::Unfit)?;
        for key in embedded.keys() {
            complete(&embedded, &book, key)?;
        }
        Ok(book)
    }
}

/// A key of the embedded packs must be there from the same day on, or with a legal basis not before it.
fn complete(embedded: &RuleBook, book: &RuleBook, key: &str) -> Result<(), ReplacementError> {
    let (Some(known), Some(first)) = (embedded.history(key).first(), book.history(key).first())
    else {
        return Err(ReplacementError::Missing {
            key: key.to_owned(),
        });
    };
    if known.start == Start::Fixed && known.from < first.from {
        return Err(ReplacementError::CutOff {
            key: key.to_owned(),
            first: first.from,
            embedded: known.from,
        });
    }
    let may_move = known.start == Start::NotLaterThan
        && first.start == Start::Fixed
        && first.confidence == Confidence::Text;
    if decides_force(known) && first.from < known.from && !may_move {
        return Err(ReplacementError::EarlierBasis {
            key: key.to_owned(),
            first: first.from,
            embedded: known.from,
        });
    }
    Ok(())
}

/// Whether an entry says what is in force.
const fn decides_force(entry: &Entry) -> bool {
    matches!(entry.rule, Rule::Phase(_) | Rule::LegalBasis(_))
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
        })
}

fn digest_of(text: &str) -> PackDigest {
    PackDigest::from_bytes(Sha256::digest(text.as_bytes()).into())
}

fn read_digest(text: &str) -> Option<PackDigest> {
    let bytes: [u8; 32] = hex::decode(text).ok()?.try_into().ok()?;
    Some(PackDigest::from_bytes(bytes))
}

/// Keys whose entries differ between two rule books, wherever they stand.
pub fn changed_keys(before: &RuleBook, after: &RuleBook) -> Vec<String> {
    let mut keys: Vec<&str> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differs = |key: &&str| {
        let (old, new) = (before.history(key), after.history(key));
        old.len() != new.len()
            || old.iter().zip(new).any(|(old, new)| {
                let moved = Entry {
                    pack: old.pack.clone(),
                    ..new.clone()
                };
                *old != moved
            })
    };
    keys.into_iter()
        .filter(differs)
        .map(str::to_owned)
        .collect()
}
