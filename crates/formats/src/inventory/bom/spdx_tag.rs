//! SPDX 2.2 and 2.3 as tags and values, a line each.

use std::collections::HashSet;

use super::spdx::version;
use super::{Component, Kind, MOST_COMPONENTS, cut, party};
use crate::inventory::InventoryError;

pub(super) fn components(text: &str) -> Result<Vec<Component>, InventoryError> {
    let mut found: Vec<Component> = Vec::new();
    let mut roots: HashSet<String> = HashSet::new();
    let mut is_spdx = false;
    // Texts over several lines stand between <text> and </text>; none of them matters here.
    let mut in_text = false;
    let mut in_package = false;
    for line in text.lines() {
        if in_text {
            in_text = !line.contains("</text>");
            continue;
        }
        in_text = line.contains("<text>") && !line.contains("</text>");
        let Some((tag, value)) = line.split_once(':') else {
            continue;
        };
        let value = cut(value);
        match tag.trim() {
            "SPDXVersion" => is_spdx = value.starts_with("SPDX-2."),
            "PackageName" => {
                if MOST_COMPONENTS <= found.len() {
                    return Err(InventoryError::TooLarge);
                }
                in_package = true;
                found.push(package(value));
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" => in_package = false,
            "Relationship" => roots.extend(described(&value)),
            tag if in_package => {
                if let Some(package) = found.last_mut() {
                    fill(package, tag, &value);
                }
            }
            _ => {}
        }
    }
    if !is_spdx {
        return Err(InventoryError::Unreadable);
    }
    for component in &mut found {
        component.root = roots.contains(&component.reference);
    }
    Ok(found)
}

fn package(name: String) -> Component {
    Component {
        reference: String::new(),
        kind: Kind::Unsaid,
        name,
        version: String::new(),
        maker: String::new(),
        purl: String::new(),
        serial: String::new(),
        root: false,
    }
}

fn fill(package: &mut Component, tag: &str, value: &str) {
    match tag {
        "SPDXID" => value.clone_into(&mut package.reference),
        "PackageVersion" => package.version = version(value),
        "PackageSupplier" => package.maker = party(value),
        "PackageOriginator" if package.maker.is_empty() => package.maker = party(value),
        "PrimaryPackagePurpose" => package.kind = Kind::read(value),
        "ExternalRef" => {
            let mut words = value.split_whitespace();
            if let (Some(_), Some("purl"), Some(locator)) =
                (words.next(), words.next(), words.next())
            {
                locator.clone_into(&mut package.purl);
            }
        }
        _ => {}
    }
}

/// What the document says it describes.
fn described(value: &str) -> Option<String> {
    let mut words = value.split_whitespace();
    match (words.next()?, words.next()?, words.next()?) {
        ("SPDXRef-DOCUMENT", "DESCRIBES", to) => Some(to.to_owned()),
        (from, "DESCRIBED_BY", "SPDXRef-DOCUMENT") => Some(from.to_owned()),
        _ => None,
    }
}
