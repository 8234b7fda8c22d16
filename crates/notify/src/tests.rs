use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use app::mail::{Mail, MailAttachment, MailFailure, MailOrigin, Posted};
use config::{Mail as Settings, MailSecurity};
use model::reminders::MailAddress;

use crate::mailer;

fn mail() -> Mail {
    Mail {
        id: uuid::Uuid::from_u128(7),
        to: MailAddress::parse("csirt@denki.example.jp").unwrap(),
        subject: "【狼煙】期限のある手続があります / Something is due".to_owned(),
        text: format!(
            "2026年12月22日 までの手続があります。\n.\n{}\n",
            "長い行".repeat(400)
        ),
        at: "2026-11-22T03:17:00+09:00".parse().unwrap(),
        origin: MailOrigin::Program,
        attachments: Vec::new(),
    }
}

/// Every octet, more than a line of them.
fn archive() -> Vec<u8> {
    (0..4_000_u32).map(|place| place.to_le_bytes()[0]).collect()
}

fn with_attachment() -> Mail {
    Mail {
        origin: MailOrigin::Person,
        attachments: vec![MailAttachment {
            name: "00000007.zip".to_owned(),
            media_type: "application/zip",
            content: archive(),
        }],
        ..mail()
    }
}

/// How a mail server of the test behaves.
#[derive(Clone, Copy)]
enum Manner {
    Takes,
    RefusesReader,
    RefusesLogin,
    ComesLater,
    SaysNothing,
}

/// A mail server for one connection; what it took arrives at the receiver.
fn server(manner: Manner) -> (Settings, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (received, at_server) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // The client may hang up in the middle, which some of these ask for.
        drop(converse(&stream, manner, &received));
    });
    let settings = Settings {
        server: Some("127.0.0.1".to_owned()),
        port,
        security: MailSecurity::None,
        from: "noroshi@example.jp".to_owned(),
        timeout_secs: 1,
        ..Settings::default()
    };
    (settings, at_server)
}

fn converse(
    stream: &TcpStream,
    manner: Manner,
    received: &mpsc::Sender<String>,
) -> std::io::Result<()> {
    let mut out = stream;
    let mut lines = BufReader::new(stream).lines();
    match manner {
        Manner::SaysNothing => {
            for line in lines {
                line?;
            }
            return Ok(());
        }
        Manner::Takes | Manner::RefusesReader | Manner::RefusesLogin | Manner::ComesLater => {}
    }
    out.write_all(b"220 mail.example.jp ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250 mail.example.jp\r\n",
            "MAIL" if matches!(manner, Manner::RefusesLogin) => "530 log in first\r\n",
            "MAIL" if matches!(manner, Manner::ComesLater) => "451 come again\r\n",
            "RCPT" if matches!(manner, Manner::RefusesReader) => "550 nobody here\r\n",
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut letter = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    letter.push_str(&line);
                    letter.push_str("\r\n");
                }
                received.send(letter).map_err(std::io::Error::other)?;
                "250 received\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        out.write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// Reads a mail with the parser of Python, which is not of the same makers as the writer.
fn read_by_python(letter: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.eml");
    std::fs::write(&file, letter).unwrap();
    let script = "import sys, email, email.policy\n\
        m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n\
        assert not m.defects, m.defects\n\
        sys.stdout.reconfigure(encoding='utf-8')\n\
        print(m['from'], m['to'], m['message-id'], m['auto-submitted'], m['date'].datetime.isoformat(), sep='\\n')\n\
        print(m['subject'])\n\
        print(m.get_content(), end='')\n";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(&file)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{talk}");
    String::from_utf8(output.stdout).unwrap()
}

fn expected() -> String {
    let mail = mail();
    format!(
        "noroshi@example.jp\ncsirt@denki.example.jp\n<{}@example.jp>\nauto-generated\n2026-11-21T18:17:00+00:00\n{}\n{}",
        mail.id, mail.subject, mail.text
    )
}

fn send(settings: &Settings) -> Result<(), MailFailure> {
    let mailer = mailer(settings).unwrap().unwrap();
    mailer.send(&mail())
}

#[test]
fn a_mail_reaches_the_server_as_it_was_written() {
    let (settings, at_server) = server(Manner::Takes);
    assert_eq!(send(&settings), Ok(()));
    let letter = at_server.recv().unwrap();
    // A line of one dot is doubled on the way (RFC 5321, section 4.5.2).
    let letter = letter.replace("\r\n..", "\r\n.");
    assert!(letter.lines().all(|line| line.len() <= 998));
    let read = read_by_python(letter.as_bytes()).replace("\r\n", "\n");
    assert_eq!(read, expected());
}

#[test]
fn a_refused_reader_is_told_from_a_server_that_is_in_trouble() {
    for (manner, failure) in [
        (Manner::RefusesReader, MailFailure::Refused),
        (Manner::RefusesLogin, MailFailure::Unreachable),
        (Manner::ComesLater, MailFailure::Unreachable),
        (Manner::SaysNothing, MailFailure::Unreachable),
    ] {
        let (settings, _takes) = server(manner);
        assert_eq!(send(&settings), Err(failure));
    }
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let (mut settings, _takes) = server(Manner::Takes);
    settings.port = closed;
    assert_eq!(send(&settings), Err(MailFailure::Unreachable));
}

#[test]
fn a_folder_holds_whole_mails_and_the_same_mail_once() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        folder: Some(folder.path().join("out")),
        from: "noroshi@example.jp".to_owned(),
        ..Settings::default()
    };
    assert_eq!(send(&settings), Ok(()));
    assert_eq!(send(&settings), Ok(()));
    let names: Vec<_> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].extension().unwrap(), "eml");
    let read = read_by_python(&std::fs::read(&names[0]).unwrap()).replace("\r\n", "\n");
    assert_eq!(read, expected());
}

#[test]
fn an_instance_without_folder_and_server_sends_no_mail() {
    assert!(mailer(&Settings::default()).unwrap().is_none());
    let wrong = Settings {
        server: Some("mail.example.jp".to_owned()),
        from: "nobody".to_owned(),
        ..Settings::default()
    };
    assert!(mailer(&wrong).is_err());
}

#[test]
fn an_attachment_arrives_octet_by_octet_and_a_letter_posted_twice_is_the_same() {
    let mut arrived = Vec::new();
    let (settings, at_server) = server(Manner::Takes);
    let by = mailer(&settings).unwrap().unwrap();
    let letter = by.write(&with_attachment()).unwrap();
    assert_eq!(by.post(&letter), Ok(Posted::Server));
    arrived.push(at_server.recv().unwrap().replace("\r\n..", "\r\n."));
    let (settings, at_server) = server(Manner::Takes);
    let by = mailer(&settings).unwrap().unwrap();
    assert_eq!(by.post(&letter), Ok(Posted::Server));
    arrived.push(at_server.recv().unwrap().replace("\r\n..", "\r\n."));
    assert!(arrived[0] == arrived[1], "another letter");
    // The client ends the last line once more before the dot.
    let octets = arrived[0].strip_suffix("\r\n").unwrap().as_bytes();
    assert!(octets == letter.octets, "not what was written");

    let folder = tempfile::tempdir().unwrap();
    let (eml, zip) = (folder.path().join("a.eml"), folder.path().join("a.zip"));
    std::fs::write(&eml, &arrived[0]).unwrap();
    let script = "import sys, email, email.policy\n\
        m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n\
        assert m['auto-submitted'] is None\n\
        files = list(m.iter_attachments())\n\
        assert [f.get_filename() for f in files] == ['00000007.zip']\n\
        assert files[0].get_content_type() == 'application/zip'\n\
        assert not any(p.defects for p in m.walk())\n\
        open(sys.argv[2], 'wb').write(files[0].get_content())\n\
        sys.stdout.reconfigure(encoding='utf-8')\n\
        print(m['subject'])\n\
        print(m.get_body(('plain',)).get_content(), end='')\n";
    let output = Command::new("python3")
        .args(["-c", script])
        .args([&eml, &zip])
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{talk}");
    assert_eq!(std::fs::read(&zip).unwrap(), archive());
    let read = String::from_utf8(output.stdout)
        .unwrap()
        .replace("\r\n", "\n");
    assert_eq!(read, format!("{}\n{}", mail().subject, mail().text));
}
