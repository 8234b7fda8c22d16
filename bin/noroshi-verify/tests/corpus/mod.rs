//! Receipts, good and altered, with the verdict each must get.

use ledger::{
    ActCode, Algorithm, Checkpoint, Commitment, Entry, Hash, KeyName, Origin, Receipt, Salt,
    SignedCheckpoint, SignerKey, TreeHead, consistency_path, inclusion_path, root_at,
};
use serde_json::{Value, json};

pub(crate) const ORIGIN: &str = "cao.example/filings";

/// A receipt file and what must be said of it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) verdict: &'static str,
}

fn signer(name: &str, seed: u8, algorithm: Algorithm) -> SignerKey {
    SignerKey::from_seed(KeyName::parse(name).unwrap(), algorithm, &[seed; 32]).unwrap()
}

fn log(origin: &str) -> SignerKey {
    signer(origin, 1, Algorithm::Ed25519)
}

fn witness() -> SignerKey {
    signer("committee.example/w1", 101, Algorithm::CosignatureV1)
}

fn second_witness() -> SignerKey {
    signer("committee.example/w2", 102, Algorithm::CosignatureV1)
}

/// A trust file for [`ORIGIN`] with two witnesses, of which the receipts bear the first.
pub(crate) fn trust_file(quorum: usize) -> String {
    trust_for(ORIGIN, quorum)
}

pub(crate) fn trust_for(origin: &str, quorum: usize) -> String {
    format!(
        "noroshi-trust/v1\n# test keys\n\nlog {}\nwitness {}\nwitness {}\nquorum {quorum}\n",
        log(origin).verifier(),
        witness().verifier(),
        second_witness().verifier(),
    )
}

fn record() -> Value {
    json!({
        "act": "incident.file_prompt",
        "by": "株式会社 髙𠮷 \u{1f525}",
        "control": "\u{1}\t\u{7f}\"\\/",
        "n": [0, -1, 9_007_199_254_740_991_i64, true, null, {}],
        "\u{fb33}": "sorts after",
        "\u{1f600}": "the surrogate pair",
    })
}

fn leaves(entry: &Entry) -> Vec<Hash> {
    let mut leaves: Vec<Hash> = (0..9)
        .map(|n| Entry::sealed(Commitment::from_bytes([n; 32])).leaf_hash())
        .collect();
    leaves[5] = entry.leaf_hash();
    leaves
}

fn checkpoint(origin: &str, size: u64, leaves: &[Hash]) -> SignedCheckpoint {
    let head = TreeHead {
        size,
        root: root_at(size, leaves).unwrap(),
    };
    let checkpoint = Checkpoint::new(Origin::parse(origin).unwrap(), head);
    checkpoint.sign(&[&log(origin)]).unwrap()
}

/// A receipt for leaf 5 of 9, with one cosignature.
pub(crate) fn issue(origin: &str, code: Option<&str>) -> Receipt {
    issue_record(origin, code, record())
}

fn issue_record(origin: &str, code: Option<&str>, record: Value) -> Receipt {
    let code = code.map(|raw| ActCode::parse(raw).unwrap());
    let salt = Salt::from_bytes([42; 32]);
    let entry = Entry::of_record(&salt, &record, code.as_ref()).unwrap();
    let leaves = leaves(&entry);
    let mut signed = checkpoint(origin, 9, &leaves);
    signed.cosign(&witness(), 1_800_000_000).unwrap();
    let proof = inclusion_path(5, 9, leaves.as_slice()).unwrap();
    Receipt::new(5, salt, record, code.as_ref(), proof, signed).unwrap()
}

/// An older checkpoint without witnesses, a newer one with, and the proof between them.
pub(crate) fn history() -> (String, String, String) {
    let leaves = leaves(&Entry::sealed(Commitment::from_bytes([77; 32])));
    let old = checkpoint(ORIGIN, 6, &leaves);
    let mut new = checkpoint(ORIGIN, 9, &leaves);
    new.cosign(&witness(), 1_800_000_000).unwrap();
    let proof = consistency_path(6, 9, leaves.as_slice()).unwrap();
    let lines: Vec<String> = proof.iter().map(Hash::to_base64).collect();
    (old.to_string(), new.to_string(), lines.join("\n"))
}

struct Cases(Vec<Case>);

impl Cases {
    fn file(&mut self, name: &str, verdict: &'static str, file: String) {
        self.0.push(Case {
            name: name.to_owned(),
            file,
            verdict,
        });
    }

    /// The good receipt with a change to its JSON.
    fn set(&mut self, name: &str, verdict: &'static str, change: impl FnOnce(&mut Value)) {
        let mut value = serde_json::from_str(&issue(ORIGIN, None).to_json().unwrap()).unwrap();
        change(&mut value);
        self.file(name, verdict, value.to_string());
    }

    /// The good receipt with a change to its text.
    fn text(&mut self, verdict: &'static str, from: &str, to: &str) {
        let value: Value = serde_json::from_str(&issue(ORIGIN, None).to_json().unwrap()).unwrap();
        let text = value.to_string();
        assert!(text.contains(from), "{from}");
        self.file(
            &format!("{from} -> {to}"),
            verdict,
            text.replacen(from, to, 1),
        );
    }

    /// The good receipt with a change to its checkpoint note.
    fn note(&mut self, name: &str, verdict: &'static str, change: impl FnOnce(&str) -> String) {
        self.set(name, verdict, |value| {
            let changed = change(value["checkpoint"].as_str().unwrap());
            value["checkpoint"] = json!(changed);
        });
    }
}

/// The good receipts, and one alteration of every field and every rule.
pub(crate) fn mutations() -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    good(&mut cases);
    fields(&mut cases);
    json_rules(&mut cases);
    notes(&mut cases);
    cases.0
}

fn good(cases: &mut Cases) {
    let json = |receipt: Receipt| receipt.to_json().unwrap();
    cases.file("good", "witnessed", json(issue(ORIGIN, None)));
    cases.set("other layout", "witnessed", |_| ());
    let coded = issue(ORIGIN, Some("incident.file_prompt"));
    cases.file("coded", "witnessed", json(coded.clone()));
    let without = json(coded.clone()).replace("\"public_code\": \"incident.file_prompt\",", "");
    cases.file("coded without its code", "invalid", without);
    let null = json(coded).replace(
        "\"public_code\": \"incident.file_prompt\"",
        "\"public_code\": null",
    );
    cases.file("null code", "invalid", null);
    cases.file(
        "exercise",
        "invalid",
        json(issue("exercise/cao.example/filings", None)),
    );
    cases.file(
        "other log",
        "invalid",
        json(issue("cao.example/other", None)),
    );
    for odd in [json!(null), json!("text"), json!(7), json!([]), json!({})] {
        cases.file(
            &format!("record {odd}"),
            "witnessed",
            json(issue_record(ORIGIN, None, odd.clone())),
        );
    }
    let nest = |levels: u32| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    cases.file(
        "64 deep",
        "witnessed",
        json(issue_record(ORIGIN, None, nest(64))),
    );
    cases.set("65 deep", "invalid", |value| value["record"] = nest(65));
}

fn fields(cases: &mut Cases) {
    let zero = Hash::from_bytes([0; 32]).to_base64();
    cases.set("format", "invalid", |value| {
        value["format"] = json!("noroshi-receipt/v2");
    });
    cases.set("origin", "invalid", |value| {
        value["origin"] = json!("cao.example/other");
    });
    cases.set("index", "invalid", |value| value["index"] = json!(4));
    cases.set("index beyond", "invalid", |value| value["index"] = json!(9));
    cases.set("index type", "invalid", |value| value["index"] = json!("5"));
    cases.set("index true", "invalid", |value| {
        value["index"] = json!(true);
    });
    cases.set("salt", "invalid", |value| value["salt"] = json!(zero));
    cases.set("short salt", "invalid", |value| {
        value["salt"] = json!("AAAA");
    });
    cases.set("record", "invalid", |value| {
        value["record"]["by"] = json!("別の会社");
    });
    cases.set("record type", "invalid", |value| {
        value["record"] = json!("x");
    });
    cases.set("added member of record", "invalid", |value| {
        value["record"]["x"] = json!(null);
    });
    cases.set("removed member of record", "invalid", |value| {
        value["record"].as_object_mut().unwrap().remove("by");
    });
    cases.set("added code", "invalid", |value| {
        value["public_code"] = json!("incident.file_prompt");
    });
    cases.set("bad code", "invalid", |value| {
        value["public_code"] = json!("A");
    });
    for at in 0..4 {
        cases.set(&format!("proof {at}"), "invalid", |value| {
            value["proof"][at] = json!(zero);
        });
    }
    cases.set("empty proof", "invalid", |value| value["proof"] = json!([]));
    cases.set("long proof", "invalid", |value| {
        value["proof"].as_array_mut().unwrap().push(json!(zero));
    });
    cases.set("65 hashes", "invalid", |value| {
        value["proof"] = json!(vec![&zero; 65]);
    });
    cases.set("proof type", "invalid", |value| value["proof"] = json!({}));
    cases.set("no checkpoint", "invalid", |value| {
        value["checkpoint"] = json!("");
    });
    for member in [
        "format",
        "origin",
        "index",
        "salt",
        "record",
        "proof",
        "checkpoint",
    ] {
        cases.set(&format!("without {member}"), "invalid", |value| {
            value.as_object_mut().unwrap().remove(member);
        });
        cases.set(&format!("null {member}"), "invalid", |value| {
            value[member] = Value::Null;
        });
    }
    cases.set("extra member", "invalid", |value| value["note"] = json!(1));
}

fn json_rules(cases: &mut Cases) {
    cases.text("invalid", "\"index\":5", "\"index\":5,\"index\":5");
    cases.text("invalid", "\"index\":5", "\"index\":5.0");
    cases.text("invalid", "\"index\":5", "\"index\":-5");
    cases.text("invalid", "\"index\":5", "\"index\":05");
    cases.text("invalid", "\"index\":5", "\"index\":9007199254740992");
    cases.text("invalid", "\"index\":5", "\"index\":5e0");
    cases.text(
        "invalid",
        "\"act\":\"incident",
        "\"act\":\"x\",\"act\":\"incident",
    );
    cases.text(
        "invalid",
        "\"act\":\"incident",
        "\"\\u0061ct\":\"x\",\"act\":\"incident",
    );
    cases.text(
        "witnessed",
        "\"act\":\"incident",
        "\"\\u0061ct\":\"incident",
    );
    cases.text("invalid", "[0,", "[0.0,");
    cases.text("invalid", "[0,", "[-0,");
    cases.text("invalid", "[0,", "[0e0,");
    cases.text("invalid", "[0,", "[NaN,");
    cases.text("invalid", "[0,", "[Infinity,");
    cases.text("invalid", "9007199254740991", "9007199254740992");
    cases.text("invalid", "9007199254740991", &"9".repeat(400));
    cases.text("witnessed", "[0,", "[ 0 ,\n\t\r");
    cases.text("invalid", "[0,", "[\u{a0}0,");
    cases.text("invalid", "[0,", "[0,/**/");
    cases.text("invalid", "[0,", "[,0,");
    cases.text("invalid", "sorts after", "sorts \\ud800 after");
    cases.text("invalid", "sorts after", "sorts\nafter");
    cases.text("witnessed", "\u{1f600}", "\\ud83d\\ude00");
    cases.text("witnessed", "/", "\\/");
    let json = issue(ORIGIN, None).to_json().unwrap();
    cases.file("byte order mark", "invalid", format!("\u{feff}{json}"));
    cases.file("trailing text", "invalid", format!("{json}x"));
    cases.file("white space around", "witnessed", format!("\n {json}\n"));
    cases.file("two receipts", "invalid", format!("{json}{json}"));
    cases.file("empty", "invalid", String::new());
    cases.file("list", "invalid", "[]".to_owned());
    cases.file("deep", "invalid", "[".repeat(100_000));
    cases.file(
        "large",
        "invalid",
        format!("{json}{}", " ".repeat(Receipt::MAX_BYTES)),
    );
}

fn notes(cases: &mut Cases) {
    let swap = |from: &'static str, to: &'static str| {
        move |note: &str| {
            assert!(note.contains(from), "{from}");
            note.replacen(from, to, 1)
        }
    };
    cases.note("size", "invalid", swap("\n9\n", "\n8\n"));
    cases.note("size spelling", "invalid", swap("\n9\n", "\n09\n"));
    cases.note("extension", "invalid", swap("=\n\n", "=\nx\n\n"));
    cases.note(
        "origin of the note",
        "invalid",
        swap(ORIGIN, "cao.example/filing"),
    );
    cases.note("no final newline", "invalid", |note| {
        note.trim_end().to_owned()
    });
    cases.note("carriage return", "invalid", swap("\n9\n", "\r\n9\r\n"));
    cases.note("log line renamed", "invalid", |note| {
        note.replacen("\u{2014} cao.", "\u{2014} cap.", 1)
    });
    cases.note(
        "witness line renamed",
        "not_witnessed",
        swap("committee.example/w1", "someone.example"),
    );
    cases.note(
        "witness line of the other name",
        "not_witnessed",
        swap("example/w1", "example/w2"),
    );
    cases.note("witness line removed", "not_witnessed", |note| {
        note.split_inclusive('\n').take(5).collect()
    });
    cases.note("log line removed", "invalid", |note| {
        let lines: Vec<&str> = note.split_inclusive('\n').collect();
        [&lines[..4], &lines[5..]].concat().concat()
    });
    cases.note("witness line twice", "witnessed", |note| {
        let last = note.split_inclusive('\n').next_back().unwrap();
        format!("{note}{last}")
    });
    cases.note("stranger", "witnessed", |note| {
        format!("{note}\u{2014} 第三者 AAAAAAAA\n")
    });
    cases.note("stranger without bytes", "invalid", |note| {
        format!("{note}\u{2014} a AAAAAA==\n")
    });
    cases.note("stranger with a plus", "invalid", |note| {
        format!("{note}\u{2014} a+b AAAAAAAA\n")
    });
    let wide = |note: &str| format!("{note}\u{2014} a\u{3000}b AAAAAAAA\n");
    cases.note("stranger with a wide space", "invalid", wide);
    let many =
        |count: usize| move |note: &str| note.to_owned() + &"\u{2014} a AAAAAAAA\n".repeat(count);
    cases.note("64 lines", "witnessed", many(62));
    cases.note("65 lines", "invalid", many(63));
    for (name, line) in [("log", 4), ("witness", 5)] {
        cases.note(&format!("false {name} line"), "invalid", |note| {
            let mut lines: Vec<String> = note.split_inclusive('\n').map(str::to_owned).collect();
            // A letter in the middle of the signature, behind the key id and the time.
            let at = lines[line].len() - 20;
            let other = if lines[line].as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            lines[line].replace_range(at..=at, other);
            lines.concat()
        });
    }
}

/// Trust files: good ones, and one break of every rule.
pub(crate) fn trust_mutations() -> Vec<(String, String)> {
    let good = trust_file(1);
    let key = log(ORIGIN).verifier().to_string();
    let own = witness().verifier().to_string();
    let twin = signer("twin.example", 101, Algorithm::CosignatureV1)
        .verifier()
        .to_string();
    let swap = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        (format!("{from} -> {to}"), good.replacen(from, to, 1))
    };
    let add = |line: &str| (format!("+ {line}"), format!("{good}{line}\n"));
    vec![
        ("good".to_owned(), good.clone()),
        ("no final newline".to_owned(), good.trim_end().to_owned()),
        ("empty".to_owned(), String::new()),
        swap("trust/v1", "trust/v2"),
        swap("# test", "\t# test"),
        swap("quorum 1", "quorum 2"),
        swap("quorum 1", "quorum 3"),
        swap("quorum 1", "quorum 0"),
        swap("quorum 1", "quorum 01"),
        swap("quorum 1", "quorum 1 "),
        swap("quorum 1", ""),
        swap("quorum 1", "quorum 18446744073709551616"),
        add("quorum 1"),
        add("exercise accept"),
        add("exercise maybe"),
        add("exercise"),
        add(" exercise accept"),
        add("log"),
        add(&format!("log {key}")),
        add(&format!("witness {own}")),
        add(&format!("witness {twin}")),
        add(&format!("witness {key}")),
        add(&format!("log {own}")),
        swap(&key, &format!("{key} last-size=9")),
        swap(&key, &format!("{key} last-size=8")),
        swap(&key, &format!("{key} first-size=9")),
        swap(&key, &format!("{key} first-size=10")),
        swap(&key, &format!("{key} first-size=9 last-size=9")),
        swap(&key, &format!("{key} first-size=9 last-size=8")),
        swap(&key, &format!("{key} last-size=9 last-size=9")),
        swap(&key, &format!("{key} size=9")),
        swap(&key, &format!("{key}  last-size=9")),
        swap(&key, &key.replacen("cao.", "Cao.", 1)),
        swap(
            &key,
            &signer("CAO", 1, Algorithm::Ed25519).verifier().to_string(),
        ),
        swap(
            &key,
            &signer(ORIGIN, 2, Algorithm::Ed25519).verifier().to_string(),
        ),
        swap(&key, &log("cao.example/other").verifier().to_string()),
    ]
}
