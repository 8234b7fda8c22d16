//! The wall clock, and the steady one beside it.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// The one place where this program asks what time it is.
#[expect(
    clippy::disallowed_methods,
    reason = "this program has no `app::Clock`; everything else takes the time as an argument"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Time that has passed, whatever is done to the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steady(Instant);

impl Steady {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> SignedDuration {
        SignedDuration::try_from(self.0.elapsed()).unwrap_or(SignedDuration::MAX)
    }
}
