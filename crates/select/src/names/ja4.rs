//! The JA4 fingerprint of a TLS client hello, from its published description.
//!
//! Only JA4 itself, whose licence is free; the other methods of that family are not.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::bytes::{Cursor, be16, byte};
use crate::names::tls::ClientHello;

const SERVER_NAME: u16 = 0;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ALPN: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;

/// Over what the hello came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Tcp,
    Quic,
}

/// The fingerprint: 36 ASCII signs.
pub(crate) fn ja4(hello: &ClientHello<'_>, carrier: Carrier) -> Option<[u8; 36]> {
    let mut ciphers: Vec<u16> = numbers(hello.ciphers).collect();
    let mut extensions: Vec<u16> = hello
        .extensions()
        .map(|(kind, _)| kind)
        .filter(|kind| !is_grease(*kind))
        .collect();
    let version = hello
        .extensions()
        .find(|(kind, _)| *kind == SUPPORTED_VERSIONS)
        .and_then(|(_, content)| numbers(Cursor::new(content).block8()?).max())
        .unwrap_or(hello.version);
    let named = extensions.contains(&SERVER_NAME);
    let mut text = String::with_capacity(36);
    text.push(match carrier {
        Carrier::Tcp => 't',
        Carrier::Quic => 'q',
    });
    text.push_str(version_code(version));
    text.push(if named { 'd' } else { 'i' });
    let _ = write!(
        text,
        "{:02}{:02}",
        ciphers.len().min(99),
        extensions.len().min(99)
    );
    let [first, last] = alpn(hello);
    text.push(first);
    text.push(last);

    ciphers.sort_unstable();
    text.push('_');
    text.push_str(&digest(&list(&ciphers)));

    extensions.retain(|kind| !matches!(*kind, SERVER_NAME | ALPN));
    extensions.sort_unstable();
    let mut hashed = list(&extensions);
    let algorithms: Vec<u16> = hello
        .extensions()
        .find(|(kind, _)| *kind == SIGNATURE_ALGORITHMS)
        .and_then(|(_, content)| Cursor::new(content).block16())
        .map(|content| numbers(content).collect())
        .unwrap_or_default();
    if !algorithms.is_empty() {
        hashed.push('_');
        hashed.push_str(&list(&algorithms));
    }
    text.push('_');
    text.push_str(&digest(&hashed));
    text.as_bytes().try_into().ok()
}

/// The 16-bit numbers of `bytes`, without the reserved ones of RFC 8701.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u16> {
    let (pairs, _) = bytes.as_chunks::<2>();
    pairs
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .filter(|number| !is_grease(*number))
}

const fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

const fn version_code(version: u16) -> &'static str {
    match version {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// First and last sign of the first protocol offered; in hexadecimal when either is no letter or digit.
fn alpn(hello: &ClientHello<'_>) -> [char; 2] {
    let first_protocol =
        hello
            .extensions()
            .find(|(kind, _)| *kind == ALPN)
            .and_then(|(_, content)| {
                be16(content, 0)?;
                Cursor::new(content.get(2..)?).block8()
            });
    let ends = first_protocol.and_then(|value| Some((byte(value, 0)?, *value.last()?)));
    let Some((first, last)) = ends else {
        return ['0', '0'];
    };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [char::from(first), char::from(last)];
    }
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    [digit(first >> 4), digit(last & 0x0f)]
}

fn list(numbers: &[u16]) -> String {
    let mut text = String::with_capacity(numbers.len().saturating_mul(5));
    for number in numbers {
        if !text.is_empty() {
            text.push(',');
        }
        let _ = write!(text, "{number:04x}");
    }
    text
}

/// The first twelve digits of the SHA-256; zeros for nothing.
fn digest(text: &str) -> String {
    if text.is_empty() {
        return "0".repeat(12);
    }
    let mut digits = String::with_capacity(12);
    for octet in Sha256::digest(text.as_bytes()).iter().take(6) {
        let _ = write!(digits, "{octet:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_published_example_come_out() {
        let ciphers = "002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9";
        assert_eq!(digest(ciphers), "8daaf6152771");
        let extensions = "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01\
                          _0403,0804,0401,0503,0805,0501,0806,0601";
        assert_eq!(digest(extensions), "e5627efa2ab1");
        assert_eq!(digest(""), "000000000000");
    }

    #[test]
    fn reserved_numbers_are_left_out() {
        assert!(is_grease(0x0a0a) && is_grease(0xfafa));
        assert!(!is_grease(0x0a1a) && !is_grease(0x1301));
    }
}
