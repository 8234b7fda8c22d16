//! A whole chain of statements, and whether everything in it adds up.

use std::collections::BTreeMap;

use ids::Digest;
use thiserror::Error;

use super::{DestroyedSegment, RunStatement, Says, SealedSegment, Statement, StatementError};
use crate::counts::{Counts, Imbalance, Tally};
use crate::names::RunId;
use crate::trust::Trust;
use crate::watch::StopReason;

/// Why a chain of statements is not to be believed; `at` is the place in the chain, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChainError {
    #[error("statement {at} cannot be believed")]
    Statement {
        at: u64,
        #[source]
        source: StatementError,
    },
    #[error("statement {at} says that it is number {sequence}")]
    Sequence { at: u64, sequence: u64 },
    #[error("statement {at} does not follow the one before it")]
    Broken { at: u64 },
    #[error("statement {at} is older than the one before it")]
    Order { at: u64 },
    #[error("statement {at} was made under another trust file")]
    OtherTrust { at: u64 },
    #[error("statement {at} does not go on where its run stood")]
    Part { at: u64 },
    #[error("statement {at} changes warrant, line, criteria or tables within a run")]
    Changed { at: u64 },
    #[error("statement {at} leaves packets unaccounted for")]
    Imbalance {
        at: u64,
        #[source]
        source: Imbalance,
    },
    #[error("statement {at} counts other records than its segments hold")]
    Records { at: u64 },
    #[error("statement {at} ends a run with undecided packets")]
    Undecided { at: u64 },
    #[error("statement {at} names a segment that was named before")]
    SegmentTwice { at: u64 },
    #[error("statement {at} destroys a segment twice")]
    DestroyedTwice { at: u64 },
    #[error("the chain does not hold the statement that is already known")]
    KnownMissing,
}

/// What a believable chain says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ChainReport {
    pub statements: u64,
    /// Digest of the last statement: keep it, and ask for a chain that holds it next time.
    pub head: Option<Digest>,
    pub runs: Vec<RunReport>,
    /// Sealed and not destroyed.
    pub segments: Vec<SealedSegment>,
    pub destroyed: Vec<DestroyedSegment>,
    /// Destroyed segments that no run stated, as when a loss of power came between the two.
    pub unstated: u64,
    /// Identifiers restored for the committee.
    pub restored: u64,
}

/// One run, summed over its intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    pub run: RunId,
    pub first: RunStatement,
    /// Why it ended; `None` when its end was never stated, as after a loss of power.
    pub stop: Option<StopReason>,
    pub counts: Counts,
    pub pending: Tally,
    pub clock_steps: u64,
    parts: u64,
}

/// Verifies the notes of a chain, in order. `known` is the head of an earlier inspection: a chain that
/// no longer holds it was cut off or written anew.
pub fn verify_chain<'n>(
    notes: impl IntoIterator<Item = &'n [u8]>,
    trust: &Trust,
    known: Option<&Digest>,
) -> Result<ChainReport, ChainError> {
    let mut chain = Chain::default();
    let mut seen_known = known.is_none();
    for bytes in notes {
        let at = chain.report.statements;
        let (statement, digest) = Statement::verify(bytes, trust)
            .map_err(|source| ChainError::Statement { at, source })?;
        chain.add(at, statement, trust)?;
        seen_known = seen_known || known == Some(&digest);
        chain.report.head = Some(digest);
        chain.report.statements = at.saturating_add(1);
    }
    if !seen_known {
        return Err(ChainError::KnownMissing);
    }
    chain.report.segments = chain.sealed.into_values().collect();
    Ok(chain.report)
}

#[derive(Default)]
struct Chain {
    report: ChainReport,
    last_at: Option<jiff::Timestamp>,
    sealed: BTreeMap<String, SealedSegment>,
}

impl Chain {
    fn add(&mut self, at: u64, statement: Statement, trust: &Trust) -> Result<(), ChainError> {
        if statement.sequence != at {
            let sequence = statement.sequence;
            return Err(ChainError::Sequence { at, sequence });
        }
        if statement.previous != self.report.head {
            return Err(ChainError::Broken { at });
        }
        if statement.trust != *trust.digest() {
            return Err(ChainError::OtherTrust { at });
        }
        self.last_at = Some(statement.at);
        match statement.says {
            Says::Run(run) => self.add_run(at, *run),
            Says::Expiry(expiry) => self.add_expiry(at, expiry.destroyed),
            Says::Restore(restore) => {
                self.report.restored = self.report.restored.saturating_add(restore.restored);
                Ok(())
            }
        }
    }

    fn add_run(&mut self, at: u64, part: RunStatement) -> Result<(), ChainError> {
        part.counts
            .check(part.pending_before, part.pending_after)
            .map_err(|source| ChainError::Imbalance { at, source })?;
        if part.stop.is_some() && !part.pending_after.is_zero() {
            return Err(ChainError::Undecided { at });
        }
        let records = part.segments.iter().map(|segment| segment.records);
        let sealed = records.fold(0_u64, u64::saturating_add);
        // Where the output failed, records were counted that nobody has.
        if part.stop != Some(StopReason::OutputFailed) && sealed != part.counts.records() {
            return Err(ChainError::Records { at });
        }
        for segment in &part.segments {
            let known = self
                .report
                .destroyed
                .iter()
                .any(|one| one.name == segment.name);
            let again = self.sealed.insert(segment.name.clone(), segment.clone());
            if known || again.is_some() {
                return Err(ChainError::SegmentTwice { at });
            }
        }
        let earlier = self.report.runs.iter_mut().find(|one| one.run == part.run);
        let Some(run) = earlier else {
            if part.part != 0 || !part.pending_before.is_zero() {
                return Err(ChainError::Part { at });
            }
            self.report.runs.push(RunReport::begin(part));
            return Ok(());
        };
        if !same_run(&run.first, &part) {
            return Err(ChainError::Changed { at });
        }
        let follows =
            run.stop.is_none() && part.part == run.parts && part.pending_before == run.pending;
        if !follows {
            return Err(ChainError::Part { at });
        }
        run.go_on(&part);
        Ok(())
    }

    fn add_expiry(&mut self, at: u64, destroyed: Vec<DestroyedSegment>) -> Result<(), ChainError> {
        for segment in destroyed {
            let twice = self
                .report
                .destroyed
                .iter()
                .any(|one| one.name == segment.name);
            if twice {
                return Err(ChainError::DestroyedTwice { at });
            }
            if self.sealed.remove(&segment.name).is_none() {
                self.report.unstated = self.report.unstated.saturating_add(1);
            }
            self.report.destroyed.push(segment);
        }
        Ok(())
    }
}

impl RunReport {
    fn begin(part: RunStatement) -> Self {
        Self {
            run: part.run.clone(),
            stop: part.stop,
            counts: part.counts.clone(),
            pending: part.pending_after,
            clock_steps: part.clock_steps,
            parts: 1,
            first: part,
        }
    }

    fn go_on(&mut self, part: &RunStatement) {
        self.counts.merge(&part.counts);
        self.pending = part.pending_after;
        self.stop = part.stop;
        self.clock_steps = part.clock_steps;
        self.parts = self.parts.saturating_add(1);
    }
}

fn same_run(first: &RunStatement, part: &RunStatement) -> bool {
    first.measure == part.measure
        && first.warrant == part.warrant
        && first.equipment == part.equipment
        && first.line == part.line
        && first.criteria == part.criteria
        && first.prefixes == part.prefixes
        && first.rules == part.rules
}
