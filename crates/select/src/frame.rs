//! One captured frame, borrowed from the buffer it was read into.

use std::fmt;

/// The kind of link a frame was captured on, by the number of the capture formats' registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: the address family in the order of the writing machine.
    pub const NULL: Self = Self(0);
    /// Ethernet.
    pub const ETHERNET: Self = Self(1);
    /// PPP with or without address and control octets.
    pub const PPP: Self = Self(9);
    /// Raw IP as some systems number it.
    pub const RAW_OLD: Self = Self(12);
    /// PPP in HDLC-like framing.
    pub const PPP_HDLC: Self = Self(50);
    /// Raw IP; the version is in the first octet.
    pub const RAW: Self = Self(101);
    /// OpenBSD loopback: the address family in network order.
    pub const LOOP: Self = Self(108);
    /// Linux cooked capture.
    pub const SLL: Self = Self(113);
    /// Raw IPv4.
    pub const IPV4: Self = Self(228);
    /// Raw IPv6.
    pub const IPV6: Self = Self(229);
    /// Linux cooked capture, second version.
    pub const SLL2: Self = Self(276);
}

/// A captured frame. It borrows the reader's buffer, cannot be serialised, and shows no octet when printed.
#[derive(Clone, Copy)]
pub struct Frame<'f> {
    link: LinkType,
    time_ns: u64,
    wire_len: u32,
    bytes: &'f [u8],
}

impl<'f> Frame<'f> {
    /// `time_ns` is nanoseconds since 1970 (0 where the format carries no time); `wire_len` is the length on
    /// the wire, of which `bytes` is what was captured.
    pub const fn new(link: LinkType, time_ns: u64, wire_len: u32, bytes: &'f [u8]) -> Self {
        Self {
            link,
            time_ns,
            wire_len,
            bytes,
        }
    }

    /// The link it was captured on.
    pub const fn link(&self) -> LinkType {
        self.link
    }

    /// When, in nanoseconds since 1970.
    pub const fn time_ns(&self) -> u64 {
        self.time_ns
    }

    /// Length on the wire in octets.
    pub const fn wire_len(&self) -> u32 {
        self.wire_len
    }

    pub(crate) const fn bytes(&self) -> &'f [u8] {
        self.bytes
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("link", &self.link.0)
            .field("captured_len", &self.bytes.len())
            .field("wire_len", &self.wire_len)
            .finish_non_exhaustive()
    }
}
