//! Imports in three groups, std, external and crate, in this order with one blank line between.
//!
//! Crates of this workspace count as external. The rule reads imports at the left margin; `rustfmt`
//! sorts inside a group.

use super::Finding;
use crate::rust_text::RustText;
use crate::tree::Tree;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Std,
    External,
    Own,
}

const ADVICE: &str =
    "group imports as std, external, crate, with one blank line between groups and none inside";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let source = RustText::scan(path, text);
        findings.extend(misplaced(text, &source).map(|line| Finding::new(path, line, ADVICE)));
    }
    findings
}

/// The first misplaced import of a file; the others usually follow from it.
fn misplaced(text: &str, source: &RustText) -> Option<usize> {
    let modules = declared_modules(&source.code);
    let mut last: Option<Group> = None;
    let mut blank_since = false;
    let mut inside = false;
    for (number, (code, original)) in (1..).zip(source.code.iter().zip(text.lines())) {
        if inside {
            inside = !code.contains(';');
            continue;
        }
        if original.trim().is_empty() {
            blank_since = true;
            continue;
        }
        let code = code.trim_end();
        // A comment or an attribute belongs to what follows.
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        let Some(import) = code.strip_prefix("use ") else {
            last = None;
            blank_since = false;
            continue;
        };
        inside = !code.contains(';');
        let group = group_of(import, &modules);
        if let Some(last) = last
            && (group < last || (group == last) == blank_since)
        {
            return Some(number);
        }
        last = Some(group);
        blank_since = false;
    }
    None
}

/// Modules declared in this file, whose names may stand alone in a path.
fn declared_modules(code: &[String]) -> Vec<&str> {
    code.iter()
        .filter_map(|line| {
            let (_, name) = line.split_once("mod ")?;
            Some(name.trim_end_matches(['{', ' ', ';']))
        })
        .collect()
}

fn group_of(import: &str, modules: &[&str]) -> Group {
    let root = import
        .trim_start_matches("::")
        .split([':', ';', ' ', '{'])
        .next()
        .unwrap_or("");
    match root {
        "std" | "core" | "alloc" => Group::Std,
        "crate" | "self" | "super" => Group::Own,
        name if modules.contains(&name) => Group::Own,
        _ => Group::External,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const PATH: &str = "crates/app/src/lib.rs";

    #[test]
    fn three_groups_in_order_are_fine() {
        finds_nothing(
            check,
            &[(
                PATH,
                "//! Doc.\n\nmod clock;\n\nuse std::fmt;\nuse std::io::{\n    Read,\n    Write,\n};\n\n\
                 use ids::Id;\n#[cfg(test)]\nuse serde::Serialize;\n\nuse clock::Clock;\nuse crate::a;\n\nfn f() {}\n\nuse std::x;\n",
            )],
        );
    }

    #[test]
    fn a_wrong_order_a_missing_blank_line_and_a_split_group_are_found() {
        for (text, line) in [
            ("use crate::a;\n\nuse std::fmt;\n", 3),
            ("use ids::Id;\n\nuse std::fmt;\n", 3),
            ("use std::fmt;\nuse ids::Id;\n", 2),
            ("use ids::{\n    A,\n    B,\n};\nuse super::C;\n", 5),
            ("use ids::Id;\n\nuse serde::Serialize;\n", 3),
        ] {
            finds_one(
                check,
                &[(PATH, text)],
                &format!("{PATH}:{line}"),
                "std, external, crate",
            );
        }
    }
}
