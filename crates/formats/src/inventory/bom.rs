//! Bills of materials: which of their components could be a computer to be notified.

mod cyclonedx;
mod cyclonedx_xml;
mod spdx;
mod spdx3;
mod spdx_tag;

use serde_json::Value;

use super::{Inventory, InventoryError, Note, NoteKind, Row};

/// Components of one file.
const MOST_COMPONENTS: usize = 200_000;
/// Characters of a text that becomes a cell.
const MOST_TEXT: usize = 1_000;

/// What a component is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Device,
    Firmware,
    OperatingSystem,
    Platform,
    Application,
    /// Library, framework, file, data and the like.
    Other,
    /// The format says nothing.
    Unsaid,
}

impl Kind {
    /// The words of CycloneDX (`component.type`) and SPDX (`primaryPackagePurpose`, `software_primaryPurpose`).
    fn read(text: &str) -> Self {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "device" => Self::Device,
            "firmware" => Self::Firmware,
            "operating-system" | "operatingsystem" => Self::OperatingSystem,
            "platform" | "container" => Self::Platform,
            "application" => Self::Application,
            "" => Self::Unsaid,
            _ => Self::Other,
        }
    }

    /// The word in the table of rows; [`super::read_unit`] reads it.
    const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Firmware => "firmware",
            Self::OperatingSystem => "operating-system",
            Self::Platform => "platform",
            Self::Application => "application",
            Self::Other | Self::Unsaid => "",
        }
    }
}

/// One component.
#[derive(Clone, Debug)]
struct Component {
    reference: String,
    kind: Kind,
    name: String,
    version: String,
    maker: String,
    purl: String,
    serial: String,
    /// Whether the document is about it.
    root: bool,
}

pub(super) fn read(text: &str) -> Result<Inventory, InventoryError> {
    let components = if text.trim_start().starts_with('<') {
        cyclonedx_xml::components(text)?
    } else if text.trim_start().starts_with('{') {
        let document: Value =
            serde_json::from_str(text).map_err(|error| match error.classify() {
                serde_json::error::Category::Syntax if error.to_string().contains("recursion") => {
                    InventoryError::TooDeep
                }
                _ => InventoryError::Unreadable,
            })?;
        of_json(&document)?
    } else {
        spdx_tag::components(text)?
    };
    Ok(table(components))
}

fn of_json(document: &Value) -> Result<Vec<Component>, InventoryError> {
    if document.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
        return cyclonedx::components(document);
    }
    if document.get("spdxVersion").is_some() {
        return spdx::components(document);
    }
    if document.get("@graph").is_some() || document.get("@context").is_some() {
        return spdx3::components(document);
    }
    Err(InventoryError::Unreadable)
}

/// The rows: whatever could be notified. Where the document is about a device, the devices in it are its parts.
fn table(components: Vec<Component>) -> Inventory {
    let about_a_device = components
        .iter()
        .any(|component| component.root && component.kind == Kind::Device);
    let (mut libraries, mut parts, mut without_purl) = (0_usize, 0_usize, 0_usize);
    let mut rows = Vec::new();
    for component in components {
        if component.purl.is_empty() {
            without_purl = without_purl.saturating_add(1);
        }
        let candidate = match component.kind {
            Kind::Device if about_a_device && !component.root => {
                parts = parts.saturating_add(1);
                continue;
            }
            Kind::Device
            | Kind::Firmware
            | Kind::OperatingSystem
            | Kind::Platform
            | Kind::Application => true,
            Kind::Unsaid => component.root,
            Kind::Other => false,
        };
        if !candidate || component.name.trim().is_empty() {
            libraries = libraries.saturating_add(1);
            continue;
        }
        rows.push(row(component));
    }
    let notes = [
        (NoteKind::Candidates, rows.len()),
        (NoteKind::LibrariesLeftOut, libraries),
        (NoteKind::PartsLeftOut, parts),
        (NoteKind::WithoutPurl, without_purl),
    ];
    Inventory {
        columns: ["製品名", "製造者名", "区分", "シリアル番号", "PURL"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        notes: notes
            .into_iter()
            .filter(|(_, count)| 0 < *count)
            .map(|(kind, count)| Note { kind, count })
            .collect(),
    }
}

fn row(component: Component) -> Row {
    let product = if component.version.is_empty() || component.name.contains(&component.version) {
        component.name
    } else {
        format!("{} {}", component.name, component.version)
    };
    let cells = vec![
        product,
        component.maker,
        component.kind.word().to_owned(),
        component.serial,
        component.purl,
    ];
    Row {
        place: component.reference,
        cells,
    }
}

/// A text member of an object, cut to what a cell holds.
fn text(object: &Value, member: &str) -> String {
    object
        .get(member)
        .and_then(Value::as_str)
        .map(cut)
        .unwrap_or_default()
}

/// A text cut to what a cell holds.
fn cut(text: &str) -> String {
    text.trim().chars().take(MOST_TEXT).collect()
}

/// The name of `Organization: Example, Ltd. (mail)` and `Person: …`; nothing for `NOASSERTION`.
fn party(text: &str) -> String {
    let name = text
        .trim()
        .trim_start_matches("Organization:")
        .trim_start_matches("Person:")
        .trim();
    let name = name.split_once('(').map_or(name, |(name, _)| name.trim());
    if name == "NOASSERTION" || name == "NONE" {
        String::new()
    } else {
        cut(name)
    }
}
