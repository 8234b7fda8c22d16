#![doc = include_str!("../README.md")]

mod access;
mod advisories;
mod documents;
mod exercise;
mod explain;
mod instance;
mod law;
mod ledger;
mod limits;
mod load;
mod peers;
mod reminders;
mod server;
mod storage;

pub use access::Access;
pub use advisories::{Advisories, Names};
pub use documents::Documents;
pub use exercise::Exercise;
pub use explain::explain;
pub use instance::{Instance, Mode};
pub use law::Law;
pub use ledger::Ledger;
pub use limits::Limits;
pub use load::{Config, ConfigError};
pub use peers::{PeerInstance, Peers};
pub use reminders::{Mail, MailSecurity, Reminders};
pub use server::{Cookies, Server};
pub use storage::Storage;
