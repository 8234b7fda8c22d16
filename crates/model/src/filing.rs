use std::fmt;

use ids::{
    CaseId, CorrectionId, DeliveryId, DeliveryState, Digest, FilingId, FilingKind, FormalCheckId,
    ForwardingId, OrganisationId, PersonId, ReceiptNumber, stable_codes,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// A document as it was filed (Act Arts 4 and 5). Never changed; a correction is a new filing.
///
/// `Debug` does not show the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Filing {
    /// Identifies this version.
    pub id: FilingId,
    /// 受付番号, given on arrival.
    pub number: ReceiptNumber,
    /// Notification, change, prompt report and so on.
    pub kind: FilingKind,
    /// The operator that filed it.
    pub owner: OrganisationId,
    /// The incident case of a report (Act Art. 5).
    pub case: Option<CaseId>,
    /// The version that this one takes the place of.
    pub supersedes: Option<FilingId>,
    /// 1 for the first filing of a series, then counted up.
    pub sequence: u32,
    /// The form it was written on; it is always shown with this version.
    pub form_version: String,
    /// Canonical JSON (RFC 8785) of the form's answers.
    pub body: String,
    /// SHA-256 over `body`.
    pub body_digest: Digest,
    /// Digest of the rule book used.
    pub rules_digest: Digest,
    /// Who pressed the button.
    pub filed_by: PersonId,
    /// When it was recorded on the authority's file, which is when it arrived (デジタル手続法 Art. 6(3)).
    pub filed_at: Timestamp,
}

impl fmt::Debug for Filing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filing")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A file that belongs to a filing, named by its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// SHA-256 over the content.
    pub digest: Digest,
    /// Name as given by the filer; shown, never used as a path.
    pub file_name: String,
    /// Octets.
    pub size: u64,
    /// Media type found by looking at the content.
    pub media_type: String,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("digest", &self.digest)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

stable_codes! {
    /// In which capacity an authority receives a filing.
    pub enum AddresseeRole {
        /// 特別社会基盤事業所管大臣 (Act Arts 4(1), 5).
        Minister = "minister",
        /// A regional head to whom the Minister's power is delegated (Act Art. 74, Cabinet Order Art. 3).
        RegionalHead = "regional_head",
        /// 内閣総理大臣, addressed by the operator (Act Art. 5).
        PrimeMinister = "prime_minister",
        /// 内閣総理大臣, to whom the Minister passes a notification (Act Art. 4(2)).
        PrimeMinisterForwarded = "prime_minister_forwarded",
    }
}

/// An authority to which a filing goes by law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The desk.
    pub organisation: OrganisationId,
    /// In which capacity.
    pub role: AddresseeRole,
    /// Article, for example `Act Art. 5`.
    pub basis: String,
    /// When it became an addressee: on filing, or on being forwarded.
    pub since: Timestamp,
}

/// The way of one filing to one addressee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Identifies it.
    pub id: DeliveryId,
    /// What is delivered.
    pub filing: FilingId,
    /// To whom.
    pub organisation: OrganisationId,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it will be tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// When it lay in the addressee's queue.
    pub delivered_at: Option<Timestamp>,
    /// When a person there first opened it.
    pub opened_at: Option<Timestamp>,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// Grows with each change.
    pub version: i64,
}

stable_codes! {
    /// What a desk found when it checked the formal requirements (行政手続法 Art. 37).
    pub enum FormalResult {
        /// 形式要件を満たす.
        Meets = "meets",
        /// 形式要件を欠く; a request for correction follows.
        Lacks = "lacks",
    }
}

/// A desk's check of the formal requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormalCheck {
    /// Identifies it.
    pub id: FormalCheckId,
    /// What was checked.
    pub filing: FilingId,
    /// By which desk.
    pub organisation: OrganisationId,
    /// With which result.
    pub result: FormalResult,
    /// Remark of the desk; may be empty.
    pub note: String,
    /// By whom.
    pub checked_by: PersonId,
    /// When.
    pub checked_at: Timestamp,
}

/// A request for correction (補正依頼) that points at one field of a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRequest {
    /// Identifies it.
    pub id: CorrectionId,
    /// The filing that lacks something.
    pub filing: FilingId,
    /// The desk that asks.
    pub organisation: OrganisationId,
    /// Path of the field in the body, for example `/answers/summary`; empty for the whole.
    pub field: String,
    /// What should be put right.
    pub text: String,
    /// The day by which the desk would like an answer; asked for, not a legal limit.
    pub wanted_by: Option<Date>,
    /// Who asks; nobody where another instance passed it on.
    pub requested_by: Option<PersonId>,
    /// Since when.
    pub requested_at: Timestamp,
    /// The answer, once there is one.
    pub answer: Option<CorrectionAnswer>,
}

/// An operator's answer to a request for correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionAnswer {
    /// The corrected filing, if something was corrected.
    pub filing: Option<FilingId>,
    /// Explanation to the desk.
    pub text: String,
    /// Who answered.
    pub answered_by: PersonId,
    /// When.
    pub answered_at: Timestamp,
}

/// The passing on of a notification to the Prime Minister (Act Art. 4(2), (4)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// Identifies it.
    pub id: ForwardingId,
    /// What was passed on.
    pub filing: FilingId,
    /// The Minister's desk.
    pub from: OrganisationId,
    /// The Cabinet Office.
    pub to: OrganisationId,
    /// By whom.
    pub forwarded_by: PersonId,
    /// When.
    pub forwarded_at: Timestamp,
}
