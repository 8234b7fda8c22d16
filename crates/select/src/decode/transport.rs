//! TCP, UDP, SCTP, ICMP.

use crate::bytes::{be16, be32, byte};

/// Protocol numbers of IP (IANA registry).
pub(crate) mod protocol {
    pub(crate) const HOP_BY_HOP: u8 = 0;
    pub(crate) const ICMP: u8 = 1;
    pub(crate) const IPV4: u8 = 4;
    pub(crate) const TCP: u8 = 6;
    pub(crate) const UDP: u8 = 17;
    pub(crate) const IPV6: u8 = 41;
    pub(crate) const ROUTING: u8 = 43;
    pub(crate) const FRAGMENT: u8 = 44;
    pub(crate) const GRE: u8 = 47;
    pub(crate) const AUTHENTICATION: u8 = 51;
    pub(crate) const ICMP6: u8 = 58;
    pub(crate) const DESTINATION: u8 = 60;
    pub(crate) const SCTP: u8 = 132;
    pub(crate) const MOBILITY: u8 = 135;
    pub(crate) const MPLS: u8 = 137;
    pub(crate) const HOST_IDENTITY: u8 = 139;
    pub(crate) const SHIM: u8 = 140;
}

/// A TCP segment.
#[derive(Clone, Copy)]
pub struct Tcp<'f> {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
    pub(crate) sequence: u32,
    /// The octet of flags, from FIN (1) to CWR (128).
    pub flags: u8,
    pub(crate) payload: &'f [u8],
}

impl Tcp<'_> {
    pub(crate) const FIN: u8 = 1;
    pub(crate) const SYN: u8 = 2;
    pub(crate) const RST: u8 = 4;
}

/// What an IP packet carries. No `Debug`: variants hold payload.
#[derive(Clone, Copy)]
pub enum Transport<'f> {
    /// TCP.
    Tcp(Tcp<'f>),
    /// UDP: ports and payload.
    Udp {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
        #[doc(hidden)]
        payload: Payload<'f>,
    },
    /// SCTP: ports only, chunks are not opened.
    Sctp {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
        #[doc(hidden)]
        payload: Payload<'f>,
    },
    /// ICMP of either version.
    Icmp {
        /// 1 or 58.
        protocol: u8,
        /// The message type.
        kind: u8,
        /// The code within the type.
        code: u8,
    },
    /// A fragment that is not the first: it has no ports.
    Fragment {
        /// What the whole packet carries.
        protocol: u8,
    },
    /// Another protocol, or a header that the capture cut short.
    Other {
        /// The protocol number.
        protocol: u8,
    },
}

/// Octets that only this crate reads.
#[derive(Clone, Copy)]
pub struct Payload<'f>(pub(crate) &'f [u8]);

impl<'f> Transport<'f> {
    #[inline]
    pub(super) fn parse(number: u8, bytes: &'f [u8]) -> Self {
        let parsed = match number {
            protocol::TCP => tcp(bytes),
            protocol::UDP => udp(bytes),
            protocol::SCTP => sctp(bytes),
            protocol::ICMP | protocol::ICMP6 => match *bytes {
                [kind, code, ..] => Some(Self::Icmp {
                    protocol: number,
                    kind,
                    code,
                }),
                _ => None,
            },
            _ => None,
        };
        parsed.unwrap_or(Self::Other { protocol: number })
    }

    /// The protocol number.
    pub const fn protocol(&self) -> u8 {
        match self {
            Self::Tcp(_) => protocol::TCP,
            Self::Udp { .. } => protocol::UDP,
            Self::Sctp { .. } => protocol::SCTP,
            Self::Icmp { protocol, .. }
            | Self::Fragment { protocol }
            | Self::Other { protocol } => *protocol,
        }
    }

    /// Source and destination port, where there are any.
    #[inline]
    pub const fn ports(&self) -> Option<(u16, u16)> {
        match self {
            Self::Tcp(tcp) => Some((tcp.source, tcp.destination)),
            Self::Udp {
                source,
                destination,
                ..
            }
            | Self::Sctp {
                source,
                destination,
                ..
            } => Some((*source, *destination)),
            Self::Icmp { .. } | Self::Fragment { .. } | Self::Other { .. } => None,
        }
    }

    /// The flags of TCP, else none.
    pub const fn tcp_flags(&self) -> u8 {
        match self {
            Self::Tcp(tcp) => tcp.flags,
            _ => 0,
        }
    }

    #[inline]
    pub(crate) const fn payload(&self) -> &'f [u8] {
        match self {
            Self::Tcp(tcp) => tcp.payload,
            Self::Udp { payload, .. } | Self::Sctp { payload, .. } => payload.0,
            Self::Icmp { .. } | Self::Fragment { .. } | Self::Other { .. } => &[],
        }
    }
}

/// RFC 9293 section 3.1. A data offset that contradicts the segment leaves the ports and no payload.
#[inline]
fn tcp(bytes: &[u8]) -> Option<Transport<'_>> {
    let (header, _) = bytes.split_first_chunk::<20>()?;
    let [
        s0,
        s1,
        d0,
        d1,
        q0,
        q1,
        q2,
        q3,
        _,
        _,
        _,
        _,
        offset,
        flags,
        ..,
    ] = *header;
    let header_len = usize::from(offset >> 4).wrapping_mul(4);
    let payload = if header_len < 20 {
        &[]
    } else {
        bytes.get(header_len..).unwrap_or_default()
    };
    Some(Transport::Tcp(Tcp {
        source: u16::from_be_bytes([s0, s1]),
        destination: u16::from_be_bytes([d0, d1]),
        sequence: u32::from_be_bytes([q0, q1, q2, q3]),
        flags,
        payload,
    }))
}

/// RFC 768. The length bounds the payload where it is smaller than what is there.
#[inline]
fn udp(bytes: &[u8]) -> Option<Transport<'_>> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let [s0, s1, d0, d1, l0, l1, ..] = *header;
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    let payload = match length.checked_sub(8) {
        Some(length) => rest.get(..length).unwrap_or(rest),
        // Zero stands for a packet larger than the field (RFC 2675).
        None if length == 0 => rest,
        None => &[],
    };
    Some(Transport::Udp {
        source: u16::from_be_bytes([s0, s1]),
        destination: u16::from_be_bytes([d0, d1]),
        payload: Payload(payload),
    })
}

/// RFC 9260 section 3.1: a common header of 12 octets.
fn sctp(bytes: &[u8]) -> Option<Transport<'_>> {
    let (header, rest) = bytes.split_first_chunk::<12>()?;
    Some(Transport::Sctp {
        source: be16(header, 0)?,
        destination: be16(header, 2)?,
        payload: Payload(rest),
    })
}

/// The header of a GRE packet, for the tunnel walk: flags, version and protocol type.
pub(super) fn gre(bytes: &[u8]) -> Option<(u16, u16)> {
    Some((be16(bytes, 0)?, be16(bytes, 2)?))
}

/// Whether `bytes` begin like IP of either version.
pub(super) fn looks_like_ip(bytes: &[u8]) -> bool {
    match byte(bytes, 0).map(|first| first >> 4) {
        Some(4) => be32(bytes, 16).is_some(),
        Some(6) => 40 <= bytes.len(),
        _ => false,
    }
}
