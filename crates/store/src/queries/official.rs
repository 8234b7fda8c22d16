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
    rows.iter().map(|row| to_json(table, row)).collect()
}

pub(crate) async fn batch(
    conn: &mut Connection,
    table: &'static OfficialTable,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Map<String, Value>>> {
    let rows = sqlx::query::<Db>(table.select_batch)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| to_json(table, row)).collect()
}

fn to_json(table: &OfficialTable, row: &<Db as Database>::Row) -> sqlx::Result<Map<String, Value>> {
    let mut object = Map::new();
    for (column, kind) in table.columns {
        let value = match kind {
            ColumnKind::Id => row
                .try_get::<Option<Uuid>, _>(*column)?
                .map_or(Value::Null, |id| Value::String(id.to_string())),
            ColumnKind::Integer => row
                .try_get::<Option<i64>, _>(*column)?
                .map_or(Value::Null, Value::from),
            ColumnKind::Text => row
                .try_get::<Option<String>, _>(*column)?
                .map_or(Value::Null, Value::String),
            ColumnKind::Octets => row
                .try_get::<Option<Vec<u8>>, _>(*column)?
                .map_or(Value::Null, |octets| Value::String(hex::encode(octets))),
        };
        object.insert((*column).to_owned(), value);
    }
    Ok(object)
}
