//! CycloneDX in XML. No document type and no entity but the five of XML itself is read.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::{Component, Kind, MOST_COMPONENTS, cut};
use crate::inventory::InventoryError;

/// Elements within each other.
const MOST_DEPTH: usize = 200;

pub(super) fn components(text: &str) -> Result<Vec<Component>, InventoryError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk::default();
    loop {
        match reader
            .read_event()
            .map_err(|_| InventoryError::Unreadable)?
        {
            Event::Start(element) => walk.open(&element)?,
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.text.push_str(&text.xml10_content()),
            Event::CData(text) => walk.text.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => {
                if let Some(c) = name
                    .resolve_char_ref()
                    .map_err(|_| InventoryError::Unreadable)?
                {
                    walk.text.push(c);
                } else {
                    let text = resolve_predefined_entity(&name.xml10_content())
                        .ok_or(InventoryError::Entities)?;
                    walk.text.push_str(text);
                }
            }
            Event::DocType(_) => return Err(InventoryError::Entities),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Empty(_) => return Err(InventoryError::Unreadable),
        }
    }
    if !walk.is_bom || !walk.path.is_empty() {
        return Err(InventoryError::Unreadable);
    }
    Ok(walk.found)
}

#[derive(Default)]
struct Walk {
    path: Vec<String>,
    text: String,
    /// Places in `found` of the components that are open.
    open: Vec<usize>,
    found: Vec<Component>,
    is_bom: bool,
    /// Name of the property that is open.
    property: String,
}

impl Walk {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), InventoryError> {
        let name = element.local_name().as_ref().to_owned();
        if MOST_DEPTH <= self.path.len() {
            return Err(InventoryError::TooDeep);
        }
        if self.path.is_empty() {
            self.is_bom = name == "bom";
        }
        if name == "component" {
            if MOST_COMPONENTS <= self.found.len() {
                return Err(InventoryError::TooLarge);
            }
            self.open.push(self.found.len());
            self.found.push(Component {
                reference: attribute(element, "bom-ref")?,
                kind: Kind::read(&attribute(element, "type")?),
                name: String::new(),
                version: String::new(),
                maker: String::new(),
                purl: String::new(),
                serial: String::new(),
                root: self.path.last().is_some_and(|parent| parent == "metadata"),
            });
        }
        if name == "property" {
            self.property = attribute(element, "name")?;
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn close(&mut self) {
        let text = cut(&self.text);
        self.text.clear();
        let Some(name) = self.path.pop() else {
            return;
        };
        if name == "component" {
            self.open.pop();
            return;
        }
        let parent = self.path.last().map_or("", String::as_str);
        let serial =
            name == "property" && self.property.to_ascii_lowercase().ends_with("serialnumber");
        let in_component = match parent {
            "component" => true,
            "supplier" | "manufacturer" | "manufacture" => name == "name",
            "properties" => serial,
            _ => false,
        };
        let Some(component) = self
            .open
            .last()
            .filter(|_| in_component)
            .and_then(|place| self.found.get_mut(*place))
        else {
            return;
        };
        match (parent, name.as_str()) {
            ("component", "name") => component.name = text,
            ("component", "version") => component.version = text,
            ("component", "purl") => component.purl = text,
            ("component", "publisher") if component.maker.is_empty() => component.maker = text,
            ("manufacturer", "name") => component.maker = text,
            ("supplier" | "manufacture", "name") if component.maker.is_empty() => {
                component.maker = text;
            }
            ("properties", _) => component.serial = text,
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, InventoryError> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| InventoryError::Unreadable)?;
        if attribute.key.local_name().as_ref() == name {
            let value: &str = attribute.value.as_ref();
            let value = quick_xml::escape::unescape(value).map_err(|_| InventoryError::Entities)?;
            return Ok(cut(&value));
        }
    }
    Ok(String::new())
}
