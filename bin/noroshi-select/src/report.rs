//! What a command prints: lines for people, one JSON object for programs.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One JSON object.
    Json,
    /// Records as comma-separated values, for `segments open`.
    Csv,
    /// Records as one JSON object a line, for `segments open`.
    Jsonl,
}

impl Format {
    /// Whether a program reads it as JSON.
    pub(crate) const fn is_json(self) -> bool {
        match self {
            Self::Json | Self::Jsonl => true,
            Self::Text | Self::Csv => false,
        }
    }
}

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    /// The answer is no.
    Negative,
    Refused,
    /// A run ended before its input did.
    Stopped,
}

impl Verdict {
    const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Negative => 1,
            Self::Refused => 2,
            Self::Stopped => 3,
        }
    }
}

/// The answer of a command.
#[derive(Debug)]
pub(crate) struct Report {
    verdict: Verdict,
    lines: Vec<String>,
    facts: Map<String, Value>,
}

impl Report {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            lines: Vec::new(),
            facts: Map::new(),
        }
    }

    pub(crate) fn refused(code: &str, advice: Option<&str>, error: &anyhow::Error) -> Self {
        let mut report = Self::new(Verdict::Refused);
        let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
        report.line(format!("refused ({code}): {}", chain.join(": ")));
        report.fact("refused", json!(code));
        report.fact("reasons", json!(chain));
        if let Some(advice) = advice {
            report.line(advice);
            report.fact("advice", json!(advice));
        }
        report
    }

    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    pub(crate) fn fact(&mut self, name: &str, value: Value) {
        self.facts.insert(name.to_owned(), value);
    }

    /// A fact that is also a line.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers, names and texts alike are given as they are"
    )]
    pub(crate) fn both(&mut self, name: &str, label: &str, value: impl ToString) {
        let text = value.to_string();
        self.line(format!("{label:<22}{text}"));
        self.fact(name, json!(text));
    }

    /// Prints data on standard output, refusals on standard error.
    pub(crate) fn print(&self, format: Format) -> ExitCode {
        let text = if format.is_json() {
            Value::Object(self.facts.clone()).to_string()
        } else {
            self.lines.join("\n")
        };
        let written = if self.facts.is_empty() && self.lines.is_empty() {
            Ok(())
        } else if self.verdict == Verdict::Refused && !format.is_json() {
            writeln!(io::stderr(), "{text}")
        } else {
            writeln!(io::stdout(), "{text}")
        };
        match written {
            Ok(()) => ExitCode::from(self.verdict.exit_code()),
            Err(_) => ExitCode::from(Verdict::Refused.exit_code()),
        }
    }
}
