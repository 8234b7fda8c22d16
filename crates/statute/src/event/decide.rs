//! Decides whether an event is reportable from plain answers and dates.

use jiff::civil::Date;

use super::{EventCode, EventExclusion, EventRule, ExclusionRule};
use crate::classify::ReportGroup;
use crate::confidence::Confidence;
use crate::deadline::{DueRefusal, within_window};
use crate::entry::Entry;
use crate::notify::{Entrance, designation_relief};
use crate::pack::RuleBook;
use crate::question::{
    Answer, Answers, Asked, Topic, UnknownQuestion, questions_answered, wording,
};
use crate::reason::{Reason, weakest};
use crate::rule::Rule;

/// The computer and the days an event is judged against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventContext {
    pub group: ReportGroup,
    /// The day of awareness (認知): the duty arises then, under the law of that day.
    pub aware_on: Date,
    /// The day of the event, which decides the grace periods; awareness stands in for it.
    pub event_on: Option<Date>,
    /// The day the operator was designated for the business of the facility.
    pub designated_on: Option<Date>,
    /// How the operator became one.
    pub entrance: Entrance,
    /// The day the computer became specified through a change of the facility order.
    pub became_specified_on: Option<Date>,
}

/// The answer to 「これは報告が必要か」.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// It must be reported.
    Reportable,
    /// It need not be reported.
    NotReportable,
    /// The open questions decide; until then it should be treated as reportable.
    Unclear,
}

impl EventOutcome {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reportable => "reportable",
            Self::NotReportable => "not_reportable",
            Self::Unclear => "unclear",
        }
    }
}

/// Whether an event is reportable, under which codes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct EventFinding {
    pub outcome: EventOutcome,
    /// The codes that hold, gravest first.
    pub codes: Vec<EventCode>,
    /// Codes that an open answer could still add.
    pub may_be: Vec<EventCode>,
    /// The exclusions that hold.
    pub exclusions: Vec<EventExclusion>,
    /// Questions that could still change the outcome or add a code.
    pub open_questions: Vec<String>,
    pub confidence: Confidence,
    pub reasons: Vec<Reason>,
}

/// Why an event cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventRefusal {
    /// The rule book asks no such question.
    #[error("an answer fits no question")]
    Question(#[source] UnknownQuestion),
    /// The duty to report is not in force on the day of awareness.
    #[error("the duty to report is not in force on {on}")]
    NotInForce { on: Date },
    /// A grace period cannot be counted.
    #[error("a grace period cannot be counted")]
    Grace(#[source] DueRefusal),
}

impl EventRefusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Question(_) => "event.unknown_question",
            Self::NotInForce { .. } => "event.not_in_force",
            Self::Grace(_) => "event.grace",
        }
    }
}

/// Says whether an event must be reported, with codes, exclusions and reasons.
pub fn reportable(
    book: &RuleBook,
    answers: &Answers,
    context: &EventContext,
) -> Result<EventFinding, EventRefusal> {
    let on = context.aware_on;
    let events = event_rules(book, on);
    if events.is_empty() {
        return Err(EventRefusal::NotInForce { on });
    }
    let asked =
        questions_answered(book, Topic::Event, answers, on).map_err(EventRefusal::Question)?;
    let mut weighed = Weighed::default();
    for (entry, rule) in events {
        if rule.groups.contains(&context.group) {
            weighed.weigh(entry, rule, answers, &asked);
        }
    }
    let mut excluded = Answer::No;
    let mut exclusions = Vec::new();
    if !weighed.codes.is_empty() || !weighed.may_be.is_empty() {
        for (entry, rule) in exclusion_rules(book, on) {
            if !rule.groups.contains(&context.group) {
                continue;
            }
            let (holds, reason) = exclusion(book, entry, rule, answers, &asked, context)?;
            excluded = excluded.or(holds);
            if holds == Answer::Yes {
                exclusions.push(rule.exclusion);
            }
            if holds == Answer::Unknown {
                weighed.note_open(rule.condition.open_codes(answers));
            }
            weighed.reasons.extend(reason);
        }
    }
    Ok(weighed.finish(book, context, &asked, excluded, exclusions))
}

#[derive(Debug, Default)]
struct Weighed {
    codes: Vec<EventCode>,
    may_be: Vec<EventCode>,
    open_questions: Vec<String>,
    reasons: Vec<Reason>,
}

impl Weighed {
    fn weigh(&mut self, entry: &Entry, rule: &EventRule, answers: &Answers, asked: &[Asked<'_>]) {
        let wording = wording(asked, &rule.condition);
        match rule.condition.holds(answers) {
            Answer::Yes => {
                self.codes.push(rule.event);
                self.reasons.push(
                    Reason::resting_on(
                        entry,
                        "event_holds",
                        format!("{}に当たります。", entry.label_ja),
                        format!("It is: {}.", entry.label_en),
                    )
                    .known_as(wording),
                );
            }
            Answer::No => {}
            Answer::Unknown => {
                self.may_be.push(rule.event);
                self.note_open(rule.condition.open_codes(answers));
                self.reasons.push(
                    Reason::resting_on(
                        entry,
                        "event_open",
                        format!("{}に当たる可能性があります。", entry.label_ja),
                        format!("It may be: {}.", entry.label_en),
                    )
                    .known_as(wording),
                );
            }
        }
    }

    fn note_open(&mut self, codes: Vec<String>) {
        for code in codes {
            if !self.open_questions.contains(&code) {
                self.open_questions.push(code);
            }
        }
    }

    fn finish(
        mut self,
        book: &RuleBook,
        context: &EventContext,
        asked: &[Asked<'_>],
        excluded: Answer,
        exclusions: Vec<EventExclusion>,
    ) -> EventFinding {
        let event = if !self.codes.is_empty() {
            Answer::Yes
        } else if !self.may_be.is_empty() {
            Answer::Unknown
        } else {
            Answer::No
        };
        let outcome = match event.and(excluded.negated()) {
            Answer::Yes => EventOutcome::Reportable,
            Answer::No => EventOutcome::NotReportable,
            Answer::Unknown => EventOutcome::Unclear,
        };
        if event == Answer::No {
            for (entry, rule) in event_rules(book, context.aware_on) {
                if rule.groups.contains(&context.group) {
                    self.reasons.push(
                        Reason::resting_on(
                            entry,
                            "event_excluded",
                            format!("{}に当たりません。", entry.label_ja),
                            format!("It is not: {}.", entry.label_en),
                        )
                        .known_as(wording(asked, &rule.condition)),
                    );
                }
            }
        }
        EventFinding {
            outcome,
            codes: self.codes,
            may_be: self.may_be,
            exclusions,
            open_questions: self.open_questions,
            confidence: weakest(&self.reasons),
            reasons: self.reasons,
        }
    }
}

/// Whether an exclusion holds, with the reason where it does or may.
fn exclusion(
    book: &RuleBook,
    entry: &Entry,
    rule: &ExclusionRule,
    answers: &Answers,
    asked: &[Asked<'_>],
    context: &EventContext,
) -> Result<(Answer, Vec<Reason>), EventRefusal> {
    let answered = rule.condition.holds(answers);
    let Some(grace) = &rule.grace else {
        let reason = match answered {
            Answer::Yes => vec![excluded_reason(entry).known_as(wording(asked, &rule.condition))],
            Answer::Unknown => vec![Reason::resting_on(
                entry,
                "exclusion_open",
                format!("{}に当たるかはまだ分かりません。", entry.label_ja),
                format!("Still open: {}.", entry.label_en),
            )],
            Answer::No => Vec::new(),
        };
        return Ok((answered, reason));
    };
    let mut reasons = Vec::new();
    let start = match rule.exclusion {
        EventExclusion::WithinGraceOfDesignation => {
            let relief = designation_relief(book, context.entrance, context.designated_on);
            reasons.extend(relief.reasons);
            context.designated_on.filter(|_| relief.applies)
        }
        EventExclusion::WithinGraceOfRuleChange => context.became_specified_on,
        EventExclusion::AttemptOnly => None,
    };
    let Some(start) = start else {
        return Ok((Answer::No, reasons));
    };
    let (opens, closes) =
        within_window(book, grace, start, context.aware_on).map_err(EventRefusal::Grace)?;
    let event_on = context.event_on.unwrap_or(context.aware_on);
    let inside = opens <= event_on && event_on <= closes;
    if !inside {
        return Ok((Answer::No, reasons));
    }
    reasons.push(excluded_reason(entry));
    Ok((Answer::Yes, reasons))
}

fn excluded_reason(entry: &Entry) -> Reason {
    Reason::resting_on(
        entry,
        "exclusion_holds",
        format!("{}ため、報告の義務から除かれます。", entry.label_ja),
        format!("Not reportable: {}.", entry.label_en),
    )
}

fn event_rules(book: &RuleBook, on: Date) -> Vec<(&Entry, &EventRule)> {
    let mut rules = book.rules(on, |rule| match rule {
        Rule::Event(event) => Some(event),
        _ => None,
    });
    rules.sort_by_key(|(_, rule)| rule.event);
    rules
}

fn exclusion_rules(book: &RuleBook, on: Date) -> Vec<(&Entry, &ExclusionRule)> {
    let mut rules = book.rules(on, |rule| match rule {
        Rule::Exclusion(exclusion) => Some(exclusion),
        _ => None,
    });
    rules.sort_by_key(|(_, rule)| rule.exclusion);
    rules
}
