//! A file of the classic format, read and sifted by several threads at once.
//!
//! Each reads whole blocks on its own. Two short steps are done in the order of the blocks: finding the records, since where one
//! begins is known only from the one before, and what a glance does not decide, since it depends on what came before. So
//! there is one funnel, and what it comes to is what one thread would come to, in the same order.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::bytes::{long, wipe};
use crate::frame::Frame;
use crate::glance::{Decided, Glance};
use crate::input::{AT_ONCE, BLOCK, Frames, Head, Header, LARGEST_RECORD};

/// How long a thread sleeps before it looks whether it is still waited for.
const PATIENCE: Duration = Duration::from_millis(50);
/// The shortest record.
const LEAST: usize = 16;

/// How a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With its last record.
    Complete,
    /// Inside a record, or with one that cannot be: that record is lost.
    Damaged,
    /// It could not be read on.
    Unreadable,
}

/// The file, and how far its records are found.
pub struct Lanes<'f> {
    file: &'f File,
    header: Header,
    next: AtomicU64,
    chain: Mutex<Chain>,
    turned: Condvar,
}

/// What goes from one block to the next.
struct Chain {
    turn: u64,
    /// The start of a record that ends in a later block.
    left: Vec<u8>,
    is_over: bool,
}

/// The memory of one thread. Overwritten before each read and at the end; cannot be printed.
pub struct Lane {
    /// Room for a record from the block before, then a block.
    octets: Vec<u8>,
    start: usize,
    end: usize,
    heads: Vec<Head>,
    found: usize,
    left: Vec<Head>,
    decided: Decided,
}

/// Which block a lane holds, and whether it is the last.
#[derive(Clone, Copy)]
pub struct Part {
    /// Counts from zero.
    pub number: u64,
    /// How the file ended, when it did.
    pub ended: Option<Ended>,
}

impl Default for Lane {
    fn default() -> Self {
        let room = LARGEST_RECORD.saturating_add(BLOCK);
        Self {
            octets: vec![0; room],
            start: LARGEST_RECORD,
            end: LARGEST_RECORD,
            heads: vec![Head::NONE; room / LEAST],
            found: 0,
            left: Vec::new(),
            decided: Decided::default(),
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        wipe(&mut self.octets);
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        wipe(&mut self.left);
    }
}

impl<'f> Lanes<'f> {
    /// Of a file that is read from its start; `None` when it is not of the classic format.
    pub fn open(file: &'f File) -> io::Result<Option<Self>> {
        let mut head = [0; Header::LEN];
        if read_at(file, &mut head, 0)? != Header::LEN {
            return Ok(None);
        }
        Ok(Header::parse(&head).ok().map(|header| Self {
            file,
            header,
            next: AtomicU64::new(0),
            chain: Mutex::new(Chain {
                turn: 0,
                left: Vec::new(),
                is_over: false,
            }),
            turned: Condvar::new(),
        }))
    }

    /// Reads the next block that nobody has, and finds its records. `None` when there is none, or when `is_over` says so.
    pub fn take(&self, lane: &mut Lane, is_over: impl Fn() -> bool) -> Option<Part> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lane.clear();
        let offset = long(BLOCK).saturating_mul(number);
        let space = lane.octets.get_mut(LARGEST_RECORD..).unwrap_or_default();
        let read = read_at(self.file, space, offset);
        let mut chain = self.chain();
        while chain.turn != number && !chain.is_over && !is_over() {
            let waited = self.turned.wait_timeout(chain, PATIENCE);
            (chain, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if chain.turn != number || chain.is_over {
            return None;
        }
        let ended = match read {
            Ok(read) => self.find(&mut chain, lane, number, read),
            Err(_) => Some(Ended::Unreadable),
        };
        chain.is_over = ended.is_some();
        chain.turn = number.wrapping_add(1);
        self.turned.notify_all();
        Some(Part { number, ended })
    }

    fn chain(&self) -> MutexGuard<'_, Chain> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the records of a block, the one that began before it included.
    fn find(&self, chain: &mut Chain, lane: &mut Lane, number: u64, read: usize) -> Option<Ended> {
        let start = LARGEST_RECORD.saturating_sub(chain.left.len());
        if let Some(space) = lane.octets.get_mut(start..LARGEST_RECORD) {
            space.copy_from_slice(&chain.left);
        }
        wipe(&mut chain.left);
        chain.left.clear();
        let skip = if number == 0 { Header::LEN } else { 0 };
        lane.start = start.saturating_add(skip);
        lane.end = LARGEST_RECORD.saturating_add(read);
        let window = lane.octets.get(lane.start..lane.end).unwrap_or_default();
        let (count, octets) = self.header.walk(window, &mut lane.heads);
        lane.found = count;
        let rest = window.get(octets..).unwrap_or_default();
        if self.header.is_damaged(rest) {
            return Some(Ended::Damaged);
        }
        if read < BLOCK {
            return Some(if rest.is_empty() {
                Ended::Complete
            } else {
                Ended::Damaged
            });
        }
        chain.left.extend_from_slice(rest);
        None
    }
}

impl Lane {
    /// Decides what a glance can decide; what it cannot is [`Lane::left`].
    pub fn sift(&mut self, glance: &Glance<'_>) {
        let octets = self.octets.get(self.start..self.end).unwrap_or_default();
        let heads = self.heads.get(..self.found).unwrap_or_default();
        for heads in heads.chunks(AT_ONCE) {
            let sifted = glance.sift(Frames::new(octets, heads));
            self.decided.add(sifted.decided());
            self.left.extend(sifted.heads_left());
        }
    }

    /// What was decided.
    pub const fn decided(&self) -> &Decided {
        &self.decided
    }

    /// What was not, in the order it came.
    pub fn left(&self) -> impl Iterator<Item = Frame<'_>> {
        let octets = self.octets.get(self.start..self.end).unwrap_or_default();
        Frames::new(octets, &self.left).iter()
    }

    /// When the last frame came.
    pub fn last_ns(&self) -> u64 {
        let heads = self.heads.get(..self.found).unwrap_or_default();
        heads.last().map_or(0, |head| head.time_ns)
    }

    /// All memory for octets.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> &[u8] {
        &self.octets
    }

    /// Overwrites everything.
    pub fn clear(&mut self) {
        let used = self.start.min(LARGEST_RECORD)..self.octets.len();
        wipe(self.octets.get_mut(used).unwrap_or_default());
        (self.start, self.end) = (LARGEST_RECORD, LARGEST_RECORD);
        self.found = 0;
        self.left.clear();
        self.decided = Decided::default();
    }
}

/// Reads until there is no room or the file ends.
fn read_at(file: &File, space: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0_usize;
    loop {
        let rest = space.get_mut(read..).unwrap_or_default();
        let at = offset.saturating_add(long(read));
        match file.read_at(rest, at) {
            Ok(0) => return Ok(read),
            Ok(more) => read = read.saturating_add(more),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
