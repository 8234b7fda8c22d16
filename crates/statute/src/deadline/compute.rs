//! Computes deadlines from the entries of the rule book.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{ClosedDays, CountsFrom, Due, DueQuestion, DueRefusal, PeriodPurpose, PeriodRule};
use crate::calendar::{format_western_date, format_western_day};
use crate::entry::Entry;
use crate::pack::RuleBook;
use crate::period::{FirstDay, Period};
use crate::phase::{Mode, StandingKind, rehearsal_reason};
use crate::reason::{Reason, weakest};
use crate::rule::Rule;

/// Says when `question.key` is due, and why.
///
/// The version of the rule is the one in force on `question.on`, or on the day of the event; it
/// must cover the event. In an exercise a rule that is not in force yet may be rehearsed.
pub fn due(book: &RuleBook, question: &DueQuestion<'_>, mode: Mode) -> Result<Due, DueRefusal> {
    let (entry, standing) = version(book, question, mode)?;
    let mut reasons = Vec::new();
    if standing == StandingKind::ExerciseOnly {
        reasons.push(rehearsal_reason(entry, question.trigger));
    }
    match &entry.rule {
        Rule::Promptly => {
            reasons.push(Reason::resting_on(
                entry,
                "no_number_in_law",
                "「速やかに」と定められ、日数や時間の定めはありません。",
                "The law says \"promptly\" (速やかに) and fixes no number of days or hours.",
            ));
            Ok(without_number(book, entry, standing, reasons))
        }
        Rule::GuidelineDays { least, most } => {
            reasons.push(Reason::resting_on(
                entry,
                "guideline_only",
                format!(
                    "「速やかに」の目安としておおむね{least}〜{most}日とされますが、法定の期限ではありません。"
                ),
                format!(
                    "A guideline speaks of about {least} to {most} days; it is not a legal limit."
                ),
            ));
            Ok(without_number(book, entry, standing, reasons))
        }
        Rule::Period(rule) => {
            let counting = Counting {
                book,
                key: &entry.key,
                law_on: question.on.unwrap_or(question.trigger),
            };
            match (rule.purpose, &rule.limit) {
                (PeriodPurpose::Limit, _) => {
                    counting.limit(entry, rule, question, standing, reasons)
                }
                (PeriodPurpose::Window, Some(limit)) => {
                    counting.limit_inside_window(entry, rule, limit, question, standing, reasons)
                }
                (PeriodPurpose::Window | PeriodPurpose::Grace | PeriodPurpose::Length, _) => {
                    Err(not_a_deadline(&entry.key))
                }
            }
        }
        _ => Err(not_a_deadline(&entry.key)),
    }
}

/// The instant at which a period in hours ends; hours never move past a closed day
/// (Civil Code Art. 139; Act on Closed Days of Administrative Organs Art. 2).
pub fn due_in_hours(book: &RuleBook, key: &str, from: Timestamp) -> Result<Timestamp, DueRefusal> {
    let question = DueQuestion::new(key, crate::calendar::jst::day_of(from));
    let (entry, _) = version(book, &question, Mode::Real)?;
    let Rule::Period(rule) = &entry.rule else {
        return Err(not_a_deadline(key));
    };
    if rule.purpose != PeriodPurpose::Limit {
        return Err(not_a_deadline(key));
    }
    rule.period
        .end_instant(from)
        .map_err(|source| DueRefusal::Period {
            key: key.to_owned(),
            source,
        })
}

/// The first and last day of a window or grace period that runs from `start`; nothing moves.
pub fn within_window(
    book: &RuleBook,
    key: &str,
    start: Date,
    on: Date,
) -> Result<(Date, Date), DueRefusal> {
    let entry = book.nearest(key, on).ok_or_else(|| unknown_key(key))?;
    let Rule::Period(rule) = &entry.rule else {
        return Err(not_a_deadline(key));
    };
    let start = rule.starts_on.unwrap_or(start);
    Ok((start, last_day(key, rule.period, start, rule.first_day)?))
}

/// The version of the rule that answers the question.
fn version<'book>(
    book: &'book RuleBook,
    question: &DueQuestion<'_>,
    mode: Mode,
) -> Result<(&'book Entry, StandingKind), DueRefusal> {
    let versions = book.history(question.key);
    let Some(first) = versions.first() else {
        return Err(unknown_key(question.key));
    };
    let law_on = question.on.unwrap_or(question.trigger);
    let found = book.entry(question.key, law_on);
    if let Some(entry) = found
        && entry.covers(question.trigger)
    {
        return Ok((entry, StandingKind::InForce));
    }
    let nearest = book.nearest(question.key, law_on).unwrap_or(first);
    if mode == Mode::Exercise {
        return Ok((nearest, StandingKind::ExerciseOnly));
    }
    let key = nearest.key.clone();
    if question.trigger < nearest.from {
        return Err(DueRefusal::TriggerBeforeRule {
            key,
            trigger: question.trigger,
            from: nearest.from,
            start: nearest.start,
        });
    }
    match (found, nearest.to) {
        (Some(_), Some(to)) => Err(DueRefusal::TriggerAfterRule {
            key,
            trigger: question.trigger,
            to,
        }),
        _ => Err(DueRefusal::NotInForce {
            key,
            on: law_on,
            from: nearest.from,
            start: nearest.start,
        }),
    }
}

fn without_number(
    book: &RuleBook,
    entry: &Entry,
    standing: StandingKind,
    reasons: Vec<Reason>,
) -> Due {
    Due {
        key: entry.key.clone(),
        counted_from: None,
        legal_limit: None,
        unrolled: None,
        conservative_limit: None,
        basis: entry.basis.clone(),
        basis_ja: entry.basis_ja.clone(),
        confidence: weakest(&reasons),
        source: entry.source.clone(),
        standing,
        reasons,
        digest: book.digest(),
    }
}

/// The book and the date of the law under which one question is answered.
struct Counting<'book> {
    book: &'book RuleBook,
    key: &'book str,
    law_on: Date,
}

impl Counting<'_> {
    fn limit(
        &self,
        entry: &Entry,
        rule: &PeriodRule,
        question: &DueQuestion<'_>,
        standing: StandingKind,
        mut reasons: Vec<Reason>,
    ) -> Result<Due, DueRefusal> {
        let start = self.start(rule, question)?;
        if let Some(window) = &rule.window {
            reasons.push(self.inside_window(window, start, question.trigger)?);
        }
        self.count(entry, rule, start, standing, reasons)
    }

    /// A window that leads to a limit of its own (ORD suppl. 2).
    fn limit_inside_window(
        &self,
        entry: &Entry,
        rule: &PeriodRule,
        limit: &str,
        question: &DueQuestion<'_>,
        standing: StandingKind,
        mut reasons: Vec<Reason>,
    ) -> Result<Due, DueRefusal> {
        let start = rule.starts_on.unwrap_or(question.trigger);
        reasons.push(self.inside_window(&entry.key, start, question.trigger)?);
        let limit_entry = self.cited(limit)?;
        let Rule::Period(limit_rule) = &limit_entry.rule else {
            return Err(not_a_deadline(limit));
        };
        let mut due = self.count(limit_entry, limit_rule, start, standing, reasons)?;
        due.key.clone_from(&entry.key);
        Ok(due)
    }

    /// The day from which the period runs.
    fn start(&self, rule: &PeriodRule, question: &DueQuestion<'_>) -> Result<Date, DueRefusal> {
        let key = self.key.to_owned();
        match (rule.counts_from, rule.starts_on) {
            (CountsFrom::Designation, _) => question
                .designated_on
                .ok_or(DueRefusal::MissingDesignation { key }),
            (CountsFrom::BecameSpecified, _) => question
                .became_on
                .ok_or(DueRefusal::MissingBecameSpecified { key }),
            (CountsFrom::Enforcement, Some(starts_on)) if starts_on != question.trigger => {
                Err(DueRefusal::FixedStart {
                    key,
                    trigger: question.trigger,
                    starts_on,
                })
            }
            (
                CountsFrom::Awareness
                | CountsFrom::Introduction
                | CountsFrom::Enforcement
                | CountsFrom::Change
                | CountsFrom::Receipt
                | CountsFrom::Filing
                | CountsFrom::Approval,
                _,
            ) => Ok(question.trigger),
        }
    }

    fn inside_window(
        &self,
        window: &str,
        start: Date,
        introduced: Date,
    ) -> Result<Reason, DueRefusal> {
        let (opens, closes) = within_window(self.book, window, start, self.law_on)?;
        if introduced < opens || closes < introduced {
            return Err(DueRefusal::OutsideWindow {
                key: self.key.to_owned(),
                introduced,
                opens,
                closes,
            });
        }
        Ok(Reason::resting_on(
            self.cited(window)?,
            "inside_window",
            format!(
                "導入日{}は{}から{}までの期間内です。",
                format_western_date(introduced),
                format_western_date(opens),
                format_western_date(closes)
            ),
            format!("The introduction on {introduced} lies in the window {opens} to {closes}."),
        ))
    }

    fn count(
        &self,
        entry: &Entry,
        rule: &PeriodRule,
        start: Date,
        standing: StandingKind,
        mut reasons: Vec<Reason>,
    ) -> Result<Due, DueRefusal> {
        if matches!(rule.period, Period::Hours(_)) {
            return Err(DueRefusal::RunsInHours {
                key: self.key.to_owned(),
            });
        }
        let unrolled = last_day(self.key, rule.period, start, rule.first_day)?;
        let conservative_limit = last_day(self.key, rule.period, start, FirstDay::Counted)?;
        reasons.push(period_reason(entry, rule, start));
        reasons.push(self.first_day_reason(rule.first_day, start)?);
        reasons.push(self.end_reason(rule.period, unrolled)?);
        let legal_limit = match rule.closed_days {
            ClosedDays::Stay => unrolled,
            ClosedDays::Roll => {
                let (open, reason) = self.roll(unrolled)?;
                reasons.push(reason);
                open
            }
        };
        let confidence = weakest(&reasons);
        reasons.push(self.conservative_reason(conservative_limit)?);
        if let (Some(ja), Some(en)) = (&entry.note_ja, &entry.note_en) {
            reasons.push(Reason::resting_on(entry, "note", ja, en));
        }
        Ok(Due {
            key: entry.key.clone(),
            counted_from: Some(start),
            legal_limit: Some(legal_limit),
            unrolled: Some(unrolled),
            conservative_limit: Some(conservative_limit),
            basis: entry.basis.clone(),
            basis_ja: entry.basis_ja.clone(),
            confidence,
            source: entry.source.clone(),
            standing,
            reasons,
            digest: self.book.digest(),
        })
    }

    fn first_day_reason(&self, first_day: FirstDay, start: Date) -> Result<Reason, DueRefusal> {
        let (key, code, ja, en) = match first_day {
            FirstDay::Excluded => (
                "calendar.first_day",
                "first_day_excluded",
                format!("初日（{}）は数えません。", format_western_date(start)),
                format!("The first day ({start}) is not counted."),
            ),
            FirstDay::Counted => (
                "calendar.first_day_midnight",
                "first_day_counted",
                format!(
                    "期間が午前零時から始まるため、初日（{}）を数えます。",
                    format_western_date(start)
                ),
                format!("The period starts at midnight, so its first day ({start}) is counted."),
            ),
        };
        Ok(Reason::resting_on(self.cited(key)?, code, ja, en))
    }

    fn end_reason(&self, period: Period, unrolled: Date) -> Result<Reason, DueRefusal> {
        let key = match period {
            Period::Months(_) => "calendar.months",
            Period::Days(_) | Period::Hours(_) => "calendar.period_end",
        };
        Ok(Reason::resting_on(
            self.cited(key)?,
            "period_ends",
            format!(
                "{}は{}に満了します。",
                period.text_ja(),
                format_western_date(unrolled)
            ),
            format!(
                "The {} end on {}.",
                period.text_en(),
                format_western_day(unrolled)
            ),
        ))
    }

    fn roll(&self, unrolled: Date) -> Result<(Date, Reason), DueRefusal> {
        let unknown = |source| DueRefusal::Calendar {
            day: unrolled,
            source,
        };
        let calendar = self.book.calendar();
        let rule = self.cited("calendar.roll")?;
        let Some(name) = calendar.why_closed(unrolled).map_err(unknown)? else {
            return Ok((
                unrolled,
                Reason::resting_on(
                    rule,
                    "open_day_stays",
                    format!("{}は開庁日です。", format_western_date(unrolled)),
                    format!("Agencies are open on {}.", format_western_day(unrolled)),
                ),
            ));
        };
        let open = calendar.next_open(unrolled).map_err(unknown)?;
        let closed_by = self.cited(&name.key)?;
        let reason = Reason::resting_on(
            rule,
            "closed_day_moves",
            format!(
                "{}は閉庁日（{}）のため、翌開庁日の{}が期限です。",
                format_western_date(unrolled),
                name.label_ja,
                format_western_date(open)
            ),
            format!(
                "Agencies are closed on {} ({}), so the limit is {}.",
                format_western_day(unrolled),
                name.label_en,
                format_western_day(open)
            ),
        );
        Ok((open, reason.known_as(closed_by.confidence)))
    }

    fn conservative_reason(&self, conservative: Date) -> Result<Reason, DueRefusal> {
        Ok(Reason::resting_on(
            self.cited("calendar.conservative")?,
            "conservative_limit",
            format!(
                "初日を数え、閉庁日でも延ばさない控えめな期限は{}です。",
                format_western_date(conservative)
            ),
            format!(
                "Counting the first day and moving nothing, the conservative limit is {}.",
                format_western_day(conservative)
            ),
        ))
    }

    fn cited(&self, key: &str) -> Result<&Entry, DueRefusal> {
        self.book
            .nearest(key, self.law_on)
            .ok_or_else(|| DueRefusal::RuleBookLacks {
                key: key.to_owned(),
            })
    }
}

fn period_reason(entry: &Entry, rule: &PeriodRule, start: Date) -> Reason {
    Reason::resting_on(
        entry,
        "period",
        format!(
            "{}（{}）から{}以内です。",
            rule.counts_from.text_ja(),
            format_western_date(start),
            rule.period.text_ja()
        ),
        format!(
            "Within {} from {} ({}).",
            rule.period.text_en(),
            rule.counts_from.text_en(),
            format_western_day(start)
        ),
    )
}

fn last_day(
    key: &str,
    period: Period,
    start: Date,
    first_day: FirstDay,
) -> Result<Date, DueRefusal> {
    period
        .last_day(start, first_day)
        .map_err(|source| DueRefusal::Period {
            key: key.to_owned(),
            source,
        })
}

fn unknown_key(key: &str) -> DueRefusal {
    DueRefusal::UnknownKey {
        key: key.to_owned(),
    }
}

fn not_a_deadline(key: &str) -> DueRefusal {
    DueRefusal::NotADeadline {
        key: key.to_owned(),
    }
}
