//! Several frames that lie in one buffer.

use crate::frame::{Frame, LinkType};

/// Frames looked at side by side: enough that waits for memory overlap, few enough that all about them stays in the
/// first-level cache.
pub(crate) const AT_ONCE: usize = 64;

/// Where a frame lies in its buffer, and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) link: LinkType,
    pub(crate) time_ns: u64,
    pub(crate) wire_len: u32,
    pub(crate) begin: usize,
    pub(crate) length: usize,
}

impl Head {
    pub(crate) const NONE: Self = Self {
        link: LinkType::NULL,
        time_ns: 0,
        wire_len: 0,
        begin: 0,
        length: 0,
    };

    /// Of a frame that fills its buffer.
    pub(crate) const fn of(frame: &Frame<'_>) -> Self {
        Self {
            link: frame.link(),
            time_ns: frame.time_ns(),
            wire_len: frame.wire_len(),
            begin: 0,
            length: frame.bytes().len(),
        }
    }
}

/// Up to 64 frames that a source hands out at once. Shows no octet, cannot be printed.
#[derive(Clone, Copy)]
pub struct Frames<'f> {
    octets: &'f [u8],
    heads: &'f [Head],
}

impl<'f> Frames<'f> {
    /// At most [`AT_ONCE`] heads, which lie within `octets`.
    pub(crate) const fn new(octets: &'f [u8], heads: &'f [Head]) -> Self {
        Self { octets, heads }
    }

    pub(crate) const fn heads(&self) -> &'f [Head] {
        self.heads
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The frame of one of its heads.
    #[inline]
    pub(crate) fn frame(&self, head: &Head) -> Frame<'f> {
        Frame::new(head.link, head.time_ns, head.wire_len, self.octets_of(head))
    }

    #[inline]
    pub(crate) fn octets_of(&self, head: &Head) -> &'f [u8] {
        let rest = self.octets.get(head.begin..).unwrap_or_default();
        rest.get(..head.length).unwrap_or(rest)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Frame<'f>> + use<'f> {
        let frames = *self;
        frames.heads.iter().map(move |head| frames.frame(head))
    }
}
