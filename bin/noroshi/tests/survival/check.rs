//! What must hold of an acknowledged filing: it is there, once, with its attachment and valid receipts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use ledger::{
    Algorithm, Exercise, KeyName, LogKey, Origin, Receipt, SignerKey, Trust, VerifierKey,
};
use serde_json::{Value, json};

use crate::api::Ask;
use crate::filer::{Filed, Filer, What};
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
    let ask = |path: String| filer.api.ask(&Ask::get(path));
    let seen = ask(format!("/filings/{}", one.filing))?;
    expect("number", &seen["number"], &json!(one.number))?;
    match &one.what {
        What::Report { case, content, .. } => {
            let case = ask(format!("/cases/{case}"))?;
            let filings = case["filings"].as_array().map(Vec::len);
            expect("filings of the case", &json!(filings), &json!(1))?;
            check_attachment(filer, one, &seen, content)?;
        }
        What::Notification { computer, .. } => {
            let computer = ask(format!("/computers/{computer}"))?;
            expect(
                "filings of the computer",
                &computer["filings"],
                &json!([one.filing]),
            )?;
        }
    }
    let again = filer.api.ask(&one.again)?;
    expect("filing told again", &again["filing"], &json!(one.filing))?;
    check_receipts(filer, one, pins)
}

fn check_attachment(filer: &Filer, one: &Filed, seen: &Value, content: &str) -> Result<(), String> {
    let attachments = seen["attachments"].as_array();
    let digests: Vec<&str> = attachments
        .into_iter()
        .flatten()
        .filter_map(|attachment| attachment["digest"].as_str())
        .collect();
    let [digest] = digests.as_slice() else {
        return Err(format!("{} attachments", digests.len()));
    };
    let place = format!("/filings/{}/attachments/{digest}", one.filing);
    let kept = filer.api.octets(&Ask::get(place))?;
    if kept == content.as_bytes() {
        Ok(())
    } else {
        Err("the attachment has another content".to_owned())
    }
}

fn check_receipts(filer: &Filer, one: &Filed, pins: &Pins) -> Result<(), String> {
    let place = format!("/filings/{}/receipts", one.filing);
    let listed = filer.api.ask(&Ask::get(&place))?;
    let logs: Vec<&str> = listed["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|receipt| receipt["log"].as_str())
        .collect();
    if logs.is_empty() {
        return Err("no receipt".to_owned());
    }
    for log in logs {
        let octets = filer.api.octets(&Ask::get(format!("{place}/{log}")))?;
        let receipt = Receipt::parse(&octets).map_err(|error| format!("receipt: {error}"))?;
        pins.read();
        let verified = receipt
            .verify(&pins.trust())
            .map_err(|error| format!("receipt: {error}"))?;
        drop(verified);
        let number = &receipt.record()["details"]["number"];
        expect("number on the receipt", number, &json!(one.number))?;
    }
    Ok(())
}

fn expect(what: &str, seen: &Value, wanted: &Value) -> Result<(), String> {
    if seen == wanted {
        Ok(())
    } else {
        Err(format!("{what}: {seen} instead of {wanted}"))
    }
}
