//! Packets as they arrive at an interface.

use std::io;
use std::time::{Duration, Instant};

use select::live::{Listening, Live};
use warrant::{LossReason, StopReason};

use super::{Cut, Desk, Pass};

/// How long what stands in the ring is read when somebody asked the run to end.
const LAST: Duration = Duration::from_millis(500);

/// An interface that is only listened to.
pub(in crate::run) struct Wire {
    live: Live,
}

impl Wire {
    pub(super) fn open(interface: &str, listening: Listening) -> io::Result<Self> {
        let live = Live::open(interface, listening)?;
        Ok(Self { live })
    }

    pub(super) fn feed<D: Desk, C: Cut>(
        &mut self,
        pass: &mut Pass<'_, D, C>,
    ) -> anyhow::Result<StopReason> {
        let stop = loop {
            let next = self.live.next_frame();
            let stop = pass.stop();
            match (next, stop) {
                (Ok(Some(frame)), None | Some(StopReason::Requested)) => pass.desk.frame(&frame),
                (Ok(Some(_)), Some(_)) => pass.desk.missed(LossReason::Stopped, 1),
                (Ok(None), _) => pass.desk.idle(),
                (Err(_), _) => break StopReason::InputFailed,
            }
            if let Some(stop) = stop {
                break stop;
            }
            if pass.is_due() {
                if self.count_drops(pass.desk).is_err() {
                    break StopReason::InputFailed;
                }
                pass.state()?;
            }
        };
        let ended = self.end(pass.desk, stop);
        Ok(ended.map_or(StopReason::InputFailed, |()| stop))
    }

    fn count_drops<D: Desk>(&mut self, desk: &mut D) -> io::Result<()> {
        let (reason, packets) = self.live.dropped()?;
        desk.missed(reason, packets);
        Ok(())
    }

    /// Shuts the ring. What arrived before a request is still covered; what ends a warrant ends reading at once, and what
    /// stands in the ring then is lost.
    fn end<D: Desk>(&mut self, desk: &mut D, stop: StopReason) -> io::Result<()> {
        self.live.close()?;
        self.count_drops(desk)?;
        let asked = Instant::now();
        while stop == StopReason::Requested
            && self.live.unread() != 0
            && asked.elapsed() < LAST
            && !desk.failed()
        {
            if let Some(frame) = self.live.next_frame()? {
                desk.frame(&frame);
            }
        }
        desk.missed(LossReason::Stopped, self.live.unread());
        Ok(())
    }
}
