//! Names inside packets: DNS questions, server names of TLS and QUIC, envelopes of SMTP.

pub(crate) mod assemble;
pub(crate) mod dns;
pub(crate) mod ja4;
pub(crate) mod quic;
pub(crate) mod smtp;
pub(crate) mod tls;

/// A host name or mail address in lower case, without final dot. Printed without it.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    octets: [u8; Self::MAX],
    len: u8,
}

impl Name {
    pub(crate) const MAX: usize = 255;

    pub(crate) const fn empty() -> Self {
        Self {
            octets: [0; Self::MAX],
            len: 0,
        }
    }

    /// Takes `text` when it is of printable signs; letters become small and a final dot goes.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        let text = text.strip_suffix(b".").unwrap_or(text);
        let mut name = Self::empty();
        for octet in text {
            name.push(*octet)?;
        }
        (0 < name.len).then_some(name)
    }

    /// Adds one sign; nothing when it is not printable or there is no room.
    pub(crate) fn push(&mut self, octet: u8) -> Option<()> {
        if !octet.is_ascii_graphic() {
            return None;
        }
        *self.octets.get_mut(usize::from(self.len))? = octet.to_ascii_lowercase();
        self.len = self.len.checked_add(1)?;
        Some(())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.octets.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The text; it is ASCII by construction.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}
