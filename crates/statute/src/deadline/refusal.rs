//! Why a deadline is not computed.

use jiff::civil::Date;

use crate::calendar::CalendarError;
use crate::entry::Start;
use crate::period::PeriodError;
use crate::phase::in_force_from;

/// A deadline question that has no answer, each with a clear message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueRefusal {
    /// The rule book has no such key.
    #[error("the rule book has no key {key}")]
    UnknownKey { key: String },
    /// The key is not something that falls due.
    #[error("{key} is not a deadline")]
    NotADeadline { key: String },
    /// The event is earlier than the rule.
    #[error("{key} does not apply to an event on {trigger}: {}", in_force_from(*.from, *.start))]
    TriggerBeforeRule {
        key: String,
        trigger: Date,
        from: Date,
        start: Start,
    },
    /// The event is later than the rule.
    #[error("{key} does not apply to an event on {trigger}: that version ended on {to}")]
    TriggerAfterRule {
        key: String,
        trigger: Date,
        to: Date,
    },
    /// The rule is not in force on the date of the law that was asked for.
    #[error("{key} is not in force on {on}: {}", in_force_from(*.from, *.start))]
    NotInForce {
        key: String,
        on: Date,
        from: Date,
        start: Start,
    },
    /// The day of designation is needed.
    #[error("{key} counts from the designation of the operator: give the day of designation")]
    MissingDesignation { key: String },
    /// The day on which the computer became specified is needed.
    #[error(
        "{key} counts from the day the computer became specified: give the day it became specified"
    )]
    MissingBecameSpecified { key: String },
    /// The computer was introduced outside the window of the rule.
    #[error("{key} applies to computers introduced from {opens} to {closes}, not on {introduced}")]
    OutsideWindow {
        key: String,
        introduced: Date,
        opens: Date,
        closes: Date,
    },
    /// The period runs from a fixed day, and another day was given.
    #[error("{key} counts from {starts_on} for everyone: give that day, not {trigger}")]
    FixedStart {
        key: String,
        trigger: Date,
        starts_on: Date,
    },
    /// The period is in hours and runs from an instant.
    #[error("{key} runs in hours from an instant, not from a day")]
    RunsInHours { key: String },
    /// The closed days of that year are not known.
    #[error("the closed days around {day} are not known")]
    Calendar {
        day: Date,
        #[source]
        source: CalendarError,
    },
    /// The end of the period cannot be computed.
    #[error("the end of {key} cannot be computed")]
    Period {
        key: String,
        #[source]
        source: PeriodError,
    },
    /// The rule book lacks an entry that the computation cites.
    #[error("the rule book lacks {key}")]
    RuleBookLacks { key: String },
}

impl DueRefusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "due.unknown_key",
            Self::NotADeadline { .. } => "due.not_a_deadline",
            Self::TriggerBeforeRule { .. } => "due.trigger_before_rule",
            Self::TriggerAfterRule { .. } => "due.trigger_after_rule",
            Self::NotInForce { .. } => "due.not_in_force",
            Self::MissingDesignation { .. } => "due.missing_designation",
            Self::MissingBecameSpecified { .. } => "due.missing_became_specified",
            Self::OutsideWindow { .. } => "due.outside_window",
            Self::FixedStart { .. } => "due.fixed_start",
            Self::RunsInHours { .. } => "due.runs_in_hours",
            Self::Calendar { .. } => "due.calendar",
            Self::Period { .. } => "due.period",
            Self::RuleBookLacks { .. } => "due.rule_book_lacks",
        }
    }

    /// The message in Japanese.
    pub fn text_ja(&self) -> String {
        match self {
            Self::UnknownKey { key } => format!("「{key}」は規則集にありません"),
            Self::NotADeadline { key } => format!("「{key}」は期限を定める規則ではありません"),
            Self::TriggerBeforeRule {
                key,
                trigger,
                from,
                start,
            } => format!(
                "「{key}」は{trigger}の事由には適用されません（{}）",
                start_ja(*from, *start)
            ),
            Self::TriggerAfterRule { key, trigger, to } => {
                format!("「{key}」は{trigger}の事由には適用されません（{to}まで有効）")
            }
            Self::NotInForce {
                key,
                on,
                from,
                start,
            } => format!(
                "「{key}」は{on}の時点で施行されていません（{}）",
                start_ja(*from, *start)
            ),
            Self::MissingDesignation { key } => {
                format!("「{key}」は指定の日から数えます。指定の日を指定してください")
            }
            Self::MissingBecameSpecified { key } => format!(
                "「{key}」は特定重要電子計算機となった日から数えます。その日を指定してください"
            ),
            Self::OutsideWindow {
                key,
                introduced,
                opens,
                closes,
            } => format!(
                "「{key}」は{opens}から{closes}までに導入したものが対象です（導入日 {introduced}）"
            ),
            Self::FixedStart {
                key,
                trigger,
                starts_on,
            } => format!(
                "「{key}」は一律に{starts_on}から数えます。{trigger}ではなくその日を指定してください"
            ),
            Self::RunsInHours { key } => {
                format!("「{key}」は時間で定めた期間で、時刻から数えます")
            }
            Self::Calendar { day, .. } => format!("{day}前後の閉庁日が分かりません"),
            Self::Period { key, .. } => format!("「{key}」の満了日を計算できません"),
            Self::RuleBookLacks { key } => format!("規則集に「{key}」がありません"),
        }
    }
}

fn start_ja(from: Date, start: Start) -> String {
    match start {
        Start::Fixed => format!("施行日 {from}"),
        Start::NotLaterThan => format!("遅くとも{from}までに施行"),
    }
}
