//! Datagrams from a socket to a funnel.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::time::Duration;

use warrant::LossReason;

use crate::bytes::wipe;
use crate::funnel::Funnel;
use crate::netflow::Collector;
use crate::netflow::drops::Drops;
use crate::record::Sink;

/// The largest datagram of UDP.
const MAX_DATAGRAM: usize = 65_535;
/// How long a silent socket is waited for at once.
const PATIENCE: Duration = Duration::from_millis(200);

/// Receives flow records. It never sends. Each datagram is overwritten as soon as it was looked at.
pub struct Receiver {
    socket: UdpSocket,
    drops: Drops,
    collector: Collector,
    buffer: Vec<u8>,
}

impl Receiver {
    /// Receives from `socket`; fails where the system does not tell how many datagrams it drops.
    pub fn begin(socket: UdpSocket) -> io::Result<Self> {
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            drops: Drops::begin(&socket)?,
            socket,
            collector: Collector::default(),
            buffer: vec![0; MAX_DATAGRAM],
        })
    }

    /// Takes one datagram through the funnel; `false` when none came for a fifth of a second.
    pub fn receive<S: Sink>(&mut self, funnel: &mut Funnel<'_>, sink: &mut S) -> io::Result<bool> {
        let (length, exporter) = match self.socket.recv_from(&mut self.buffer) {
            Ok(received) => received,
            Err(error) if is_silence(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        let bytes = self.buffer.get_mut(..length).unwrap_or_default();
        let received = self.collector.datagram(exporter.ip(), bytes, |record| {
            funnel.flow_record(record, sink);
        });
        wipe(bytes);
        funnel.datagram_ended(received);
        Ok(true)
    }

    /// From now on, what is not there already is not waited for.
    pub fn wait_no_more(&self) -> io::Result<()> {
        self.socket.set_nonblocking(true)
    }

    /// Counts datagrams that the kernel dropped since it was last asked, each as one lost record.
    pub fn count_drops(&mut self, funnel: &mut Funnel<'_>) -> io::Result<()> {
        let dropped = self.drops.since_last()?;
        funnel.missed(LossReason::Kernel, u64::from(dropped));
        Ok(())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        wipe(&mut self.buffer);
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
