//! The result, for people and for programs.

use std::error::Error;
use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::json;

/// How to print a result.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Text,
    Json,
}

/// A witness whose cosignature was verified, and when it co-signed (seconds since 1970).
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) time: u64,
}

/// What was proven.
pub(crate) struct Facts {
    pub(crate) origin: String,
    pub(crate) index: Option<u64>,
    pub(crate) size: u64,
    pub(crate) root: String,
    pub(crate) log_keys: Vec<String>,
    pub(crate) witnesses: Vec<Seen>,
    pub(crate) quorum: usize,
    pub(crate) witnessed: bool,
    pub(crate) exercise: bool,
}

/// Why something is not valid.
pub(crate) struct Refusal {
    code: &'static str,
    reason: String,
}

impl Refusal {
    /// A refusal for `error`, its causes included.
    pub(crate) fn because(code: &'static str, error: &dyn Error) -> Self {
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            reason.push_str(": ");
            reason.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self { code, reason }
    }

    /// A refusal with a reason of its own.
    pub(crate) fn new(code: &'static str, reason: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
        }
    }
}

/// Result of a verification.
pub(crate) enum Finding {
    Valid(Facts),
    Invalid(Refusal),
}

impl From<Result<Facts, Refusal>> for Finding {
    fn from(result: Result<Facts, Refusal>) -> Self {
        match result {
            Ok(facts) => Self::Valid(facts),
            Err(refusal) => Self::Invalid(refusal),
        }
    }
}

impl Finding {
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Valid(facts) if facts.witnessed => 0,
            Self::Valid(_) => 3,
            Self::Invalid(_) => 1,
        }
    }

    pub(crate) fn render(&self, format: Format) -> anyhow::Result<String> {
        match format {
            Format::Text => self.text().context("cannot write the result"),
            Format::Json => Ok(format!("{:#}\n", self.json())),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Invalid(Refusal { code, reason }) => {
                json!({ "result": "invalid", "code": code, "reason": reason })
            }
            Self::Valid(facts) => json!({
                "result": if facts.witnessed { "witnessed" } else { "not_witnessed" },
                "exercise": facts.exercise,
                "origin": facts.origin,
                "index": facts.index,
                "size": facts.size,
                "root": facts.root,
                "log_keys": facts.log_keys,
                "quorum": facts.quorum,
                "witnesses": facts.witnesses.iter()
                    .map(|seen| json!({ "name": seen.name, "time": seen.time }))
                    .collect::<Vec<_>>(),
            }),
        }
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        match self {
            Self::Invalid(Refusal { reason, .. }) => {
                writeln!(out, "NOT VALID: {reason}")?;
                writeln!(
                    out,
                    "無効です。改ざんされているか、信頼する鍵のものではありません。"
                )?;
            }
            Self::Valid(facts) => facts.write(&mut out)?,
        }
        Ok(out)
    }
}

impl Facts {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        if self.witnessed {
            writeln!(out, "valid and witnessed")?;
            writeln!(out, "有効です。必要な数の証人が副署しています。")?;
        } else {
            writeln!(out, "VALID BUT NOT WITNESSED")?;
            writeln!(out, "有効ですが、証人の副署が足りません。")?;
        }
        if self.exercise {
            writeln!(out, "EXERCISE: this is not a real act")?;
            writeln!(out, "【演習】実際の手続ではありません。")?;
        }
        writeln!(out, "log:        {}", self.origin)?;
        match self.index {
            Some(index) => writeln!(out, "leaf:       {index} in a tree of {}", self.size)?,
            None => writeln!(out, "tree:       {} leaves", self.size)?,
        }
        writeln!(out, "root:       {}", self.root)?;
        writeln!(out, "log keys:   {}", self.log_keys.join(" "))?;
        writeln!(
            out,
            "witnesses:  {} seen, {} needed",
            self.witnesses.len(),
            self.quorum
        )?;
        for seen in &self.witnesses {
            writeln!(out, "  {} at {}", seen.name, utc(seen.time))?;
        }
        Ok(())
    }
}

/// Writes seconds since 1970 as a UTC date and time; beyond the year 9999 as the number it is.
fn utc(seconds: u64) -> String {
    let (mut days, clock) = (seconds / 86_400, seconds % 86_400);
    for year in 1970_u64..10_000 {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let february = if leap { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1_u8..).zip(months) {
            if let Some(later) = days.checked_sub(length) {
                days = later;
                continue;
            }
            let day = days.saturating_add(1);
            let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
            return format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        }
    }
    format!("{seconds} s after 1970")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_utc() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(1_679_315_147), "2023-03-20T12:25:47Z");
        assert_eq!(utc(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(utc(253_402_300_799), "9999-12-31T23:59:59Z");
        assert_eq!(utc(253_402_300_800), "253402300800 s after 1970");
    }
}
