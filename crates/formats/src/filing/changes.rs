use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::body::Body;
use crate::node::escape;

/// A place in which two bodies differ. `Debug` shows the place only.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// JSON Pointer (RFC 6901) into the body after; into the one before where it was removed.
    pub path: String,
    /// What stood there; `None` when it is new.
    pub before: Option<Value>,
    /// What stands there; `None` when it was removed.
    pub after: Option<Value>,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({})", self.path)
    }
}

/// The differences between two bodies, in the order of their paths.
///
/// An answer is one value with its state, so that 調査中 becoming a value is one change. Rows,
/// awareness and attachments are matched by what identifies them, not by their place.
pub fn changes(before: &Body, after: &Body) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", &before.to_value(), &after.to_value(), &mut found);
    found
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if !is_answer(path) => {
            compare_objects(path, old, new, found);
        }
        (Value::Array(old), Value::Array(new)) if identified(old) && identified(new) => {
            compare_lists(path, old, new, found);
        }
        _ => found.push(Change {
            path: path.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn compare_objects(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Change>,
) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let path = format!("{path}/{}", escape(key));
        match (before.get(key), after.get(key)) {
            (Some(old), Some(new)) => compare(&path, old, new, found),
            (old, new) => {
                found.push(Change {
                    path,
                    before: old.cloned(),
                    after: new.cloned(),
                });
            }
        }
    }
}

fn compare_lists(path: &str, before: &[Value], after: &[Value], found: &mut Vec<Change>) {
    for (at, new) in after.iter().enumerate() {
        let path = format!("{path}/{at}");
        match before.iter().find(|old| identity(old) == identity(new)) {
            Some(old) => compare(&path, old, new, found),
            None => found.push(Change {
                path,
                before: None,
                after: Some(new.clone()),
            }),
        }
    }
    for (at, old) in before.iter().enumerate() {
        if !after.iter().any(|new| identity(old) == identity(new)) {
            let path = format!("{path}/{at}");
            found.push(Change {
                path,
                before: Some(old.clone()),
                after: None,
            });
        }
    }
}

fn is_answer(path: &str) -> bool {
    path.strip_prefix("/answers/")
        .is_some_and(|key| !key.contains('/'))
}

/// What tells the elements of a list apart, whatever their place.
fn identity(element: &Value) -> Option<&str> {
    ["computer", "id", "digest"]
        .into_iter()
        .find_map(|key| element.get(key)?.as_str())
}

fn identified(list: &[Value]) -> bool {
    list.iter().all(|element| identity(element).is_some())
}
