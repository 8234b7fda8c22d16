//! What a witness remembers of each log.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::checkpoint::{Origin, TreeHead};
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::trust::Trust;

const HEADER: &str = "noroshi-witness-state/v1";

/// Why a state file was refused. A witness never starts over by itself: it would forget what it saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StateError {
    #[error("witness state does not begin with {HEADER}")]
    Header,
    #[error("line {line} of the witness state is malformed")]
    Line { line: usize },
    #[error("line {line} of the witness state repeats a log")]
    Repeated { line: usize },
}

/// The last checkpoint co-signed for a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    pub head: TreeHead,
    /// When it was co-signed, in seconds since 1970.
    pub time: u64,
}

/// A log that has not asked for a cosignature for too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stall {
    pub origin: Origin,
    /// The last checkpoint co-signed; `None` when there never was one.
    pub last: Option<Observed>,
}

/// Last checkpoint co-signed for each log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessState {
    logs: BTreeMap<Origin, Observed>,
}

impl WitnessState {
    /// Reads a state file: a header line, then `origin size root time` for each log.
    pub fn parse(bytes: &[u8]) -> Result<Self, StateError> {
        let text = str::from_utf8(bytes).map_err(|_| StateError::Header)?;
        let rest = text
            .strip_prefix(HEADER)
            .and_then(|rest| rest.strip_prefix('\n'));
        let mut logs = BTreeMap::new();
        let rest = rest.ok_or(StateError::Header)?;
        for (number, text) in rest.split_terminator('\n').enumerate() {
            let line = number.saturating_add(2);
            let (origin, observed) = parse_line(text).ok_or(StateError::Line { line })?;
            if logs.insert(origin, observed).is_some() {
                return Err(StateError::Repeated { line });
            }
        }
        if !rest.is_empty() && !rest.ends_with('\n') {
            return Err(StateError::Line {
                line: text.split('\n').count(),
            });
        }
        Ok(Self { logs })
    }

    /// The last checkpoint co-signed for `origin`.
    pub fn observed(&self, origin: &Origin) -> Option<Observed> {
        self.logs.get(origin).copied()
    }

    /// Remembers a head that was examined and is about to be co-signed.
    pub fn record(&mut self, origin: Origin, observed: Observed) {
        self.logs.insert(origin, observed);
    }

    /// Logs of `trust` that were not co-signed within the last `max_age_secs` before `now`.
    ///
    /// A log without new acts asks again for the same tree, so silence means that it stands still or
    /// talks to somebody else.
    pub fn stalled(&self, trust: &Trust, now: u64, max_age_secs: u64) -> Vec<Stall> {
        let mut origins: Vec<&Origin> = trust.logs().iter().map(|log| &log.origin).collect();
        origins.sort();
        origins.dedup();
        let mut stalls = Vec::new();
        for origin in origins {
            let last = self.observed(origin);
            if last.is_none_or(|seen| max_age_secs < now.saturating_sub(seen.time)) {
                stalls.push(Stall {
                    origin: origin.clone(),
                    last,
                });
            }
        }
        stalls
    }
}

/// The state file.
impl fmt::Display for WitnessState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for (origin, Observed { head, time }) in &self.logs {
            writeln!(f, "{origin} {} {} {time}", head.size, head.root)?;
        }
        Ok(())
    }
}

fn parse_line(text: &str) -> Option<(Origin, Observed)> {
    let mut words = text.split(' ');
    let origin = Origin::parse(words.next()?).ok()?;
    let size = decimal(words.next()?)?;
    let root = Hash::from_base64(words.next()?)?;
    let time = decimal(words.next()?)?;
    if words.next().is_some() {
        return None;
    }
    Some((
        origin,
        Observed {
            head: TreeHead { size, root },
            time,
        },
    ))
}
