//! Criteria being collected, in any order and from any number of files.

use std::collections::HashMap;
use std::net::IpAddr;

use warrant::CriterionKind;

use crate::criteria::parse::Row;
use crate::criteria::value::{self, Gate, Ports};
use crate::criteria::{MAX_SIGNATURES, MAX_VALUES, NameKind, Problem, file};

/// Ports on which names are looked for. Part of what is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePorts {
    /// DNS over UDP and TCP.
    pub dns: Vec<u16>,
    /// TLS over TCP.
    pub tls: Vec<u16>,
    /// QUIC.
    pub quic: Vec<u16>,
    /// SMTP.
    pub smtp: Vec<u16>,
}

impl Default for NamePorts {
    /// The registered ports of the services, and 8443.
    fn default() -> Self {
        Self {
            dns: vec![53, 5353, 5355],
            tls: vec![
                443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443,
            ],
            quic: vec![443, 853, 8443],
            smtp: vec![25, 587, 2525],
        }
    }
}

/// One name or mail address.
pub(crate) struct DraftName {
    pub(crate) kind: NameKind,
    pub(crate) suffix: bool,
    pub(crate) text: Box<str>,
    pub(crate) criterion: u32,
}

/// One byte signature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DraftSignature {
    pub(crate) octets: Vec<u8>,
    pub(crate) gate: Gate,
    pub(crate) criterion: u32,
}

/// What a compiled file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Distinct ids.
    pub criteria: usize,
    /// Distinct values.
    pub values: usize,
    /// Values that were given more than once for one id.
    pub duplicates: usize,
    /// Octets of the file.
    pub file_len: usize,
}

/// Criteria on their way into a file.
#[derive(Default)]
pub struct Draft {
    pub(crate) ports: NamePorts,
    numbers: HashMap<Box<str>, u32>,
    pub(crate) criteria: Vec<(Box<str>, Box<str>)>,
    pub(crate) v4: Vec<(u32, u32)>,
    pub(crate) v4_prefixes: Vec<(u32, u8, u32)>,
    pub(crate) v6: Vec<(u128, u8, u32)>,
    pub(crate) names: Vec<DraftName>,
    pub(crate) ja4: Vec<([u8; 36], u32)>,
    pub(crate) signatures: Vec<DraftSignature>,
    pub(crate) protocols: Vec<(u8, Ports, u32)>,
    values: usize,
    lower: String,
}

impl Draft {
    /// Sets the ports on which names are looked for.
    pub fn set_ports(&mut self, ports: NamePorts) {
        self.ports = ports;
    }

    /// How many values were added.
    pub const fn len(&self) -> usize {
        self.values
    }

    /// Whether nothing was added.
    pub const fn is_empty(&self) -> bool {
        self.values == 0
    }

    pub(crate) fn add(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        if MAX_VALUES <= self.values {
            return Err(Problem::TooMany);
        }
        let kind = value::kind(row.kind.trim())?;
        if kind != CriterionKind::Signature && !(row.directions.is_empty() && row.ports.is_empty())
        {
            return Err(Problem::StrayGate);
        }
        let text = if kind == CriterionKind::Signature {
            &row.value
        } else {
            row.value.trim()
        };
        // The value first: an id must not be taken by a line that is refused.
        let checked = self.check(kind, text, row)?;
        let criterion = self.number(row.id.trim(), row.reason.trim())?;
        self.put(checked, criterion);
        self.values = self.values.saturating_add(1);
        Ok(())
    }

    fn check(
        &mut self,
        kind: CriterionKind,
        text: &str,
        row: &Row<'_>,
    ) -> Result<Checked, Problem> {
        Ok(match kind {
            CriterionKind::Address => Checked::Address(value::address(text)?),
            CriterionKind::Prefix => {
                let (address, length) = value::prefix(text)?;
                Checked::Prefix(address, length)
            }
            CriterionKind::Port => {
                let (protocol, ports) = value::protocol_port(text)?;
                Checked::Port(protocol, ports)
            }
            CriterionKind::DnsName | CriterionKind::ServerName => {
                let pattern = value::name(text, &mut self.lower)?;
                let kind = if kind == CriterionKind::DnsName {
                    NameKind::Dns
                } else {
                    NameKind::Server
                };
                Checked::Name(kind, pattern.suffix, pattern.text.into())
            }
            CriterionKind::Mail => {
                let pattern = value::mail(text, &mut self.lower)?;
                Checked::Name(NameKind::Mail, pattern.suffix, pattern.text.into())
            }
            CriterionKind::Ja4 => Checked::Ja4(value::ja4(text)?),
            CriterionKind::Signature => {
                if MAX_SIGNATURES <= self.signatures.len() {
                    return Err(Problem::TooMany);
                }
                let gate = value::gate(&row.directions, &row.ports)?;
                Checked::Signature(value::signature(text)?, gate)
            }
        })
    }

    fn put(&mut self, checked: Checked, criterion: u32) {
        match checked {
            Checked::Address(IpAddr::V4(address)) => self.v4.push((address.to_bits(), criterion)),
            Checked::Address(IpAddr::V6(address)) => {
                self.v6.push((address.to_bits(), 128, criterion));
            }
            Checked::Prefix(IpAddr::V4(address), length) => {
                self.v4_prefixes
                    .push((address.to_bits(), length, criterion));
            }
            Checked::Prefix(IpAddr::V6(address), length) => {
                self.v6.push((address.to_bits(), length, criterion));
            }
            Checked::Port(protocol, ports) => self.protocols.push((protocol, ports, criterion)),
            Checked::Name(kind, suffix, text) => self.names.push(DraftName {
                kind,
                suffix,
                text,
                criterion,
            }),
            Checked::Ja4(fingerprint) => self.ja4.push((fingerprint, criterion)),
            Checked::Signature(octets, gate) => self.signatures.push(DraftSignature {
                octets,
                gate,
                criterion,
            }),
        }
    }

    /// The number of an id, new or known.
    fn number(&mut self, id: &str, reason: &str) -> Result<u32, Problem> {
        if let Some(number) = self.numbers.get(id) {
            let known = self.criteria.get(crate::bytes::wide(*number));
            return if known.is_some_and(|(_, known)| **known == *reason) {
                Ok(*number)
            } else {
                Err(Problem::OtherReason)
            };
        }
        if !is_id(id) {
            return Err(Problem::Id);
        }
        let chars = reason.chars().count();
        if !(1..=500).contains(&chars) || reason.chars().any(char::is_control) {
            return Err(Problem::Reason);
        }
        let number = u32::try_from(self.criteria.len()).map_err(|_| Problem::TooMany)?;
        self.numbers.insert(id.into(), number);
        self.criteria.push((id.into(), reason.into()));
        Ok(number)
    }

    /// The canonical file: the same criteria in whatever order give the same octets.
    pub fn compile(self) -> (Vec<u8>, Report) {
        file::write(self)
    }
}

/// A value that has its form.
enum Checked {
    Address(IpAddr),
    Prefix(IpAddr, u8),
    Port(u8, Ports),
    Name(NameKind, bool, Box<str>),
    Ja4([u8; 36]),
    Signature(Vec<u8>, Gate),
}

fn is_id(text: &str) -> bool {
    let sign = |octet: u8| b"._-:".contains(&octet);
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || sign(octet))
        && !text.bytes().next().is_some_and(sign)
}
