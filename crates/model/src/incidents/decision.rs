use ids::{DecisionId, PersonId, stable_codes};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::text::Prose;

/// A recorded decision not to report: who, why, and when to look again.
///
/// Order Art. 4(2)(i) to (iii) and 4(1) leave events out of the duty; the register shows that each
/// was judged and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionNotToReport {
    /// Identifies it.
    pub id: DecisionId,
    /// Who decided, and signs for it.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: Timestamp,
    /// Why the event need not be reported.
    pub reason: Prose<2000>,
    /// The day on which the question is asked again.
    pub recheck_on: Date,
}

stable_codes! {
    /// Whether a decision not to report should be looked at again.
    pub enum RecheckState {
        /// The day has not come.
        Resting = "resting",
        /// The day has come.
        Due = "due",
    }
}

impl DecisionNotToReport {
    /// Whether the day to look again has come.
    pub fn recheck(&self, today: Date) -> RecheckState {
        if self.recheck_on <= today {
            RecheckState::Due
        } else {
            RecheckState::Resting
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::{IdSource, SeededIds};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::{DecisionNotToReport, RecheckState};
    use crate::text::Prose;

    #[test]
    fn a_decision_is_looked_at_again_from_its_day_on() {
        let ids = SeededIds::new(1);
        let ids: &(dyn IdSource + 'static) = &ids;
        let decision = DecisionNotToReport {
            id: ids.next(),
            decided_by: ids.next(),
            decided_at: Timestamp::UNIX_EPOCH,
            reason: Prose::parse("試験用の端末で、特定重要電子計算機ではない").unwrap(),
            recheck_on: date(2026, 12, 1),
        };
        assert_eq!(decision.recheck(date(2026, 11, 30)), RecheckState::Resting);
        assert_eq!(decision.recheck(date(2026, 12, 1)), RecheckState::Due);
    }
}
