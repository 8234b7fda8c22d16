//! A capture file that several threads read at once; what is not plain at a glance goes to the desk in order.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, Builder};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use select::Glance;
use select::lanes::{Ended, Lane, Lanes};
use warrant::{LossReason, StopReason};

use super::{Cut, Desk, Pass};

/// How long a thread sleeps before it looks whether its turn still comes.
const PATIENCE: Duration = Duration::from_millis(50);

/// Threads that read a file, and what they decide at a glance by.
pub(in crate::run) struct Readers<'g> {
    pub(in crate::run) count: u8,
    pub(in crate::run) glance: Glance<'g>,
}

/// The desk, and whose turn it is.
struct Turn<'t, 'p, D, C> {
    pass: &'t mut Pass<'p, D, C>,
    block: u64,
    end: Option<anyhow::Result<StopReason>>,
}

struct Shared<'t, 'p, D, C> {
    turn: Mutex<Turn<'t, 'p, D, C>>,
    turned: Condvar,
    is_over: AtomicBool,
}

/// Takes a file to the desk; nothing when it has not the format that can be shared.
pub(super) fn capture<D: Desk + Send, C: Cut + Send>(
    file: &File,
    readers: &Readers<'_>,
    pass: &mut Pass<'_, D, C>,
) -> anyhow::Result<Option<StopReason>> {
    let Ok(Some(lanes)) = Lanes::open(file) else {
        return Ok(None);
    };
    let shared = Shared {
        turn: Mutex::new(Turn {
            pass,
            block: 0,
            end: None,
        }),
        turned: Condvar::new(),
        is_over: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        for _ in 1..readers.count {
            Builder::new()
                .name("reader".to_owned())
                .spawn_scoped(scope, || shared.read(&lanes, &readers.glance))
                .context("begin a reader")
                .inspect_err(|_| shared.is_over.store(true, Ordering::Relaxed))?;
        }
        shared.read(&lanes, &readers.glance);
        anyhow::Ok(())
    })?;
    let turn = shared.turn.into_inner();
    let end = turn.map_err(|_| anyhow!("a reader is gone"))?.end;
    end.unwrap_or_else(|| Err(anyhow!("a reader is gone before the end")))
        .map(Some)
}

impl<'t, 'p, D: Desk, C: Cut> Shared<'t, 'p, D, C> {
    /// Reads, sifts and hands on block after block.
    fn read(&self, lanes: &Lanes<'_>, glance: &Glance<'_>) {
        let bell = Bell(&self.is_over);
        let is_over = || self.is_over.load(Ordering::Relaxed);
        let mut lane = Lane::default();
        while let Some(part) = lanes.take(&mut lane, is_over) {
            lane.sift(glance);
            let Some(mut turn) = self.wait_for(part.number) else {
                break;
            };
            turn.block = part.number.wrapping_add(1);
            turn.end = turn.take(&lane, part.ended).transpose();
            let ends = turn.end.is_some();
            self.is_over.fetch_or(ends, Ordering::Relaxed);
            drop(turn);
            self.turned.notify_all();
            lane.clear();
        }
        drop(bell);
    }

    /// The desk, once it is the turn of a block; nothing when it will not be.
    fn wait_for(&self, block: u64) -> Option<MutexGuard<'_, Turn<'t, 'p, D, C>>> {
        let mut turn = self.turn.lock().ok()?;
        while turn.block != block && !self.is_over.load(Ordering::Relaxed) {
            (turn, _) = self.turned.wait_timeout(turn, PATIENCE).ok()?;
        }
        (turn.block == block && turn.end.is_none()).then_some(turn)
    }
}

impl<D: Desk, C: Cut> Turn<'_, '_, D, C> {
    /// Takes a block to the desk; why the file ends, when it does.
    fn take(&mut self, lane: &Lane, ended: Option<Ended>) -> anyhow::Result<Option<StopReason>> {
        if let Some(stop) = self.pass.stop() {
            return Ok(Some(stop));
        }
        self.pass.desk.sifted(lane);
        if ended == Some(Ended::Damaged) {
            self.pass.desk.missed(LossReason::Truncated, 1);
        }
        if self.pass.is_due() {
            self.pass.state()?;
        }
        Ok(ended.map(|ended| match ended {
            Ended::Complete => StopReason::EndOfInput,
            Ended::Damaged | Ended::Unreadable => StopReason::InputFailed,
        }))
    }
}

/// Tells the others when its thread fails, so that nobody waits for its turn.
struct Bell<'b>(&'b AtomicBool);

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        self.0.fetch_or(thread::panicking(), Ordering::Relaxed);
    }
}
