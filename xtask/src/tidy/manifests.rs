//! Every member takes lints, edition and versions from the workspace.

use toml::{Table, Value};

use super::Finding;
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| *path == WORKSPACE) {
        let shared = text
            .parse::<Table>()
            .ok()
            .and_then(|table| table.get("workspace")?.get("dependencies").cloned());
        for (name, how) in shared.iter().filter_map(Value::as_table).flatten() {
            if has_test_packs(how) {
                findings.push(unsigned(path, name));
            }
        }
    }
    for (path, text) in tree.under("", "/Cargo.toml") {
        let is_member =
            path.starts_with("crates/") || path.starts_with("bin/") || path.starts_with("xtask/");
        let Some(manifest) = is_member.then(|| text.parse::<Table>().ok()).flatten() else {
            continue;
        };
        if !is_inherited(manifest.get("lints")) {
            findings.push(Finding::new(path, 1, "add [lints] workspace = true"));
        }
        let edition = manifest
            .get("package")
            .and_then(|package| package.get("edition"));
        if !is_inherited(edition) {
            findings.push(Finding::new(path, 1, "write edition.workspace = true"));
        }
        // A feature of one crate may switch on that of another.
        let features = manifest.get("features").and_then(Value::as_table);
        for (name, switches) in features.into_iter().flatten() {
            if names_test_packs(switches) {
                findings.push(unsigned(path, name));
            }
        }
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = manifest.get(kind).and_then(Value::as_table);
            for (name, how) in table.into_iter().flatten() {
                if kind != "dev-dependencies" && has_test_packs(how) {
                    findings.push(unsigned(path, name));
                }
            }
            for (name, _) in table
                .into_iter()
                .flatten()
                .filter(|(_, how)| !is_inherited(Some(how)))
            {
                let message = format!(
                    "`{name}`: keep the version in [workspace.dependencies], write {name}.workspace = true"
                );
                findings.push(Finding::new(path, 1, message));
            }
        }
    }
    findings
}

/// Where versions of all members stand.
const WORKSPACE: &str = "Cargo.toml";

fn unsigned(path: &str, name: &str) -> Finding {
    let message = format!(
        "`{name}`: the feature {TEST_PACKS} is for tests; a released program must not read unsigned rule packs"
    );
    Finding::new(path, 1, message)
}

/// Lets a rule book be read that nobody signed (`statute`).
const TEST_PACKS: &str = "test-packs";

fn has_test_packs(how: &Value) -> bool {
    how.get("features").is_some_and(names_test_packs)
}

/// Whether a list of features names it, of its own crate or of another (`statute/test-packs`).
fn names_test_packs(features: &Value) -> bool {
    let mut names = features
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    names.any(|name| name.rsplit('/').next() == Some(TEST_PACKS))
}

fn is_inherited(value: Option<&Value>) -> bool {
    value
        .and_then(|value| value.get("workspace"))
        .and_then(Value::as_bool)
        == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const PATH: &str = "crates/a/Cargo.toml";
    const GOOD: &str = "[package]\nedition.workspace = true\n[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n";

    #[test]
    fn a_member_without_the_shared_lints_is_found() {
        let text = GOOD.replace("[lints]\nworkspace = true\n", "");
        finds_one(check, &[(PATH, &text)], &format!("{PATH}:1"), "[lints]");
    }

    #[test]
    fn a_version_or_an_edition_of_its_own_is_found() {
        let text = GOOD.replace("serde.workspace = true", "serde = \"1\"");
        finds_one(check, &[(PATH, &text)], &format!("{PATH}:1"), "`serde`");
        let text = GOOD.replace("edition.workspace = true", "edition = \"2021\"");
        finds_one(
            check,
            &[(PATH, &text)],
            &format!("{PATH}:1"),
            "edition.workspace",
        );
        finds_nothing(check, &[(PATH, GOOD)]);
    }

    #[test]
    fn unsigned_rule_packs_outside_tests_are_found() {
        let table = "statute = { workspace = true, features = [\"test-packs\"] }\n";
        let text = format!("{GOOD}{table}");
        finds_one(check, &[(PATH, &text)], &format!("{PATH}:1"), "test-packs");
        let text = format!("{GOOD}[dev-dependencies]\n{table}");
        finds_nothing(check, &[(PATH, &text)]);
        let text = format!("{GOOD}[features]\nlive = [\"statute/test-packs\"]\n");
        finds_one(check, &[(PATH, &text)], &format!("{PATH}:1"), "test-packs");
        let shared = "[workspace.dependencies]\nstatute = { features = [\"test-packs\"] }\n";
        finds_one(
            check,
            &[("Cargo.toml", shared)],
            "Cargo.toml:1",
            "test-packs",
        );
    }
}
