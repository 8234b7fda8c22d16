//! Addresses that belong to no place: the special-purpose registries of IANA (RFC 6890 and what it lists).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::prefixes::{Place, Purpose, Range};

const V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// For documentation: usable in exercises only.
const V4_DOCUMENTATION: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
];

/// Outside `2000::/3` nothing is global unicast; within it, these are special.
const V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::UNSPECIFIED, 3),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x4000, 0, 0, 0, 0, 0, 0, 0), 2),
    (Ipv6Addr::new(0x8000, 0, 0, 0, 0, 0, 0, 0), 1),
];

const V6_DOCUMENTATION: &[(Ipv6Addr, u32)] =
    &[(Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32)];

/// The special ranges; for exercises without those of documentation.
pub(super) fn ranges(purpose: Purpose) -> Vec<Range> {
    let (v4, v6): (&[_], &[_]) = match purpose {
        Purpose::Operation => (V4_DOCUMENTATION, V6_DOCUMENTATION),
        Purpose::Exercise => (&[], &[]),
    };
    let v4 = V4.iter().chain(v4).map(|(address, length)| {
        let first = address.to_bits();
        let host = u32::MAX.checked_shr(*length).unwrap_or(0);
        range(false, u128::from(first), u128::from(first | host))
    });
    let v6 = V6.iter().chain(v6).map(|(address, length)| {
        let first = address.to_bits();
        let host = u128::MAX.checked_shr(*length).unwrap_or(0);
        range(true, first, first | host)
    });
    v4.chain(v6).collect()
}

fn range(v6: bool, first: u128, last: u128) -> Range {
    Range {
        v6,
        first,
        last,
        place: Place::Undetermined,
    }
}

/// The address a number stands for.
pub(super) fn address(v6: bool, number: u128) -> IpAddr {
    if v6 {
        return IpAddr::V6(Ipv6Addr::from_bits(number));
    }
    IpAddr::V4(Ipv4Addr::from_bits(
        u32::try_from(number).unwrap_or(u32::MAX),
    ))
}
