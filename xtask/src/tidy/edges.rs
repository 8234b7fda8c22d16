//! Which of our crates may use which, and who may use `anyhow`.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Finding;
use crate::tree::{Tree, numbered};

/// What one member of the workspace may use of ours.
struct Member {
    folder: &'static str,
    /// In `[dependencies]` and `[build-dependencies]`.
    normal: &'static [&'static str],
    /// In `[dev-dependencies]`, on top of `normal`.
    tests: &'static [&'static str],
}

const EVERY_LIBRARY: &[&str] = &[
    "app", "config", "formats", "ids", "ledger", "model", "policy", "statute", "store", "web",
];

/// The map of the workspace (`docs/ARCHITECTURE.md`). Data flows one way; a new edge is a decision.
const MEMBERS: &[Member] = &[
    Member {
        folder: "crates/ids",
        normal: &[],
        tests: &[],
    },
    Member {
        folder: "crates/statute",
        normal: &["ids"],
        // Itself, with rule books for tests.
        tests: &["statute"],
    },
    Member {
        folder: "crates/ledger",
        normal: &[],
        tests: &[],
    },
    Member {
        folder: "crates/warrant",
        normal: &["ids", "ledger", "statute"],
        tests: &[],
    },
    Member {
        folder: "crates/segment",
        normal: &["ids", "ledger", "warrant"],
        tests: &[],
    },
    Member {
        folder: "crates/select",
        normal: &["warrant"],
        tests: &[],
    },
    Member {
        folder: "crates/names",
        normal: &["model"],
        tests: &[],
    },
    Member {
        folder: "crates/model",
        normal: &["ids", "statute"],
        tests: &[],
    },
    Member {
        folder: "crates/policy",
        normal: &["ids", "model", "statute"],
        tests: &[],
    },
    Member {
        folder: "crates/config",
        normal: &[],
        tests: &[],
    },
    Member {
        folder: "crates/formats",
        normal: &["ids", "model", "statute"],
        tests: &[],
    },
    Member {
        folder: "crates/store",
        normal: &["ids", "ledger", "model", "policy", "statute"],
        tests: &["testkit"],
    },
    Member {
        folder: "crates/app",
        normal: &[
            "config", "formats", "ids", "ledger", "model", "names", "policy", "statute", "store",
        ],
        tests: &["testkit"],
    },
    Member {
        folder: "crates/web",
        normal: &[
            "app", "config", "formats", "ids", "ledger", "model", "policy", "statute",
        ],
        tests: &["testkit"],
    },
    Member {
        folder: "crates/testkit",
        normal: EVERY_LIBRARY,
        tests: &[],
    },
    Member {
        folder: "crates/documents",
        normal: &["app"],
        tests: &[],
    },
    Member {
        folder: "crates/notify",
        normal: &["app", "config"],
        tests: &["model"],
    },
    Member {
        folder: "crates/peer",
        normal: &["app", "config", "formats", "ids", "ledger", "model"],
        tests: &[],
    },
    Member {
        folder: "bin/noroshi",
        normal: &[
            "app",
            "config",
            "documents",
            "formats",
            "ids",
            "ledger",
            "model",
            "notify",
            "peer",
            "policy",
            "statute",
            "store",
            "web",
        ],
        tests: &["testkit"],
    },
    Member {
        folder: "bin/noroshi-verify",
        normal: &["ledger"],
        tests: &[],
    },
    Member {
        folder: "bin/noroshi-select",
        normal: &["ids", "ledger", "segment", "select", "statute", "warrant"],
        tests: &[],
    },
    Member {
        folder: "xtask",
        normal: &[],
        tests: &[],
    },
];

/// `anyhow` hides what a caller could act on, so it stands only where nobody calls.
fn may_use_anyhow(folder: &str) -> bool {
    folder.starts_with("bin/") || folder == "xtask"
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours = our_names(tree);
    let mut seen = BTreeSet::new();
    for (path, text) in tree.under("", "/Cargo.toml") {
        let Some(folder) = member_folder(path) else {
            continue;
        };
        seen.insert(folder);
        let Some(member) = MEMBERS.iter().find(|member| member.folder == folder) else {
            findings.push(Finding::new(
                path,
                1,
                "this crate has no row in xtask/src/tidy/edges.rs; decide what it may use and add one",
            ));
            continue;
        };
        match text.parse::<Table>() {
            Ok(manifest) => check_member(member, path, text, &manifest, &ours, &mut findings),
            Err(error) => findings.push(Finding::new(path, 1, format!("not TOML: {error}"))),
        }
    }
    for member in MEMBERS.iter().filter(|_| !seen.is_empty()) {
        if !seen.contains(member.folder) {
            findings.push(Finding::new(
                "xtask/src/tidy/edges.rs",
                1,
                format!(
                    "the table names {}, which does not exist; remove the row",
                    member.folder
                ),
            ));
        }
    }
    findings
}

/// `crates/x`, `bin/x` or `xtask`, when `path` is the manifest of a member.
fn member_folder(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    let name = folder
        .strip_prefix("crates/")
        .or_else(|| folder.strip_prefix("bin/"))
        .unwrap_or(if folder == "xtask" { folder } else { "/" });
    (!name.contains('/')).then_some(folder)
}

/// Dependency names that mean a crate of ours, from the root manifest and from package names.
fn our_names(tree: &Tree) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let root = tree
        .text("Cargo.toml")
        .and_then(|text| text.parse::<Table>().ok());
    let shared = root
        .as_ref()
        .and_then(|root| root.get("workspace")?.get("dependencies")?.as_table());
    for (key, value) in shared.into_iter().flatten() {
        if let Some(path) = value.get("path").and_then(Value::as_str) {
            names.insert(key.clone(), short_name(path).to_owned());
        }
    }
    names
}

/// `ids` for `crates/ids` or `../ids`.
fn short_name(path: &str) -> &str {
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path)
}

fn check_member(
    member: &Member,
    path: &str,
    text: &str,
    manifest: &Table,
    ours: &BTreeMap<String, String>,
    findings: &mut Vec<Finding>,
) {
    for (table, in_tests) in dependency_tables(manifest) {
        for (key, value) in table {
            let line = line_of(text, key);
            let direct = value.get("path").and_then(Value::as_str).map(short_name);
            let used = direct.or_else(|| ours.get(key).map(String::as_str));
            if let Some(used) = used {
                let allowed =
                    member.normal.contains(&used) || (in_tests && member.tests.contains(&used));
                if !allowed {
                    findings.push(Finding::new(path, line, refusal(member, used, in_tests)));
                }
            }
            if key == "anyhow" && !may_use_anyhow(member.folder) {
                findings.push(Finding::new(
                    path,
                    line,
                    "only bin/* and xtask may use anyhow; give this crate an error enum (docs/STYLE.md)",
                ));
            }
        }
    }
}

fn refusal(member: &Member, used: &str, in_tests: bool) -> String {
    let place = if in_tests { " in its tests" } else { "" };
    let allowed = if member.normal.is_empty() {
        "none of ours".to_owned()
    } else {
        member.normal.join(", ")
    };
    format!(
        "{} may not use {used}{place} (it may use {allowed}); move the code, or change the table in \
         xtask/src/tidy/edges.rs with an ADR",
        member.folder
    )
}

/// All dependency tables of a manifest, those under `target` too, with whether they serve tests only.
fn dependency_tables(manifest: &Table) -> Vec<(&Table, bool)> {
    let mut holders = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(Value::as_table) {
        holders.extend(targets.values().filter_map(Value::as_table));
    }
    let kinds = [
        ("dependencies", false),
        ("build-dependencies", false),
        ("dev-dependencies", true),
    ];
    let mut tables = Vec::new();
    for holder in holders {
        for (kind, in_tests) in kinds {
            if let Some(table) = holder.get(kind).and_then(Value::as_table) {
                tables.push((table, in_tests));
            }
        }
    }
    tables
}

/// The line that names the dependency, for the message only.
fn line_of(text: &str, key: &str) -> usize {
    numbered(text)
        .find(|(_, line)| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        })
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::findings;

    const ROOT: &str = "[workspace.dependencies]\nstore = { path = \"crates/store\" }\nids = { path = \"crates/ids\" }\nserde = \"1\"\n";

    /// The findings that are not about rows without a crate, which a small sample always has.
    fn found(manifest: (&str, &str)) -> Vec<String> {
        findings(check, &[("Cargo.toml", ROOT), manifest])
            .into_iter()
            .filter(|line| !line.contains("which does not exist"))
            .collect()
    }

    #[test]
    fn web_may_not_use_store_even_in_its_tests() {
        for table in [
            "dependencies",
            "dev-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            let manifest = format!("[{table}]\nserde.workspace = true\nstore.workspace = true\n");
            let lines = found(("crates/web/Cargo.toml", &manifest));
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(
                lines
                    .concat()
                    .starts_with("crates/web/Cargo.toml:3: crates/web may not use store")
            );
        }
    }

    #[test]
    fn an_edge_by_path_is_an_edge_too() {
        let lines = found((
            "crates/ids/Cargo.toml",
            "[dependencies]\nx = { path = \"../ledger\", package = \"noroshi-ledger\" }\n",
        ));
        assert!(
            lines.concat().contains("crates/ids may not use ledger"),
            "{lines:?}"
        );
    }

    #[test]
    fn an_allowed_edge_is_not_reported() {
        let manifest = "[dependencies]\nids.workspace = true\n";
        assert_eq!(
            found(("crates/model/Cargo.toml", manifest)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_crate_without_a_row_is_reported() {
        let lines = found(("crates/new/Cargo.toml", "[dependencies]\n"));
        assert!(lines.concat().contains("has no row"), "{lines:?}");
    }

    #[test]
    fn a_row_without_a_crate_is_reported() {
        let lines = findings(
            check,
            &[("Cargo.toml", ROOT), ("crates/ids/Cargo.toml", "")],
        );
        assert!(
            lines
                .concat()
                .contains("the table names crates/web, which does not exist")
        );
    }

    #[test]
    fn a_library_may_not_use_anyhow_and_a_binary_may() {
        let manifest = "[dependencies]\nanyhow.workspace = true\n";
        let lines = found(("crates/app/Cargo.toml", manifest));
        assert!(
            lines
                .concat()
                .contains("crates/app/Cargo.toml:2: only bin/*"),
            "{lines:?}"
        );
        assert_eq!(
            found(("bin/noroshi/Cargo.toml", manifest)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_table_has_no_cycle_among_libraries() {
        let mut ready = BTreeSet::new();
        while ready.len() < MEMBERS.len() {
            let before = ready.len();
            for member in MEMBERS {
                if member.normal.iter().all(|used| ready.contains(used)) {
                    ready.insert(short_name(member.folder));
                }
            }
            assert!(before < ready.len(), "cycle among the rest of {ready:?}");
        }
    }
}
