//! The first message of a TLS client (RFC 8446 section 4.1.2).

use crate::bytes::{Cursor, be16, byte, chunk};
use crate::names::Name;

/// Octets of the start of a stream that are looked at, at most.
pub(crate) const MAX_START: usize = 16 * 1024;

const RECORD_HEADER: usize = 5;
const MESSAGE_HEADER: usize = 4;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// The largest record of TLS with what encryption may add.
const MAX_RECORD: usize = 16_384 + 2048;

/// What the start of a stream turned out to be.
pub(crate) enum Start<T> {
    /// Not enough octets yet.
    More,
    /// Something else, or damaged.
    No,
    /// Found.
    Is(T),
}

/// A client hello, borrowed from where it lies.
#[derive(Clone, Copy)]
pub(crate) struct ClientHello<'b> {
    pub(crate) version: u16,
    pub(crate) ciphers: &'b [u8],
    pub(crate) extensions: &'b [u8],
}

/// Whether a segment may be the start of a TLS stream.
pub(crate) fn begins(payload: &[u8]) -> bool {
    matches!(payload, [HANDSHAKE, 3, 0..=4, ..])
        && byte(payload, RECORD_HEADER).is_none_or(|kind| kind == CLIENT_HELLO)
}

/// The client hello at the start of `stream`. One that is spread over records is joined in `scratch`.
pub(crate) fn client_hello<'b>(
    stream: &'b [u8],
    scratch: &'b mut Vec<u8>,
) -> Start<ClientHello<'b>> {
    let Some([kind, major, minor, ..]) = chunk::<RECORD_HEADER>(stream, 0) else {
        let could_be = stream
            .iter()
            .zip([HANDSHAKE, 3])
            .all(|(octet, want)| *octet == want);
        return if could_be { Start::More } else { Start::No };
    };
    if kind != HANDSHAKE || major != 3 || 4 < minor {
        return Start::No;
    }
    let record_len = be16(stream, 3).map_or(0, usize::from);
    if record_len == 0 || MAX_RECORD < record_len {
        return Start::No;
    }
    let Some(record) = stream.get(RECORD_HEADER..) else {
        return Start::More;
    };
    match message_len(record) {
        Start::More if record_len < MESSAGE_HEADER => {}
        Start::More => return Start::More,
        Start::No => return Start::No,
        Start::Is(length) => {
            if length <= record_len {
                return match record.get(MESSAGE_HEADER..length) {
                    Some(body) => parse(body).map_or(Start::No, Start::Is),
                    None => Start::More,
                };
            }
        }
    }
    joined(stream, scratch)
}

/// The client hello at the start of a handshake stream without records, as QUIC carries it.
pub(crate) fn bare_hello(stream: &[u8]) -> Start<ClientHello<'_>> {
    match message_len(stream) {
        Start::More => Start::More,
        Start::No => Start::No,
        Start::Is(length) => match stream.get(MESSAGE_HEADER..length) {
            Some(body) => parse(body).map_or(Start::No, Start::Is),
            None => Start::More,
        },
    }
}

/// The length of the message with its header.
fn message_len(bytes: &[u8]) -> Start<usize> {
    match byte(bytes, 0) {
        None => return Start::More,
        Some(CLIENT_HELLO) => {}
        Some(_) => return Start::No,
    }
    let mut cursor = Cursor::new(bytes);
    let length = cursor.u8().and_then(|_| cursor.be24());
    match length {
        None => Start::More,
        Some(length) if MAX_START < length => Start::No,
        Some(length) => Start::Is(length.saturating_add(MESSAGE_HEADER)),
    }
}

/// Joins the fragments of records until the message is whole.
fn joined<'b>(stream: &[u8], scratch: &'b mut Vec<u8>) -> Start<ClientHello<'b>> {
    scratch.clear();
    let mut cursor = Cursor::new(stream);
    loop {
        match message_len(scratch) {
            Start::No => return Start::No,
            Start::Is(length) if length <= scratch.len() => {
                let body = scratch.get(MESSAGE_HEADER..length).unwrap_or_default();
                return parse(body).map_or(Start::No, Start::Is);
            }
            Start::More | Start::Is(_) => {}
        }
        let Some([kind, major, _, high, low]) = cursor.array() else {
            return Start::More;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if kind != HANDSHAKE || major != 3 || length == 0 || MAX_RECORD < length {
            return Start::No;
        }
        let available = cursor.rest().len().min(length);
        scratch.extend_from_slice(cursor.take(available).unwrap_or_default());
    }
}

/// Reads the message behind its header.
pub(crate) fn parse(body: &[u8]) -> Option<ClientHello<'_>> {
    let mut cursor = Cursor::new(body);
    let version = cursor.be16()?;
    let _random = cursor.take(32)?;
    let _session = cursor.block8()?;
    let ciphers = cursor.block16()?;
    let _compression = cursor.block8()?;
    let extensions = if cursor.is_empty() {
        &[]
    } else {
        cursor.block16()?
    };
    Some(ClientHello {
        version,
        ciphers,
        extensions,
    })
}

impl<'b> ClientHello<'b> {
    /// Type and content of each extension.
    pub(crate) fn extensions(&self) -> impl Iterator<Item = (u16, &'b [u8])> {
        let mut cursor = Cursor::new(self.extensions);
        std::iter::from_fn(move || Some((cursor.be16()?, cursor.block16()?)))
    }

    /// The server name (RFC 6066 section 3).
    pub(crate) fn server_name(&self) -> Option<Name> {
        let (_, content) = self.extensions().find(|(kind, _)| *kind == 0)?;
        let mut list = Cursor::new(Cursor::new(content).block16()?);
        while let (Some(kind), Some(name)) = (list.u8(), list.block16()) {
            if kind == 0 {
                return Name::of(name);
            }
        }
        None
    }
}
