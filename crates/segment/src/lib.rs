#![doc = include_str!("../README.md")]

mod columns;
mod error;
mod folder;
mod key_file;
mod keys;
mod open;
mod pseudonym;
mod record;
mod write;

pub use error::SegmentError;
pub use folder::{Listed, SegmentFolder, SegmentState};
pub use key_file::KeyTerms;
pub use keys::PrivateKey;
pub use open::OpenSegment;
pub use pseudonym::{PseudonymTerms, Pseudonymiser, Reidentifier, Side};
pub use record::{
    Address, AddressTag, Endpoint, MachineInfo, MailTag, Pseudonymised, SignatureHit,
};
pub use write::{SegmentTerms, SegmentWriter};
