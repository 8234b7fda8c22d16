//! Reading captures, so that a source that gives nothing cannot hold up a stop.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use select::Funnel;
use select::input::{Capture, list};
use warrant::StopReason;
use zeroize::Zeroize as _;

use super::guard::Guard;
use super::output::Output;

const LOOK_EVERY: Duration = Duration::from_millis(100);
const PIPE_BYTES: usize = 65_536;

/// Feeds every capture of `input` to the funnel, until the end or until the guard says stop.
/// `cut` states an interval, once an hour.
pub(super) fn feed<'a>(
    input: &Path,
    guard: &Guard,
    funnel: &mut Funnel<'a>,
    output: &mut Output,
    mut cut: impl FnMut(&mut Funnel<'a>, &mut Output) -> anyhow::Result<()>,
) -> anyhow::Result<StopReason> {
    let mut hours = 0;
    if input == Path::new("-") {
        let source = Stoppable::begin(io::stdin(), guard)?;
        return read(source, guard, funnel, output, &mut hours, &mut cut);
    }
    let Ok(listing) = list(input) else {
        return Ok(StopReason::InputFailed);
    };
    let mut worst = StopReason::EndOfInput;
    for path in &listing.files {
        let Ok(file) = File::open(path) else {
            worst = StopReason::InputFailed;
            continue;
        };
        let whole = fs::metadata(path).is_ok_and(|facts| facts.is_file());
        let stop = if whole {
            read(file, guard, funnel, output, &mut hours, &mut cut)?
        } else {
            let source = Stoppable::begin(file, guard)?;
            read(source, guard, funnel, output, &mut hours, &mut cut)?
        };
        match stop {
            StopReason::EndOfInput => {}
            // One damaged file of a folder does not keep the others from being examined.
            StopReason::InputFailed => worst = stop,
            _ => return Ok(stop),
        }
    }
    Ok(worst)
}

fn read<'a, R: Read>(
    source: R,
    guard: &Guard,
    funnel: &mut Funnel<'a>,
    output: &mut Output,
    hours: &mut u64,
    cut: &mut impl FnMut(&mut Funnel<'a>, &mut Output) -> anyhow::Result<()>,
) -> anyhow::Result<StopReason> {
    if let Some(stop) = guard.stop() {
        return Ok(stop);
    }
    let Ok(mut capture) = Capture::open(source) else {
        return Ok(guard.stop().unwrap_or(StopReason::InputFailed));
    };
    loop {
        let next = capture.next_frame();
        if let Some(stop) = guard.stop() {
            return Ok(stop);
        }
        match next {
            Ok(Some(frame)) => funnel.packet(&frame, output),
            Ok(None) => return Ok(StopReason::EndOfInput),
            Err(error) => {
                if error.loses_a_record() {
                    funnel.unreadable();
                }
                return Ok(StopReason::InputFailed);
            }
        }
        if output.failed() {
            return Ok(StopReason::OutputFailed);
        }
        if *hours < guard.hours() {
            *hours = guard.hours();
            output.begin_hour();
            cut(funnel, output)?;
        }
    }
}

/// A source that is read by a thread of its own; reading from it ends when the guard says stop.
///
/// Two small buffers go round; each is wiped when its octets were handed on.
struct Stoppable<'g> {
    filled: Receiver<io::Result<Vec<u8>>>,
    empty: SyncSender<Vec<u8>>,
    current: Vec<u8>,
    taken: usize,
    guard: &'g Guard,
}

impl<'g> Stoppable<'g> {
    fn begin(mut source: impl Read + Send + 'static, guard: &'g Guard) -> anyhow::Result<Self> {
        let (fill, filled) = mpsc::sync_channel::<io::Result<Vec<u8>>>(1);
        let (empty, emptied) = mpsc::sync_channel::<Vec<u8>>(2);
        empty.send(Vec::with_capacity(PIPE_BYTES))?;
        let body = move || {
            for mut buffer in emptied {
                buffer.resize(PIPE_BYTES, 0);
                let read = source.read(&mut buffer);
                let ended = !matches!(read, Ok(1..));
                let part = read.map(|count| {
                    buffer.truncate(count);
                    buffer
                });
                if fill.send(part).is_err() || ended {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(body)?;
        Ok(Self {
            filled,
            empty,
            current: Vec::new(),
            taken: 0,
            guard,
        })
    }

    /// Waits for more; `false` at the end of the source or of the run.
    fn refill(&mut self) -> io::Result<bool> {
        let mut used = std::mem::take(&mut self.current);
        self.taken = 0;
        if used.capacity() != 0 {
            used.zeroize();
            let _reader_has_ended = self.empty.send(used);
        }
        while self.guard.stop().is_none() {
            match self.filled.recv_timeout(LOOK_EVERY) {
                Ok(part) => {
                    self.current = part?;
                    return Ok(!self.current.is_empty());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(false),
            }
        }
        Ok(false)
    }
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.current.len() && !self.refill()? {
            return Ok(0);
        }
        let rest = self.current.get(self.taken..).unwrap_or_default();
        let mut count = 0_usize;
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
            count = count.saturating_add(1);
        }
        self.taken = self.taken.saturating_add(count);
        Ok(count)
    }
}

impl Drop for Stoppable<'_> {
    fn drop(&mut self) {
        self.current.zeroize();
    }
}
