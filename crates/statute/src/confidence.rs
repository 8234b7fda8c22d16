//! How sure we are of a fact of the law.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How an entry of the rule book is known; a result carries the weakest of its inputs.
///
/// The order is from surest to least sure, so `max` gives the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The article itself was read.
    Text,
    /// Calculated or combined from facts that were read.
    Derived,
    /// Known from an official summary or a secondary source.
    Secondary,
    /// Background knowledge, or inferred from a cross-reference; a default to be confirmed.
    Assumed,
}

impl Confidence {
    /// Every value, surest first.
    pub const ALL: [Self; 4] = [Self::Text, Self::Derived, Self::Secondary, Self::Assumed];

    /// The stable code used in packs, storage and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Derived => "derived",
            Self::Secondary => "secondary",
            Self::Assumed => "assumed",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }

    /// The weaker of the two.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether the screen shows 「未確定」 beside it.
    pub const fn is_unsettled(self) -> bool {
        match self {
            Self::Text | Self::Derived => false,
            Self::Secondary | Self::Assumed => true,
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn the_weaker_of_two_is_the_one_we_are_less_sure_of() {
        assert_eq!(
            Confidence::Text.weaker(Confidence::Secondary),
            Confidence::Secondary
        );
        assert_eq!(
            Confidence::Assumed.weaker(Confidence::Derived),
            Confidence::Assumed
        );
    }

    #[test]
    fn only_secondary_and_assumed_facts_are_shown_as_unsettled() {
        let unsettled: Vec<&str> = Confidence::ALL
            .into_iter()
            .filter(|each| each.is_unsettled())
            .map(Confidence::code)
            .collect();
        assert_eq!(unsettled, ["secondary", "assumed"]);
    }
}
