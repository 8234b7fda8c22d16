//! Every statement of the store. Upper-case keywords, explicit columns, `$n` placeholders; no `now()`, no random.

pub(crate) mod access;
pub(crate) mod advisories;
pub(crate) mod approvals;
pub(crate) mod assets;
pub(crate) mod delegations;
pub(crate) mod desk_work;
pub(crate) mod desks;
pub(crate) mod dialect;
pub(crate) mod drafts;
pub(crate) mod entries;
pub(crate) mod filings;
pub(crate) mod imports;
pub(crate) mod incidents;
pub(crate) mod instance;
pub(crate) mod jobs;
pub(crate) mod ledger;
pub(crate) mod maintenance;
pub(crate) mod names;
pub(crate) mod orders;
pub(crate) mod peers;
pub(crate) mod people;
pub(crate) mod reconciliation;
pub(crate) mod reminders;
pub(crate) mod rules;
pub(crate) mod submissions;

use crate::store::Engine;
use crate::{many, official};

/// A statement by name, for the test that prepares them all.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// File and constant, for example `filings::LIST`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The one database it is for; `None` for both.
    pub only: Option<Engine>,
}

macro_rules! listed {
    ($($area:ident: $($name:ident),+;)+) => {
        const PORTABLE: &[Statement] = &[$($(Statement {
            name: concat!(stringify!($area), "::", stringify!($name)),
            text: $area::$name,
            only: None,
        },)+)+];
    };
}

listed! {
    access: INSERT_SESSION, SESSION_BY_TOKEN, TOUCH_SESSION, STEP_UP_SESSION, REVOKE_SESSION,
        REVOKE_SESSIONS_OF_PERSON, REVOKE_OTHER_SESSIONS, SESSIONS_OF_PERSON, INSERT_TOKEN,
        TOKEN_BY_HASH, TOKENS_OF_PERSON, REVOKE_TOKEN, REVOKE_TOKENS_OF_PERSON, INSERT_ENROLMENT,
        ENROLMENT, CLOSE_ENROLMENTS, INSERT_RECOVERY_CODE, SPEND_RECOVERY_CODE,
        COUNT_RECOVERY_CODES, FORGET_RECOVERY_CODES,
        ATTEMPTS, RECORD_ATTEMPTS, FORGET_ATTEMPTS;
    advisories: INSERT_FILE, FILE_KNOWN, FILES, KNOWN, INSERT, UPDATE, FORGET_PRODUCTS, INSERT_PRODUCT, LAST_CHANGE,
        TO_COMPARE, COMPARED, COMPARE_AGAIN, OF_PRODUCT, OF_NAME, INSERT_CANDIDATE, UNDECIDED_OF_COMPUTER,
        FORGET_CANDIDATE, CANDIDATES, COUNT_CANDIDATES, CANDIDATE, DECIDE, INSERT_DECISION, DECISIONS;
    approvals: INSERT_ROUTE, ROUTE, INSERT_REQUEST, INSERT_STANDING, UPDATE_STANDING, REQUEST, REQUESTS_OF_CASE,
        REQUESTS_OF_KIND, REQUESTS_IN_PHASE, INSERT_STEP, STEPS, INSERT_DEPUTY, END_DEPUTY, DEPUTIES, COLLEAGUES,
        LOOK, LOOKED_AT;
    assets: INSERT_FACILITY, UPDATE_FACILITY, FACILITY, FACILITIES, INSERT_COMPUTER,
        UPDATE_COMPUTER, SAVE_COMPUTER, SET_DUE, COMPUTER, COMPUTERS_BETWEEN,
        COMPUTERS_OF_FACILITY, INSERT_REVISION, REVISIONS, REVISIONS_BETWEEN, HEADS, COUNT_HEADS, DUE, UNDATED, DUE_COUNTS,
        INSERT_FILING_COMPUTER, FILINGS_OF_COMPUTER, FILING_COMPUTERS;
    delegations: INSERT, END, READ, OF_OWNER, TITLES_OF_CASES, IN_FORCE_OF_PERSON;
    desk_work: INSERT_ASSIGNMENT, ASSIGNMENTS, INSERT_TRANSFER, TRANSFERS, SAVE_FILTER, FILTERS, FORGET_FILTER;
    desks: INSERT_CHECK, CHECKS, INSERT_REQUEST, INSERT_ANSWER, REQUEST, REQUESTS_OF_FILING,
        IS_ANSWER, OPEN_REQUESTS, INSERT_FORWARDING, FORWARDINGS, ARRIVED;
    drafts: INSERT, UPDATE, READ, OF_SUBJECT, OF_OWNER, DELETE;
    entries: INSERT_DRAFT, UPDATE_DRAFT, DRAFT, DRAFTS, DELETE_DRAFT, INSERT, READ, OF_DESK, OPEN_OF_OPERATOR,
        INSERT_ANSWER, FORGET_CODES, INSERT_CODE, CODE, SPEND_CODE, COUNT_CODES;
    filings: INSERT, READ, READ_BY_NUMBER, OF_CASE, SUCCESSOR, SUCCESSORS, LIST, COUNT, SEARCH, QUEUE,
        INSERT_SEARCH, INSERT_ATTACHMENT, ATTACHMENTS, INSERT_OBJECT, OBJECT, OBJECTS,
        INSERT_ADDRESSEE, ADDRESSEES, INSERT_DELIVERY, DELIVERY, DELIVERIES, OUTBOX, OUTBOX_ENTRY,
        OUTBOX_COUNTS, UPDATE_DELIVERY, MARK_OPENED;
    imports: INSERT, UPDATE, READ, OF_OWNER, INSERT_SHEET, UPDATE_SHEET, SHEETS, SAVE_ROW, ROWS, PAGE,
        COUNTS, FORGET_ROWS, FORGET_SHEETS, LEARN, LEARNT, REGISTER_KEYS;
    incidents: INSERT_CASE, UPDATE_CASE, CASE, CASES, OPEN_CASES, COUNT_OPEN_CASES, COUNT_RECHECKS_DUE,
        INSERT_AWARENESS, AWARENESS, INSERT_JUDGEMENT, JUDGEMENTS, INSERT_DECISION,
        DECISIONS_OF_CASE, DECISION, DECISIONS, INSERT_FILING_AWARENESS, FILING_AWARENESS_OF_CASE,
        FILINGS_OF_CASE, LAST_FILING_OF;
    instance: APPLIED_MIGRATIONS, READ, WRITE;
    jobs: ENQUEUE, FINISH, RETRY, BURY, REVIVE, DEAD, DEAD_OF, READY_OF, READY, REMEMBER_OUTCOME, REMEMBERED_OUTCOME;
    ledger: INSERT_LEAF, INSERT_PENDING, PENDING_LOGS, PENDING, REMOVE_PENDING, INSERT_SEQUENCE,
        SIZE, COMMITMENTS_FROM, LEAVES_FROM, LEAVES_BEFORE, LEAF, LEAVES_OF_SUBJECT, UNSEQUENCED,
        INSERT_CHECKPOINT, LATEST_CHECKPOINT, CHECKPOINT_COVERING, COSIGNED_CHECKPOINT_COVERING,
        CHECKPOINTS_FROM, LOGS, INSERT_COSIGNATURE, COSIGNATURES;
    maintenance: FILED_OBJECTS, STRAY_LEAVES, LOST_LEAVES;
    orders: INSERT, INSERT_OPENING, INSERT_REPLY, INSERT_CLOSING, READ, REPLIES, LIST, OF_FILING;
    names: INSERT_LEARNED, UNDO_LEARNED, REPLACE_LEARNED, IN_FORCE, PAGE;
    peers: INSERT, READ, OF_CASE, DUE, CLAIM, SETTLE, KEEP_RECEIPT, RECEIPTS;
    people: INSERT_ORGANISATION, UPDATE_TARGETS, ORGANISATION, ORGANISATION_BY_DESK, ORGANISATIONS,
        INSERT_PERSON, INSERT_ROLE, REMOVE_ROLES, NEXT_VERSION, PERSON, PERSON_BY_LOGIN, PEOPLE_OF_ORGANISATION, ROLES,
        SET_PASSWORD, SET_TOTP, SPEND_TOTP_STEP, SET_ENABLED, SET_LOCALE;
    reconciliation: READ, SAVE, COMPUTER_SUMS, FACILITY_SUMS, IMPORT_SUMS, LAST_NAME, COMPUTERS, IMPORTED, INSERT_TASK,
        UPDATE_TASK, STANDING, TASK, PAGE, COUNTS, DUE_DAYS, INSERT_DECISION, DECISIONS;
    reminders: PEOPLE, PREFERENCE, SET_PREFERENCE, INSERT_NOTICE, IS_NOTICED, NOTICES, COUNT_UNREAD, READ_NOTICE,
        READ_ALL_NOTICES, INSERT_MAIL, MAILS_DUE, CLAIM_MAIL, SETTLE_MAIL, MAILS, COUNT_MAILS, DUE_DAYS, FEED, SET_FEED,
        REMOVE_FEED, FEED_BY_SECRET, FEED_FETCHED, EVENTS, INSERT_EVENT, UPDATE_EVENT, REMOVE_EVENT;
    rules: INSERT_PACK, APPROVE_PACK, PACK, PACKS, PACK_IN_FORCE, LIMITS_OF_OWNER, MOVE_LIMIT,
        INSERT_LIMIT_CHANGE, LIMIT_CHANGES;
    submissions: INSERT, INSERT_FILE, INSERT_EVENT, READ, OF_CASE, FILES, EVENTS, ANSWER, ANSWERS;
}

/// Every statement that the store can send, those of the official tables included.
pub fn statements() -> Vec<Statement> {
    let mut all = PORTABLE.to_vec();
    all.extend(access::FORGET_OLD.iter().map(|text| Statement {
        name: "access::FORGET_OLD",
        text,
        only: None,
    }));
    all.push(Statement {
        name: "dialect::CLAIM_JOB_SQLITE",
        text: dialect::CLAIM_JOB_SQLITE,
        only: Some(Engine::Sqlite),
    });
    all.push(Statement {
        name: "dialect::COPY_SQLITE",
        text: dialect::COPY_SQLITE,
        only: Some(Engine::Sqlite),
    });
    all.push(Statement {
        name: "dialect::CLAIM_JOB_POSTGRES",
        text: dialect::CLAIM_JOB_POSTGRES,
        only: Some(Engine::Postgres),
    });
    all.extend(many::ALL.iter().map(|many| Statement {
        name: many.name,
        text: many.full(),
        only: None,
    }));
    for table in official::TABLES {
        for text in [table.select_by_first_key, table.select_batch] {
            all.push(Statement {
                name: table.name,
                text,
                only: None,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::statements;

    /// Constants in the files of `sql/`, as `area::NAME`.
    fn constants() -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql");
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let area = path.file_stem().unwrap().to_str().unwrap().to_owned();
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                if let Some(rest) = line.strip_prefix("pub(crate) const ") {
                    let (name, _) = rest.split_once(':').unwrap();
                    names.insert(format!("{area}::{name}"));
                }
            }
        }
        names
    }

    #[test]
    fn the_list_of_statements_is_complete() {
        let listed: BTreeSet<String> = statements()
            .iter()
            .filter(|statement| statement.name.contains("::"))
            .map(|statement| statement.name.to_owned())
            .collect();
        assert_eq!(listed, constants());
    }
}
