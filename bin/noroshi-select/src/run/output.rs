//! From what the funnel selected to sealed segments: only what the warrant allows, masked.

use std::net::IpAddr;

use segment::{
    Endpoint, MachineInfo, Pseudonymised, Pseudonymiser, SegmentError, SegmentFolder, SegmentTerms,
    SegmentWriter, Side, SignatureHit,
};
use select::{Selected, Sink, Taken};
use warrant::{Admission, Conditions, Direction, InformationKind, SealedSegment};

use crate::clock;
use crate::refusal::Refused;

/// Records in one segment; then the next begins.
const SEGMENT_RECORDS: u64 = 1_000_000;

/// Writes records to segments, within the limits of the warrant.
pub(super) struct Output {
    conditions: Conditions,
    folder: SegmentFolder,
    terms: SegmentTerms,
    pseudonyms: Pseudonymiser,
    writer: Option<SegmentWriter>,
    /// Sealed since the last statement.
    sealed: Vec<SealedSegment>,
    next_segment: u32,
    kept_this_hour: u64,
    failure: Option<SegmentError>,
}

impl Output {
    pub(super) fn new(
        admission: &Admission,
        folder: SegmentFolder,
        terms: SegmentTerms,
        pseudonyms: Pseudonymiser,
    ) -> Self {
        Self {
            conditions: admission.warrant().terms().conditions.clone(),
            folder,
            terms,
            pseudonyms,
            writer: None,
            sealed: Vec::new(),
            next_segment: 0,
            kept_this_hour: 0,
            failure: None,
        }
    }

    /// Whether something could not be written.
    pub(super) const fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Begins the next hour of the limit on kept packets.
    pub(super) const fn begin_hour(&mut self) {
        self.kept_this_hour = 0;
    }

    /// Seals what is open; gives everything sealed since the last time.
    pub(super) fn seal(&mut self) -> anyhow::Result<Vec<SealedSegment>> {
        if let Some(writer) = self.writer.take() {
            self.sealed.push(writer.seal().map_err(Refused::Segment)?);
        }
        Ok(std::mem::take(&mut self.sealed))
    }

    /// Seals what is open at the end of a run; also whether it failed. What was sealed before is given anyway.
    pub(super) fn seal_last(&mut self) -> (Vec<SealedSegment>, bool) {
        match self.seal() {
            Ok(sealed) => (sealed, false),
            Err(_) => (std::mem::take(&mut self.sealed), true),
        }
    }

    fn write(&mut self, record: &Selected<'_>) -> Result<(), SegmentError> {
        let masked = self.mask(record)?;
        let full = self
            .writer
            .take_if(|open| SEGMENT_RECORDS <= open.records());
        if let Some(full) = full {
            self.sealed.push(full.seal()?);
        }
        if self.writer.is_none() {
            let number = self.next_segment;
            let begun = SegmentWriter::begin(&self.folder, &self.terms, number, clock::now())?;
            self.next_segment = number.saturating_add(1);
            self.writer = Some(begun);
        }
        match self.writer.as_mut() {
            Some(open) => open.push(masked),
            None => Err(SegmentError::Value),
        }
    }

    fn mask(&self, record: &Selected<'_>) -> Result<MachineInfo, SegmentError> {
        let allows = |kind| self.conditions.information.contains(&kind);
        let text = |kind, name: Option<&str>| name.filter(|_| allows(kind)).map(Box::from);
        let (source, destination) = record.addresses();
        let (source_side, destination_side) = sides(record.direction);
        let ports = record.ports.filter(|_| allows(InformationKind::Ports));
        let end = |address: IpAddr, side: Side, port: Option<u16>| Endpoint {
            address: allows(InformationKind::Addresses)
                .then(|| self.pseudonyms.address(address, side)),
            port,
        };
        let mut mail: Vec<Pseudonymised> = Vec::new();
        if allows(InformationKind::MailAddresses) {
            for address in record.mail() {
                mail.push(self.pseudonyms.mail(address.as_bytes())?);
            }
        }
        let flags = if allows(InformationKind::Flags) {
            record.tcp_flags
        } else {
            0
        };
        let signature = record
            .signature
            .filter(|_| allows(InformationKind::Signatures));
        Ok(MachineInfo {
            first_ns: record.first_ns,
            last_ns: record.last_ns,
            direction: record.direction,
            source: end(source, source_side, ports.map(|(source, _)| source)),
            destination: end(destination, destination_side, ports.map(|(_, port)| port)),
            protocol: record.protocol,
            packets: record.tally.packets,
            bytes: record.tally.bytes,
            tcp_flags: flags,
            dns_name: text(InformationKind::DnsNames, record.dns_name()),
            server_name: text(InformationKind::ServerNames, record.server_name()),
            ja4: text(InformationKind::Fingerprints, record.ja4()),
            mail,
            criteria: record.criteria(),
            signature: signature.map(|(criterion, offset)| SignatureHit { criterion, offset }),
        })
    }
}

impl Sink for Output {
    fn take(&mut self, record: &Selected<'_>) -> Taken {
        let after = self.kept_this_hour.saturating_add(record.tally.packets);
        let limit = self.conditions.kept_packets_per_hour;
        if limit.is_some_and(|limit| limit < after) {
            return Taken::OverLimit;
        }
        if self.failed() {
            return Taken::Failed;
        }
        match self.write(record) {
            Ok(()) => {
                self.kept_this_hour = after;
                Taken::Yes
            }
            Err(error) => {
                self.failure = Some(error);
                Taken::Failed
            }
        }
    }
}

/// On which side of the border source and destination are. Traffic within the country never comes here;
/// if it did, both ends would be masked.
const fn sides(direction: Direction) -> (Side, Side) {
    match direction {
        Direction::Inbound => (Side::Foreign, Side::Domestic),
        Direction::Outbound => (Side::Domestic, Side::Foreign),
        Direction::Transit => (Side::Foreign, Side::Foreign),
        Direction::Domestic => (Side::Domestic, Side::Domestic),
    }
}
