//! Waiting for other processes. No test asserts a time; the limit only turns a hang into a failure.

use std::time::{Duration, Instant};

/// Long past anything that happens on a slow machine.
const LIMIT: Duration = Duration::from_mins(3);

const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < LIMIT, "still waiting: {what}");
        std::thread::sleep(PAUSE);
    }
}

/// Waits until something holds.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    wait_for(what, || holds().then_some(()));
}
