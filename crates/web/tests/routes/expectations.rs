//! What must hold whatever the committed table says.

use std::fmt::Write as _;

use http::Method;
use ids::TokenScope;

use crate::outcome::Outcome;
use crate::people::Group;
use crate::walk::{Row, Seen};

/// What anybody may ask for without a session. THIS LIST MAY ONLY SHRINK: a new route is not public.
const PUBLIC: [(&str, &str); 13] = [
    ("GET", "/accessibility"),
    ("GET", "/assets/{file}"),
    // The secret in the address stands for a login; calendar programs have no other.
    ("GET", "/calendar/{secret}"),
    ("GET", "/enrol"),
    ("GET", "/gallery"),
    ("GET", "/healthz"),
    ("GET", "/login"),
    ("GET", "/login/code"),
    ("GET", "/logs/{*path}"),
    ("POST", "/enrol"),
    ("POST", "/login"),
    ("POST", "/login/again"),
    ("POST", "/logs/{*path}"),
];

/// What concerns the own account only: everybody with a session may, and no object of others is touched.
const OWN_ACCOUNT: &[&str] = &[
    "/account", "/enrol", "/login", "/logout", "/session", "/step-up",
];

/// Chapters in which what an operator has or filed is shown.
const CONTENT: &[&str] = &[
    "/advisories",
    "/cases",
    "/computers",
    "/corrections",
    "/decisions",
    "/desk",
    "/directives",
    "/facilities",
    "/filings",
    "/names",
    "/need-to-report",
    "/notifications",
    "/queue",
    "/search",
];

/// Forms that are answered with a result and store nothing.
const COMPUTES: &[&str] = &[
    "/audit/verify",
    "/need-to-report",
    "/notifications/{duty}/check",
];

fn computes(path: &str) -> bool {
    COMPUTES.iter().any(|front| of_chapter(path, front))
}

/// Checks every row and tells everything that is wrong at once.
pub(crate) fn check(rows: &[Row]) {
    let mut wrong = String::new();
    for row in rows {
        for seen in &row.outcomes {
            for rule in broken(row, seen) {
                let (method, path, what) = (&row.method, &row.template, row.what);
                let (who, role, outcome) = (seen.group.name(), seen.role, seen.outcome.text());
                writeln!(
                    wrong,
                    "{method} {path} {what}: {who} {role}: {outcome}: {rule}"
                )
                .unwrap();
            }
        }
        if let Some(rule) = scopes(row) {
            writeln!(wrong, "{} {}: {rule}", row.method, row.template).unwrap();
        }
    }
    for (method, path) in PUBLIC {
        let served = rows
            .iter()
            .any(|row| row.method.as_str() == method && row.template == path);
        if !served {
            writeln!(
                wrong,
                "{method} {path} is no route any more: take it off the list of exceptions"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn broken(row: &Row, seen: &Seen) -> Vec<&'static str> {
    let mut rules = Vec::new();
    let path = row.template.as_str();
    let public = PUBLIC.contains(&(row.method.as_str(), path));
    let own_account = OWN_ACCOUNT.iter().any(|front| path.starts_with(front));
    if seen.group == Group::Nobody && !public && (seen.success || seen.outcome != Outcome::LogIn) {
        rules.push("without a session only the public routes answer");
    }
    if seen.group == Group::Nobody {
        return rules;
    }
    if row.names_object && !seen.same_with_any_body {
        rules.push("whoever may not is told the same whatever the body holds");
    }
    if row.names_object {
        if !seen.outcome.is_allowed() && seen.outcome == Outcome::NotFound && !seen.same_as_absent {
            rules.push("the answer differs from that for an id that does not exist");
        }
        // Deliveries are the instance's, so whoever runs it sees them from any authority.
        let runs = seen.role == "instance_operator"
            && (of_chapter(path, "/outbox") || of_chapter(path, "/deliveries"));
        if !runs
            && !seen.group.is_concerned()
            && (seen.outcome.is_allowed() || !seen.same_as_absent)
        {
            rules.push("whom an object does not concern may not even know of it");
        }
    }
    let content = CONTENT.iter().any(|front| of_chapter(path, front));
    if content
        && [
            "organisation_admin",
            "instance_operator",
            "auditor",
            "contractor",
        ]
        .contains(&seen.role)
        && (seen.outcome.is_allowed() || seen.success)
    {
        rules.push("who administers, runs or inspects reads no filings");
    }
    if seen.role == "auditor"
        && row.changes()
        && seen.outcome.is_allowed()
        && !own_account
        && !public
        && !computes(path)
    {
        rules.push("the auditor changes nothing");
    }
    if seen.role.ends_with("viewer")
        && row.changes()
        && seen.outcome.is_allowed()
        && !own_account
        && !public
        && !computes(path)
    {
        rules.push("who may only read changes nothing");
    }
    rules
}

/// Whether a path is a page or an API route of a chapter.
fn of_chapter(path: &str, front: &str) -> bool {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    path.strip_prefix(front)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A token reads with `read` and with nothing else, and changes nothing with it.
fn scopes(row: &Row) -> Option<&'static str> {
    // Every token may ask whose it is, whatever it was issued for.
    let own = row.template == "/api/v1/me";
    if !row.is_api() || row.scopes.is_empty() || computes(&row.template) || own {
        return None;
    }
    if row.method == Method::GET {
        return (row.scopes != [TokenScope::Read])
            .then_some("a token reads with the scope for reading");
    }
    row.scopes
        .contains(&TokenScope::Read)
        .then_some("a token for reading changes nothing")
}
