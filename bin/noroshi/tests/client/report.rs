use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::home::Home;
use crate::server::{Server, write};
use crate::verify;

const PROMPT: &str = r#"
corporate_number = "7010001000017"
address = "東京都千代田区霞が関1-1"
contact_name = "髙橋 𠮷江"
contact_phone = "03-0000-0000"
summary = { state = "investigating", reason = "ログを解析している" }
occurred_at = { text = "令和８年11月29日", time = "午後11時50分", approximate = true }
"#;

/// The walk of issue 2 section 7, at the command line.
#[test]
fn a_near_miss_becomes_an_incident_and_is_reported_in_full() {
    let server = Server::start();
    let csirt = Home::of(&server, "denki.csirt");
    let approver = Home::of(&server, "denki.shonin");

    let opened = csirt.json(&[
        "incident",
        "open",
        "--title",
        "踏み台の不審な認証",
        "--kind",
        "near-miss",
        "--aware-at",
        "令和８年11月30日 3時17分",
        "--source",
        "当直が警報を見た",
        "--event",
        "trace_he",
    ]);
    let case = opened["case"].as_str().unwrap();
    csirt.json(&[
        "incident",
        "aware",
        case,
        "--kind",
        "incident",
        "--aware-at",
        "2026-11-30 09:40",
        "--source",
        "解析で不正なプログラムの実行を確認した",
    ]);
    csirt.json(&[
        "incident",
        "judge",
        case,
        "--group",
        "A",
        "--yes",
        "malware_ran",
    ]);

    let prompt = file_prompt(&csirt, case);
    let answers = write(
        csirt.path(),
        "update.toml",
        "summary = \"不正なプログラムが実行された\"\n",
    );
    csirt.json(&["incident", "draft", case, "--answers", &answers]);
    let update = approver.json(&["incident", "update", case]);

    let missing = approver.run(&["incident", "full", case, "--format", "json"]);
    assert_eq!(missing.code, 1, "{}", missing.talk);
    let fields = missing_fields(&missing.talk);
    assert!(
        fields.contains(&"initial_response".to_owned()),
        "{fields:?}"
    );
    csirt.json(&[
        "incident",
        "draft",
        case,
        "--not-applicable",
        &fields.join(","),
        "--set",
        "initial_response=機器を切り離し、保全した",
        "--set",
        "occurred_at=2026-11-29",
    ]);
    let full = approver.json(&["incident", "full", case]);

    let shown = approver.json(&["incident", "show", case]);
    let numbers: Vec<&Value> = shown["filings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["number"])
        .collect();
    assert_eq!(
        numbers,
        [&prompt["number"], &update["number"], &full["number"]]
    );
    assert_eq!(shown["phase"], "full_filed");

    let trust = verify::trust(&server);
    for filed in [&prompt, &update, &full] {
        check_receipts(&approver, filed, &trust);
    }
}

/// Files twice with one key: the second time nothing is done, and the next draft is not begun.
fn file_prompt(csirt: &Home, case: &str) -> Value {
    let answers = write(csirt.path(), "prompt.toml", PROMPT);
    let log = write(
        csirt.path(),
        "auth.log",
        "Nov 29 23:50:01 jump sshd: accepted\n",
    );
    let file = [
        "incident",
        "prompt",
        case,
        "--answers",
        &answers,
        "--attach",
        &log,
        "--idempotency-key",
        "night/2026-11-30",
    ];
    let prompt = csirt.json(&file);
    let before = csirt.json(&["incident", "draft", case]);
    assert_eq!(csirt.json(&file), prompt);
    assert_eq!(csirt.json(&["incident", "draft", case]), before);
    let shown = csirt.json(&["incident", "show", case]);
    assert_eq!(shown["filings"].as_array().unwrap().len(), 1);
    prompt
}

/// Keys of the draft that a refusal names.
fn missing_fields(talk: &str) -> Vec<String> {
    let json = &talk[talk.find('{').unwrap()..];
    let refusal: Value = serde_json::from_str(json).unwrap();
    assert_eq!(refusal["outcome"], "refused");
    let errors = refusal["problem"]["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            error["pointer"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// One receipt from the Minister's side and one from the Prime Minister's; an altered one is found.
fn check_receipts(home: &Home, filed: &Value, trust: &Path) {
    let folder = home.path().join(filed["number"].as_str().unwrap());
    let filing = filed["filing"].as_str().unwrap();
    let got = home.json(&["receipt", "get", filing, "--out", folder.to_str().unwrap()]);
    let receipts = got["receipts"].as_array().unwrap();
    assert!(2 <= receipts.len(), "{got}");
    for receipt in receipts {
        let path = Path::new(receipt["file"].as_str().unwrap());
        assert_eq!(
            verify::verify(trust, path),
            Some(3),
            "valid, but no witness has signed"
        );
        let number = filed["number"].as_str().unwrap();
        let altered = fs::read_to_string(path)
            .unwrap()
            .replace(number, "XX-2026-0000-0000");
        let other = path.with_extension("altered.json");
        fs::write(&other, altered).unwrap();
        assert_eq!(verify::verify(trust, &other), Some(1));
    }
}
