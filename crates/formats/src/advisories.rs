//! Published vulnerability information (脆弱性情報) as files: the catalogue of known exploited
//! vulnerabilities (KEV), CSAF 2.0 and 2.1, JVN. Only what is needed to ask "is this one of ours?" is read.

mod csaf;
mod kev;
mod vuldef;
mod xml;

use jiff::civil::Date;
use thiserror::Error;

/// Octets of one file.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Advisories of one file.
const MAX_ADVISORIES: usize = 100_000;
/// Products of one advisory.
const MAX_PRODUCTS: usize = 20_000;
/// Texts of versions of one product; what is more is left out.
const MAX_VERSIONS: usize = 40;
/// Characters of a text; what is more is left out.
const MAX_CHARS: usize = 600;

/// Who publishes it, and in which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Known exploited vulnerabilities.
    Kev,
    /// An advisory in CSAF.
    Csaf,
    /// Japan Vulnerability Notes: JVNRSS or VULDEF.
    Jvn,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kev, Self::Csaf, Self::Jvn];

    /// The text that is stored and sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kev => "kev",
            Self::Csaf => "csaf",
            Self::Jvn => "jvn",
        }
    }
}

/// One published piece of information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advisory {
    /// Where it is from.
    pub source: Source,
    /// Its number there: CVE, tracking id, JVN number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The day it was published.
    pub published_on: Option<Date>,
    /// CVE numbers it speaks of.
    pub cves: Vec<String>,
    /// Where to read it, https only.
    pub link: Option<String>,
    /// What it concerns.
    pub products: Vec<AffectedProduct>,
}

/// A product that an advisory names as affected or under investigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffectedProduct {
    /// Maker as written there.
    pub maker: String,
    /// Product as written there.
    pub product: String,
    /// Versions as written there; empty when it names none.
    pub versions: Vec<String>,
}

/// Why a file cannot be read. Holds nothing of the file.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AdvisoryError {
    /// Larger than may be read.
    #[error("file is too large")]
    TooLarge,
    /// Neither JSON nor XML nor CSV in UTF-8.
    #[error("file has no known encoding or format")]
    UnknownFormat,
    /// JSON or XML that breaks off or is not well-formed.
    #[error("file is not well-formed")]
    Malformed,
    /// Well-formed, and lacks what every such file has.
    #[error("file lacks a required part")]
    Incomplete,
    /// XML with a document type or entities of its own, which are not read.
    #[error("file declares a document type")]
    DocumentType,
    /// More entries, products or levels than may be read.
    #[error("file has too many entries or levels")]
    TooMany,
}

impl AdvisoryError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::UnknownFormat => "unknown_format",
            Self::Malformed => "malformed",
            Self::Incomplete => "incomplete",
            Self::DocumentType => "document_type",
            Self::TooMany => "too_many",
        }
    }
}

/// Reads a file of any of the formats; which one, its content says.
pub fn parse(octets: &[u8]) -> Result<Vec<Advisory>, AdvisoryError> {
    if MAX_FILE_BYTES < octets.len() {
        return Err(AdvisoryError::TooLarge);
    }
    let text = std::str::from_utf8(octets).map_err(|_| AdvisoryError::UnknownFormat)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let advisories = match text.chars().next() {
        Some('{') => json(text)?,
        Some('<') => vuldef::parse(text)?,
        _ if text.starts_with("cveID") || text.starts_with("\"cveID\"") => kev::parse_csv(text)?,
        _ => return Err(AdvisoryError::UnknownFormat),
    };
    if advisories.is_empty() {
        return Err(AdvisoryError::Incomplete);
    }
    Ok(advisories)
}

fn json(text: &str) -> Result<Vec<Advisory>, AdvisoryError> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|_| AdvisoryError::Malformed)?;
    if value.get("document").is_some() {
        csaf::parse(&value).map(|advisory| vec![advisory])
    } else if value.get("vulnerabilities").is_some() && value.get("catalogVersion").is_some() {
        kev::parse_json(&value)
    } else {
        Err(AdvisoryError::UnknownFormat)
    }
}

/// A text on one line, without control characters, cut at the limit.
fn line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MAX_CHARS).collect()
}

/// The day at the beginning of a date or date-time.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// An address that may be shown as a link.
fn link(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_graphic());
    (text.starts_with("https://") && plain && text.len() <= 500).then(|| text.to_owned())
}

fn is_cve(text: &str) -> bool {
    text.len() <= 30
        && text.strip_prefix("CVE-").is_some_and(|rest| {
            rest.split('-').count() == 2
                && rest
                    .split('-')
                    .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        })
}

/// Products of an advisory, one entry for each name with all versions that are written.
#[derive(Default)]
struct Products(Vec<AffectedProduct>);

impl Products {
    fn add(
        &mut self,
        maker: &str,
        product: &str,
        version: Option<&str>,
    ) -> Result<(), AdvisoryError> {
        let (maker, product) = (line(maker), line(product));
        if product.is_empty() {
            return Ok(());
        }
        let known = self
            .0
            .iter()
            .position(|each| each.maker == maker && each.product == product);
        if known.is_none() {
            if MAX_PRODUCTS <= self.0.len() {
                return Err(AdvisoryError::TooMany);
            }
            self.0.push(AffectedProduct {
                maker,
                product,
                versions: Vec::new(),
            });
        }
        let entry = match known {
            Some(at) => self.0.get_mut(at),
            None => self.0.last_mut(),
        };
        if let (Some(entry), Some(version)) = (entry, version.map(line)) {
            let room = entry.versions.len() < MAX_VERSIONS;
            if room && !version.is_empty() && !entry.versions.contains(&version) {
                entry.versions.push(version);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{AdvisoryError, MAX_FILE_BYTES, is_cve, link, parse};

    #[test]
    fn a_file_of_no_known_format_says_so() {
        for file in ["", "hello", "[]", "{}", "a,b\n1,2\n"] {
            assert_eq!(
                parse(file.as_bytes()),
                Err(AdvisoryError::UnknownFormat),
                "{file}"
            );
        }
        assert_eq!(parse(&[0x82, 0xA0]), Err(AdvisoryError::UnknownFormat));
        assert_eq!(parse(b"{\"document\": "), Err(AdvisoryError::Malformed));
    }

    #[test]
    fn a_file_that_is_too_large_is_not_looked_at() {
        let file = vec![b' '; MAX_FILE_BYTES + 1];
        assert_eq!(parse(&file), Err(AdvisoryError::TooLarge));
    }

    #[test]
    fn only_plain_https_addresses_become_links() {
        assert!(link("https://example.jp/a?b=1").is_some());
        for bad in [
            "http://example.jp",
            "javascript:alert(1)",
            "https://exa mple.jp",
            "https://例.jp",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_cve_number_has_two_groups_of_digits() {
        assert!(is_cve("CVE-2026-12345"));
        for bad in [
            "CVE-2026",
            "cve-2026-1",
            "CVE-2026-1-2",
            "CVE-20x6-1",
            "CVE--",
        ] {
            assert!(!is_cve(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&octets);
        }

        #[test]
        fn any_text_after_a_beginning_is_read_or_refused(
            begin in prop::sample::select(vec!["{\"document\":", "<rdf:RDF>", "<VULDEF-Document>", "cveID,"]),
            rest in "\\PC{0,200}",
        ) {
            let _ = parse(format!("{begin}{rest}").as_bytes());
        }
    }
}
