//! Several clients that file without pause.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;

use crate::check::{Pins, check};
use crate::filer::{Filed, Filer, What};
use crate::patience;
use crate::server::Server;

/// Enough that a kill finds some of them in each part of a filing.
const CLIENTS: usize = 4;

pub(crate) struct Stream {
    filer: Filer,
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
    /// Acknowledged filings that were checked after a crash.
    checked: Mutex<usize>,
}

#[derive(Default)]
struct Shared {
    filed: Mutex<Vec<Filed>>,
    stop: AtomicBool,
    /// While it is held, no client begins a filing: checking takes longer than filing and would never catch up.
    rest: RwLock<()>,
}

impl Stream {
    pub(crate) fn start(server: &Server) -> Self {
        let filer = Filer::new(server);
        let shared = Arc::new(Shared::default());
        let clients = (0..CLIENTS)
            .map(|client| {
                let (filer, shared) = (filer.clone(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    let mut number = 0;
                    while !shared.stop.load(Ordering::Relaxed) {
                        let busy = shared.rest.read().unwrap();
                        let done = filer.file(client, number);
                        drop(busy);
                        shared.filed.lock().unwrap().push(done);
                        number += 1;
                    }
                })
            })
            .collect();
        Self {
            filer,
            shared,
            clients,
            checked: Mutex::new(0),
        }
    }

    /// Waits until a few more filings are acknowledged; how many differs from round to round.
    pub(crate) fn wait_for_some(&self) {
        let before = self.count();
        let more = 1 + before % 5;
        patience::wait_until("filings are acknowledged", || {
            let died = self.clients.iter().any(JoinHandle::is_finished);
            assert!(!died, "a client stopped; its own words stand above");
            before + more <= self.count()
        });
    }

    pub(crate) fn moved_to(&self, server: &Server) {
        self.filer.api.moved_to(server);
    }

    /// Checks what was acknowledged since the last time, once what was cut off is filed too.
    pub(crate) fn check_news(&self, pins: &Pins) {
        let rest = self.shared.rest.write().unwrap();
        let all = self.shared.filed.lock().unwrap().clone();
        let mut checked = self.checked.lock().unwrap();
        self.check_each(&all[*checked..], pins);
        *checked = all.len();
        drop(rest);
    }

    /// Lets the clients come to an end, then checks everything.
    pub(crate) fn finish(mut self, pins: &Pins) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for client in self.clients.drain(..) {
            client.join().unwrap();
        }
        let all = self.shared.filed.lock().unwrap().clone();
        self.check_each(&all, pins);
        let mut numbers: Vec<&str> = all.iter().map(|filed| filed.number.as_str()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all.len(), "two filings have one number");
        self.check_once(&all);
        println!("{} acknowledged filings, all there once", all.len());
    }

    /// Nothing that was asked for twice was done twice, acknowledged or not.
    fn check_once(&self, all: &[Filed]) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (path, name) in [("/cases", "title"), ("/computers", "product")] {
            for entry in self.filer.all(path) {
                let name = entry[name].as_str().unwrap().to_owned();
                *seen.entry(name).or_default() += 1;
            }
        }
        for filed in all {
            let (What::Report { title: name, .. } | What::Notification { product: name, .. }) =
                &filed.what;
            let times = seen.get(name);
            assert_eq!(times, Some(&1), "{name} is there {times:?} times");
        }
    }

    fn check_each(&self, filed: &[Filed], pins: &Pins) {
        for one in filed {
            if let Err(problem) = check(&self.filer, one, pins) {
                panic!("{}: {problem}", one.number);
            }
        }
    }

    fn count(&self) -> usize {
        self.shared.filed.lock().unwrap().len()
    }
}
