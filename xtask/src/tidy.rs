//! Rules that a machine can check, each one file.

mod edges;
mod evidence;
mod files;
mod globs;
mod imports;
mod inventory;
mod leftovers;
mod locales;
mod manifests;
mod migrations;
mod private;
mod readme;
mod sql;

use std::fmt;

use anyhow::bail;

use crate::tree::Tree;
use crate::workspace::Workspace;

/// Something to mend.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    /// From one; one for what concerns the file as a whole.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl Finding {
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.message)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule, with the name it is reported under.
const RULES: &[(&str, Rule)] = &[
    ("edges", edges::check),
    ("evidence", evidence::check),
    ("files", files::check),
    ("globs", globs::check),
    ("imports", imports::check),
    ("inventory", inventory::check),
    ("leftovers", leftovers::check),
    ("locales", locales::check),
    ("manifests", manifests::check),
    ("migrations", migrations::check),
    ("private", private::check),
    ("readme", readme::check),
    ("sql", sql::check),
];

/// Checks the whole repository and prints every finding, not only the first.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let tree = Tree::load(&workspace.root)?;
    let mut count = 0_usize;
    for (name, rule) in RULES {
        let mut findings = rule(&tree);
        findings.sort();
        for finding in &findings {
            println!("{finding} [{name}]");
        }
        count = count.saturating_add(findings.len());
    }
    if count != 0 {
        bail!("tidy: {count} things to mend");
    }
    println!(
        "tidy: {} rules hold in {} files",
        RULES.len(),
        tree.iter().count()
    );
    Ok(())
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Rule;
    use crate::tree::Tree;

    /// The findings of `rule` on `files`, as printed.
    pub(crate) fn findings(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
        rule(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Holds that `rule` finds exactly one thing, at `place` (`file:line`), and that its message has `words`.
    pub(crate) fn finds_one(rule: Rule, files: &[(&str, &str)], place: &str, words: &str) {
        let found = findings(rule, files);
        assert_eq!(found.len(), 1, "{found:?}");
        let text = found.concat();
        assert!(text.starts_with(&format!("{place}: ")), "{text}");
        assert!(text.contains(words), "{text}");
    }

    pub(crate) fn finds_nothing(rule: Rule, files: &[(&str, &str)]) {
        assert_eq!(findings(rule, files), Vec::<String>::new());
    }
}
