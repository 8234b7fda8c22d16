use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::AdvisoryError;

/// Levels of elements.
const MAX_DEPTH: usize = 64;
/// Elements of a file.
const MAX_ELEMENTS: u32 = 3_000_000;

/// One element: its local name, attributes and text, with the elements inside.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name)
            .map(|child| child.text.trim())
            .unwrap_or_default()
    }

    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }
}

/// Reads a document without document type, with the five entities that every XML has.
pub(super) fn parse(text: &str) -> Result<Element, AdvisoryError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut elements: u32 = 0;
    loop {
        let event = reader.read_event().map_err(|_| AdvisoryError::Malformed)?;
        match event {
            Event::Start(start) => {
                elements = elements.saturating_add(1);
                if MAX_DEPTH <= open.len() || MAX_ELEMENTS < elements {
                    return Err(AdvisoryError::TooMany);
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                elements = elements.saturating_add(1);
                if MAX_ELEMENTS < elements {
                    return Err(AdvisoryError::TooMany);
                }
                let empty = element(&start)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(empty);
                }
            }
            Event::End(_) => {
                let closed = open.pop().ok_or(AdvisoryError::Malformed)?;
                open.last_mut()
                    .ok_or(AdvisoryError::Malformed)?
                    .children
                    .push(closed);
            }
            Event::Text(piece) => push(&mut open, &piece.xml10_content()),
            Event::CData(piece) => push(&mut open, &piece.xml10_content()),
            Event::GeneralRef(name) => {
                let c = entity(&name.xml10_content()).ok_or(AdvisoryError::DocumentType)?;
                push(&mut open, c.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(AdvisoryError::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let [root] = open.as_mut_slice() else {
        return Err(AdvisoryError::Malformed);
    };
    match root.children.pop() {
        Some(only) if root.children.is_empty() => Ok(only),
        Some(_) | None => Err(AdvisoryError::Malformed),
    }
}

fn push(open: &mut [Element], piece: &str) {
    if let Some(last) = open.last_mut() {
        last.text.push_str(piece);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, AdvisoryError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| AdvisoryError::Malformed)?;
        let value: &str = attribute.value.as_ref();
        let value = quick_xml::escape::unescape(value).map_err(|_| AdvisoryError::DocumentType)?;
        let name = attribute.key.local_name().into_inner().to_owned();
        attributes.push((name, value.into_owned()));
    }
    Ok(Element {
        name: start.local_name().into_inner().to_owned(),
        attributes,
        ..Element::default()
    })
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
