//! 提出: what was handed to each addressee of a case, by which channel, and what became of it.

use std::fmt;

use ids::{
    CaseId, Digest, FilingId, OrganisationId, PersonId, SubmissionEventId, SubmissionId,
    stable_codes,
};
use jiff::{SignedDuration, Timestamp};

use crate::filing::Attachment;

stable_codes! {
    /// The way on which a submission travels.
    pub enum SubmissionChannel {
        /// A person handed it over: on paper, by telephone, in another portal.
        Manual = "manual",
        /// By mail, in an encrypted attachment.
        Mail = "mail",
    }
}

stable_codes! {
    /// Which report of the addressee's own clocks it is.
    pub enum SubmissionStage {
        /// 速報.
        Prompt = "prompt",
        /// 確報・詳報.
        Full = "full",
    }
}

stable_codes! {
    /// Something that became of a submission.
    pub enum SubmissionEventKind {
        /// It was put into the outbox again, or lies in a folder for another program to take.
        Queued = "queued",
        /// It left: handed over, sent.
        Sent = "sent",
        /// It arrived, as the addressee or its system says.
        Delivered = "delivered",
        /// Somebody there opened it.
        Opened = "opened",
        /// The addressee confirmed it.
        Checked = "checked",
        /// It did not get through, or came back; it is not tried again by itself.
        Failed = "failed",
    }
}

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubmissionState {
    /// 未提出.
    NotSubmitted,
    /// It did not get through.
    Failed,
    /// It is frozen and lies in the outbox.
    Waiting,
    /// 送付済.
    Sent,
    /// 到達.
    Delivered,
    /// 開封.
    Opened,
    /// 確認済.
    Checked,
}

impl SubmissionState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSubmitted => "not_submitted",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Opened => "opened",
            Self::Checked => "checked",
        }
    }

    /// Whether it left the house.
    pub const fn has_left(self) -> bool {
        match self {
            Self::Sent | Self::Delivered | Self::Opened | Self::Checked => true,
            Self::NotSubmitted | Self::Failed | Self::Waiting => false,
        }
    }
}

/// What was handed to an addressee. Never changed; what becomes of it are events.
///
/// `Debug` does not show the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Submission {
    /// Identifies it.
    pub id: SubmissionId,
    /// The operator.
    pub owner: OrganisationId,
    /// The case.
    pub case: CaseId,
    /// Code of the addressee in the rule book.
    pub addressee: String,
    /// The concrete desk, as typed.
    pub desk: String,
    /// Where the program sends it: the mail address; empty where a person hands it over.
    pub address: String,
    /// Which report.
    pub stage: SubmissionStage,
    /// The way.
    pub channel: SubmissionChannel,
    /// Canonical JSON (RFC 8785) of what was handed over.
    pub body: String,
    /// SHA-256 over `body`.
    pub body_digest: Digest,
    /// Digest of the rule book used.
    pub rules_digest: Digest,
    /// The newest filing of the case at that time.
    pub filing: Option<FilingId>,
    /// Remark.
    pub note: String,
    /// Who froze it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

/// One thing that became of a submission.
#[derive(Clone, PartialEq, Eq)]
pub struct SubmissionEvent {
    /// Identifies it.
    pub id: SubmissionEventId,
    /// Of which.
    pub submission: SubmissionId,
    /// What.
    pub kind: SubmissionEventKind,
    /// When it happened.
    pub happened_at: Timestamp,
    /// The addressee's number; may be empty.
    pub number: String,
    /// Remark or code of a failure; may be empty.
    pub note: String,
    /// Who recorded it; nobody where the program did.
    pub recorded_by: Option<PersonId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl fmt::Debug for SubmissionEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmissionEvent")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A submission with its files and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionFile {
    /// What was handed over.
    pub submission: Submission,
    /// The frozen files, by digest.
    pub files: Vec<Attachment>,
    /// What became of it, oldest first.
    pub events: Vec<SubmissionEvent>,
}

impl SubmissionFile {
    /// How far it came. A failure ends what was tried until then; what the addressee said stands whatever comes back later.
    pub fn state(&self) -> SubmissionState {
        let mut state = SubmissionState::Waiting;
        for event in &self.events {
            let reached = match event.kind {
                SubmissionEventKind::Queued => SubmissionState::Waiting,
                SubmissionEventKind::Sent => SubmissionState::Sent,
                SubmissionEventKind::Delivered => SubmissionState::Delivered,
                SubmissionEventKind::Opened => SubmissionState::Opened,
                SubmissionEventKind::Checked => SubmissionState::Checked,
                SubmissionEventKind::Failed => SubmissionState::Failed,
            };
            if state <= SubmissionState::Sent || state < reached {
                state = reached;
            }
        }
        state
    }

    /// The number that the addressee gave last.
    pub fn number(&self) -> Option<&str> {
        let mut numbers = self.events.iter().rev().map(|event| event.number.as_str());
        numbers.find(|number| !number.is_empty())
    }

    /// When it left, the last time it did.
    pub fn sent_at(&self) -> Option<Timestamp> {
        let sent = |event: &&SubmissionEvent| event.kind == SubmissionEventKind::Sent;
        self.events
            .iter()
            .rev()
            .find(sent)
            .map(|event| event.happened_at)
    }

    /// Whether the addressee has been silent for longer than `hours`.
    pub fn is_silent(&self, now: Timestamp, hours: u32) -> bool {
        let waits = matches!(
            self.state(),
            SubmissionState::Sent | SubmissionState::Delivered
        );
        // An own number of the addressee is a sign of life.
        waits
            && self.number().is_none()
            && self
                .sent_at()
                .is_some_and(|sent| is_longer(now, sent, hours))
    }
}

/// Whether more than some hours lie between two moments.
pub fn is_longer(now: Timestamp, since: Timestamp, hours: u32) -> bool {
    SignedDuration::from_hours(i64::from(hours)) < now.duration_since(since)
}
