//! What a desk takes down for an operator that cannot reach the program: by telephone, on paper, by mail.

use std::fmt;

use ids::{FilingId, OrganisationId, PersonId, stable_codes};
use jiff::Timestamp;

stable_codes! {
    /// How the operator told it.
    pub enum EntryWay {
        /// By word of mouth, in most cases by telephone.
        Oral = "oral",
        /// On paper.
        Paper = "paper",
        /// By mail.
        Mail = "mail",
    }
}

stable_codes! {
    /// How the desk knows that the operator speaks.
    pub enum CallerIdentified {
        /// By a one-time telephone code of one of the operator's people.
        Code = "code",
        /// The desk called back on a number that it had before.
        Callback = "callback",
        /// It came from an address or number that the desk had before.
        Contact = "contact",
        /// It does not know.
        None = "none",
    }
}

stable_codes! {
    /// What the operator says of what was taken down.
    pub enum EntryVerdict {
        /// It is what was told.
        Recognised = "recognised",
        /// It was told, and something in it is wrong; a correction follows.
        ToCorrect = "to_correct",
        /// Nobody here told it.
        NotOurs = "not_ours",
    }
}

/// Who told it. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// Name.
    pub name: String,
    /// Department and post; may be empty.
    pub department: String,
    /// Where the desk can call back; may be empty for what came on paper or by mail.
    pub phone: String,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}

/// That a desk took a filing down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The filing.
    pub filing: FilingId,
    /// The desk.
    pub desk: OrganisationId,
    /// How it was told.
    pub way: EntryWay,
    /// When it was told, or arrived; this is the time of arrival of the filing.
    pub received_at: Timestamp,
    /// Who told it.
    pub caller: Caller,
    /// How the desk knows that it was the operator.
    pub identified: CallerIdentified,
    /// Whose telephone code was given.
    pub code_of: Option<PersonId>,
    /// Who took it down.
    pub entered_by: PersonId,
    /// When it was filed in the program.
    pub entered_at: Timestamp,
    /// What the operator says of it.
    pub answer: Option<EntryAnswer>,
}

/// What the operator says of what was taken down.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryAnswer {
    /// Whether it is the operator's.
    pub verdict: EntryVerdict,
    /// Remark to the desk; may be empty where it is.
    pub note: String,
    /// Who says so.
    pub answered_by: PersonId,
    /// When.
    pub answered_at: Timestamp,
}

impl fmt::Debug for EntryAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryAnswer")
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}
