//! The envelope of a mail as the client states it (RFC 5321 section 3.3). Nothing behind `DATA` is looked at.

use crate::names::Name;

/// The longest line that is read; commands are at most 512 octets, with extensions somewhat more.
const MAX_LINE: usize = 2048;

/// What a pass over the stream came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// Octets that were dealt with; more lines may come.
    Open(usize),
    /// The envelope ended, or this is no SMTP.
    Ended,
}

/// Hands out the addresses of `MAIL FROM` and `RCPT TO` in `stream`, which begins at a line.
pub(crate) fn envelope(stream: &[u8], first: bool, mut each: impl FnMut(&Name)) -> Envelope {
    let mut rest = stream;
    let mut done = 0_usize;
    let mut first = first;
    loop {
        let Some(end) = rest.iter().position(|octet| *octet == b'\n') else {
            return if MAX_LINE < rest.len() {
                Envelope::Ended
            } else {
                Envelope::Open(done)
            };
        };
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if first && !is_greeting(line) {
            return Envelope::Ended;
        }
        first = false;
        if begins(line, b"DATA") || begins(line, b"BDAT") || begins(line, b"STARTTLS") {
            return Envelope::Ended;
        }
        let path = after_word(line, b"MAIL FROM:").or_else(|| after_word(line, b"RCPT TO:"));
        if let Some(address) = path.and_then(address) {
            each(&address);
        }
        done = done.saturating_add(end).saturating_add(1);
        rest = after.get(1..).unwrap_or_default();
    }
}

fn is_greeting(line: &[u8]) -> bool {
    let words: [&[u8]; 6] = [b"EHLO", b"HELO", b"LHLO", b"NOOP", b"RSET", b"QUIT"];
    words.iter().any(|word| begins(line, word))
}

/// A word at the start, with a space or the end behind it.
fn begins(line: &[u8], word: &[u8]) -> bool {
    after_word(line, word).is_some_and(|rest| matches!(rest, [] | [b' ', ..]))
}

fn after_word<'l>(line: &'l [u8], word: &[u8]) -> Option<&'l [u8]> {
    let (head, rest) = line.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(rest)
}

/// The address between angle brackets, without a source route (RFC 5321 appendix C).
fn address(path: &[u8]) -> Option<Name> {
    let path = path.trim_ascii_start().strip_prefix(b"<")?;
    let end = path.iter().position(|octet| *octet == b'>')?;
    let mut inside = path.get(..end)?;
    if inside.first() == Some(&b'@') {
        let colon = inside.iter().position(|octet| *octet == b':')?;
        inside = inside.get(colon.saturating_add(1)..)?;
    }
    let name = Name::of(inside)?;
    name.as_bytes().contains(&b'@').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(stream: &[u8]) -> (Vec<String>, Envelope) {
        let mut names = Vec::new();
        let end = envelope(stream, true, |name| names.push(name.as_str().to_owned()));
        (names, end)
    }

    #[test]
    fn both_ends_of_an_envelope_are_found_and_nothing_behind_data() {
        let (names, end) = found(
            b"EHLO mx.example\r\nMAIL FROM:<A@Example.org> SIZE=10\r\nrcpt to: <@relay.example:b@example.net>\r\n\
              DATA\r\nMAIL FROM:<c@example.org>\r\n",
        );
        assert_eq!(names, ["a@example.org", "b@example.net"]);
        assert_eq!(end, Envelope::Ended);
    }

    #[test]
    fn a_stream_that_does_not_greet_is_no_smtp() {
        assert_eq!(
            found(b"MAIL FROM:<a@example.org>\r\n"),
            (Vec::new(), Envelope::Ended)
        );
    }

    #[test]
    fn an_unfinished_line_waits() {
        assert_eq!(found(b"EHLO mx\r\nMAIL FROM:<a@ex").1, Envelope::Open(9));
    }
}
