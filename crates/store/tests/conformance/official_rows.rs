//! One row in each table that only grows, written past the store, and a second value for each column.

use store::Engine;
use store::official::{ColumnKind, TABLES};
use testkit::RawConnection;
use uuid::Uuid;

/// Tables that only grow and that leaves do not stand for: the log itself, and the list of stored objects.
const OTHERS: &[(&str, &[(&str, ColumnKind)])] = &[
    (
        "ledger_leaf",
        &[
            ("id", ColumnKind::Id),
            ("log", ColumnKind::Text),
            ("act", ColumnKind::Text),
            ("subject_id", ColumnKind::Id),
            ("salt", ColumnKind::Octets),
            ("record", ColumnKind::Text),
            ("commitment", ColumnKind::Octets),
            ("recorded_at", ColumnKind::Integer),
        ],
    ),
    (
        "ledger_sequence",
        &[
            ("log", ColumnKind::Text),
            ("leaf_index", ColumnKind::Integer),
            ("leaf_id", ColumnKind::Id),
        ],
    ),
    (
        "ledger_checkpoint",
        &[
            ("log", ColumnKind::Text),
            ("tree_size", ColumnKind::Integer),
            ("root", ColumnKind::Octets),
            ("note", ColumnKind::Text),
            ("created_at", ColumnKind::Integer),
        ],
    ),
    (
        "ledger_cosignature",
        &[
            ("log", ColumnKind::Text),
            ("tree_size", ColumnKind::Integer),
            ("witness", ColumnKind::Text),
            ("line", ColumnKind::Text),
            ("created_at", ColumnKind::Integer),
        ],
    ),
    (
        "attachment",
        &[
            ("digest", ColumnKind::Octets),
            ("size", ColumnKind::Integer),
            ("media_type", ColumnKind::Text),
            ("created_by", ColumnKind::Id),
            ("owner_id", ColumnKind::Id),
            ("created_at", ColumnKind::Integer),
        ],
    ),
];

/// Every table that only grows, with its columns.
pub(crate) fn append_only() -> Vec<(&'static str, &'static [(&'static str, ColumnKind)])> {
    let official = TABLES.iter().map(|table| (table.name, table.columns));
    official.chain(OTHERS.iter().copied()).collect()
}

/// Writes one row to each of these tables, without regard to the rows they refer to.
pub(crate) async fn insert_one_of_each(raw: &mut RawConnection) {
    for (table, columns) in append_only() {
        insert(raw, table, columns).await;
    }
}

async fn insert(raw: &mut RawConnection, table: &str, columns: &[(&str, ColumnKind)]) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|(column, kind)| values(raw.engine(), table, column, *kind)[0].clone())
        .collect();
    let statement = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    );
    raw.execute(&statement).await.unwrap();
}

/// Two literals that a column may hold.
pub(crate) fn values(engine: Engine, table: &str, column: &str, kind: ColumnKind) -> [String; 2] {
    let text = |one: &str, other: &str| [format!("'{one}'"), format!("'{other}'")];
    match (table, column) {
        ("filing", "kind") => text("asset_notification", "asset_change"),
        ("filing_addressee", "role") => text("minister", "regional_head"),
        ("directive", "kind") => text("order", "guidance"),
        ("directive", "duty") => text("report", "change"),
        ("directive_closing", "outcome") => text("fulfilled", "withdrawn"),
        ("filing_entry", "way") => text("oral", "paper"),
        ("filing_entry", "identified") => text("code", "none"),
        ("filing_entry_answer", "answer") => text("recognised", "not_ours"),
        ("submission", "stage") => text("prompt", "full"),
        ("submission", "channel") => text("manual", "mail"),
        ("submission_event", "kind") => text("sent", "opened"),
        ("formal_check", "result") => text("meets", "lacks"),
        ("awareness", "kind") => text("near_miss", "incident"),
        ("awareness", "approximate") => ["0".to_owned(), "1".to_owned()],
        _ => match kind {
            ColumnKind::Id => [1, 2].map(|number| id_literal(engine, Uuid::from_u128(number))),
            ColumnKind::Integer => ["1".to_owned(), "2".to_owned()],
            // One character is another one that looks the same.
            ColumnKind::Text => text("髙A", "髙Α"),
            ColumnKind::Octets => ["00ff", "00fe"].map(|hex| octets_literal(engine, hex)),
        },
    }
}

pub(crate) fn id_literal(engine: Engine, id: Uuid) -> String {
    match engine {
        Engine::Sqlite => format!("X'{}'", id.simple()),
        Engine::Postgres => format!("'{id}'::uuid"),
    }
}

fn octets_literal(engine: Engine, hex: &str) -> String {
    match engine {
        Engine::Sqlite => format!("X'{hex}'"),
        Engine::Postgres => format!("'\\x{hex}'::bytea"),
    }
}
