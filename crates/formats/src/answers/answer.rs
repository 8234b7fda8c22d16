use ids::stable_codes;
use model::text::Prose;
use thiserror::Error;

use super::value::AnswerValue;

stable_codes! {
    /// How an answer stands.
    pub enum AnswerState {
        /// 入力済.
        Filled = "filled",
        /// 調査中.
        Investigating = "investigating",
        /// 不明.
        Unknown = "unknown",
        /// 該当なし.
        NotApplicable = "not_applicable",
    }
}

/// An answer to one field.
///
/// Invariants: there is a value exactly when it is filled in; only a value can be approximate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    state: AnswerState,
    value: Option<AnswerValue>,
    approximate: bool,
    reason: Option<Prose<1000>>,
}

/// Why the parts of an answer do not fit together.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AnswerError {
    /// Filled in, without a value.
    #[error("filled in without a value")]
    ValueMissing,
    /// A value beside 調査中, 不明 or 該当なし.
    #[error("a value where the state says there is none")]
    ValueUnexpected,
}

impl AnswerError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ValueMissing => "answer.value_missing",
            Self::ValueUnexpected => "answer.value_unexpected",
        }
    }
}

impl Answer {
    /// A filled-in answer.
    pub const fn filled(value: AnswerValue) -> Self {
        Self {
            state: AnswerState::Filled,
            value: Some(value),
            approximate: false,
            reason: None,
        }
    }

    /// 調査中, with why and until when.
    pub const fn investigating(reason: Option<Prose<1000>>) -> Self {
        Self {
            state: AnswerState::Investigating,
            value: None,
            approximate: false,
            reason,
        }
    }

    /// 不明.
    pub const fn unknown() -> Self {
        Self {
            state: AnswerState::Unknown,
            value: None,
            approximate: false,
            reason: None,
        }
    }

    /// 該当なし.
    pub const fn not_applicable() -> Self {
        Self {
            state: AnswerState::NotApplicable,
            value: None,
            approximate: false,
            reason: None,
        }
    }

    /// Puts an answer together from its parts.
    pub fn from_parts(
        state: AnswerState,
        value: Option<AnswerValue>,
        approximate: bool,
        reason: Option<Prose<1000>>,
    ) -> Result<Self, AnswerError> {
        match (state, value.is_some()) {
            (AnswerState::Filled, false) => Err(AnswerError::ValueMissing),
            (
                AnswerState::Investigating | AnswerState::Unknown | AnswerState::NotApplicable,
                true,
            ) => Err(AnswerError::ValueUnexpected),
            (AnswerState::Filled, true)
            | (
                AnswerState::Investigating | AnswerState::Unknown | AnswerState::NotApplicable,
                false,
            ) => Ok(Self {
                approximate: approximate && value.is_some(),
                state,
                value,
                reason,
            }),
        }
    }

    /// Marks the value as an estimate (推定).
    #[must_use]
    pub fn approximately(mut self) -> Self {
        self.approximate = self.value.is_some();
        self
    }

    /// Adds why the answer is as it is.
    #[must_use]
    pub fn because(mut self, reason: Prose<1000>) -> Self {
        self.reason = Some(reason);
        self
    }

    /// How it stands.
    pub const fn state(&self) -> AnswerState {
        self.state
    }

    /// The value, when filled in.
    pub const fn value(&self) -> Option<&AnswerValue> {
        self.value.as_ref()
    }

    /// Whether the value is an estimate.
    pub const fn is_approximate(&self) -> bool {
        self.approximate
    }

    /// Why the answer is as it is.
    pub const fn reason(&self) -> Option<&Prose<1000>> {
        self.reason.as_ref()
    }
}
