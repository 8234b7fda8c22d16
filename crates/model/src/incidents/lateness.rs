use ids::stable_codes;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use statute::calendar::jst;

stable_codes! {
    /// Whether something with a legal limit is in time. Derived on each look, never stored.
    pub enum Lateness {
        /// Filed in time, or the limit is still far.
        OnTime = "on_time",
        /// Not filed, and the limit is near.
        DueSoon = "due_soon",
        /// Not filed, and the limit has passed.
        Overdue = "overdue",
        /// Filed after the limit.
        FiledLate = "filed_late",
    }
}

/// Compares a limit with the time of filing, or with now.
///
/// A limit runs to 24:00 in Japan of its last day (Civil Code Art. 141). `soon_days` is how many
/// days before the end a limit is called near: a setting of the house, not of the law.
pub fn lateness(
    limit: Date,
    filed_at: Option<Timestamp>,
    now: Timestamp,
    soon_days: u16,
) -> Lateness {
    if let Some(filed_at) = filed_at {
        return if jst::day_of(filed_at) <= limit {
            Lateness::OnTime
        } else {
            Lateness::FiledLate
        };
    }
    let today = jst::day_of(now);
    if limit < today {
        return Lateness::Overdue;
    }
    let near_from = limit.saturating_sub(i64::from(soon_days).days());
    if near_from <= today {
        Lateness::DueSoon
    } else {
        Lateness::OnTime
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::{Lateness, lateness};

    #[track_caller]
    fn check(filed_at: Option<&str>, now: &str, expected: Lateness) {
        let filed_at: Option<Timestamp> = filed_at.map(|text| text.parse().unwrap());
        let found = lateness(date(2026, 12, 21), filed_at, now.parse().unwrap(), 3);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_limit_holds_until_midnight_in_japan_of_its_last_day() {
        check(None, "2026-12-21T23:59:59+09:00", Lateness::DueSoon);
        check(None, "2026-12-22T00:00:00+09:00", Lateness::Overdue);
        check(
            Some("2026-12-21T23:59:59+09:00"),
            "2027-01-05T00:00:00Z",
            Lateness::OnTime,
        );
        check(
            Some("2026-12-22T00:00:00+09:00"),
            "2027-01-05T00:00:00Z",
            Lateness::FiledLate,
        );
    }

    #[test]
    fn a_limit_is_near_from_the_chosen_number_of_days_before() {
        check(None, "2026-12-17T23:59:59+09:00", Lateness::OnTime);
        check(None, "2026-12-18T00:00:00+09:00", Lateness::DueSoon);
    }
}
