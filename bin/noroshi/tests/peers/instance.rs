//! An instance with sample data, served by the program itself.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use app::identity::{NewPerson, NewToken};
use app::peers::PeerFilingView;
use app::{App, Clock, Parts, SteppingClock};
use config::Config;
use ids::{Assurance, FilingId, OrganisationKind, Role, TokenScope};
use policy::{Actor, PersonStatus, StepUp};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const LISTENING: &str = "listening on ";
/// In a house it takes three people.
const ROLES: [Role; 3] = [Role::Compliance, Role::Csirt, Role::Approver];

pub(crate) struct Instance {
    folder: TempDir,
    settings: String,
    /// Of somebody at the sample operator who may do everything that is filed.
    pub(crate) token: String,
    /// Of an officer of the ministry.
    pub(crate) officer: String,
    /// 法人番号 of the sample operator.
    pub(crate) operator: String,
}

pub(crate) struct Running {
    child: Child,
    _said: BufReader<ChildStdout>,
    pub(crate) url: String,
}

/// Where a test says to which instance reports travel on.
pub(crate) struct Way<'a> {
    pub(crate) address: &'a str,
    pub(crate) token: &'a str,
    pub(crate) trust: &'a str,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) fn noroshi(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(arguments)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {talk}");
    String::from_utf8(output.stdout).unwrap()
}

impl Instance {
    pub(crate) fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("witness.key");
        let generate = ["ledger", "key", "generate", "--name"];
        let witness = noroshi(
            &[
                &generate[..],
                &["committee.example/w1", "--out", key.to_str().unwrap()],
            ]
            .concat(),
        );
        let settings = format!(
            "[instance]\nname = {name:?}\nmode = \"exercise\"\n\
             [server]\nlisten = \"127.0.0.1:0\"\ncookies = \"plain\"\n\
             [storage]\ndirectory = {:?}\n\
             [access]\nargon2_memory_kib = 64\nargon2_passes = 1\n\
             [ledger]\nwitnesses = [{:?}]\n",
            folder.path().join("data").to_str().unwrap(),
            witness.trim(),
        );
        let mut instance = Self {
            folder,
            settings,
            token: String::new(),
            officer: String::new(),
            operator: String::new(),
        };
        instance.write_settings("");
        runtime().block_on(instance.seed());
        instance
    }

    /// A file beside the data.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_settings(&self, more: &str) {
        fs::write(
            self.path("settings.toml"),
            format!("{}{more}", self.settings),
        )
        .unwrap();
    }

    fn config(&self) -> Config {
        Config::load(Some(&self.path("settings.toml"))).unwrap()
    }

    async fn seed(&mut self) {
        let clock = Arc::new(SteppingClock::default());
        let mut parts = Parts::new(self.config());
        let shared: Arc<dyn Clock> = clock.clone();
        parts.clock = shared;
        let app = App::open_migrated(parts).await.unwrap();
        let password = SecretString::from("nine kites, 47 lanterns");
        let logins = app.seed_sample(&password, &clock).await.unwrap();
        let secret = |name: &str| {
            let found = logins.iter().find(|login| login.login == name).unwrap();
            found.api_token.clone().unwrap()
        };
        self.officer = secret("kanto.meti.tanto");
        let colleague = app.resume_token(&secret("denki.shonin")).await.unwrap();
        let operator = colleague.organisation;
        self.operator = operator.corporate_number.clone().unwrap();
        let person = app
            .create_person(NewPerson {
                organisation: operator.id,
                login: "yakin".to_owned(),
                name: "見本 夜勤".to_owned(),
                locale: "ja".to_owned(),
                roles: ROLES.to_vec(),
                password,
            })
            .await
            .unwrap();
        let actor = Actor {
            person: person.id,
            organisation: operator.id,
            organisation_kind: OrganisationKind::Operator,
            roles: ROLES.to_vec(),
            assurance: Assurance::SecondFactor,
            step_up: StepUp::Fresh,
            token_scopes: Vec::new(),
            status: PersonStatus::Active,
        };
        let new = NewToken {
            label: "夜勤".to_owned(),
            scopes: TokenScope::ALL.to_vec(),
            days: 30,
        };
        self.token = app.issue_token(&actor, new).await.unwrap().secret;
        app.store().close().await;
    }

    /// The keys of its logs, for whoever verifies receipts.
    pub(crate) fn trust(&self) -> String {
        let settings = self.path("settings.toml");
        noroshi(&["ledger", "trust", "--config", settings.to_str().unwrap()])
    }

    /// Lets its reports travel on.
    pub(crate) fn pass_on(&self, way: &Way<'_>) {
        let token = self.path("token");
        fs::write(&token, way.token).unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(self.path("trust.txt"), way.trust).unwrap();
        self.write_settings(&format!(
            "[peers]\ntimeout_secs = 10\npoll_secs = 1\nretry_at_most_secs = 1\n\
             [[peers.instances]]\nname = \"authority\"\naddress = {:?}\noperator = {:?}\n\
             token_file = {:?}\ntrust_file = {:?}\n",
            way.address,
            self.operator,
            token.to_str().unwrap(),
            self.path("trust.txt").to_str().unwrap(),
        ));
    }

    pub(crate) fn serve(&self) -> Running {
        let log = self.path("serve.log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
            .args(["serve", "--config"])
            .arg(self.path("settings.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while said.read_line(&mut line).unwrap() != 0 {
            if let Some(url) = line.strip_prefix(LISTENING) {
                let url = url.trim().to_owned();
                return Running {
                    child,
                    _said: said,
                    url,
                };
            }
            line.clear();
        }
        child.wait().unwrap();
        panic!("{}", fs::read_to_string(log).unwrap());
    }

    /// What whoever files here sees of a report that travels on.
    pub(crate) fn passage(&self, filing: &str) -> PeerFilingView {
        let filing: FilingId = filing.parse().unwrap();
        runtime().block_on(async {
            let app = App::open(Parts::new(self.config())).await.unwrap();
            let actor = app.resume_token(&self.token).await.unwrap().actor;
            let view = app.view_peer_filing(&actor, filing).await.unwrap();
            app.store().close().await;
            view
        })
    }

    /// What `noroshi peers check` ends with and says.
    pub(crate) fn check_peers(&self) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_noroshi"))
            .args(["peers", "check", "--config"])
            .arg(self.path("settings.toml"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), said)
    }

    /// Has a report tried again.
    pub(crate) fn retry(&self, filing: &str) {
        let filing: FilingId = filing.parse().unwrap();
        runtime().block_on(async {
            let app = App::open(Parts::new(self.config())).await.unwrap();
            let actor = app.resume_token(&self.token).await.unwrap().actor;
            app.retry_peer_filing(&actor, filing).await.unwrap();
            app.store().close().await;
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when the server is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `noroshi-verify` ends with: 0 valid and witnessed, 1 not valid, 3 valid but not witnessed.
pub(crate) fn verify(trust: &Path, receipt: &Path) -> Option<i32> {
    let ours = Path::new(env!("CARGO_BIN_EXE_noroshi"));
    let program = ours.with_file_name("noroshi-verify");
    if !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--locked", "--package", "noroshi-verify"]);
        assert!(build.status().unwrap().success());
    }
    let mut command = Command::new(program);
    command.arg("--trust").arg(trust).arg(receipt);
    command.output().unwrap().status.code()
}
