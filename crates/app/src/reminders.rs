//! Reminders: what people have to do until when, told before and after it, in the portal, by mail and in calendars.
//!
//! The program looks with the eyes of each person: what somebody may not see, nobody is told of, except that somebody whom the
//! plan names learns that something in the own organisation is due.

mod calendar;
mod dues;
mod mails;
mod notices;
mod plan;
mod preferences;
mod round;

pub use calendar::{CalendarEvent, CalendarSecret, OwnCalendar};
pub use mails::{MailRow, MailState, MailsKept};
pub use notices::{NoticeCursor, NoticeList};
pub use plan::{Plan, PlanError};
pub use preferences::PreferenceInput;
pub use round::Reminded;
pub use store::rows::reminders::{Moment, Notice, Preference};
