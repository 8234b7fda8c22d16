//! Reminders with a clock that is stepped.

mod calendar;
mod mails;
mod portal;
