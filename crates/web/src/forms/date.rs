//! Days and times in separate fields, and what people paste into them.
//!
//! A whole date in the year field is taken apart: 「2026-11-20」, 「2026年11月20日」,
//! 「R8.11.20」, 「令和8年11月20日」, also in full-width digits.

use askama::Template;
use jiff::civil::{Date, Time};

use crate::forms::{
    FieldError, FormErrors, RawForm,
    control::{Head, Requirement, field_settings},
    digits::{fold, integer},
};

field_settings!(DateInput, DateTimeInput);

/// Turns a year of a Japanese era into a Gregorian year.
pub trait Eras {
    /// The Gregorian year of `year` in the era that `era` names (「令和」, 「R」, 「㋿」);
    /// `None` for an era or year that never was. The first year (元年) is 1.
    fn gregorian_year(&self, era: &str, year: u16) -> Option<i16>;
}

/// Which part of a date or time is wrong, and the text key that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartError {
    /// Part to correct: `year`, `month`, `day`, `hour` or `minute`.
    pub part: &'static str,
    /// Text key.
    pub key: &'static str,
}

impl PartError {
    const fn new(part: &'static str, key: &'static str) -> Self {
        Self { part, key }
    }

    /// This error of a field; `label` is the text key of its label.
    pub fn of(self, field: &str, label: &'static str) -> FieldError {
        FieldError::new(field, label, self.key).part(self.part)
    }
}

/// Reads the day in `<name>.year`, `.month` and `.day`; `None` when all are empty.
pub fn read_date(raw: &RawForm, name: &str, eras: &impl Eras) -> Result<Option<Date>, PartError> {
    let [year, month, day] =
        ["year", "month", "day"].map(|part| fold(raw.get(&format!("{name}.{part}"))));
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return Ok(None);
    }
    if month.is_empty() && day.is_empty() {
        return whole_date(&year, eras).map(Some);
    }
    let year = read_year(&year, eras)?;
    let month = in_range(&month, 1, 12).ok_or(PartError::new("month", "form-error-month"))?;
    let day = in_range(&day, 1, 31).ok_or(PartError::new("day", "form-error-day"))?;
    Date::new(year, month, day)
        .map(Some)
        .map_err(|_| PartError::new("day", "form-error-no-such-day"))
}

/// Reads the time in `<name>.hour` and `.minute`; `None` when both are empty. A time pasted
/// whole into the hour field (「21:05」, 「21時5分」) is taken apart.
pub fn read_time(raw: &RawForm, name: &str) -> Result<Option<Time>, PartError> {
    let [hour, minute] = ["hour", "minute"].map(|part| fold(raw.get(&format!("{name}.{part}"))));
    let (hour, minute) = match (hour.is_empty(), minute.is_empty()) {
        (true, true) => return Ok(None),
        (false, true) => match hour.split_once([':', '時']) {
            Some((hour, minute)) => (hour.to_owned(), minute.trim_end_matches('分').to_owned()),
            None => (hour, minute),
        },
        _ => (hour, minute),
    };
    let hour = in_range(&hour, 0, 23).ok_or(PartError::new("hour", "form-error-hour"))?;
    let minute = in_range(&minute, 0, 59).ok_or(PartError::new("minute", "form-error-minute"))?;
    Time::new(hour, minute, 0, 0)
        .map(Some)
        .map_err(|_| PartError::new("hour", "form-error-hour"))
}

fn whole_date(text: &str, eras: &impl Eras) -> Result<Date, PartError> {
    let incomplete = PartError::new("year", "form-error-date-incomplete");
    let parts: Vec<&str> = text
        .split(['年', '月', '日', '.', '/', '-'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let [year, month, day] = parts.as_slice() else {
        return Err(incomplete);
    };
    let year = read_year(year, eras)?;
    let month = in_range(month, 1, 12).ok_or(PartError::new("year", "form-error-month"))?;
    let day = in_range(day, 1, 31).ok_or(PartError::new("year", "form-error-day"))?;
    Date::new(year, month, day).map_err(|_| PartError::new("year", "form-error-no-such-day"))
}

fn read_year(text: &str, eras: &impl Eras) -> Result<i16, PartError> {
    let wrong = PartError::new("year", "form-error-year");
    let text = text.trim_end_matches('年').trim_end();
    let start = text
        .find(|letter: char| letter.is_ascii_digit() || letter == '元')
        .ok_or(wrong)?;
    let (era, number) = text.split_at_checked(start).ok_or(wrong)?;
    if era.is_empty() {
        let year: i16 = integer(number).ok_or(wrong)?;
        return if (1900..=9999).contains(&year) {
            Ok(year)
        } else {
            Err(wrong)
        };
    }
    let year = if number == "元" {
        1
    } else {
        integer(number).ok_or(wrong)?
    };
    eras.gregorian_year(era.trim(), year)
        .ok_or(PartError::new("year", "form-error-era"))
}

fn in_range(text: &str, low: i8, high: i8) -> Option<i8> {
    integer::<i8>(text).filter(|number| low <= *number && *number <= high)
}

/// One number field of a date or time.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    name: &'static str,
    value: String,
    wrong: bool,
}

/// The parts named, with what was typed; the wrong one marked, or all when the error names none.
fn parts(head: &Head, raw: &RawForm, errors: &FormErrors, names: &[&'static str]) -> Vec<Part> {
    let error = errors.of(&head.name);
    names
        .iter()
        .map(|name| Part {
            name,
            value: raw.get(&format!("{}.{name}", head.name)).to_owned(),
            wrong: error.is_some_and(|error| error.part.is_none_or(|part| part == *name)),
        })
        .collect()
}

impl Head {
    fn part_id(&self, part: &Part) -> String {
        format!("{}-{}", self.id, part.name)
    }

    fn part_label(&self, part: &Part) -> String {
        self.t.get(&format!("date-part-{}", part.name)).into_owned()
    }
}

/// A day: year, month, day.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/date.html")]
pub struct DateInput {
    head: Head,
    parts: Vec<Part>,
}

impl DateInput {
    pub(crate) fn new(head: Head, raw: &RawForm, errors: &FormErrors) -> Self {
        let parts = parts(&head, raw, errors, &["year", "month", "day"]);
        Self { head, parts }
    }
}

/// A day and a time, with 「おおよその日時」 and 「時刻不明」 where wanted.
#[derive(Clone, Debug, Template)]
#[template(path = "controls/date_time.html")]
pub struct DateTimeInput {
    head: Head,
    parts: Vec<Part>,
    approximate: Option<bool>,
    time_unknown: Option<bool>,
    sent_approximate: bool,
    sent_time_unknown: bool,
}

impl DateTimeInput {
    pub(crate) fn new(head: Head, raw: &RawForm, errors: &FormErrors) -> Self {
        let parts = parts(
            &head,
            raw,
            errors,
            &["year", "month", "day", "hour", "minute"],
        );
        Self {
            sent_approximate: raw.is_checked(&format!("{}.approximate", head.name)),
            sent_time_unknown: raw.is_checked(&format!("{}.time_unknown", head.name)),
            head,
            parts,
            approximate: None,
            time_unknown: None,
        }
    }

    /// Adds the box `<name>.approximate`.
    #[must_use]
    pub fn may_be_approximate(mut self) -> Self {
        self.approximate = Some(self.sent_approximate);
        self
    }

    /// Adds the box `<name>.time_unknown`.
    #[must_use]
    pub fn time_may_be_unknown(mut self) -> Self {
        self.time_unknown = Some(self.sent_time_unknown);
        self
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    struct TestEras;

    impl Eras for TestEras {
        fn gregorian_year(&self, era: &str, year: u16) -> Option<i16> {
            let base = match era {
                "令和" | "R" | "r" => 2018,
                "平成" | "H" => 1988,
                _ => return None,
            };
            i16::try_from(year).ok()?.checked_add(base)
        }
    }

    fn read(year: &str, month: &str, day: &str) -> Result<Option<Date>, PartError> {
        let raw = RawForm::from_pairs([("d.year", year), ("d.month", month), ("d.day", day)]);
        read_date(&raw, "d", &TestEras)
    }

    #[test]
    fn full_width_digits_and_spaces_are_read() {
        assert_eq!(
            read("２０２６", " １１ ", "２０"),
            Ok(Some(date(2026, 11, 20)))
        );
    }

    #[test]
    fn a_whole_date_pasted_into_the_year_is_taken_apart() {
        for pasted in [
            "2026-11-20",
            "2026/11/20",
            "2026年11月20日",
            "R8.11.20",
            "令和8年11月20日",
            "Ｒ８．１１．２０",
            "令和８年１１月２０日",
            "㋿8年11月20日",
        ] {
            assert_eq!(
                read(pasted, "", ""),
                Ok(Some(date(2026, 11, 20))),
                "{pasted}"
            );
        }
        assert_eq!(read("平成元年12月1日", "", ""), Ok(Some(date(1989, 12, 1))));
    }

    #[test]
    fn an_era_year_in_the_year_field_is_read() {
        assert_eq!(read("令和8年", "11", "20"), Ok(Some(date(2026, 11, 20))));
    }

    #[test]
    fn an_error_names_the_part_to_correct() {
        assert_eq!(
            read("2026", "13", "1"),
            Err(PartError::new("month", "form-error-month"))
        );
        assert_eq!(
            read("2026", "2", "30"),
            Err(PartError::new("day", "form-error-no-such-day"))
        );
        assert_eq!(
            read("26", "2", "3"),
            Err(PartError::new("year", "form-error-year"))
        );
        assert_eq!(
            read("明星3", "2", "3"),
            Err(PartError::new("year", "form-error-era"))
        );
        assert_eq!(
            read("2026", "", ""),
            Err(PartError::new("year", "form-error-date-incomplete"))
        );
        assert_eq!(
            read("2026", "11", ""),
            Err(PartError::new("day", "form-error-day"))
        );
    }

    #[test]
    fn nothing_typed_is_no_date_and_no_error() {
        assert_eq!(read("", " ", "　"), Ok(None));
    }

    #[test]
    fn a_time_is_read_from_two_fields_or_one() {
        let time = |hour, minute| {
            let raw = RawForm::from_pairs([("d.hour", hour), ("d.minute", minute)]);
            read_time(&raw, "d")
        };
        assert_eq!(time("３", "１７"), Ok(Some(Time::constant(3, 17, 0, 0))));
        assert_eq!(time("21:05", ""), Ok(Some(Time::constant(21, 5, 0, 0))));
        assert_eq!(time("21時5分", ""), Ok(Some(Time::constant(21, 5, 0, 0))));
        assert_eq!(
            time("24", "0"),
            Err(PartError::new("hour", "form-error-hour"))
        );
        assert_eq!(
            time("21", ""),
            Err(PartError::new("minute", "form-error-minute"))
        );
        assert_eq!(time("", ""), Ok(None));
    }
}
