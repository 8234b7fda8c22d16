//! Whether a run may go on.

#[cfg(test)]
mod tests;

use ids::stable_codes;
use jiff::{SignedDuration, Timestamp};
use statute::RuleBook;

use crate::revocation::RevocationFound;
use crate::signed::{Admission, Refusal};

stable_codes! {
    /// Why a run ended.
    pub enum StopReason {
        /// Everything was read.
        EndOfInput = "end_of_input",
        /// The warrant ended.
        Expired = "expired",
        /// The wall clock was set to before the warrant.
        BeforePeriod = "before_period",
        /// The committee revoked the warrant.
        Revoked = "revoked",
        /// Something stands at the place of revocations that cannot be verified.
        RevocationUnclear = "revocation_unclear",
        /// The legal basis is no longer in force.
        BasisEnded = "basis_ended",
        /// Somebody asked the program to stop.
        Requested = "requested",
        /// The input could not be read on.
        InputFailed = "input_failed",
        /// The output could not be written.
        OutputFailed = "output_failed",
    }
}

/// Step of the wall clock against the steady clock that counts as set by hand or by a time service.
const STEP: SignedDuration = SignedDuration::from_secs(1);

/// Keeps asking whether the warrant still covers the run.
///
/// The wall clock governs. So that nobody extends a warrant by setting it back, the time that has
/// passed since the start by the steady clock counts too: the run ends when either says so.
#[derive(Clone, Debug)]
pub struct Watch {
    admission: Admission,
    /// Wall clock minus steady clock when last asked.
    offset: SignedDuration,
    clock_steps: u64,
}

impl Watch {
    /// Begins at the instant of the admission.
    pub const fn begin(admission: Admission) -> Self {
        Self {
            admission,
            offset: SignedDuration::ZERO,
            clock_steps: 0,
        }
    }

    /// Decides whether the run may go on at `wall`, when `elapsed` has passed since it began.
    pub fn check(
        &mut self,
        book: &RuleBook,
        wall: Timestamp,
        elapsed: SignedDuration,
        revocation: RevocationFound,
    ) -> Result<(), StopReason> {
        match revocation {
            RevocationFound::None => {}
            RevocationFound::Revoked => return Err(StopReason::Revoked),
            RevocationFound::Unclear => return Err(StopReason::RevocationUnclear),
        }
        let offset = wall
            .duration_since(self.admission.at)
            .saturating_sub(elapsed);
        if STEP < offset.saturating_sub(self.offset).abs() {
            self.clock_steps = self.clock_steps.saturating_add(1);
            self.offset = offset;
        }
        let warrant = &self.admission.warrant;
        let steady = self.admission.at.checked_add(elapsed);
        let steady = steady.map_err(|_| StopReason::Expired)?;
        for at in [wall, steady] {
            match warrant.in_time(at) {
                Ok(()) => {}
                Err(Refusal::NotYetValid { .. }) => return Err(StopReason::BeforePeriod),
                Err(_) => return Err(StopReason::Expired),
            }
        }
        warrant
            .in_law(book, wall)
            .map_err(|_| StopReason::BasisEnded)
    }

    pub const fn admission(&self) -> &Admission {
        &self.admission
    }

    /// How often the wall clock was seen to jump by more than a second.
    pub const fn clock_steps(&self) -> u64 {
        self.clock_steps
    }
}
