//! Questions of DNS messages (RFC 1035 section 4).

use crate::bytes::{be16, byte};
use crate::names::Name;

/// Questions looked at in one message. One is usual.
const MAX_QUESTIONS: u16 = 16;
/// Labels and jumps in one name, at most.
const MAX_STEPS: u8 = 140;

/// Hands out the name of every question. `false` when the message ends or breaks before its questions do.
pub(crate) fn questions(message: &[u8], mut each: impl FnMut(&Name)) -> bool {
    let Some(count) = be16(message, 4) else {
        return false;
    };
    let mut at = 12_usize;
    for _ in 0..count.min(MAX_QUESTIONS) {
        let Some((name, next)) = name(message, at) else {
            return false;
        };
        if let Some(name) = name {
            each(&name);
        }
        // Type and class follow.
        at = next.saturating_add(4);
        if message.len() < at {
            return false;
        }
    }
    true
}

/// The name at `at` and where it ends. The name is nothing when it is the root, or holds a sign that a host
/// name cannot: such a name meets no criterion.
fn name(message: &[u8], at: usize) -> Option<(Option<Name>, usize)> {
    let mut name = Some(Name::empty());
    let mut at = at;
    let mut end = None;
    for _ in 0..MAX_STEPS {
        let length = byte(message, at)?;
        match length {
            0 => {
                let end = end.unwrap_or(at.saturating_add(1));
                let name = name.filter(|name| !name.as_bytes().is_empty());
                return Some((name, end));
            }
            1..=63 => {
                let start = at.saturating_add(1);
                let after = start.saturating_add(usize::from(length));
                let label = message.get(start..after)?;
                name = name.and_then(|name| join(name, label));
                at = after;
            }
            0xc0.. => {
                let target = usize::from(be16(message, at)? & 0x3fff);
                end.get_or_insert(at.saturating_add(2));
                // Only backwards: a name cannot point at itself.
                if at <= target {
                    return None;
                }
                at = target;
            }
            64..=0xbf => return None,
        }
    }
    None
}

fn join(name: Name, label: &[u8]) -> Option<Name> {
    let mut name = name;
    if !name.as_bytes().is_empty() {
        name.push(b'.')?;
    }
    for octet in label {
        // A dot inside a label would make two labels of one.
        if *octet == b'.' {
            return None;
        }
        name.push(*octet)?;
    }
    Some(name)
}

/// The next message of a DNS stream over TCP (RFC 1035 section 4.2.2) and the octets it takes; nothing when more
/// is needed.
pub(crate) fn framed(stream: &[u8]) -> Option<(&[u8], usize)> {
    let length = usize::from(be16(stream, 0)?);
    let end = length.saturating_add(2);
    Some((stream.get(2..end)?, end))
}
