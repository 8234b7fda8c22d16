//! Warrants, revocations, orders, statements and trust files: as they come, and signed by those who have to.

use std::sync::LazyLock;

use ledger::{Algorithm, KeyName, Note, SignerKey};
use statute::RuleBook;
use warrant::{
    Direction, Purpose, Request, RestoreOrder, Revocation, Source, Statement, Trust, Warrant,
    warrant_text,
};

/// Two members who sign everything, and an engine.
struct Committee {
    trust: Trust,
    signers: [SignerKey; 3],
}

static COMMITTEES: LazyLock<[Committee; 2]> = LazyLock::new(|| {
    [
        Committee::new("noroshi-select-trust/v1", ""),
        Committee::new("noroshi-exercise-select-trust/v1", "exercise/"),
    ]
});

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

impl Committee {
    fn new(header: &str, prefix: &str) -> Self {
        let signer = |name: &str, seed: u8| {
            let name = KeyName::parse(&format!("{prefix}{name}")).expect("a name");
            SignerKey::from_seed(name, Algorithm::Ed25519, &[seed; 32]).expect("a key")
        };
        let signers = [
            signer("member-1", 1),
            signer("member-2", 2),
            signer("equipment-1", 9),
        ];
        let [one, two, engine] = signers.each_ref().map(SignerKey::verifier);
        let text = format!("{header}\nmember {one}\nmember {two}\nthreshold 2\nengine {engine}\n");
        let trust = Trust::parse(text.as_bytes()).expect("the trust file");
        Self { trust, signers }
    }

    /// The octets as the text of a note that all have signed: what is behind the signatures must hold as well.
    fn signed(&self, octets: &[u8]) -> Option<String> {
        let mut note = Note::unsigned(std::str::from_utf8(octets).ok()?).ok()?;
        for signer in &self.signers {
            note.add(signer.sign(note.text()).ok()?).ok()?;
        }
        Some(note.to_string())
    }
}

/// Nothing panics; what is believed has one spelling, and never says what no warrant can say. Says whether anything was
/// believed, as it came or signed by all.
pub(crate) fn check(octets: &[u8]) -> bool {
    if let Ok(trust) = Trust::parse(octets) {
        assert!((1..=trust.members().len()).contains(&trust.threshold()));
    }
    let mut believed = false;
    for committee in &*COMMITTEES {
        believed |= read(octets, &committee.trust);
        if let Some(signed) = committee.signed(octets) {
            believed |= read(signed.as_bytes(), &committee.trust);
        }
    }
    believed
}

fn read(octets: &[u8], trust: &Trust) -> bool {
    let purpose = trust.purpose();
    let text = || {
        let note = Note::parse(octets).expect("a note that was believed");
        note.text().to_owned()
    };
    let mut believed = false;
    if let Ok(warrant) = Warrant::verify(octets, trust) {
        believed = true;
        let again = warrant_text(warrant.terms(), purpose).expect("terms that hold");
        assert_eq!(again.text(), text(), "another spelling");
        admit(&warrant);
        let found = Revocation::found(octets, &warrant, trust);
        assert_eq!(
            found,
            warrant::RevocationFound::Unclear,
            "no warrant revokes itself"
        );
    }
    if let Ok(revocation) = Revocation::verify(octets, trust) {
        believed = true;
        assert_eq!(revocation.note(purpose).expect("a note").text(), text());
    }
    if let Ok((order, _)) = RestoreOrder::verify(octets, trust) {
        believed = true;
        assert!(!order.reason.is_empty(), "an order without a reason");
        assert_eq!(order.note(purpose).expect("a note").text(), text());
    }
    if let Ok((statement, _)) = Statement::verify(octets, trust) {
        believed = true;
        assert_eq!(statement.text(purpose).expect("a text"), text());
    }
    believed
}

/// Under whatever the terms allow, no exercise is live and nothing domestic is approved.
fn admit(warrant: &Warrant) {
    let terms = warrant.terms();
    assert!(!terms.directions.contains(&Direction::Domestic), "domestic");
    let Some(line) = terms.lines.first() else {
        panic!("a warrant for no line");
    };
    for source in [Source::Recorded, Source::Live] {
        let request = Request {
            line,
            equipment: None,
            criteria: terms.criteria,
            source,
            at: terms.valid_from,
        };
        if warrant.admit(&RULES, &request).is_ok() {
            assert!(
                source == Source::Recorded || warrant.purpose() == Purpose::Real,
                "live"
            );
        }
    }
}
