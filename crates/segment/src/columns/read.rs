//! Columns back to records.

use std::net::IpAddr;

use arrow_array::cast::AsArray as _;
use arrow_array::types::ArrowPrimitiveType;
use arrow_array::types::{TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, FixedSizeBinaryArray, ListArray, PrimitiveArray,
    RecordBatch, StringArray,
};
use warrant::CriterionId;

use crate::error::SegmentError;
use crate::record::{
    Address, AddressTag, Endpoint, MachineInfo, MailTag, Pseudonymised, SignatureHit,
};

/// Reads every record of a batch.
pub(crate) fn from_batch(batch: &RecordBatch) -> Result<Vec<MachineInfo>, SegmentError> {
    let columns = Columns::of(batch)?;
    (0..batch.num_rows())
        .map(|row| columns.record(row))
        .collect()
}

struct Columns<'b> {
    first: &'b PrimitiveArray<TimestampNanosecondType>,
    last: &'b PrimitiveArray<TimestampNanosecondType>,
    direction: &'b StringArray,
    source: End<'b>,
    destination: End<'b>,
    protocol: &'b PrimitiveArray<UInt8Type>,
    packets: &'b PrimitiveArray<UInt64Type>,
    bytes: &'b PrimitiveArray<UInt64Type>,
    tcp_flags: &'b PrimitiveArray<UInt8Type>,
    dns_name: &'b StringArray,
    server_name: &'b StringArray,
    ja4: &'b StringArray,
    mail: &'b ListArray,
    criteria: &'b ListArray,
    signature_criterion: &'b PrimitiveArray<UInt32Type>,
    signature_offset: &'b PrimitiveArray<UInt32Type>,
}

struct End<'b> {
    addresses: &'b FixedSizeBinaryArray,
    tags: &'b BooleanArray,
    ports: &'b PrimitiveArray<UInt16Type>,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch) -> Result<Self, SegmentError> {
        Ok(Self {
            first: primitive(batch, "first")?,
            last: primitive(batch, "last")?,
            direction: text(batch, "direction")?,
            source: End {
                addresses: fixed(batch, "source_address")?,
                tags: boolean(batch, "source_is_tag")?,
                ports: primitive(batch, "source_port")?,
            },
            destination: End {
                addresses: fixed(batch, "destination_address")?,
                tags: boolean(batch, "destination_is_tag")?,
                ports: primitive(batch, "destination_port")?,
            },
            protocol: primitive(batch, "protocol")?,
            packets: primitive(batch, "packets")?,
            bytes: primitive(batch, "bytes")?,
            tcp_flags: primitive(batch, "tcp_flags")?,
            dns_name: text(batch, "dns_name")?,
            server_name: text(batch, "server_name")?,
            ja4: text(batch, "ja4")?,
            mail: list(batch, "mail")?,
            criteria: list(batch, "criteria")?,
            signature_criterion: primitive(batch, "signature_criterion")?,
            signature_offset: primitive(batch, "signature_offset")?,
        })
    }

    fn record(&self, row: usize) -> Result<MachineInfo, SegmentError> {
        let direction = self.direction.value(row).parse();
        let criterion = value(self.signature_criterion, row);
        let offset = value(self.signature_offset, row);
        Ok(MachineInfo {
            first_ns: nanoseconds(self.first.value(row))?,
            last_ns: nanoseconds(self.last.value(row))?,
            direction: direction.map_err(|_| SegmentError::Value)?,
            source: self.source.read(row)?,
            destination: self.destination.read(row)?,
            protocol: self.protocol.value(row),
            packets: self.packets.value(row),
            bytes: self.bytes.value(row),
            tcp_flags: self.tcp_flags.value(row),
            dns_name: name(self.dns_name, row),
            server_name: name(self.server_name, row),
            ja4: name(self.ja4, row),
            mail: mails(&self.mail.value(row))?,
            criteria: criteria(&self.criteria.value(row))?,
            signature: criterion
                .zip(offset)
                .map(|(criterion, offset)| SignatureHit {
                    criterion: CriterionId::new(criterion),
                    offset,
                }),
        })
    }
}

impl End<'_> {
    fn read(&self, row: usize) -> Result<Endpoint, SegmentError> {
        let port = value(self.ports, row);
        if self.addresses.is_null(row) {
            return Ok(Endpoint {
                address: None,
                port,
            });
        }
        let bytes: [u8; 16] = self
            .addresses
            .value(row)
            .try_into()
            .map_err(|_| SegmentError::Value)?;
        let address = if self.tags.value(row) {
            Address::Tag(AddressTag(bytes))
        } else {
            Address::Plain(IpAddr::from(bytes).to_canonical())
        };
        Ok(Endpoint {
            address: Some(address),
            port,
        })
    }
}

fn value<T: ArrowPrimitiveType>(column: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    column.is_valid(row).then(|| column.value(row))
}

fn name(column: &StringArray, row: usize) -> Option<Box<str>> {
    column.is_valid(row).then(|| column.value(row).into())
}

fn nanoseconds(signed: i64) -> Result<u64, SegmentError> {
    u64::try_from(signed).map_err(|_| SegmentError::Value)
}

fn mails(items: &ArrayRef) -> Result<Vec<Pseudonymised>, SegmentError> {
    let items: &BinaryArray = items.as_binary_opt().ok_or(SegmentError::Columns)?;
    let mut mails = Vec::new();
    for bytes in items.iter().flatten() {
        let (tag, sealed) = bytes.split_first_chunk().ok_or(SegmentError::Value)?;
        mails.push(Pseudonymised {
            tag: MailTag(*tag),
            sealed: sealed.to_vec(),
        });
    }
    Ok(mails)
}

fn criteria(items: &ArrayRef) -> Result<Vec<CriterionId>, SegmentError> {
    let items = items.as_primitive_opt::<UInt32Type>();
    let items = items.ok_or(SegmentError::Columns)?;
    Ok(items.iter().flatten().map(CriterionId::new).collect())
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef, SegmentError> {
    batch.column_by_name(name).ok_or(SegmentError::Columns)
}

fn primitive<'b, T: ArrowPrimitiveType>(
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b PrimitiveArray<T>, SegmentError> {
    let found = column(batch, name)?.as_primitive_opt();
    found.ok_or(SegmentError::Columns)
}

fn text<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b StringArray, SegmentError> {
    let found = column(batch, name)?.as_string_opt();
    found.ok_or(SegmentError::Columns)
}

fn boolean<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b BooleanArray, SegmentError> {
    let found = column(batch, name)?.as_boolean_opt();
    found.ok_or(SegmentError::Columns)
}

fn fixed<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b FixedSizeBinaryArray, SegmentError> {
    let found = column(batch, name)?.as_fixed_size_binary_opt();
    found.ok_or(SegmentError::Columns)
}

fn list<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b ListArray, SegmentError> {
    let found = column(batch, name)?.as_list_opt();
    found.ok_or(SegmentError::Columns)
}
