//! Links, tags and labels: Ethernet, VLAN, MPLS, PPP over Ethernet, PPP, Linux cooked captures.

use crate::decode::{Decoded, Skip, Walk, from, octet, short, word};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const VLAN: u16 = 0x8100;
const QINQ: u16 = 0x88a8;
const QINQ_OLD: u16 = 0x9100;
const QINQ_OLDER: u16 = 0x9200;
const MPLS: u16 = 0x8847;
const MPLS_MULTICAST: u16 = 0x8848;
const PPPOE_SESSION: u16 = 0x8864;
pub(super) const ETHERNET: u16 = 0x6558;
/// Values below are a length, and an LLC header follows.
const FIRST_TYPE: u16 = 0x0600;

impl Walk {
    #[inline]
    pub(super) fn ethernet<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let kind = short(bytes, 12)?;
        self.ether_type(kind, from(bytes, 14)?)
    }

    /// What follows a type field of Ethernet.
    pub(super) fn ether_type<'f>(&mut self, kind: u16, bytes: &'f [u8]) -> Decoded<'f> {
        let (mut kind, mut bytes) = (kind, bytes);
        loop {
            match kind {
                IPV4 => return self.ipv4(bytes),
                IPV6 => return self.ipv6(bytes),
                VLAN | QINQ | QINQ_OLD | QINQ_OLDER => {
                    self.enter()?;
                    kind = short(bytes, 2)?;
                    bytes = from(bytes, 4)?;
                }
                MPLS | MPLS_MULTICAST => return self.mpls(bytes),
                PPPOE_SESSION => return self.pppoe(bytes),
                ETHERNET => {
                    self.enter()?;
                    return self.ethernet(bytes);
                }
                length if length < FIRST_TYPE => {
                    // SNAP with the organisation code of Ethernet; every other LLC is not IP.
                    let Some([0xaa, 0xaa, 0x03, 0, 0, 0, high, low, rest @ ..]) = Some(bytes)
                    else {
                        return Err(Skip::NotIp);
                    };
                    self.enter()?;
                    kind = u16::from_be_bytes([*high, *low]);
                    if kind < FIRST_TYPE {
                        return Err(Skip::NotIp);
                    }
                    bytes = rest;
                }
                _ => return Err(Skip::NotIp),
            }
        }
    }

    /// A stack of labels (RFC 3032). What follows says itself what it is: IP by its version, or a pseudowire
    /// with a control word (RFC 4385) that carries Ethernet.
    pub(super) fn mpls<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let mut bytes = bytes;
        loop {
            self.enter()?;
            let label = word(bytes, 0)?;
            bytes = from(bytes, 4)?;
            if label & 0x100 != 0 {
                break;
            }
        }
        match octet(bytes, 0)? >> 4 {
            4 => self.ipv4(bytes),
            6 => self.ipv6(bytes),
            0 => {
                self.enter()?;
                self.ethernet(from(bytes, 4)?)
            }
            _ => Err(Skip::NotIp),
        }
    }

    /// A session packet (RFC 2516).
    fn pppoe<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        self.enter()?;
        if octet(bytes, 0)? != 0x11 || octet(bytes, 1)? != 0 {
            return Err(Skip::NotIp);
        }
        self.ppp_protocol(from(bytes, 6)?)
    }

    /// PPP with or without the address and control octets of HDLC.
    pub(super) fn ppp<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        match bytes {
            [0xff, 0x03, rest @ ..] => self.ppp_protocol(rest),
            _ => self.ppp_protocol(bytes),
        }
    }

    fn ppp_protocol<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        match bytes {
            [0x00, 0x21, rest @ ..] | [0x21, rest @ ..] => self.ipv4(rest),
            [0x00, 0x57, rest @ ..] | [0x57, rest @ ..] => self.ipv6(rest),
            [0x02, 0x81, rest @ ..] => self.mpls(rest),
            [] | [_] => Err(Skip::Cut),
            _ => Err(Skip::NotIp),
        }
    }

    /// Linux cooked capture: 16 octets that end with the type.
    pub(super) fn cooked<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let kind = short(bytes, 14)?;
        self.ether_type(kind, from(bytes, 16)?)
    }

    /// Its second version: 20 octets that begin with the type.
    pub(super) fn cooked2<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let kind = short(bytes, 0)?;
        self.ether_type(kind, from(bytes, 20)?)
    }

    /// Four octets of address family, whose numbers differ by system; the version says what it is.
    pub(super) fn loopback<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        let family = word(bytes, 0)?;
        let family = family.min(family.swap_bytes());
        match family {
            2 | 10 | 24 | 28 | 30 => self.ip(from(bytes, 4)?),
            _ => Err(Skip::NotIp),
        }
    }

    /// IP of either version.
    pub(super) fn ip<'f>(&mut self, bytes: &'f [u8]) -> Decoded<'f> {
        match octet(bytes, 0)? >> 4 {
            4 => self.ipv4(bytes),
            6 => self.ipv6(bytes),
            _ => Err(Skip::NotIp),
        }
    }
}
