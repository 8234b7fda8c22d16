//! Flow records over UDP.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use select::netflow::Receiver;
use warrant::StopReason;

use super::{Alone, Cut, Pass};

/// How long what waits in the socket is read when somebody asked the run to end.
const LAST_MS: u128 = 250;

/// A socket that is only read.
pub(in crate::run) struct Flows {
    receiver: Receiver,
}

impl Flows {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        let receiver = Receiver::begin(UdpSocket::bind(address)?)?;
        Ok(Self { receiver })
    }

    pub(in crate::run) fn feed<C: Cut>(
        &mut self,
        pass: &mut Pass<'_, Alone<'_>, C>,
    ) -> anyhow::Result<StopReason> {
        let stop = loop {
            if let Some(stop) = pass.stop() {
                break stop;
            }
            if !self.receive(pass) {
                return Ok(StopReason::InputFailed);
            }
            if pass.is_due() {
                if self.receiver.count_drops(&mut pass.desk.funnel).is_err() {
                    return Ok(StopReason::InputFailed);
                }
                pass.state()?;
            }
        };
        // What arrived before the request is still covered; what ends a warrant ends reading at once.
        if stop == StopReason::Requested && !self.rest(pass) {
            return Ok(StopReason::InputFailed);
        }
        match self.receiver.count_drops(&mut pass.desk.funnel) {
            Ok(()) => Ok(stop),
            Err(_) => Ok(StopReason::InputFailed),
        }
    }

    /// Waits for a datagram for a moment; `false` when the socket fails.
    fn receive<C>(&mut self, pass: &mut Pass<'_, Alone<'_>, C>) -> bool {
        let Alone { funnel, output } = &mut *pass.desk;
        self.receiver.receive(funnel, output).is_ok()
    }

    fn rest<C>(&mut self, pass: &mut Pass<'_, Alone<'_>, C>) -> bool {
        if self.receiver.wait_no_more().is_err() {
            return false;
        }
        let asked = Instant::now();
        let Alone { funnel, output } = &mut *pass.desk;
        while asked.elapsed().as_millis() < LAST_MS && !output.failed() {
            match self.receiver.receive(funnel, output) {
                Ok(true) => {}
                Ok(false) => return true,
                Err(_) => return false,
            }
        }
        true
    }
}
