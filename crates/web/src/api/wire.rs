//! What programs send and receive in more than one chapter.

use app::AppError;
use ids::FilingId;
use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::Organisation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Longest instant taken: a date, a time to the nanosecond and an offset.
const MAX_INSTANT: usize = 40;

/// A name in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Name {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl From<&(String, String)> for Name {
    fn from((ja, en): &(String, String)) -> Self {
        Self {
            ja: ja.clone(),
            en: en.clone(),
        }
    }
}

impl From<&Organisation> for Name {
    fn from(organisation: &Organisation) -> Self {
        Self {
            ja: organisation.name_ja.clone(),
            en: organisation.name_en.clone(),
        }
    }
}

/// A document that arrived.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Filed {
    /// The filing.
    pub filing: Uuid,
    /// 受付番号.
    pub number: String,
    /// When it arrived (デジタル手続法 Art. 6(3)), RFC 3339.
    #[schema(format = DateTime)]
    pub arrived_at: String,
}

/// Where a document that arrived is found.
pub(crate) fn filing_address(filing: FilingId) -> String {
    format!("/api/v1/filings/{filing}")
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// Most entries wanted; the settings have a maximum.
    #[param(minimum = 1)]
    pub limit: Option<u32>,
}

/// Entries of a page where the caller does not say.
pub(crate) const USUAL_LIMIT: u32 = 50;

/// Reads a day: `YYYY-MM-DD` and nothing else.
pub(crate) fn day(field: &'static str, text: &str) -> Result<Date, AppError> {
    let wrong = || AppError::field(field, "day_form");
    if text.len() != 10 {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Reads a day that may be absent.
pub(crate) fn optional_day(
    field: &'static str,
    text: Option<&str>,
) -> Result<Option<Date>, AppError> {
    text.map(|text| day(field, text)).transpose()
}

/// Reads an instant with its offset (RFC 3339), to the microsecond that is stored.
pub(crate) fn instant(field: &'static str, text: &str) -> Result<Timestamp, AppError> {
    let wrong = || AppError::field(field, "instant_form");
    if MAX_INSTANT < text.len() {
        return Err(wrong());
    }
    let instant: Timestamp = text.parse().map_err(|_| wrong())?;
    Timestamp::from_microsecond(instant.as_microsecond()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::{day, instant};

    #[test]
    fn an_instant_needs_its_offset_and_is_kept_to_the_microsecond() {
        let read = |text| instant("aware_at", text).map(|instant| instant.to_string());
        assert_eq!(
            read("2026-11-22T03:17:00.123456789+09:00").unwrap(),
            "2026-11-21T18:17:00.123456Z"
        );
        for text in [
            "2026-11-22T03:17:00",
            "2026-11-22",
            "03:17",
            "",
            &"9".repeat(41),
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_is_written_in_one_way_only() {
        assert!(day("on", "2026-11-22").is_ok());
        for text in [
            "2026-11-31",
            "20261122",
            "令和8年11月22日",
            "2026-11-22T00:00",
        ] {
            assert!(day("on", text).is_err(), "{text}");
        }
    }
}
