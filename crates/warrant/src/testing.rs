//! Keys, terms and a rule book for the tests of this crate.

use ids::Digest;
use ledger::{Algorithm, KeyName, Note, SignerKey};
use statute::RuleBook;

use crate::codes::{Direction, InformationKind, MeasureKind};
use crate::keys::PublicKey;
use crate::names::{CriteriaDigest, EquipmentId, LineId, MeasureId};
use crate::signed::{Request, Source, warrant_text};
use crate::terms::{Conditions, Terms, TimeRule, TunnelRule};
use crate::trust::{Purpose, Trust};

pub(crate) fn book() -> RuleBook {
    RuleBook::embedded().unwrap()
}

pub(crate) fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

pub(crate) fn key(name: &str, seed: u8) -> SignerKey {
    let name = KeyName::parse(name).unwrap();
    SignerKey::from_seed(name, Algorithm::Ed25519, &[seed; 32]).unwrap()
}

fn name(purpose: Purpose, rest: &str) -> String {
    match purpose {
        Purpose::Real => rest.to_owned(),
        Purpose::Exercise => format!("exercise/{rest}"),
    }
}

/// Member 1 to 3 of the committee; member 4 is nobody's.
pub(crate) fn member(purpose: Purpose, number: u8) -> SignerKey {
    key(&name(purpose, &format!("member-{number}")), number)
}

pub(crate) fn engine(purpose: Purpose) -> SignerKey {
    key(&name(purpose, "equipment-1"), 9)
}

/// Two of three members, one engine.
pub(crate) fn trust(purpose: Purpose) -> Trust {
    let header = match purpose {
        Purpose::Real => "noroshi-select-trust/v1",
        Purpose::Exercise => "noroshi-exercise-select-trust/v1",
    };
    let members = [1, 2, 3].map(|number| format!("member {}", member(purpose, number).verifier()));
    let engine = format!("engine {}", engine(purpose).verifier());
    let text = [header, &members.join("\n"), "threshold 2", &engine, ""].join("\n");
    Trust::parse(text.as_bytes()).unwrap()
}

pub(crate) fn criteria(byte: u8) -> CriteriaDigest {
    CriteriaDigest::new(Digest::from_bytes([byte; 32]))
}

/// A foreign-to-foreign measure of 2028, when the articles are in force.
pub(crate) fn terms() -> Terms {
    Terms {
        measure: MeasureId::parse("m-2028-001").unwrap(),
        kind: MeasureKind::ForeignTransit,
        basis: vec!["basis.foreign_measures".into(), "basis.selection".into()],
        equipment: EquipmentId::parse("equipment-1").unwrap(),
        lines: vec![
            LineId::parse("line-a").unwrap(),
            LineId::parse("line-b").unwrap(),
        ],
        directions: vec![Direction::Transit],
        criteria: criteria(1),
        valid_from: at("2028-01-10T00:00:00Z"),
        valid_until: at("2028-04-10T00:00:00Z"),
        conditions: Conditions {
            information: vec![InformationKind::Addresses, InformationKind::Ports],
            retention_days: 30,
            kept_packets_per_hour: Some(1_000_000),
            tunnels: TunnelRule::Outer,
            time: TimeRule::Period,
        },
        office_key: PublicKey::from_bytes([5; 32]).unwrap(),
        reidentification_key: PublicKey::from_bytes([6; 32]).unwrap(),
    }
}

pub(crate) fn sign(mut note: Note, signers: &[&SignerKey]) -> String {
    for signer in signers {
        note.add(signer.sign(note.text()).unwrap()).unwrap();
    }
    note.to_string()
}

/// The terms signed by members 1 and 2.
pub(crate) fn signed(terms: &Terms, purpose: Purpose) -> String {
    let note = warrant_text(terms, purpose).unwrap();
    sign(note, &[&member(purpose, 1), &member(purpose, 2)])
}

pub(crate) fn line() -> LineId {
    LineId::parse("line-a").unwrap()
}

pub(crate) fn request(line: &LineId) -> Request<'_> {
    Request {
        line,
        equipment: None,
        criteria: criteria(1),
        source: Source::Recorded,
        at: at("2028-02-01T00:00:00Z"),
    }
}
