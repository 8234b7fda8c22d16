//! Adding leaves to a stored log.

use crate::checkpoint::TreeHead;
use crate::hash::Hash;
use crate::leaf::Entry;
use crate::merkle::{Frontier, TreeError};
use crate::tile::reader::{place_in, read_bundle, read_tile};
use crate::tile::{Resource, TILE_HEIGHT, TILE_WIDTH, TilePlace, TileReader, TileStore};

/// Appends `entries` to the log in `store` whose head is `old`, and returns the new head.
///
/// Bundles and tiles are written and synced; the checkpoint is not, so that nothing refers to the new
/// leaves until the caller has signed it. Fails without writing when the stored tiles do not have the
/// root of `old`. Running it again after a crash, with the same or with other entries, is harmless:
/// what an unpublished attempt left behind is overwritten or never referred to.
pub fn append(
    store: &(impl TileStore + ?Sized),
    old: TreeHead,
    entries: &[Entry],
) -> Result<TreeHead, TreeError> {
    let edge = stored_edge(store, old)?;
    let encoded: Vec<Vec<u8>> = entries.iter().map(Entry::to_bytes).collect();
    write_bundles(store, old.size, &encoded)?;
    let leaves: Vec<Hash> = encoded.iter().map(|entry| Hash::leaf(entry)).collect();
    let head = grow(store, edge, &leaves)?;
    store.sync().map_err(TreeError::Storage)?;
    Ok(head)
}

/// Like [`append`] for leaf hashes whose entries are kept elsewhere; writes no entry bundles.
pub fn append_leaves(
    store: &(impl TileStore + ?Sized),
    old: TreeHead,
    leaves: &[Hash],
) -> Result<TreeHead, TreeError> {
    let edge = stored_edge(store, old)?;
    let head = grow(store, edge, leaves)?;
    store.sync().map_err(TreeError::Storage)?;
    Ok(head)
}

/// The right edge of the stored tree, which must have the root of `old`.
fn stored_edge(store: &(impl TileStore + ?Sized), old: TreeHead) -> Result<Frontier, TreeError> {
    let edge = Frontier::load(old.size, &TileReader::new(store, old.size))?;
    if edge.root() == old.root {
        Ok(edge)
    } else {
        Err(TreeError::RootMismatch)
    }
}

fn grow(
    store: &(impl TileStore + ?Sized),
    mut edge: Frontier,
    leaves: &[Hash],
) -> Result<TreeHead, TreeError> {
    let (mut level, mut before) = (0_u8, edge.size());
    for leaf in leaves {
        edge.append(*leaf)?;
    }
    let mut fresh = leaves.to_vec();
    while !fresh.is_empty() {
        fresh = write_level(store, level, before, &fresh)?;
        before >>= TILE_HEIGHT;
        level = level.checked_add(1).ok_or(TreeError::Full)?;
    }
    Ok(TreeHead {
        size: edge.size(),
        root: edge.root(),
    })
}

/// Writes the tiles of one level that hold `fresh`, and returns the roots of those that became full.
fn write_level(
    store: &(impl TileStore + ?Sized),
    level: u8,
    before: u64,
    fresh: &[Hash],
) -> Result<Vec<Hash>, TreeError> {
    let mut tile = match place_in(before / TILE_WIDTH, before) {
        Some(place) => read_tile(store, level, place)?,
        None => Vec::new(),
    };
    let mut index = before / TILE_WIDTH;
    let mut full_roots = Vec::new();
    for hash in fresh {
        tile.push(*hash);
        let place = TilePlace::full(index);
        if tile.len() == usize::from(place.width()) {
            write_tile(store, level, place, &tile)?;
            full_roots.push(root_of(&tile)?);
            tile.clear();
            index = index.checked_add(1).ok_or(TreeError::Full)?;
        }
    }
    if let Some(place) = TilePlace::of_width(index, length(tile.len())) {
        write_tile(store, level, place, &tile)?;
    }
    Ok(full_roots)
}

fn write_tile(
    store: &(impl TileStore + ?Sized),
    level: u8,
    place: TilePlace,
    tile: &[Hash],
) -> Result<(), TreeError> {
    let bytes: Vec<u8> = tile.iter().flat_map(|hash| *hash.as_bytes()).collect();
    store
        .write(&Resource::Hashes { level, place }, &bytes)
        .map_err(TreeError::Storage)
}

fn write_bundles(
    store: &(impl TileStore + ?Sized),
    before: u64,
    entries: &[Vec<u8>],
) -> Result<(), TreeError> {
    let mut index = before / TILE_WIDTH;
    let mut bundle = match place_in(index, before) {
        Some(place) => read_bundle(store, place)?,
        None => Vec::new(),
    };
    let mut rest = entries;
    while !rest.is_empty() {
        let room = TILE_WIDTH.saturating_sub(length(bundle.len()));
        let (now, later) = rest
            .split_at_checked(usize::try_from(room).unwrap_or(usize::MAX))
            .unwrap_or((rest, &[]));
        bundle.extend_from_slice(now);
        rest = later;
        let place =
            TilePlace::of_width(index, length(bundle.len())).ok_or(TreeError::CorruptTile)?;
        let bytes = encode_bundle(&bundle)?;
        store
            .write(&Resource::Entries { place }, &bytes)
            .map_err(TreeError::Storage)?;
        bundle.clear();
        index = index.checked_add(1).ok_or(TreeError::Full)?;
    }
    Ok(())
}

fn encode_bundle(entries: &[Vec<u8>]) -> Result<Vec<u8>, TreeError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| TreeError::EntryTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

fn root_of(tile: &[Hash]) -> Result<Hash, TreeError> {
    let mut tree = Frontier::new();
    for hash in tile {
        tree.append(*hash)?;
    }
    Ok(tree.root())
}

fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
