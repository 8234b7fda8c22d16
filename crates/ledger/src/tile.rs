//! C2SP tlog-tiles: how a log lies in storage, and the names it is served under.

mod append;
mod directory;
mod reader;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "small numbers in tests"
)]
mod tests;

use std::fmt;
use std::io;

use thiserror::Error;

pub use self::append::{append, append_leaves};
pub use self::directory::DirectoryTiles;
pub use self::reader::{TileReader, read_entries};
use crate::encoding::decimal;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;
/// Levels of the tree that one tile spans.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// Highest tile level a tree of up to 2^64 leaves can have.
const MAX_TILE_LEVEL: u8 = 7;

/// Why a resource name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the name of a checkpoint, tile or entry bundle")]
pub struct ResourceNameError;

/// Where a tile stands in its level, and how many hashes or entries it holds.
///
/// Invariant: the width is 1 to 256; 256 is a full tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TilePlace {
    index: u64,
    width: u16,
}

impl TilePlace {
    pub fn full(index: u64) -> Self {
        Self { index, width: 256 }
    }

    /// A partial (or full) tile; `None` unless the width is 1 to 256.
    pub fn of_width(index: u64, width: u64) -> Option<Self> {
        let width = u16::try_from(width)
            .ok()
            .filter(|width| (1..=256).contains(width))?;
        Some(Self { index, width })
    }

    pub const fn index(self) -> u64 {
        self.index
    }

    pub const fn width(self) -> u16 {
        self.width
    }

    pub const fn is_full(self) -> bool {
        self.width == 256
    }
}

/// `N` or `N.p/W`, the index in groups of three digits (C2SP tlog-tiles "Merkle Tree").
impl fmt::Display for TilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.index.to_string();
        let missing = match digits.len() % 3 {
            1 => "00",
            2 => "0",
            _ => "",
        };
        let padded = format!("{missing}{digits}");
        let (groups, _) = padded.as_bytes().as_chunks::<3>();
        let (last, others) = groups.split_last().ok_or(fmt::Error)?;
        for [a, b, c] in others {
            write!(
                f,
                "x{}{}{}/",
                char::from(*a),
                char::from(*b),
                char::from(*c)
            )?;
        }
        let [a, b, c] = last;
        write!(f, "{}{}{}", char::from(*a), char::from(*b), char::from(*c))?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// Something a log stores and serves; its `Display` is the path below the log's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// `checkpoint`, the only one that changes.
    Checkpoint,
    /// `tile/<L>/<N>[.p/<W>]`.
    Hashes { level: u8, place: TilePlace },
    /// `tile/entries/<N>[.p/<W>]`.
    Entries { place: TilePlace },
}

impl Resource {
    /// Reads a path; only the one spelling that `Display` writes is accepted.
    pub fn parse(path: &str) -> Result<Self, ResourceNameError> {
        if path == "checkpoint" {
            return Ok(Self::Checkpoint);
        }
        let rest = path.strip_prefix("tile/").ok_or(ResourceNameError)?;
        let (level, place) = rest.split_once('/').ok_or(ResourceNameError)?;
        let place = parse_place(place).ok_or(ResourceNameError)?;
        let resource = if level == "entries" {
            Self::Entries { place }
        } else {
            let level = decimal(level).and_then(|level| u8::try_from(level).ok());
            let level = level
                .filter(|level| *level <= MAX_TILE_LEVEL)
                .ok_or(ResourceNameError)?;
            Self::Hashes { level, place }
        };
        if resource.to_string() == path {
            Ok(resource)
        } else {
            Err(ResourceNameError)
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("checkpoint"),
            Self::Hashes { level, place } => write!(f, "tile/{level}/{place}"),
            Self::Entries { place } => write!(f, "tile/entries/{place}"),
        }
    }
}

fn parse_place(text: &str) -> Option<TilePlace> {
    let (path, width) = match text.split_once(".p/") {
        Some((path, width)) => (path, decimal(width)?),
        None => (text, TILE_WIDTH),
    };
    let mut index: u64 = 0;
    for part in path.split('/') {
        let digits = part.strip_prefix('x').unwrap_or(part);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    TilePlace::of_width(index, width)
}

/// Storage for the resources of one log: a directory, or an object store.
///
/// A write becomes visible whole or not at all. Writing the same name again replaces it.
/// After [`sync`](Self::sync) returned, every earlier write survives a power failure.
pub trait TileStore {
    /// Reads a resource; `None` when it does not exist.
    fn read(&self, resource: &Resource) -> io::Result<Option<Vec<u8>>>;
    /// Writes a resource.
    fn write(&self, resource: &Resource, bytes: &[u8]) -> io::Result<()>;
    /// Makes all writes so far durable.
    fn sync(&self) -> io::Result<()>;
}

impl<S: TileStore + ?Sized> TileStore for &S {
    fn read(&self, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
        (**self).read(resource)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> io::Result<()> {
        (**self).write(resource, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        (**self).sync()
    }
}
