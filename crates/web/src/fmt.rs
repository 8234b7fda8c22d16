//! Dates, times and spans as people read them; always Japan Standard Time.
//!
//! Screens show the Gregorian date with its weekday. Each function takes the [`Texts`] of the
//! page, so the pattern of a language stands in its text file.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Weekday},
    tz::{Offset, offset},
};

use crate::texts::{Args, Texts};

/// Japan Standard Time (日本標準時), UTC+9 all year.
pub const JST: Offset = offset(9);

/// The wall clock in Japan at an instant.
pub fn jst(at: Timestamp) -> DateTime {
    JST.to_datetime(at)
}

/// 「2026年11月22日（日）」, `Sun 22 Nov 2026`.
pub fn date(t: Texts, date: Date) -> String {
    dated(t, "date-full", date)
}

/// 「11月22日（日）」, `Sun 22 Nov`.
pub fn date_short(t: Texts, date: Date) -> String {
    dated(t, "date-short", date)
}

/// 「21:05」.
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// 「2026年11月22日（日）21:05」, `Sun 22 Nov 2026, 21:05 JST`.
pub fn date_time(t: Texts, at: Timestamp) -> String {
    let at = jst(at);
    with_time(t, at, &time(at))
}

/// As [`date_time`] with seconds, for receipts and logs.
pub fn date_time_seconds(t: Texts, at: Timestamp) -> String {
    let at = jst(at);
    with_time(t, at, &format!("{}:{:02}", time(at), at.second()))
}

/// 「2026年12月21日（月）24時まで」: a period ends with the end of its last day (Civil Code
/// Art. 141).
pub fn until(t: Texts, last_day: Date) -> String {
    t.with("deadline-until", "date", date(t, last_day))
        .into_owned()
}

/// As [`until`], with the next day: 「2026年12月21日（月）24時まで
/// （12月22日 0時より前）」.
pub fn until_exact(t: Texts, last_day: Date) -> String {
    let Ok(next) = last_day.tomorrow() else {
        return until(t, last_day);
    };
    let next = dated(t, "date-plain", next);
    t.with2(
        "deadline-until-exact",
        "date",
        date(t, last_day),
        "next",
        next,
    )
    .into_owned()
}

/// The instant as RFC 3339 with the offset of Japan, for `datetime` attributes and scripts.
pub fn machine(at: Timestamp) -> String {
    at.display_with_offset(JST).to_string()
}

/// A `<time>` element; displays as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    machine: String,
    text: String,
}

impl Time {
    /// An instant, to the minute.
    pub fn at(t: Texts, at: Timestamp) -> Self {
        Self {
            machine: machine(at),
            text: date_time(t, at),
        }
    }

    /// An instant, to the second.
    pub fn at_second(t: Texts, at: Timestamp) -> Self {
        Self {
            machine: machine(at),
            text: date_time_seconds(t, at),
        }
    }

    /// A day.
    pub fn on(t: Texts, day: Date) -> Self {
        Self {
            machine: day.to_string(),
            text: date(t, day),
        }
    }

    /// The end of a day as a limit, see [`until`].
    pub fn until(t: Texts, last_day: Date) -> Self {
        Self {
            machine: last_day.to_string(),
            text: until(t, last_day),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Both parts come from our own patterns and hold no markup.
        write!(
            f,
            "<time datetime=\"{}\">{}</time>",
            self.machine, self.text
        )
    }
}

impl HtmlSafe for Time {}

/// Time between now and a limit, in the unit that a reader needs: whole days, and hours and
/// minutes within the last 48 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// At least 48 hours.
    Days(i64),
    /// Less than 48 hours.
    Hours {
        /// Whole hours.
        hours: i64,
        /// Minutes beyond the whole hours.
        minutes: i64,
    },
}

impl Span {
    const DAY_MINUTES: i64 = 24 * 60;

    /// The span from `earlier` to `later`; nothing when they are the wrong way round.
    pub fn between(earlier: Timestamp, later: Timestamp) -> Option<Self> {
        let seconds = later.as_second().checked_sub(earlier.as_second())?;
        if seconds < 0 {
            return None;
        }
        let minutes = seconds.div_euclid(60);
        Some(if minutes < Self::DAY_MINUTES.saturating_mul(2) {
            Self::Hours {
                hours: minutes.div_euclid(60),
                minutes: minutes.rem_euclid(60),
            }
        } else {
            Self::Days(minutes.div_euclid(Self::DAY_MINUTES))
        })
    }

    fn text(self, t: Texts, days_key: &str, hours_key: &str) -> String {
        match self {
            Self::Days(days) => t.with(days_key, "days", days),
            Self::Hours { hours, minutes } => {
                t.with2(hours_key, "hours", hours, "minutes", minutes)
            }
        }
        .into_owned()
    }
}

/// 「残り12日」, or 「3日超過」 when `limit` (exclusive) has passed.
pub fn remaining(t: Texts, now: Timestamp, limit: Timestamp) -> String {
    match Span::between(now, limit) {
        Some(left) => left.text(t, "remaining-days", "remaining-hours"),
        None => Span::between(limit, now)
            .map(|over| over.text(t, "remaining-overdue-days", "remaining-overdue-hours"))
            .unwrap_or_default(),
    }
}

/// 「3時間12分経過」: for duties that are due promptly (速やかに), where the law gives no
/// number to count down to.
pub fn elapsed(t: Texts, since: Timestamp, now: Timestamp) -> String {
    Span::between(since, now)
        .map(|span| span.text(t, "elapsed-days", "elapsed-hours"))
        .unwrap_or_default()
}

fn with_time(t: Texts, at: DateTime, time: &str) -> String {
    t.with2("date-time", "date", date(t, at.date()), "time", time)
        .into_owned()
}

fn dated(t: Texts, pattern: &str, date: Date) -> String {
    let month = t.get(&format!("month-{}", date.month()));
    let weekday = t.get(&format!("weekday-{}", number(date.weekday())));
    let args = Args::new()
        .set("year", date.year().to_string())
        .set("month", month)
        .set("day", date.day().to_string())
        .set("weekday", weekday);
    t.with_args(pattern, args).into_owned()
}

fn number(weekday: Weekday) -> i8 {
    weekday.to_monday_one_offset()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;
    use crate::locale::Locale;

    const JA: Texts = Texts::new(Locale::Ja);
    const EN: Texts = Texts::new(Locale::En);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_shows_the_gregorian_year_and_the_weekday() {
        assert_eq!(date(JA, day(2026, 11, 22)), "2026年11月22日（日）");
        assert_eq!(date(EN, day(2026, 11, 22)), "Sun 22 Nov 2026");
        assert_eq!(date_short(JA, day(2026, 12, 21)), "12月21日（月）");
    }

    #[test]
    fn an_instant_shows_the_clock_of_japan() {
        let evening = at("2026-11-22T12:05:09Z");

        assert_eq!(date_time(JA, evening), "2026年11月22日（日）21:05");
        assert_eq!(date_time(EN, evening), "Sun 22 Nov 2026, 21:05 JST");
        assert_eq!(
            date_time_seconds(JA, evening),
            "2026年11月22日（日）21:05:09"
        );
        assert_eq!(
            Time::at(JA, evening).to_string(),
            "<time datetime=\"2026-11-22T21:05:09+09:00\">2026年11月22日（日）21:05</time>"
        );
    }

    #[test]
    fn a_limit_runs_to_the_end_of_its_last_day() {
        assert_eq!(until(JA, day(2026, 12, 21)), "2026年12月21日（月）24時まで");
        assert_eq!(
            until_exact(JA, day(2026, 12, 21)),
            "2026年12月21日（月）24時まで（12月22日 0時より前）"
        );
        assert_eq!(
            until(EN, day(2026, 12, 21)),
            "by the end of Mon 21 Dec 2026 (24:00 JST)"
        );
    }

    #[test]
    fn the_last_48_hours_count_in_hours() {
        let limit = at("2026-12-21T15:00:00Z");

        assert_eq!(remaining(JA, at("2026-12-19T15:00:00Z"), limit), "残り2日");
        assert_eq!(
            remaining(JA, at("2026-12-19T15:01:00Z"), limit),
            "残り47時間59分"
        );
        assert_eq!(
            remaining(EN, at("2026-11-21T15:00:00Z"), limit),
            "30 days left"
        );
        assert_eq!(
            remaining(JA, at("2026-12-21T15:30:00Z"), limit),
            "0時間30分超過"
        );
        assert_eq!(
            remaining(EN, at("2026-12-24T15:30:00Z"), limit),
            "3 days overdue"
        );
    }

    #[test]
    fn a_prompt_duty_counts_up() {
        let aware = at("2026-11-22T18:17:00Z");

        assert_eq!(
            elapsed(JA, aware, at("2026-11-22T21:29:00Z")),
            "3時間12分経過"
        );
        assert_eq!(
            elapsed(EN, aware, at("2026-11-25T18:17:00Z")),
            "3 days elapsed"
        );
    }
}
