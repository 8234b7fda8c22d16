//! Waiting for other processes. No test asserts a time; the limit only turns a hang into a failure.

use std::time::{Duration, Instant};

/// Long past anything that happens on a slow machine.
pub(crate) const LIMIT: Duration = Duration::from_mins(3);

const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    wait_at_most(LIMIT, ask).unwrap_or_else(|| panic!("still waiting: {what}"))
}

/// The same; `None` when there is none within `limit`.
pub(crate) fn wait_at_most<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    while began.elapsed() < limit {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        std::thread::sleep(PAUSE);
    }
    None
}

/// Waits until something holds.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    wait_for(what, || holds().then_some(()));
}
