//! Values as people type them into their own tables.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use model::assets::NotifiedUnit;
use statute::{AssetClass, RuleBook};
use unicode_normalization::UnicodeNormalization as _;

use crate::dates;

/// Serial numbers that are taken for days: 1982 to 2064. Years and other small numbers are not among them.
const SERIALS: std::ops::RangeInclusive<i64> = 30_000..=60_000;

/// A day and how it stood in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFound {
    /// The day.
    pub day: Date,
    /// Whether it stood there as the serial number of a spreadsheet program.
    pub serial: bool,
}

/// Why a text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayProblem {
    /// Only a year or a month: the law counts from a day.
    NoDay,
    /// It is no day at all.
    NotADay,
}

/// Why a word says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueProblem {
    /// It is not known.
    Unknown,
    /// It means one of several.
    Ambiguous,
}

/// A word without case, width, spaces, dashes, middle dots and line breaks, to compare.
pub fn value_key(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    c,
                    '-' | '_' | '.' | ',' | '、' | '。' | '・' | '/' | ':' | '#'
                )
        })
        .collect()
}

/// A text as it is shown and notified: half-width kana as full-width kana, full-width letters and digits as plain ones,
/// single spaces, no line breaks. Signs like ㈱ stay what they are.
pub fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kana = String::new();
    let flush = |kana: &mut String, out: &mut String| {
        out.extend(kana.nfkc());
        kana.clear();
    };
    for c in text.chars() {
        match c {
            '\u{ff61}'..='\u{ff9f}' => {
                kana.push(c);
                continue;
            }
            _ => flush(&mut kana, &mut out),
        }
        match c {
            '\u{ff01}'..='\u{ff5e}' => out.extend(c.nfkc()),
            '\u{fffd}' => out.push('?'),
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    flush(&mut kana, &mut out);
    out.truncate(out.trim_end().len());
    out
}

/// Reads a day in every usual writing, also 和暦, with a time behind it, and as a serial number.
pub fn read_day(book: &RuleBook, text: &str) -> Result<DayFound, DayProblem> {
    let text = readable(text);
    if let Ok(day) = dates::read_date(book, &text) {
        return Ok(DayFound { day, serial: false });
    }
    let whole = text.strip_suffix(".0").unwrap_or(&text);
    if let Ok(number) = whole.parse::<i64>() {
        if SERIALS.contains(&number) {
            return date(1899, 12, 30)
                .checked_add(number.days())
                .map(|day| DayFound { day, serial: true })
                .map_err(|_| DayProblem::NotADay);
        }
        if let Some(day) = compact(whole) {
            return Ok(DayFound { day, serial: false });
        }
        return Err(match number {
            1_900..=2_200 | 190_001..=220_012 => DayProblem::NoDay,
            _ => DayProblem::NotADay,
        });
    }
    // A time of day may stand behind the day.
    if let Some((day, time)) = text.split_once([' ', 'T'])
        && time.starts_with(|c: char| c.is_ascii_digit())
        && let Ok(day) = dates::read_date(book, day)
    {
        return Ok(DayFound { day, serial: false });
    }
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let month = text.ends_with('月') || text.ends_with('年') || text.ends_with('頃');
    let two = text.split(['/', '-', '.']).count() == 2;
    Err(if digits && (month || two) {
        DayProblem::NoDay
    } else {
        DayProblem::NotADay
    })
}

/// `20261201`.
fn compact(text: &str) -> Option<Date> {
    if text.len() != 8 {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        .ok()
        .filter(|day| date(1950, 1, 1) <= *day && *day <= date(2200, 1, 1))
}

/// Reads a class: its code, or 一号, 第2号(iii), 二号ⅲ, 3号の1 and the like.
pub fn read_class(text: &str) -> Result<AssetClass, ValueProblem> {
    let key: String = value_key(text)
        .chars()
        .filter(|c| !matches!(c, '(' | ')' | '第' | 'の'))
        .map(|c| match c {
            '一' | 'イ' => '1',
            '二' | 'ロ' => '2',
            '三' => '3',
            '四' => '4',
            '五' => '5',
            '六' => '6',
            '七' => '7',
            other => other,
        })
        .collect();
    if let Some(class) = AssetClass::ALL
        .into_iter()
        .find(|class| value_key(class.code()) == key)
    {
        return Ok(class);
    }
    let Some((number, rest)) = key.split_once('号') else {
        return Err(ValueProblem::Unknown);
    };
    let rest = rest.trim_end_matches('号');
    let of = |classes: &[AssetClass]| -> Result<AssetClass, ValueProblem> {
        let place = match rest {
            "" => return Err(ValueProblem::Ambiguous),
            "1" | "i" => 0,
            "2" | "ii" => 1,
            "3" | "iii" => 2,
            "4" | "iv" => 3,
            "5" | "v" => 4,
            "6" | "vi" => 5,
            "7" | "vii" => 6,
            _ => return Err(ValueProblem::Unknown),
        };
        classes.get(place).copied().ok_or(ValueProblem::Unknown)
    };
    match number {
        "1" if rest.is_empty() => Ok(AssetClass::Ichigo),
        "2" => of(&[
            AssetClass::Nigo1,
            AssetClass::Nigo2,
            AssetClass::Nigo3,
            AssetClass::Nigo4,
            AssetClass::Nigo5,
            AssetClass::Nigo6,
            AssetClass::Nigo7,
        ]),
        "3" => of(&[AssetClass::Sango1, AssetClass::Sango2]),
        _ => Err(ValueProblem::Unknown),
    }
}

/// Reads what is notified of a computer (Order Art. 2(5)): hardware of an appliance, or software by kind.
pub fn read_unit(text: &str) -> Result<NotifiedUnit, ValueProblem> {
    let key = value_key(text);
    if let Some(unit) = NotifiedUnit::ALL
        .iter()
        .find(|unit| value_key(unit.code()) == key)
    {
        return Ok(*unit);
    }
    match key.as_str() {
        "アプライアンス"
        | "アプライアンスハードウェア"
        | "アプライアンスhw"
        | "ハードウェア"
        | "ハードウエア"
        | "ハード"
        | "hw"
        | "機器"
        | "専用機器"
        | "装置"
        | "appliance"
        | "hardware"
        | "device"
        | "firmware"
        | "ファームウェア" => Ok(NotifiedUnit::ApplianceHardware),
        "オペレーティングシステム" | "基本ソフト" | "基本ソフトウェア" | "operatingsystem" => {
            Ok(NotifiedUnit::OperatingSystem)
        }
        "ミドル" | "ミドルウェア" | "ミドルウエア" | "mw" | "platform" | "データベース" | "db" => {
            Ok(NotifiedUnit::Middleware)
        }
        "アプリ"
        | "アプリケーション"
        | "アプリケーションソフト"
        | "業務アプリ"
        | "業務ソフト"
        | "app" => Ok(NotifiedUnit::Application),
        "クラウド" | "クラウドサービス" | "saas" | "paas" | "iaas" | "cloud" | "cloudservice" => {
            Ok(NotifiedUnit::CloudService)
        }
        "ソフト" | "ソフトウェア" | "ソフトウエア" | "sw" | "software" => {
            Err(ValueProblem::Ambiguous)
        }
        _ => Err(ValueProblem::Unknown),
    }
}
