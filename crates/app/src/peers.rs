//! Another instance: an operator's own instance passes its reports on to an authority's, and brings back what comes of them.
//!
//! The receipt that counts is that of the authority's log. It is verified with keys that were got on another way before it is
//! shown as one.

mod corrections;
mod outgoing;
mod states;
mod verify;
mod view;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use formats::filing::{Body, ReportedAwareness};
use ids::{CaseId, CorrectionId, DeliveryState, Digest, FilingId};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::Trust;
use serde_json::Value;
use thiserror::Error;

pub use store::rows::peers::{PeerFiling, PeerReceipt, PeerState, RemotePlace};
pub use verify::VERIFIED;
pub use view::{PeerFilingView, PeerStanding};

use crate::incidents::Typed;

/// An instance to which the reports of one operator travel on.
#[derive(Clone)]
pub struct PeerLink {
    /// What it is called in the settings.
    pub name: String,
    /// Where it is, for people to read.
    pub address: String,
    /// 法人番号 of the operator.
    pub operator: String,
    /// Keys under which receipts must verify.
    pub trust: Trust,
    /// The way there.
    pub way: Arc<dyn Peer>,
}

/// A way to another instance. May block; it is called on a thread for that.
pub trait Peer: Send + Sync {
    /// Files a report there. The same report again files nothing more, wherever the first attempt was cut off, and gives the
    /// same outcome.
    fn file(&self, report: &Outgoing) -> Result<RemotePlace, PeerFailure>;

    /// What became of a filing there.
    fn look(&self, filing: FilingId) -> Result<Found, PeerFailure>;

    /// Answers a request for correction in words, without a corrected report. The same answer again changes nothing.
    fn answer(&self, correction: CorrectionId, text: &str) -> Result<(), PeerFailure>;

    /// Asks whose token it is, and changes nothing.
    fn ask(&self) -> Result<PeerIdentity, PeerFailure>;
}

/// Why another instance did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeerFailure {
    /// Nobody answers, or the line broke.
    #[error("the other instance cannot be reached")]
    Unreachable,
    /// Its certificate is not trusted.
    #[error("the certificate of the other instance is not trusted")]
    Untrusted,
    /// It cannot do it at this moment.
    #[error("the other instance is busy")]
    Busy,
    /// What answers is no Noroshi.
    #[error("the answer is none of Noroshi")]
    Answer,
    /// The token is not valid there, or may not do this.
    #[error("the other instance does not accept the token")]
    Token,
    /// It does not know the version of the form, or uses another.
    #[error("the other instance uses another version of the form")]
    Form,
    /// It refuses the report.
    #[error("the other instance refused ({0})")]
    Refused(String),
}

impl PeerFailure {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Busy => "busy",
            Self::Answer => "answer",
            Self::Token => "token",
            Self::Form => "form",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether it is worth trying again without anybody doing something.
    pub const fn passes(&self) -> bool {
        match self {
            Self::Unreachable | Self::Untrusted | Self::Busy | Self::Answer => true,
            Self::Token | Self::Form | Self::Refused(_) => false,
        }
    }

    /// The code that the other instance gave.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Unreachable
            | Self::Untrusted
            | Self::Busy
            | Self::Answer
            | Self::Token
            | Self::Form => None,
        }
    }
}

/// A report as it travels on. `Debug` shows no content.
#[derive(Clone)]
pub struct Outgoing {
    /// The filing here; what is asked for is keyed by it.
    pub filing: FilingId,
    /// Its case here.
    pub case: CaseId,
    /// The case there, once an earlier report of it was filed.
    pub remote_case: Option<CaseId>,
    /// What the case is called there.
    pub title: String,
    /// The first moment of awareness of the case.
    pub opening: ReportedAwareness,
    /// What was filed.
    pub body: Body,
    /// The answers as they are typed into a draft.
    pub fields: BTreeMap<String, Typed>,
    /// Files.
    pub files: Vec<OutgoingFile>,
}

/// A file of a report.
#[derive(Clone)]
pub struct OutgoingFile {
    /// SHA-256 over the content.
    pub digest: Digest,
    /// Its name.
    pub name: String,
    /// The content.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("filing", &self.filing)
            .finish_non_exhaustive()
    }
}

/// What became of a filing at the other instance.
#[derive(Clone)]
pub struct Found {
    /// What it says was filed.
    pub body: Value,
    /// To whom it goes there.
    pub addressees: Vec<FoundAddressee>,
    /// When it was first checked.
    pub checked_at: Option<Timestamp>,
    /// Requests for correction.
    pub corrections: Vec<FoundCorrection>,
    /// Receipts of its arrival as they came, by code of the log.
    pub receipts: BTreeMap<String, Vec<u8>>,
}

/// A desk there, and how far the filing is with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAddressee {
    /// `minister`, `regional_head` and so on.
    pub role: String,
    /// How far.
    pub delivery: Option<DeliveryState>,
    /// When it lay in the queue there.
    pub delivered_at: Option<Timestamp>,
    /// When somebody there first opened it.
    pub opened_at: Option<Timestamp>,
}

/// A request for correction from there.
#[derive(Clone)]
pub struct FoundCorrection {
    /// Its id there, and here.
    pub id: CorrectionId,
    /// Role of the desk that asks.
    pub role: String,
    /// Path of the field in the body.
    pub field: String,
    /// What should be put right.
    pub text: String,
    /// The day by which an answer is asked for.
    pub wanted_by: Option<Date>,
    /// Since when.
    pub requested_at: Timestamp,
    /// Whether it was answered there.
    pub answered: bool,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerIdentity {
    /// Name of the organisation, in Japanese and English.
    pub organisation: (String, String),
    /// `operator`, `ministry` and so on.
    pub kind: String,
    /// Roles of the owner.
    pub roles: Vec<String>,
    /// What the token may do.
    pub scopes: Vec<String>,
    /// Whether the instance is an exercise.
    pub exercise: bool,
}
