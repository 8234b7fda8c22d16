use ids::{Id, NoticeId, PersonId, ReminderMailId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::reminders::{Anchor, DueKind, Hour, MailAddress, QuietHours, Sight};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// How a person wants to be reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The person.
    pub person: PersonId,
    /// When not, unless the law sets the limit.
    pub quiet: Option<QuietHours>,
    /// Where mail goes; `None` for no mail.
    pub mail: Option<MailAddress>,
}

/// A moment of a limit for a person; there is one reminder of each at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// What is to be done.
    pub kind: DueKind,
    /// What it is about: the id, or what else tells it from others of the kind.
    pub subject: String,
    /// From what it is counted.
    pub anchor: Anchor,
    /// The instant of that.
    pub anchor_at: Timestamp,
    /// Hours after it; before it where negative.
    pub hours: i64,
}

/// What a person was reminded of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identifies it.
    pub id: NoticeId,
    /// Who was reminded.
    pub person: PersonId,
    /// Of what.
    pub moment: Moment,
    /// Whether the law sets the limit.
    pub legal: bool,
    /// Whether it leads there.
    pub sight: Sight,
    /// Whether it was made in quiet hours.
    pub hour: Hour,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the person marked it as read.
    pub read_at: Option<Timestamp>,
    /// The mail that went with it.
    pub mail: Option<ReminderMailId>,
}

/// A mail that says that something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderMail {
    /// Identifies it, also in its header.
    pub id: ReminderMailId,
    /// To whom.
    pub person: PersonId,
    /// Where to.
    pub address: MailAddress,
    /// The first limit it is about, if there is one.
    pub due_at: Option<Timestamp>,
    /// Whether the law sets one of its limits.
    pub legal: bool,
    /// `waiting`, `sent` or `given_up`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it will be tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was sent or given up.
    pub settled_at: Option<Timestamp>,
}

/// The address of a calendar of limits; the secret itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Whose limits.
    pub person: PersonId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last fetched.
    pub fetched_at: Option<Timestamp>,
}

/// How a limit was last told to calendar programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names it for calendar programs, for ever.
    pub uid: String,
    /// The limit.
    pub due_at: Timestamp,
    /// How often it was changed (RFC 5545, section 3.8.7.4).
    pub sequence: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct PreferenceRow {
    id: Uuid,
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    mail: Option<String>,
}

impl TryFrom<PreferenceRow> for Preference {
    type Error = StoreError;

    fn try_from(row: PreferenceRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::CorruptRow {
            table: "reminder_preference",
            column,
        };
        let minute = |value: i64, column| u16::try_from(value).map_err(|_| corrupt(column));
        let quiet = match (row.quiet_from, row.quiet_until) {
            (None, None) => None,
            (Some(from), Some(until)) => Some(
                QuietHours::new(minute(from, "quiet_from")?, minute(until, "quiet_until")?)
                    .map_err(|_| corrupt("quiet_until"))?,
            ),
            (Some(_), None) | (None, Some(_)) => return Err(corrupt("quiet_until")),
        };
        Ok(Self {
            person: Id::from_uuid(row.id),
            quiet,
            mail: row
                .mail
                .map(|text| MailAddress::parse(&text))
                .transpose()
                .map_err(|_| corrupt("mail"))?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct NoticeRow {
    id: Uuid,
    person_id: Uuid,
    kind: String,
    subject: String,
    anchor: String,
    anchor_at: i64,
    hours: i64,
    legal: i64,
    sight: String,
    hour: String,
    created_at: i64,
    read_at: Option<i64>,
    mail_id: Option<Uuid>,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self, StoreError> {
        const TABLE: &str = "reminder_notice";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            person: Id::from_uuid(row.person_id),
            moment: Moment {
                kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
                subject: row.subject,
                anchor: row.anchor.parse().map_err(|_| corrupt("anchor"))?,
                anchor_at: instant(row.anchor_at, TABLE, "anchor_at")?,
                hours: row.hours,
            },
            legal: row.legal == 1,
            sight: row.sight.parse().map_err(|_| corrupt("sight"))?,
            hour: row.hour.parse().map_err(|_| corrupt("hour"))?,
            created_at: instant(row.created_at, TABLE, "created_at")?,
            read_at: row
                .read_at
                .map(|at| instant(at, TABLE, "read_at"))
                .transpose()?,
            mail: row.mail_id.map(Id::from_uuid),
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct MailRow {
    id: Uuid,
    person_id: Uuid,
    address: String,
    due_at: Option<i64>,
    legal: i64,
    state: String,
    attempts: i64,
    next_attempt_at: Option<i64>,
    last_error: Option<String>,
    created_at: i64,
    settled_at: Option<i64>,
}

impl TryFrom<MailRow> for ReminderMail {
    type Error = StoreError;

    fn try_from(row: MailRow) -> Result<Self, StoreError> {
        const TABLE: &str = "reminder_mail";
        let at = |value: Option<i64>, column| {
            value
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            person: Id::from_uuid(row.person_id),
            address: MailAddress::parse(&row.address).map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "address",
            })?,
            due_at: at(row.due_at, "due_at")?,
            legal: row.legal == 1,
            state: row.state,
            attempts: count(row.attempts, TABLE, "attempts")?,
            next_attempt_at: at(row.next_attempt_at, "next_attempt_at")?,
            last_error: row.last_error,
            created_at: instant(row.created_at, TABLE, "created_at")?,
            settled_at: at(row.settled_at, "settled_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FeedRow {
    person_id: Uuid,
    created_at: i64,
    fetched_at: Option<i64>,
}

impl TryFrom<FeedRow> for Feed {
    type Error = StoreError;

    fn try_from(row: FeedRow) -> Result<Self, StoreError> {
        const TABLE: &str = "calendar_feed";
        Ok(Self {
            person: Id::from_uuid(row.person_id),
            created_at: instant(row.created_at, TABLE, "created_at")?,
            fetched_at: row
                .fetched_at
                .map(|at| instant(at, TABLE, "fetched_at"))
                .transpose()?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct EventRow {
    uid: String,
    due_at: i64,
    sequence: i64,
    changed_at: i64,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        const TABLE: &str = "calendar_event";
        Ok(Self {
            uid: row.uid,
            due_at: instant(row.due_at, TABLE, "due_at")?,
            sequence: count(row.sequence, TABLE, "sequence")?,
            changed_at: instant(row.changed_at, TABLE, "changed_at")?,
        })
    }
}

/// Reads a last day.
pub(crate) fn due_day(text: &str) -> Result<Date, StoreError> {
    day(text, "computer", "due_on")
}
