//! Notes, checkpoints, and what is sent to a witness.

use ledger::witness::AddCheckpoint;
use ledger::{Checkpoint, Note, SignedCheckpoint};

/// There is one spelling of each: what is read is printed octet by octet as it came.
pub(crate) fn check(octets: &[u8]) {
    if let Ok(note) = Note::parse(octets) {
        assert_eq!(note.to_string().as_bytes(), octets);
        assert!(!note.signatures().is_empty(), "nobody signed it");
    }
    if let Ok(signed) = SignedCheckpoint::parse(octets) {
        assert_eq!(signed.to_string().as_bytes(), octets);
        assert_eq!(signed.checkpoint().to_string(), signed.note().text());
    }
    if let Ok(request) = AddCheckpoint::parse(octets) {
        assert_eq!(request.to_string().as_bytes(), octets);
    }
    if let Ok(text) = std::str::from_utf8(octets)
        && let Ok(checkpoint) = Checkpoint::parse(text)
    {
        assert_eq!(checkpoint.to_string(), text);
    }
}
