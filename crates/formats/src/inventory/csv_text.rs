//! CSV as spreadsheet programs and inventory tools write it.

use encoding_rs::{Encoding as Octets, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::InventoryError;

/// Rows of a file.
const MOST_ROWS: usize = 100_000;
/// Columns of a row.
const MOST_COLUMNS: usize = 500;
/// Octets of a file.
const MOST_OCTETS: usize = 64 * 1024 * 1024;

/// How characters stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that begins with its mark, as Excel writes and needs it.
    Utf8WithMark,
    /// CP932, `Shift_JIS` as Windows writes it.
    Cp932,
    /// UTF-16, written by some exports; written back as UTF-8 with its mark.
    Utf16,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf8WithMark, Self::Cp932, Self::Utf16];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf8WithMark => "utf8_bom",
            Self::Cp932 => "cp932",
            Self::Utf16 => "utf16",
        }
    }

    /// The encoding with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// What was in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvText {
    /// Rows, empty ones included so that numbers stay those of the file.
    pub rows: Vec<Vec<String>>,
    /// How characters stood in it.
    pub encoding: Encoding,
    /// What stood between fields.
    pub delimiter: u8,
    /// Characters that could not be read.
    pub broken: usize,
}

/// Reads CSV: the encoding is found from the octets, the delimiter (comma, semicolon, tab) from the first lines.
pub fn read_csv(file: &[u8]) -> Result<CsvText, InventoryError> {
    if MOST_OCTETS < file.len() {
        return Err(InventoryError::TooLarge);
    }
    let (encoding, text) = decode(file);
    if text.chars().take(4_096).any(|c| c == '\0') {
        return Err(InventoryError::Unreadable);
    }
    let broken = text.chars().filter(|c| *c == '\u{fffd}').count();
    let delimiter = delimiter_of(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| InventoryError::Unreadable)?;
        let line = record
            .position()
            .and_then(|place| usize::try_from(place.record()).ok())
            .unwrap_or(rows.len());
        if MOST_ROWS <= rows.len() || MOST_ROWS <= line || MOST_COLUMNS < record.len() {
            return Err(InventoryError::TooLarge);
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    if rows.is_empty() {
        return Err(InventoryError::Unreadable);
    }
    Ok(CsvText {
        rows,
        encoding,
        delimiter,
        broken,
    })
}

/// Writes CSV as [`read_csv`] read it. A text that a spreadsheet program would take for a formula gets an apostrophe
/// before it (`CWE-1236`); a character that the encoding lacks becomes a question mark.
pub fn write_csv(
    rows: &[Vec<String>],
    encoding: Encoding,
    delimiter: u8,
) -> Result<Vec<u8>, InventoryError> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let fields = row.iter().map(|field| harmless(field));
        writer
            .write_record(fields)
            .map_err(|_| InventoryError::Unreadable)?;
    }
    let octets = writer
        .into_inner()
        .map_err(|_| InventoryError::Unreadable)?;
    Ok(match encoding {
        Encoding::Utf8 => octets,
        Encoding::Utf8WithMark | Encoding::Utf16 => [b"\xef\xbb\xbf", octets.as_slice()].concat(),
        Encoding::Cp932 => cp932(&String::from_utf8_lossy(&octets)),
    })
}

/// A number with its sign is no formula.
fn harmless(field: &str) -> String {
    let dangerous = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if dangerous && field.parse::<f64>().is_err() {
        format!("'{field}")
    } else {
        field.to_owned()
    }
}

fn cp932(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut one = [0_u8; 4];
    for c in text.chars() {
        let (encoded, _, unmappable) = SHIFT_JIS.encode(c.encode_utf8(&mut one));
        if unmappable {
            octets.push(b'?');
        } else {
            octets.extend_from_slice(&encoded);
        }
    }
    octets
}

fn decode(file: &[u8]) -> (Encoding, String) {
    let with = |octets: &'static Octets, file: &[u8]| -> String {
        octets.decode_without_bom_handling(file).0.into_owned()
    };
    if let Some(rest) = file.strip_prefix(b"\xef\xbb\xbf") {
        return (Encoding::Utf8WithMark, with(UTF_8, rest));
    }
    if let Some(rest) = file.strip_prefix(b"\xff\xfe") {
        return (Encoding::Utf16, with(UTF_16LE, rest));
    }
    if let Some(rest) = file.strip_prefix(b"\xfe\xff") {
        return (Encoding::Utf16, with(UTF_16BE, rest));
    }
    match std::str::from_utf8(file) {
        Ok(text) => (Encoding::Utf8, text.to_owned()),
        Err(_) => (Encoding::Cp932, with(SHIFT_JIS, file)),
    }
}

/// The one that the first lines have most often outside quotes.
fn delimiter_of(text: &str) -> u8 {
    let (mut commas, mut semicolons, mut tabs, mut quoted) = (0_u32, 0_u32, 0_u32, false);
    for c in text.chars().take(20_000) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => commas = commas.saturating_add(1),
            ';' if !quoted => semicolons = semicolons.saturating_add(1),
            '\t' if !quoted => tabs = tabs.saturating_add(1),
            _ => {}
        }
    }
    if commas < tabs && semicolons <= tabs {
        b'\t'
    } else if commas < semicolons {
        b';'
    } else {
        b','
    }
}
