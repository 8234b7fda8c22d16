//! The queries, compiled for SQLite.

pub(crate) type Db = sqlx::Sqlite;

#[path = "queries/access.rs"]
pub(crate) mod access;
#[path = "queries/advisories.rs"]
pub(crate) mod advisories;
#[path = "queries/approvals.rs"]
pub(crate) mod approvals;
#[path = "queries/assets.rs"]
pub(crate) mod assets;
#[path = "queries/delegations.rs"]
pub(crate) mod delegations;
#[path = "queries/desks.rs"]
pub(crate) mod desks;
#[path = "queries/drafts.rs"]
pub(crate) mod drafts;
#[path = "queries/enrolment.rs"]
pub(crate) mod enrolment;
#[path = "queries/filings.rs"]
pub(crate) mod filings;
#[path = "queries/imports.rs"]
pub(crate) mod imports;
#[path = "queries/incidents.rs"]
pub(crate) mod incidents;
#[path = "queries/instance.rs"]
pub(crate) mod instance;
#[path = "queries/jobs.rs"]
pub(crate) mod jobs;
#[path = "queries/ledger.rs"]
pub(crate) mod ledger;
#[path = "queries/maintenance.rs"]
pub(crate) mod maintenance;
#[path = "queries/names.rs"]
pub(crate) mod names;
#[path = "queries/official.rs"]
pub(crate) mod official;
#[path = "queries/orders.rs"]
pub(crate) mod orders;
#[path = "queries/people.rs"]
pub(crate) mod people;
#[path = "queries/reminders.rs"]
pub(crate) mod reminders;
#[path = "queries/rules.rs"]
pub(crate) mod rules;
