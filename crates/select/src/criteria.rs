//! What may be selected: criteria with an id and a reason, compiled into one canonical file.

use thiserror::Error;
use warrant::CriterionKind;

mod addresses;
mod draft;
mod file;
mod index;
mod names;
mod parse;
mod signatures;
mod value;

pub use draft::{Draft, NamePorts, Report};
pub use file::FileError;
pub use index::{Criterion, Index};
pub use parse::{Form, LineError, parse};

#[cfg(test)]
pub(crate) use draft::DraftName;
pub(crate) use index::examine;
pub(crate) use names::NameKind;
pub(crate) use signatures::Found as SignatureFound;

/// Values in one file, at most: addresses, prefixes, names and the rest together.
pub const MAX_VALUES: usize = 10_000_000;
/// Byte signatures in one file, at most.
pub const MAX_SIGNATURES: usize = 100_000;
/// A prefix covers at most this much of IPv4, as a prefix length.
pub const WIDEST_V4: u8 = 8;
/// A prefix covers at most this much of IPv6, as a prefix length.
pub const WIDEST_V6: u8 = 16;
/// Octets of a signature. Fewer would be found in almost any traffic.
pub const SIGNATURE_LEN: std::ops::RangeInclusive<usize> = 4..=256;

/// What is wrong with a line of criteria, and what to do about it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// The first line of a CSV file.
    #[error(
        "the first line must name the columns: id,kind,value,reason and, for signatures, directions,ports"
    )]
    Columns,
    /// A quote that is not closed, or text behind one.
    #[error("a quoted field is not closed on its line; double the quotes inside it")]
    Quote,
    /// More or fewer fields than columns.
    #[error("not as many fields as there are columns; quote values that hold a comma")]
    FieldCount,
    /// Not an object of the expected fields.
    #[error(
        "not a JSON object with id, kind, value, reason (and directions, ports); one object a line"
    )]
    Json,
    /// A longer line than is read.
    #[error("longer than 4096 octets; shorten the reason")]
    TooLong,
    /// The id has not its form.
    #[error("an id is 1 to 64 of A-Z, a-z, 0-9 and . _ - : beginning with a letter or digit")]
    Id,
    /// The reason is empty or too long.
    #[error("a reason is 1 to 500 characters on one line")]
    Reason,
    /// One id with two reasons.
    #[error("this id was given another reason before; use one reason or another id")]
    OtherReason,
    /// No such kind.
    #[error("a kind is one of address, prefix, port, dns_name, server_name, ja4, signature, mail")]
    Kind,
    /// Not an address.
    #[error("not an IPv4 or IPv6 address; for a range use kind prefix")]
    Address,
    /// Not a prefix.
    #[error("not a prefix like 198.51.100.0/24 or 2001:db8::/32")]
    Prefix,
    /// Bits behind the prefix.
    #[error("the address has bits set behind the prefix length; clear them or lengthen the prefix")]
    HostBits,
    /// A prefix wider than may be approved.
    #[error("wider than /8 (IPv4) or /16 (IPv6); name the parts that are meant")]
    TooWide,
    /// Not a protocol and port.
    #[error("not like tcp/4444, udp/5000-5010 or sctp/2905")]
    Port,
    /// Not a name.
    #[error(
        "not a host name; write .example.org for a domain with everything below it, and xn-- for other scripts"
    )]
    Name,
    /// A suffix that is a top-level domain or less.
    #[error("a suffix needs at least two labels, as in .example.org")]
    WideSuffix,
    /// Not a fingerprint.
    #[error("not a JA4 fingerprint like t13d1516h2_8daaf6152771_02713d6af862")]
    Ja4,
    /// Not a signature.
    #[error("write hex:… or text:…, 4 to 256 octets that are not all the same")]
    Signature,
    /// A signature without gate.
    #[error(
        "a signature needs directions (soto_uchi uchi_soto soto_soto) and ports (443 8000-8080)"
    )]
    Gate,
    /// Directions or ports with another kind.
    #[error("directions and ports belong to signatures only; the warrant limits the others")]
    StrayGate,
    /// Not a mail address.
    #[error("not a mail address; write @example.org for every address of a domain")]
    Mail,
    /// More values than one file may hold.
    #[error(
        "more than 10,000,000 values or 100,000 signatures; split the criteria between measures"
    )]
    TooMany,
}

/// The kinds a criterion of one kind may be counted under, in the order of cost.
pub(crate) const fn rank(kind: CriterionKind) -> u8 {
    match kind {
        CriterionKind::Address => 0,
        CriterionKind::Prefix => 1,
        CriterionKind::Port => 2,
        CriterionKind::DnsName => 3,
        CriterionKind::ServerName => 4,
        CriterionKind::Ja4 => 5,
        CriterionKind::Mail => 6,
        CriterionKind::Signature => 7,
    }
}
