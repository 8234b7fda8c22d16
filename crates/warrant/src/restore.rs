//! The committee's order to restore identifiers.

use ids::Digest;
use jiff::Timestamp;
use ledger::{Note, canonical_json};
use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::names::RunId;
use crate::signed::{Refusal, confirm};
use crate::terms::{TermsError, instant};
use crate::trust::{Purpose, Trust};

const REAL: &str = "noroshi-restore-order/v1";
const EXERCISE: &str = "noroshi-exercise-restore-order/v1";

/// What may be restored, and why: a note of its own, signed by as many members as a warrant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreOrder {
    pub run: RunId,
    /// Address tags, 32 hexadecimal digits each.
    pub addresses: Vec<String>,
    /// Mail addresses: tag and sealed original, in hexadecimal as a segment holds them.
    pub mail: Vec<String>,
    /// Why they are needed.
    pub reason: String,
    #[serde(with = "instant")]
    pub at: Timestamp,
}

impl RestoreOrder {
    /// Writes the text, ready to be signed by members.
    pub fn note(&self, purpose: Purpose) -> Result<Note, Refusal> {
        let text = self.text(purpose);
        let text = text.ok_or(Refusal::Terms(TermsError::Body))?;
        Note::unsigned(&text).map_err(Refusal::Note)
    }

    /// Reads and verifies an order; gives the digest of its text for the statement.
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<(Self, Digest), Refusal> {
        let note = Note::parse(bytes).map_err(Refusal::Note)?;
        confirm(&note, trust.members(), trust.threshold())?;
        let (header, line) = note.text().split_once('\n').ok_or(Refusal::Header)?;
        if header != header_of(trust.purpose()) {
            return Err(Refusal::Header);
        }
        let json = line.strip_suffix('\n').unwrap_or(line);
        let read: Self =
            serde_json::from_str(json).map_err(|_| Refusal::Terms(TermsError::Body))?;
        if read.text(trust.purpose()).as_deref() != Some(note.text()) || read.reason.is_empty() {
            return Err(Refusal::Terms(TermsError::Body));
        }
        Ok((read, sha256(note.text().as_bytes())))
    }

    fn text(&self, purpose: Purpose) -> Option<String> {
        let value = serde_json::to_value(self).ok()?;
        let json = canonical_json(&value).ok()?;
        Some(format!("{}\n{json}\n", header_of(purpose)))
    }
}

const fn header_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Real => REAL,
        Purpose::Exercise => EXERCISE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, member, sign, trust};

    #[test]
    fn an_order_to_restore_needs_as_many_members_as_a_warrant() {
        let order = RestoreOrder {
            run: RunId::parse("run-1").unwrap(),
            addresses: vec!["00".repeat(16)],
            mail: Vec::new(),
            reason: "notice to the person concerned".into(),
            at: at("2028-02-03T00:00:00Z"),
        };
        let (purpose, trust) = (Purpose::Real, trust(Purpose::Real));
        let members = [member(purpose, 1), member(purpose, 2)];
        let one = sign(order.note(purpose).unwrap(), &[&members[0]]);
        let refusal = RestoreOrder::verify(one.as_bytes(), &trust).unwrap_err();
        assert_eq!(refusal.code(), "warrant.too_few_signatures");
        let two = sign(order.note(purpose).unwrap(), &[&members[0], &members[1]]);
        let (read, _) = RestoreOrder::verify(two.as_bytes(), &trust).unwrap();
        assert_eq!(read, order);
        for place in 0..two.len() {
            let mut altered = two.clone().into_bytes();
            altered[place] ^= 0x01;
            assert!(
                RestoreOrder::verify(&altered, &trust).is_err(),
                "byte {place}"
            );
        }
    }
}
