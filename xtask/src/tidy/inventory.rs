//! Every direct dependency has its line in `docs/dependencies.md`.

use toml::{Table, Value};

use super::Finding;
use crate::tree::{Tree, numbered};

const DOCUMENT: &str = "docs/dependencies.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text("Cargo.toml") else {
        return Vec::new();
    };
    let Ok(root) = text.parse::<Table>() else {
        return vec![Finding::new("Cargo.toml", 1, "not TOML")];
    };
    let dependencies = root
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies")?.as_table());
    let document = tree.text(DOCUMENT).unwrap_or("");
    dependencies
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.get("path").and_then(Value::as_str).is_none())
        .filter(|(name, _)| !document.contains(&format!("`{name}`")))
        .map(|(name, _)| {
            let line = numbered(text)
                .find(|(_, line)| line.starts_with(&format!("{name} =")))
                .map_or(1, |(number, _)| number);
            let message = format!(
                "`{name}` has no line in {DOCUMENT}; say why, its licence, and what if it dies"
            );
            Finding::new("Cargo.toml", line, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const ROOT: &str = "[workspace.dependencies]\nids = { path = \"crates/ids\" }\nserde = \"1\"\n";

    #[test]
    fn a_dependency_nobody_explained_is_found() {
        let document = "| `toml` | reading settings |";
        finds_one(
            check,
            &[("Cargo.toml", ROOT), (DOCUMENT, document)],
            "Cargo.toml:3",
            "`serde`",
        );
        finds_nothing(
            check,
            &[("Cargo.toml", ROOT), (DOCUMENT, "| `serde` | wire types |")],
        );
    }
}
