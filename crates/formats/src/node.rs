//! Strict reading of JSON: bounded, without duplicates, floats and unknown fields; errors say where.

mod strict;

use serde_json::{Map, Value};

use crate::filing::{FilingError, FilingErrorKind};

pub(crate) use strict::read_strict;

/// A JSON value and where it stands in the document (RFC 6901).
#[derive(Clone, Debug)]
pub(crate) struct Node<'v> {
    value: &'v Value,
    path: String,
}

impl<'v> Node<'v> {
    pub(crate) const fn root(value: &'v Value) -> Self {
        Self {
            value,
            path: String::new(),
        }
    }

    pub(crate) fn fail(&self, kind: FilingErrorKind) -> FilingError {
        FilingError {
            path: self.path.clone(),
            kind,
        }
    }

    pub(crate) fn object(&self) -> Result<ObjectNode<'v>, FilingError> {
        match self.value {
            Value::Object(map) => Ok(ObjectNode {
                map,
                path: self.path.clone(),
                taken: Vec::new(),
            }),
            _ => Err(self.fail(FilingErrorKind::Type("object"))),
        }
    }

    pub(crate) fn list(&self, max: usize) -> Result<Vec<Self>, FilingError> {
        let Value::Array(items) = self.value else {
            return Err(self.fail(FilingErrorKind::Type("array")));
        };
        if max < items.len() {
            return Err(self.fail(FilingErrorKind::TooMany));
        }
        Ok(items
            .iter()
            .enumerate()
            .map(|(at, value)| Self {
                value,
                path: format!("{}/{at}", self.path),
            })
            .collect())
    }

    pub(crate) fn text(&self) -> Result<&'v str, FilingError> {
        match self.value {
            Value::String(text) => Ok(text),
            _ => Err(self.fail(FilingErrorKind::Type("string"))),
        }
    }

    /// Reads a text with the parser of a type; its error code is kept.
    pub(crate) fn parse<T, E>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, E>,
        code: impl FnOnce(E) -> &'static str,
    ) -> Result<T, FilingError> {
        parse(self.text()?).map_err(|error| self.fail(FilingErrorKind::Value(code(error))))
    }

    /// Reads a stable code, an id or another text of fixed form.
    pub(crate) fn code<T: std::str::FromStr>(&self) -> Result<T, FilingError> {
        self.text()?
            .parse()
            .map_err(|_| self.fail(FilingErrorKind::Value("code.unknown")))
    }

    pub(crate) fn yes_no(&self) -> Result<bool, FilingError> {
        match self.value {
            Value::Bool(yes) => Ok(*yes),
            _ => Err(self.fail(FilingErrorKind::Type("boolean"))),
        }
    }

    pub(crate) fn number<T: TryFrom<u64>>(&self) -> Result<T, FilingError> {
        let number = self
            .value
            .as_u64()
            .ok_or_else(|| self.fail(FilingErrorKind::Type("integer")))?;
        T::try_from(number).map_err(|_| self.fail(FilingErrorKind::Value("number.too_large")))
    }
}

/// An object whose fields are taken one by one; what is left over is unknown.
pub(crate) struct ObjectNode<'v> {
    map: &'v Map<String, Value>,
    path: String,
    taken: Vec<&'static str>,
}

impl<'v> ObjectNode<'v> {
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<Node<'v>> {
        self.taken.push(key);
        self.map.get(key).map(|value| Node {
            value,
            path: format!("{}/{key}", self.path),
        })
    }

    pub(crate) fn required(&mut self, key: &'static str) -> Result<Node<'v>, FilingError> {
        self.optional(key).ok_or_else(|| FilingError {
            path: format!("{}/{key}", self.path),
            kind: FilingErrorKind::Missing,
        })
    }

    /// Every field, for objects whose keys are not fixed.
    pub(crate) fn entries(&self, max: usize) -> Result<Vec<(&'v str, Node<'v>)>, FilingError> {
        if max < self.map.len() {
            return Err(FilingError {
                path: self.path.clone(),
                kind: FilingErrorKind::TooMany,
            });
        }
        Ok(self
            .map
            .iter()
            .map(|(key, value)| {
                (
                    key.as_str(),
                    Node {
                        value,
                        path: format!("{}/{}", self.path, escape(key)),
                    },
                )
            })
            .collect())
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<(), FilingError> {
        match self
            .map
            .keys()
            .find(|key| !self.taken.contains(&key.as_str()))
        {
            None => Ok(()),
            Some(key) => Err(FilingError {
                path: format!("{}/{}", self.path, escape(key)),
                kind: FilingErrorKind::UnknownField,
            }),
        }
    }
}

/// Escapes a key in a JSON Pointer (RFC 6901 section 3), and cuts what an attacker made long.
pub(crate) fn escape(key: &str) -> String {
    key.chars()
        .take(60)
        .collect::<String>()
        .replace('~', "~0")
        .replace('/', "~1")
}
