//! Stored logs: names, growth, crashes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::sync::Mutex;

use proptest::prelude::*;

use super::{
    DirectoryTiles, Resource, TilePlace, TileReader, TileStore, append, append_leaves, read_entries,
};
use crate::checkpoint::TreeHead;
use crate::hash::Hash;
use crate::leaf::{Commitment, Entry};
use crate::merkle::{
    Frontier, TreeError, consistency_path, inclusion_path, root_at, verify_consistency,
    verify_inclusion,
};

/// A store in memory that can be told to fail after some writes.
#[derive(Default)]
struct Memory {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    writes_left: Mutex<Option<usize>>,
}

impl TileStore for Memory {
    fn read(&self, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
        Ok(self
            .objects
            .lock()
            .unwrap()
            .get(&resource.to_string())
            .cloned())
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> io::Result<()> {
        let mut left = self.writes_left.lock().unwrap();
        if let Some(left) = left.as_mut() {
            *left = left.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
        }
        self.objects
            .lock()
            .unwrap()
            .insert(resource.to_string(), bytes.to_vec());
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

fn entry(n: u64, fill: u8) -> Entry {
    let mut bytes = [fill; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    Entry::sealed(Commitment::from_bytes(bytes))
}

fn entries(from: u64, to: u64) -> Vec<Entry> {
    (from..to).map(|n| entry(n, 0)).collect()
}

fn expected(size: u64) -> TreeHead {
    let mut tree = Frontier::new();
    for entry in entries(0, size) {
        tree.append(entry.leaf_hash()).unwrap();
    }
    TreeHead {
        size,
        root: tree.root(),
    }
}

#[test]
fn resource_names_follow_the_tiles_specification() {
    let hashes = |level, place| Resource::Hashes { level, place }.to_string();
    assert_eq!(
        hashes(0, TilePlace::full(1_234_067)),
        "tile/0/x001/x234/067"
    );
    assert_eq!(hashes(3, TilePlace::full(0)), "tile/3/000");
    assert_eq!(
        hashes(1, TilePlace::of_width(1000, 17).unwrap()),
        "tile/1/x001/000.p/17"
    );
    let bundle = Resource::Entries {
        place: TilePlace::of_width(999, 255).unwrap(),
    };
    assert_eq!(bundle.to_string(), "tile/entries/999.p/255");
}

#[test]
fn only_the_exact_name_of_a_resource_is_read() {
    for name in [
        "checkpoint",
        "tile/0/000",
        "tile/7/x123/456.p/1",
        "tile/entries/x001/x234/067",
    ] {
        assert_eq!(Resource::parse(name).unwrap().to_string(), name);
    }
    for name in [
        "",
        "checkpoint/",
        "../checkpoint",
        "tile/0",
        "tile/8/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/entries/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/../000",
        "tile/0/x001",
        "tile/0/001/x002",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/1/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(Resource::parse(name).is_err(), "{name:?}");
    }
}

#[test]
fn tile_widths_are_those_of_the_specification_for_70000_leaves() {
    let store = Memory::default();
    let leaves: Vec<Hash> = (0..70_000_u64)
        .map(|n| Hash::leaf(&n.to_be_bytes()))
        .collect();
    let head = append_leaves(&store, TreeHead::empty(), &leaves).unwrap();
    assert_eq!(head.size, 70_000);
    let names: Vec<String> = store.objects.lock().unwrap().keys().cloned().collect();
    let level = |prefix: &str| names.iter().filter(|name| name.starts_with(prefix)).count();
    assert_eq!(
        (level("tile/0/"), level("tile/1/"), level("tile/2/")),
        (274, 2, 1)
    );
    for partial in ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(names.iter().any(|name| name == partial), "{partial}");
    }
    let reader = TileReader::new(&store, 70_000);
    assert_eq!(root_at(70_000, &reader).unwrap(), head.root);
    let mut tree = Frontier::new();
    for leaf in &leaves[..65_537] {
        tree.append(*leaf).unwrap();
    }
    assert_eq!(root_at(65_537, &reader).unwrap(), tree.root());
}

#[test]
fn an_append_over_wrong_tiles_is_refused_and_writes_nothing() {
    let store = Memory::default();
    let head = append(&store, TreeHead::empty(), &entries(0, 300)).unwrap();
    let before = store.objects.lock().unwrap().clone();
    let more = || entries(300, 301);
    let forged = TreeHead {
        size: 300,
        root: Hash::leaf(b"other"),
    };
    assert!(matches!(
        append(&store, forged, &more()),
        Err(TreeError::RootMismatch)
    ));
    assert_eq!(*store.objects.lock().unwrap(), before);
    store
        .objects
        .lock()
        .unwrap()
        .insert("tile/0/001.p/44".to_owned(), vec![0; 33]);
    assert!(matches!(
        append(&store, head, &more()),
        Err(TreeError::CorruptTile)
    ));
    store.objects.lock().unwrap().remove("tile/0/001.p/44");
    assert!(matches!(
        append(&store, head, &more()),
        Err(TreeError::Missing { .. })
    ));
}

#[test]
fn a_deleted_partial_tile_is_read_from_the_full_one() {
    let store = Memory::default();
    let head = append(&store, TreeHead::empty(), &entries(0, 100)).unwrap();
    append(&store, head, &entries(100, 256)).unwrap();
    store.objects.lock().unwrap().remove("tile/0/000.p/100");
    store
        .objects
        .lock()
        .unwrap()
        .remove("tile/entries/000.p/100");
    assert_eq!(
        root_at(100, &TileReader::new(&store, 100)).unwrap(),
        head.root
    );
    assert_eq!(read_entries(&store, 0, 100).unwrap(), entries(0, 100));
}

#[test]
fn entries_come_back_from_their_bundles() {
    let store = Memory::default();
    let mut head = TreeHead::empty();
    for (from, to) in [(0, 1), (1, 255), (255, 257), (257, 257), (257, 700)] {
        head = append(&store, head, &entries(from, to)).unwrap();
    }
    assert_eq!(head, expected(700));
    let read: Vec<Entry> = (0..3)
        .flat_map(|bundle| read_entries(&store, bundle, 700).unwrap())
        .collect();
    assert_eq!(read, entries(0, 700));
    assert!(matches!(
        read_entries(&store, 3, 700),
        Err(TreeError::OutOfRange)
    ));
}

#[test]
fn a_bundle_cut_short_is_refused() {
    let store = Memory::default();
    append(&store, TreeHead::empty(), &entries(0, 3)).unwrap();
    let name = "tile/entries/000.p/3";
    let whole = store.objects.lock().unwrap()[name].clone();
    for length in 0..whole.len() {
        store
            .objects
            .lock()
            .unwrap()
            .insert(name.to_owned(), whole[..length].to_vec());
        assert!(
            matches!(read_entries(&store, 0, 3), Err(TreeError::CorruptTile)),
            "{length}"
        );
    }
}

#[test]
fn a_crashed_write_leaves_the_published_tree_readable_and_is_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let store = DirectoryTiles::open_writer(directory.path()).unwrap();
    let head = append(&store, TreeHead::empty(), &entries(0, 200)).unwrap();
    // A writer died: half a file beside a tile, and files of an attempt that was never published.
    fs::write(directory.path().join("tile/0/000.p/202.tmp"), b"half").unwrap();
    fs::write(directory.path().join("tile/0/000.p/202"), b"torn").unwrap();
    fs::write(directory.path().join("tile/0/000"), b"torn").unwrap();
    assert_eq!(
        root_at(200, &TileReader::new(&store, 200)).unwrap(),
        head.root
    );
    let head = append(&store, head, &entries(200, 202)).unwrap();
    assert_eq!(head, expected(202));
    let head = append(&store, head, &entries(202, 300)).unwrap();
    assert_eq!(head, expected(300));
    assert_eq!(
        root_at(300, &TileReader::new(&store, 300)).unwrap(),
        head.root
    );
    assert!(!directory.path().join("tile/0/000.p/202.tmp").exists());
}

#[test]
fn a_directory_has_one_writer_and_its_readers_cannot_write() {
    let directory = tempfile::tempdir().unwrap();
    let writer = DirectoryTiles::open_writer(directory.path()).unwrap();
    let second = DirectoryTiles::open_writer(directory.path()).unwrap_err();
    assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
    let reader = DirectoryTiles::open_reader(directory.path());
    let refused = reader.write(&Resource::Checkpoint, b"x").unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
    writer.write(&Resource::Checkpoint, b"x").unwrap();
    writer.sync().unwrap();
    assert_eq!(
        reader.read(&Resource::Checkpoint).unwrap().as_deref(),
        Some(&b"x"[..])
    );
    drop(writer);
    assert!(DirectoryTiles::open_writer(directory.path()).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_log_grown_in_any_steps_has_the_same_root_and_proofs(
        steps in prop::collection::vec(0_u64..400, 1..6), at: prop::sample::Index,
    ) {
        let store = Memory::default();
        let mut head = TreeHead::empty();
        for step in steps {
            let next = append(&store, head, &entries(head.size, head.size + step)).unwrap();
            let path = consistency_path(head.size, next.size, &TileReader::new(&store, next.size));
            prop_assert_eq!(verify_consistency(head, next, &path.unwrap()), Ok(()));
            head = next;
        }
        prop_assert_eq!(head, expected(head.size));
        if head.size != 0 {
            let index = at.index(usize::try_from(head.size).unwrap()) as u64;
            let reader = TileReader::new(&store, head.size);
            let path = inclusion_path(index, head.size, &reader).unwrap();
            let leaf = entry(index, 0).leaf_hash();
            prop_assert_eq!(reader.leaf(index).unwrap(), leaf);
            prop_assert_eq!(verify_inclusion(index, leaf, &path, head), Ok(()));
        }
    }

    #[test]
    fn an_append_that_failed_half_way_can_be_done_again_with_other_entries(
        base in 0_u64..600, attempt in 1_u64..600, writes in 0_usize..8, retry in 1_u64..600,
    ) {
        let store = Memory::default();
        let head = append(&store, TreeHead::empty(), &entries(0, base)).unwrap();
        *store.writes_left.lock().unwrap() = Some(writes);
        let abandoned: Vec<Entry> = (0..attempt).map(|n| entry(n, 0xaa)).collect();
        let _ = append(&store, head, &abandoned);
        *store.writes_left.lock().unwrap() = None;
        prop_assert_eq!(root_at(base, &TileReader::new(&store, base)).unwrap(), head.root);
        let next = append(&store, head, &entries(base, base + retry)).unwrap();
        prop_assert_eq!(next, expected(base + retry));
        let reader = TileReader::new(&store, next.size);
        prop_assert_eq!(root_at(next.size, &reader).unwrap(), next.root);
        let read = (0..next.size.div_ceil(256))
            .flat_map(|bundle| read_entries(&store, bundle, next.size).unwrap());
        prop_assert!(read.eq(entries(0, next.size)));
    }

    #[test]
    fn any_text_is_refused_or_is_the_one_name_of_its_resource(text in "(tile/)?[a-z0-9x./]{0,40}") {
        if let Ok(resource) = Resource::parse(&text) {
            prop_assert_eq!(resource.to_string(), text);
        }
    }
}
