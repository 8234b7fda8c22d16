//! The canonical file: a title, then sections in a fixed order, numbers in little-endian order.
//!
//! Everything in it is sorted and distinct, so equal criteria give equal octets, and opening needs no sorting.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::bytes::{long, wide};
use crate::criteria::draft::{Draft, DraftSignature, NamePorts, Report};
use crate::criteria::names::{NameKind, hash};
use crate::criteria::value::{Gate, Ports};
use crate::criteria::{MAX_SIGNATURES, MAX_VALUES, SIGNATURE_LEN};
use crate::direction::Directions;

const TITLE: &[u8] = b"noroshi-criteria 1\n";

/// Why a criteria file is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FileError {
    /// The title is not that of a criteria file.
    #[error("not a compiled criteria file; run `criteria compile`")]
    Title,
    /// The file is cut or damaged, or was not made by `criteria compile`.
    #[error("the criteria file is damaged in section {section}; compile it again")]
    Damaged {
        /// Which part.
        section: &'static str,
    },
}

/// What a file holds, read back and checked.
pub(crate) struct Contents {
    pub(crate) digest: [u8; 32],
    pub(crate) ids: Texts,
    pub(crate) reasons: Texts,
    pub(crate) ports: NamePorts,
    pub(crate) v4: Vec<u32>,
    pub(crate) v4_criteria: Vec<u32>,
    pub(crate) v4_prefixes: Vec<(u32, u8, u32)>,
    pub(crate) v6: Vec<(u128, u8, u32)>,
    pub(crate) name_hashes: Vec<u64>,
    pub(crate) name_flags: Vec<u8>,
    pub(crate) name_criteria: Vec<u32>,
    pub(crate) names: Texts,
    pub(crate) ja4: Vec<([u8; 36], u32)>,
    pub(crate) signatures: Vec<DraftSignature>,
    pub(crate) protocols: Vec<(u8, Ports, u32)>,
}

/// Many short texts in one piece of memory.
#[derive(Default)]
pub(crate) struct Texts {
    ends: Vec<u32>,
    text: String,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        let end = wide(*self.ends.get(number)?);
        let start = match number.checked_sub(1) {
            Some(before) => wide(*self.ends.get(before)?),
            None => 0,
        };
        self.text.get(start..end)
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }
}

/// Hash, flags, text and criterion of a name.
type Named = (u64, u8, Box<str>, u32);

/// Writes `draft`.
pub(crate) fn write(draft: Draft) -> (Vec<u8>, Report) {
    let mut draft = draft;
    let given = draft.len();
    renumber(&mut draft);
    let mut named: Vec<Named> = std::mem::take(&mut draft.names)
        .into_iter()
        .map(|name| {
            let flags = name.kind.flags(name.suffix);
            (
                hash(name.kind, name.text.as_bytes()),
                flags,
                name.text,
                name.criterion,
            )
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    draft.v4.sort_unstable();
    draft.v4.dedup();
    draft.v4_prefixes.sort_unstable();
    draft.v4_prefixes.dedup();
    draft.v6.sort_unstable();
    draft.v6.dedup();
    draft.ja4.sort_unstable();
    draft.ja4.dedup();
    draft.signatures.sort_unstable();
    draft.signatures.dedup();
    draft.protocols.sort_unstable();
    draft.protocols.dedup();

    let mut file = TITLE.to_vec();
    write_head(&mut file, &draft);
    write_addresses(&mut file, &draft);
    write_names(&mut file, &named);
    write_rest(&mut file, &draft);
    let values = [
        draft.v4.len(),
        draft.v4_prefixes.len(),
        draft.v6.len(),
        named.len(),
        draft.ja4.len(),
        draft.signatures.len(),
        draft.protocols.len(),
    ];
    let values = values.into_iter().fold(0, usize::saturating_add);
    let report = Report {
        criteria: draft.criteria.len(),
        values,
        duplicates: given.saturating_sub(values),
        file_len: file.len(),
    };
    (file, report)
}

fn write_head(out: &mut Vec<u8>, draft: &Draft) {
    count(out, draft.criteria.len());
    for (id, _) in &draft.criteria {
        text(out, id);
    }
    for (_, reason) in &draft.criteria {
        text(out, reason);
    }
    for ports in [
        &draft.ports.dns,
        &draft.ports.tls,
        &draft.ports.quic,
        &draft.ports.smtp,
    ] {
        let mut ports = ports.clone();
        ports.sort_unstable();
        ports.dedup();
        count(out, ports.len());
        all(out, ports.iter().map(|port| port.to_le_bytes()));
    }
}

fn write_addresses(out: &mut Vec<u8>, draft: &Draft) {
    count(out, draft.v4.len());
    all(
        out,
        draft.v4.iter().map(|(address, _)| address.to_le_bytes()),
    );
    all(
        out,
        draft
            .v4
            .iter()
            .map(|(_, criterion)| criterion.to_le_bytes()),
    );
    count(out, draft.v4_prefixes.len());
    for (address, length, criterion) in &draft.v4_prefixes {
        out.extend_from_slice(&address.to_le_bytes());
        out.push(*length);
        out.extend_from_slice(&criterion.to_le_bytes());
    }
    count(out, draft.v6.len());
    for (address, length, criterion) in &draft.v6 {
        out.extend_from_slice(&address.to_le_bytes());
        out.push(*length);
        out.extend_from_slice(&criterion.to_le_bytes());
    }
}

fn write_names(out: &mut Vec<u8>, named: &[Named]) {
    count(out, named.len());
    all(out, named.iter().map(|name| name.0.to_le_bytes()));
    all(out, named.iter().map(|name| [name.1]));
    all(out, named.iter().map(|name| name.3.to_le_bytes()));
    for name in named {
        text(out, &name.2);
    }
}

fn write_rest(out: &mut Vec<u8>, draft: &Draft) {
    count(out, draft.ja4.len());
    for (fingerprint, criterion) in &draft.ja4 {
        out.extend_from_slice(fingerprint);
        out.extend_from_slice(&criterion.to_le_bytes());
    }
    count(out, draft.signatures.len());
    for signature in &draft.signatures {
        out.extend_from_slice(&signature.criterion.to_le_bytes());
        out.push(signature.gate.directions);
        count(out, signature.gate.ports.len());
        for ports in &signature.gate.ports {
            out.extend_from_slice(&ports.first.to_le_bytes());
            out.extend_from_slice(&ports.last.to_le_bytes());
        }
        count(out, signature.octets.len());
        out.extend_from_slice(&signature.octets);
    }
    count(out, draft.protocols.len());
    for (protocol, ports, criterion) in &draft.protocols {
        out.push(*protocol);
        out.extend_from_slice(&ports.first.to_le_bytes());
        out.extend_from_slice(&ports.last.to_le_bytes());
        out.extend_from_slice(&criterion.to_le_bytes());
    }
}

/// Numbers criteria by the order of their ids instead of the order they came in.
fn renumber(draft: &mut Draft) {
    let mut order: Vec<usize> = (0..draft.criteria.len()).collect();
    order.sort_unstable_by(|a, b| draft.criteria.get(*a).cmp(&draft.criteria.get(*b)));
    let mut new = vec![0_u32; order.len()];
    for (place, old) in order.iter().zip(0_u32..).map(|(old, place)| (place, *old)) {
        if let Some(slot) = new.get_mut(old) {
            *slot = place;
        }
    }
    draft.criteria.sort_unstable();
    let renew = |criterion: &mut u32| {
        *criterion = new.get(wide(*criterion)).copied().unwrap_or(u32::MAX);
    };
    draft.v4.iter_mut().for_each(|entry| renew(&mut entry.1));
    draft
        .v4_prefixes
        .iter_mut()
        .for_each(|entry| renew(&mut entry.2));
    draft.v6.iter_mut().for_each(|entry| renew(&mut entry.2));
    draft
        .names
        .iter_mut()
        .for_each(|entry| renew(&mut entry.criterion));
    draft.ja4.iter_mut().for_each(|entry| renew(&mut entry.1));
    draft
        .signatures
        .iter_mut()
        .for_each(|entry| renew(&mut entry.criterion));
    draft
        .protocols
        .iter_mut()
        .for_each(|entry| renew(&mut entry.2));
}

fn count(out: &mut Vec<u8>, number: usize) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    out.extend_from_slice(&number.to_le_bytes());
}

fn all<const N: usize>(out: &mut Vec<u8>, numbers: impl Iterator<Item = [u8; N]>) {
    for number in numbers {
        out.extend_from_slice(&number);
    }
}

/// Texts are shorter than 2,001 octets: 500 characters.
fn text(out: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Reads a file and checks everything the look-ups rely on.
pub(crate) fn read(file: &[u8]) -> Result<Contents, FileError> {
    let rest = file.strip_prefix(TITLE).ok_or(FileError::Title)?;
    let mut input = Input {
        rest,
        section: "criteria",
    };
    let criteria = input.count(MAX_VALUES)?;
    let ids = input.texts(criteria)?;
    let reasons = input.texts(criteria)?;
    let known = |criterion: &u32| wide(*criterion) < criteria;

    input.section = "ports";
    let ports = NamePorts {
        dns: input.ports()?,
        tls: input.ports()?,
        quic: input.ports()?,
        smtp: input.ports()?,
    };

    input.section = "addresses";
    let n = input.count(MAX_VALUES)?;
    let v4: Vec<u32> = input.numbers(n, u32::from_le_bytes)?;
    let v4_criteria: Vec<u32> = input.numbers(n, u32::from_le_bytes)?;
    input.sound(v4.is_sorted() && v4_criteria.iter().all(known))?;

    input.section = "prefixes";
    let n = input.count(MAX_VALUES)?;
    let v4_prefixes = input.rows(n, |input| {
        let address = u32::from_le_bytes(input.array()?);
        let [length] = input.array()?;
        let host = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
        input.sound(length <= 32 && address & host == 0)?;
        Ok((address, length, u32::from_le_bytes(input.array()?)))
    })?;
    input.sound(v4_prefixes.is_sorted() && v4_prefixes.iter().all(|entry| known(&entry.2)))?;
    let n = input.count(MAX_VALUES)?;
    let v6 = input.rows(n, |input| {
        let address = u128::from_le_bytes(input.array()?);
        let [length] = input.array()?;
        let host = u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
        input.sound(length <= 128 && address & host == 0)?;
        Ok((address, length, u32::from_le_bytes(input.array()?)))
    })?;
    input.sound(v6.is_sorted() && v6.iter().all(|entry| known(&entry.2)))?;

    input.section = "names";
    let n = input.count(MAX_VALUES)?;
    let name_hashes: Vec<u64> = input.numbers(n, u64::from_le_bytes)?;
    let name_flags: Vec<u8> = input.numbers(n, u8::from_le_bytes)?;
    let name_criteria: Vec<u32> = input.numbers(n, u32::from_le_bytes)?;
    let names = input.texts(n)?;
    input.sound(
        name_hashes.is_sorted()
            && name_flags
                .iter()
                .all(|flags| NameKind::of_flags(*flags).is_some())
            && name_criteria.iter().all(known),
    )?;

    input.section = "ja4";
    let n = input.count(MAX_VALUES)?;
    let ja4 = input.rows(n, |input| {
        Ok((input.array()?, u32::from_le_bytes(input.array()?)))
    })?;
    input.sound(ja4.is_sorted() && ja4.iter().all(|entry| known(&entry.1)))?;

    input.section = "signatures";
    let n = input.count(MAX_SIGNATURES)?;
    let signatures = input.rows(n, Input::signature)?;
    input.sound(
        signatures
            .iter()
            .all(|signature| known(&signature.criterion)),
    )?;

    input.section = "protocols";
    let n = input.count(MAX_VALUES)?;
    let protocols = input.rows(n, |input| {
        let [protocol] = input.array()?;
        Ok((
            protocol,
            input.port_range()?,
            u32::from_le_bytes(input.array()?),
        ))
    })?;
    input.sound(protocols.iter().all(|entry| known(&entry.2)) && input.rest.is_empty())?;
    Ok(Contents {
        digest: Sha256::digest(file).into(),
        ids,
        reasons,
        ports,
        v4,
        v4_criteria,
        v4_prefixes,
        v6,
        name_hashes,
        name_flags,
        name_criteria,
        names,
        ja4,
        signatures,
        protocols,
    })
}

/// A digest in hexadecimal.
pub(crate) fn hex(digest: &[u8; 32]) -> String {
    let mut text = String::with_capacity(64);
    for octet in digest {
        let _ = write!(text, "{octet:02x}");
    }
    text
}

struct Input<'f> {
    rest: &'f [u8],
    section: &'static str,
}

impl<'f> Input<'f> {
    fn sound(&self, sound: bool) -> Result<(), FileError> {
        if sound { Ok(()) } else { Err(self.damaged()) }
    }

    const fn damaged(&self) -> FileError {
        FileError::Damaged {
            section: self.section,
        }
    }

    fn take(&mut self, count: usize) -> Result<&'f [u8], FileError> {
        let (head, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FileError> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(*head)
    }

    /// A count, never more than what could follow in the file.
    fn count(&mut self, most: usize) -> Result<usize, FileError> {
        let count = wide(u32::from_le_bytes(self.array()?));
        self.sound(count <= most && count <= self.rest.len())?;
        Ok(count)
    }

    fn numbers<T, const N: usize>(
        &mut self,
        count: usize,
        of: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, FileError> {
        let octets = self.take(count.saturating_mul(N))?;
        let (chunks, _) = octets.as_chunks::<N>();
        Ok(chunks.iter().map(|chunk| of(*chunk)).collect())
    }

    fn rows<T>(
        &mut self,
        count: usize,
        mut row: impl FnMut(&mut Self) -> Result<T, FileError>,
    ) -> Result<Vec<T>, FileError> {
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            rows.push(row(self)?);
        }
        Ok(rows)
    }

    fn texts(&mut self, count: usize) -> Result<Texts, FileError> {
        let mut texts = Texts {
            ends: Vec::with_capacity(count),
            text: String::new(),
        };
        for _ in 0..count {
            let length = usize::from(u16::from_le_bytes(self.array()?));
            let text = std::str::from_utf8(self.take(length)?).map_err(|_| self.damaged())?;
            texts.push(text);
        }
        self.sound(long(texts.text.len()) < u64::from(u32::MAX))?;
        Ok(texts)
    }

    fn ports(&mut self) -> Result<Vec<u16>, FileError> {
        let count = self.count(usize::from(u16::MAX))?;
        self.numbers(count, u16::from_le_bytes)
    }

    fn port_range(&mut self) -> Result<Ports, FileError> {
        let first = u16::from_le_bytes(self.array()?);
        let last = u16::from_le_bytes(self.array()?);
        self.sound(first <= last)?;
        Ok(Ports { first, last })
    }

    fn signature(&mut self) -> Result<DraftSignature, FileError> {
        let criterion = u32::from_le_bytes(self.array()?);
        let [directions] = self.array()?;
        self.sound(Directions::from_bits(directions).is_some())?;
        let count = self.count(64)?;
        let ports = self.rows(count, Self::port_range)?;
        let length = self.count(*SIGNATURE_LEN.end())?;
        self.sound(SIGNATURE_LEN.contains(&length))?;
        Ok(DraftSignature {
            octets: self.take(length)?.to_vec(),
            gate: Gate { directions, ports },
            criterion,
        })
    }
}
