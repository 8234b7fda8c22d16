use ids::{ComputerId, Digest, Id, LimitChangeId, PersonId, RulePackId};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// A rule pack from outside the program, as it was proposed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRulePack {
    /// Identifies it.
    pub id: RulePackId,
    /// Grows from pack to pack.
    pub number: u32,
    /// What its makers call it.
    pub name: String,
    /// The day on which it was made.
    pub issued_on: Date,
    /// SHA-256 over the body.
    pub digest: Digest,
    /// The entries, as TOML.
    pub body: String,
    /// The signed note over the digest.
    pub note: String,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Timestamp,
}

impl std::fmt::Debug for NewRulePack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewRulePack")
            .field("id", &self.id)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The same with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePack {
    /// As proposed.
    pub proposal: NewRulePack,
    /// Who approved it and when; `None` while nobody has.
    pub approval: Option<(PersonId, Timestamp)>,
}

/// A limit beside a computer, as kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptLimit {
    /// The computer.
    pub computer: ComputerId,
    /// The limit.
    pub due_on: Option<Date>,
    /// Version of the computer.
    pub version: i64,
}

/// A limit that moved because the rule book changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitChange {
    /// Identifies it.
    pub id: LimitChangeId,
    /// The computer.
    pub computer: ComputerId,
    /// The limit as it was worked out before.
    pub before: Option<Date>,
    /// The limit now.
    pub after: Option<Date>,
    /// The rule book of the earlier limit.
    pub before_rules: Digest,
    /// The rule book of the limit now.
    pub after_rules: Digest,
    /// When it was worked out.
    pub recorded_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct RulePackRow {
    id: Uuid,
    number: i64,
    name: String,
    issued_on: String,
    digest: Vec<u8>,
    body: String,
    note: String,
    proposed_by: Uuid,
    proposed_at: i64,
    approved_by: Option<Uuid>,
    approved_at: Option<i64>,
}

fn digest(bytes: &[u8], table: &'static str, column: &'static str) -> Result<Digest, StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::CorruptRow { table, column })
}

impl TryFrom<RulePackRow> for RulePack {
    type Error = StoreError;

    fn try_from(row: RulePackRow) -> Result<Self, StoreError> {
        const TABLE: &str = "rule_pack";
        let approval = match (row.approved_by, row.approved_at) {
            (Some(by), Some(at)) => Some((
                Id::from_uuid(by),
                instant(at, "rule_pack_approval", "approved_at")?,
            )),
            _ => None,
        };
        Ok(Self {
            proposal: NewRulePack {
                id: Id::from_uuid(row.id),
                number: count(row.number, TABLE, "number")?,
                name: row.name,
                issued_on: day(&row.issued_on, TABLE, "issued_on")?,
                digest: digest(&row.digest, TABLE, "digest")?,
                body: row.body,
                note: row.note,
                proposed_by: Id::from_uuid(row.proposed_by),
                proposed_at: instant(row.proposed_at, TABLE, "proposed_at")?,
            },
            approval,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct LimitRow {
    id: Uuid,
    due_on: Option<String>,
    version: i64,
}

impl TryFrom<LimitRow> for KeptLimit {
    type Error = StoreError;

    fn try_from(row: LimitRow) -> Result<Self, StoreError> {
        Ok(Self {
            computer: Id::from_uuid(row.id),
            due_on: row
                .due_on
                .map(|text| day(&text, "computer", "due_on"))
                .transpose()?,
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct LimitChangeRow {
    id: Uuid,
    computer_id: Uuid,
    before_on: Option<String>,
    after_on: Option<String>,
    before_rules: Vec<u8>,
    after_rules: Vec<u8>,
    recorded_at: i64,
}

impl TryFrom<LimitChangeRow> for LimitChange {
    type Error = StoreError;

    fn try_from(row: LimitChangeRow) -> Result<Self, StoreError> {
        const TABLE: &str = "limit_change";
        let on =
            |text: Option<String>, column| text.map(|text| day(&text, TABLE, column)).transpose();
        Ok(Self {
            id: Id::from_uuid(row.id),
            computer: Id::from_uuid(row.computer_id),
            before: on(row.before_on, "before_on")?,
            after: on(row.after_on, "after_on")?,
            before_rules: digest(&row.before_rules, TABLE, "before_rules")?,
            after_rules: digest(&row.after_rules, TABLE, "after_rules")?,
            recorded_at: instant(row.recorded_at, TABLE, "recorded_at")?,
        })
    }
}
