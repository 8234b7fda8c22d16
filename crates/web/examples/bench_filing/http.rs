//! The same acts as others ask for them: over HTTP on the loopback, with the token or the session of the one who files.
//!
//! The clients run in the same process and on the same cores as the server, so what they cost is part of the figures.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ids::ComputerId;
use serde_json::json;
use tokio::net::TcpListener;
use ureq::Agent;
use ureq::http::header;
use web::page::Site;

use crate::instance::{Instance, Stock};
use crate::rate::{Latencies, Sustained};

/// Where the instance answers, and as whom it is asked.
#[derive(Clone)]
pub(crate) struct Server {
    address: String,
    token: String,
    cookie: String,
}

impl Server {
    /// Listens on a free port of the loopback for as long as the instance stands.
    pub(crate) async fn start(instance: &Instance) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = web::router(&instance.app, Site::default(), None);
        let stop = instance.stop.clone().cancelled_owned();
        tokio::spawn(async move { web::serve(listener, router, stop).await.unwrap() });
        Self {
            address,
            token: instance.token.clone(),
            cookie: format!("noroshi={}", instance.session().await.expose()),
        }
    }

    /// Files one after the other, several clients at once.
    pub(crate) async fn file(
        &self,
        stock: Arc<Stock>,
        clients: usize,
        time: Duration,
    ) -> Sustained {
        let began = Instant::now();
        let running = (0..clients).map(|_| {
            let (server, stock) = (self.clone(), Arc::clone(&stock));
            thread::spawn(move || {
                let agent = agent();
                let mut times = Vec::new();
                while began.elapsed() < time {
                    let Some(computer) = stock.take() else {
                        break;
                    };
                    let started = Instant::now();
                    server.notify(&agent, computer);
                    times.push(started.elapsed());
                }
                times
            })
        });
        let latencies = joined(running.collect()).await;
        Sustained {
            elapsed: began.elapsed(),
            latencies,
        }
    }

    /// Files at a fixed rate, whether earlier answers came or not; times count from the planned moment.
    pub(crate) async fn steady(&self, stock: Arc<Stock>, per_second: u32) -> Latencies {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / per_second);
        let agent = agent();
        let mut running = Vec::new();
        while let Some(computer) = stock.take() {
            let planned = beat.tick().await;
            let (server, agent) = (self.clone(), agent.clone());
            running.push(tokio::task::spawn_blocking(move || {
                server.notify(&agent, computer);
                planned.elapsed()
            }));
        }
        let mut times = Vec::new();
        for request in running {
            times.push(request.await.unwrap());
        }
        Latencies::of(times)
    }

    /// Shows the home page again and again, one request after the other, as a browser with a session asks.
    pub(crate) async fn home(&self, times: usize) -> Latencies {
        let server = self.clone();
        let client = thread::spawn(move || {
            let agent = agent();
            let mut seen = Vec::new();
            for _ in 0..times {
                let started = Instant::now();
                server.show_home(&agent);
                seen.push(started.elapsed());
            }
            seen
        });
        joined(vec![client]).await
    }

    fn notify(&self, agent: &Agent, computer: ComputerId) {
        let body = json!({ "duty": "new", "computers": [{ "id": computer.to_string() }] });
        let mut answer = agent
            .post(format!("{}/api/v1/notifications", self.address))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", computer.to_string())
            .send(body.to_string())
            .unwrap();
        assert_eq!(answer.status(), 201);
        answer.body_mut().read_to_vec().unwrap();
    }

    fn show_home(&self, agent: &Agent) {
        let mut answer = agent
            .get(format!("{}/", self.address))
            .header(header::COOKIE, &self.cookie)
            .call()
            .unwrap();
        assert_eq!(answer.status(), 200);
        answer.body_mut().read_to_vec().unwrap();
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .new_agent()
}

/// Waits for the clients without holding up the server, which runs on the same runtime.
async fn joined(clients: Vec<JoinHandle<Vec<Duration>>>) -> Latencies {
    let all = move || {
        let times = clients.into_iter().map(|client| client.join().unwrap());
        times.flatten().collect()
    };
    Latencies::of(tokio::task::spawn_blocking(all).await.unwrap())
}
