//! The program of the tests for live sources: the legal basis is in force in it, and an hour is a second.
//!
//! An example, because only examples and tests see the feature of `statute` that reads rule packs nobody signed.

use std::process::ExitCode;

use jiff::SignedDuration;
use noroshi_select::Program;
use statute::{PackError, RuleBook};

/// The day the articles can come into force at the latest, and one that has passed.
const LATEST: &str = "from = 2027-11-22";
const PASSED: &str = "from = 2026-01-01";

fn main() -> ExitCode {
    Program::under(rules, SignedDuration::from_secs(1)).main()
}

fn rules() -> Result<RuleBook, PackError> {
    let packs: Vec<(&str, String)> = RuleBook::embedded_packs()
        .iter()
        .map(|(name, text)| (*name, text.replace(LATEST, PASSED)))
        .collect();
    let packs: Vec<(&str, &str)> = packs
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    RuleBook::test_only(&packs)
}
