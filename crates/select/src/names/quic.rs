//! The client hello inside QUIC Initial packets, which are encrypted with keys anyone can derive
//! (RFC 9001 section 5.2, RFC 9369 for version 2).

use ring::aead::quic::{AES_128, HeaderProtectionKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

use crate::bytes::{Cursor, be32, byte, wide, wipe};
use crate::names::assemble::Assembler;

const V1: u32 = 0x0000_0001;
const V2: u32 = 0x6b33_43cf;
const DRAFT_FIRST: u32 = 0xff00_0017;
const DRAFT_LAST: u32 = 0xff00_0022;
const DRAFT_NEWER_SALT: u32 = 0xff00_001d;
const DRAFT_SALT_OF_V1: u32 = 0xff00_0021;

const SALT_V1: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
    0xcc, 0xbb, 0x7f, 0x0a,
];
const SALT_V2: [u8; 20] = [
    0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb,
    0xf9, 0xbd, 0x2e, 0xd9,
];
const SALT_DRAFT_29: [u8; 20] = [
    0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0,
    0x43, 0x90, 0xa8, 0x99,
];
const SALT_DRAFT_23: [u8; 20] = [
    0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65,
    0xbe, 0xf9, 0xf5, 0x02,
];

/// Octets of a connection id, at most (RFC 9000 section 17.2).
const MAX_ID: usize = 20;
/// Packets joined in one datagram, at most.
const MAX_COALESCED: u8 = 4;
/// Frames looked at in one packet, at most; padding counts as one.
const MAX_FRAMES: u16 = 256;

/// A version whose Initial packets can be opened.
#[derive(Clone, Copy)]
struct Version {
    salt: &'static [u8; 20],
    labels: [&'static [u8]; 3],
    /// The type bits of an Initial packet.
    initial: u8,
}

const LABELS_V1: [&[u8]; 3] = [b"quic key", b"quic iv", b"quic hp"];
const LABELS_V2: [&[u8]; 3] = [b"quicv2 key", b"quicv2 iv", b"quicv2 hp"];

const fn version(number: u32) -> Option<Version> {
    let (salt, labels, initial) = match number {
        V1 | DRAFT_SALT_OF_V1..=DRAFT_LAST => (&SALT_V1, LABELS_V1, 0),
        V2 => (&SALT_V2, LABELS_V2, 1),
        DRAFT_NEWER_SALT..DRAFT_SALT_OF_V1 => (&SALT_DRAFT_29, LABELS_V1, 0),
        DRAFT_FIRST..DRAFT_NEWER_SALT => (&SALT_DRAFT_23, LABELS_V1, 0),
        _ => return None,
    };
    Some(Version {
        salt,
        labels,
        initial,
    })
}

/// Whether a datagram begins with an Initial packet of a known version.
#[inline]
pub(crate) fn begins(datagram: &[u8]) -> bool {
    let Some(first) = byte(datagram, 0) else {
        return false;
    };
    if first & 0xc0 != 0xc0 {
        return false;
    }
    be32(datagram, 1)
        .and_then(version)
        .is_some_and(|version| (first >> 4) & 3 == version.initial)
}

/// The connection id whose keys opened the first packet of a connection. Later Initial packets go to the id that
/// the server chose, and keep these keys.
#[derive(Clone, Copy)]
pub(crate) struct FirstId {
    octets: [u8; MAX_ID],
    len: usize,
}

impl FirstId {
    fn of(id: &[u8]) -> Option<Self> {
        let mut octets = [0; MAX_ID];
        octets.get_mut(..id.len())?.copy_from_slice(id);
        Some(Self {
            octets,
            len: id.len(),
        })
    }

    fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// Opens the Initial packets of a datagram a client sent and puts what they carry into `stream`. `scratch` is
/// wiped afterwards. What cannot be opened, such as a server's packet, is left out.
pub(crate) fn open(
    datagram: &[u8],
    first_id: &mut Option<FirstId>,
    scratch: &mut Vec<u8>,
    stream: &mut Assembler,
) {
    let mut rest = datagram;
    for _ in 0..MAX_COALESCED {
        if !begins(rest) {
            break;
        }
        let Some(length) = packet(rest, first_id, scratch, stream) else {
            break;
        };
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// One packet: its length.
fn packet(
    bytes: &[u8],
    first_id: &mut Option<FirstId>,
    scratch: &mut Vec<u8>,
    stream: &mut Assembler,
) -> Option<usize> {
    let mut cursor = Cursor::new(bytes);
    let _first = cursor.u8()?;
    let version = version(cursor.be32()?)?;
    let destination = FirstId::of(cursor.block8()?)?;
    let _source = cursor.block8()?;
    let token_len = varint(&mut cursor)?;
    let _token = cursor.take(token_len)?;
    let length = varint(&mut cursor)?;
    let number_at = bytes.len().checked_sub(cursor.rest().len())?;
    let end = number_at.checked_add(length)?;
    let whole = bytes.get(..end)?;
    for id in [*first_id, Some(destination)].into_iter().flatten() {
        scratch.clear();
        scratch.extend_from_slice(whole);
        if let Some(plain) = unprotect(scratch, version, id.as_bytes(), number_at) {
            frames(plain, stream);
            *first_id = Some(id);
            break;
        }
    }
    wipe(scratch);
    Some(end)
}

/// Removes the protection in place (RFC 9001 section 5.4) and gives the plain payload.
fn unprotect<'s>(
    packet: &'s mut [u8],
    version: Version,
    destination: &[u8],
    number_at: usize,
) -> Option<&'s mut [u8]> {
    let initial = Salt::new(HKDF_SHA256, version.salt).extract(destination);
    let mut secret = [0_u8; 32];
    expand(&initial, b"client in", &mut secret)?;
    let client = Prk::new_less_safe(HKDF_SHA256, &secret);
    let (mut key, mut iv, mut mask_key) = ([0_u8; 16], [0_u8; NONCE_LEN], [0_u8; 16]);
    let [key_label, iv_label, mask_label] = version.labels;
    expand(&client, key_label, &mut key)?;
    expand(&client, iv_label, &mut iv)?;
    expand(&client, mask_label, &mut mask_key)?;

    let sample_at = number_at.checked_add(4)?;
    let sample = packet.get(sample_at..sample_at.checked_add(16)?)?;
    let mask = HeaderProtectionKey::new(&AES_128, &mask_key)
        .ok()?
        .new_mask(sample)
        .ok()?;
    let [first_mask, number_mask @ ..] = mask;
    let first = packet.first_mut()?;
    *first ^= first_mask & 0x0f;
    let number_len = usize::from(*first & 3).wrapping_add(1);
    let payload_at = number_at.checked_add(number_len)?;
    let mut nonce = iv;
    let number = packet.get_mut(number_at..payload_at)?;
    for (octet, mask) in number.iter_mut().zip(number_mask) {
        *octet ^= mask;
    }
    // The packet number, put in the last octets of the vector.
    for (slot, octet) in nonce.iter_mut().rev().zip(number.iter().rev()) {
        *slot ^= octet;
    }
    let (header, payload) = packet.split_at_mut_checked(payload_at)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    key.open_in_place(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(&*header),
        payload,
    )
    .ok()
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand-Label of TLS 1.3 with an empty context.
fn expand(secret: &Prk, label: &[u8], out: &mut [u8]) -> Option<()> {
    let length = u16::try_from(out.len()).ok()?.to_be_bytes();
    let label_len = [u8::try_from(label.len()).ok()?.checked_add(6)?];
    let info: [&[u8]; 5] = [&length, &label_len, b"tls13 ", label, &[0]];
    secret.expand(&info, Length(out.len())).ok()?.fill(out).ok()
}

/// Puts the pieces of the handshake stream in their places (RFC 9000 section 12.4).
fn frames(plain: &[u8], stream: &mut Assembler) -> Option<()> {
    let mut cursor = Cursor::new(plain);
    for _ in 0..MAX_FRAMES {
        let Some(kind) = cursor.u8() else {
            break;
        };
        match kind {
            0 => {
                // Padding, mostly to the end.
                let padding = cursor
                    .rest()
                    .iter()
                    .take_while(|octet| **octet == 0)
                    .count();
                cursor.take(padding)?;
            }
            1 => {}
            2 | 3 => {
                let _largest = varint(&mut cursor)?;
                let _delay = varint(&mut cursor)?;
                let ranges = varint(&mut cursor)?;
                let _first = varint(&mut cursor)?;
                for _ in 0..ranges.min(256) {
                    let _gap = varint(&mut cursor)?;
                    let _range = varint(&mut cursor)?;
                }
                if kind == 3 {
                    for _ in 0..3 {
                        let _counter = varint(&mut cursor)?;
                    }
                }
            }
            6 => {
                let offset = varint(&mut cursor)?;
                let length = varint(&mut cursor)?;
                let data = cursor.take(length)?;
                stream.put(offset, data).ok()?;
            }
            _ => break,
        }
    }
    Some(())
}

/// A number of variable length (RFC 9000 section 16). Numbers above 32 bits cannot be lengths here.
fn varint(cursor: &mut Cursor<'_>) -> Option<usize> {
    let first = cursor.u8()?;
    let mut value = u64::from(first & 0x3f);
    let more = 1_u8.checked_shl(u32::from(first >> 6))?.checked_sub(1)?;
    for _ in 0..more {
        value = (value << 8) | u64::from(cursor.u8()?);
    }
    u32::try_from(value).ok().map(wide)
}

/// The other side, for tests: Initial packets as a client makes them.
#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers of fixtures")]
pub(crate) mod sealing {
    use ring::aead::quic::{AES_128, HeaderProtectionKey};
    use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
    use ring::hkdf::{HKDF_SHA256, Prk, Salt};

    use super::{expand, version};

    /// A frame of the handshake stream.
    pub(crate) fn crypto(offset: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        let mut frame = vec![6];
        frame.extend_from_slice(&(0x4000 | offset).to_be_bytes());
        frame.extend_from_slice(&(0x4000 | length).to_be_bytes());
        frame.extend_from_slice(data);
        frame
    }

    /// A packet to `to`, sealed with the keys of `first`, padded as clients pad.
    pub(crate) fn initial(
        number: u32,
        version_number: u32,
        first: &[u8],
        to: &[u8],
        frames: &[u8],
    ) -> Vec<u8> {
        let version = version(version_number).unwrap();
        let mut payload = frames.to_vec();
        payload.resize(frames.len().max(1100), 0);
        let length = u16::try_from(payload.len() + 4 + 16).unwrap();
        let mut packet = vec![0xc3 | (version.initial << 4)];
        packet.extend_from_slice(&version_number.to_be_bytes());
        packet.push(u8::try_from(to.len()).unwrap());
        packet.extend_from_slice(to);
        packet.extend_from_slice(&[0, 0]);
        packet.extend_from_slice(&(0x4000 | length).to_be_bytes());
        let number_at = packet.len();
        packet.extend_from_slice(&number.to_be_bytes());

        let initial = Salt::new(HKDF_SHA256, version.salt).extract(first);
        let mut secret = [0_u8; 32];
        expand(&initial, b"client in", &mut secret).unwrap();
        let client = Prk::new_less_safe(HKDF_SHA256, &secret);
        let (mut key, mut nonce, mut mask_key) = ([0_u8; 16], [0_u8; NONCE_LEN], [0_u8; 16]);
        expand(&client, version.labels[0], &mut key).unwrap();
        expand(&client, version.labels[1], &mut nonce).unwrap();
        expand(&client, version.labels[2], &mut mask_key).unwrap();
        for (slot, octet) in nonce
            .iter_mut()
            .rev()
            .zip(number.to_be_bytes().iter().rev())
        {
            *slot ^= octet;
        }
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let nonce = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce, Aad::from(&packet), &mut payload)
            .unwrap();
        packet.extend_from_slice(&payload);
        let sample = &packet[number_at + 4..number_at + 20];
        let mask = HeaderProtectionKey::new(&AES_128, &mask_key)
            .unwrap()
            .new_mask(sample)
            .unwrap();
        packet[0] ^= mask[0] & 0x0f;
        for (at, octet) in mask[1..].iter().enumerate() {
            packet[number_at + at] ^= octet;
        }
        packet
    }
}
