//! Every crate has a README that is its crate documentation.

use super::Finding;
use crate::tree::Tree;

const INCLUDE: &str = "#![doc = include_str!(\"../README.md\")]";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.under("", "/Cargo.toml") {
        let Some(folder) = path.strip_suffix("/Cargo.toml") else {
            continue;
        };
        let is_member =
            folder.starts_with("crates/") || folder.starts_with("bin/") || folder == "xtask";
        if !is_member {
            continue;
        }
        let readme = format!("{folder}/README.md");
        if tree
            .text(&readme)
            .is_none_or(|text| text.lines().count() < 3)
        {
            let message = "needs a README.md with purpose, entry points and invariants";
            findings.push(Finding::new(&readme, 1, message));
        }
        for front in ["lib.rs", "main.rs"] {
            let file = format!("{folder}/src/{front}");
            if tree.text(&file).is_some_and(|text| !text.contains(INCLUDE)) {
                findings.push(Finding::new(&file, 1, format!("begin with {INCLUDE}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const MANIFEST: (&str, &str) = ("crates/a/Cargo.toml", "");
    const README: (&str, &str) = ("crates/a/README.md", "# a\n\nPurpose.\n");

    #[test]
    fn a_crate_without_a_readme_is_found() {
        let lib = ("crates/a/src/lib.rs", INCLUDE);
        finds_one(check, &[MANIFEST, lib], "crates/a/README.md:1", "purpose");
        finds_one(
            check,
            &[MANIFEST, lib, ("crates/a/README.md", "# a\n")],
            "crates/a/README.md:1",
            "purpose",
        );
    }

    #[test]
    fn a_crate_that_does_not_include_its_readme_is_found() {
        for front in ["crates/a/src/lib.rs", "crates/a/src/main.rs"] {
            finds_one(
                check,
                &[MANIFEST, README, (front, "//! a")],
                &format!("{front}:1"),
                "begin with",
            );
            finds_nothing(check, &[MANIFEST, README, (front, INCLUDE)]);
        }
    }
}
