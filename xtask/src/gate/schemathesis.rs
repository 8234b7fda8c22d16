//! Odd input against every operation of the committed API document, with the tokens of several people.

use std::fs;

use anyhow::Context;
use serde_json::Value;

use super::Outcome;
use super::server::{self, DemoServer};
use crate::process::Call;
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/api/openapi.json";

/// Finds things that a person can see, so that odd input gets further than "absent".
const THINGS: &str = "tests/api/things.py";

/// Enough to reach every parameter, few enough that all runs end within two minutes.
const EXAMPLES_PER_OPERATION: &str = "5";

/// Runs the same examples every time, so that a failure can be seen again.
const SEED: &str = "1";

/// No 5xx, and every answer as the document says: its status, media type, headers and body.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// Who asks, and which chapters of the API they work with. What they may not do is asked for too.
const RUNS: &[(&str, &[&str])] = &[
    ("denki.todokede", &["assets"]),
    ("denki.csirt", &["incidents"]),
    ("denki.shonin", &["incidents", "filings", "desks"]),
    ("meti.tanto", &["filings", "desks"]),
    ("naikakufu.tanto", &["desks"]),
    ("iinkai.kensa", &["logs"]),
];

pub(super) fn run(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let document = workspace.root.join(DOCUMENT);
    server::build(workspace)?;
    let demo = DemoServer::start(workspace)?;
    let facts = server::demo_file(&demo.data)?;
    for (login, chapters) in RUNS {
        let token = api_token(&facts, login)
            .with_context(|| format!("demo.json has no `api_token` of {login}"))?;
        let things = Call::new(workspace.python())
            .arg(workspace.root.join(THINGS))
            .arg(&demo.url)
            .env("NOROSHI_TOKEN", token)
            .output()?;
        let config = demo.data.join(format!("schemathesis-{login}.toml"));
        fs::write(&config, things).with_context(|| format!("write {}", config.display()))?;
        eprintln!("as {login}:");
        Call::new(workspace.python_bin().join("schemathesis"))
            .arg("--config-file")
            .arg(&config)
            .arg("run")
            .arg(&document)
            .args(["--url", &demo.url, "--checks", CHECKS])
            // One worker: Hypothesis reads its own sources, which Python 3.11 does not do on two threads at once.
            .args(["--phases", "examples,coverage,fuzzing", "--workers", "1"])
            .args(["--max-examples", EXAMPLES_PER_OPERATION, "--seed", SEED])
            .args(["--no-color", "--warnings", "off"])
            .args(
                chapters
                    .iter()
                    .flat_map(|chapter| ["--include-tag", chapter]),
            )
            .env("NOROSHI_TOKEN", token)
            .dir(&workspace.tools_dir())
            .run()?;
    }
    Ok(Outcome::Passed)
}

/// The token of a login of the demonstration.
fn api_token<'a>(demo: &'a Value, login: &str) -> Option<&'a str> {
    demo.get("logins")?
        .as_array()?
        .iter()
        .find(|entry| entry.get("login").and_then(Value::as_str) == Some(login))?
        .get("api_token")?
        .as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_that_of_the_login_asked_for() {
        let demo: Value = serde_json::from_str(
            r#"{"logins":[{"login":"a"},{"login":"b","api_token":"x"},{"login":"c","api_token":"y"}]}"#,
        )
        .unwrap();
        assert_eq!(api_token(&demo, "b"), Some("x"));
        assert_eq!(api_token(&demo, "c"), Some("y"));
        assert_eq!(api_token(&demo, "a"), None);
        assert_eq!(api_token(&Value::Null, "a"), None);
    }
}
