//! What must hold of an acknowledged filing: it is there, once, with its attachment and valid receipts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use ledger::{
    Algorithm, Exercise, KeyName, LogKey, Origin, Receipt, SignerKey, Trust, VerifierKey,
};
use serde_json::json;

use crate::filer::{Filed, Filer};
use crate::server::Place;

/// Public keys of the logs, pinned when first seen, as whoever verifies a receipt has them.
pub(crate) struct Pins {
    folder: PathBuf,
    keys: RefCell<BTreeMap<String, VerifierKey>>,
}

impl Pins {
    /// Pins of an instance, none yet.
    pub(crate) fn of(place: &Place) -> Self {
        Self {
            folder: place.data.join("keys"),
            keys: RefCell::default(),
        }
    }

    /// Pins the keys that are there now. One that was pinned stays what it was.
    pub(crate) fn read(&self) {
        for entry in fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.starts_with("log-") && path.extension().is_some_and(|ext| ext == "key") {
                let text = fs::read_to_string(&path).unwrap();
                let key = SignerKey::parse(text.trim()).unwrap().verifier().clone();
                let mut keys = self.keys.borrow_mut();
                keys.entry(name.to_owned()).or_insert(key);
            }
        }
    }

    fn trust(&self) -> Trust {
        let keys = self.keys.borrow();
        let logs = keys
            .values()
            .map(|key| LogKey {
                origin: Origin::parse(key.name().as_str()).unwrap(),
                key: key.clone(),
                first_size: 0,
                last_size: None,
            })
            .collect();
        // A trust file names a witness; none has seen these logs.
        let name = KeyName::parse("witness.example").unwrap();
        let witness = SignerKey::from_seed(name, Algorithm::CosignatureV1, &[7; 32]).unwrap();
        let witnesses = vec![witness.verifier().clone()];
        Trust::new(logs, witnesses, 1, Exercise::Accept).unwrap()
    }
}

/// Says what is wrong with an acknowledged filing, if anything.
pub(crate) fn check(filer: &Filer, one: &Filed, pins: &Pins) -> Result<(), String> {
    let look = json!({ "do": "look", "case": one.case, "filing": one.filing });
    let seen = filer.ask(look)?;
    expect("number", &seen["number"], &json!(one.number))?;
    expect("attachments", &seen["contents"], &json!([one.content]))?;
    expect("filings of the case", &seen["filings_of_case"], &json!(1))?;
    let again = json!({ "do": "file", "case": one.case, "key": one.key });
    expect(
        "number told again",
        &filer.ask(again)?["number"],
        &json!(one.number),
    )?;
    pins.read();
    let trust = pins.trust();
    let receipts = seen["receipts"].as_array().unwrap();
    if receipts.is_empty() {
        return Err("no receipt".to_owned());
    }
    for json in receipts {
        let receipt = Receipt::parse(json.as_str().unwrap().as_bytes())
            .map_err(|error| format!("receipt: {error}"))?;
        let verified = receipt
            .verify(&trust)
            .map_err(|error| format!("receipt: {error}"))?;
        drop(verified);
        let number = &receipt.record()["details"]["number"];
        expect("number on the receipt", number, &json!(one.number))?;
    }
    Ok(())
}

fn expect(what: &str, seen: &serde_json::Value, wanted: &serde_json::Value) -> Result<(), String> {
    if seen == wanted {
        Ok(())
    } else {
        Err(format!("{what}: {seen} instead of {wanted}"))
    }
}
