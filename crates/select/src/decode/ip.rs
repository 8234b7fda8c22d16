//! IPv4 and IPv6 headers, extension headers and fragments.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::bytes::{be32, be128};
use crate::decode::transport::{Transport, protocol};
use crate::decode::{Decoded, Packet, Skip, Tunnels, Walk, from, octet, short};

/// The two addresses of an IP packet, as numbers. Printed without them: addresses are not for logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pair {
    /// IPv4.
    V4 {
        /// Who sent it.
        source: u32,
        /// To whom.
        destination: u32,
    },
    /// IPv6.
    V6 {
        /// Who sent it.
        source: u128,
        /// To whom.
        destination: u128,
    },
}

impl Pair {
    /// Both addresses as the standard library's type: source, destination.
    pub fn addresses(&self) -> (IpAddr, IpAddr) {
        match *self {
            Self::V4 {
                source,
                destination,
            } => (
                IpAddr::V4(Ipv4Addr::from(source)),
                IpAddr::V4(Ipv4Addr::from(destination)),
            ),
            Self::V6 {
                source,
                destination,
            } => (
                IpAddr::V6(Ipv6Addr::from(source)),
                IpAddr::V6(Ipv6Addr::from(destination)),
            ),
        }
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 { .. } => "V4(..)",
            Self::V6 { .. } => "V6(..)",
        })
    }
}

/// Extension headers in one chain, at most.
const MAX_EXTENSIONS: u8 = 8;

impl Walk {
    /// Lengths are octets, from the header (RFC 791 section 3.1) and checked against what was captured.
    #[inline]
    pub(super) fn ipv4<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let (header, _) = bytes.split_first_chunk::<20>().ok_or(Skip::Cut)?;
        let [first, _, l0, l1, _, _, f0, f1, _, next, ..] = *header;
        if first >> 4 != 4 {
            return Err(Skip::BadHeader);
        }
        let header_len = usize::from(first & 0x0f).wrapping_mul(4);
        // Zero where segmentation was left to the network card: then the frame says how long it is.
        let total_len = match usize::from(u16::from_be_bytes([l0, l1])) {
            0 => bytes.len(),
            length => length,
        };
        if header_len < 20 || total_len < header_len {
            return Err(Skip::BadHeader);
        }
        let payload = bytes
            .get(header_len..total_len.min(bytes.len()))
            .ok_or(Skip::Cut)?;
        let pair = Pair::V4 {
            source: be32(header, 12).ok_or(Skip::Cut)?,
            destination: be32(header, 16).ok_or(Skip::Cut)?,
        };
        let offset = u16::from_be_bytes([f0, f1]) & 0x1fff;
        if offset != 0 {
            return Ok(self.found(pair, Transport::Fragment { protocol: next }));
        }
        self.carried(pair, next, payload)
    }

    /// RFC 8200 sections 3 and 4.
    #[inline]
    pub(super) fn ipv6<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let (header, rest) = bytes.split_first_chunk::<40>().ok_or(Skip::Cut)?;
        let [first, _, _, _, l0, l1, next, ..] = *header;
        if first >> 4 != 6 {
            return Err(Skip::BadHeader);
        }
        let pair = Pair::V6 {
            source: be128(header, 8).ok_or(Skip::Cut)?,
            destination: be128(header, 24).ok_or(Skip::Cut)?,
        };
        // Zero for packets larger than the field; the frame says how long they are.
        let payload = match usize::from(u16::from_be_bytes([l0, l1])) {
            0 => rest,
            length => rest.get(..length.min(rest.len())).unwrap_or(rest),
        };
        self.extensions(pair, next, payload)
    }

    fn extensions<'f>(&mut self, pair: Pair, next: u8, payload: &'f [u8]) -> Decoded<'f> {
        let (mut next, mut payload) = (next, payload);
        for _ in 0..MAX_EXTENSIONS {
            let header_len = match next {
                protocol::HOP_BY_HOP
                | protocol::ROUTING
                | protocol::DESTINATION
                | protocol::MOBILITY
                | protocol::HOST_IDENTITY
                | protocol::SHIM => {
                    let units = usize::from(octet(payload, 1)?);
                    units.wrapping_add(1).wrapping_mul(8)
                }
                protocol::AUTHENTICATION => {
                    let units = usize::from(octet(payload, 1)?);
                    units.wrapping_add(2).wrapping_mul(4)
                }
                protocol::FRAGMENT => {
                    if short(payload, 2)? & 0xfff8 != 0 {
                        let carried = octet(payload, 0)?;
                        return Ok(self.found(pair, Transport::Fragment { protocol: carried }));
                    }
                    8
                }
                _ => return self.carried(pair, next, payload),
            };
            // Mobility headers end the chain with "no next header" and are a message of their own.
            if next == protocol::MOBILITY {
                return Ok(self.found(pair, Transport::Other { protocol: next }));
            }
            next = octet(payload, 0)?;
            payload = from(payload, header_len)?;
        }
        Err(Skip::BadExtension)
    }

    /// What an IP packet carries: a tunnel to open, or the transport.
    #[inline]
    fn carried<'f>(&mut self, pair: Pair, next: u8, payload: &'f [u8]) -> Decoded<'f> {
        let transport = Transport::parse(next, payload);
        if self.tunnels == Tunnels::Open
            && let Some(inside) = self.tunnel(pair, &transport, payload)
        {
            return inside;
        }
        Ok(self.found(pair, transport))
    }

    #[inline]
    fn found<'f>(&self, pair: Pair, transport: Transport<'f>) -> Packet<'f> {
        Packet {
            outer: self.outer.unwrap_or(pair),
            inner: pair,
            tunnelled: self.outer.is_some(),
            transport,
        }
    }
}
