//! The Japanese and the English texts have the same keys.

use std::collections::BTreeMap;

use super::Finding;
use crate::tree::{Tree, numbered};

const FOLDER: &str = "crates/web/locales/";

/// Key to where it is defined. Attributes are `message.attribute`.
type Keys<'tree> = BTreeMap<String, (&'tree str, usize)>;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let japanese = keys(tree, "ja", &mut findings);
    let english = keys(tree, "en", &mut findings);
    missing(&japanese, &english, "en", &mut findings);
    missing(&english, &japanese, "ja", &mut findings);
    findings
}

fn missing(have: &Keys<'_>, other: &Keys<'_>, locale: &str, findings: &mut Vec<Finding>) {
    for (key, (path, line)) in have {
        if !other.contains_key(key) {
            let message = format!("`{key}` is not in {FOLDER}{locale}/; translate it there");
            findings.push(Finding::new(path, *line, message));
        }
    }
}

fn keys<'tree>(tree: &'tree Tree, locale: &str, findings: &mut Vec<Finding>) -> Keys<'tree> {
    let mut keys = Keys::new();
    for (path, text) in tree.under(&format!("{FOLDER}{locale}/"), ".ftl") {
        let mut message = "";
        for (number, line) in numbered(text) {
            let Some((left, _)) = line.split_once('=') else {
                continue;
            };
            let name = left.trim_end();
            let key = if is_name(name) {
                message = name;
                name.to_owned()
            } else if let Some(attribute) = left.trim().strip_prefix('.')
                && line.starts_with(' ')
                && is_name(attribute)
            {
                format!("{message}.{attribute}")
            } else {
                continue;
            };
            if keys.insert(key.clone(), (path, number)).is_some() {
                findings.push(Finding::new(
                    path,
                    number,
                    format!("`{key}` is defined twice; remove one"),
                ));
            }
        }
    }
    keys
}

/// A Fluent message or term name at the left margin.
fn is_name(text: &str) -> bool {
    let name = text.strip_prefix('-').unwrap_or(text);
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const JA: &str = "crates/web/locales/ja/home.ftl";
    const EN: &str = "crates/web/locales/en/home.ftl";

    #[test]
    fn a_key_missing_on_either_side_is_found_where_it_stands() {
        let (one, two) = ("title = x\n", "title = x\n# note = y\nsubmit = z\n");
        finds_one(
            check,
            &[(JA, two), (EN, one)],
            &format!("{JA}:3"),
            "`submit` is not in",
        );
        finds_one(
            check,
            &[(JA, one), (EN, two)],
            &format!("{EN}:3"),
            "`submit` is not in",
        );
    }

    #[test]
    fn an_attribute_missing_in_one_locale_is_found() {
        let ja = "field = x\n    .hint = y\n";
        finds_one(
            check,
            &[(JA, ja), (EN, "field = x\n")],
            &format!("{JA}:2"),
            "`field.hint`",
        );
    }

    #[test]
    fn a_key_defined_twice_is_found() {
        let files = [(JA, "a = 1\na = 2\n"), (EN, "a = 1\n")];
        finds_one(check, &files, &format!("{JA}:2"), "defined twice");
    }

    #[test]
    fn the_same_keys_in_other_files_and_multi_line_texts_are_fine() {
        let ja = "-brand = 狼煙\ncount = { $n ->\n    [one] a = b\n   *[other] c\n }\n";
        finds_nothing(
            check,
            &[
                (JA, ja),
                (
                    "crates/web/locales/en/all.ftl",
                    "count = x\n-brand = Noroshi\n",
                ),
            ],
        );
    }
}
