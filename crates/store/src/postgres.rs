//! The queries, compiled for PostgreSQL.

pub(crate) type Db = sqlx::Postgres;

#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/access.rs"]
pub(crate) mod access;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/advisories.rs"]
pub(crate) mod advisories;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/approvals.rs"]
pub(crate) mod approvals;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/assets.rs"]
pub(crate) mod assets;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/delegations.rs"]
pub(crate) mod delegations;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/desk_work.rs"]
pub(crate) mod desk_work;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/desks.rs"]
pub(crate) mod desks;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/drafts.rs"]
pub(crate) mod drafts;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/enrolment.rs"]
pub(crate) mod enrolment;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/entries.rs"]
pub(crate) mod entries;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/filings.rs"]
pub(crate) mod filings;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/imports.rs"]
pub(crate) mod imports;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/incidents.rs"]
pub(crate) mod incidents;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/instance.rs"]
pub(crate) mod instance;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/jobs.rs"]
pub(crate) mod jobs;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/ledger.rs"]
pub(crate) mod ledger;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/maintenance.rs"]
pub(crate) mod maintenance;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/names.rs"]
pub(crate) mod names;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/official.rs"]
pub(crate) mod official;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/orders.rs"]
pub(crate) mod orders;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/peers.rs"]
pub(crate) mod peers;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/people.rs"]
pub(crate) mod people;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/reconciliation.rs"]
pub(crate) mod reconciliation;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/reminders.rs"]
pub(crate) mod reminders;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/rules.rs"]
pub(crate) mod rules;
#[expect(
    clippy::duplicate_mod,
    reason = "one query source, compiled once per database"
)]
#[path = "queries/submissions.rs"]
pub(crate) mod submissions;
