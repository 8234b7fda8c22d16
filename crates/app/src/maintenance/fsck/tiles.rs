use ledger::{
    DirectoryTiles, Entry, Frontier, Hash, Resource, SignedCheckpoint, TILE_WIDTH, TilePlace,
    TileStore as _, read_entries,
};

use crate::error::AppError;
use crate::maintenance::fsck::{FsckReport, ProblemKind, storage};

/// The checkpoint beside the tiles; `None` where there is none that can be read.
pub(super) fn published(tiles: &DirectoryTiles) -> Result<Option<SignedCheckpoint>, AppError> {
    let bytes = tiles.read(&Resource::Checkpoint).map_err(storage)?;
    Ok(bytes.and_then(|bytes| SignedCheckpoint::parse(&bytes).ok()))
}

/// Compares tiles and bundles with the leaves as these stream by, up to the published size.
pub(super) struct TileCheck {
    tiles: DirectoryTiles,
    log: String,
    published: u64,
    size: u64,
    /// Hashes of the unfinished tile of each level, and how many tiles of it are full.
    levels: Vec<(Vec<Hash>, u64)>,
    bundle: Vec<Entry>,
}

impl TileCheck {
    pub(super) fn new(tiles: DirectoryTiles, log: &str, published: u64) -> Self {
        Self {
            tiles,
            log: log.to_owned(),
            published,
            size: 0,
            levels: Vec::new(),
            bundle: Vec::new(),
        }
    }

    /// Takes in the next leaf.
    pub(super) fn push(&mut self, entry: Entry, report: &mut FsckReport) -> Result<(), AppError> {
        if self.published <= self.size {
            return Ok(());
        }
        let mut hash = entry.leaf_hash();
        self.size = self.size.saturating_add(1);
        self.bundle.push(entry);
        let full = is_full(self.bundle.len());
        if full || self.size == self.published {
            self.compare_bundle(report);
        }
        let mut level: u8 = 0;
        loop {
            let place = usize::from(level);
            if self.levels.len() <= place {
                self.levels.push((Vec::new(), 0));
            }
            let Some((tile, done)) = self.levels.get_mut(place) else {
                return Err(AppError::Bug("no level"));
            };
            tile.push(hash);
            if !is_full(tile.len()) {
                break;
            }
            let whole = std::mem::take(tile);
            let index = *done;
            *done = done.saturating_add(1);
            self.compare(level, TilePlace::full(index), &whole, report)?;
            hash = root_of(&whole)?;
            level = level.saturating_add(1);
        }
        if self.size == self.published {
            self.compare_edge(report)?;
        }
        Ok(())
    }

    /// Compares the unfinished tiles of the published tree.
    fn compare_edge(&mut self, report: &mut FsckReport) -> Result<(), AppError> {
        let levels = std::mem::take(&mut self.levels);
        for (level, (tile, done)) in (0_u8..).zip(&levels) {
            let width = u64::try_from(tile.len()).unwrap_or(u64::MAX);
            if let Some(place) = TilePlace::of_width(*done, width) {
                self.compare(level, place, tile, report)?;
            }
        }
        Ok(())
    }

    fn compare(
        &self,
        level: u8,
        place: TilePlace,
        hashes: &[Hash],
        report: &mut FsckReport,
    ) -> Result<(), AppError> {
        let resource = Resource::Hashes { level, place };
        let mut stored = self.tiles.read(&resource).map_err(storage)?;
        if stored.is_none() {
            // A partial tile may have been removed once the full one was there.
            let full = Resource::Hashes {
                level,
                place: TilePlace::full(place.index()),
            };
            stored = self.tiles.read(&full).map_err(storage)?;
            let wanted = hashes.len().saturating_mul(Hash::LEN);
            if let Some(bytes) = stored.as_mut() {
                bytes.truncate(wanted);
            }
        }
        let expected: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let kind = match stored {
            None => ProblemKind::TileMissing,
            Some(bytes) if bytes != expected => ProblemKind::TileDiffers,
            Some(_) => return Ok(()),
        };
        report.report(kind, "tiles", format!("{}/{resource}", self.log), None);
        Ok(())
    }

    fn compare_bundle(&mut self, report: &mut FsckReport) {
        let expected = std::mem::take(&mut self.bundle);
        let bundle = self.size.saturating_sub(1) / TILE_WIDTH;
        let first = bundle.saturating_mul(TILE_WIDTH);
        let name = |index: u64| format!("{}/tile/entries of leaf {index}", self.log);
        let Ok(stored) = read_entries(&self.tiles, bundle, self.size) else {
            let leaf = Some((self.log.as_str(), first));
            report.report(ProblemKind::TileMissing, "tiles", name(first), leaf);
            return;
        };
        for (index, (stored, expected)) in (first..).zip(stored.iter().zip(&expected)) {
            if stored != expected {
                let leaf = Some((self.log.as_str(), index));
                report.report(ProblemKind::TileDiffers, "tiles", name(index), leaf);
            }
        }
    }
}

fn is_full(items: usize) -> bool {
    u64::try_from(items) == Ok(TILE_WIDTH)
}

fn root_of(tile: &[Hash]) -> Result<Hash, AppError> {
    let mut tree = Frontier::new();
    for hash in tile {
        tree.append(*hash)
            .map_err(|error| AppError::Log(crate::logs::LogError::Tree(error)))?;
    }
    Ok(tree.root())
}
