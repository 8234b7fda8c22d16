//! No glob imports outside tests: a reader must see where a name comes from.

use super::Finding;
use crate::rust_text::RustText;
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let source = RustText::scan(path, text);
        let mut in_use = false;
        for (number, line) in source.code_outside_tests() {
            let code = line.trim_start();
            in_use = in_use || code.starts_with("use ") || is_public_use(code);
            if in_use && (code.contains("::*") || code.contains("{*")) {
                findings.push(Finding::new(path, number, "glob import; name what is used"));
            }
            if code.contains(';') {
                in_use = false;
            }
        }
    }
    findings
}

fn is_public_use(code: &str) -> bool {
    code.starts_with("pub") && code.split_whitespace().nth(1) == Some("use")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    const PATH: &str = "crates/ids/src/lib.rs";

    #[test]
    fn globs_are_found_in_every_kind_of_use() {
        for (text, line) in [
            ("use std::io::*;", 1),
            ("pub use crate::a::*;", 1),
            ("pub(crate) use crate::a::*;", 1),
            ("use a::{\n    b::*,\n};", 2),
            ("fn f() {\n    use E::*;\n}", 2),
        ] {
            finds_one(
                check,
                &[(PATH, text)],
                &format!("{PATH}:{line}"),
                "glob import",
            );
        }
    }

    #[test]
    fn tests_comments_and_products_are_no_globs() {
        finds_nothing(
            check,
            &[(
                PATH,
                "// use a::*;\nconst A: u32 = B *C;\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n",
            )],
        );
    }
}
