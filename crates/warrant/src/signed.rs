//! A warrant as a signed note, and whether it is to be believed.

#[cfg(test)]
mod tests;

use std::fmt;

use ids::Digest;
use jiff::Timestamp;
use ledger::{Note, NoteError, VerifierKey, canonical_json};
use statute::{BasisRefusal, RuleBook};
use thiserror::Error;

use crate::digest::sha256;
use crate::names::{CriteriaDigest, EquipmentId, LineId};
use crate::rules::{self, RuleRefusal};
use crate::terms::{Terms, TermsError};
use crate::trust::{Purpose, Trust};

const REAL: &str = "noroshi-warrant/v1";
const EXERCISE: &str = "noroshi-exercise-warrant/v1";

/// Why nothing may be selected under a warrant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the warrant is not a signed note")]
    Note(#[source] NoteError),
    #[error("the first line is neither {REAL} nor {EXERCISE}")]
    Header,
    #[error("the terms of the warrant cannot hold")]
    Terms(#[source] TermsError),
    #[error("the warrant and the trust file are not both real or both of an exercise")]
    Purpose,
    #[error("no signature is of a member in the trust file")]
    UntrustedKey,
    #[error("{required} members have to sign and {found} did")]
    TooFewSignatures { found: usize, required: usize },
    #[error("a signature of a member does not fit the text")]
    BadSignature,
    #[error("the warrant is valid from {from}")]
    NotYetValid { from: Timestamp },
    #[error("the warrant was valid until {until}")]
    Expired { until: Timestamp },
    #[error("the warrant does not name the line {line}")]
    OtherLine { line: LineId },
    #[error("the warrant is for the equipment {equipment}")]
    OtherEquipment { equipment: EquipmentId },
    #[error("the warrant approves the criteria {approved}, not {given}")]
    OtherCriteria {
        approved: CriteriaDigest,
        given: CriteriaDigest,
    },
    #[error("the legal basis is not in force")]
    Basis(#[source] BasisRefusal),
    #[error("the rule book does not allow the terms")]
    Rules(#[source] RuleRefusal),
    #[error("a warrant of an exercise (演習) covers files only, never a live source")]
    LiveInExercise,
    #[error("the warrant was revoked")]
    Revoked,
}

impl Refusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Note(_) => "warrant.note",
            Self::Header => "warrant.header",
            Self::Terms(reason) => reason.code(),
            Self::Purpose => "warrant.purpose",
            Self::UntrustedKey => "warrant.untrusted_key",
            Self::TooFewSignatures { .. } => "warrant.too_few_signatures",
            Self::BadSignature => "warrant.bad_signature",
            Self::NotYetValid { .. } => "warrant.not_yet_valid",
            Self::Expired { .. } => "warrant.expired",
            Self::OtherLine { .. } => "warrant.other_line",
            Self::OtherEquipment { .. } => "warrant.other_equipment",
            Self::OtherCriteria { .. } => "warrant.other_criteria",
            Self::Basis(reason) => reason.code(),
            Self::Rules(reason) => reason.code(),
            Self::LiveInExercise => "warrant.live_in_exercise",
            Self::Revoked => "warrant.revoked",
        }
    }
}

/// Where traffic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files or standard input.
    Recorded,
    /// An interface or a socket.
    Live,
}

/// What a run is about to do.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    pub line: &'r LineId,
    /// The equipment that runs, where the operator pinned its name.
    pub equipment: Option<&'r EquipmentId>,
    pub criteria: CriteriaDigest,
    pub source: Source,
    pub at: Timestamp,
}

/// A warrant that was read and whose signatures were verified. Says nothing about time, line or criteria yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    terms: Terms,
    purpose: Purpose,
    digest: Digest,
    signers: Vec<String>,
}

/// A warrant under which one run may select, at one instant; [`crate::Watch`] keeps asking.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Admission {
    pub(crate) warrant: Warrant,
    pub(crate) line: LineId,
    pub(crate) at: Timestamp,
}

impl Admission {
    pub const fn warrant(&self) -> &Warrant {
        &self.warrant
    }

    pub const fn line(&self) -> &LineId {
        &self.line
    }
}

/// Writes the text of a warrant, ready to be signed by members.
pub fn warrant_text(terms: &Terms, purpose: Purpose) -> Result<Note, Refusal> {
    terms
        .check(purpose == Purpose::Exercise)
        .map_err(Refusal::Terms)?;
    let text = body(terms, purpose).ok_or(Refusal::Terms(TermsError::Body))?;
    Note::unsigned(&text).map_err(Refusal::Note)
}

impl Warrant {
    /// Reads a warrant and verifies the signatures against pinned keys.
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self, Refusal> {
        let note = Note::parse(bytes).map_err(Refusal::Note)?;
        let (header, line) = note.text().split_once('\n').ok_or(Refusal::Header)?;
        let purpose = match header {
            REAL => Purpose::Real,
            EXERCISE => Purpose::Exercise,
            _ => return Err(Refusal::Header),
        };
        if purpose != trust.purpose() {
            return Err(Refusal::Purpose);
        }
        let signers = confirm(&note, trust.members(), trust.threshold())?;
        let terms = parse_body(line).ok_or(Refusal::Terms(TermsError::Body))?;
        terms
            .check(purpose == Purpose::Exercise)
            .map_err(Refusal::Terms)?;
        // One approval has one spelling: what was read is written again and has to be the same.
        if body(&terms, purpose).as_deref() != Some(note.text()) {
            return Err(Refusal::Terms(TermsError::Body));
        }
        Ok(Self {
            digest: sha256(note.text().as_bytes()),
            terms,
            purpose,
            signers,
        })
    }

    /// Decides whether a run may begin now.
    pub fn admit(&self, book: &RuleBook, request: &Request<'_>) -> Result<Admission, Refusal> {
        let terms = &self.terms;
        self.in_time(request.at)?;
        if !terms.lines.contains(request.line) {
            let line = request.line.clone();
            return Err(Refusal::OtherLine { line });
        }
        if request
            .equipment
            .is_some_and(|here| *here != terms.equipment)
        {
            let equipment = terms.equipment.clone();
            return Err(Refusal::OtherEquipment { equipment });
        }
        if request.criteria != terms.criteria {
            return Err(Refusal::OtherCriteria {
                approved: terms.criteria,
                given: request.criteria,
            });
        }
        if self.purpose == Purpose::Exercise && request.source == Source::Live {
            return Err(Refusal::LiveInExercise);
        }
        self.in_law(book, request.at)?;
        Ok(Admission {
            warrant: self.clone(),
            line: request.line.clone(),
            at: request.at,
        })
    }

    /// Checks the period of the warrant.
    pub fn in_time(&self, at: Timestamp) -> Result<(), Refusal> {
        if at < self.terms.valid_from {
            let from = self.terms.valid_from;
            return Err(Refusal::NotYetValid { from });
        }
        if self.terms.valid_until <= at {
            let until = self.terms.valid_until;
            return Err(Refusal::Expired { until });
        }
        Ok(())
    }

    /// Checks kind, basis, directions and length against the rule book.
    pub fn in_law(&self, book: &RuleBook, at: Timestamp) -> Result<(), Refusal> {
        let on = rules::day_in_japan(at);
        for key in &self.terms.basis {
            let standing = statute::standing(book, key, on, self.purpose.mode());
            let _: statute::Standing = standing.map_err(Refusal::Basis)?;
        }
        rules::check(&self.terms, book, on).map_err(Refusal::Rules)
    }

    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// SHA-256 of the signed text, which revocations and statements name.
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Names of the members who signed.
    pub fn signers(&self) -> &[String] {
        &self.signers
    }
}

impl fmt::Display for Warrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.purpose.code(), self.digest)
    }
}

/// Verifies lines of members; gives the names of those who signed.
pub(crate) fn confirm(
    note: &Note,
    keys: &[VerifierKey],
    required: usize,
) -> Result<Vec<String>, Refusal> {
    match note.require(keys, required) {
        Ok(confirmed) => Ok(confirmed.iter().map(|one| one.name.to_string()).collect()),
        Err(NoteError::TooFewSignatures { found: 0, .. }) => Err(Refusal::UntrustedKey),
        Err(NoteError::TooFewSignatures { found, required }) => {
            Err(Refusal::TooFewSignatures { found, required })
        }
        Err(NoteError::BadSignature) => Err(Refusal::BadSignature),
        Err(other) => Err(Refusal::Note(other)),
    }
}

fn body(terms: &Terms, purpose: Purpose) -> Option<String> {
    let header = match purpose {
        Purpose::Real => REAL,
        Purpose::Exercise => EXERCISE,
    };
    let value = serde_json::to_value(terms).ok()?;
    let json = canonical_json(&value).ok()?;
    Some(format!("{header}\n{json}\n"))
}

fn parse_body(line: &str) -> Option<Terms> {
    serde_json::from_str(line.strip_suffix('\n')?).ok()
}
