//! A client that files, and asks again with the same key when it gets no answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::patience;
use crate::server::Server;

/// An acknowledged filing.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) case: String,
    pub(crate) filing: String,
    pub(crate) number: String,
    /// Content of its attachment.
    pub(crate) content: String,
    /// Key under which it was filed.
    pub(crate) key: String,
    /// Title of its case, as no other has it.
    pub(crate) title: String,
}

#[derive(Clone)]
pub(crate) struct Filer {
    token: String,
    address: Arc<Mutex<String>>,
    /// How long it asks for one answer.
    patience: Duration,
}

impl Filer {
    pub(crate) fn new(server: &Server) -> Self {
        Self {
            token: server.token.clone(),
            address: Arc::new(Mutex::new(server.address.clone())),
            patience: patience::LIMIT,
        }
    }

    /// Asks a damaged instance, which may never answer; that is an answer too.
    pub(crate) fn of_damaged(server: &Server) -> Self {
        Self {
            patience: Duration::from_secs(20),
            ..Self::new(server)
        }
    }

    /// The server listens elsewhere now.
    pub(crate) fn moved_to(&self, server: &Server) {
        server.address.clone_into(&mut self.address.lock().unwrap());
    }

    /// Opens a case, attaches a file and files a prompt report. Returns when it is acknowledged.
    pub(crate) fn file(&self, client: usize, number: usize) -> Filed {
        match self.try_file(client, number) {
            Ok(filed) => filed,
            Err(refused) => panic!("{refused}"),
        }
    }

    /// The same where it may be refused.
    pub(crate) fn try_file(&self, client: usize, number: usize) -> Result<Filed, String> {
        let title = format!("事案 {client}-{number}");
        let content = format!("client {client}, log line {number}\n").repeat(50);
        let key = format!("file-{client}-{number}");
        let open =
            json!({ "do": "open", "title": title, "key": format!("open-{client}-{number}") });
        let case = self.ask(open)?;
        self.ask(json!({ "do": "draft", "case": case }))?;
        self.ask(json!({ "do": "attach", "case": case, "content": content }))?;
        let filed = self.ask(json!({ "do": "file", "case": case, "key": key }))?;
        Ok(Filed {
            case: case.as_str().unwrap().to_owned(),
            filing: filed["filing"].as_str().unwrap().to_owned(),
            number: filed["number"].as_str().unwrap().to_owned(),
            content,
            key,
            title,
        })
    }

    /// Asks until there is an answer.
    pub(crate) fn ask(&self, mut request: Value) -> Result<Value, String> {
        request["token"] = json!(self.token);
        let what = request["do"].to_string();
        let answer = patience::wait_at_most(self.patience, || {
            let mut answer = self.send(&request)?;
            if let Some(ok) = answer.get_mut("ok") {
                return Some(Ok(ok.take()));
            }
            let code = answer.get("refused")?;
            Some(Err(format!("{what}: {code}")))
        });
        answer.unwrap_or_else(|| Err(format!("{what}: no answer")))
    }

    /// `None` when the server is not there or went away before it answered.
    fn send(&self, request: &Value) -> Option<Value> {
        let address = self.address.lock().unwrap().clone();
        let mut stream = TcpStream::connect(address).ok()?;
        stream.write_all(format!("{request}\n").as_bytes()).ok()?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}
