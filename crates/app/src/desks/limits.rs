use formats::filing::{Body, NotificationBody, Report, Rows};
use jiff::Timestamp;
use jiff::civil::Date;
use model::incidents::{Lateness, lateness};
use model::organisation::{DesignationCause, Organisation};
use statute::calendar::jst;
use statute::{
    ComputerDates, Due, DueQuestion, Entrance, Mode, RuleBook, change_basis, due,
    notification_basis,
};

/// Days before the end from which a limit is called near on screens: a setting of the house, not of the law.
pub(crate) const SOON_DAYS: u16 = 7;

/// From what a period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountsFrom {
    /// The instant of awareness (認知) that a report names.
    Awareness(Timestamp),
    /// The day of introduction or change that a notification names.
    Day(Date),
}

/// How a filing stands against the limits of the law. Computed on each look, never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingLimits {
    /// From what the period counts; `None` where the document names nothing.
    pub from: Option<CountsFrom>,
    /// The limit that leads, with its reasons; `None` where the rule book gives none.
    pub due: Option<Due>,
    /// Whether it was kept; `None` without a limit.
    pub lateness: Option<Lateness>,
    /// Whether the duty is still open: a report whose full version is not here yet.
    pub running: bool,
}

impl FilingLimits {
    const NONE: Self = Self {
        from: None,
        due: None,
        lateness: None,
        running: false,
    };

    /// The last day of a limit that still runs, by which queues are sorted.
    pub fn open_until(&self) -> Option<Date> {
        if self.running {
            self.due.as_ref()?.legal_limit
        } else {
            None
        }
    }
}

/// What is known around a filing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    pub(crate) operator: &'a Organisation,
    pub(crate) filed_at: Timestamp,
    /// The first full report of the case from this filing on.
    pub(crate) full_filed_at: Option<Timestamp>,
    /// The last full report of the case before it.
    pub(crate) earlier_full_at: Option<Timestamp>,
    pub(crate) withdrawn: bool,
}

/// Says how a filing stands against the limits of the law (Act Arts 4 and 5; Order Arts 2 to 4).
pub(crate) fn filing_limits(
    book: &RuleBook,
    mode: Mode,
    body: &Body,
    around: &Around<'_>,
    now: Timestamp,
) -> FilingLimits {
    match body {
        Body::Notification(notification) => of_notification(book, mode, notification, around, now),
        Body::Incident(_) | Body::Correction(_) => match body.report() {
            Some(report) => of_report(book, mode, report, around, now),
            None => FilingLimits::NONE,
        },
        Body::Withdrawal(_) => FilingLimits::NONE,
    }
}

/// The full report is due from the earliest awareness that no full report has covered (DESIGN invariant 3).
fn of_report(
    book: &RuleBook,
    mode: Mode,
    report: &Report,
    around: &Around<'_>,
    now: Timestamp,
) -> FilingLimits {
    let corrected = |id| {
        report
            .awareness
            .iter()
            .any(|record| record.corrects.as_ref().is_some_and(|(of, _)| *of == id))
    };
    let standing = report
        .awareness
        .iter()
        .filter(|record| !corrected(record.id))
        .map(|record| record.aware_at);
    let uncovered = standing
        .filter(|aware_at| around.earlier_full_at.is_none_or(|full| full < *aware_at))
        .min();
    let Some(aware_at) = uncovered else {
        return FilingLimits::NONE;
    };
    let question = DueQuestion::new("report.full", jst::day_of(aware_at));
    let due = due(book, &question, mode).ok();
    let limit = due.as_ref().and_then(|due| due.legal_limit);
    FilingLimits {
        from: Some(CountsFrom::Awareness(aware_at)),
        lateness: limit.map(|limit| lateness(limit, around.full_filed_at, now, SOON_DAYS)),
        due,
        running: around.full_filed_at.is_none() && !around.withdrawn,
    }
}

/// The earliest limit among the rows leads.
fn of_notification(
    book: &RuleBook,
    mode: Mode,
    notification: &NotificationBody,
    around: &Around<'_>,
    now: Timestamp,
) -> FilingLimits {
    let mut days: Vec<Date> = match &notification.rows {
        Rows::New(rows) => rows.iter().filter_map(|row| row.introduced_on).collect(),
        Rows::Changed(rows) => rows.iter().map(|row| row.changed_on).collect(),
        Rows::Ended(rows) => rows.iter().map(|row| row.changed_on).collect(),
    };
    days.sort_unstable();
    days.dedup();
    let is_new = matches!(notification.rows, Rows::New(_));
    let finding = |day: Date| {
        let found = if is_new {
            notification_basis(book, &dates(day, around.operator), mode)
        } else {
            change_basis(book, day, mode)
        };
        let due = found.ok()?.due;
        due.legal_limit.map(|limit| (limit, day, due))
    };
    let Some((limit, day, due)) = days
        .into_iter()
        .filter_map(finding)
        .min_by_key(|(limit, _, _)| *limit)
    else {
        return FilingLimits::NONE;
    };
    FilingLimits {
        from: Some(CountsFrom::Day(day)),
        lateness: Some(lateness(limit, Some(around.filed_at), now, SOON_DAYS)),
        due: Some(due),
        running: false,
    }
}

fn dates(introduced_on: Date, operator: &Organisation) -> ComputerDates {
    let designation = operator.designation;
    ComputerDates {
        operator_designated_on: designation.map(|designation| designation.on),
        entrance: match designation.map(|designation| designation.cause) {
            Some(DesignationCause::Succession) => Entrance::Espa53,
            Some(DesignationCause::Ordinary) | None => Entrance::Ordinary,
        },
        ..ComputerDates::introduced(introduced_on)
    }
}
