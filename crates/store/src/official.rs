//! The tables that only grow, and the digest that binds a row of them to a leaf of the ledger.
//!
//! A leaf's record names each row it stands for by table, key and digest. The digest is SHA-256 over the canonical
//! JSON of all columns, as read back from the database, so that `noroshi ledger fsck` recomputes the same.

use ids::Digest;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

/// How a column of an official table is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// UUID.
    Id,
    /// 64-bit integer; instants are microseconds since 1970 in UTC.
    Integer,
    /// Text.
    Text,
    /// Octets, shown in hexadecimal.
    Octets,
}

/// A table that only grows.
#[derive(Debug)]
pub struct OfficialTable {
    /// Name in both databases.
    pub name: &'static str,
    /// Columns that name a row, the first of them an id.
    pub keys: &'static [&'static str],
    /// All columns with their kinds, keys first.
    pub columns: &'static [(&'static str, ColumnKind)],
    /// Rows with a given first key.
    pub(crate) select_by_first_key: &'static str,
    /// All rows of the next first keys, a batch of keys at a time.
    pub(crate) select_batch: &'static str,
}

/// One row of an official table, named and digested.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowRef {
    /// Table.
    pub table: &'static str,
    /// Values of the key columns, joined by `/`.
    pub key: String,
    /// SHA-256 over the canonical JSON of the row.
    pub digest: Digest,
}

macro_rules! official_tables {
    ($($(#[$doc:meta])* $constant:ident = $name:ident [$first:ident $(, $other:ident)*] { $($column:ident: $kind:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            pub static $constant: OfficialTable = OfficialTable {
                name: stringify!($name),
                keys: &[stringify!($first) $(, stringify!($other))*],
                columns: &[(stringify!($first), ColumnKind::Id), $((stringify!($column), ColumnKind::$kind)),+],
                select_by_first_key: concat!(
                    "SELECT ", stringify!($first), $(", ", stringify!($column),)+
                    " FROM ", stringify!($name),
                    " WHERE ", stringify!($first), " = $1 ORDER BY ", stringify!($first) $(, ", ", stringify!($other))*
                ),
                select_batch: concat!(
                    "SELECT ", stringify!($first), $(", ", stringify!($column),)+
                    " FROM ", stringify!($name),
                    " WHERE ", stringify!($first), " IN (SELECT DISTINCT ", stringify!($first),
                    " FROM ", stringify!($name), " WHERE ", stringify!($first), " >= $1",
                    " ORDER BY ", stringify!($first), " LIMIT $2)",
                    " ORDER BY ", stringify!($first) $(, ", ", stringify!($other))*
                ),
            };
        )+

        /// Every official table that leaves stand for.
        pub static TABLES: &[&OfficialTable] = &[$(&$constant),+];
    };
}

official_tables! {
    /// Filed documents.
    FILING = filing [id] {
        number: Text, kind: Text, owner_id: Id, case_id: Id, supersedes_id: Id, sequence: Integer, form_version: Text,
        body: Text, body_digest: Octets, rules_digest: Octets, filed_by: Id, filed_at: Integer,
    }
    /// Files that belong to them.
    FILING_ATTACHMENT = filing_attachment [filing_id, position] {
        position: Integer, digest: Octets, file_name: Text, size: Integer, media_type: Text,
    }
    /// Authorities to which they go.
    FILING_ADDRESSEE = filing_addressee [filing_id, organisation_id] {
        organisation_id: Id, role: Text, basis: Text, since_at: Integer,
    }
    /// Computers that a notification names.
    FILING_COMPUTER = filing_computer [filing_id, position] {
        position: Integer, computer_id: Id, revision_id: Id,
    }
    /// Versions of what is known of a computer.
    COMPUTER_REVISION = computer_revision [id] {
        computer_id: Id, number: Integer, body: Text, reason: Text, recorded_by: Id, recorded_at: Integer,
    }
    /// Moments of becoming aware.
    AWARENESS = awareness [id] {
        case_id: Id, kind: Text, aware_at: Integer, approximate: Integer, source: Text, corrects_id: Id, reason: Text,
        recorded_by: Id, recorded_at: Integer,
    }
    /// Decisions not to report.
    NO_REPORT_DECISION = no_report_decision [id] {
        number: Text, owner_id: Id, case_id: Id, summary: Text, answers: Text, outcome: Text, reason: Text,
        recheck_on: Text, rules_digest: Octets, decided_by: Id, decided_at: Integer,
    }
    /// Checks of formal requirements.
    FORMAL_CHECK = formal_check [id] {
        filing_id: Id, organisation_id: Id, result: Text, note: Text, checked_by: Id, checked_at: Integer,
    }
    /// Requests for correction.
    CORRECTION_REQUEST = correction_request [id] {
        filing_id: Id, organisation_id: Id, field: Text, text: Text, wanted_by_on: Text, requested_by: Id,
        requested_at: Integer,
    }
    /// Answers to them.
    CORRECTION_ANSWER = correction_answer [request_id] {
        answer_filing_id: Id, text: Text, answered_by: Id, answered_at: Integer,
    }
    /// Rule packs from outside the program, as they were proposed.
    RULE_PACK = rule_pack [id] {
        number: Integer, name: Text, issued_on: Text, digest: Octets, body: Text, note: Text, proposed_by: Id,
        proposed_at: Integer,
    }
    /// Their approvals by another person.
    RULE_PACK_APPROVAL = rule_pack_approval [pack_id] {
        number: Integer, approved_by: Id, approved_at: Integer,
    }
    /// Limits of computers that moved because the rule book changed.
    LIMIT_CHANGE = limit_change [id] {
        computer_id: Id, before_on: Text, after_on: Text, before_rules: Octets, after_rules: Octets,
        recorded_at: Integer,
    }
    /// Orders, opinions, demands and guidance.
    DIRECTIVE = directive [id] {
        number: Text, kind: Text, duty: Text, issuer_id: Id, addressee_id: Id, operator_id: Id, filing_id: Id,
        text: Text, grounds: Text, hearing: Text, due_on: Text, rules_digest: Octets, issued_by: Id,
        issued_at: Integer,
    }
    /// When they were first opened.
    DIRECTIVE_OPENING = directive_opening [directive_id] {
        opened_by: Id, opened_at: Integer,
    }
    /// Answers to them.
    DIRECTIVE_REPLY = directive_reply [id] {
        directive_id: Id, text: Text, filing_id: Id, replied_by: Id, replied_at: Integer,
    }
    /// How they ended.
    DIRECTIVE_CLOSING = directive_closing [directive_id] {
        outcome: Text, note: Text, closed_by: Id, closed_at: Integer,
    }
    /// Stages that documents pass inside an organisation before they are filed.
    APPROVAL_ROUTE = approval_route [id] {
        owner_id: Id, kind: Text, number: Integer, separation: Text, stages: Text, set_by: Id, set_at: Integer,
    }
    /// Requests for approval.
    APPROVAL_REQUEST = approval_request [id] {
        owner_id: Id, purpose: Text, kind: Text, case_id: Id, filing_id: Id, replaces_id: Id, separation: Text,
        stages: Text, body: Text, body_digest: Octets, wanted: Text, drafters: Text, note: Text, requested_by: Id,
        requested_at: Integer,
    }
    /// What was done with them.
    APPROVAL_STEP = approval_step [id] {
        request_id: Id, number: Integer, step: Text, stage: Integer, comment: Text, behalf_id: Id, filing_id: Id,
        taken_by: Id, taken_at: Integer,
    }
    /// Who stands in for whom.
    APPROVAL_DEPUTY = approval_deputy [id] {
        owner_id: Id, person_id: Id, deputy_id: Id, from_on: Text, until_on: Text, reason: Text, set_by: Id,
        set_at: Integer,
    }
    /// That somebody no longer stands in.
    APPROVAL_DEPUTY_END = approval_deputy_end [record_id] {
        ended_by: Id, ended_at: Integer,
    }
    /// What people of contractors may see or fill in.
    DELEGATION = delegation [id] {
        owner_id: Id, contractor_id: Id, person_id: Id, case_id: Id, sections: Text, extent: Text, reason: Text,
        until_at: Integer, given_by: Id, given_at: Integer,
    }
    /// That they no longer may.
    DELEGATION_END = delegation_end [delegation_id] {
        ended_by: Id, ended_at: Integer,
    }
    /// Who at a desk handles a filing.
    ASSIGNMENT = assignment [id] {
        filing_id: Id, desk_id: Id, person_id: Id, assigned_by: Id, assigned_at: Integer,
    }
    /// Filings that one desk of a Minister gave to another.
    DESK_TRANSFER = desk_transfer [id] {
        filing_id: Id, from_id: Id, to_id: Id, reason: Text, transferred_by: Id, transferred_at: Integer,
    }
    /// Filings that a desk took down for an operator.
    FILING_ENTRY = filing_entry [filing_id] {
        desk_id: Id, way: Text, received_at: Integer, caller_name: Text, caller_department: Text, caller_phone: Text,
        identified: Text, code_owner_id: Id, entered_by: Id, entered_at: Integer,
    }
    /// What the operator says of them.
    FILING_ENTRY_ANSWER = filing_entry_answer [filing_id] {
        answer: Text, note: Text, answered_by: Id, answered_at: Integer,
    }
    /// What was handed to each addressee of a case.
    SUBMISSION = submission [id] {
        owner_id: Id, case_id: Id, addressee: Text, desk: Text, address: Text, stage: Text, channel: Text,
        body: Text, body_digest: Octets, rules_digest: Octets, filing_id: Id, note: Text, recorded_by: Id,
        recorded_at: Integer,
    }
    /// Files that were handed over.
    SUBMISSION_FILE = submission_file [submission_id, position] {
        position: Integer, digest: Octets, file_name: Text, size: Integer, media_type: Text,
    }
    /// What became of it.
    SUBMISSION_EVENT = submission_event [id] {
        submission_id: Id, kind: Text, happened_at: Integer, number: Text, note: Text, recorded_by: Id,
        recorded_at: Integer,
    }
    /// Notifications passed on to the Prime Minister.
    FORWARDING = forwarding [id] {
        filing_id: Id, from_id: Id, to_id: Id, forwarded_by: Id, forwarded_at: Integer,
    }
}

/// The official table with this name.
pub fn table(name: &str) -> Option<&'static OfficialTable> {
    TABLES.iter().find(|table| table.name == name).copied()
}

impl OfficialTable {
    /// Names and digests a row that was read as JSON.
    pub(crate) fn row_ref(&self, row: Map<String, Value>) -> Result<RowRef, StoreError> {
        let key: Vec<String> = self
            .keys
            .iter()
            .map(|column| match row.get(*column) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            })
            .collect();
        let canonical =
            ledger::canonical_json(&Value::Object(row)).map_err(|_| StoreError::CorruptRow {
                table: self.name,
                column: "(row)",
            })?;
        let digest: [u8; 32] = Sha256::digest(canonical.as_bytes()).into();
        Ok(RowRef {
            table: self.name,
            key: key.join("/"),
            digest: Digest::from_bytes(digest),
        })
    }
}
