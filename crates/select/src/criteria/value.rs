//! One value, as people write it, to the form it is matched in.

use std::net::IpAddr;

use warrant::{CriterionKind, Direction};

use crate::criteria::{Problem, SIGNATURE_LEN, WIDEST_V4, WIDEST_V6};
use crate::direction::Directions;

/// A range of ports; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ports {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl Ports {
    pub(crate) const fn contain(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

/// Where a signature is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gate {
    pub(crate) directions: u8,
    pub(crate) ports: Vec<Ports>,
}

/// A name or mail address to match: lower case, without the mark of a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern<'t> {
    pub(crate) text: &'t str,
    pub(crate) suffix: bool,
}

pub(crate) fn kind(text: &str) -> Result<CriterionKind, Problem> {
    let mut kinds = CriterionKind::ALL.iter();
    kinds
        .find(|kind| kind.code() == text)
        .copied()
        .ok_or(Problem::Kind)
}

/// An address; one of IPv4 inside IPv6 is the IPv4 address.
pub(crate) fn address(text: &str) -> Result<IpAddr, Problem> {
    let address: IpAddr = text.parse().map_err(|_| Problem::Address)?;
    Ok(address.to_canonical())
}

/// A prefix without bits behind its length.
pub(crate) fn prefix(text: &str) -> Result<(IpAddr, u8), Problem> {
    let (address, length) = text.split_once('/').ok_or(Problem::Prefix)?;
    let address: IpAddr = address.parse().map_err(|_| Problem::Prefix)?;
    let digits = !length.is_empty() && length.bytes().all(|octet| octet.is_ascii_digit());
    let length: u8 = match length.parse() {
        Ok(length) if digits => length,
        _ => return Err(Problem::Prefix),
    };
    let (host, widest) = match address {
        IpAddr::V4(address) if length <= 32 => {
            let mask = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
            (u128::from(address.to_bits() & mask), WIDEST_V4)
        }
        IpAddr::V6(address) if length <= 128 => {
            let mask = u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
            (address.to_bits() & mask, WIDEST_V6)
        }
        IpAddr::V4(_) | IpAddr::V6(_) => return Err(Problem::Prefix),
    };
    if host != 0 {
        return Err(Problem::HostBits);
    }
    if length < widest {
        return Err(Problem::TooWide);
    }
    Ok((address, length))
}

/// `tcp/443` or `udp/5000-5010`: the protocol number and the ports.
pub(crate) fn protocol_port(text: &str) -> Result<(u8, Ports), Problem> {
    let (protocol, ports) = text.split_once('/').ok_or(Problem::Port)?;
    let protocol = match protocol {
        "tcp" => 6,
        "udp" => 17,
        "sctp" => 132,
        _ => return Err(Problem::Port),
    };
    Ok((protocol, ports_of(ports).ok_or(Problem::Port)?))
}

fn ports_of(text: &str) -> Option<Ports> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let ports = Ports {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
    };
    (ports.first <= ports.last).then_some(ports)
}

/// The directions and ports of a signature, each separated by spaces.
pub(crate) fn gate(directions: &str, ports: &str) -> Result<Gate, Problem> {
    let mut set = Directions::NONE;
    for code in directions.split_ascii_whitespace() {
        let mut all = Direction::ALL.iter();
        let direction = all.find(|one| one.code() == code).ok_or(Problem::Gate)?;
        if *direction == Direction::Domestic {
            return Err(Problem::Gate);
        }
        set = set.with(*direction);
    }
    let ports: Option<Vec<Ports>> = ports.split_ascii_whitespace().map(ports_of).collect();
    let mut ports = ports.ok_or(Problem::Gate)?;
    ports.sort_unstable();
    ports.dedup();
    if set == Directions::NONE || ports.is_empty() || 64 < ports.len() {
        return Err(Problem::Gate);
    }
    Ok(Gate {
        directions: set.bits(),
        ports,
    })
}

/// A host name or `.suffix` into `lower`.
pub(crate) fn name<'l>(text: &str, lower: &'l mut String) -> Result<Pattern<'l>, Problem> {
    let (text, suffix) = match text.strip_prefix('.') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() || 253 < text.len() || !text.split('.').all(is_label) {
        return Err(Problem::Name);
    }
    if suffix && !text.contains('.') {
        return Err(Problem::WideSuffix);
    }
    lower.clear();
    lower.push_str(text);
    lower.make_ascii_lowercase();
    Ok(Pattern {
        text: lower,
        suffix,
    })
}

/// Letters, digits, hyphens and underscores; services put underscores into names.
fn is_label(label: &str) -> bool {
    let allowed = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    (1..=63).contains(&label.len()) && label.bytes().all(allowed)
}

/// `local@domain` or `@domain` into `lower`.
pub(crate) fn mail<'l>(text: &str, lower: &'l mut String) -> Result<Pattern<'l>, Problem> {
    let (local, domain) = text.rsplit_once('@').ok_or(Problem::Mail)?;
    let plain = |octet: u8| octet.is_ascii_graphic() && !b"<>\"(),:;[\\]@".contains(&octet);
    let domain_is_sound = domain.contains('.') && domain.split('.').all(is_label);
    if 254 < text.len() || 64 < local.len() || !local.bytes().all(plain) || !domain_is_sound {
        return Err(Problem::Mail);
    }
    lower.clear();
    lower.push_str(text);
    lower.make_ascii_lowercase();
    Ok(Pattern {
        text: lower,
        suffix: local.is_empty(),
    })
}

/// A fingerprint in its three parts.
pub(crate) fn ja4(text: &str) -> Result<[u8; 36], Problem> {
    let octets: [u8; 36] = text.as_bytes().try_into().map_err(|_| Problem::Ja4)?;
    let hexadecimal = |octets: &[u8]| {
        octets
            .iter()
            .all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
    };
    let (head, rest) = octets.split_at(10);
    let sound = match rest {
        [b'_', rest @ ..] => match rest.split_at_checked(12) {
            Some((ciphers, [b'_', extensions @ ..])) => {
                hexadecimal(ciphers) && hexadecimal(extensions)
            }
            _ => false,
        },
        _ => false,
    };
    let head_is_sound =
        matches!(head, [b't' | b'q' | b'd', ..]) && head.iter().all(u8::is_ascii_alphanumeric);
    if !sound || !head_is_sound {
        return Err(Problem::Ja4);
    }
    Ok(octets)
}

/// The octets of `hex:…` or `text:…`.
pub(crate) fn signature(text: &str) -> Result<Vec<u8>, Problem> {
    let octets = if let Some(digits) = text.strip_prefix("hex:") {
        unhex(digits).ok_or(Problem::Signature)?
    } else if let Some(plain) = text.strip_prefix("text:") {
        plain.as_bytes().to_vec()
    } else {
        return Err(Problem::Signature);
    };
    let all_same = octets.iter().all(|octet| Some(octet) == octets.first());
    if !SIGNATURE_LEN.contains(&octets.len()) || all_same {
        return Err(Problem::Signature);
    }
    Ok(octets)
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let nibble = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    pairs
        .iter()
        .map(|[high, low]| Some((nibble(*high)? << 4) | nibble(*low)?))
        .collect()
}
