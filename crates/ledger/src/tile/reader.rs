//! Reading hashes and entries out of tiles.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::hash::Hash;
use crate::leaf::Entry;
use crate::merkle::{Frontier, HashReader, TreeError};
use crate::tile::{Resource, TILE_HEIGHT, TILE_WIDTH, TilePlace, TileStore};

/// Tiles kept in memory by one reader; a proof needs at most 2 per level.
const CACHED_TILES: usize = 32;

/// Hashes of the stored tree of `size` leaves, for proofs and roots.
pub struct TileReader<'s, S: ?Sized> {
    store: &'s S,
    size: u64,
    cache: RefCell<HashMap<(u8, u64), Vec<Hash>>>,
}

impl<'s, S: TileStore + ?Sized> TileReader<'s, S> {
    /// Reads the tree that the first `size` leaves form; the store may hold more.
    pub fn new(store: &'s S, size: u64) -> Self {
        Self {
            store,
            size,
            cache: RefCell::new(HashMap::new()),
        }
    }

    /// Hash of the leaf at `index`.
    pub fn leaf(&self, index: u64) -> Result<Hash, TreeError> {
        self.node(0, index)
    }

    /// The hashes `start..start + count` of tile `index` at `level`.
    fn slice(&self, level: u8, index: u64, range: (u64, u64)) -> Result<Vec<Hash>, TreeError> {
        let (start, count) = range;
        let mut cache = self.cache.borrow_mut();
        if !cache.contains_key(&(level, index)) {
            let shift = u32::from(level)
                .checked_mul(TILE_HEIGHT)
                .ok_or(TreeError::OutOfRange)?;
            let nodes = self.size.checked_shr(shift).ok_or(TreeError::OutOfRange)?;
            let place = place_in(index, nodes).ok_or(TreeError::OutOfRange)?;
            let tile = read_tile(self.store, level, place)?;
            if cache.len() == CACHED_TILES {
                cache.clear();
            }
            cache.insert((level, index), tile);
        }
        let end = start
            .checked_add(count)
            .and_then(|end| usize::try_from(end).ok());
        let range = usize::try_from(start).ok().zip(end);
        let found = cache
            .get(&(level, index))
            .zip(range)
            .and_then(|(tile, (start, end))| tile.get(start..end));
        found.map(<[Hash]>::to_vec).ok_or(TreeError::OutOfRange)
    }
}

impl<S: TileStore + ?Sized> HashReader for TileReader<'_, S> {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TreeError> {
        let tile_level = u8::try_from(level / TILE_HEIGHT).map_err(|_| TreeError::OutOfRange)?;
        let count = 1_u64
            .checked_shl(level % TILE_HEIGHT)
            .ok_or(TreeError::OutOfRange)?;
        let first = index.checked_mul(count).ok_or(TreeError::OutOfRange)?;
        let hashes = self.slice(tile_level, first / TILE_WIDTH, (first % TILE_WIDTH, count))?;
        let mut tree = Frontier::new();
        for hash in hashes {
            tree.append(hash)?;
        }
        Ok(tree.root())
    }
}

/// Reads the entries of bundle `bundle` of a log of `size` leaves (256 entries, fewer in the last).
pub fn read_entries(
    store: &(impl TileStore + ?Sized),
    bundle: u64,
    size: u64,
) -> Result<Vec<Entry>, TreeError> {
    let place = place_in(bundle, size).ok_or(TreeError::OutOfRange)?;
    let raw = read_bundle(store, place)?;
    let mut entries = Vec::new();
    for bytes in raw {
        entries.push(Entry::parse(&bytes).map_err(|_| TreeError::CorruptTile)?);
    }
    Ok(entries)
}

/// Place of tile `index` in a level of `nodes` hashes; `None` when nothing of it exists.
pub(crate) fn place_in(index: u64, nodes: u64) -> Option<TilePlace> {
    let before = index.checked_mul(TILE_WIDTH)?;
    let width = nodes.checked_sub(before)?.min(TILE_WIDTH);
    TilePlace::of_width(index, width)
}

/// Reads a tile of hashes. A partial tile that was deleted is read from the full one.
pub(crate) fn read_tile(
    store: &(impl TileStore + ?Sized),
    level: u8,
    place: TilePlace,
) -> Result<Vec<Hash>, TreeError> {
    let hashes = |place| Resource::Hashes { level, place };
    let (bytes, exact) = read_or_full(store, hashes, place)?.ok_or(TreeError::Missing {
        level: tree_level(level),
        index: place.index(),
    })?;
    let mut tile = Hash::split_all(&bytes).ok_or(TreeError::CorruptTile)?;
    cut(&mut tile, place, exact)?;
    Ok(tile)
}

/// Reads the raw entries of a bundle, in the same way.
pub(crate) fn read_bundle(
    store: &(impl TileStore + ?Sized),
    place: TilePlace,
) -> Result<Vec<Vec<u8>>, TreeError> {
    let entries = |place| Resource::Entries { place };
    let (bytes, exact) = read_or_full(store, entries, place)?.ok_or(TreeError::Missing {
        level: 0,
        index: place.index(),
    })?;
    let mut bundle = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let (length, after) = rest
            .split_first_chunk::<2>()
            .ok_or(TreeError::CorruptTile)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after
            .split_at_checked(length)
            .ok_or(TreeError::CorruptTile)?;
        bundle.push(entry.to_vec());
        rest = after;
    }
    cut(&mut bundle, place, exact)?;
    Ok(bundle)
}

/// Whether the bytes are of the tile that was asked for, or of the full tile in its place.
#[derive(Clone, Copy)]
enum Found {
    Asked,
    Full,
}

fn read_or_full(
    store: &(impl TileStore + ?Sized),
    resource: impl Fn(TilePlace) -> Resource,
    place: TilePlace,
) -> Result<Option<(Vec<u8>, Found)>, TreeError> {
    if let Some(bytes) = store.read(&resource(place)).map_err(TreeError::Storage)? {
        return Ok(Some((bytes, Found::Asked)));
    }
    if place.is_full() {
        return Ok(None);
    }
    let full = resource(TilePlace::full(place.index()));
    let bytes = store.read(&full).map_err(TreeError::Storage)?;
    Ok(bytes.map(|bytes| (bytes, Found::Full)))
}

fn cut<T>(items: &mut Vec<T>, place: TilePlace, found: Found) -> Result<(), TreeError> {
    let expected = match found {
        Found::Asked => place.width(),
        Found::Full => TilePlace::full(place.index()).width(),
    };
    if items.len() != usize::from(expected) {
        return Err(TreeError::CorruptTile);
    }
    items.truncate(usize::from(place.width()));
    Ok(())
}

fn tree_level(tile_level: u8) -> u32 {
    u32::from(tile_level).saturating_mul(TILE_HEIGHT)
}
