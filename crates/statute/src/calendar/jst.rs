//! Japan Standard Time: every legal day is a day there.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// UTC+9 without summer time (明治28年勅令第167号); a test holds it equal to the `timezone` entry.
pub const OFFSET: Offset = Offset::constant(9);

/// Japan Standard Time as a fixed-offset zone, so that no zone database is needed.
pub const fn zone() -> TimeZone {
    TimeZone::fixed(OFFSET)
}

/// The legal day in which an instant lies.
pub fn day_of(instant: Timestamp) -> Date {
    OFFSET.to_datetime(instant).date()
}

/// The instant as date and time in Japan.
pub fn in_japan(instant: Timestamp) -> Zoned {
    instant.to_zoned(zone())
}

/// The first instant of `day`.
pub fn start_of(day: Date) -> Result<Timestamp, jiff::Error> {
    OFFSET.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
}

/// The first instant after `day`: a limit on `day` holds until just before it
/// (Civil Code Art. 141: 「12月21日24時まで」).
pub fn end_of(day: Date) -> Result<Timestamp, jiff::Error> {
    start_of(day.tomorrow()?)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::{day_of, end_of};

    #[test]
    fn a_legal_day_begins_at_midnight_in_japan() {
        let before: Timestamp = "2026-11-21T14:59:59Z".parse().expect("an instant");
        let after: Timestamp = "2026-11-21T15:00:00Z".parse().expect("an instant");
        assert_eq!(day_of(before), date(2026, 11, 21));
        assert_eq!(day_of(after), date(2026, 11, 22));
    }

    #[test]
    fn a_limit_runs_to_24_00_of_its_last_day() {
        let bound = end_of(date(2026, 12, 21)).expect("a bound");
        assert_eq!(
            bound,
            "2026-12-22T00:00:00+09:00".parse().expect("an instant")
        );
    }
}
