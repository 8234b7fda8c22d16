//! Names as filed, keys to find equal ones, and how to reach people.

mod contact;
mod filed;
mod match_key;

pub use contact::{Contact, MailAddress, MailError, PersonName, Phone, PhoneError};
pub use filed::{CategoryName, DocumentReference, MakerName, OrganisationName, ProductName};
pub use match_key::{MatchKey, normalise_maker, normalise_product};
