use formats::filing::{Body, from_value};
use ids::Digest;
use ledger::Receipt;
use model::filing::Filing;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::outgoing::says_the_same;
use super::{Found, PeerLink, RemotePlace};
use crate::receipt::FILED;

/// Verdict on a receipt that proves that what was sent was filed.
pub const VERIFIED: &str = "verified";

/// What a receipt must prove.
pub(super) struct Expected<'a> {
    pub(super) link: &'a PeerLink,
    /// Whether this instance is an exercise.
    pub(super) exercise: bool,
    /// The filing here and what stands in it.
    pub(super) filing: &'a Filing,
    pub(super) body: &'a Body,
    /// Where it is there.
    pub(super) remote: &'a RemotePlace,
}

impl Expected<'_> {
    /// Whether what the other instance says was filed is what was sent.
    pub(super) fn is_filed(&self, found: &Found) -> bool {
        from_value(&found.body).is_ok_and(|theirs| says_the_same(self.body, &theirs))
    }

    /// Judges a receipt; the number of trusted witnesses, or the code of what is wrong.
    pub(super) fn judge(&self, receipt: &[u8], found: &Found) -> Result<u32, &'static str> {
        let receipt = Receipt::parse(receipt).map_err(|error| error.code())?;
        let verified = receipt
            .verify(&self.link.trust)
            .map_err(|error| error.code())?;
        if verified.exercise != self.exercise {
            return Err("exercise");
        }
        let record = receipt.record();
        let says = |pointer: &str, expected: &str| {
            record.pointer(pointer).and_then(Value::as_str) == Some(expected)
        };
        let about = says("/act", FILED)
            && says("/subject/kind", "filing")
            && says("/subject/id", &self.remote.filing.to_string())
            && says("/details/number", &self.remote.number)
            && says("/details/kind", self.filing.kind.code())
            && says("/details/operator/corporate_number", &self.link.operator);
        if !about {
            return Err("other_filing");
        }
        let canonical = ledger::canonical_json(&found.body).map_err(|_| "other_content")?;
        let digest = Digest::from_bytes(Sha256::digest(canonical.as_bytes()).into());
        if !says("/details/body_sha256", &digest.to_string()) || !self.is_filed(found) {
            return Err("other_content");
        }
        Ok(u32::try_from(verified.witnesses.len()).unwrap_or(u32::MAX))
    }
}
