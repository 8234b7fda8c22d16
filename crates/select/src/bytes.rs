//! Integers out of octets, without a way to panic.

/// A count or place in memory. Widening: this crate is for machines of 32 bits and more.
#[expect(
    clippy::as_conversions,
    reason = "widening on every machine this crate is built for"
)]
pub(crate) const fn wide(number: u32) -> usize {
    const { assert!(size_of::<u32>() <= size_of::<usize>()) };
    number as usize
}

/// A length as a count of octets. Widening on machines of up to 64 bits.
#[expect(
    clippy::as_conversions,
    reason = "widening on every machine this crate is built for"
)]
pub(crate) const fn long(number: usize) -> u64 {
    const { assert!(size_of::<usize>() <= size_of::<u64>()) };
    number as u64
}

/// The octets from `at` on, when there are `N` of them.
#[inline]
pub(crate) fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

#[inline]
pub(crate) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

#[inline]
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    chunk(bytes, at).map(u16::from_be_bytes)
}

#[inline]
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    chunk(bytes, at).map(u32::from_be_bytes)
}

#[inline]
pub(crate) fn be128(bytes: &[u8], at: usize) -> Option<u128> {
    chunk(bytes, at).map(u128::from_be_bytes)
}

/// The order of octets a file was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    #[inline]
    pub(crate) const fn u16(self, octets: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(octets),
            Self::Big => u16::from_be_bytes(octets),
        }
    }

    #[inline]
    pub(crate) const fn u32(self, octets: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(octets),
            Self::Big => u32::from_be_bytes(octets),
        }
    }
}

/// Reads front to back; every step says whether the octets were there.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'b> {
    rest: &'b [u8],
}

impl<'b> Cursor<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn rest(&self) -> &'b [u8] {
        self.rest
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[octet]| octet)
    }

    pub(crate) fn be16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn be24(&mut self) -> Option<usize> {
        self.array()
            .map(|[a, b, c]| wide(u32::from_be_bytes([0, a, b, c])))
    }

    pub(crate) fn be32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A block with a length of one octet before it.
    pub(crate) fn block8(&mut self) -> Option<&'b [u8]> {
        let length = usize::from(self.u8()?);
        self.take(length)
    }

    /// A block with a length of two octets before it.
    pub(crate) fn block16(&mut self) -> Option<&'b [u8]> {
        let length = usize::from(self.be16()?);
        self.take(length)
    }
}

/// Overwrites `bytes` so that the compiler cannot leave it out.
///
/// A plain fill runs at the speed of memory; the hidden read keeps it.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    std::hint::black_box(bytes);
}
