//! Live sources while the basis is not in force.

use std::process::Command;

use crate::ground::{Ground, json, released, under_test_rules};

fn refused(command: Command, arguments: &[String]) -> (String, String) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, told) = json(command, &arguments);
    assert_eq!(code, 2, "{told}");
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (text("refused"), text("advice"))
}

#[test]
fn the_released_program_refuses_what_the_test_rules_allow() {
    let ground = Ground::new();
    let run = ground.run("out", &["--ipfix", "127.0.0.1:0"]);
    let (code, advice) = refused(released(), &run);
    assert_eq!(code, "basis.not_in_force");
    assert!(advice.contains("exercise init"), "{advice}");
    assert!(!ground.path("out").exists(), "nothing is begun");
}

#[test]
fn an_exercise_reads_files_only_whatever_the_rules() {
    let ground = Ground::new();
    let training = ground.text("training");
    let (code, made) = json(released(), &["exercise", "init", &training]);
    assert_eq!(code, 0, "{made}");
    let at = |name: &str| format!("{training}/{name}");
    for (source, place) in [("--ipfix", "127.0.0.1:0"), ("--live", "lo")] {
        let arguments = [
            ("--warrant", at("warrant.note")),
            ("--trust", at("trust.txt")),
            ("--engine-key", at("keys/equipment-1.key")),
            ("--criteria", at("criteria.compiled")),
            ("--prefixes", at("prefixes.txt")),
            ("--line", "training-line".to_owned()),
            ("--out", at("out")),
            (source, place.to_owned()),
        ];
        let mut run = vec!["run".to_owned()];
        for (name, value) in arguments {
            run.extend([name.to_owned(), value]);
        }
        for program in [released(), Command::new(under_test_rules())] {
            let (code, advice) = refused(program, &run);
            assert_eq!(code, "warrant.live_in_exercise");
            assert!(advice.contains("--input"), "{advice}");
        }
    }
}
