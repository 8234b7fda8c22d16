//! Statements are portable constants: no clock, no chance and no star in them.

use super::Finding;
use crate::rust_text::RustText;
use crate::tree::Tree;

const FOLDER: &str = "crates/store/src/sql/";

/// What a statement may not hold, in lower case, and what to do instead.
const REFUSED: &[(&str, &str)] = &[
    ("now()", "bind the instant; time comes from the clock"),
    (
        "current_timestamp",
        "bind the instant; time comes from the clock",
    ),
    ("current_date", "bind the day; time comes from the clock"),
    (
        "random()",
        "bind the value; chance comes from the id source",
    ),
    (
        "gen_random_uuid",
        "bind the id; ids come from the id source",
    ),
    ("select *", "name the columns"),
    ("returning *", "name the columns"),
    ("->>", "decode JSON in Rust; the two databases differ"),
];

const KEYWORDS: &[&str] = &[
    "select",
    "insert",
    "update",
    "delete",
    "from",
    "where",
    "order",
    "group",
    "having",
    "limit",
    "values",
    "set",
    "returning",
    "join",
    "left",
    "inner",
    "union",
    "with",
    "on",
    "and",
    "or",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under(FOLDER, ".rs") {
        for (begins, literal) in RustText::scan(path, text).literals {
            if !is_statement(&literal) {
                continue;
            }
            for (number, line) in (begins..).zip(literal.lines()) {
                findings.extend(faults(line).map(|message| Finding::new(path, number, message)));
            }
        }
    }
    findings
}

fn is_statement(literal: &str) -> bool {
    let first = literal
        .trim_start_matches(['\\', '\n', ' '])
        .split_whitespace()
        .next();
    first.is_some_and(|word| {
        ["select", "insert", "update", "delete", "with"]
            .contains(&word.to_ascii_lowercase().as_str())
    })
}

fn faults(line: &str) -> impl Iterator<Item = String> {
    let lower = line.to_ascii_lowercase();
    let refused = REFUSED
        .iter()
        .filter(move |(text, _)| lower.contains(text))
        .map(|(text, advice)| format!("`{text}` in a statement: {advice}"));
    let placeholder = line
        .contains('?')
        .then(|| "`?` in a statement: number the placeholders, `$1`".to_owned());
    let first = line.trim_start().split([' ', '(']).next().unwrap_or("");
    let keyword = KEYWORDS
        .contains(&first)
        .then(|| format!("`{first}` in lower case: keywords are in upper case, one clause a line"));
    refused.chain(placeholder).chain(keyword)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const PATH: &str = "crates/store/src/sql/incident.rs";

    #[test]
    fn each_refused_text_is_found_on_its_line() {
        for (text, _) in REFUSED {
            let source = format!("const A: &str = \"\nSELECT id\nFROM a WHERE x {text} y\";");
            finds_one(check, &[(PATH, &source)], &format!("{PATH}:3"), text);
        }
    }

    #[test]
    fn a_placeholder_without_a_number_is_found() {
        finds_one(
            check,
            &[(PATH, "const A: &str = \"SELECT id FROM a WHERE b = ?\";")],
            &format!("{PATH}:1"),
            "`$1`",
        );
    }

    #[test]
    fn a_keyword_in_lower_case_is_found() {
        let source = "const A: &str = \"\nSELECT id\nfrom a\";";
        finds_one(
            check,
            &[(PATH, source)],
            &format!("{PATH}:3"),
            "`from` in lower case",
        );
    }

    #[test]
    fn portable_statements_comments_and_other_texts_are_fine() {
        let source = "// never now()\nconst A: &str = \"\nSELECT id\nFROM a\nWHERE b = $1\";\nconst B: &str = \"why not?\";";
        finds_nothing(
            check,
            &[
                (PATH, source),
                (
                    "crates/store/src/lib.rs",
                    "const A: &str = \"SELECT * FROM a\";",
                ),
            ],
        );
    }
}
