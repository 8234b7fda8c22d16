//! What a measurement was made on.

use std::fs;
use std::thread::available_parallelism;

use crate::process::Call;

/// Cores, memory and kernel in one line.
pub(super) fn describe() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let kernel = Call::new("uname").args(["-s", "-r", "-m"]).output();
    format!(
        "{cores} cores, {} GiB of memory, {}; load {} before the run",
        memory_gib().unwrap_or_default(),
        kernel.unwrap_or_default().trim(),
        load().unwrap_or_default(),
    )
}

fn memory_gib() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes.div_ceil(1024 * 1024))
}

/// Average number of running processes in the last minute: what else the machine does.
fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    Some(text.split_whitespace().next()?.to_owned())
}
