//! No paths of somebody's machine and no addresses of real people in what we commit.

use super::Finding;
use super::leftovers::is_vendored;
use crate::tree::{Tree, numbered};

/// Beginnings of paths that exist on one machine only, in two parts to pass our own rule.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("C:\\", "Users"),
];

/// Names that can never belong to anybody (RFC 2606, RFC 6761; the Japanese registry reserves `example.jp`).
const RESERVED_TLDS: &[&str] = &["example", "test", "invalid", "localhost"];
const RESERVED_DOMAINS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "example.jp",
    "example.co.jp",
    "example.ne.jp",
    "example.or.jp",
    "example.go.jp",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        if is_vendored(path) || path == "LICENSE" || path == "Cargo.lock" {
            continue;
        }
        for (number, line) in numbered(text) {
            for start in MACHINE_PATHS.iter().filter(|start| has_path(line, start)) {
                let message =
                    format!("a path under {start} exists on one machine only; make it relative");
                findings.push(Finding::new(path, number, message));
            }
            for domain in mail_domains(line).filter(|domain| !is_reserved(domain)) {
                let message = format!(
                    "mail address at {domain}; use a domain that ends in .example or .test"
                );
                findings.push(Finding::new(path, number, message));
            }
        }
    }
    findings
}

/// Whether a path begins with `start` here, as opposed to having it inside, as a URL may.
fn has_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/}$*".contains(c))
    })
}

/// What stands after an `@` that looks like a mail address: `taro@mail.example`.
fn mail_domains(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('@').filter_map(|(at, _)| {
        let before = line.get(..at)?.chars().next_back()?;
        if !(before.is_ascii_alphanumeric() || "._-+".contains(before)) {
            return None;
        }
        let rest = line.get(at.saturating_add(1)..)?;
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
            .unwrap_or(rest.len());
        let domain = rest.get(..end)?.trim_end_matches(['.', '-']);
        let (_, tld) = domain.rsplit_once('.')?;
        let is_name = domain.split('.').all(|label| 2 <= label.len())
            && tld.chars().all(|c| c.is_ascii_alphabetic());
        is_name.then_some(domain)
    })
}

fn is_reserved(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let tld = domain.rsplit('.').next().unwrap_or("");
    RESERVED_TLDS.contains(&tld)
        || RESERVED_DOMAINS.iter().any(|reserved| {
            domain
                .strip_suffix(reserved)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::{finds_nothing, finds_one};

    #[test]
    fn a_path_of_one_machine_is_found() {
        for start in MACHINE_PATHS {
            let text = format!("a\nlet path = \"{start}x\";");
            finds_one(check, &[("a.rs", &text)], "a.rs:2", "one machine");
        }
    }

    #[test]
    fn a_real_looking_mail_address_is_found() {
        finds_one(
            check,
            &[("a.rs", concat!("taro", "@power.co.jp"))],
            "a.rs:1",
            "power.co.jp",
        );
        finds_one(
            check,
            &[("a.md", concat!("<taro", "@notexample.com>"))],
            "a.md:1",
            "notexample.com",
        );
    }

    #[test]
    fn reserved_addresses_packages_and_urls_are_fine() {
        finds_nothing(
            check,
            &[(
                "a.md",
                "taro@power.example, a@mail.example.co.jp, b@x.test, playwright-core@1.65.1, \
                 @media print, user@127.0.0.1, a@b.jp, https://portal.example/home/x, ../work/a, crates/*/tmp/x",
            )],
        );
    }
}
