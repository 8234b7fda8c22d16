//! Counting and percentiles.

use std::time::Duration;

/// How long each of many acts took.
#[derive(Debug, Default)]
pub(crate) struct Latencies {
    sorted: Vec<Duration>,
}

impl Latencies {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { sorted: times }
    }

    pub(crate) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// Milliseconds below which `percent` of the acts stayed (nearest rank).
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let rank = self.count().saturating_mul(percent).div_ceil(100);
        let place = rank.saturating_sub(1);
        self.sorted
            .get(place)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    }
}

/// Acts done one after the other by several clients.
#[derive(Debug)]
pub(crate) struct Sustained {
    pub(crate) latencies: Latencies,
    pub(crate) elapsed: Duration,
}

impl Sustained {
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.count() as f64 / self.elapsed.as_secs_f64()
    }
}
