//! A test that a document names exists.
//!
//! In the tables of these documents the last column says which test shows the row, in backticks: a Rust
//! function (`snake_case`) or the title of a browser test (words).

use super::Finding;
use crate::tree::{Tree, numbered};

const DOCUMENTS: &[&str] = &["docs/ARCHITECTURE.md", "docs/threats.md"];

/// Headings of a last column that names tests.
const HEADINGS: &[&str] = &["Shown by", "Test"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in DOCUMENTS
        .iter()
        .filter_map(|path| Some((*path, tree.text(path)?)))
    {
        let mut names_tests = false;
        for (number, line) in numbered(text) {
            let Some(cell) = last_cell(line) else {
                names_tests = false;
                continue;
            };
            if HEADINGS.contains(&cell) {
                names_tests = true;
            }
            if !names_tests {
                continue;
            }
            for name in quoted(cell).filter(|name| !exists(tree, name)) {
                let message =
                    format!("no test is called `{name}`; name one that exists, or write open");
                findings.push(Finding::new(path, number, message));
            }
        }
    }
    findings
}

/// The last cell of a table row.
fn last_cell(line: &str) -> Option<&str> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    row.rsplit('|').next().map(str::trim)
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn exists(tree: &Tree, name: &str) -> bool {
    if name.contains(' ') {
        // On the line of the call, or on the next where the call is long.
        let titles = [format!("(\"{name}"), format!("(\n  \"{name}")];
        return tree
            .under("tests/e2e/", ".test.mjs")
            .any(|(_, text)| titles.iter().any(|title| text.contains(title)));
    }
    let function = format!("fn {}(", name.rsplit("::").next().unwrap_or(name));
    tree.rust().any(|(_, text)| text.contains(&function))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const HEAD: &str = "| Flaw | Test |\n|---|---|\n";

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        for name in ["a_gone_test", "ledger::a_gone_test", "a gone journey"] {
            let text = format!("{HEAD}| x `code` | `{name}` |\n");
            finds_one(
                check,
                &[("docs/threats.md", &text)],
                "docs/threats.md:3",
                "no test is called",
            );
        }
    }

    #[test]
    fn tests_that_exist_open_rows_and_other_columns_are_fine() {
        let text = format!(
            "{HEAD}| x | `a_test`, `a::b_test` |\n| y | open |\n| z | `a journey` |\n\n| Crate | What |\n|---|---|\n| a | `b` |\n"
        );
        finds_nothing(
            check,
            &[
                ("docs/threats.md", &text),
                ("crates/a/src/lib.rs", "fn a_test() {}\nfn b_test() {}"),
                ("tests/e2e/journeys/a.test.mjs", "journey(\"a journey\", {}"),
            ],
        );
        let text = format!("{HEAD}| z | `a long journey` |\n");
        finds_nothing(
            check,
            &[
                ("docs/threats.md", &text),
                (
                    "tests/e2e/journeys/a.test.mjs",
                    "journey(\n  \"a long journey\",\n  {}",
                ),
            ],
        );
    }
}
