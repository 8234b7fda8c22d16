//! Rust source split into code, string literals and test parts, line by line.
//!
//! A scanner, not a parser: enough to tell code from comments and strings, so that a rule does not
//! trip over its own description.

use std::iter::Peekable;
use std::str::Chars;

/// A Rust file as the rules see it.
pub(crate) struct RustText {
    /// Each line without comments and with string and character contents removed.
    pub(crate) code: Vec<String>,
    /// Contents of string literals, with the line each begins on (from one).
    pub(crate) literals: Vec<(usize, String)>,
    in_tests: Vec<bool>,
}

impl RustText {
    pub(crate) fn scan(path: &str, text: &str) -> Self {
        let mut scanner = Scanner {
            rest: text.chars().peekable(),
            code: vec![String::new()],
            literals: Vec::new(),
        };
        scanner.scan();
        let in_tests = test_lines(path, &scanner.code);
        Self {
            code: scanner.code,
            literals: scanner.literals,
            in_tests,
        }
    }

    /// Lines of code outside tests, with their numbers.
    pub(crate) fn code_outside_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(self.code.iter().zip(&self.in_tests))
            .filter(|(_, (_, in_tests))| !**in_tests)
            .map(|(number, (code, _))| (number, code.as_str()))
    }
}

/// Whether the whole file serves tests.
fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/")
        || path.starts_with("fuzz/")
        || path.starts_with("crates/testkit/")
        || path.contains("/tests/")
        || path.contains("/benches/")
        || path.ends_with("/tests.rs")
}

/// Marks the items under a `#[cfg(test)]` at the left margin, up to their closing brace there.
fn test_lines(path: &str, code: &[String]) -> Vec<bool> {
    if is_test_file(path) {
        return vec![true; code.len()];
    }
    let mut inside = false;
    let mut marks = Vec::with_capacity(code.len());
    for line in code {
        if line.starts_with("#[cfg(test)]") {
            inside = true;
        }
        marks.push(inside);
        if line.starts_with('}') || (line.starts_with("mod ") && line.trim_end().ends_with(';')) {
            inside = false;
        }
    }
    marks
}

struct Scanner<'text> {
    rest: Peekable<Chars<'text>>,
    code: Vec<String>,
    literals: Vec<(usize, String)>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let mut previous = ' ';
        while let Some(c) = self.rest.next() {
            match c {
                '/' if self.rest.peek() == Some(&'/') => self.skip_line_comment(),
                '/' if self.rest.peek() == Some(&'*') => self.skip_block_comment(),
                '"' => self.read_string(),
                'r' if !is_word(previous) && self.raw_hashes().is_some() => self.read_raw_string(),
                '\'' => self.read_quote(),
                other => self.push(other),
            }
            previous = c;
        }
    }

    fn push(&mut self, c: char) {
        if c == '\n' {
            self.code.push(String::new());
        } else if let Some(line) = self.code.last_mut() {
            line.push(c);
        }
    }

    fn skip_line_comment(&mut self) {
        while self.rest.next_if(|c| *c != '\n').is_some() {}
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 1_u32;
        self.rest.next();
        while let Some(c) = self.rest.next() {
            if c == '*' && self.rest.next_if_eq(&'/').is_some() {
                depth = depth.saturating_sub(1);
            } else if c == '/' && self.rest.next_if_eq(&'*').is_some() {
                depth = depth.saturating_add(1);
            } else if c == '\n' {
                self.push(c);
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// After the opening quote.
    fn read_string(&mut self) {
        self.push('"');
        let begins = self.code.len();
        let mut literal = String::new();
        while let Some(c) = self.rest.next() {
            match c {
                '"' => break,
                '\\' => {
                    literal.push(c);
                    if let Some(escaped) = self.rest.next() {
                        literal.push(escaped);
                        self.push_newline(escaped);
                    }
                }
                other => {
                    literal.push(other);
                    self.push_newline(other);
                }
            }
        }
        self.push('"');
        self.literals.push((begins, literal));
    }

    fn push_newline(&mut self, c: char) {
        if c == '\n' {
            self.push(c);
        }
    }

    /// After an `r`: how many `#` stand before the quote, if a raw string begins here.
    fn raw_hashes(&self) -> Option<usize> {
        let mut ahead = self.rest.clone();
        let mut hashes = 0_usize;
        while ahead.next_if_eq(&'#').is_some() {
            hashes = hashes.saturating_add(1);
        }
        (ahead.next() == Some('"')).then_some(hashes)
    }

    fn read_raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or(0);
        for _ in 0..=hashes {
            self.rest.next();
        }
        let closing = format!("\"{}", "#".repeat(hashes));
        self.push('"');
        let begins = self.code.len();
        let mut literal = String::new();
        for c in self.rest.by_ref() {
            literal.push(c);
            if literal.ends_with(&closing) {
                break;
            }
        }
        let text = literal
            .strip_suffix(&closing)
            .unwrap_or(&literal)
            .to_owned();
        for _ in text.matches('\n') {
            self.push('\n');
        }
        self.push('"');
        self.literals.push((begins, text));
    }

    /// After a `'`: a character literal, or a lifetime.
    fn read_quote(&mut self) {
        let mut ahead = self.rest.clone();
        let first = ahead.next();
        if first == Some('\\') {
            self.rest.next();
            self.rest.next();
            while self.rest.next_if(|c| *c != '\'').is_some() {}
            self.rest.next();
        } else if ahead.next() == Some('\'') {
            self.rest.next();
            self.rest.next();
        }
        self.push('\'');
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = RustText::scan(
            "crates/a/src/lib.rs",
            "let a = \"x // y\"; // note\nlet b = r#\"z\"\nw\"#; /* c\nd */ let e = '\"'; let f: &'static str;\n",
        );
        assert_eq!(
            text.code,
            [
                "let a = \"\"; ",
                "let b = \"",
                "\"; ",
                " let e = '; let f: &'static str;",
                ""
            ]
        );
        assert_eq!(
            text.literals,
            [(1, "x // y".to_owned()), (2, "z\"\nw".to_owned())]
        );
    }

    #[test]
    fn lines_under_cfg_test_are_tests_and_the_rest_is_not() {
        let text = RustText::scan(
            "crates/a/src/lib.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}",
        );
        let code: Vec<_> = text
            .code_outside_tests()
            .map(|(number, _)| number)
            .collect();
        assert_eq!(code, [1, 6, 9]);
        assert_eq!(
            RustText::scan("crates/a/tests/b.rs", "fn a() {}")
                .code_outside_tests()
                .count(),
            0
        );
    }
}
