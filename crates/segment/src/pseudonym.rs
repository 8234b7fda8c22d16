//! Pseudonyms (非識別化措置): what identifies persons leaves as a tag, restorable by the committee only.

use std::fmt;
use std::net::IpAddr;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ids::Digest;
use ipcrypt_rs::Ipcrypt;
use jiff::Timestamp;
use sha2::Sha256;
use warrant::{Masking, PublicKey, Purpose, RunId};
use zeroize::Zeroizing;

use crate::error::SegmentError;
use crate::key_file::{KeyDraft, KeyFile, KeyUse};
use crate::keys::{Key32, PrivateKey, random_key};
use crate::record::{Address, AddressTag, MailTag, Pseudonymised};

const NONCE_BYTES: usize = 24;

/// On which side of the border an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Domestic,
    Foreign,
}

/// Turns identifiers into tags with a key of this run, which is wrapped to the committee's key at the
/// start and wiped at the end. Equal identifiers have equal tags within a run and no longer.
pub struct Pseudonymiser {
    addresses: Ipcrypt,
    tags: Key32,
    seals: XChaCha20Poly1305,
    masking: Masking,
}

/// Restores identifiers; made from the committee's private key and the key file of a run.
pub struct Reidentifier {
    addresses: Ipcrypt,
    tags: Key32,
    seals: XChaCha20Poly1305,
}

/// For whom and for how long the key of pseudonyms of a run is made.
#[derive(Clone, Debug)]
pub struct PseudonymTerms<'t> {
    pub purpose: Purpose,
    pub run: &'t RunId,
    pub warrant: Digest,
    /// The committee's re-identification key.
    pub to: PublicKey,
    pub expires: Timestamp,
    pub masking: Masking,
}

impl Pseudonymiser {
    /// Makes the key of a run; gives the bytes of its key file, to be stored before the first record.
    pub fn begin(terms: &PseudonymTerms<'_>) -> Result<(Self, Vec<u8>), SegmentError> {
        let key = random_key()?;
        let draft = KeyDraft {
            usage: KeyUse::Pseudonyms,
            purpose: terms.purpose,
            name: terms.run.as_str(),
            warrant: terms.warrant,
            to: terms.to,
            digest: None,
            records: 0,
            expires: terms.expires,
        };
        let file = KeyFile::wrap(&key, &draft)?.to_bytes()?;
        let masking = terms.masking;
        let (addresses, tags, seals) = derive(&key)?;
        let made = Self {
            addresses,
            tags,
            seals,
            masking,
        };
        Ok((made, file))
    }

    /// An address as it may leave: a domestic one as a tag where the rule book says so.
    pub fn address(&self, address: IpAddr, side: Side) -> Address {
        match side {
            Side::Domestic if self.masking.domestic_addresses => Address::Tag(self.tag(address)),
            Side::Domestic | Side::Foreign => Address::Plain(address),
        }
    }

    /// A mail address as it may leave: always a tag, and the original sealed.
    pub fn mail(&self, address: &[u8]) -> Result<Pseudonymised, SegmentError> {
        let tag = MailTag(mail_tag(&self.tags, address)?);
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SegmentError::Random)?;
        let payload = Payload {
            msg: address,
            aad: &tag.0,
        };
        let body = self.seals.encrypt(&XNonce::from(nonce), payload);
        let body = body.map_err(|_| SegmentError::Value)?;
        Ok(Pseudonymised {
            tag,
            sealed: [&nonce[..], &body].concat(),
        })
    }

    fn tag(&self, address: IpAddr) -> AddressTag {
        let mut bytes = octets(address);
        self.addresses.encrypt_ip16(&mut bytes);
        AddressTag(bytes)
    }
}

impl Reidentifier {
    /// Unwraps the key of a run.
    pub fn open(key_file: &[u8], key: &PrivateKey) -> Result<Self, SegmentError> {
        let file = KeyFile::parse(key_file)?;
        let (addresses, tags, seals) = derive(&file.unwrap(KeyUse::Pseudonyms, key)?)?;
        Ok(Self {
            addresses,
            tags,
            seals,
        })
    }

    /// The address behind a tag. Every tag stands for some address: ask only for tags of this run.
    pub fn address(&self, tag: AddressTag) -> IpAddr {
        let mut bytes = tag.0;
        self.addresses.decrypt_ip16(&mut bytes);
        IpAddr::from(bytes).to_canonical()
    }

    /// The mail address behind a sealed original; refuses one that belongs to another tag or run.
    pub fn mail(&self, mail: &Pseudonymised) -> Result<Zeroizing<Vec<u8>>, SegmentError> {
        let parts = mail.sealed.split_first_chunk::<NONCE_BYTES>();
        let (nonce, body) = parts.ok_or(SegmentError::Restore)?;
        let payload = Payload {
            msg: body,
            aad: &mail.tag.0,
        };
        let opened = self.seals.decrypt(&XNonce::from(*nonce), payload);
        let opened = Zeroizing::new(opened.map_err(|_| SegmentError::Restore)?);
        if mail_tag(&self.tags, &opened)? != mail.tag.0 {
            return Err(SegmentError::Restore);
        }
        Ok(opened)
    }
}

macro_rules! hidden {
    ($($name:ident)*) => {$(
        /// Hides the keys.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )*};
}

hidden!(Pseudonymiser Reidentifier);

fn derive(key: &Key32) -> Result<(Ipcrypt, Key32, XChaCha20Poly1305), SegmentError> {
    let addresses = keyed(key, b"noroshi address tags v1", b"")?;
    let mut half = Zeroizing::new([0_u8; 16]);
    for (to, from) in half.iter_mut().zip(addresses.iter()) {
        *to = *from;
    }
    let seals = keyed(key, b"noroshi mail seals v1", b"")?;
    Ok((
        Ipcrypt::new(*half),
        keyed(key, b"noroshi mail tags v1", b"")?,
        XChaCha20Poly1305::new(seals.as_slice().into()),
    ))
}

fn mail_tag(key: &Key32, address: &[u8]) -> Result<[u8; 16], SegmentError> {
    let whole = keyed(key, b"", address)?;
    let (tag, _) = whole.split_first_chunk().ok_or(SegmentError::Value)?;
    Ok(*tag)
}

/// HMAC-SHA-256 (RFC 2104).
fn keyed(key: &Key32, label: &[u8], message: &[u8]) -> Result<Key32, SegmentError> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(|_| SegmentError::Value)?;
    mac.update(label);
    mac.update(message);
    Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
}

/// The 16 octets under which ipcrypt knows an address: IPv4 mapped into IPv6.
pub(crate) fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped().octets(),
        IpAddr::V6(six) => six.octets(),
    }
}
