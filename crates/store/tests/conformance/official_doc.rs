//! `docs/ledger/OFFICIAL-TABLES.md` says what `official::TABLES` says.

use std::fmt::Write as _;
use std::path::Path;

use store::official::{ColumnKind, TABLES};

/// Set to write the document instead of comparing it.
const UPDATE: &str = "NOROSHI_UPDATE_DOCS";

const HEAD: &str = "\
# Official tables

Generated from `store::official::TABLES`; `NOROSHI_UPDATE_DOCS=1 cargo nextest run -p noroshi-store official_tables` writes
it again.

These tables only grow: triggers refuse UPDATE and DELETE in both databases, and TRUNCATE in PostgreSQL. Every row is named
by a leaf of the ledger, by table, key and digest. Beside them the log itself (`ledger_leaf`, `ledger_sequence`,
`ledger_checkpoint`, `ledger_cosignature`) and the list of stored objects (`attachment`) only grow as well; a leaf is bound
by its commitment, an object by the digest in `filing_attachment`.

**Key**: the values of the key columns, joined by `/`.

**Digest**: SHA-256 over the canonical JSON (RFC 8785) of an object with every column below as a member. An id is its
hyphenated lower-case UUID, an integer a number (a string of digits beyond 2^53 - 1), text a string, octets a string of
lower-case hexadecimal digits, and an empty column `null`. A value that the database cannot show in its kind, which only
tampering leaves behind, is `false`, so that the digest fits no leaf. Instants (`…_at`) are microseconds since 1970 in UTC.
";

#[test]
fn the_document_of_official_tables_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ledger/OFFICIAL-TABLES.md");
    let expected = document();
    if wants_update() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "docs/ledger/OFFICIAL-TABLES.md is out of date; run this test with {UPDATE}=1"
    );
}

fn document() -> String {
    let mut text = HEAD.to_owned();
    for table in TABLES {
        write!(
            text,
            "\n## `{}`\n\n| Column | Kind | Key |\n|---|---|---|\n",
            table.name
        )
        .unwrap();
        for (column, kind) in table.columns {
            let kind = match kind {
                ColumnKind::Id => "id",
                ColumnKind::Integer => "integer",
                ColumnKind::Text => "text",
                ColumnKind::Octets => "octets",
            };
            let key = if table.keys.contains(column) {
                "yes"
            } else {
                ""
            };
            writeln!(text, "| `{column}` | {kind} | {key} |").unwrap();
        }
    }
    text
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests alone are told by the environment to write the document"
)]
fn wants_update() -> bool {
    std::env::var(UPDATE).is_ok()
}
