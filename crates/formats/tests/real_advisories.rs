//! Real files, where they are at hand: `NOROSHI_CORPUS`, else `../shared/data` beside the project.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "helpers of tests; the place of the corpus is no setting"
)]

use std::path::{Path, PathBuf};

use formats::advisories::{Source, parse};

fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var("NOROSHI_CORPUS").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let found = root.join(folder);
    if !found.is_dir() {
        println!("skipped: no corpus {folder}");
        return None;
    }
    Some(found)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "json") {
            found.push(path);
        }
    }
}

#[test]
fn the_real_catalogue_is_the_same_in_json_and_csv() {
    let Some(folder) = corpus("kev") else { return };
    let read = |name: &str| parse(&std::fs::read(folder.join(name)).unwrap()).unwrap();
    let json = read("known_exploited_vulnerabilities.json");
    let csv = read("known_exploited_vulnerabilities.csv");
    assert!(1_000 < json.len());
    assert_eq!(json.len(), csv.len());
    assert!(
        json.iter()
            .all(|each| each.source == Source::Kev && !each.products.is_empty())
    );
}

#[test]
fn every_real_advisory_has_a_number_and_nearly_every_one_a_product() {
    let Some(folder) = corpus("csaf") else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let (mut read, mut without) = (0_u32, 0_u32);
    for path in &paths {
        let octets = std::fs::read(path).unwrap();
        let advisory = match parse(&octets) {
            Ok(mut all) => all.remove(0),
            Err(error) => panic!("{}: {error}", path.display()),
        };
        read += 1;
        without += u32::from(advisory.products.is_empty());
    }
    println!("{read} advisories, {without} without product");
    assert!(1_000 < read);
    assert!(without * 50 < read, "{without} of {read} without product");
}

#[test]
fn no_document_of_the_conformance_suite_does_harm() {
    let Some(folder) = corpus("csaf-tests") else {
        return;
    };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let read = paths
        .iter()
        .filter(|path| parse(&std::fs::read(path).unwrap()).is_ok())
        .count();
    assert!(100 < read, "{read} of {}", paths.len());
}
