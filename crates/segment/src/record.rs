//! One record of machine information.

use std::fmt;
use std::net::IpAddr;

use warrant::{CriterionId, Direction};

/// Machine information (機械的情報, Act Art. 2(8)) of one communication, or of a part of it.
///
/// Nothing in it can hold payload. Fields that the warrant does not allow are `None` or empty.
#[derive(Clone, PartialEq, Eq)]
pub struct MachineInfo {
    /// First packet, nanoseconds since 1970 UTC.
    pub first_ns: u64,
    /// Last packet, nanoseconds since 1970 UTC; not before `first_ns`.
    pub last_ns: u64,
    pub direction: Direction,
    pub source: Endpoint,
    pub destination: Endpoint,
    /// IP protocol number, such as 6 for TCP.
    pub protocol: u8,
    /// Outer packets that this record stands for.
    pub packets: u64,
    /// Their octets on the wire.
    pub bytes: u64,
    /// All TCP flags seen, as in octet 13 of the header (RFC 9293); zero for other protocols.
    pub tcp_flags: u8,
    /// The first name asked for in the domain name system, in lower case without final dot.
    pub dns_name: Option<Box<str>>,
    /// The server name of a TLS or QUIC handshake, in lower case.
    pub server_name: Option<Box<str>>,
    /// The JA4 fingerprint of a TLS client.
    pub ja4: Option<Box<str>>,
    /// Mail addresses of an SMTP envelope.
    pub mail: Vec<Pseudonymised>,
    /// Every criterion that was met, in ascending order.
    pub criteria: Vec<CriterionId>,
    /// The first byte signature that was found.
    pub signature: Option<SignatureHit>,
}

/// One end of a communication.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// `None` where the warrant does not allow addresses.
    pub address: Option<Address>,
    /// `None` for protocols without ports, and where the warrant does not allow them.
    pub port: Option<u16>,
}

/// An address as it may leave the equipment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Address {
    Plain(IpAddr),
    /// A pseudonym (非識別化措置); equal addresses have equal tags within a run.
    Tag(AddressTag),
}

/// An address under a keyed permutation of the 128-bit address space (ipcrypt-deterministic), so that
/// the holder of the re-identification key can restore it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressTag(pub [u8; 16]);

/// A keyed tag of a mail address: equal addresses have equal tags within a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailTag(pub [u8; 16]);

/// A personal identifier as it may leave the equipment: a tag for joins, and the original sealed so that
/// only the holder of the re-identification key can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pseudonymised {
    pub tag: MailTag,
    pub sealed: Vec<u8>,
}

/// Where a byte signature was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureHit {
    pub criterion: CriterionId,
    /// Octets from the start of the transport payload to the first octet of the signature.
    pub offset: u32,
}

/// Shows no address and no name.
impl fmt::Debug for MachineInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineInfo")
            .field("direction", &self.direction)
            .field("packets", &self.packets)
            .field("criteria", &self.criteria)
            .finish_non_exhaustive()
    }
}

macro_rules! hidden {
    ($($name:ident)*) => {$(
        /// Hides the value.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )*};
}

hidden!(Endpoint Address AddressTag MailTag Pseudonymised);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_record_shows_neither_addresses_nor_names() {
        let info = MachineInfo {
            first_ns: 1,
            last_ns: 2,
            direction: Direction::Inbound,
            source: Endpoint {
                address: Some(Address::Plain([192, 0, 2, 77].into())),
                port: Some(50123),
            },
            destination: Endpoint {
                address: Some(Address::Tag(AddressTag([0xab; 16]))),
                port: Some(443),
            },
            protocol: 6,
            packets: 1,
            bytes: 60,
            tcp_flags: 2,
            dns_name: Some("secret.example".into()),
            server_name: Some("secret.example".into()),
            ja4: None,
            mail: vec![Pseudonymised {
                tag: MailTag([0xcd; 16]),
                sealed: vec![0xef; 40],
            }],
            criteria: vec![CriterionId::new(7)],
            signature: None,
        };
        let shown = format!("{info:?} {:?} {:?}", info.source, info.mail);
        for secret in ["192.0.2.77", "50123", "171", "205", "239", "secret"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("CriterionId(7)"), "{shown}");
    }
}
