//! Records as comma-separated values or as one JSON object a line.

use std::io::{self, BufWriter, Stdout, Write as _};

use jiff::Timestamp;
use segment::{Address, Endpoint, MachineInfo};
use serde_json::{Map, Value, json};

use crate::report::Format;

const COLUMNS: [&str; 19] = [
    "segment",
    "first",
    "last",
    "direction",
    "source",
    "source_port",
    "destination",
    "destination_port",
    "protocol",
    "packets",
    "bytes",
    "tcp_flags",
    "dns_name",
    "server_name",
    "ja4",
    "mail",
    "criteria",
    "signature_criterion",
    "signature_offset",
];

/// Prints records to standard output.
pub(super) struct Records {
    format: Format,
    out: BufWriter<Stdout>,
}

impl Records {
    pub(super) fn begin(format: Format) -> io::Result<Self> {
        let mut out = BufWriter::new(io::stdout());
        if !format.is_json() {
            writeln!(out, "{}", COLUMNS.join(","))?;
        }
        Ok(Self { format, out })
    }

    pub(super) fn print(&mut self, segment: &str, record: &MachineInfo) -> io::Result<()> {
        let values = values(segment, record);
        if self.format.is_json() {
            let named = COLUMNS.iter().map(|name| (*name).to_owned()).zip(values);
            let object: Map<String, Value> = named.filter(|(_, value)| !value.is_null()).collect();
            return writeln!(self.out, "{}", Value::Object(object));
        }
        let cells: Vec<String> = values.iter().map(cell).collect();
        writeln!(self.out, "{}", cells.join(","))
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn values(segment: &str, record: &MachineInfo) -> [Value; COLUMNS.len()] {
    let mail = record.mail.iter();
    let mail: Vec<String> = mail
        .map(|one| format!("{}{}", hex::encode(one.tag.0), hex::encode(&one.sealed)))
        .collect();
    let criteria: Vec<u32> = record.criteria.iter().map(|one| one.number()).collect();
    let signature = record.signature;
    [
        json!(segment),
        json!(time(record.first_ns)),
        json!(time(record.last_ns)),
        json!(record.direction),
        json!(address(&record.source)),
        json!(record.source.port),
        json!(address(&record.destination)),
        json!(record.destination.port),
        json!(record.protocol),
        json!(record.packets),
        json!(record.bytes),
        json!(record.tcp_flags),
        json!(record.dns_name),
        json!(record.server_name),
        json!(record.ja4),
        json!(mail),
        json!(criteria),
        json!(signature.map(|hit| hit.criterion.number())),
        json!(signature.map(|hit| hit.offset)),
    ]
}

fn time(ns: u64) -> Option<String> {
    let at = Timestamp::from_nanosecond(i128::from(ns)).ok()?;
    Some(at.to_string())
}

/// A plain address, or a tag as `tag:` and 32 hexadecimal digits.
fn address(end: &Endpoint) -> Option<String> {
    match end.address? {
        Address::Plain(address) => Some(address.to_string()),
        Address::Tag(tag) => Some(format!("tag:{}", hex::encode(tag.0))),
    }
}

/// One cell (RFC 4180). Names come from traffic: a cell that a spreadsheet would run is quoted with an apostrophe.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(cell).collect();
            items.join(" ")
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::cell;

    #[test]
    fn a_cell_from_traffic_is_never_a_formula() {
        assert_eq!(cell(&json!("=1+1")), "'=1+1");
        assert_eq!(cell(&json!("a,\"b\"")), "\"a,\"\"b\"\"\"");
        assert_eq!(cell(&json!([1, 2])), "1 2");
        assert_eq!(cell(&json!(null)), "");
    }
}
