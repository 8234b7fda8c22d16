//! Days and times as people type them.

use std::sync::LazyLock;

use formats::dates::{When, read_date, read_time, read_when};
use statute::RuleBook;
use statute::calendar::{format_era_date, format_western_date};

static BOOK: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

/// A day that was read reads back the same however we write it; two lines are a day and a time.
pub(crate) fn check(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    let (day, time) = text.split_once('\n').unwrap_or((text, ""));
    match read_date(&BOOK, day) {
        Ok(day) => {
            assert_eq!(read_date(&BOOK, &day.to_string()), Ok(day));
            assert_eq!(read_date(&BOOK, &format_western_date(day)), Ok(day));
            if let Ok(era) = format_era_date(&BOOK, day) {
                assert_eq!(read_date(&BOOK, &era), Ok(day), "{era}");
            }
        }
        Err(error) => assert_ne!(error.code(), ""),
    }
    match read_time(time) {
        Ok(time) => assert_eq!(read_time(&time.to_string()), Ok(time)),
        Err(error) => assert_ne!(error.code(), ""),
    }
    if let Ok(when) = read_when(&BOOK, day, time) {
        assert_eq!(When::from_text(&when.to_text()), Some(when));
    }
    // Whatever is taken from a body was written by us.
    if let Some(when) = When::from_text(text) {
        assert_eq!(when.to_text(), text);
    }
}
