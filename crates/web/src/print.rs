//! What pages look like on paper: filings, receipts and drafts as documents to be printed.

pub(crate) mod draft;
pub(crate) mod filing;
pub(crate) mod receipt;
pub(crate) mod submission;
pub(crate) mod workbook;

use app::App;
use app::documents::page::{Document, EmbeddedFile, Fact, Language, Mark, MarkTone, Table};
use axum::response::{IntoResponse as _, Response};
use http::header;
use jiff::Timestamp;
use jiff::civil::Date;
use statute::{Rule, RuleBook};

use crate::fmt;
use crate::locale::Locale;
use crate::pages::filings::document::{Row, Section};
use crate::pages::filings::view::AttachmentRow;
use crate::texts::Texts;

/// An empty document of this instance, with what stands on every page.
fn begin(app: &App, t: Texts, title: String, running: String) -> Document {
    let mut marks = Vec::new();
    if app.mode() == statute::Mode::Exercise {
        let mut text = t.get("exercise-mark").into_owned();
        let name = &app.config().exercise.name;
        if !name.is_empty() {
            text.push_str(&t.with("exercise-name", "name", name));
        }
        marks.push(Mark {
            text: t.with("print-exercise", "exercise", text).into_owned(),
            tone: MarkTone::Exercise,
        });
    }
    Document {
        language: match t.locale() {
            Locale::Ja => Language::Japanese,
            Locale::En => Language::English,
        },
        title,
        subtitle: Vec::new(),
        marks,
        running,
        made_at: fmt::jst(app.now()),
        made: t
            .with("print-made", "time", fmt::date_time(t, app.now()))
            .into_owned(),
        replaced: t.get("print-replaced").into_owned(),
        blocks: Vec::new(),
        files: Vec::new(),
    }
}

/// An instant to the second with the year of the era: 「2026年11月23日（月）09:05:00（令和8年）」.
fn instant(t: Texts, book: &RuleBook, at: Timestamp) -> String {
    let text = fmt::date_time_seconds(t, at);
    match era(book, fmt::jst(at).date()) {
        Some((name, year)) if t.locale() == Locale::Ja => t
            .with_args(
                "print-era",
                crate::texts::Args::new()
                    .set("time", text)
                    .set("era", name)
                    .set("year", year),
            )
            .into_owned(),
        Some(_) | None => text,
    }
}

/// Name of the era of a day and its year in it (元号法): 令和, 8. The first year is 元.
fn era(book: &RuleBook, day: Date) -> Option<(String, String)> {
    let entry = book
        .entries()
        .find(|entry| matches!(entry.rule, Rule::Era(_)) && entry.covers(day))?;
    let Rule::Era(known) = &entry.rule else {
        return None;
    };
    let year = day.year().checked_sub(entry.from.year())?.checked_add(1)?;
    let year = if year == 1 {
        "元".to_owned()
    } else {
        year.to_string()
    };
    Some((known.name.clone(), year))
}

fn fact(t: Texts, key: &str, line: impl Into<String>) -> Fact {
    Fact {
        label: t.get(key).into_owned(),
        lines: vec![line.into()],
        badges: Vec::new(),
    }
}

fn facts(section: Section) -> Vec<Fact> {
    section.rows.into_iter().map(row).collect()
}

fn row(row: Row) -> Fact {
    Fact {
        label: row.label,
        lines: row.lines,
        badges: row
            .badges
            .iter()
            .map(|badge| badge.text().to_owned())
            .collect(),
    }
}

/// The files of a filing with their digests.
fn files(t: Texts, attachments: &[AttachmentRow]) -> Table {
    Table {
        columns: vec![
            (t.get("print-file").into_owned(), 7),
            (t.get("print-size").into_owned(), 3),
            ("SHA-256".to_owned(), 14),
        ],
        rows: attachments
            .iter()
            .map(|file| {
                vec![
                    vec![file.name.clone()],
                    vec![file.size.clone()],
                    halves(&file.digest),
                ]
            })
            .collect(),
    }
}

/// A digest in two lines, so that it stays legible in a column.
fn halves(digest: &str) -> Vec<String> {
    match digest.split_at_checked(32) {
        Some((first, second)) if !second.is_empty() => vec![first.to_owned(), second.to_owned()],
        Some(_) | None => vec![digest.to_owned()],
    }
}

fn json_file(name: String, description: impl Into<String>, content: &str) -> EmbeddedFile {
    EmbeddedFile {
        name,
        description: description.into(),
        media_type: "application/json",
        content: content.as_bytes().to_vec(),
    }
}

/// A printed document as the answer to a program.
pub(crate) fn answer(content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, content).into_response()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use statute::RuleBook;

    use super::{era, instant};
    use crate::locale::Locale;
    use crate::texts::Texts;

    #[test]
    fn a_day_has_the_year_of_its_era() {
        let book = RuleBook::embedded().unwrap();
        let words = |day| era(&book, day).map(|(name, year)| format!("{name}{year}年"));
        assert_eq!(words(date(2026, 11, 23)), Some("令和8年".to_owned()));
        assert_eq!(words(date(2019, 5, 1)), Some("令和元年".to_owned()));
        assert_eq!(words(date(2019, 4, 30)), Some("平成31年".to_owned()));
    }

    #[test]
    fn the_record_time_names_the_era_in_japanese() {
        let book = RuleBook::embedded().unwrap();
        let at = "2026-11-23T00:05:09Z".parse().unwrap();
        assert_eq!(
            instant(Texts::new(Locale::Ja), &book, at),
            "2026年11月23日（月）09:05:09（令和8年）"
        );
        assert_eq!(
            instant(Texts::new(Locale::En), &book, at),
            "Mon 23 Nov 2026, 09:05:09 JST"
        );
    }
}
