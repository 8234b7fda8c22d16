//! Several threads come to what one thread comes to.

use std::fs;
use std::process::Command;

use crate::frames::{many, pcap};
use crate::ground::{Ground, json, under_test_rules};

fn run(ground: &Ground, out: &str, threads: &str) {
    let capture = ground.text("capture.pcap");
    let run = ground.run(out, &["--input", &capture, "--threads", threads]);
    let words: Vec<&str> = run.iter().map(String::as_str).collect();
    let (code, told) = json(Command::new(under_test_rules()), &words);
    assert_eq!(
        (code, told["balanced"].as_str()),
        (0, Some("exactly")),
        "{told}"
    );
}

#[test]
fn several_threads_come_to_the_records_and_counts_of_one() {
    let ground = Ground::new();
    // Fewer connections than there is memory for their starts.
    let frames = many(200);
    fs::write(ground.path("capture.pcap"), pcap(&frames)).unwrap();
    run(&ground, "one", "1");
    let one = ground.verified("one");
    assert_eq!(one["received"]["packets"], frames.len(), "{one}");
    let records = ground.records("one");
    assert!(100 < records.len(), "{}", records.len());
    for threads in ["2", "3", "16"] {
        run(&ground, threads, threads);
        let several = ground.verified(threads);
        for part in ["received", "kept", "dropped", "lost", "records"] {
            assert_eq!(several[part], one[part], "{threads} threads: {part}");
        }
        assert!(ground.records(threads) == records, "{threads} threads");
    }
}

#[test]
fn flow_records_are_for_one_thread() {
    let ground = Ground::new();
    let command = Command::new(under_test_rules());
    let child = ground.start(command, &["--ipfix", "127.0.0.1:0", "--threads", "2"]);
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(2));
}
