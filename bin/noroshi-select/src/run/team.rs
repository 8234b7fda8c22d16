//! Several workers with a funnel each. The thread that reads hands out batches of what a glance does not decide.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope};

use anyhow::{Context as _, anyhow};
use select::lanes::Lane;
use select::spread::{Batch, Spread};
use select::{Frame, Frames, Funnel, Glance, Selected, Sink, Taken};
use warrant::{Counts, LossReason, Tally};

use super::desk::{Desk, Interval};
use super::output::Output;

/// Batches of one worker that are under way; one more is being filled.
const UNDER_WAY: usize = 2;

/// What a worker is to do.
enum Job {
    Examine(Batch),
    /// Give account of what was examined.
    Account,
}

/// Counts since the last account, and what is pending.
type Account = (Counts, Tally);

/// The reader's side of one worker.
struct Seat {
    filling: Batch,
    jobs: SyncSender<Job>,
    empties: Receiver<Batch>,
    accounts: Receiver<Account>,
}

/// All workers.
pub(super) struct Team<'t> {
    glance: Glance<'t>,
    spread: Spread,
    seats: Vec<Seat>,
    output: &'t Mutex<Output>,
    /// What never came to a worker.
    own: Counts,
    failed: bool,
}

/// The one output, for a worker that has something to write.
struct Shared<'t>(&'t Mutex<Output>);

impl Sink for Shared<'_> {
    fn take(&mut self, record: &Selected<'_>) -> Taken {
        lock(self.0).take(record)
    }
}

impl<'t> Team<'t> {
    /// Begins a worker for each funnel.
    pub(super) fn begin<'scope>(
        scope: &'scope Scope<'scope, '_>,
        funnels: Vec<Funnel<'t>>,
        glance: Glance<'t>,
        spread: Spread,
        output: &'t Mutex<Output>,
    ) -> anyhow::Result<Self>
    where
        't: 'scope,
    {
        let mut seats = Vec::with_capacity(funnels.len());
        for funnel in funnels {
            let (jobs, to_do) = mpsc::sync_channel(UNDER_WAY);
            let (give_back, empties) = mpsc::sync_channel(UNDER_WAY.saturating_add(1));
            let (give_account, accounts) = mpsc::sync_channel(1);
            for _ in 0..UNDER_WAY {
                give_back.send(Batch::default())?;
            }
            Builder::new()
                .name("worker".to_owned())
                .spawn_scoped(scope, move || {
                    work(funnel, &to_do, &give_back, &give_account, output);
                })
                .context("begin a worker")?;
            seats.push(Seat {
                filling: Batch::default(),
                jobs,
                empties,
                accounts,
            });
        }
        Ok(Self {
            glance,
            spread,
            seats,
            output,
            own: Counts::default(),
            failed: false,
        })
    }

    /// Ends all flows and seals; also whether something could not be written.
    pub(super) fn finish(mut self) -> anyhow::Result<(Interval, bool)> {
        self.idle();
        let mut counts = self.own.take();
        for seat in self.seats {
            // Nothing more to do: the worker ends its flows and gives its last account.
            drop(seat.jobs);
            let (last, _) = seat.accounts.recv().map_err(|_| gone())?;
            counts.merge(&last);
        }
        let (segments, failed) = lock(self.output).seal_last();
        let last = Interval {
            counts,
            pending: Tally::default(),
            segments,
        };
        Ok((last, failed))
    }
}

impl Desk for Team<'_> {
    #[inline]
    fn frame(&mut self, frame: &Frame<'_>) {
        let worker = self.spread.worker(frame);
        let Some(seat) = self.seats.get_mut(worker) else {
            return self.missed(LossReason::Ring, 1);
        };
        if seat.filling.put(frame) {
            return;
        }
        let handed = seat.hand_on() && seat.filling.put(frame);
        self.failed |= !handed || lock(self.output).failed();
        if !handed {
            self.missed(LossReason::Ring, 1);
        }
    }

    fn frames(&mut self, frames: Frames<'_>) {
        let sifted = self.glance.sift(frames);
        sifted.decided().settle(&mut self.own);
        for frame in sifted.left() {
            self.frame(&frame);
        }
    }

    fn sifted(&mut self, lane: &Lane) {
        lane.decided().settle(&mut self.own);
        for frame in lane.left() {
            self.frame(&frame);
        }
    }

    fn missed(&mut self, reason: LossReason, packets: u64) {
        let tally = Tally::new(packets, 0);
        self.own.receive(tally);
        self.own.lose(reason, tally);
    }

    fn idle(&mut self) {
        for seat in &mut self.seats {
            self.failed |= !seat.filling.is_empty() && !seat.hand_on();
        }
        self.failed |= lock(self.output).failed();
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn cut(&mut self) -> anyhow::Result<Interval> {
        self.idle();
        for seat in &self.seats {
            seat.jobs.send(Job::Account).map_err(|_| gone())?;
        }
        let mut counts = self.own.take();
        let mut pending = Tally::default();
        for seat in &self.seats {
            let (part, waiting) = seat.accounts.recv().map_err(|_| gone())?;
            counts.merge(&part);
            pending.add(waiting);
        }
        // No worker has anything to do now, so what is sealed is what was counted.
        let mut output = lock(self.output);
        output.begin_hour();
        let segments = output.seal()?;
        Ok(Interval {
            counts,
            pending,
            segments,
        })
    }
}

impl Seat {
    /// Hands the batch to the worker and waits for an empty one; `false` when there is no worker any more.
    fn hand_on(&mut self) -> bool {
        let Ok(empty) = self.empties.recv() else {
            return false;
        };
        let full = std::mem::replace(&mut self.filling, empty);
        self.jobs.send(Job::Examine(full)).is_ok()
    }
}

fn work(
    mut funnel: Funnel<'_>,
    jobs: &Receiver<Job>,
    empties: &SyncSender<Batch>,
    accounts: &SyncSender<Account>,
    output: &Mutex<Output>,
) {
    let mut sink = Shared(output);
    for job in jobs {
        let heard = match job {
            Job::Examine(mut batch) => {
                batch.examine(&mut funnel, &mut sink);
                empties.send(batch).is_ok()
            }
            Job::Account => accounts.send(funnel.take_counts()).is_ok(),
        };
        if !heard {
            return;
        }
    }
    let counts = funnel.finish(&mut sink);
    let _reader_waits_for_it = accounts.send((counts, Tally::default()));
}

/// A worker that failed with the lock is found by its missing account.
fn lock(output: &Mutex<Output>) -> MutexGuard<'_, Output> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gone() -> anyhow::Error {
    anyhow!("a worker is gone, and with it its counts")
}
