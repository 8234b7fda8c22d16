use ids::stable_codes;
use jiff::{SignedDuration, Timestamp};

use super::Answers;
use super::value::AnswerValue;
use crate::dates::When;

/// Something that looks odd and does not keep anything from being filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Key of the field to look at; empty for awareness.
    pub field: String,
    /// What looks odd.
    pub code: WarningCode,
}

stable_codes! {
    /// What looks odd.
    pub enum WarningCode {
        /// Awareness lies in the future.
        FutureAwareness = "warning.future_awareness",
        /// Something that has happened lies in the future.
        Future = "warning.future",
        /// Detected before it occurred.
        DetectedBeforeOccurrence = "warning.detected_before_occurrence",
        /// Aware before it was detected.
        AwareBeforeDetection = "warning.aware_before_detection",
        /// Ended before it began.
        EndedBeforeStart = "warning.ended_before_start",
        /// Long between detection and awareness.
        LongUntilAwareness = "warning.long_until_awareness",
        /// Long between occurrence and detection.
        LongUntilDetection = "warning.long_until_detection",
    }
}

/// The instants to compare with, and from how long on a gap is called long (settings of the house,
/// not of the law).
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// Now.
    pub now: Timestamp,
    /// The awareness that leads.
    pub aware_at: Option<Timestamp>,
    /// Long between detection and awareness.
    pub long_until_awareness: SignedDuration,
    /// Long between occurrence and detection.
    pub long_until_detection: SignedDuration,
}

/// Looks for times that cannot be or are odd.
pub fn warnings(answers: &Answers, moments: &Moments) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |field: &str, code| {
        found.push(Warning {
            field: field.to_owned(),
            code,
        });
    };
    if moments
        .aware_at
        .is_some_and(|aware_at| moments.now < aware_at)
    {
        warn("", WarningCode::FutureAwareness);
    }
    for key in [
        "occurred_at",
        "detected_at",
        "ddos_started_at",
        "ddos_ended_at",
        "published_at",
    ] {
        if is_after(when(answers, key), moments.now) {
            warn(key, WarningCode::Future);
        }
    }
    let (occurred, detected) = (when(answers, "occurred_at"), when(answers, "detected_at"));
    if is_before(detected, occurred) {
        warn("detected_at", WarningCode::DetectedBeforeOccurrence);
    }
    if is_before(
        when(answers, "ddos_ended_at"),
        when(answers, "ddos_started_at"),
    ) {
        warn("ddos_ended_at", WarningCode::EndedBeforeStart);
    }
    if let Some(aware_at) = moments.aware_at {
        if is_after(detected, aware_at) {
            warn("detected_at", WarningCode::AwareBeforeDetection);
        }
        let detected = detected.and_then(When::earliest);
        if detected.is_some_and(|at| moments.long_until_awareness < aware_at.duration_since(at)) {
            warn("detected_at", WarningCode::LongUntilAwareness);
        }
    }
    if let (Some(occurred), Some(detected)) = (
        occurred.and_then(When::earliest),
        detected.and_then(When::earliest),
    ) && moments.long_until_detection < detected.duration_since(occurred)
    {
        warn("occurred_at", WarningCode::LongUntilDetection);
    }
    found
}

fn when(answers: &Answers, key: &str) -> Option<When> {
    match answers.get(key)?.value()? {
        AnswerValue::DateTime(when) => Some(*when),
        AnswerValue::Text(_)
        | AnswerValue::Date(_)
        | AnswerValue::Choice(_)
        | AnswerValue::Choices(_)
        | AnswerValue::Quantity(_)
        | AnswerValue::Computers(_)
        | AnswerValue::YesNo(_) => None,
    }
}

/// A day without a time is after an instant only when the whole day is.
fn is_after(when: Option<When>, instant: Timestamp) -> bool {
    when.and_then(When::earliest).is_some_and(|at| instant < at)
}

/// A day without a time is compared as a day.
fn is_before(first: Option<When>, second: Option<When>) -> bool {
    let (Some(first), Some(second)) = (first, second) else {
        return false;
    };
    match (first.time, second.time) {
        (Some(_), Some(_)) => first < second,
        (None, _) | (_, None) => first.date < second.date,
    }
}
