//! File length, and lockfiles that name no host.

use super::Finding;
use crate::tree::{Tree, numbered};

/// Longer files hold more than one concept.
const MAX_LINES: usize = 600;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let lines = text.lines().count();
        if MAX_LINES < lines {
            findings.push(Finding::new(
                path,
                MAX_LINES,
                format!("{lines} lines, at most {MAX_LINES}; split the file by concept"),
            ));
        }
    }
    for (path, text) in tree.under("", "package-lock.json") {
        for (number, _) in numbered(text).filter(|(_, line)| line.contains("\"resolved\": \"http"))
        {
            findings.push(Finding::new(
                path,
                number,
                "names the registry's host; set omit-lockfile-registry-resolved=true in .npmrc and \
                 write the lockfile again",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    #[test]
    fn a_file_of_601_lines_is_too_long_and_600_is_not() {
        let path = "crates/ids/src/lib.rs";
        finds_one(
            check,
            &[(path, &"x\n".repeat(601))],
            "crates/ids/src/lib.rs:600",
            "601 lines",
        );
        finds_nothing(check, &[(path, &"x\n".repeat(600))]);
    }

    #[test]
    fn a_lockfile_that_names_a_host_is_found() {
        let path = "tests/e2e/package-lock.json";
        finds_one(
            check,
            &[(
                path,
                "{\n  \"resolved\": \"https://registry.example/a.tgz\"\n}",
            )],
            "tests/e2e/package-lock.json:2",
            "omit-lockfile",
        );
        finds_nothing(check, &[(path, "{\n  \"integrity\": \"sha512-x\"\n}")]);
    }
}
