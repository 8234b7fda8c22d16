//! From a file in the folder to a decision of the operator.

use std::path::PathBuf;

use app::AppError;
use app::advisories::{CandidateFilter, Verdict};
use app::assets::ComputerInput;
use app::names::LearnName;
use ids::{FacilityId, Role};

use crate::assets::fixture::{NOW, gateway, problems};
use crate::bench::Bench;

const KEV: &str = r#"{"catalogVersion":"2026.12.01","vulnerabilities":[
  {"cveID":"CVE-2026-10001","vendorProject":"Fortinet","product":"FortiOS","vulnerabilityName":"Fortinet FortiOS example","dateAdded":"2026-12-01"},
  {"cveID":"CVE-2026-10002","vendorProject":"Other","product":"Thing","vulnerabilityName":"Other thing","dateAdded":"2026-12-01"}]}"#;

const CSAF: &str = r#"{"document":{"title":"KG-60 example","publisher":{"name":"架空電機"},
  "tracking":{"id":"KD-2026-1","initial_release_date":"2026-12-02T00:00:00Z"}},
  "product_tree":{"branches":[{"category":"vendor","name":"架空電機株式会社","branches":[
    {"category":"product_name","name":"架空ゲートウェイ　ＫＧ－６０","branches":[
      {"category":"product_version_range","name":"2.0 より前","product":{"product_id":"P","name":"KG-60"}}]}]}]},
  "vulnerabilities":[{"cve":"CVE-2026-10003","product_status":{"known_affected":["P"]}}]}"#;

async fn bench() -> (Bench, PathBuf, tempfile::TempDir) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().to_owned();
    let place = path.clone();
    let bench = Bench::with_settings(NOW, |config| config.advisories.folder = Some(place)).await;
    (bench, path, folder)
}

fn fortigate(facility: FacilityId) -> ComputerInput {
    ComputerInput {
        product: "FortiGate-60F".to_owned(),
        maker: "フォーティネットジャパン合同会社".to_owned(),
        ..gateway(facility)
    }
}

const OPEN: CandidateFilter = CandidateFilter {
    computer: None,
    decision: Some("open"),
};

impl Bench {
    async fn open_numbers(&self) -> Vec<(String, String)> {
        self.app.take_in_advisories().await.unwrap();
        self.app.compare_registers().await.unwrap();
        let page = self
            .app
            .candidates(&self.compliance(), OPEN, None, 100)
            .await
            .unwrap();
        let mut numbers: Vec<(String, String)> = page
            .candidates
            .into_iter()
            .map(|each| (each.number, each.reason))
            .collect();
        numbers.sort();
        numbers
    }
}

fn found(number: &str, reason: &str) -> (String, String) {
    (number.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_file_leads_to_a_candidate_and_a_decision_with_who_and_when() {
    let (bench, folder, _kept) = bench().await;
    let facility = bench.facility().await;
    let computer = bench.add(&fortigate(facility)).await;
    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    assert_eq!(
        bench.open_numbers().await,
        [found("CVE-2026-10001", "runs_on_product")]
    );
    assert!(folder.join("read/kev.json").is_file());

    let who = bench.compliance();
    let page = bench.app.candidates(&who, OPEN, None, 10).await.unwrap();
    let candidate = &page.candidates[0];
    assert_eq!(candidate.computer, computer.computer);
    let without = bench
        .app
        .decide_candidate(&who, candidate.id, 1, Verdict::DoesNot, " ")
        .await;
    assert_eq!(
        problems(&without.unwrap_err()),
        [("reason".to_owned(), "empty")]
    );
    let reason = "影響を受ける機能を使っていない";
    bench
        .app
        .decide_candidate(&who, candidate.id, 1, Verdict::Later, "")
        .await
        .unwrap();
    let stale = bench
        .app
        .decide_candidate(&who, candidate.id, 1, Verdict::Concerns, "")
        .await;
    assert!(matches!(stale, Err(AppError::Stale)));
    bench.set("2026-12-11T10:00:00+09:00");
    bench
        .app
        .decide_candidate(&who, candidate.id, 2, Verdict::DoesNot, reason)
        .await
        .unwrap();

    let view = bench.app.candidate(&who, candidate.id).await.unwrap();
    let codes: Vec<&str> = view
        .decisions
        .iter()
        .map(|each| each.decision.as_str())
        .collect();
    assert_eq!(codes, ["does_not", "later"]);
    assert_eq!(view.decisions[0].reason.as_deref(), Some(reason));
    assert_eq!(bench.leaves(candidate.id.uuid()).await.len(), 2);
    assert_eq!(bench.app.open_candidates(&who, None).await.unwrap(), 0);
}

#[tokio::test]
async fn new_computers_and_new_files_are_compared_by_themselves() {
    let (bench, folder, _kept) = bench().await;
    let facility = bench.facility().await;
    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    std::fs::write(folder.join("csaf.json"), CSAF).unwrap();
    assert!(bench.open_numbers().await.is_empty());
    bench.add(&fortigate(facility)).await;
    let added = bench.add(&gateway(facility)).await;
    let both = [
        found("CVE-2026-10001", "runs_on_product"),
        found("KD-2026-1", "same_name"),
    ];
    assert_eq!(bench.open_numbers().await, both);
    assert_eq!(
        bench.app.compare_registers().await.unwrap(),
        0,
        "nothing twice"
    );

    let mut changed = gateway(facility);
    changed.product = "別の機器 X-1".to_owned();
    bench.change(added, changed, None).await.unwrap();
    assert_eq!(bench.open_numbers().await, both[..1]);
}

#[tokio::test]
async fn what_the_organisation_learned_leads_to_candidates() {
    let (bench, folder, _kept) = bench().await;
    let facility = bench.facility().await;
    bench.add(&gateway(facility)).await;
    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    assert!(bench.open_numbers().await.is_empty());
    let meaning = LearnName {
        maker: "架空電機株式会社".to_owned(),
        product: "架空ゲートウェイ KG-60".to_owned(),
        maker_id: "fortinet".to_owned(),
        product_id: "fortinet.fortigate".to_owned(),
    };
    let learned = bench
        .app
        .learn_name(&bench.compliance(), &meaning)
        .await
        .unwrap();
    assert_eq!(
        bench.open_numbers().await,
        [found("CVE-2026-10001", "runs_on_product")]
    );
    bench
        .app
        .undo_name(&bench.compliance(), learned)
        .await
        .unwrap();
    assert!(bench.open_numbers().await.is_empty());
}

#[tokio::test]
async fn an_operator_sees_only_its_own() {
    let (bench, folder, _kept) = bench().await;
    let facility = bench.facility().await;
    bench.add(&fortigate(facility)).await;
    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    assert_eq!(bench.open_numbers().await.len(), 1);
    let page = bench
        .app
        .candidates(&bench.compliance(), OPEN, None, 10)
        .await
        .unwrap();
    let id = page.candidates[0].id;
    let other = bench.actor(bench.world.railway, Role::Compliance);
    let theirs = bench
        .app
        .candidates(&other, CandidateFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!((theirs.candidates.len(), theirs.total), (0, 0));
    for refused in [
        bench.app.candidate(&other, id).await.map(drop),
        bench
            .app
            .decide_candidate(&other, id, 1, Verdict::Concerns, "")
            .await,
    ] {
        assert!(matches!(refused, Err(AppError::NotFound)));
    }
    let desk = bench.actor(bench.world.meti, Role::DeskOfficer);
    assert!(matches!(
        bench.app.candidates(&desk, OPEN, None, 10).await,
        Err(AppError::NotFound)
    ));
}

#[tokio::test]
async fn a_broken_file_is_set_aside_with_a_reason_and_nothing_is_lost() {
    let (bench, folder, _kept) = bench().await;
    let facility = bench.facility().await;
    bench.add(&fortigate(facility)).await;
    std::fs::write(folder.join("broken.json"), "{\"document\":").unwrap();
    std::fs::write(folder.join("copying.json.part"), "{").unwrap();
    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    assert_eq!(bench.open_numbers().await.len(), 1);
    assert!(folder.join("set-aside/broken.json").is_file());
    assert!(folder.join("copying.json.part").is_file());
    let runs = bench.actor(bench.world.meti, Role::InstanceOperator);
    let files = bench.app.advisory_files(&runs, None, 10).await.unwrap();
    let mut reasons: Vec<Option<String>> = files.into_iter().map(|file| file.set_aside).collect();
    reasons.sort();
    assert_eq!(reasons, [None, Some("malformed".to_owned())]);
    assert!(
        bench
            .app
            .advisory_files(&bench.compliance(), None, 10)
            .await
            .is_err()
    );

    std::fs::write(folder.join("kev.json"), KEV).unwrap();
    let again = bench.app.take_in_advisories().await.unwrap();
    assert_eq!(
        (again.read, again.changed),
        (0, 0),
        "the same file is known"
    );
}
