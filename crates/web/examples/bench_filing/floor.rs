//! The floor: a plain loop that inserts and syncs one row at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use testkit::RawConnection;
use tokio::sync::Mutex;

use crate::rate::{Latencies, Sustained};

/// One client after the other gets the SQLite connection, as SQLite has one writer; on PostgreSQL each has its own.
pub(crate) async fn measure(address: &str, clients: usize, time: Duration) -> Sustained {
    let sqlite = address.starts_with("sqlite:");
    let mut first = RawConnection::open(address).await;
    if sqlite {
        for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
            first.execute(pragma).await.unwrap();
        }
    }
    let table = "CREATE TABLE IF NOT EXISTS bench_floor (client BIGINT NOT NULL, place BIGINT NOT NULL, \
        content TEXT NOT NULL)";
    first.execute(table).await.unwrap();
    let shared = Arc::new(Mutex::new(first));
    let began = Instant::now();
    let mut running = Vec::new();
    for client in 0..clients {
        let connection = if sqlite {
            Arc::clone(&shared)
        } else {
            Arc::new(Mutex::new(RawConnection::open(address).await))
        };
        running.push(tokio::spawn(async move {
            let content = "x".repeat(200);
            let mut times = Vec::new();
            while began.elapsed() < time {
                let started = Instant::now();
                let place = times.len();
                let insert = format!(
                    "INSERT INTO bench_floor (client, place, content) VALUES ({client}, {place}, '{content}')"
                );
                connection.lock().await.execute(&insert).await.unwrap();
                times.push(started.elapsed());
            }
            times
        }));
    }
    let mut times = Vec::new();
    for client in running {
        times.extend(client.await.unwrap());
    }
    Sustained {
        elapsed: began.elapsed(),
        latencies: Latencies::of(times),
    }
}
