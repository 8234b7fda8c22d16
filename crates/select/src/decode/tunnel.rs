//! What is inside: IP-in-IP, GRE, GTP-U, VXLAN, Geneve, Teredo.
//!
//! Two kinds. Where a protocol number says that IP follows, a damaged inside is a damaged packet. Where only a
//! UDP port hints at a tunnel, an inside that does not fit means that it was none, and the packet counts as the
//! UDP packet it is.

use crate::bytes::{be16, byte};
use crate::decode::link::ETHERNET;
use crate::decode::transport::{Transport, gre, looks_like_ip, protocol};
use crate::decode::{Decoded, Pair, Skip, Walk, from};

const GTP_U: u16 = 2152;
const TEREDO: u16 = 3544;
const VXLAN: u16 = 4789;
/// What Linux used before the number was assigned.
const VXLAN_LINUX: u16 = 8472;
const GENEVE: u16 = 6081;
const MPLS_IN_UDP: u16 = 6635;

const PPP: u16 = 0x880b;

/// Extension headers of GTP-U in one packet, at most.
const MAX_GTP_EXTENSIONS: u8 = 8;

/// Whether a tunnel over UDP may begin where this is the source port, and where it is the destination port.
pub(crate) const fn is_tunnel(port: u16) -> (bool, bool) {
    let to = matches!(
        port,
        GTP_U | VXLAN | VXLAN_LINUX | GENEVE | TEREDO | MPLS_IN_UDP
    );
    (port == TEREDO, to)
}

impl Walk {
    /// The inside of a tunnel, or nothing where there is none.
    #[inline]
    pub(super) fn tunnel<'f>(
        &mut self,
        pair: Pair,
        transport: &Transport<'f>,
        payload: &'f [u8],
    ) -> Option<Decoded<'f>> {
        match *transport {
            Transport::Udp {
                source,
                destination,
                payload,
            } if is_tunnel(source).0 || is_tunnel(destination).1 => {
                self.over_udp(pair, source, destination, payload.0)
            }
            Transport::Other { protocol: number } => match number {
                protocol::IPV4 => Some(self.inside(pair, |walk| walk.ipv4(payload))),
                protocol::IPV6 => Some(self.inside(pair, |walk| walk.ipv6(payload))),
                protocol::MPLS => Some(self.inside(pair, |walk| walk.mpls(payload))),
                protocol::GRE => self.generic(pair, payload),
                _ => None,
            },
            Transport::Tcp(_)
            | Transport::Udp { .. }
            | Transport::Icmp { .. }
            | Transport::Sctp { .. }
            | Transport::Fragment { .. } => None,
        }
    }

    /// Goes one layer in; the first pair of addresses stays the outer one.
    fn inside<'f>(
        &mut self,
        pair: Pair,
        open: impl FnOnce(&mut Self) -> Decoded<'f>,
    ) -> Decoded<'f> {
        self.enter()?;
        self.outer.get_or_insert(pair);
        open(self)
    }

    /// A tunnel that only a port hints at: undone when the inside does not fit.
    fn perhaps<'f>(
        &mut self,
        pair: Pair,
        open: impl FnOnce(&mut Self) -> Decoded<'f>,
    ) -> Option<Decoded<'f>> {
        let (outer, layers) = (self.outer, self.layers);
        match self.inside(pair, open) {
            Ok(packet) => Some(Ok(packet)),
            Err(Skip::TooDeep) => Some(Err(Skip::TooDeep)),
            Err(_) => {
                self.outer = outer;
                self.layers = layers;
                None
            }
        }
    }

    fn over_udp<'f>(
        &mut self,
        pair: Pair,
        source: u16,
        destination: u16,
        payload: &'f [u8],
    ) -> Option<Decoded<'f>> {
        match (source, destination) {
            (_, GTP_U) => {
                let inside = gtp(payload)?;
                self.perhaps(pair, |walk| walk.ip(inside))
            }
            (_, VXLAN | VXLAN_LINUX) => {
                // RFC 7348: the flag says that the network identifier is valid; it is the only one.
                let [flags, _, _, _, _, _, _, _, inside @ ..] = payload else {
                    return None;
                };
                if flags & 0x08 == 0 {
                    return None;
                }
                self.perhaps(pair, |walk| walk.ethernet(inside))
            }
            (_, GENEVE) => {
                // RFC 8926: version 0, options in units of four octets.
                let [first, _, high, low, ..] = *payload else {
                    return None;
                };
                if first >> 6 != 0 {
                    return None;
                }
                let options = usize::from(first & 0x3f).wrapping_mul(4);
                let inside = payload.get(options.wrapping_add(8)..)?;
                let kind = u16::from_be_bytes([high, low]);
                self.perhaps(pair, |walk| walk.ether_type(kind, inside))
            }
            (_, MPLS_IN_UDP) => self.perhaps(pair, |walk| walk.mpls(payload)),
            (_, TEREDO) | (TEREDO, _) => {
                let inside = teredo(payload)?;
                self.perhaps(pair, |walk| walk.ipv6(inside))
            }
            _ => None,
        }
    }

    /// GRE (RFC 2784, RFC 2890) and its enhanced form for PPP (RFC 2637).
    fn generic<'f>(&mut self, pair: Pair, bytes: &'f [u8]) -> Option<Decoded<'f>> {
        let (flags, kind) = gre(bytes)?;
        let version = flags & 0x0007;
        let mut header_len = 4_usize;
        let present = |flag: u16| flags & flag != 0;
        match version {
            0 => {
                // Routing (RFC 1701) was withdrawn; its offset field shares the checksum's place.
                if present(0x4000) {
                    return None;
                }
                for flag in [0x8000, 0x2000, 0x1000] {
                    if present(flag) {
                        header_len = header_len.wrapping_add(4);
                    }
                }
            }
            1 if kind == PPP => {
                header_len = 8;
                for flag in [0x1000, 0x0080] {
                    if present(flag) {
                        header_len = header_len.wrapping_add(4);
                    }
                }
            }
            _ => return None,
        }
        let inside = bytes.get(header_len..)?;
        match (version, kind) {
            (1, _) => {
                if inside.is_empty() {
                    return None; // an acknowledgement without data
                }
                self.perhaps(pair, |walk| walk.ppp(inside))
            }
            (_, 0x0800 | 0x86dd) => Some(self.inside(pair, |walk| walk.ether_type(kind, inside))),
            (_, ETHERNET | 0x8847 | 0x8848) => {
                self.perhaps(pair, |walk| walk.ether_type(kind, inside))
            }
            _ => None,
        }
    }
}

/// The user packet inside GTP-U (3GPP TS 29.281 section 5): version 1, message type 255.
fn gtp(bytes: &[u8]) -> Option<&[u8]> {
    let [flags, 255, ..] = *bytes else {
        return None;
    };
    if flags >> 4 != 0b0011 {
        return None;
    }
    if flags.trailing_zeros() >= 3 {
        return bytes.get(8..);
    }
    let mut next = byte(bytes, 11)?;
    let mut rest = bytes.get(12..)?;
    for _ in 0..MAX_GTP_EXTENSIONS {
        if next == 0 || flags & 0x04 == 0 {
            return Some(rest);
        }
        let length = usize::from(byte(rest, 0)?).wrapping_mul(4);
        next = byte(rest, length.checked_sub(1)?)?;
        rest = rest.get(length..)?;
    }
    None
}

/// The IPv6 packet inside Teredo (RFC 4380 section 5.1.1), behind an authentication and an origin block.
fn teredo(bytes: &[u8]) -> Option<&[u8]> {
    let mut bytes = bytes;
    if be16(bytes, 0)? == 1 {
        let id_len = usize::from(byte(bytes, 2)?);
        let value_len = usize::from(byte(bytes, 3)?);
        bytes = from(bytes, id_len.wrapping_add(value_len).wrapping_add(13)).ok()?;
    }
    if be16(bytes, 0)? == 0 {
        bytes = from(bytes, 8).ok()?;
    }
    (looks_like_ip(bytes) && byte(bytes, 0)? >> 4 == 6).then_some(bytes)
}
