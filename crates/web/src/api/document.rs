//! The description of the API: what every operation has in common is written here once.

use utoipa::PartialSchema as _;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, Info, OpenApi, Ref, RefOr, Response};

use crate::problem::{FieldProblem, PROBLEM_JSON, ProblemDocument};

/// Outcomes of any operation.
const ALWAYS: &[(&str, &str)] = &[
    ("400", "the request cannot be read"),
    ("401", "no valid token"),
    ("403", "not allowed, or the token lacks the scope"),
    ("404", "absent, or not to be known"),
    ("503", "not available; try again"),
];

/// Outcomes of operations that change something.
const CHANGING: &[(&str, &str)] = &[
    (
        "409",
        "not possible in this state, changed meanwhile, or the key was used for something else",
    ),
    ("422", "fields are missing or wrong"),
    ("507", "no space is left"),
];

/// Outcomes of operations with a body.
const WITH_BODY: &[(&str, &str)] = &[
    ("413", "larger than the limit"),
    ("415", "not of the media type"),
];

/// Completes what the handlers say of themselves: names, problem documents (RFC 9457) and the outcomes all share.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    document.info = Info::new("Noroshi API", "1");
    document.info.description = Some(
        "Notifications (Act Art. 4) and incident reports (Act Art. 5) for operators; queues for the authorities; logs \
         for the committee. Every refusal is a problem document (RFC 9457) with a stable `code`."
            .to_owned(),
    );
    let components = document.components.get_or_insert_with(Default::default);
    for (name, schema) in [
        ("Problem", ProblemDocument::schema()),
        ("ProblemField", FieldProblem::schema()),
    ] {
        components.schemas.insert(name.to_owned(), schema);
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(operation_id(method, path));
            add_outcomes(method, operation);
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", item.get.as_mut()),
        ("post", item.post.as_mut()),
        ("put", item.put.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|operation| (method, operation)))
}

/// `get_cases_id_draft` for `GET /api/v1/cases/{id}/draft`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    for part in path.trim_start_matches("/api/v1/").split('/') {
        id.push('_');
        id.push_str(&part.trim_matches(['{', '}']).replace('-', "_"));
    }
    id
}

fn add_outcomes(method: &str, operation: &mut Operation) {
    let mut common = ALWAYS.to_vec();
    if method != "get" {
        common.extend(CHANGING);
    }
    if operation.request_body.is_some() {
        common.extend(WITH_BODY);
    }
    if needs_version(operation) {
        common.push(("428", "If-Match is missing"));
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in common {
        responses
            .entry(status.to_owned())
            .or_insert_with(|| Response::new(description).into());
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            let problem = Ref::from_schema_name("Problem");
            let content = Content::new(Some(problem));
            response
                .content
                .insert(PROBLEM_JSON.to_owned(), RefOr::T(content));
        }
    }
}

fn needs_version(operation: &Operation) -> bool {
    operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "If-Match"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;

    use crate::api::document;

    const FILE: &str = "../../docs/api/openapi.json";

    fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
        let mut found = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                found.push((path.as_str(), method.as_str(), operation));
            }
        }
        found
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "NOROSHI_UPDATE is for tests, not a setting of the program"
    )]
    fn the_committed_description_is_that_of_the_routes() {
        let mut text = document().to_pretty_json().unwrap();
        text.push('\n');
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        if std::env::var("NOROSHI_UPDATE").is_ok() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let first = text
            .lines()
            .zip(committed.lines())
            .find(|(now, before)| now != before);
        assert!(
            committed == text,
            "the API changed, first at {first:?}; run with NOROSHI_UPDATE=1 and review the difference"
        );
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_a_summary_and_a_token() {
        let document = serde_json::to_value(document()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let mut ids = BTreeSet::new();
        for (path, method, operation) in operations(&document) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert_eq!(operation["security"][0]["token"], serde_json::json!([]));
        }
        assert!(40 < ids.len());
    }

    #[test]
    fn what_creates_something_takes_an_idempotency_key() {
        let document = serde_json::to_value(document()).unwrap();
        for (path, method, operation) in operations(&document) {
            let creates = operation["responses"].get("201").is_some();
            let takes_key = operation["parameters"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["name"] == "Idempotency-Key"));
            assert!(!creates || takes_key, "{method} {path}");
        }
    }

    #[test]
    fn a_parameter_is_in_the_path_exactly_when_the_path_names_it() {
        let document = serde_json::to_value(document()).unwrap();
        for (path, method, operation) in operations(&document) {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                assert_eq!(
                    parameter["in"] == "path",
                    path.contains(&format!("{{{name}}}")),
                    "{method} {path} {name}"
                );
            }
        }
    }

    #[test]
    fn every_refusal_is_a_problem_document() {
        let document = serde_json::to_value(document()).unwrap();
        for (path, method, operation) in operations(&document) {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if status.starts_with(['4', '5']) {
                    let content = &response["content"]["application/problem+json"];
                    assert_eq!(
                        content["schema"]["$ref"], "#/components/schemas/Problem",
                        "{method} {path} {status}"
                    );
                }
            }
        }
    }
}
