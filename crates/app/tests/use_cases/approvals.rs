mod deputies;
mod emergency;
pub(crate) mod fixture;
mod notifications;
mod reports;
mod routes;
