//! The limits of a person for a calendar program (iCalendar, RFC 5545): `/calendar/{secret}`.
//!
//! Whoever has the address sees when something is due and nothing of what.

use app::reminders::{CalendarEvent, CalendarSecret, OwnCalendar};
use app::{App, AppError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::failure::web_error;
use crate::locale::Locale;
use crate::problem::WebError;
use crate::routes::Routes;
use crate::texts::Texts;

/// Octets of a line at most, without its end (RFC 5545, section 3.1).
const LINE: usize = 75;

pub(crate) fn routes() -> Routes {
    Routes::new().route("/calendar/{secret}", get(read))
}

async fn read(State(app): State<App>, Path(secret): Path<String>) -> Result<Response, WebError> {
    let secret = CalendarSecret::parse(&secret).ok_or_else(WebError::not_found)?;
    let calendar = match app.calendar_of(&secret).await {
        Err(AppError::NotFound) => return Err(WebError::not_found()),
        other => other.map_err(web_error)?,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, print(&calendar, app.now())).into_response())
}

/// Writes a calendar.
fn print(calendar: &OwnCalendar, now: Timestamp) -> String {
    let locale = match calendar.locale.as_str() {
        "en" => Locale::En,
        _ => Locale::Ja,
    };
    let t = Texts::new(locale);
    let mut text = String::new();
    line(&mut text, "BEGIN:VCALENDAR");
    line(&mut text, "VERSION:2.0");
    line(&mut text, "PRODID:-//Noroshi//Limits//JA");
    line(&mut text, "CALSCALE:GREGORIAN");
    line(&mut text, "METHOD:PUBLISH");
    property(&mut text, "X-WR-CALNAME", &t.get("calendar-name"));
    line(&mut text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for event in &calendar.events {
        print_event(&mut text, t, event, now);
    }
    line(&mut text, "END:VCALENDAR");
    text
}

/// An event of the last hour before the limit is over. Instants are in UTC, so that no table of time zones is needed.
fn print_event(text: &mut String, t: Texts, event: &CalendarEvent, now: Timestamp) {
    let summary = t.get(if event.legal {
        "calendar-summary-legal"
    } else {
        "calendar-summary"
    });
    let begin = event
        .due_at
        .checked_sub(SignedDuration::from_hours(1))
        .unwrap_or(event.due_at);
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{}@noroshi", event.uid));
    line(text, &format!("DTSTAMP:{}", utc(now)));
    line(text, &format!("LAST-MODIFIED:{}", utc(event.changed_at)));
    line(text, &format!("SEQUENCE:{}", event.sequence));
    line(text, &format!("DTSTART:{}", utc(begin)));
    line(text, &format!("DTEND:{}", utc(event.due_at)));
    property(text, "SUMMARY", &summary);
    property(text, "DESCRIPTION", &t.get("calendar-description"));
    line(text, "TRANSP:TRANSPARENT");
    line(text, "CLASS:PRIVATE");
    for hours in &event.alarms {
        line(text, "BEGIN:VALARM");
        line(text, "ACTION:DISPLAY");
        property(text, "DESCRIPTION", &summary);
        line(text, &format!("TRIGGER;RELATED=END:-PT{hours}H"));
        line(text, "END:VALARM");
    }
    line(text, "END:VEVENT");
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string()
}

/// A property whose value is text (RFC 5545, section 3.3.11).
fn property(text: &mut String, name: &str, value: &str) {
    let value = value
        .replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n");
    line(text, &format!("{name}:{value}"));
}

/// Writes a line, folded where it is too long, never inside a character.
fn line(text: &mut String, content: &str) {
    let mut used: usize = 0;
    for letter in content.chars() {
        if LINE < used.saturating_add(letter.len_utf8()) {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(letter);
        used = used.saturating_add(letter.len_utf8());
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests;
