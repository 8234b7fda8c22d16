//! A line to an instance that is cut: in the middle of what is asked, before the answer, and in the middle of the answer.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Half of what was asked arrives.
    InRequest,
    /// All of it arrives and is done; of the answer nothing comes back.
    BeforeAnswer,
    /// Half of the answer comes back.
    InAnswer,
}

pub(crate) struct Line {
    pub(crate) address: String,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    target: String,
    /// Where each kind of request is cut, one time after the other.
    cuts: Vec<Cut>,
    /// How often each kind was asked.
    asked: BTreeMap<String, usize>,
}

impl Line {
    pub(crate) fn to(url: &str, cuts: &[Cut]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared {
            target: url.trim_start_matches("http://").to_owned(),
            cuts: cuts.to_vec(),
            asked: BTreeMap::new(),
        }));
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&own);
                // A line that breaks by itself is one that is cut.
                std::thread::spawn(move || drop(carry(stream.unwrap(), &shared)));
            }
        });
        Self { address, shared }
    }

    /// How often each kind of request was asked.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        self.shared.lock().unwrap().asked.clone()
    }

    /// Begins anew with other cuts.
    pub(crate) fn cut_anew(&self, cuts: &[Cut]) {
        let mut shared = self.shared.lock().unwrap();
        shared.cuts = cuts.to_vec();
        shared.asked.clear();
    }
}

/// Carries one request and its answer, and ends.
fn carry(mut client: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let (head, body) = read_request(&mut client)?;
    if head.is_empty() {
        return Ok(());
    }
    let (target, cut) = {
        let mut shared = shared.lock().unwrap();
        let kind = kind(&head, &body);
        let times = shared.asked.entry(kind).or_default();
        *times += 1;
        let place = *times - 1;
        (shared.target.clone(), shared.cuts.get(place).copied())
    };
    let mut server = TcpStream::connect(target)?;
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let asked = [head.as_bytes(), &body[..]].concat();
    if cut == Some(Cut::InRequest) {
        // Half of the body where there is one, and half of the head where there is none.
        let half = if body.is_empty() {
            asked.len() / 2
        } else {
            head.len() + body.len() / 2
        };
        server.write_all(&asked[..half])?;
        server.flush()?;
        server.shutdown(Shutdown::Both)?;
        return client.shutdown(Shutdown::Both);
    }
    server.write_all(&asked)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let end = match cut {
        Some(Cut::InRequest | Cut::BeforeAnswer) => 0,
        Some(Cut::InAnswer) => answer.len() - 20.min(answer.len()),
        None => answer.len(),
    };
    client.write_all(&answer[..end])?;
    client.flush()?;
    client.shutdown(Shutdown::Both)
}

fn read_request(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut octets = Vec::new();
    let mut some = [0; 4096];
    let end = loop {
        if let Some(at) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match client.read(&mut some)? {
            0 => return Ok((String::new(), Vec::new())),
            count => octets.extend(&some[..count]),
        }
    };
    let mut body = octets.split_off(end);
    let head = String::from_utf8(octets).unwrap();
    let length: usize = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    while body.len() < length {
        match client.read(&mut some)? {
            0 => break,
            count => body.extend(&some[..count]),
        }
    }
    Ok((head, body))
}

/// Method and path without ids; asking what came of a key is told from filing.
fn kind(head: &str, body: &[u8]) -> String {
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let plain: Vec<&str> = path
        .split('/')
        .map(|part| {
            let id = part.len() == 64 || part.parse::<Uuid>().is_ok();
            if id { "*" } else { part }
        })
        .collect();
    let asks = String::from_utf8_lossy(body).contains("\"draft_version\":-1");
    let sign = if asks { "?" } else { "" };
    format!("{method} {}{sign}", plain.join("/"))
}
