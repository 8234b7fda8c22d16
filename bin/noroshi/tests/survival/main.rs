//! Every acknowledged filing survives: a killed server, a killed database and a power cut.
//!
//! The program that is killed is `noroshi serve`; what is filed and what is checked goes over HTTP.
//!
//! `cargo xtask crash --times 100` kills a hundred times; the gate kills a few times. No test asserts a time.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; it waits for other processes and is told by its environment how often to kill"
)]

mod api;
mod check;
mod cluster;
mod copies;
mod filer;
mod patience;
mod prepare;
mod program;
mod server;
mod stream;
mod unsynced;
mod witness;

use crate::check::Pins;
use crate::cluster::Cluster;
use crate::filer::Filer;
use crate::server::{Place, Server};
use crate::stream::Stream;
use crate::unsynced::Layer;

/// How often each test kills, unless the environment says otherwise.
const TIMES: &str = "NOROSHI_CRASH_TIMES";

fn times() -> u32 {
    std::env::var(TIMES).map_or(2, |times| times.parse().expect("a number of crashes"))
}

/// The process that makes the instance for the other tests; without their environment it has nothing to do.
#[test]
fn prepare_process() {
    prepare::run_if_asked();
}

#[test]
fn acknowledged_filings_survive_a_killed_server_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_the_server(&Place::embedded(&folder.path().join("data")));
}

#[test]
fn acknowledged_filings_survive_a_killed_server_on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::embedded(&folder.path().join("data"));
    place.database = Some(cluster.address());
    kill_the_server(&place);
}

#[test]
fn acknowledged_filings_survive_a_killed_postgresql() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::embedded(&folder.path().join("data"));
    place.database = Some(cluster.address());
    let pins = Pins::of(&place);
    let server = Server::start(&place);
    let stream = Stream::start(&server);
    for _ in 0..times() {
        stream.wait_for_some();
        pins.read();
        cluster.kill();
        cluster.revive();
        stream.check_news(&pins);
    }
    stream.finish(&pins);
}

#[test]
fn acknowledged_filings_survive_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::embedded(&folder.path().join("data"));
    place.layer = Some(Layer::build(""));
    kill_the_server(&place);
}

#[test]
fn a_database_that_does_not_wait_for_the_disk_is_noticed() {
    // What `synchronous=OFF` would do: the write-ahead log is never synced.
    assert_ne!(
        lost_without_syncs_of("noroshi.sqlite-wal"),
        Vec::<String>::new()
    );
}

#[test]
fn an_attachment_that_does_not_wait_for_the_disk_is_noticed() {
    assert_ne!(lost_without_syncs_of("/objects/"), Vec::<String>::new());
}

#[test]
fn a_log_key_that_does_not_wait_for_the_disk_is_noticed() {
    assert_ne!(lost_without_syncs_of("/keys"), Vec::<String>::new());
}

/// Kills again and again while clients file; after each start everything acknowledged must be there.
fn kill_the_server(place: &Place) {
    let pins = Pins::of(place);
    let mut server = Server::start(place);
    let stream = Stream::start(&server);
    for _ in 0..times() {
        stream.wait_for_some();
        pins.read();
        server.kill();
        if let Some(layer) = &place.layer {
            layer.lose_power(&place.data);
        }
        server = Server::restart(place, &server.token);
        stream.moved_to(&server);
        stream.check_news(&pins);
    }
    stream.finish(&pins);
}

/// Files a little without some syncs, cuts the power, files once more, and tells what is wrong afterwards.
fn lost_without_syncs_of(part: &'static str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::embedded(&folder.path().join("data"));
    place.layer = Some(Layer::build(part));
    let mut server = Server::start(&place);
    let filer = Filer::new(&server);
    let acknowledged: Vec<_> = (0..3).map(|number| filer.file(0, number)).collect();
    let pins = Pins::of(&place);
    for one in &acknowledged {
        assert_eq!(check::check(&filer, one, &pins), Ok(()));
    }
    server.kill();
    place.layer.as_ref().unwrap().lose_power(&place.data);
    match Server::try_restart(&place, &server.token) {
        // An instance that does not start any more has lost all of them, and says so.
        None => vec!["the instance".to_owned()],
        Some(server) => match Filer::of_damaged(&server) {
            Err(refused) => vec![refused],
            Ok(filer) => {
                let mut wrong: Vec<String> = acknowledged
                    .iter()
                    .filter_map(|one| check::check(&filer, one, &pins).err())
                    .collect();
                // A log that goes on with another key shows in what it takes in from here on.
                let next = filer
                    .try_report(1, 0)
                    .and_then(|next| check::check(&filer, &next, &pins));
                wrong.extend(next.err());
                wrong
            }
        },
    }
}
