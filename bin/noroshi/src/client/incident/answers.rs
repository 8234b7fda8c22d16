//! Answers of a report from a file and from flags, as the fields of the draft.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::client::failure::Failure;
use crate::client::input;

/// Where the answers come from.
#[derive(Debug, Args)]
pub(super) struct AnswerArgs {
    /// Answers from a JSON or TOML file, one field each; `-` is standard input. A text, `true`, a list of codes, or a
    /// table with `text`, `time`, `unit`, `state`, `reason`, `approximate`, `ticked`, `computers`.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// One answer; may be given several times and stands before the file.
    #[arg(long = "set", value_name = "FIELD=TEXT")]
    set: Vec<String>,
    /// Fields under inquiry (調査中).
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    investigating: Vec<String>,
    /// Fields that nobody knows (不明).
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    unknown: Vec<String>,
    /// Fields that do not apply (該当なし).
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    not_applicable: Vec<String>,
}

impl AnswerArgs {
    /// The fields, as the API takes them.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, Failure> {
        let mut fields = Map::new();
        if let Some(path) = &self.answers {
            let Value::Object(written) = input::document(path)? else {
                return Err(Failure::unable("--answers: not a table of fields"));
            };
            for (key, value) in written {
                let field = field(value)
                    .ok_or_else(|| Failure::unable(format!("--answers: {key}: no answer")))?;
                fields.insert(key, field);
            }
        }
        let states = [
            (&self.investigating, "investigating"),
            (&self.unknown, "unknown"),
            (&self.not_applicable, "not_applicable"),
        ];
        for (keys, state) in states {
            for key in keys {
                fields.insert(key.clone(), json!({ "state": state }));
            }
        }
        for pair in &self.set {
            let (key, text) = pair
                .split_once('=')
                .ok_or_else(|| Failure::unable("--set: use FIELD=TEXT"))?;
            fields.insert(key.to_owned(), json!({ "text": text }));
        }
        Ok(fields)
    }
}

/// A field in short or in full; `None` for what can be neither.
fn field(value: Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(json!({ "text": text })),
        Value::Bool(yes) => Some(json!({ "text": if yes { "yes" } else { "no" } })),
        Value::Number(number) => Some(json!({ "text": number.to_string() })),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            Some(json!({ "ticked": items }))
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            Some(json!({ "computers": items }))
        }
        Value::Object(_) => Some(value),
        Value::Array(_) | Value::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clap::Parser;
    use serde_json::{Value, json};

    use super::AnswerArgs;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        answers: AnswerArgs,
    }

    fn fields(arguments: &[&str]) -> Option<Value> {
        let cli = Cli::try_parse_from([&["noroshi"], arguments].concat()).ok()?;
        cli.answers.fields().ok().map(Value::Object)
    }

    #[test]
    fn answers_are_written_in_short_or_in_full() {
        let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        let text = "contact_name = \"髙橋\"\ninjured = false\nentry_route = [\"rdp\"]\nhosts = 12\n\
            occurred_at = { text = \"令和8年11月20日\", time = \"3:17\", approximate = true }\n\
            [[computers]]\nproduct = \"関門ゲート\"\n";
        file.write_all(text.as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();
        assert_eq!(
            fields(&[
                "--answers",
                path,
                "--set",
                "contact_name=𠮷田",
                "--unknown",
                "a,b"
            ]),
            Some(json!({
                "contact_name": { "text": "𠮷田" },
                "injured": { "text": "no" },
                "entry_route": { "ticked": ["rdp"] },
                "hosts": { "text": "12" },
                "occurred_at": { "text": "令和8年11月20日", "time": "3:17", "approximate": true },
                "computers": { "computers": [{ "product": "関門ゲート" }] },
                "a": { "state": "unknown" },
                "b": { "state": "unknown" },
            }))
        );
    }

    #[test]
    fn a_text_may_hold_the_sign_that_separates_it() {
        assert_eq!(
            fields(&["--set", "summary=a=b"]),
            Some(json!({ "summary": { "text": "a=b" } }))
        );
        assert_eq!(fields(&["--set", "summary"]), None);
    }
}
