use std::sync::Mutex;

use ids::IdSource;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Where time comes from. Statutory clocks must be testable, so nothing else reads the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The system's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        system_now()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's time"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}

/// A clock that runs, and whose distance from the system's time can be changed: the sample data of a demo is filed at
/// days of the past, one after the other, before the clock is set to the present.
#[derive(Debug, Default)]
pub struct SteppingClock {
    shift: Mutex<SignedDuration>,
}

impl SteppingClock {
    /// A clock that runs ahead of the system's time, or behind it.
    pub const fn ahead_by(shift: SignedDuration) -> Self {
        Self {
            shift: Mutex::new(shift),
        }
    }

    /// Shows `now` from here on, and runs.
    pub fn step_to(&self, now: Timestamp) {
        let shift = now.duration_since(system_now());
        match self.shift.lock() {
            Ok(mut slot) => *slot = shift,
            Err(poisoned) => *poisoned.into_inner() = shift,
        }
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        let shift = match self.shift.lock() {
            Ok(shift) => *shift,
            Err(poisoned) => *poisoned.into_inner(),
        };
        let now = system_now();
        now.checked_add(shift).unwrap_or(now)
    }
}

/// A clock that stands until it is set, for tests.
#[derive(Debug)]
pub struct FixedClock {
    now: Mutex<Timestamp>,
}

impl FixedClock {
    /// A clock that shows `now`.
    pub const fn new(now: Timestamp) -> Self {
        Self {
            now: Mutex::new(now),
        }
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        match self.now.lock() {
            Ok(mut slot) => *slot = now,
            Err(poisoned) => *poisoned.into_inner() = now,
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        match self.now.lock() {
            Ok(now) => *now,
            Err(poisoned) => *poisoned.into_inner(),
        }
    }
}

/// Ids from the system's time and random octets from the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn next_uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(system_now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here may go on"
    )]
    fn fill(&self, out: &mut [u8]) {
        getrandom::fill(out).expect("the operating system gives random octets");
    }
}
