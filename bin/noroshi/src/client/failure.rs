use std::fmt;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::output::Format;

/// Why a command did not do what was asked, by what whoever called it can do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The server refused; nothing was changed.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// It is not known whether the server did it.
    #[error("{cause}\nno answer tells whether it was done; {repeat}")]
    Unknown {
        /// What came instead of an answer.
        cause: Cause,
        /// How to ask again.
        repeat: Repeat,
    },
    /// Nothing was asked of the server, or what was asked changes nothing.
    #[error("{0:#}")]
    Unable(anyhow::Error),
}

/// What came instead of an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    /// The line was cut, or nothing came in time.
    #[error("the line to the server broke: {0}")]
    Line(#[source] Box<ureq::Error>),
    /// The server failed.
    #[error("{0}")]
    Server(Box<Problem>),
}

/// How to ask again.
#[derive(Debug)]
pub(super) enum Repeat {
    /// The same key gives the same outcome.
    WithKey(String),
    /// The same request changes nothing the second time.
    AsItIs,
}

impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithKey(key) => write!(
                f,
                "repeat the same command with --idempotency-key {key}: it cannot be done twice\n\
                 （同じ --idempotency-key を付けて同じコマンドを繰り返してください。二重に提出されることはありません）"
            ),
            Self::AsItIs => {
                f.write_str("repeat the same command（同じコマンドを繰り返してください）")
            }
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Problem {
    /// Status of the answer.
    pub(super) status: u16,
    /// Stable code of the reason.
    pub(super) code: String,
    /// The reason in few words.
    pub(super) title: String,
    /// What to do.
    pub(super) detail: String,
    /// Fields that cannot be taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<FieldProblem>,
    /// Key under which the refused change was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idempotency_key: Option<String>,
}

/// A field that cannot be taken.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct FieldProblem {
    pub(super) pointer: String,
    pub(super) code: String,
    pub(super) detail: String,
}

impl Problem {
    /// Reads the body of a refusal; one that is no problem document keeps its status.
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let mut problem: Self = serde_json::from_slice(body).unwrap_or_default();
        problem.status = status;
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.title.is_empty() {
            return write!(f, "the server answered {} and no reason", self.status);
        }
        write!(f, "{}", self.title)?;
        if !self.code.is_empty() {
            write!(f, " [{}]", self.code)?;
        }
        if !self.detail.is_empty() {
            write!(f, "\n{}", self.detail)?;
        }
        for error in &self.errors {
            let detail = if error.detail.is_empty() {
                &error.code
            } else {
                &error.detail
            };
            write!(f, "\n  {}: {detail} [{}]", error.pointer, error.code)?;
        }
        Ok(())
    }
}

impl Failure {
    /// Something of this machine is wrong.
    pub(super) fn unable(text: impl fmt::Display) -> Self {
        Self::Unable(anyhow::anyhow!("{text}"))
    }

    /// What the program ends with.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Unable(_) => 2,
            Self::Unknown { .. } => 3,
        }
    }

    /// Says it to whoever called: a sentence, or in JSON what a script can act on.
    pub(super) fn tell(&self, format: Format, out: &mut dyn Write) -> anyhow::Result<()> {
        match format {
            Format::Text => writeln!(out, "{self}")?,
            Format::Json => writeln!(out, "{:#}", self.document())?,
        }
        Ok(())
    }

    fn document(&self) -> serde_json::Value {
        let (kind, problem, key) = match self {
            Self::Refused(problem) => ("refused", Some(problem), None),
            Self::Unknown { cause, repeat } => {
                let problem = match cause {
                    Cause::Line(_) => None,
                    Cause::Server(problem) => Some(problem),
                };
                let key = match repeat {
                    Repeat::WithKey(key) => Some(key),
                    Repeat::AsItIs => None,
                };
                ("unknown", problem, key)
            }
            Self::Unable(_) => ("unable", None, None),
        };
        serde_json::json!({
            "outcome": kind,
            "problem": problem,
            "idempotency_key": key,
            "message": self.to_string(),
        })
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Unable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Failure, Problem, Repeat};

    #[test]
    fn a_refusal_names_each_field() {
        let body = r#"{"title":"入力に誤りがあります","status":422,"detail":"直してください。","code":"invalid",
            "errors":[{"pointer":"/introduced_on","code":"day_form","detail":"日付の形が違います"}]}"#;
        let problem = Problem::read(422, body.as_bytes());
        assert_eq!(
            problem.to_string(),
            "入力に誤りがあります [invalid]\n直してください。\n  /introduced_on: 日付の形が違います [day_form]"
        );
        assert_eq!(Failure::Refused(Box::new(problem)).exit_code(), 1);
    }

    #[test]
    fn an_answer_of_something_else_than_our_server_keeps_its_status() {
        let problem = Problem::read(502, b"<html>");
        assert_eq!(problem.to_string(), "the server answered 502 and no reason");
    }

    #[test]
    fn an_unknown_outcome_says_how_to_ask_again_without_doing_it_twice() {
        let cause = Cause::Server(Box::new(Problem::read(503, b"")));
        let repeat = Repeat::WithKey("k-1".to_owned());
        let failure = Failure::Unknown { cause, repeat };
        assert!(failure.to_string().contains("--idempotency-key k-1"));
        assert_eq!(failure.document()["idempotency_key"], "k-1");
        assert_eq!(failure.exit_code(), 3);
    }
}
