//! When something is due: the legal limit, the unrolled end and the conservative limit.

mod compute;
mod refusal;

use jiff::civil::Date;

use crate::confidence::Confidence;
use crate::fields::{FieldError, Fields};
use crate::pack::PackDigest;
use crate::period::{FirstDay, Period};
use crate::phase::StandingKind;
use crate::reason::Reason;

pub use compute::{due, due_in_hours, within_window};
pub use refusal::DueRefusal;

/// A statutory period with everything needed to count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodRule {
    pub period: Period,
    pub purpose: PeriodPurpose,
    pub counts_from: CountsFrom,
    pub first_day: FirstDay,
    pub closed_days: ClosedDays,
    /// The fixed day from which the period runs, when it is the day of enforcement.
    pub starts_on: Option<Date>,
    /// The window in which the trigger must lie.
    pub window: Option<String>,
    /// The limit that applies inside this window.
    pub limit: Option<String>,
}

/// What a period is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodPurpose {
    /// Something must be filed by its end.
    Limit,
    /// Something must happen inside it for another rule to apply.
    Window,
    /// A duty does not exist yet inside it.
    Grace,
    /// How long a measure or a review may take; nobody files by its end.
    Length,
}

/// The event from which a period runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountsFrom {
    /// 認知.
    Awareness,
    /// 導入.
    Introduction,
    /// 指定 of the operator.
    Designation,
    /// The computer became a specified important computer (特定重要電子計算機となった日).
    BecameSpecified,
    /// 施行.
    Enforcement,
    /// 変更.
    Change,
    /// Receipt of a demand or recommendation.
    Receipt,
    /// Filing.
    Filing,
    /// Approval of a measure.
    Approval,
}

impl CountsFrom {
    const ALL: [Self; 9] = [
        Self::Awareness,
        Self::Introduction,
        Self::Designation,
        Self::BecameSpecified,
        Self::Enforcement,
        Self::Change,
        Self::Receipt,
        Self::Filing,
        Self::Approval,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Awareness => "awareness",
            Self::Introduction => "introduction",
            Self::Designation => "designation",
            Self::BecameSpecified => "became_specified",
            Self::Enforcement => "enforcement",
            Self::Change => "change",
            Self::Receipt => "receipt",
            Self::Filing => "filing",
            Self::Approval => "approval",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }

    /// The event in Japanese, as in 「認知した日」.
    pub const fn text_ja(self) -> &'static str {
        match self {
            Self::Awareness => "認知した日",
            Self::Introduction => "導入した日",
            Self::Designation => "指定の日",
            Self::BecameSpecified => "特定重要電子計算機となった日",
            Self::Enforcement => "施行の日",
            Self::Change => "変更の日",
            Self::Receipt => "受領の日",
            Self::Filing => "提出の日",
            Self::Approval => "承認の日",
        }
    }

    /// The event in English, as in "the day of awareness".
    pub const fn text_en(self) -> &'static str {
        match self {
            Self::Awareness => "the day of awareness",
            Self::Introduction => "the day of introduction",
            Self::Designation => "the day of designation",
            Self::BecameSpecified => "the day it became a specified important computer",
            Self::Enforcement => "the day of enforcement",
            Self::Change => "the day of the change",
            Self::Receipt => "the day of receipt",
            Self::Filing => "the day of filing",
            Self::Approval => "the day of approval",
        }
    }
}

/// What happens when a period ends on a closed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedDays {
    /// It moves to the next open day
    /// (Act on Closed Days of Administrative Organs Art. 2: filings toward a national agency).
    Roll,
    /// It stays: hours, windows, grace periods.
    Stay,
}

impl PeriodRule {
    pub(crate) fn read(fields: &mut Fields, unit: &str) -> Result<Self, FieldError> {
        let period = Period::read(fields, unit)?;
        let rule = Self {
            period,
            purpose: fields.code(
                "purpose",
                "limit, window, grace or length",
                |code| match code {
                    "limit" => Some(PeriodPurpose::Limit),
                    "window" => Some(PeriodPurpose::Window),
                    "grace" => Some(PeriodPurpose::Grace),
                    "length" => Some(PeriodPurpose::Length),
                    _ => None,
                },
            )?,
            counts_from: fields.code("counts_from", "a known event", CountsFrom::parse)?,
            first_day: fields.code("first_day", "excluded or counted", FirstDay::parse)?,
            closed_days: fields.code("closed_days", "roll or stay", |code| match code {
                "roll" => Some(ClosedDays::Roll),
                "stay" => Some(ClosedDays::Stay),
                _ => None,
            })?,
            starts_on: fields.optional_date("starts_on")?,
            window: fields.optional_text("window")?,
            limit: fields.optional_text("limit")?,
        };
        if (rule.counts_from == CountsFrom::Enforcement) != rule.starts_on.is_some() {
            return Err(FieldError::NotAllowed {
                field: "starts_on",
                allowed: "given exactly when the period counts from enforcement",
            });
        }
        let rolls_wrongly = rule.closed_days == ClosedDays::Roll
            && (rule.purpose != PeriodPurpose::Limit || matches!(period, Period::Hours(_)));
        if rolls_wrongly {
            return Err(FieldError::NotAllowed {
                field: "closed_days",
                allowed: "only filing limits in days or months roll",
            });
        }
        Ok(rule)
    }
}

/// A question about a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueQuestion<'key> {
    /// The rule book key, such as `report.full`.
    pub key: &'key str,
    /// The day of the event, in Japan Standard Time: awareness, introduction or change.
    pub trigger: Date,
    /// The day the operator was designated, for `asset.notify.designated`.
    pub designated_on: Option<Date>,
    /// The day the computer became specified, for `asset.notify.rule_change`.
    pub became_on: Option<Date>,
    /// The date of the law; the day of the event when absent.
    pub on: Option<Date>,
}

impl<'key> DueQuestion<'key> {
    /// Asks when `key` is due after an event on `trigger`.
    pub const fn new(key: &'key str, trigger: Date) -> Self {
        Self {
            key,
            trigger,
            designated_on: None,
            became_on: None,
            on: None,
        }
    }

    /// Adds the day of designation.
    #[must_use]
    pub const fn designated(mut self, on: Date) -> Self {
        self.designated_on = Some(on);
        self
    }

    /// Adds the day the computer became specified.
    #[must_use]
    pub const fn became_specified(mut self, on: Date) -> Self {
        self.became_on = Some(on);
        self
    }

    /// Asks under the law of another day.
    #[must_use]
    pub const fn as_of(mut self, on: Date) -> Self {
        self.on = Some(on);
        self
    }
}

/// When something is due, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Due {
    pub key: String,
    /// The day the period runs from; absent where the law fixes no number.
    pub counted_from: Option<Date>,
    /// The last day the law allows, moved past closed days; absent where it fixes no number.
    pub legal_limit: Option<Date>,
    /// The last day of the period before any move.
    pub unrolled: Option<Date>,
    /// The earlier reading: the day of the event is day one, nothing moves (*Derived*).
    pub conservative_limit: Option<Date>,
    pub basis: String,
    pub basis_ja: String,
    /// The weakest of everything the legal limit rests on.
    pub confidence: Confidence,
    pub source: String,
    /// Whether the rule is in force or only rehearsed.
    pub standing: StandingKind,
    pub reasons: Vec<Reason>,
    /// The packs the result was computed with.
    pub digest: PackDigest,
}
