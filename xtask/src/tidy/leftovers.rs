//! Nothing left for later in the code: what is not done stands in an issue.

use super::Finding;
use crate::tree::{Tree, numbered};

/// Written in two parts, so that this file passes its own rule.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
];

const CODE_ENDINGS: &[&str] = &[
    ".rs", ".mjs", ".js", ".py", ".css", ".html", ".sql", ".ftl", ".toml", ".cedar", ".sh",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        let is_code = CODE_ENDINGS.iter().any(|ending| path.ends_with(ending)) || path == ".ci/run";
        if !is_code || is_vendored(path) {
            continue;
        }
        for (number, line) in numbered(text) {
            for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
                findings.push(Finding::new(
                    path,
                    number,
                    format!("{mark}: do it, or open an issue"),
                ));
            }
        }
    }
    findings
}

/// Code of others that we ship unchanged.
pub(super) fn is_vendored(path: &str) -> bool {
    path.contains("/vendor/") || path.contains(".min.")
}

fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at.saturating_add(word.len())..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{findings, finds_nothing};

    #[test]
    fn each_mark_is_found_in_code() {
        for mark in MARKS {
            let found = findings(
                check,
                &[("crates/a/src/lib.rs", &format!("a\n// {mark}: later"))],
            );
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found.concat().starts_with("crates/a/src/lib.rs:2: "));
        }
    }

    #[test]
    fn parts_of_words_prose_and_vendored_code_are_left_alone() {
        let mark = MARKS.concat();
        finds_nothing(
            check,
            &[
                ("crates/a/src/lib.rs", &format!("let {mark}S = 1;")),
                ("docs/STYLE.md", concat!("no TO", "DO")),
                ("crates/web/assets/vendor/x.js", concat!("// TO", "DO")),
            ],
        );
    }
}
