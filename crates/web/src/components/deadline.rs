//! Deadlines: what is due, until when, how long is left.

use askama::{Template, filters::HtmlSafe};
use jiff::{Timestamp, civil::Date};

use crate::{
    components::{ConfidenceBadge, Icon, Tone},
    fmt::{self, Span},
    texts::Texts,
};

/// What kind of limit a badge shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Legal,
    Internal,
    Set,
    Elapsed,
}

/// One limit, or the time since awareness where the law fixes no number.
///
/// The words are complete without a script; with one, the time left ticks.
#[derive(Clone, Debug, Template)]
#[template(path = "components/deadline.html")]
pub struct DeadlineBadge {
    t: Texts,
    kind: Kind,
    /// 「2026年12月21日（月）24時まで」; empty for elapsed time.
    limit: String,
    span: String,
    tone: Tone,
    /// The limit (exclusive), or the beginning of elapsed time.
    anchor: String,
    /// When the words were true, for the script.
    now: String,
    unsettled: bool,
}

impl DeadlineBadge {
    /// The legal limit (法定期限): the last day, and the instant after it.
    pub fn legal(t: Texts, last_day: Date, limit: Timestamp, now: Timestamp) -> Self {
        Self::limit(t, Kind::Legal, fmt::until(t, last_day), limit, now)
    }

    /// A deadline that an authority set, for example in an order (Act Art. 6); no period of the law.
    pub fn set(t: Texts, last_day: Date, limit: Timestamp, now: Timestamp) -> Self {
        Self::limit(t, Kind::Set, fmt::until(t, last_day), limit, now)
    }

    /// The operator's own target (社内目標); never shown as the law's.
    pub fn internal(t: Texts, target: Timestamp, now: Timestamp) -> Self {
        Self::limit(t, Kind::Internal, fmt::date_time(t, target), target, now)
    }

    /// Time since awareness, for what is due promptly (速やかに).
    pub fn elapsed(t: Texts, since: Timestamp, now: Timestamp) -> Self {
        Self {
            t,
            kind: Kind::Elapsed,
            limit: String::new(),
            span: fmt::elapsed(t, since, now),
            tone: Tone::Warning,
            anchor: fmt::machine(since),
            now: fmt::machine(now),
            unsettled: false,
        }
    }

    /// Adds 「未確定」: the rule behind the limit is not settled.
    #[must_use]
    pub fn unsettled(mut self, unsettled: bool) -> Self {
        self.unsettled = unsettled;
        self
    }

    fn limit(t: Texts, kind: Kind, words: String, limit: Timestamp, now: Timestamp) -> Self {
        Self {
            t,
            kind,
            limit: words,
            span: fmt::remaining(t, now, limit),
            tone: tone(kind, Span::between(now, limit)),
            anchor: fmt::machine(limit),
            now: fmt::machine(now),
            unsettled: false,
        }
    }

    fn icon(&self) -> Icon {
        match (self.kind, self.tone) {
            (Kind::Legal | Kind::Internal | Kind::Set, Tone::Error) => Icon::Error,
            (Kind::Legal | Kind::Set | Kind::Elapsed, _) => Icon::Clock,
            (Kind::Internal, _) => Icon::Flag,
        }
    }

    fn confidence(&self) -> ConfidenceBadge {
        ConfidenceBadge::new(self.t)
    }

    fn label(&self) -> String {
        let key = match self.kind {
            Kind::Legal => "deadline-legal",
            Kind::Internal => "deadline-internal",
            Kind::Set => "deadline-set",
            Kind::Elapsed => "deadline-elapsed",
        };
        self.t.get(key).into_owned()
    }

    fn kind_code(&self) -> &'static str {
        match self.kind {
            Kind::Legal | Kind::Set => "legal",
            Kind::Internal => "internal",
            Kind::Elapsed => "elapsed",
        }
    }
}

impl HtmlSafe for DeadlineBadge {}

/// A limit warns in its last seven days; a missed target of one's own is a warning only.
fn tone(kind: Kind, left: Option<Span>) -> Tone {
    const WARN_DAYS: i64 = 7;
    match (kind, left) {
        (Kind::Internal, None) => Tone::Warning,
        (_, None) => Tone::Error,
        (_, Some(Span::Days(days))) if WARN_DAYS < days => Tone::Info,
        (_, Some(_)) => Tone::Warning,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::locale::Locale;

    fn legal(now: &str) -> String {
        let limit = "2026-12-21T15:00:00Z".parse().unwrap();
        let t = Texts::new(Locale::Ja);
        DeadlineBadge::legal(t, date(2026, 12, 21), limit, now.parse().unwrap()).to_string()
    }

    #[test]
    fn a_legal_limit_says_until_when_and_how_long() {
        let html = legal("2026-11-22T12:05:00Z");

        assert!(
            html.contains("法定期限") && html.contains("12月21日（月）24時まで"),
            "{html}"
        );
        assert!(
            html.contains("残り29日") && html.contains("deadline--info"),
            "{html}"
        );
    }

    #[test]
    fn a_limit_that_has_passed_says_so_in_words() {
        let html = legal("2026-12-23T15:00:00Z");

        assert!(
            html.contains("2日超過") && html.contains("deadline--error"),
            "{html}"
        );
    }

    #[test]
    fn promptly_is_shown_as_time_elapsed_and_never_as_a_limit() {
        let aware = "2026-11-22T18:17:00Z".parse().unwrap();
        let now = "2026-11-22T21:29:00Z".parse().unwrap();
        let html = DeadlineBadge::elapsed(Texts::new(Locale::Ja), aware, now).to_string();

        assert!(
            html.contains("速やかに") && html.contains("3時間12分経過"),
            "{html}"
        );
        assert!(!html.contains("まで"), "{html}");
    }
}
