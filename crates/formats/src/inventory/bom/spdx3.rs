//! SPDX 3.0 in JSON-LD, as the specification writes it: one list of elements that name each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::spdx::version;
use super::{Component, Kind, MOST_COMPONENTS, text};
use crate::inventory::InventoryError;

pub(super) fn components(document: &Value) -> Result<Vec<Component>, InventoryError> {
    let elements: Vec<&Value> = match document.get("@graph") {
        Some(Value::Array(elements)) => elements.iter().collect(),
        Some(_) => return Err(InventoryError::Unreadable),
        None => vec![document],
    };
    let spdx3 = elements
        .iter()
        .any(|element| text(element, "specVersion").starts_with("3."));
    if !spdx3 {
        return Err(InventoryError::Unreadable);
    }
    let mut names: HashMap<String, String> = HashMap::new();
    let mut roots: HashSet<String> = HashSet::new();
    for element in &elements {
        match kind(element).as_str() {
            "Organization" | "Person" | "Agent" => {
                names.insert(id(element), text(element, "name"));
            }
            "SpdxDocument" | "software_Sbom" | "Bom" => {
                roots.extend(texts(element, "rootElement"));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for element in elements {
        if kind(element) != "software_Package" {
            continue;
        }
        if MOST_COMPONENTS <= found.len() {
            return Err(InventoryError::TooLarge);
        }
        found.push(package(element, &names, &roots));
    }
    Ok(found)
}

fn package(element: &Value, names: &HashMap<String, String>, roots: &HashSet<String>) -> Component {
    let maker = texts(element, "suppliedBy")
        .into_iter()
        .chain(texts(element, "originatedBy"))
        .find_map(|id| names.get(&id).filter(|name| !name.is_empty()).cloned());
    let purl = match text(element, "software_packageUrl") {
        purl if purl.is_empty() => identifier(element),
        purl => purl,
    };
    let reference = id(element);
    Component {
        root: roots.contains(&reference),
        reference,
        kind: Kind::read(&text(element, "software_primaryPurpose")),
        name: text(element, "name"),
        version: version(&text(element, "software_packageVersion")),
        maker: maker.unwrap_or_default(),
        purl,
        serial: String::new(),
    }
}

/// The package URL among the external identifiers.
fn identifier(element: &Value) -> String {
    element
        .get("externalIdentifier")
        .and_then(Value::as_array)
        .and_then(|list| {
            list.iter()
                .find(|each| text(each, "externalIdentifierType") == "packageUrl")
        })
        .map(|each| text(each, "identifier"))
        .unwrap_or_default()
}

fn kind(element: &Value) -> String {
    match text(element, "type") {
        kind if kind.is_empty() => text(element, "@type"),
        kind => kind,
    }
}

fn id(element: &Value) -> String {
    match text(element, "spdxId") {
        id if id.is_empty() => text(element, "@id"),
        id => id,
    }
}

/// A text or a list of texts.
fn texts(element: &Value, member: &str) -> Vec<String> {
    match element.get(member) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
