use std::sync::Arc;

use config::Config;
use ids::{FilingKind, Role, SeededIds};
use jiff::Timestamp;
use ledger::{
    Algorithm, Checkpoint, KeyName, Receipt, SignedCheckpoint, SignerKey, Trust, VerifierKey,
};
use model::filing::AddresseeRole;
use policy::{Action, DraftFacts, Resource};
use serde_json::json;
use store::official::{self, ColumnKind, OfficialTable};
use store::{SqliteDurability, StoreOptions};
use tempfile::TempDir;
use testkit::{RawConnection, World};

use crate::act::{ActDraft, Subject};
use crate::clock::FixedClock;
use crate::filing::{DeliveryPlan, NewAttachment, NewFiling, PlannedAddressee};
use crate::instance::{App, Parts};
use crate::logs::LogCode;
use crate::maintenance::{FsckReport, ProblemKind, WhichCheckpoint};
use crate::receipt::ReceiptState;

pub(super) const CONTENT: &[u8] = b"2026-11-20T03:04:05Z login from 192.0.2.7\n";

/// An instance in a temporary folder, with its people.
pub(super) struct Instance {
    pub(super) folder: TempDir,
    pub(super) app: App,
    pub(super) world: World,
    pub(super) witness: SignerKey,
    pub(super) seed: u64,
}

pub(super) fn witness() -> SignerKey {
    let name = KeyName::parse("committee.example/w1").unwrap();
    SignerKey::from_seed(name, Algorithm::CosignatureV1, &[9; 32]).unwrap()
}

pub(super) fn parts(folder: &std::path::Path, seed: u64) -> Parts {
    let mut config = Config::default();
    config.instance.name = "noroshi.example".to_owned();
    config.storage.directory = folder.to_owned();
    config.ledger.witnesses = vec![witness().verifier().to_string()];
    let mut options = StoreOptions::new(config.storage.database_address());
    options.durability = SqliteDurability::None;
    let now: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
    Parts {
        clock: Arc::new(FixedClock::new(now)),
        ids: Arc::new(SeededIds::new(seed)),
        store: Some(options),
        ..Parts::new(config)
    }
}

impl Instance {
    /// Without any filing.
    pub(super) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open_migrated(parts(&folder.path().join("data"), 1))
            .await
            .unwrap();
        let world = World::saved(7, app.store()).await;
        Self {
            folder,
            app,
            world,
            witness: witness(),
            seed: 1,
        }
    }

    /// With one filing, and another act that wrote a row into every other official table; sealed and co-signed.
    pub(super) async fn full() -> Self {
        let instance = Self::empty().await;
        instance.file().await;
        instance.fill_other_tables().await;
        instance.app.integrate().await.unwrap();
        let report = instance.fsck(&[]).await;
        assert!(report.is_clean(), "{:?}", report.problems);
        assert!(
            report.rows.iter().all(|(_, count)| 0 < *count),
            "{:?}",
            report.rows
        );
        instance
    }

    /// Opens the instance again, as after a restart.
    pub(super) async fn reopen(&mut self) {
        self.seed = self.seed.saturating_add(1);
        let parts = parts(&self.data(), self.seed);
        self.app.store().close().await;
        // The writers of the tiles go first: they hold the locks.
        let placeholder = tempfile::tempdir().unwrap();
        self.app = App::open_migrated(self::parts(placeholder.path(), 99))
            .await
            .unwrap();
        self.app = App::open(parts).await.unwrap();
    }

    pub(super) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub(super) async fn raw(&self) -> RawConnection {
        let mut raw = RawConnection::open(&self.app.config().storage.database_address()).await;
        raw.drop_triggers().await;
        raw.execute("PRAGMA ignore_check_constraints = ON")
            .await
            .unwrap();
        raw
    }

    pub(super) async fn fsck(&self, against: &[SignedCheckpoint]) -> FsckReport {
        self.app.fsck(against).await.unwrap()
    }

    /// Kinds and names of what does not fit.
    pub(super) async fn problems(&self) -> Vec<(ProblemKind, &'static str, String)> {
        let report = self.fsck(&[]).await;
        let named = report.problems.into_iter();
        named.map(|one| (one.kind, one.table, one.key)).collect()
    }

    /// The operator files a report with an attachment to METI and the Cabinet Office.
    pub(super) async fn file(&self) -> ids::FilingId {
        let digest = self.app.objects().put(CONTENT).await.unwrap();
        let operator = self.world.organisation(self.world.power).clone();
        let person = self.world.person(self.world.power, Role::Approver).clone();
        let actor = self.world.actor(&person);
        let draft = DraftFacts {
            id: self.world.id(),
            owner: operator.id,
            kind: FilingKind::IncidentPrompt,
        };
        let permit = self
            .app
            .policy()
            .check(&actor, Action::FileReport, &Resource::Draft(draft));
        let permit = permit.unwrap();
        let planned = |id, role| PlannedAddressee {
            organisation: self.world.organisation(id).clone(),
            role,
            basis: "Act Art. 5".to_owned(),
            delivery: DeliveryPlan::Queue,
        };
        let addressees = vec![
            planned(self.world.meti, AddresseeRole::Minister),
            planned(self.world.cabinet_office, AddresseeRole::PrimeMinister),
        ];
        let new = NewFiling {
            kind: FilingKind::IncidentPrompt,
            case: None,
            supersedes: None,
            form_version: "1".to_owned(),
            body: json!({ "summary": "不正なログイン" }),
            attachments: vec![NewAttachment {
                digest,
                file_name: "auth.log".to_owned(),
            }],
            search_text: String::new(),
        };
        let at = self.app.now();
        let mut tx = self.app.store().begin("test.file").await.unwrap();
        let length = u64::try_from(CONTENT.len()).unwrap();
        tx.insert_object(digest, length, "text/plain", person.id, operator.id, at)
            .await
            .unwrap();
        let recorded = self
            .app
            .record_filing(&mut tx, &permit, &operator, addressees, new, at)
            .await
            .unwrap();
        let filed = self
            .app
            .seal_filing(&mut tx, permit, recorded)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        filed.filing
    }

    /// One row in each official table that a filing does not touch, bound by one act.
    async fn fill_other_tables(&self) {
        let mut raw = self.raw().await;
        let others = official::TABLES.iter().filter(|table| {
            !["filing", "filing_attachment", "filing_addressee"].contains(&table.name)
        });
        let mut rows = Vec::new();
        for table in others {
            // Approved is a pack that is not there: one that is would be read at the next start.
            let number = if table.name == official::RULE_PACK_APPROVAL.name {
                0x7001
            } else {
                0x7000
            };
            let key = uuid::Uuid::from_u128(number);
            raw.execute(&insertion(table, number)).await.unwrap();
            let mut tx = self.app.store().begin_read("test.rows").await.unwrap();
            rows.extend(tx.official_rows(table, key).await.unwrap());
        }
        self.record_act(rows).await;
    }

    async fn record_act(&self, rows: Vec<official::RowRef>) {
        let person = self
            .world
            .person(self.world.meti, Role::DeskOfficer)
            .clone();
        let actor = self.world.actor(&person);
        let queue = Resource::Queue {
            desk: self.world.meti,
        };
        let permit = self
            .app
            .policy()
            .check(&actor, Action::ViewQueue, &queue)
            .unwrap();
        let act = ActDraft {
            act: "test.recorded",
            subject: Subject::new("organisation", self.world.meti),
            details: json!({}),
            rows,
            logs: vec![LogCode::parse("meti").unwrap()],
        };
        let mut tx = self.app.store().begin("test.record").await.unwrap();
        self.app
            .record(&mut tx, permit, &act, self.app.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Has the witness co-sign the newest checkpoint of a log, and hands the line in.
    pub(super) async fn cosign(&self, log: &LogCode) -> SignedCheckpoint {
        let mut signed = self
            .app
            .checkpoint(log, WhichCheckpoint::Newest)
            .await
            .unwrap();
        signed.cosign(&self.witness, 1_790_900_000).unwrap();
        let taken = self.app.take_cosignatures(&signed).await.unwrap();
        assert_eq!(taken.witnesses, ["committee.example/w1"]);
        signed
    }

    pub(super) async fn trust(&self) -> Trust {
        self.app.trust().await.unwrap()
    }

    /// The operator's receipt of a filing from one log.
    pub(super) async fn receipt(&self, filing: ids::FilingId, log: &str) -> Receipt {
        let person = self.world.person(self.world.power, Role::Approver).clone();
        let receipts = self
            .app
            .receipts(&self.world.actor(&person), filing)
            .await
            .unwrap();
        let ready = receipts
            .into_iter()
            .find_map(|receipt| match receipt.state {
                ReceiptState::Ready(ready) if ready.log == log => Some(ready),
                ReceiptState::Ready(_) | ReceiptState::Pending => None,
            });
        Receipt::parse(ready.unwrap().json.as_bytes()).unwrap()
    }

    pub(super) async fn newest(&self, log: &LogCode) -> SignedCheckpoint {
        self.app
            .checkpoint(log, WhichCheckpoint::Newest)
            .await
            .unwrap()
    }

    /// Whoever has the host also has the key: signs any tree as the log.
    pub(super) fn sign_as_log(&self, log: &LogCode, checkpoint: &Checkpoint) -> SignedCheckpoint {
        let signer = self.app.logs().stored_signer(log).unwrap().unwrap();
        checkpoint.sign(&[&signer]).unwrap()
    }
}

pub(super) fn meti() -> LogCode {
    LogCode::parse("meti").unwrap()
}

pub(super) fn bears(signed: &SignedCheckpoint, key: &VerifierKey) -> bool {
    signed.note().require(std::slice::from_ref(key), 1).is_ok()
}

/// An INSERT with a value of the right kind in every column.
pub(super) fn insertion(table: &OfficialTable, number: u128) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let values = table
        .columns
        .iter()
        .map(|(name, kind)| match (kind, *name) {
            (ColumnKind::Id, _) => format!("X'{number:032x}'"),
            // The file itself is there.
            (ColumnKind::Octets, "digest") if table.name == "submission_file" => {
                format!("X'{}'", hex::encode(testkit::digest_of(CONTENT).as_bytes()))
            }
            (ColumnKind::Integer, "size") if table.name == "submission_file" => {
                CONTENT.len().to_string()
            }
            (ColumnKind::Octets, _) => format!("X'{number:064x}'"),
            (ColumnKind::Integer, "approximate") => "1".to_owned(),
            // One pack of a number is approved.
            (ColumnKind::Integer, "number") => number.to_string(),
            (ColumnKind::Integer, _) => "41".to_owned(),
            (ColumnKind::Text, "kind") if table.name == "awareness" => "'incident'".to_owned(),
            (ColumnKind::Text, "result") => "'meets'".to_owned(),
            (ColumnKind::Text, _) => format!("'不正{number}'"),
        });
    let values: Vec<String> = values.collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        names.join(", "),
        values.join(", ")
    )
}
