//! Where traffic comes from, and the loop that takes it to the desk. No source can hold up a stop or an hour.

mod flows;
mod pipe;
mod shared;
mod wire;

use std::fs::{self, File};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use select::input::{Capture, list};
use select::live::Listening;
use warrant::{LossReason, Source as SourceKind, StopReason};

use self::flows::Flows;
use self::pipe::Pipe;
pub(super) use self::shared::Readers;
use self::wire::Wire;
use super::desk::{Alone, Desk, Interval};
use super::guard::Guard;
use crate::refusal::Refused;

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Origin {
    /// Capture file, folder of captures, or `-` for standard input.
    #[arg(long, value_name = "PATH|-")]
    input: Option<PathBuf>,
    /// Interface at which the copies arrive.
    #[arg(long, value_name = "IFACE")]
    live: Option<String>,
    /// Address and port of this machine where flow records arrive (IPFIX, `NetFlow` 9 and 5 over UDP).
    #[arg(long, value_name = "ADDR:PORT")]
    ipfix: Option<SocketAddr>,
}

impl Origin {
    /// What the warrant has to allow.
    pub(super) const fn kind(&self) -> SourceKind {
        if self.ipfix.is_some() || self.live.is_some() {
            SourceKind::Live
        } else {
            SourceKind::Recorded
        }
    }
}

/// An open source.
pub(super) enum Source {
    Flows(Flows),
    Packets(Packets),
}

/// A source of packets. Files are opened one after the other.
pub(super) enum Packets {
    Files(PathBuf),
    Wire(Box<Wire>),
}

impl Source {
    pub(super) fn open(origin: &Origin, listening: Listening) -> anyhow::Result<Self> {
        let failed = |name: String| move |source| Refused::Source { name, source };
        if let Some(address) = origin.ipfix {
            let flows = Flows::open(address).map_err(failed(address.to_string()))?;
            return Ok(Self::Flows(flows));
        }
        if let Some(interface) = &origin.live {
            let wire = Wire::open(interface, listening).map_err(failed(interface.clone()))?;
            return Ok(Self::Packets(Packets::Wire(Box::new(wire))));
        }
        let files = origin.input.clone().unwrap_or_default();
        Ok(Self::Packets(Packets::Files(files)))
    }
}

impl Packets {
    /// Takes everything to the desk, until the end or until the guard says stop. Files are read by `readers`, where there are
    /// any.
    pub(super) fn feed<D: Desk + Send, C: Cut + Send>(
        &mut self,
        readers: Option<&Readers<'_>>,
        pass: &mut Pass<'_, D, C>,
    ) -> anyhow::Result<StopReason> {
        match self {
            Self::Files(path) => captures(path, readers, pass),
            Self::Wire(wire) => wire.feed(pass),
        }
    }
}

/// States an interval.
pub(super) trait Cut: FnMut(Interval) -> anyhow::Result<()> {}

impl<F: FnMut(Interval) -> anyhow::Result<()>> Cut for F {}

/// A run between its source and its desk.
pub(super) struct Pass<'p, D, C> {
    guard: &'p Guard,
    desk: &'p mut D,
    cut: C,
    hours: u64,
    ticks: u64,
}

impl<'p, D: Desk, C: Cut> Pass<'p, D, C> {
    pub(super) const fn begin(guard: &'p Guard, desk: &'p mut D, cut: C) -> Self {
        Self {
            guard,
            desk,
            cut,
            hours: 0,
            ticks: 0,
        }
    }

    /// Asked before each unit and whenever nothing comes: why the run ends now, when it does.
    fn stop(&self) -> Option<StopReason> {
        let failed = || self.desk.failed().then_some(StopReason::OutputFailed);
        self.guard.stop().or_else(failed)
    }

    /// Asked after each unit: whether an hour has passed that is not stated yet. Four times a second, what waits is
    /// handed on.
    fn is_due(&mut self) -> bool {
        let ticks = self.guard.ticks();
        if self.ticks != ticks {
            self.ticks = ticks;
            self.desk.idle();
        }
        self.hours < self.guard.hours()
    }

    /// States the hour.
    #[cold]
    fn state(&mut self) -> anyhow::Result<()> {
        self.hours = self.guard.hours();
        let interval = self.desk.cut()?;
        (self.cut)(interval)
    }
}

fn captures<D: Desk + Send, C: Cut + Send>(
    input: &Path,
    readers: Option<&Readers<'_>>,
    pass: &mut Pass<'_, D, C>,
) -> anyhow::Result<StopReason> {
    if input == Path::new("-") {
        return capture(Pipe::begin(io::stdin())?, pass);
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
        let shared = match readers.filter(|_| whole) {
            Some(readers) => shared::capture(&file, readers, pass)?,
            None => None,
        };
        let stop = match shared {
            Some(stop) => stop,
            None if whole => capture(file, pass)?,
            None => capture(Pipe::begin(file)?, pass)?,
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

fn capture<R: Read, D: Desk, C: Cut>(
    source: R,
    pass: &mut Pass<'_, D, C>,
) -> anyhow::Result<StopReason> {
    if let Some(stop) = pass.stop() {
        return Ok(stop);
    }
    let mut capture = Capture::begin(source);
    loop {
        let next = capture.next_frames();
        if let Some(stop) = pass.stop() {
            return Ok(stop);
        }
        match next {
            Ok(Some(frames)) => pass.desk.frames(frames),
            Ok(None) => return Ok(StopReason::EndOfInput),
            Err(error) if error.is_idle() => pass.desk.idle(),
            Err(error) => {
                if error.loses_a_record() {
                    pass.desk.missed(LossReason::Truncated, 1);
                }
                return Ok(StopReason::InputFailed);
            }
        }
        if pass.is_due() {
            pass.state()?;
        }
    }
}
