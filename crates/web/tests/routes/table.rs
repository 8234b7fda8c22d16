//! The table that is committed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::outcome::Outcome;
use crate::people::Group;
use crate::walk::Row;

const HEAD: &str = "\
Who gets how far on which route: method, path, and who gets which answer. Written by a test of crates/web that asks the
running router as everybody; to update it, run `cargo nextest run -p noroshi-web --test routes` with NOROSHI_UPDATE=1
and review the difference.

The objects in the paths are those of one operator, filed to its ministry, the bureau with delegated power and the
Cabinet Office. `other` organisations are of the same kind and not concerned. Sessions have shown the second factor too
long ago to file; forms are empty but for the token of the session, bodies of the API as small as its description allows.

ok        shown or done, or the form is shown again with what is missing
step-up   allowed once the second factor is shown again
403       may know of it and may not do this
404       does not exist for this one, by the same answer as an id that does not exist
log in    nobody is logged in, or no token of this person exists
422, 428  the request is refused as such, whoever sends it and whether or not the object exists
scope     with which scope an API token may

";

/// Longest line, less the space and the comma of an item.
const LONGEST: usize = 118;

/// Compares with `docs/routes.txt`, or writes it.
pub(crate) fn compare(rows: &[Row]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/routes.txt");
    let mut entries: Vec<String> = rows.iter().map(entry).collect();
    entries.sort();
    let text = format!("{HEAD}{}", entries.join("\n"));
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    #[expect(
        clippy::disallowed_methods,
        reason = "says whether a generated file is written or compared"
    )]
    let update = std::env::var("NOROSHI_UPDATE").is_ok_and(|value| value == "1");
    if update {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let differing = text
        .lines()
        .zip(committed.lines())
        .position(|(now, then)| now != then)
        .or((text.lines().count() != committed.lines().count()).then_some(0));
    if let Some(line) = differing {
        let around = |text: &str| {
            text.lines()
                .skip(line.saturating_sub(4))
                .take(10)
                .collect::<Vec<_>>()
                .join("\n")
        };
        panic!(
            "docs/routes.txt says\n{}\nand the routes say\n{}",
            around(&committed),
            around(&text)
        );
    }
}

/// A route with its outcomes, one line for each.
fn entry(row: &Row) -> String {
    let mut text = format!("{} {}", row.template, row.method);
    if !row.what.is_empty() {
        write!(text, " ({})", row.what).unwrap();
    }
    text.push('\n');
    let mut by_outcome: BTreeMap<Outcome, BTreeMap<Group, Vec<&str>>> = BTreeMap::new();
    let mut size: BTreeMap<Group, usize> = BTreeMap::new();
    for seen in &row.outcomes {
        let people = size.entry(seen.group).or_default();
        *people = people.saturating_add(1);
        by_outcome
            .entry(seen.outcome)
            .or_default()
            .entry(seen.group)
            .or_default()
            .push(seen.role);
    }
    for (outcome, groups) in by_outcome {
        let who: Vec<String> = groups
            .into_iter()
            .map(|(group, roles)| {
                if roles.len() == size[&group] {
                    group.name().to_owned()
                } else {
                    format!("{} ({})", group.name(), roles.join(", "))
                }
            })
            .collect();
        wrapped(&mut text, &outcome.text(), &who);
    }
    if !row.scopes.is_empty() {
        let codes: Vec<String> = row
            .scopes
            .iter()
            .map(|scope| scope.code().to_owned())
            .collect();
        wrapped(&mut text, "scope", &codes);
    }
    text
}

/// Writes a list after its word, in lines of at most 120 characters.
fn wrapped(text: &mut String, word: &str, items: &[String]) {
    let mut line = format!("  {word:<8}");
    for (at, item) in items.iter().enumerate() {
        let comma = if at.saturating_add(1) < items.len() {
            ";"
        } else {
            ""
        };
        if LONGEST < line.len().saturating_add(item.len()) {
            writeln!(text, "{line}").unwrap();
            line = format!("  {:<8}", "");
        }
        write!(line, " {item}{comma}").unwrap();
    }
    writeln!(text, "{line}").unwrap();
}
