use ids::{AwarenessId, FilingKind};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use statute::calendar::jst;
use statute::{Due, DueQuestion, DueRefusal, Mode, RuleBook, due};

use super::awareness::{Awareness, AwarenessKind};
use super::case::Case;
use super::lateness::{Lateness, lateness};
use super::phase::{CasePhase, Filed};

/// The clocks of one moment of awareness (Order Art. 4(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The record from which they run.
    pub awareness: AwarenessId,
    /// Near miss or incident.
    pub kind: AwarenessKind,
    /// The instant from which they run.
    pub aware_at: Timestamp,
    /// Whether the record still stands; a corrected one shows how it was counted before.
    pub state: ClockState,
    /// 「速やかに」: the law fixes no number; `due` says so and why.
    pub prompt: Due,
    /// The filing that answered the prompt duty.
    pub prompt_filed: Option<Filed>,
    /// 30 days at the start of the Act; `due` has the number in force.
    pub full: Due,
    /// The filing that answered the full duty.
    pub full_filed: Option<Filed>,
}

/// Whether a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// A duty is open.
    Running,
    /// Filed in full.
    Answered,
    /// The record was corrected: another clock runs in its place.
    Superseded,
    /// The report was withdrawn, or it was decided not to report.
    Stopped,
}

impl Clock {
    /// Time since awareness, to show where the law says 「速やかに」; zero before it.
    pub fn elapsed(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.aware_at).max(SignedDuration::ZERO)
    }

    /// Whether the full report is in time; `None` where the law fixes no limit.
    pub fn full_lateness(&self, now: Timestamp, soon_days: u16) -> Option<Lateness> {
        let limit = self.full.legal_limit?;
        Some(lateness(
            limit,
            self.full_filed.map(|filed| filed.at),
            now,
            soon_days,
        ))
    }

    /// The last day for the full report.
    pub const fn full_limit(&self) -> Option<Date> {
        self.full.legal_limit
    }
}

/// The clocks of a case, one for each record of awareness, corrected ones included.
pub fn clocks(case: &Case, book: &RuleBook, mode: Mode) -> Result<Vec<Clock>, DueRefusal> {
    let mut clocks = Vec::with_capacity(case.awareness().records().len());
    for record in case.awareness().records() {
        clocks.push(clock(case, record, book, mode)?);
    }
    Ok(clocks)
}

/// The clock that leads the screen: of the running ones the earliest awareness; when none runs, of
/// the answered ones.
pub fn leading_clock(clocks: &[Clock]) -> Option<&Clock> {
    let earliest = |state: ClockState| {
        clocks
            .iter()
            .filter(|clock| clock.state == state)
            .min_by_key(|clock| clock.aware_at)
    };
    earliest(ClockState::Running)
        .or_else(|| earliest(ClockState::Answered))
        .or_else(|| earliest(ClockState::Stopped))
}

fn clock(
    case: &Case,
    record: &Awareness,
    book: &RuleBook,
    mode: Mode,
) -> Result<Clock, DueRefusal> {
    let aware_on = jst::day_of(record.aware_at);
    // A full report without a prompt one before it answers both duties.
    let prompt_filed = case.filed_for(
        record.id,
        &[
            FilingKind::IncidentPrompt,
            FilingKind::IncidentUpdate,
            FilingKind::IncidentFull,
        ],
    );
    let full_filed = case.filed_for(record.id, &[FilingKind::IncidentFull]);
    Ok(Clock {
        awareness: record.id,
        kind: record.kind,
        aware_at: record.aware_at,
        state: state(case, record, full_filed),
        prompt: due(book, &DueQuestion::new("report.prompt", aware_on), mode)?,
        prompt_filed,
        full: due(book, &DueQuestion::new("report.full", aware_on), mode)?,
        full_filed,
    })
}

fn state(case: &Case, record: &Awareness, full_filed: Option<Filed>) -> ClockState {
    if case.awareness().corrected_by(record.id).is_some() {
        return ClockState::Superseded;
    }
    match case.phase() {
        CasePhase::Withdrawn(_) | CasePhase::DecidedNotToReport { .. } => ClockState::Stopped,
        CasePhase::Open
        | CasePhase::PromptFiled { .. }
        | CasePhase::FullFiled { .. }
        | CasePhase::Extended { .. } => {
            if full_filed.is_some() {
                ClockState::Answered
            } else {
                ClockState::Running
            }
        }
    }
}
