use serde_json::{Map, Value};
use sqlx::{Database, Row};
use uuid::Uuid;

use super::Db;
use crate::official::{ColumnKind, OfficialTable};

type Connection = <Db as Database>::Connection;

pub(crate) async fn by_first_key(
    conn: &mut Connection,
    table: &'static OfficialTable,
    key: Uuid,
) -> sqlx::Result<Vec<Map<String, Value>>> {
    let rows = sqlx::query::<Db>(table.select_by_first_key)
        .bind(key)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(|row| to_json(table, row)).collect())
}

pub(crate) async fn batch(
    conn: &mut Connection,
    table: &'static OfficialTable,
    first: Uuid,
    keys: i64,
) -> sqlx::Result<Vec<Map<String, Value>>> {
    let rows = sqlx::query::<Db>(table.select_batch)
        .bind(first)
        .bind(keys)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(|row| to_json(table, row)).collect())
}

/// Reads a row without failing on what it holds: `fsck` must be able to name a damaged row.
///
/// A value that cannot be read becomes `false`, which no sound column holds, so that the digest fits no leaf.
fn to_json(table: &OfficialTable, row: &<Db as Database>::Row) -> Map<String, Value> {
    let mut object = Map::new();
    for (column, kind) in table.columns {
        let value = match kind {
            ColumnKind::Id => row
                .try_get::<Option<Uuid>, _>(*column)
                .map(|id| id.map(|id| Value::String(id.to_string()))),
            ColumnKind::Integer => row
                .try_get::<Option<i64>, _>(*column)
                .map(|number| number.map(integer)),
            ColumnKind::Text => row
                .try_get::<Option<String>, _>(*column)
                .map(|text| text.map(Value::String)),
            ColumnKind::Octets => row
                .try_get::<Option<Vec<u8>>, _>(*column)
                .map(|octets| octets.map(|octets| Value::String(hex::encode(octets)))),
        };
        let value = match value {
            Ok(value) => value.unwrap_or(Value::Null),
            Err(_) => Value::Bool(false),
        };
        object.insert((*column).to_owned(), value);
    }
    object
}

/// A number, or its digits where canonical JSON has no number for it.
fn integer(number: i64) -> Value {
    if ledger::MAX_INTEGER < number.unsigned_abs() {
        Value::String(number.to_string())
    } else {
        Value::from(number)
    }
}
