//! CycloneDX in JSON (ECMA-424).

use serde_json::Value;

use super::{Component, Kind, MOST_COMPONENTS, text};
use crate::inventory::InventoryError;

pub(super) fn components(document: &Value) -> Result<Vec<Component>, InventoryError> {
    let mut found = Vec::new();
    // What is still to be looked at; the last is taken first, so the list is turned around.
    let mut open: Vec<(&Value, bool)> = Vec::new();
    push(&mut open, document.get("components"));
    if let Some(root) = document
        .get("metadata")
        .and_then(|each| each.get("component"))
    {
        open.push((root, true));
    }
    while let Some((object, root)) = open.pop() {
        if MOST_COMPONENTS <= found.len() {
            return Err(InventoryError::TooLarge);
        }
        found.push(component(object, root));
        push(&mut open, object.get("components"));
    }
    Ok(found)
}

fn push<'document>(open: &mut Vec<(&'document Value, bool)>, list: Option<&'document Value>) {
    if let Some(Value::Array(list)) = list {
        open.extend(list.iter().rev().map(|object| (object, false)));
    }
}

fn component(object: &Value, root: bool) -> Component {
    let of = |member: &str| {
        object
            .get(member)
            .map(|party| text(party, "name"))
            .filter(|name| !name.is_empty())
    };
    let maker = of("manufacturer")
        .or_else(|| of("supplier"))
        .or_else(|| of("manufacture"))
        .unwrap_or_else(|| text(object, "publisher"));
    let serial = object
        .get("properties")
        .and_then(Value::as_array)
        .and_then(|properties| {
            properties.iter().find(|each| {
                text(each, "name")
                    .to_ascii_lowercase()
                    .ends_with("serialnumber")
            })
        })
        .map(|property| text(property, "value"))
        .unwrap_or_default();
    Component {
        reference: text(object, "bom-ref"),
        kind: Kind::read(&text(object, "type")),
        name: text(object, "name"),
        version: text(object, "version"),
        maker,
        purl: text(object, "purl"),
        serial,
        root,
    }
}
