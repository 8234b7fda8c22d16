//! From a frame to addresses, ports and payload, through tags and tunnels.
//!
//! Every layer checks its lengths; what cannot be decoded is a [`Skip`], which is counted.

use std::fmt;

use warrant::DropReason;

use crate::bytes::{be16, be32, byte};
use crate::frame::{Frame, LinkType};

mod ip;
mod link;
mod transport;
mod tunnel;

pub use ip::Pair;
pub use transport::{Tcp, Transport};
pub(crate) use tunnel::is_tunnel;

/// Tags, labels, tunnels and headers inside one another, at most.
pub const MAX_LAYERS: u8 = 10;

/// Why a frame has no addresses to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// A kind of link that is not decoded.
    LinkType,
    /// A header is cut short.
    Cut,
    /// Not IP: ARP, spanning tree, LLDP and the like.
    NotIp,
    /// An IP header that contradicts itself.
    BadHeader,
    /// An IPv6 extension header chain that is damaged or too long.
    BadExtension,
    /// More layers than are opened.
    TooDeep,
}

impl Skip {
    /// The reason a statement counts it under.
    pub const fn reason(self) -> DropReason {
        match self {
            Self::LinkType | Self::NotIp => DropReason::NotDecoded,
            Self::Cut | Self::BadHeader | Self::BadExtension => DropReason::Malformed,
            Self::TooDeep => DropReason::TooDeep,
        }
    }
}

/// Whether tunnels are opened. What a warrant says about addresses inside tunnels decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tunnels {
    /// The outermost addresses count; what is inside is not looked at.
    Closed,
    /// The innermost addresses count.
    Open,
}

/// A decoded packet. It borrows the frame and shows no payload when printed.
#[derive(Clone, Copy)]
pub struct Packet<'f> {
    /// The outermost pair of addresses.
    pub outer: Pair,
    /// The innermost pair: the outermost itself without a tunnel or with tunnels closed.
    pub inner: Pair,
    /// Whether a tunnel was opened.
    pub tunnelled: bool,
    /// What the innermost IP packet carries.
    pub transport: Transport<'f>,
}

impl fmt::Debug for Packet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packet")
            .field("tunnelled", &self.tunnelled)
            .field("protocol", &self.transport.protocol())
            .finish_non_exhaustive()
    }
}

/// Decodes `frame`.
#[inline]
pub fn decode<'f>(frame: &Frame<'f>, tunnels: Tunnels) -> Result<Packet<'f>, Skip> {
    let mut walk = Walk {
        tunnels,
        layers: 0,
        outer: None,
    };
    let bytes = frame.bytes();
    match frame.link() {
        LinkType::ETHERNET => walk.ethernet(bytes),
        LinkType::RAW | LinkType::RAW_OLD => walk.ip(bytes),
        LinkType::IPV4 => walk.ipv4(bytes),
        LinkType::IPV6 => walk.ipv6(bytes),
        LinkType::SLL => walk.cooked(bytes),
        LinkType::SLL2 => walk.cooked2(bytes),
        LinkType::NULL | LinkType::LOOP => walk.loopback(bytes),
        LinkType::PPP | LinkType::PPP_HDLC => walk.ppp(bytes),
        _ => Err(Skip::LinkType),
    }
}

/// The state of one walk from the outside in.
struct Walk {
    tunnels: Tunnels,
    layers: u8,
    outer: Option<Pair>,
}

type Decoded<'f> = Result<Packet<'f>, Skip>;

impl Walk {
    /// Counts a layer that can contain itself.
    #[inline]
    fn enter(&mut self) -> Result<(), Skip> {
        self.layers = self.layers.saturating_add(1);
        if MAX_LAYERS < self.layers {
            return Err(Skip::TooDeep);
        }
        Ok(())
    }
}

#[inline]
fn octet(bytes: &[u8], at: usize) -> Result<u8, Skip> {
    byte(bytes, at).ok_or(Skip::Cut)
}

#[inline]
fn short(bytes: &[u8], at: usize) -> Result<u16, Skip> {
    be16(bytes, at).ok_or(Skip::Cut)
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Result<u32, Skip> {
    be32(bytes, at).ok_or(Skip::Cut)
}

#[inline]
fn from(bytes: &[u8], at: usize) -> Result<&[u8], Skip> {
    bytes.get(at..).ok_or(Skip::Cut)
}
