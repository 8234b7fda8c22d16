//! A source that may be silent, read by a thread of its own.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use zeroize::Zeroize as _;

/// How long silence lasts before it is told.
const PATIENCE: Duration = Duration::from_millis(100);
const PIPE_BYTES: usize = 65_536;

/// Reading from it blocks for a moment only; then it says [`ErrorKind::WouldBlock`], and can be asked again.
///
/// Two small buffers go round; each is wiped when its octets were handed on.
pub(super) struct Pipe {
    filled: Receiver<io::Result<Vec<u8>>>,
    empty: SyncSender<Vec<u8>>,
    current: Vec<u8>,
    taken: usize,
}

impl Pipe {
    pub(super) fn begin(mut source: impl Read + Send + 'static) -> anyhow::Result<Self> {
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
        })
    }

    /// Waits for more; `false` at the end of the source.
    fn refill(&mut self) -> io::Result<bool> {
        let mut used = std::mem::take(&mut self.current);
        self.taken = 0;
        if used.capacity() != 0 {
            used.zeroize();
            let _reader_has_ended = self.empty.send(used);
        }
        match self.filled.recv_timeout(PATIENCE) {
            Ok(part) => {
                self.current = part?;
                Ok(!self.current.is_empty())
            }
            Err(RecvTimeoutError::Timeout) => Err(ErrorKind::WouldBlock.into()),
            Err(RecvTimeoutError::Disconnected) => Ok(false),
        }
    }
}

impl Read for Pipe {
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

impl Drop for Pipe {
    fn drop(&mut self) {
        self.current.zeroize();
    }
}
