use ids::{
    AdvisoryCandidateId, AdvisoryFileId, AdvisoryId, ComputerId, Digest, Id, OrganisationId,
    RevisionId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::NotifiedItems;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::assets::items_of_body;
use crate::rows::{count, day, instant};

/// A file from the folder, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdvisoryFile {
    /// Identifies it.
    pub id: AdvisoryFileId,
    /// Its name in the folder.
    pub name: String,
    /// Why it was set aside; `None` for one that was read.
    pub set_aside: Option<String>,
    /// Pieces of information in it.
    pub entries: u32,
    /// When it was found.
    pub received_at: Timestamp,
}

/// A published piece of information to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAdvisory {
    /// Identifies it.
    pub id: AdvisoryId,
    /// Code of the source.
    pub source: &'static str,
    /// Its number there.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The day it was published.
    pub published_on: Option<Date>,
    /// CVE numbers, one a line.
    pub cves: String,
    /// Where to read it.
    pub link: Option<String>,
    /// Digest of all that is kept of it.
    pub digest: Digest,
    /// The file it came with.
    pub file: AdvisoryFileId,
    /// What it concerns.
    pub products: Vec<NewAdvisoryProduct>,
}

/// A product that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAdvisoryProduct {
    /// Maker as written there.
    pub maker: String,
    /// Product as written there.
    pub product: String,
    /// Versions as written there, one a line.
    pub versions: String,
    /// Keys of maker and product.
    pub keys: (String, String),
    /// Product of the master that the name was taken for.
    pub meant_product: Option<String>,
}

/// A computer that was not yet compared with all that is published.
#[derive(Clone, Debug)]
pub struct ToCompare {
    /// The computer.
    pub computer: ComputerId,
    /// Its operator.
    pub owner: OrganisationId,
    /// Its current revision.
    pub revision: RevisionId,
    /// What stands in it.
    pub items: NotifiedItems,
}

/// A published piece of information that may concern a computer.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Identifies it.
    pub id: AdvisoryCandidateId,
    /// The operator.
    pub owner: OrganisationId,
    /// The computer.
    pub computer: ComputerId,
    /// Its items as they are now.
    pub items: NotifiedItems,
    /// Code of the reason for which they were brought together.
    pub reason: String,
    /// When they were.
    pub found_at: Timestamp,
    /// What was decided last, and when.
    pub decision: Option<(String, Timestamp)>,
    /// Grows with each decision.
    pub version: i64,
    /// Code of the source.
    pub source: String,
    /// Number there.
    pub number: String,
    /// Title there.
    pub title: String,
    /// The day it was published.
    pub published_on: Option<Date>,
    /// CVE numbers.
    pub cves: Vec<String>,
    /// Where to read it.
    pub link: Option<String>,
    /// When what is kept of it changed last.
    pub changed_at: Timestamp,
    /// Maker, product and versions as written there.
    pub names: Option<(String, String, Vec<String>)>,
}

/// A decision on a candidate.
#[derive(Clone, PartialEq, Eq)]
pub struct CandidateDecision {
    /// Its code.
    pub decision: String,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for CandidateDecision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CandidateDecision")
            .field("decision", &self.decision)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AdvisoryFileRow {
    id: Uuid,
    name: String,
    state: String,
    reason: Option<String>,
    entries: i64,
    received_at: i64,
}

impl TryFrom<AdvisoryFileRow> for AdvisoryFile {
    type Error = StoreError;

    fn try_from(row: AdvisoryFileRow) -> Result<Self, StoreError> {
        const TABLE: &str = "advisory_file";
        if (row.state == "set_aside") != row.reason.is_some() {
            return Err(StoreError::CorruptRow {
                table: TABLE,
                column: "reason",
            });
        }
        Ok(Self {
            id: Id::from_uuid(row.id),
            name: row.name,
            set_aside: row.reason,
            entries: count(row.entries, TABLE, "entries")?,
            received_at: instant(row.received_at, TABLE, "received_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ToCompareRow {
    id: Uuid,
    owner_id: Uuid,
    revision_id: Uuid,
    body: String,
}

impl TryFrom<ToCompareRow> for ToCompare {
    type Error = StoreError;

    fn try_from(row: ToCompareRow) -> Result<Self, StoreError> {
        Ok(Self {
            computer: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            revision: Id::from_uuid(row.revision_id),
            items: items_of_body(&row.body)?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct CandidateRow {
    id: Uuid,
    owner_id: Uuid,
    computer_id: Uuid,
    reason: String,
    found_at: i64,
    decision: Option<String>,
    decided_at: Option<i64>,
    version: i64,
    source: String,
    number: String,
    title: String,
    published_on: Option<String>,
    cves: String,
    link: Option<String>,
    changed_at: i64,
    maker: Option<String>,
    product: Option<String>,
    versions: Option<String>,
    body: String,
}

impl TryFrom<CandidateRow> for Candidate {
    type Error = StoreError;

    fn try_from(row: CandidateRow) -> Result<Self, StoreError> {
        const TABLE: &str = "advisory_candidate";
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<String>>();
        let decision = match (row.decision, row.decided_at) {
            (Some(code), Some(at)) => Some((code, instant(at, TABLE, "decided_at")?)),
            _ => None,
        };
        let names = match (row.maker, row.product) {
            (Some(maker), Some(product)) => {
                let versions = row.versions.as_deref().map(lines).unwrap_or_default();
                Some((maker, product, versions))
            }
            _ => None,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            computer: Id::from_uuid(row.computer_id),
            items: items_of_body(&row.body)?,
            reason: row.reason,
            found_at: instant(row.found_at, TABLE, "found_at")?,
            decision,
            version: row.version,
            source: row.source,
            number: row.number,
            title: row.title,
            published_on: row
                .published_on
                .map(|text| day(&text, "advisory", "published_on"))
                .transpose()?,
            cves: lines(&row.cves),
            link: row.link,
            changed_at: instant(row.changed_at, "advisory", "changed_at")?,
            names,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct CandidateDecisionRow {
    decision: String,
    reason: Option<String>,
    decided_at: i64,
    decided_by_name: String,
}

impl TryFrom<CandidateDecisionRow> for CandidateDecision {
    type Error = StoreError;

    fn try_from(row: CandidateDecisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            decision: row.decision,
            reason: row.reason,
            by: row.decided_by_name,
            at: instant(row.decided_at, "advisory_decision", "decided_at")?,
        })
    }
}
