//! The port to platforms of others: how this program hands what is filed to another program, above all to the government's
//! own platform.
//!
//! *Unknown*: that platform has no public description. What an adapter must do is written down here and shown by exchanges
//! that a test replays; the words of the platform stay in the adapter.
//!
//! | What | Must |
//! |---|---|
//! | Content | The octets of [`Parcel::body`] and of the files arrive unchanged; the platform is told their digests where it takes them. |
//! | Once | [`Parcel::key`] is the same for every attempt. A platform with keys of its own is given it; for one without, [`Courier::look_up`] finds a parcel by its digest or by a reference that holds the key. |
//! | Errors | [`CourierFailure`] says what a caller can do, never what the other side wrote; that stays with the adapter. |
//! | Time | Each call ends after a time that the adapter's settings name. It may block; it is called on a thread for that. |
//! | Silence | No content, name, address or secret in errors and logs. |

use ids::Digest;
use jiff::Timestamp;
use model::submissions::{SubmissionEventKind, SubmissionStage};
use thiserror::Error;

/// What is handed over. `Debug` does not show contents.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Names it for ever: the id of the submission. The same in every attempt.
    pub key: String,
    /// Code of the addressee in the rule book.
    pub addressee: String,
    /// Which report.
    pub stage: SubmissionStage,
    /// Canonical JSON (RFC 8785).
    pub body: String,
    /// SHA-256 over `body`.
    pub body_digest: Digest,
    /// Files: name and octets.
    pub files: Vec<(String, Vec<u8>)>,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parcel")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// That the other side took a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Its number for it.
    pub number: String,
    /// When it took it, by its own clock.
    pub at: Timestamp,
}

/// A sign of life about what was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What became of it there: delivered, opened, checked, failed.
    pub kind: SubmissionEventKind,
    /// When, by the other side's clock.
    pub at: Timestamp,
}

/// Why a parcel was not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CourierFailure {
    /// Nothing arrived; it is tried again.
    #[error("the platform cannot be reached")]
    Unreachable,
    /// The line was cut after the parcel went out: it may have arrived. It is looked up before it is handed over again.
    #[error("the platform did not say whether it took the parcel")]
    Unsure,
    /// The other side refuses the content; a person must look.
    #[error("the platform refuses the parcel")]
    Refused,
    /// This instance may not hand anything over there; whoever runs it must look.
    #[error("the platform does not know this instance")]
    NotAllowed,
}

impl CourierFailure {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unsure => "unsure",
            Self::Refused => "refused",
            Self::NotAllowed => "not_allowed",
        }
    }

    /// Whether trying again can help without a person.
    pub const fn passes(self) -> bool {
        match self {
            Self::Unreachable | Self::Unsure => true,
            Self::Refused | Self::NotAllowed => false,
        }
    }
}

/// An adapter to one platform.
pub trait Courier: Send + Sync {
    /// Hands a parcel over. A parcel whose key the other side knows already gives the acceptance of the first time.
    ///
    /// # Errors
    /// [`CourierFailure`].
    fn hand_over(&self, parcel: &Parcel) -> Result<Acceptance, CourierFailure>;

    /// What the other side knows of a key; nothing where the parcel never arrived.
    ///
    /// # Errors
    /// [`CourierFailure`].
    fn look_up(&self, key: &str) -> Result<Option<Acceptance>, CourierFailure>;

    /// What became of an accepted parcel until now, oldest first.
    ///
    /// # Errors
    /// [`CourierFailure`].
    fn signs(&self, number: &str) -> Result<Vec<Sign>, CourierFailure>;
}

/// Whether a parcel may have arrived before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It never went out.
    First,
    /// It went out, or the program was cut off while it did.
    Again,
}

/// Hands a parcel over so that it arrives once: what may have arrived is looked up before it goes out again.
///
/// # Errors
/// [`CourierFailure`]; after [`CourierFailure::Unsure`] the next attempt is [`Attempt::Again`].
pub fn hand_over_once(
    courier: &dyn Courier,
    parcel: &Parcel,
    attempt: Attempt,
) -> Result<Acceptance, CourierFailure> {
    match attempt {
        Attempt::First => {}
        Attempt::Again => {
            if let Some(known) = courier.look_up(&parcel.key)? {
                return Ok(known);
            }
        }
    }
    match courier.hand_over(parcel) {
        Err(CourierFailure::Unsure) => match courier.look_up(&parcel.key) {
            Ok(Some(known)) => Ok(known),
            // Not found yet is no proof: it may still be on its way through the other side.
            Ok(None) | Err(_) => Err(CourierFailure::Unsure),
        },
        other => other,
    }
}
