//! An approved set of criteria, ready for look-ups: flat, immutable, shared by all cores.

use warrant::{CriterionKind, Direction};

use crate::bytes::wide;
use crate::criteria::addresses::Addresses;
use crate::criteria::file::{FileError, Texts, hex, read};
use crate::criteria::names::{NameKind, Names};
use crate::criteria::signatures::{Found, Signatures};
use crate::criteria::value::Ports;
use crate::decode::Pair;

/// What is examined on a port, as bits.
pub(crate) mod examine {
    pub(crate) const DNS: u8 = 1;
    pub(crate) const TLS: u8 = 2;
    pub(crate) const QUIC: u8 = 4;
    pub(crate) const SMTP: u8 = 8;
    pub(crate) const PORT: u8 = 16;
}

const PORTS: usize = 1 << 16;

/// The compiled index of one criteria file.
pub struct Index {
    digest: [u8; 32],
    ids: Texts,
    reasons: Texts,
    addresses: Addresses,
    names: Names,
    ja4: Vec<([u8; 36], u32)>,
    signatures: Signatures,
    protocols: Vec<(u8, Ports, u32)>,
    /// What to examine on each port.
    ports: Vec<u8>,
}

/// One criterion, as the committee approved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion<'i> {
    /// Its id.
    pub id: &'i str,
    /// Why it is one.
    pub reason: &'i str,
}

impl Index {
    /// Opens a compiled file. The caller compares [`Index::digest`] with the warrant's.
    pub fn open(file: &[u8]) -> Result<Self, FileError> {
        let contents = read(file)?;
        let damaged = FileError::Damaged {
            section: "signatures",
        };
        let names = Names::new(
            contents.name_hashes,
            contents.name_flags,
            contents.name_criteria,
            contents.names,
        );
        let has_ja4 = !contents.ja4.is_empty();
        let mut ports = vec![0_u8; PORTS];
        let mut mark = |list: &[u16], bit: u8| {
            for port in list {
                if let Some(bits) = ports.get_mut(usize::from(*port)) {
                    *bits |= bit;
                }
            }
        };
        if names.any(NameKind::Dns) {
            mark(&contents.ports.dns, examine::DNS);
        }
        if names.any(NameKind::Server) || has_ja4 {
            mark(&contents.ports.tls, examine::TLS);
            mark(&contents.ports.quic, examine::QUIC);
        }
        if names.any(NameKind::Mail) {
            mark(&contents.ports.smtp, examine::SMTP);
        }
        for (_, range, _) in &contents.protocols {
            for port in range.first..=range.last {
                mark(&[port], examine::PORT);
            }
        }
        Ok(Self {
            digest: contents.digest,
            ids: contents.ids,
            reasons: contents.reasons,
            addresses: Addresses::new(
                contents.v4,
                contents.v4_criteria,
                &contents.v4_prefixes,
                &contents.v6,
            ),
            names,
            ja4: contents.ja4,
            signatures: Signatures::new(contents.signatures).ok_or(damaged)?,
            protocols: contents.protocols,
            ports,
        })
    }

    /// SHA-256 of the file.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The same in hexadecimal.
    pub fn digest_hex(&self) -> String {
        hex(&self.digest)
    }

    /// How many criteria there are; their numbers count from zero.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no criterion: then nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The criterion with a number.
    pub fn criterion(&self, number: u32) -> Option<Criterion<'_>> {
        Some(Criterion {
            id: self.ids.get(wide(number))?,
            reason: self.reasons.get(wide(number))?,
        })
    }

    /// Whether any criterion looks beyond addresses.
    pub(crate) fn looks_inside(&self) -> bool {
        !self.signatures.is_empty() || self.ports.iter().any(|bits| *bits != 0)
    }

    /// What addresses meet, of both ends.
    #[inline]
    pub(crate) fn match_addresses(&self, pair: &Pair, mut hit: impl FnMut(CriterionKind, u32)) {
        match *pair {
            Pair::V4 {
                source,
                destination,
            } => {
                self.addresses.find_v4(source, &mut hit);
                self.addresses.find_v4(destination, &mut hit);
            }
            Pair::V6 {
                source,
                destination,
            } => {
                self.addresses.find_v6(source, &mut hit);
                self.addresses.find_v6(destination, &mut hit);
            }
        }
    }

    /// Whether an IPv4 address meets any criterion.
    #[inline]
    pub(crate) fn meets_v4(&self, address: u32) -> bool {
        let mut met = false;
        self.addresses.find_v4(address, |_, _| met = true);
        met
    }

    /// What is to be examined on a port.
    #[inline]
    pub(crate) fn examine(&self, port: u16) -> u8 {
        self.ports.get(usize::from(port)).copied().unwrap_or(0)
    }

    /// What protocol and ports meet.
    pub(crate) fn match_ports(
        &self,
        number: u8,
        (source, destination): (u16, u16),
        mut hit: impl FnMut(CriterionKind, u32),
    ) {
        for (protocol, range, criterion) in &self.protocols {
            let fits = range.contain(source) || range.contain(destination);
            if *protocol == number && fits {
                hit(CriterionKind::Port, *criterion);
            }
        }
    }

    pub(crate) fn match_name(&self, kind: NameKind, name: &[u8], hit: impl FnMut(u32)) {
        self.names.find(kind, name, hit);
    }

    pub(crate) const fn has_ja4(&self) -> bool {
        !self.ja4.is_empty()
    }

    pub(crate) fn match_ja4(&self, fingerprint: &[u8; 36], mut hit: impl FnMut(u32)) {
        let first = self.ja4.partition_point(|entry| entry.0 < *fingerprint);
        let rest = self.ja4.get(first..).unwrap_or_default();
        for (_, criterion) in rest.iter().take_while(|entry| entry.0 == *fingerprint) {
            hit(*criterion);
        }
    }

    #[inline]
    pub(crate) fn wants_signatures(&self, direction: Direction, ports: (u16, u16)) -> bool {
        !self.signatures.is_empty() && self.signatures.wants(direction, ports)
    }

    pub(crate) fn match_signatures(
        &self,
        payload: &[u8],
        direction: Direction,
        ports: (u16, u16),
        found: &mut Vec<Found>,
    ) {
        self.signatures.find(payload, direction, ports, found);
    }
}
