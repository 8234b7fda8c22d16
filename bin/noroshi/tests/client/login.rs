use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::home::Home;
use crate::server::Server;

#[test]
fn a_login_is_checked_kept_for_its_owner_only_and_forgotten() {
    let server = Server::start();
    let token = server.token("denki.csirt");
    let home = Home::new();
    let file = home.path().join("noroshi/login.toml");

    let refused = home.log_in(&server.address, "noroshi_not-a-token");
    assert_eq!(refused.code, 1, "{}", refused.talk);
    assert!(!file.exists(), "a token that was refused is kept");

    let done = home.log_in(&server.address, &token);
    assert_eq!(done.code, 0, "{}", done.talk);
    assert!(done.out.contains("演習") && done.out.contains("csirt"));
    assert!(!format!("{}{}", done.out, done.talk).contains(&token));
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file.clone()), 0o600);
    assert_eq!(mode(home.path().join("noroshi")), 0o700);
    assert!(home.json(&["incident", "list"])["items"].is_array());

    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let open = home.run(&["incident", "list"]);
    assert_eq!(open.code, 2);
    assert!(open.talk.contains("chmod 600"), "{}", open.talk);

    assert_eq!(home.json(&["logout"])["was_logged_in"], true);
    assert!(!file.exists());
    assert_eq!(home.run(&["incident", "list"]).code, 2);
    assert_eq!(home.json(&["logout"])["was_logged_in"], false);
}

#[test]
fn a_token_typed_at_a_terminal_is_not_shown() {
    let server = Server::start();
    let token = server.token("denki.shonin");
    let home = Home::new();
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let keyboard = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = home
        .command(&["login", &server.address])
        .stdin(Stdio::from(keyboard.try_clone().unwrap()))
        .stderr(Stdio::from(keyboard))
        .spawn()
        .unwrap();
    let mut terminal = File::from(terminal);
    let mut seen = Vec::new();
    // The prompt ends with a colon and a space; only then is anything typed.
    while !seen.ends_with(b": ") {
        let mut octet = [0];
        terminal.read_exact(&mut octet).unwrap();
        seen.extend(octet);
    }
    terminal.write_all(format!("{token}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    assert!(out.contains("ログインしました"), "{out}");
    // What the program wrote to the terminal afterwards; the end is an error of a terminal without programs.
    let mut rest = [0; 4096];
    while let Ok(count @ 1..) = terminal.read(&mut rest) {
        seen.extend(&rest[..count]);
    }
    assert!(!String::from_utf8_lossy(&seen).contains(&token[8..]));
}

#[test]
fn a_token_is_never_sent_in_the_clear() {
    let home = Home::new();
    let done = home.log_in("http://noroshi.example", "noroshi_made-up");
    assert_eq!(done.code, 2);
    assert!(done.talk.contains("https"), "{}", done.talk);
}
