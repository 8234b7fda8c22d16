use std::io::Write;

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::Value;

use super::failure::Failure;

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for a person.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// Prints the answer of a command to standard output.
pub(super) struct Printer<'a> {
    format: Format,
    out: &'a mut dyn Write,
}

impl<'a> Printer<'a> {
    pub(super) fn new(format: Format, out: &'a mut dyn Write) -> Self {
        Self { format, out }
    }

    /// Prints `document`, or `lines` for a person.
    pub(super) fn print(self, document: &Value, lines: &[String]) -> Result<(), Failure> {
        match self.format {
            Format::Json => writeln!(self.out, "{document:#}"),
            Format::Text => lines
                .iter()
                .try_for_each(|line| writeln!(self.out, "{line}")),
        }
        .and_then(|()| self.out.flush())
        .context("write the answer")
        .map_err(Failure::Unable)
    }
}

/// A text of a document; `-` where it is absent.
pub(super) fn text<'a>(document: &'a Value, name: &str) -> &'a str {
    document.get(name).and_then(Value::as_str).unwrap_or("-")
}
