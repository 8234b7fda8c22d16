use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::home::Home;
use crate::server::{Server, write};

#[test]
fn a_refusal_says_which_field_is_wrong_and_ends_with_1() {
    let server = Server::start();
    let csirt = Home::of(&server, "denki.csirt");
    let open = [
        "incident", "open", "--title", "事案", "--kind", "incident", "--source", "当直",
    ];
    let future = csirt.run(&[&open[..], &["--aware-at", "2026-12-02 09:00"]].concat());
    assert_eq!(future.code, 1, "{}", future.talk);
    assert!(future.talk.contains("aware_at"), "{}", future.talk);
    assert!(future.talk.contains("idempotency key: noroshi-"));

    let wrong = csirt.run(&[&open[..], &["--aware-at", "きのう"]].concat());
    assert_eq!(wrong.code, 2, "{}", wrong.talk);

    // Another operator's case is not there.
    let opened = csirt.json(&[&open[..], &["--aware-at", "2026-11-30 09:00"]].concat());
    let stranger = Home::of(&server, "gas.shonin");
    let case = opened["case"].as_str().unwrap();
    let hidden = stranger.run(&["incident", "show", case, "--format", "json"]);
    assert_eq!(hidden.code, 1);
    let said: Value = serde_json::from_str(&hidden.talk).unwrap();
    assert_eq!(said["problem"]["status"], 404);
}

#[test]
fn a_line_cut_while_filing_ends_with_3_and_names_the_key() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let home = Home::new();
    std::fs::create_dir(home.path().join("noroshi")).unwrap();
    let file = write(
        &home.path().join("noroshi"),
        "login.toml",
        &format!("server = {address:?}\ntoken = \"noroshi_made-up\"\n"),
    );
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    // A server that reads the request and goes away.
    let gone = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut some = [0; 64];
        stream.read_exact(&mut some).unwrap();
        stream.flush().unwrap();
    });
    let id = "0192f3a0-0000-7000-8000-000000000001";
    let cut = home.run(&["notify", "new", id, "--format", "json"]);
    gone.join().unwrap();
    assert_eq!(cut.code, 3, "{}", cut.talk);
    let said: Value = serde_json::from_str(&cut.talk[cut.talk.find('{').unwrap()..]).unwrap();
    let key = said["idempotency_key"].as_str().unwrap();
    assert!(cut.talk.starts_with(&format!("idempotency key: {key}")));
    assert!(!cut.talk.contains("noroshi_made-up"));

    // Nobody listens any more: nothing was asked, nothing can have been done.
    let nobody = home.run(&["notify", "new", id, "--idempotency-key", key]);
    assert_eq!(nobody.code, 2, "{}", nobody.talk);
}
