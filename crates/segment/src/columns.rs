//! Records as columns. The names and types are the format; `docs/select/FORMAT.md` lists them.

mod read;

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, ListBuilder, StringBuilder,
    TimestampNanosecondBuilder, UInt8Builder, UInt16Builder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

pub(crate) use self::read::from_batch;
use crate::error::SegmentError;
use crate::pseudonym::octets;
use crate::record::{Address, Endpoint, MachineInfo};

const ADDRESS_BYTES: i32 = 16;

pub(crate) fn schema() -> SchemaRef {
    let time = || DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()));
    let list = |of: DataType| DataType::List(Arc::new(Field::new("item", of, false)));
    let address = || DataType::FixedSizeBinary(ADDRESS_BYTES);
    let fields = [
        ("first", time(), false),
        ("last", time(), false),
        ("direction", DataType::Utf8, false),
        ("source_address", address(), true),
        ("source_is_tag", DataType::Boolean, true),
        ("source_port", DataType::UInt16, true),
        ("destination_address", address(), true),
        ("destination_is_tag", DataType::Boolean, true),
        ("destination_port", DataType::UInt16, true),
        ("protocol", DataType::UInt8, false),
        ("packets", DataType::UInt64, false),
        ("bytes", DataType::UInt64, false),
        ("tcp_flags", DataType::UInt8, false),
        ("dns_name", DataType::Utf8, true),
        ("server_name", DataType::Utf8, true),
        ("ja4", DataType::Utf8, true),
        ("mail", list(DataType::Binary), false),
        ("criteria", list(DataType::UInt32), false),
        ("signature_criterion", DataType::UInt32, true),
        ("signature_offset", DataType::UInt32, true),
    ];
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|(name, of, null)| Field::new(name, of, null))
        .collect();
    Arc::new(Schema::new(fields))
}

/// Builds the columns of one batch.
pub(crate) fn to_batch(records: &[MachineInfo]) -> Result<RecordBatch, SegmentError> {
    let mut columns: Vec<ArrayRef> = vec![
        times(records, |one| one.first_ns)?,
        times(records, |one| one.last_ns)?,
        texts(records, |one| Some(one.direction.code())),
    ];
    columns.extend(ends(records, |one| &one.source)?);
    columns.extend(ends(records, |one| &one.destination)?);
    columns.push(octet(records, |one| one.protocol));
    columns.push(whole(records, |one| one.packets));
    columns.push(whole(records, |one| one.bytes));
    columns.push(octet(records, |one| one.tcp_flags));
    columns.push(texts(records, |one| one.dns_name.as_deref()));
    columns.push(texts(records, |one| one.server_name.as_deref()));
    columns.push(texts(records, |one| one.ja4.as_deref()));
    columns.push(mails(records));
    columns.push(criteria(records));
    columns.push(numbers(records, |one| {
        one.signature.map(|hit| hit.criterion.number())
    }));
    columns.push(numbers(records, |one| one.signature.map(|hit| hit.offset)));
    RecordBatch::try_new(schema(), columns).map_err(SegmentError::arrow("build a batch"))
}

fn times(
    records: &[MachineInfo],
    pick: impl Fn(&MachineInfo) -> u64,
) -> Result<ArrayRef, SegmentError> {
    let mut column = TimestampNanosecondBuilder::new().with_timezone("UTC");
    for record in records {
        column.append_value(i64::try_from(pick(record)).map_err(|_| SegmentError::Value)?);
    }
    Ok(Arc::new(column.finish()))
}

fn texts<'r>(
    records: &'r [MachineInfo],
    pick: impl Fn(&'r MachineInfo) -> Option<&'r str>,
) -> ArrayRef {
    let mut column = StringBuilder::new();
    for record in records {
        column.append_option(pick(record));
    }
    Arc::new(column.finish())
}

fn octet(records: &[MachineInfo], pick: impl Fn(&MachineInfo) -> u8) -> ArrayRef {
    let mut column = UInt8Builder::new();
    for record in records {
        column.append_value(pick(record));
    }
    Arc::new(column.finish())
}

fn whole(records: &[MachineInfo], pick: impl Fn(&MachineInfo) -> u64) -> ArrayRef {
    let mut column = UInt64Builder::new();
    for record in records {
        column.append_value(pick(record));
    }
    Arc::new(column.finish())
}

fn numbers(records: &[MachineInfo], pick: impl Fn(&MachineInfo) -> Option<u32>) -> ArrayRef {
    let mut column = UInt32Builder::new();
    for record in records {
        column.append_option(pick(record));
    }
    Arc::new(column.finish())
}

/// Address, whether it is a tag, and port of one end.
fn ends(
    records: &[MachineInfo],
    pick: impl Fn(&MachineInfo) -> &Endpoint,
) -> Result<[ArrayRef; 3], SegmentError> {
    let mut addresses = FixedSizeBinaryBuilder::new(ADDRESS_BYTES);
    let (mut tags, mut ports) = (BooleanBuilder::new(), UInt16Builder::new());
    for end in records.iter().map(pick) {
        match end.address {
            None => addresses.append_null(),
            Some(address) => {
                let bytes = match address {
                    Address::Plain(address) => octets(address),
                    Address::Tag(tag) => tag.0,
                };
                let added = addresses.append_value(bytes);
                added.map_err(SegmentError::arrow("build a batch"))?;
            }
        }
        tags.append_option(end.address.map(|one| matches!(one, Address::Tag(_))));
        ports.append_option(end.port);
    }
    Ok([
        Arc::new(addresses.finish()),
        Arc::new(tags.finish()),
        Arc::new(ports.finish()),
    ])
}

/// Each mail address is 16 octets of tag and then the sealed original.
fn mails(records: &[MachineInfo]) -> ArrayRef {
    let item = Field::new("item", DataType::Binary, false);
    let mut column = ListBuilder::new(BinaryBuilder::new()).with_field(item);
    for record in records {
        for mail in &record.mail {
            let bytes = [&mail.tag.0[..], &mail.sealed].concat();
            column.values().append_value(bytes);
        }
        column.append(true);
    }
    Arc::new(column.finish())
}

fn criteria(records: &[MachineInfo]) -> ArrayRef {
    let item = Field::new("item", DataType::UInt32, false);
    let mut column = ListBuilder::new(UInt32Builder::new()).with_field(item);
    for record in records {
        for criterion in &record.criteria {
            column.values().append_value(criterion.number());
        }
        column.append(true);
    }
    Arc::new(column.finish())
}
