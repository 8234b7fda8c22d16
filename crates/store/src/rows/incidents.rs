use ids::{
    CaseId, DecisionId, Digest, FilingId, FilingKind, Id, OrganisationId, PersonId, ReceiptNumber,
};
use jiff::Timestamp;
use jiff::civil::Date;
use model::incidents::{Amends, Awareness, Precision};
use model::text::{Line, Prose};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// An incident case as its own row holds it; awareness, judgements, decisions and filings stand in their tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRecord {
    /// Identifies it.
    pub id: CaseId,
    /// The operator.
    pub owner: OrganisationId,
    /// What it is called in the house.
    pub title: Line<200>,
    /// Code of the phase.
    pub phase: String,
    /// Code of the event, as judged last.
    pub event: Option<String>,
    /// Code of the sheet that was chosen.
    pub form: Option<String>,
    /// When the prompt stage arrived last.
    pub prompt_filed_at: Option<Timestamp>,
    /// When the full stage arrived last.
    pub full_filed_at: Option<Timestamp>,
    /// When the report was withdrawn.
    pub closed_at: Option<Timestamp>,
    /// Code of the reason of the withdrawal.
    pub close_reason: Option<String>,
    /// The awareness that leads the screen; orders what is due.
    pub leading_aware_at: Option<Timestamp>,
    /// Who opened it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct CaseRow {
    id: Uuid,
    owner_id: Uuid,
    title: String,
    phase: String,
    event_code: Option<String>,
    form: Option<String>,
    prompt_filed_at: Option<i64>,
    full_filed_at: Option<i64>,
    closed_at: Option<i64>,
    close_reason: Option<String>,
    leading_aware_at: Option<i64>,
    created_by: Uuid,
    created_at: i64,
    version: i64,
}

impl TryFrom<CaseRow> for CaseRecord {
    type Error = StoreError;

    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        const TABLE: &str = "incident_case";
        let at = |micros: Option<i64>, column| {
            micros
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            title: Line::parse(&row.title).map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "title",
            })?,
            phase: row.phase,
            event: row.event_code,
            form: row.form,
            prompt_filed_at: at(row.prompt_filed_at, "prompt_filed_at")?,
            full_filed_at: at(row.full_filed_at, "full_filed_at")?,
            closed_at: at(row.closed_at, "closed_at")?,
            close_reason: row.close_reason,
            leading_aware_at: at(row.leading_aware_at, "leading_aware_at")?,
            created_by: Id::from_uuid(row.created_by),
            created_at: instant(row.created_at, TABLE, "created_at")?,
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AwarenessRow {
    id: Uuid,
    kind: String,
    aware_at: i64,
    approximate: i64,
    source: String,
    corrects_id: Option<Uuid>,
    reason: Option<String>,
    recorded_by: Uuid,
    recorded_at: i64,
}

impl TryFrom<AwarenessRow> for Awareness {
    type Error = StoreError;

    fn try_from(row: AwarenessRow) -> Result<Self, StoreError> {
        const TABLE: &str = "awareness";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        let amends = match (row.corrects_id, row.reason) {
            (None, None) => None,
            (Some(of), Some(reason)) => Some(Amends {
                of: Id::from_uuid(of),
                reason: Prose::parse(&reason).map_err(|_| corrupt("reason"))?,
            }),
            (Some(_), None) | (None, Some(_)) => return Err(corrupt("reason")),
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            aware_at: instant(row.aware_at, TABLE, "aware_at")?,
            precision: if row.approximate == 0 {
                Precision::Exact
            } else {
                Precision::Approximate
            },
            source: Prose::parse(&row.source).map_err(|_| corrupt("source"))?,
            recorded_at: instant(row.recorded_at, TABLE, "recorded_at")?,
            recorded_by: Id::from_uuid(row.recorded_by),
            amends,
        })
    }
}

/// Under which code an event was judged to fall, with the answers it rests on.
#[derive(Clone, PartialEq, Eq)]
pub struct JudgementRecord {
    /// Place among the judgements of the case, from 1.
    pub number: u32,
    /// Code of the event.
    pub event: String,
    /// Code of the report group of the computer (Order Art. 4(1)).
    pub group: String,
    /// JSON of the answers by code of the question.
    pub answers: String,
    /// Digest of the rule book used.
    pub rules_digest: Digest,
    /// Who judged.
    pub judged_by: PersonId,
    /// When.
    pub judged_at: Timestamp,
}

impl std::fmt::Debug for JudgementRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JudgementRecord")
            .field("number", &self.number)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct JudgementRow {
    number: i64,
    event_code: String,
    report_group: String,
    answers: String,
    rules_digest: Vec<u8>,
    judged_by: Uuid,
    judged_at: i64,
}

impl TryFrom<JudgementRow> for JudgementRecord {
    type Error = StoreError;

    fn try_from(row: JudgementRow) -> Result<Self, StoreError> {
        const TABLE: &str = "case_judgement";
        Ok(Self {
            number: count(row.number, TABLE, "number")?,
            event: row.event_code,
            group: row.report_group,
            answers: row.answers,
            rules_digest: digest(&row.rules_digest, TABLE)?,
            judged_by: Id::from_uuid(row.judged_by),
            judged_at: instant(row.judged_at, TABLE, "judged_at")?,
        })
    }
}

/// A decision not to report, as the register keeps it (Order Art. 4(2)(i) to (iii)).
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Identifies it.
    pub id: DecisionId,
    /// Number in the register.
    pub number: ReceiptNumber,
    /// The operator.
    pub owner: OrganisationId,
    /// The case.
    pub case: Option<CaseId>,
    /// What happened, in a few words.
    pub summary: String,
    /// JSON of the answers by code of the question.
    pub answers: String,
    /// Code of what the rule book said.
    pub outcome: String,
    /// Why the event is not reported.
    pub reason: Prose<2000>,
    /// The day on which the question is asked again.
    pub recheck_on: Date,
    /// Digest of the rule book used.
    pub rules_digest: Digest,
    /// Who decided.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: Timestamp,
}

impl std::fmt::Debug for DecisionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecisionRecord")
            .field("id", &self.id)
            .field("recheck_on", &self.recheck_on)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DecisionRow {
    id: Uuid,
    number: String,
    owner_id: Uuid,
    case_id: Option<Uuid>,
    summary: String,
    answers: String,
    outcome: String,
    reason: String,
    recheck_on: String,
    rules_digest: Vec<u8>,
    decided_by: Uuid,
    decided_at: i64,
}

/// A row of the register, with whether something took its place.
#[derive(sqlx_macros::FromRow)]
pub(crate) struct ListedDecisionRow {
    #[sqlx(flatten)]
    pub(crate) decision: DecisionRow,
    /// 0 while the decision stands. PostgreSQL gives a 32-bit number here, SQLite a 64-bit one.
    pub(crate) settled: i32,
}

impl TryFrom<DecisionRow> for DecisionRecord {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        const TABLE: &str = "no_report_decision";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            number: row.number.parse().map_err(|_| corrupt("number"))?,
            owner: Id::from_uuid(row.owner_id),
            case: row.case_id.map(Id::from_uuid),
            summary: row.summary,
            answers: row.answers,
            outcome: row.outcome,
            reason: Prose::parse(&row.reason).map_err(|_| corrupt("reason"))?,
            recheck_on: day(&row.recheck_on, TABLE, "recheck_on")?,
            rules_digest: digest(&row.rules_digest, TABLE)?,
            decided_by: Id::from_uuid(row.decided_by),
            decided_at: instant(row.decided_at, TABLE, "decided_at")?,
        })
    }
}

/// A filing of a case without its body, with the awareness it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFilingRecord {
    /// What a list shows of it.
    pub head: crate::rows::desks::FilingHead,
    /// The awareness it reports.
    pub covers: Vec<ids::AwarenessId>,
}

impl CaseFilingRecord {
    /// Which document it is.
    pub const fn kind(&self) -> FilingKind {
        self.head.kind
    }

    /// Identifies it.
    pub const fn id(&self) -> FilingId {
        self.head.id
    }
}

fn digest(octets: &[u8], table: &'static str) -> Result<Digest, StoreError> {
    octets.try_into().map_err(|_| StoreError::CorruptRow {
        table,
        column: "rules_digest",
    })
}
