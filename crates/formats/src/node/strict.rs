use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::escape;
use crate::filing::{FilingError, FilingErrorKind};

/// Largest integer that JSON readers agree on (RFC 8259 section 6): 2^53 - 1.
const MAX_INTEGER: u64 = (1 << 53) - 1;
const MAX_DEPTH: usize = 16;
/// Values in one document, so that a small document cannot become a large tree; more than the largest notification has.
const MAX_VALUES: usize = 500_000;

/// Reads one JSON document of at most `max_bytes`.
pub(crate) fn read_strict(bytes: &[u8], max_bytes: usize) -> Result<Value, FilingError> {
    if max_bytes < bytes.len() {
        return Err(FilingError {
            path: String::new(),
            kind: FilingErrorKind::TooLarge,
        });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut walk = Walk {
        path: Vec::new(),
        refused: None,
        values: 0,
    };
    let result = Strict { walk: &mut walk }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    result.map_err(|_| {
        let path = walk
            .path
            .iter()
            .fold(String::new(), |path, part| path + "/" + part);
        FilingError {
            path,
            kind: walk.refused.unwrap_or(FilingErrorKind::Syntax),
        }
    })
}

struct Walk {
    path: Vec<String>,
    refused: Option<FilingErrorKind>,
    values: usize,
}

struct Strict<'w> {
    walk: &'w mut Walk,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(self, kind: FilingErrorKind) -> E {
        self.walk.refused = Some(kind);
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.walk.values = self.walk.values.saturating_add(1);
        if MAX_VALUES < self.walk.values {
            return Err(self.refuse(FilingErrorKind::TooMany));
        }
        if MAX_DEPTH < self.walk.path.len() {
            return Err(self.refuse(FilingErrorKind::TooDeep));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if MAX_INTEGER < value {
            return Err(self.refuse(FilingErrorKind::Value("number.too_large")));
        }
        Ok(Value::from(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if MAX_INTEGER < value.unsigned_abs() {
            return Err(self.refuse(FilingErrorKind::Value("number.too_large")));
        }
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value, E> {
        Err(self.refuse(FilingErrorKind::Float))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        // A field without a value is left out; null would be a second way to say so.
        Err(self.refuse(FilingErrorKind::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            self.walk.path.push(items.len().to_string());
            let Some(item) = seq.next_element_seed(Strict {
                walk: &mut *self.walk,
            })?
            else {
                break;
            };
            self.walk.path.pop();
            items.push(item);
        }
        self.walk.path.pop();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.walk.path.push(escape(&key));
            if fields.contains_key(&key) {
                self.walk.refused = Some(FilingErrorKind::Duplicate);
                return Err(A::Error::custom("refused"));
            }
            let value = map.next_value_seed(Strict {
                walk: &mut *self.walk,
            })?;
            self.walk.path.pop();
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::read_strict;
    use crate::filing::FilingErrorKind;

    #[track_caller]
    fn check(text: &str, path: &str, kind: FilingErrorKind) {
        let error = read_strict(text.as_bytes(), 1000).unwrap_err();
        assert_eq!((error.path.as_str(), error.kind), (path, kind), "{text}");
    }

    #[test]
    fn what_canonical_json_has_no_place_for_is_refused_where_it_stands() {
        check(r#"{"a":{"b":[1,1.5]}}"#, "/a/b/1", FilingErrorKind::Float);
        check(r#"{"a":1e3}"#, "/a", FilingErrorKind::Float);
        check(r#"{"a":null}"#, "/a", FilingErrorKind::Null);
        check(r#"{"a":{"b":1,"b":2}}"#, "/a/b", FilingErrorKind::Duplicate);
        check(
            r#"{"a":9007199254740992}"#,
            "/a",
            FilingErrorKind::Value("number.too_large"),
        );
        check(r#"{"a/b":null}"#, "/a~1b", FilingErrorKind::Null);
        check("{} {}", "", FilingErrorKind::Syntax);
        check("", "", FilingErrorKind::Syntax);
        check(
            &format!("\"{}\"", "a".repeat(1000)),
            "",
            FilingErrorKind::TooLarge,
        );
    }

    #[test]
    fn a_deep_document_is_refused() {
        let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
        assert_eq!(
            read_strict(deep.as_bytes(), 1000).unwrap_err().kind,
            FilingErrorKind::TooDeep
        );
    }

    proptest! {
        #[test]
        fn any_octets_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_strict(&bytes, 1000);
        }
    }
}
