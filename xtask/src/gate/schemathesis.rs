//! Odd input against every operation of the committed API document.

use anyhow::Context;
use serde_json::Value;

use super::Outcome;
use super::server::{self, DemoServer};
use crate::process::Call;
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/api/openapi.json";

/// Enough to reach every parameter, few enough to end within a minute or two.
const EXAMPLES_PER_OPERATION: &str = "25";

/// Runs the same examples every time, so that a failure can be seen again.
const SEED: &str = "1";

pub(super) fn run(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let document = workspace.root.join(DOCUMENT);
    if !document.is_file() {
        return Ok(Outcome::NotApplicable("no docs/api/openapi.json yet"));
    }
    server::build(workspace)?;
    let demo = DemoServer::start(workspace)?;
    let facts = server::demo_file(&demo.data)?;
    let token = api_token(&facts).context("demo.json has no login with an `api_token`")?;
    Call::new(workspace.python_bin().join("schemathesis"))
        .arg("run")
        .arg(&document)
        .args(["--url", &demo.url])
        .args(["--checks", "not_a_server_error"])
        .args(["--max-examples", EXAMPLES_PER_OPERATION, "--seed", SEED])
        .args(["--no-color", "--header"])
        .secret_arg(format!("Authorization: Bearer {token}"))
        .dir(&workspace.tools_dir())
        .run()?;
    Ok(Outcome::Passed)
}

/// The first login that has a token.
fn api_token(demo: &Value) -> Option<&str> {
    demo.get("logins")?
        .as_array()?
        .iter()
        .find_map(|login| login.get("api_token")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_login_with_a_token_is_used() {
        let demo: Value = serde_json::from_str(
            r#"{"logins":[{"login":"a"},{"login":"b","api_token":"nrs_x"},{"api_token":"y"}]}"#,
        )
        .unwrap();
        assert_eq!(api_token(&demo), Some("nrs_x"));
        assert_eq!(api_token(&Value::Null), None);
    }
}
