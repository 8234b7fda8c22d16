//! SPDX 2.2 and 2.3 in JSON.

use std::collections::HashSet;

use serde_json::Value;

use super::{Component, Kind, MOST_COMPONENTS, party, text};
use crate::inventory::InventoryError;

pub(super) fn components(document: &Value) -> Result<Vec<Component>, InventoryError> {
    let mut roots: HashSet<&str> = list(document, "documentDescribes")
        .filter_map(Value::as_str)
        .collect();
    for relationship in list(document, "relationships") {
        let member = |name: &str| relationship.get(name).and_then(Value::as_str);
        let (from, to) = (member("spdxElementId"), member("relatedSpdxElement"));
        match member("relationshipType") {
            Some("DESCRIBES") if from == Some("SPDXRef-DOCUMENT") => roots.extend(to),
            Some("DESCRIBED_BY") if to == Some("SPDXRef-DOCUMENT") => roots.extend(from),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for package in list(document, "packages") {
        if MOST_COMPONENTS <= found.len() {
            return Err(InventoryError::TooLarge);
        }
        let reference = text(package, "SPDXID");
        let maker = match party(&text(package, "supplier")) {
            name if name.is_empty() => party(&text(package, "originator")),
            name => name,
        };
        found.push(Component {
            root: roots.contains(reference.as_str()),
            reference,
            kind: Kind::read(&text(package, "primaryPackagePurpose")),
            name: text(package, "name"),
            version: version(&text(package, "versionInfo")),
            maker,
            purl: purl(package),
            serial: String::new(),
        });
    }
    Ok(found)
}

/// `NOASSERTION` is no version.
pub(super) fn version(text: &str) -> String {
    if text == "NOASSERTION" || text == "NONE" {
        return String::new();
    }
    text.to_owned()
}

fn purl(package: &Value) -> String {
    list(package, "externalRefs")
        .find(|each| {
            matches!(
                text(each, "referenceType").as_str(),
                "purl" | "http://spdx.org/rdf/references/purl"
            )
        })
        .map(|each| text(each, "referenceLocator"))
        .unwrap_or_default()
}

fn list<'document>(
    object: &'document Value,
    member: &str,
) -> impl Iterator<Item = &'document Value> {
    object
        .get(member)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
}
