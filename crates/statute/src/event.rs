//! Whether an event is reportable, and under which code: Act Art. 5, Order Art. 4(1), (2).

mod decide;

use serde::{Deserialize, Serialize};

use crate::classify::ReportGroup;
use crate::fields::{FieldError, Fields};
use crate::question::Condition;

pub use decide::{EventContext, EventFinding, EventOutcome, EventRefusal, reportable};

/// Kind of a reportable event (特定侵害事象, or an event that may be its cause).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventCode {
    /// 特定侵害事象 (Act Art. 2(5)).
    Incident,
    /// Order Art. 4(1)(i)イ: a malicious record was received.
    CauseI,
    /// Order Art. 4(1)(i)ロ: another's code was entered.
    CauseRo,
    /// Order Art. 4(1)(i)ハ: information that evades the restriction was entered.
    CauseHa,
    /// Order Art. 4(1)(i)ニ: the same against a computer that another one protects.
    CauseNi,
    /// Order Art. 4(1)(i)ホ: a code was obtained by harming the computer.
    CauseHo,
    /// Order Art. 4(1)(i)ヘ: a trace of any of these was recorded.
    TraceHe,
    /// Order Art. 4(1)(ii): a trace of an incident was recorded.
    TraceB,
}

impl EventCode {
    /// Every code, gravest first.
    pub const ALL: [Self; 8] = [
        Self::Incident,
        Self::CauseI,
        Self::CauseRo,
        Self::CauseHa,
        Self::CauseNi,
        Self::CauseHo,
        Self::TraceHe,
        Self::TraceB,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::CauseI => "cause_i",
            Self::CauseRo => "cause_ro",
            Self::CauseHa => "cause_ha",
            Self::CauseNi => "cause_ni",
            Self::CauseHo => "cause_ho",
            Self::TraceHe => "trace_he",
            Self::TraceB => "trace_b",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// A reason for which an event need not be reported (Order Art. 4(2)(i) to (iii)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventExclusion {
    /// Order Art. 4(2)(i).
    #[serde(rename = "within_6m_designation")]
    WithinGraceOfDesignation,
    /// Order Art. 4(2)(ii).
    #[serde(rename = "within_6m_rule_change")]
    WithinGraceOfRuleChange,
    /// Order Art. 4(2)(iii).
    #[serde(rename = "attempt_only_b")]
    AttemptOnly,
}

impl EventExclusion {
    /// Every exclusion.
    pub const ALL: [Self; 3] = [
        Self::WithinGraceOfDesignation,
        Self::WithinGraceOfRuleChange,
        Self::AttemptOnly,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WithinGraceOfDesignation => "within_6m_designation",
            Self::WithinGraceOfRuleChange => "within_6m_rule_change",
            Self::AttemptOnly => "attempt_only_b",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// When an event has one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRule {
    pub event: EventCode,
    /// The report groups for which the event is prescribed.
    pub groups: Vec<ReportGroup>,
    pub condition: Condition,
}

impl EventRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            event: fields.code("event", "an event code", EventCode::parse)?,
            groups: read_groups(fields)?,
            condition: Condition::read(fields)?,
        })
    }
}

/// When a reportable event falls out of the duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExclusionRule {
    pub exclusion: EventExclusion,
    pub groups: Vec<ReportGroup>,
    pub condition: Condition,
    /// The grace period whose dates decide, where dates decide.
    pub grace: Option<String>,
}

impl ExclusionRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            exclusion: fields.code("exclusion", "an exclusion code", EventExclusion::parse)?,
            groups: read_groups(fields)?,
            condition: Condition::read(fields)?,
            grace: fields.optional_text("grace")?,
        })
    }
}

fn read_groups(fields: &mut Fields) -> Result<Vec<ReportGroup>, FieldError> {
    let mut groups = Vec::new();
    for code in fields.texts("groups")? {
        groups.push(ReportGroup::parse(&code).ok_or(FieldError::NotAllowed {
            field: "groups",
            allowed: "A and B",
        })?);
    }
    if groups.is_empty() {
        return Err(FieldError::Missing { field: "groups" });
    }
    Ok(groups)
}
