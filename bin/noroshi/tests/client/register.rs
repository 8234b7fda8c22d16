use std::fs;

use serde_json::Value;

use crate::home::Home;
use crate::server::{Server, write};

#[test]
fn computers_are_entered_and_notified_from_the_command_line() {
    let server = Server::start();
    let keeper = Home::of(&server, "denki.todokede");
    let approver = Home::of(&server, "denki.shonin");

    let known = keeper.json(&["facility", "list"]);
    let facility = known["items"][0]["name"].as_str().unwrap().to_owned();
    let first = keeper.json(&[
        "computer",
        "add",
        "--facility",
        &facility,
        "--unit",
        "appliance_hw",
        "--class",
        "nigo_3",
        "--product",
        "関門ゲート 9000",
        "--maker",
        "架空電機",
        "--introduced-on",
        "令和８年11月20日",
    ]);
    let toml = format!(
        "facility = {facility:?}\nunit = \"os\"\nclass = \"nigo_3\"\nproduct = \"𠮷野OS 髙\"\n\
         maker = \"架空電機\"\nintroduced_on = 2026-11-20\n"
    );
    let file = write(keeper.path(), "computer.toml", &toml);
    let second = keeper.json(&["computer", "add", "--file", &file]);
    let found = keeper.json(&["computer", "list", "--search", "𠮷野OS"]);
    assert_eq!(found["items"][0]["id"], second["id"]);

    let [first, second] = [&first, &second].map(|each| each["id"].as_str().unwrap());
    let notify = [
        "notify",
        "new",
        first,
        second,
        "--contact-name",
        "見本 花子",
        "--phone",
        "03-0000-0000",
    ];
    let filed = approver.json(&notify);
    let key = filed["idempotency_key"].as_str().unwrap();
    let again = approver.json(&[&notify[..], &["--idempotency-key", key]].concat());
    assert_eq!(again["number"], filed["number"]);
    let other = approver.run(&["notify", "new", first, "--idempotency-key", key]);
    assert_eq!(other.code, 1, "{}", other.talk);
    assert!(
        other.talk.contains("idempotency_key_reused"),
        "{}",
        other.talk
    );

    let filing = filed["filing"].as_str().unwrap();
    let folder = approver.path().join("receipts");
    let got = approver.json(&["receipt", "get", filing, "--out", folder.to_str().unwrap()]);
    let written = got["receipts"].as_array().unwrap();
    assert_eq!(written.len(), 1, "a notification goes to the Minister only");
    let receipt = fs::read(written[0]["file"].as_str().unwrap()).unwrap();
    let receipt: Value = serde_json::from_slice(&receipt).unwrap();
    assert_eq!(receipt["record"]["details"]["number"], filed["number"]);
    let check = got["check"][0].as_str().unwrap();
    assert!(check.starts_with("noroshi-verify --trust "), "{check}");
}
