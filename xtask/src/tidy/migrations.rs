//! Migrations come in pairs: the same number and name for both databases, numbered without a gap.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::tree::Tree;

const FOLDER: &str = "crates/store/migrations/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sqlite = names(tree, "sqlite", &mut findings);
    let postgres = names(tree, "postgres", &mut findings);
    for (here, other, missing_in) in [
        (&sqlite, &postgres, "postgres"),
        (&postgres, &sqlite, "sqlite"),
    ] {
        for (name, path) in here {
            if !other.contains_key(name) {
                let message = format!("has no pair {FOLDER}{missing_in}/{name}; write it");
                findings.push(Finding::new(path, 1, message));
            }
        }
    }
    let all: BTreeSet<&str> = sqlite.keys().chain(postgres.keys()).copied().collect();
    for (expected, name) in (1_u32..).zip(&all) {
        if !name.starts_with(&format!("{expected:04}_")) {
            findings.push(Finding::new(
                &format!("{FOLDER}sqlite/{name}"),
                1,
                format!("numbers are consecutive and used once; {expected:04} comes here"),
            ));
            break;
        }
    }
    findings
}

/// File name to path.
fn names<'tree>(
    tree: &'tree Tree,
    database: &str,
    findings: &mut Vec<Finding>,
) -> BTreeMap<&'tree str, &'tree str> {
    let mut names = BTreeMap::new();
    for (path, _) in tree.under(&format!("{FOLDER}{database}/"), "") {
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_migration_name(name) {
            names.insert(name, path);
        } else {
            findings.push(Finding::new(
                path,
                1,
                "name it NNNN_verb_object.sql, in lower case",
            ));
        }
    }
    names
}

fn is_migration_name(name: &str) -> bool {
    let Some((number, rest)) = name.split_once('_') else {
        return false;
    };
    let Some(words) = rest.strip_suffix(".sql") else {
        return false;
    };
    number.len() == 4
        && number.chars().all(|c| c.is_ascii_digit())
        && words.contains('_')
        && words.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const S1: &str = "crates/store/migrations/sqlite/0001_create_base.sql";
    const P1: &str = "crates/store/migrations/postgres/0001_create_base.sql";
    const S3: &str = "crates/store/migrations/sqlite/0003_add_case.sql";
    const P3: &str = "crates/store/migrations/postgres/0003_add_case.sql";

    #[test]
    fn a_migration_without_its_pair_is_found() {
        finds_one(
            check,
            &[(S1, "")],
            &format!("{S1}:1"),
            "migrations/postgres/0001_create_base.sql",
        );
        finds_one(
            check,
            &[(P1, "")],
            &format!("{P1}:1"),
            "migrations/sqlite/0001_create_base.sql",
        );
    }

    #[test]
    fn a_gap_in_the_numbers_is_found() {
        finds_one(
            check,
            &[(S1, ""), (P1, ""), (S3, ""), (P3, "")],
            &format!("{S3}:1"),
            "0002 comes here",
        );
    }

    #[test]
    fn a_number_used_twice_is_found() {
        let (s, p) = (S1.replace("base", "more"), P1.replace("base", "more"));
        finds_one(
            check,
            &[(S1, ""), (P1, ""), (&s, ""), (&p, "")],
            &format!("{s}:1"),
            "used once",
        );
    }

    #[test]
    fn another_name_is_found() {
        for name in [
            "1_create_base.sql",
            "0001_create.sql",
            "0001_Create_base.sql",
            "README.md",
        ] {
            let path = format!("crates/store/migrations/sqlite/{name}");
            finds_one(
                check,
                &[(&path, "")],
                &format!("{path}:1"),
                "NNNN_verb_object.sql",
            );
        }
        finds_nothing(check, &[(S1, ""), (P1, "")]);
    }
}
