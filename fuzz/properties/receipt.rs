//! Receipts and the trust files they are checked with.

use std::sync::LazyLock;

use ledger::{Receipt, Trust};

/// Keys of the made-up log that the corpus begins from.
const TRUST: &[u8] = include_bytes!("trust.txt");

static KNOWN: LazyLock<Trust> = LazyLock::new(|| Trust::parse(TRUST).expect("the trust file"));

/// What is read is printed and read back as the same, with the same verdict.
pub(crate) fn check(octets: &[u8]) {
    if let Ok(trust) = Trust::parse(octets) {
        assert_eq!(Trust::parse(trust.to_string().as_bytes()), Ok(trust));
    }
    let Ok(receipt) = Receipt::parse(octets) else {
        return;
    };
    let printed = receipt
        .to_json()
        .expect("a receipt that was read is written");
    let again = Receipt::parse(printed.as_bytes());
    assert_eq!(again.as_ref(), Ok(&receipt), "it reads back as another");
    let verdict = receipt.verify(&KNOWN);
    assert_eq!(again.and_then(|again| again.verify(&KNOWN)), verdict);
    if let Ok(verified) = verdict {
        assert!(verified.index < verified.size, "outside of the tree");
        assert!(!verified.log_keys.is_empty(), "nobody signed it");
    }
}
