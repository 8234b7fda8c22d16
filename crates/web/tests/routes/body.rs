//! The smallest body that the description of an operation allows, so that a request gets as far as the question who asks.

use serde_json::{Map, Value, json};

/// A body for a method of a documented path; `None` where it takes none.
pub(crate) fn smallest(document: &Value, path: &str, method: &str) -> Option<Value> {
    let operation = document.get("paths")?.get(path)?.get(method)?;
    let content = operation.get("requestBody")?.get("content")?;
    let schema = content.get("application/json")?.get("schema")?;
    Some(value(document, schema, ""))
}

fn value(document: &Value, schema: &Value, name: &str) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document.pointer(reference.trim_start_matches('#'));
        return target.map_or(Value::Null, |target| value(document, target, name));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            let first = choices
                .iter()
                .find(|one| one.get("type") != Some(&json!("null")));
            return first.map_or(Value::Null, |one| value(document, one, name));
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(fields) = value(document, part, name) {
                whole.extend(fields);
            }
        }
        return Value::Object(whole);
    }
    if let Some(first) = schema.get("enum").and_then(|codes| codes.get(0)) {
        return first.clone();
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().find(|kind| **kind != json!("null")),
        other => other,
    };
    match kind.and_then(Value::as_str).unwrap_or("object") {
        "string" => json!(text(schema, name)),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => fields(document, schema),
    }
}

fn fields(document: &Value, schema: &Value) -> Value {
    let mut whole = Map::new();
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let part = schema.get("properties").and_then(|all| all.get(name));
        whole.insert(
            name.to_owned(),
            part.map_or(Value::Null, |part| value(document, part, name)),
        );
    }
    Value::Object(whole)
}

fn text(schema: &Value, name: &str) -> &'static str {
    match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "00000000-0000-7000-8000-000000000000",
        Some("date-time") => "2026-12-01T09:00:00Z",
        Some("date") => "2026-12-01",
        _ if name.ends_with("_on") => "2026-12-01",
        _ if name.ends_with("_at") => "2026-12-01T09:00:00Z",
        _ => "x",
    }
}
