//! CSV and JSON lines to a draft; all errors by line.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;

use crate::criteria::{Draft, Problem};

/// Octets of one line, at most.
const MAX_LINE: usize = 4096;
/// Errors reported, at most; after so many the file is of another kind.
const MAX_ERRORS: usize = 1000;

/// How criteria are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated, the columns named in the first line.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// A line that cannot be used. It holds nothing of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Counted from 1.
    pub line: u32,
    /// What is wrong, and what to do.
    pub problem: Problem,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

/// The fields of one criterion, as they stand on a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row<'t> {
    #[serde(borrow)]
    pub(crate) id: Cow<'t, str>,
    #[serde(borrow)]
    pub(crate) kind: Cow<'t, str>,
    #[serde(borrow)]
    pub(crate) value: Cow<'t, str>,
    #[serde(borrow)]
    pub(crate) reason: Cow<'t, str>,
    #[serde(borrow, default)]
    pub(crate) directions: Cow<'t, str>,
    #[serde(borrow, default)]
    pub(crate) ports: Cow<'t, str>,
}

/// Adds every line of `text` to `draft`. Lines that are empty or begin with `#` are passed over.
pub fn parse(form: Form, text: &str, draft: &mut Draft) -> Result<(), Vec<LineError>> {
    let mut errors = Vec::new();
    let mut columns: Option<Columns> = None;
    for (text, line) in text.lines().zip(1_u32..) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let done = match (form, &columns) {
            _ if MAX_LINE < text.len() => Err(Problem::TooLong),
            (Form::JsonLines, _) => serde_json::from_str::<Row<'_>>(text)
                .map_err(|_| Problem::Json)
                .and_then(|row| draft.add(&row)),
            (Form::Csv, Some(columns)) => columns.row(text).and_then(|row| draft.add(&row)),
            (Form::Csv, None) => match Columns::read(text) {
                Ok(found) => {
                    columns = Some(found);
                    Ok(())
                }
                Err(problem) => return Err(vec![LineError { line, problem }]),
            },
        };
        if let Err(problem) = done {
            errors.push(LineError { line, problem });
            if MAX_ERRORS <= errors.len() || problem == Problem::TooMany {
                break;
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// Where each column stands.
struct Columns {
    count: usize,
    id: usize,
    kind: usize,
    value: usize,
    reason: usize,
    directions: Option<usize>,
    ports: Option<usize>,
}

impl Columns {
    fn read(text: &str) -> Result<Self, Problem> {
        let names = fields(text.trim_start_matches('\u{feff}'))?;
        let place = |name: &str| names.iter().position(|other| other.trim() == name);
        let known = ["id", "kind", "value", "reason", "directions", "ports"];
        let all_known = names.iter().all(|name| known.contains(&name.trim()));
        let (Some(id), Some(kind), Some(value), Some(reason), true) = (
            place("id"),
            place("kind"),
            place("value"),
            place("reason"),
            all_known,
        ) else {
            return Err(Problem::Columns);
        };
        Ok(Self {
            count: names.len(),
            id,
            kind,
            value,
            reason,
            directions: place("directions"),
            ports: place("ports"),
        })
    }

    fn row<'t>(&self, text: &'t str) -> Result<Row<'t>, Problem> {
        let fields = fields(text)?;
        if fields.len() != self.count {
            return Err(Problem::FieldCount);
        }
        let field = |at: usize| fields.get(at).cloned().unwrap_or_default();
        let optional = |at: Option<usize>| at.map(field).unwrap_or_default();
        Ok(Row {
            id: field(self.id),
            kind: field(self.kind),
            value: field(self.value),
            reason: field(self.reason),
            directions: optional(self.directions),
            ports: optional(self.ports),
        })
    }
}

/// The fields of a line of CSV (RFC 4180, without line breaks inside fields).
fn fields(text: &str) -> Result<Vec<Cow<'_, str>>, Problem> {
    let mut fields = Vec::with_capacity(6);
    let mut rest = text;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let Some((field, after)) = rest.split_once(',') else {
                fields.push(Cow::Borrowed(rest));
                return Ok(fields);
            };
            fields.push(Cow::Borrowed(field));
            rest = after;
            continue;
        };
        let mut field = String::new();
        let mut left = quoted;
        loop {
            let (part, after) = left.split_once('"').ok_or(Problem::Quote)?;
            field.push_str(part);
            let Some(more) = after.strip_prefix('"') else {
                left = after;
                break;
            };
            field.push('"');
            left = more;
        }
        fields.push(Cow::Owned(field));
        match left.strip_prefix(',') {
            Some(after) => rest = after,
            None if left.is_empty() => return Ok(fields),
            None => return Err(Problem::Quote),
        }
    }
}
