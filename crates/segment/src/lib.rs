#![doc = include_str!("../README.md")]

mod record;

pub use record::{
    Address, AddressTag, Endpoint, MachineInfo, MailTag, Pseudonymised, SignatureHit,
};
