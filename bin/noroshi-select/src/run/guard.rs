//! The thread that keeps asking whether the run may go on.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use jiff::SignedDuration;
use signal_hook::consts::{SIGINT, SIGTERM};
use statute::RuleBook;
use warrant::{Revocation, RevocationFound, StopReason, Trust, Watch};

use crate::clock::{self, Steady};

/// A quarter of the second within which a run has to end.
const ASK_EVERY: Duration = Duration::from_millis(250);
const NOTE_BYTES: u64 = 1_000_000;

/// What the guard compares with.
pub(super) struct Guarded {
    pub(super) book: RuleBook,
    pub(super) trust: Trust,
    /// Where a revocation note would appear.
    pub(super) revocation: PathBuf,
    /// Between two statements.
    pub(super) hour: SignedDuration,
}

#[derive(Default)]
struct Shared {
    /// Position of the reason in `StopReason::ALL` plus one; zero while the run may go on.
    stop: AtomicUsize,
    /// Hours of the steady clock that have passed, or what the program has for hours.
    hours: AtomicU64,
    /// How often was asked.
    ticks: AtomicU64,
    clock_steps: AtomicU64,
    asked: Arc<AtomicBool>,
}

/// Tells the run when to stop. Ends its thread when dropped.
pub(super) struct Guard {
    shared: Arc<Shared>,
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Guard {
    /// Asks once, then begins to ask again and again.
    pub(super) fn begin(watch: Watch, guarded: Guarded, steady: Steady) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::default());
        for signal in [SIGTERM, SIGINT] {
            signal_hook::flag::register(signal, Arc::clone(&shared.asked))
                .context("listen for signals")?;
        }
        let (end, ended) = mpsc::channel();
        let mut asker = Asker {
            watch,
            guarded,
            steady,
            shared: Arc::clone(&shared),
        };
        asker.ask();
        let body = move || {
            while ended.recv_timeout(ASK_EVERY) == Err(RecvTimeoutError::Timeout) {
                asker.ask();
            }
        };
        let thread = std::thread::Builder::new()
            .name("guard".to_owned())
            .spawn(body)
            .context("begin the guard")?;
        Ok(Self {
            shared,
            thread: Some((end, thread)),
        })
    }

    /// Why the run has to stop, when it has to.
    pub(super) fn stop(&self) -> Option<StopReason> {
        let place = self.shared.stop.load(Ordering::Relaxed).checked_sub(1)?;
        StopReason::ALL.get(place).copied()
    }

    /// How many whole hours have passed.
    pub(super) fn hours(&self) -> u64 {
        self.shared.hours.load(Ordering::Relaxed)
    }

    /// Goes up four times a second.
    pub(super) fn ticks(&self) -> u64 {
        self.shared.ticks.load(Ordering::Relaxed)
    }

    pub(super) fn clock_steps(&self) -> u64 {
        self.shared.clock_steps.load(Ordering::Relaxed)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.thread.take() {
            drop(end);
            let _ended = thread.join();
        }
    }
}

struct Asker {
    watch: Watch,
    guarded: Guarded,
    steady: Steady,
    shared: Arc<Shared>,
}

impl Asker {
    fn ask(&mut self) {
        let elapsed = self.steady.elapsed();
        let hours = elapsed.as_secs().checked_div(self.guarded.hour.as_secs());
        let hours = u64::try_from(hours.unwrap_or(0)).unwrap_or(0);
        self.shared.hours.store(hours, Ordering::Relaxed);
        self.shared.ticks.fetch_add(1, Ordering::Relaxed);
        let revocation = self.revocation();
        let book = &self.guarded.book;
        let verdict = self.watch.check(book, clock::now(), elapsed, revocation);
        let steps = self.watch.clock_steps();
        self.shared.clock_steps.store(steps, Ordering::Relaxed);
        let asked = self.shared.asked.load(Ordering::Relaxed);
        let reason = match verdict {
            Err(reason) => reason,
            Ok(()) if asked => StopReason::Requested,
            Ok(()) => return,
        };
        let place = StopReason::ALL.iter().position(|one| *one == reason);
        let place = place.map_or(1, |place| place.saturating_add(1));
        // The first reason stands.
        let first =
            self.shared
                .stop
                .compare_exchange(0, place, Ordering::Relaxed, Ordering::Relaxed);
        let _already_stopped = first.is_err();
    }

    /// Whatever stands there and cannot be verified stops the run, a file that cannot be read too.
    fn revocation(&self) -> RevocationFound {
        let warrant = self.watch.admission().warrant();
        match read_note(&self.guarded.revocation) {
            Ok(bytes) => Revocation::found(&bytes, warrant, &self.guarded.trust),
            Err(error) if error.kind() == io::ErrorKind::NotFound => RevocationFound::None,
            Err(_) => RevocationFound::Unclear,
        }
    }
}

fn read_note(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(NOTE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
