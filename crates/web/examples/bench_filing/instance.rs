//! An exercise instance as a server runs it, filed to through the use cases.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::assets::{
    ComputerInput, ContactInput, ExemptionInput, FacilityChoice, FacilityInput, FileNotification,
    Pick,
};
use app::identity::{LoginStep, SessionToken, demo_code};
use app::{App, Clock, Parts, SteppingClock};
use config::{Config, Cookies, Mode};
use ids::{Assurance, ComputerId, FacilityId, Role};
use jiff::civil::date;
use model::assets::{NotificationDuty, NotifiedUnit};
use policy::{Actor, StepUp};
use secrecy::SecretString;
use statute::{Answers, AssetClass};
use tokio_util::sync::CancellationToken;

use crate::rate::{Latencies, Sustained};

/// The sample user who files.
const FILER: &str = "denki.shonin";

/// Password of everyone here.
const PASSWORD: &str = "nine kites, 47 lanterns";

/// More filings a second than any machine this is run on will do; that many computers wait to be notified.
const MOST_A_SECOND: u32 = 500;

pub(crate) struct Instance {
    pub(crate) app: App,
    pub(crate) address: String,
    actor: Actor,
    facility: FacilityId,
    totp_secret: String,
    pub(crate) token: String,
    pub(crate) stop: CancellationToken,
}

/// Computers that wait to be notified, each given out once.
pub(crate) struct Stock {
    computers: Vec<ComputerId>,
    next: AtomicUsize,
}

impl Stock {
    pub(crate) fn take(&self) -> Option<ComputerId> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        self.computers.get(place).copied()
    }
}

impl Instance {
    pub(crate) async fn open(database: Option<&str>, data: &Path) -> Self {
        let mut config = Config::default();
        config.instance = config::Instance {
            name: "bench.noroshi.example".to_owned(),
            mode: Mode::Exercise,
        };
        config.storage.directory = data.to_owned();
        config.storage.database = database.unwrap_or_default().to_owned();
        config.server.cookies = Cookies::Plain;
        config.access.argon2_memory_kib = 1024;
        config.access.argon2_passes = 1;
        let address = config.storage.database_address();
        let clock = Arc::new(SteppingClock::default());
        let mut parts = Parts::new(config);
        let shared: Arc<dyn Clock> = clock.clone();
        parts.clock = shared;
        let app = App::open_migrated(parts).await.unwrap();
        let password = SecretString::from(PASSWORD);
        let logins = app.seed_sample(&password, &clock).await.unwrap();
        let login = logins
            .into_iter()
            .find(|login| login.login == FILER)
            .unwrap();
        let token = login.api_token.unwrap();
        let mut actor = app.resume_token(&token).await.unwrap().actor;
        actor.roles = vec![Role::Compliance, Role::Csirt, Role::Approver];
        actor.assurance = Assurance::SecondFactor;
        actor.step_up = StepUp::Fresh;
        actor.token_scopes = Vec::new();
        let facility = FacilityInput {
            name: "計測用設備".to_owned(),
            category: "計測用設備".to_owned(),
            installed_on: Some(date(2024, 4, 1)),
        };
        let facility = app.add_facility(&actor, &facility, None).await.unwrap();
        let stop = CancellationToken::new();
        let (runner, until) = (app.clone(), stop.clone());
        tokio::spawn(async move { runner.run_integrator(until).await });
        let (runner, until) = (app.clone(), stop.clone());
        tokio::spawn(async move { runner.run_worker(until).await });
        Self {
            app,
            address,
            actor,
            facility,
            totp_secret: login.totp_secret,
            token,
            stop,
        }
    }

    /// Logs in as a browser does.
    pub(crate) async fn session(&self) -> SessionToken {
        let password = SecretString::from(PASSWORD);
        let begun = self.app.begin_login(FILER, password, "bench").await;
        let LoginStep::SecondFactor(begun) = begun.unwrap() else {
            unreachable!("the filer of the sample has a second factor");
        };
        let step = u64::try_from(self.app.now().as_second()).unwrap() / 30;
        let code = demo_code(&self.totp_secret, step).unwrap();
        let done = self.app.finish_login(&begun.token, &code, "bench").await;
        done.unwrap().token
    }

    /// Enough computers for a measurement.
    pub(crate) async fn stock(&self, clients: usize, time: Duration) -> Arc<Stock> {
        let seconds = u32::try_from(time.as_secs()).unwrap();
        self.computers(clients, seconds.saturating_mul(MOST_A_SECOND))
            .await
    }

    /// Registers computers, several at once.
    pub(crate) async fn computers(&self, clients: usize, wanted: u32) -> Arc<Stock> {
        let share = usize::try_from(wanted).unwrap().div_ceil(clients);
        let mut running = Vec::new();
        for client in 0..clients {
            let (app, actor) = (self.app.clone(), self.actor.clone());
            let facility = self.facility;
            running.push(tokio::spawn(async move {
                let mut made = Vec::with_capacity(share);
                for number in 0..share {
                    let input = computer(facility, client, number);
                    let registered = app.add_computer(&actor, &input, None).await.unwrap();
                    made.push(registered.computer);
                }
                made
            }));
        }
        let mut computers = Vec::new();
        for client in running {
            computers.extend(client.await.unwrap());
        }
        self.settle().await;
        Arc::new(Stock {
            computers,
            next: AtomicUsize::new(0),
        })
    }

    /// Files through the use case.
    pub(crate) async fn file(
        &self,
        stock: Arc<Stock>,
        clients: usize,
        time: Duration,
    ) -> Sustained {
        let began = Instant::now();
        let mut running = Vec::new();
        for _ in 0..clients {
            let (app, actor, stock) = (self.app.clone(), self.actor.clone(), Arc::clone(&stock));
            running.push(tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < time {
                    let Some(computer) = stock.take() else {
                        break;
                    };
                    let started = Instant::now();
                    app.file_notification(
                        &actor,
                        &notification(computer),
                        Some(&computer.to_string()),
                    )
                    .await
                    .unwrap();
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

    /// Files at a fixed rate, whether earlier answers came or not; times count from the planned moment.
    pub(crate) async fn steady(&self, stock: Arc<Stock>, per_second: u32) -> Latencies {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / per_second);
        let mut running = Vec::new();
        while let Some(computer) = stock.take() {
            let planned = beat.tick().await;
            let (app, actor) = (self.app.clone(), self.actor.clone());
            running.push(tokio::spawn(async move {
                app.file_notification(&actor, &notification(computer), Some(&computer.to_string()))
                    .await
                    .unwrap();
                planned.elapsed()
            }));
        }
        let mut times = Vec::new();
        for client in running {
            times.push(client.await.unwrap());
        }
        Latencies::of(times)
    }

    /// Lets the deliveries and checkpoints of what was filed be finished, so that they do not weigh on what follows.
    pub(crate) async fn settle(&self) {
        self.app.drain_jobs().await.unwrap();
        // The integrator that runs beside may have taken the same leaves; one of the two is then refused.
        let mut refusals = 0;
        while let Err(error) = self.app.integrate().await {
            refusals += 1;
            assert!(error.code() == "unavailable" && refusals < 100, "{error}");
        }
    }

    /// The user who files.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn computer(facility: FacilityId, client: usize, number: usize) -> ComputerInput {
    ComputerInput {
        facility: FacilityChoice::Known(facility),
        unit: NotifiedUnit::Application,
        class: Some(AssetClass::Ichigo),
        class_answers: Answers::default(),
        product: format!("計測用制御アプリケーション {client}-{number}"),
        maker: "計測用製造株式会社".to_owned(),
        introduced_on: date(2024, 10, 1),
        became_specified_on: None,
        exemption: ExemptionInput::None,
        note: String::new(),
    }
}

fn notification(computer: ComputerId) -> FileNotification {
    FileNotification {
        duty: NotificationDuty::New,
        picks: vec![Pick {
            computer,
            version: None,
        }],
        contact: ContactInput {
            department: "計測係".to_owned(),
            name: "計測 一郎".to_owned(),
            phone: "03-0000-0000".to_owned(),
            mail: "bench@denki.example".to_owned(),
        },
    }
}
