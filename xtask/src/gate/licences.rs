//! Licences, bans and sources of every dependency, from `deny.toml`.
//!
//! The file is one that `cargo deny check bans licenses sources` reads too; this step needs nothing installed.

use std::fs;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{Outcome, steps};
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct DenyFile {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Where it comes from; nothing for a crate of this workspace.
    source: Option<String>,
}

pub(super) fn run(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let text = fs::read_to_string(workspace.root.join("deny.toml")).context("read deny.toml")?;
    let rules: DenyFile = toml::from_str(&text).context("read deny.toml")?;
    let metadata = steps::cargo(
        workspace,
        [
            "metadata",
            "--locked",
            "--all-features",
            "--format-version",
            "1",
        ],
    )
    .output()?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).context("read the output of cargo metadata")?;
    let faults: Vec<String> = metadata
        .packages
        .iter()
        .flat_map(|package| faults(package, &rules))
        .collect();
    if !faults.is_empty() {
        bail!("deny.toml refuses:\n{}", faults.join("\n"));
    }
    println!(
        "licences: {} packages pass deny.toml",
        metadata.packages.len()
    );
    Ok(Outcome::Passed)
}

/// What is wrong with one package.
fn faults(package: &Package, rules: &DenyFile) -> Vec<String> {
    let name = format!("{} {}", package.name, package.version);
    let mut faults = Vec::new();
    match package.license.as_deref() {
        None => faults.push(format!("{name}: states no licence")),
        Some(expression) if !is_allowed(expression, &rules.licenses.allow) => {
            faults.push(format!("{name}: licence `{expression}` is not allowed"));
        }
        Some(_) => {}
    }
    if let Some(banned) = rules
        .bans
        .deny
        .iter()
        .find(|banned| banned.name == package.name)
    {
        faults.push(format!("{name}: banned, {}", banned.reason));
    }
    if let Some(source) = package.source.as_deref() {
        let is_git = source.starts_with("git+");
        let is_registry = source.starts_with("registry+") || source.starts_with("sparse+");
        if is_git && rules.sources.unknown_git == "deny" {
            faults.push(format!("{name}: comes from git, not from the registry"));
        }
        if !is_git && !is_registry && rules.sources.unknown_registry == "deny" {
            faults.push(format!("{name}: comes from an unknown source"));
        }
    }
    faults
}

/// Whether an SPDX expression can be met with allowed licences alone.
///
/// `OR` needs one side, `AND` both; `WITH` binds an exception to its licence; the old `/` means `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    reader.any_of() == Some(true) && reader.words.is_empty()
}

/// Reads an expression from the left. `None` where it is malformed.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Reader<'_> {
    fn any_of(&mut self) -> Option<bool> {
        let mut result = self.all_of()?;
        while self.take("OR") {
            result |= self.all_of()?;
        }
        Some(result)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut result = self.one()?;
        while self.take("AND") {
            result &= self.one()?;
        }
        Some(result)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let inside = self.any_of()?;
            return self.take(")").then_some(inside);
        }
        let mut licence = self.next()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Some(self.allowed.contains(&licence))
    }

    fn next(&mut self) -> Option<&str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.next();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str) -> bool {
        is_allowed(
            expression,
            &["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned),
        )
    }

    #[test]
    fn one_allowed_alternative_is_enough_and_every_part_of_a_sum_is_needed() {
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "MIT AND ISC",
            "(GPL-3.0 OR MIT) AND ISC",
        ] {
            assert!(check(good), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR ISC) AND GPL-3.0",
            "",
            "MIT OR",
            "(MIT",
            "MIT )",
        ] {
            assert!(!check(bad), "{bad}");
        }
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(check("Apache-2.0 WITH LLVM-exception"));
        assert!(!check("Apache-2.0"));
        assert!(!check("MIT WITH LLVM-exception"));
    }

    #[test]
    fn and_binds_tighter_than_or() {
        assert!(check("MIT OR GPL-3.0 AND BSL-1.0"));
        assert!(!check("GPL-3.0 OR MIT AND BSL-1.0"));
    }

    fn rules() -> DenyFile {
        toml::from_str(
            "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'openssl-sys', reason = 'one TLS provider' }]\n\
             [sources]\nunknown-registry = 'deny'\nunknown-git = 'deny'\n",
        )
        .unwrap()
    }

    fn package(name: &str, license: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }

    #[test]
    fn a_banned_an_unlicensed_and_a_git_package_are_each_refused() {
        let registry = Some("registry+https://index.example/");
        assert_eq!(
            faults(&package("serde", Some("MIT"), registry), &rules()),
            Vec::<String>::new()
        );
        assert_eq!(
            faults(&package("ids", Some("MIT"), None), &rules()),
            Vec::<String>::new()
        );
        for (bad, words) in [
            (
                package("openssl-sys", Some("MIT"), registry),
                "banned, one TLS provider",
            ),
            (package("a", None, registry), "states no licence"),
            (
                package("a", Some("GPL-3.0"), registry),
                "`GPL-3.0` is not allowed",
            ),
            (
                package("a", Some("MIT"), Some("git+https://git.example/a")),
                "comes from git",
            ),
            (package("a", Some("MIT"), Some("path+x")), "unknown source"),
        ] {
            let found = faults(&bad, &rules());
            assert!(
                found.len() == 1 && found.concat().contains(words),
                "{found:?}"
            );
        }
    }
}
