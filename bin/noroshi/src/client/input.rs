//! What a command takes from files and flags.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;
use statute::RuleBook;

use super::failure::Failure;

/// Requests are refused above this by the server too.
const MAX_OCTETS: u64 = 8 << 20;

/// Reads a JSON or TOML document; `-` is standard input, and JSON where it begins so.
pub(super) fn document(path: &Path) -> Result<Value, Failure> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        io::stdin()
            .lock()
            .take(MAX_OCTETS)
            .read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(MAX_OCTETS).read_to_string(&mut text))
    };
    read.with_context(|| name.clone())?;
    if text.trim_start().starts_with(['{', '[']) && path.extension().is_none_or(|ext| ext != "toml")
    {
        let value = serde_json::from_str(&text).with_context(|| name.clone())?;
        return Ok(value);
    }
    // Days and times may be written without quotes in TOML; the API takes them as text.
    let table: toml::Table = toml::from_str(&text).with_context(|| name.clone())?;
    Ok(from_toml(toml::Value::Table(table)))
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(when) => Value::String(when.to_string()),
        toml::Value::Array(items) => items.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, from_toml(value)))
            .collect(),
    }
}

/// A day in any of the ways people write it (西暦, 和暦, full-width digits), as the API takes it.
pub(super) fn day(option: &'static str, raw: &str) -> Result<String, Failure> {
    let book = RuleBook::embedded().context("read the rule book")?;
    statute::calendar::parse_date(&book, raw)
        .map(|day| day.to_string())
        .map_err(|error| Failure::unable(format!("{option}: {error}")))
}

/// An instant as the API takes it: with its offset, or a day and a time in Japan as people write them.
pub(super) fn instant(option: &'static str, raw: &str) -> Result<String, Failure> {
    if raw.parse::<jiff::Timestamp>().is_ok() {
        return Ok(raw.to_owned());
    }
    let wrong = |error: &dyn std::fmt::Display| Failure::unable(format!("{option}: {error}"));
    let (day, time) = raw
        .trim()
        .split_once([' ', '\u{3000}', 'T'])
        .ok_or_else(|| wrong(&"a day and a time, such as 2026-11-22 03:17"))?;
    let book = RuleBook::embedded().context("read the rule book")?;
    formats::dates::read_when(&book, day, time)
        .map(formats::dates::When::to_text)
        .map_err(|error| match error {
            formats::dates::DateInputError::Day(reason) => wrong(&reason),
            other => wrong(&other),
        })
}

pub(super) fn optional_day(
    option: &'static str,
    raw: Option<&String>,
) -> Result<Option<String>, Failure> {
    raw.map(|raw| day(option, raw)).transpose()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use serde_json::json;

    use super::{day, document, instant};

    fn written(suffix: &str, text: &str) -> serde_json::Value {
        let mut file = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        document(file.path()).unwrap()
    }

    #[test]
    fn json_and_toml_say_the_same() {
        let wanted = json!({ "introduced_on": "2026-11-20", "class_answers": { "part_of_facility": "yes" } });
        assert_eq!(written(".json", &wanted.to_string()), wanted);
        let toml = "introduced_on = 2026-11-20\n[class_answers]\npart_of_facility = \"yes\"\n";
        assert_eq!(written(".toml", toml), wanted);
        assert_eq!(written("", toml), wanted);
    }

    #[test]
    fn a_day_is_taken_as_people_write_it() {
        assert_eq!(day("--on", "令和８年11月20日").unwrap(), "2026-11-20");
        assert_eq!(day("--on", "2026/11/20").unwrap(), "2026-11-20");
        assert!(day("--on", "2026-02-30").is_err());
    }

    #[test]
    fn an_instant_without_an_offset_is_in_japan() {
        for raw in [
            "2026-11-22 03:17",
            "令和８年11月22日　午前3時17分",
            "2026-11-22T3:17",
        ] {
            let read = instant("--aware-at", raw).unwrap();
            assert_eq!(read, "2026-11-22T03:17:00+09:00", "{raw}");
        }
        let given = "2026-11-21T18:17:00.5Z";
        assert_eq!(instant("--aware-at", given).unwrap(), given);
        for raw in ["2026-11-22", "03:17", "2026-11-22 25:00", "きのう 3:17", ""] {
            assert!(instant("--aware-at", raw).is_err(), "{raw}");
        }
    }
}
