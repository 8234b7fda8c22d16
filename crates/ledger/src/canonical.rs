//! Canonical JSON: the subset of RFC 8785 that needs no floating point.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use thiserror::Error;

/// Deepest nesting of arrays and objects in a record.
pub const MAX_DEPTH: usize = 64;
/// Largest absolute value of an integer; larger numbers must be written as strings (RFC 7493 section 2.2).
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// Why a value has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CanonicalError {
    #[error("record holds a number that is not an integer")]
    NotAnInteger,
    #[error("record holds an integer beyond 2^53 - 1; write it as a string")]
    IntegerTooLarge,
    #[error("record is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Writes `value` in canonical form (RFC 8785): no white space, members ordered by the UTF-16 code
/// units of their names, shortest escapes. Numbers are integers of at most 2^53 - 1 in size.
pub fn canonical_json(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write_value(&mut out, value, MAX_DEPTH)?;
    Ok(out)
}

fn write_value(out: &mut String, value: &Value, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&integer(number)?.to_string()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            let inner = depth.checked_sub(1).ok_or(CanonicalError::TooDeep)?;
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position != 0 {
                    out.push(',');
                }
                write_value(out, item, inner)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let inner = depth.checked_sub(1).ok_or(CanonicalError::TooDeep)?;
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (position, (name, member)) in sorted.into_iter().enumerate() {
                if position != 0 {
                    out.push(',');
                }
                write_string(out, name);
                out.push(':');
                write_value(out, member, inner)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn integer(number: &Number) -> Result<i64, CanonicalError> {
    let Some(signed) = number.as_i64() else {
        let whole = number.as_u64().is_some();
        return Err(if whole {
            CanonicalError::IntegerTooLarge
        } else {
            CanonicalError::NotAnInteger
        });
    };
    if MAX_INTEGER < signed.unsigned_abs() {
        return Err(CanonicalError::IntegerTooLarge);
    }
    Ok(signed)
}

/// Escapes as RFC 8785 section 3.2.2.2 asks: two-character forms where JSON has them, else `\u00xx`.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                // Control characters below U+0020 have two hexadecimal digits.
                out.push_str("\\u00");
                out.push_str(&hex::encode(control.encode_utf8(&mut [0; 1])));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A record as it came in: any JSON in which no object names a member twice.
///
/// `serde_json` keeps the last of two equal names while other readers show the first; such a record
/// could be read in two ways, so it is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StrictValue(pub(crate) Value);

impl<'de> Deserialize<'de> for StrictValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated member names")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(StrictValue(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, StrictValue(member))) = members.next_entry::<String, StrictValue>()? {
            if object.insert(name, member).is_some() {
                return Err(de::Error::custom("member name occurs twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(input: &str, want: &str) {
        let value: Value = serde_json::from_str(input).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), want);
    }

    #[test]
    fn members_are_ordered_by_utf16_code_units() {
        // RFC 8785 section 3.2.3: the surrogate pair of U+1F600 sorts before U+FB33.
        check(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
                "1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"o"}"#,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"o\",\
             \"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
        );
    }

    #[test]
    fn strings_use_the_shortest_escapes() {
        // RFC 8785 section 3.2.2.2.
        check(
            r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\b\t\f\r\u007f""#,
            "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u{7f}\"",
        );
    }

    #[test]
    fn literals_nest_without_white_space() {
        check(
            " [ 56 , { \"d\" : true , \"10\" : null , \"1\" : [ ] } , -3 ] ",
            r#"[56,{"1":[],"10":null,"d":true},-3]"#,
        );
    }

    #[test]
    fn floats_and_large_integers_are_refused() {
        for (input, reason) in [
            ("1.0", CanonicalError::NotAnInteger),
            ("1e2", CanonicalError::NotAnInteger),
            ("-0", CanonicalError::NotAnInteger),
            ("9007199254740992", CanonicalError::IntegerTooLarge),
            ("-9007199254740992", CanonicalError::IntegerTooLarge),
            ("18446744073709551615", CanonicalError::IntegerTooLarge),
            ("18446744073709551616", CanonicalError::NotAnInteger),
        ] {
            let value: Value = serde_json::from_str(input).unwrap();
            assert_eq!(canonical_json(&value), Err(reason), "{input}");
        }
        check("9007199254740991", "9007199254740991");
        check("-9007199254740991", "-9007199254740991");
    }

    #[test]
    fn a_record_nested_too_deep_is_refused() {
        let nest = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert!(canonical_json(&nest(MAX_DEPTH)).is_ok());
        assert_eq!(
            canonical_json(&nest(MAX_DEPTH + 1)),
            Err(CanonicalError::TooDeep)
        );
    }

    #[test]
    fn a_member_named_twice_is_refused_at_any_depth() {
        for input in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"\u0061":2}}]"#] {
            assert!(
                serde_json::from_str::<StrictValue>(input).is_err(),
                "{input}"
            );
        }
    }
}
