//! Every statement of the store. Upper-case keywords, explicit columns, `$n` placeholders; no `now()`, no random.

pub(crate) mod access;
pub(crate) mod desks;
pub(crate) mod dialect;
pub(crate) mod drafts;
pub(crate) mod filings;
pub(crate) mod instance;
pub(crate) mod jobs;
pub(crate) mod ledger;
pub(crate) mod people;
