//! A newer version of a form while drafts are open. The versions of forms are read once in a program, so this test has to
//! be a program of its own, as `cargo nextest` makes it.

use std::path::Path;

use app::StartError;
use app::incidents::{FormStanding, ReportKind, Typed};
use model::incidents::AwarenessKind;
use tempfile::TempDir;

use crate::bench::Bench;
use crate::incidents::fixture::T1;

const OLD: &str = "2026-10-01.1";
const NEW: &str = "2027-01-01.1";

/// The parts of the incident form of the program.
const PARTS: [&str; 4] = [
    include_str!("../../../../formats/forms/incident-common.toml"),
    include_str!("../../../../formats/forms/incident-form1-ddos.toml"),
    include_str!("../../../../formats/forms/incident-form2-ransomware.toml"),
    include_str!("../../../../formats/forms/incident-form3-other.toml"),
];

/// Writes a made-up newer version: it no longer asks who judged, and asks for something new.
fn newer_version(folder: &Path) {
    let version = folder.join("incident");
    std::fs::create_dir(&version).unwrap();
    for (place, part) in PARTS.iter().enumerate() {
        let mut part = part.replace(OLD, NEW);
        if place == 0 {
            let without = part
                .split("[[field]]")
                .filter(|field| !field.contains("key = \"judged_by\""));
            part = without.collect::<Vec<_>>().join("[[field]]");
            part.push_str(
                "\n[[field]]\nkey = \"call_sign\"\nitem = 5\ntype = \"text\"\nrequired = \"optional\"\n\
                 label_ja = \"呼称\"\nlabel_en = \"Call sign\"\nmax_chars = 20\nconfidence = \"assumed\"\n",
            );
        }
        std::fs::write(version.join(format!("{place}.toml")), part).unwrap();
    }
}

#[tokio::test]
async fn an_open_draft_is_finished_on_the_old_form_or_moved_with_nothing_lost() {
    let folder = TempDir::new().unwrap();
    newer_version(folder.path());
    let bench = Bench::with_settings("2026-11-22T12:00:00+09:00", |config| {
        config.documents.form_folder = Some(folder.path().to_owned());
    })
    .await;
    let (finished, moved) = (bench.begun().await, bench.begun().await);
    let (app, csirt) = (&bench.app, bench.csirt());
    let before = app.view_draft(&csirt, moved).await.unwrap();
    assert_eq!(before.form_version, OLD, "the newer form is not in force");
    assert_eq!(before.standing, FormStanding::Current);

    bench.set("2027-01-04T09:00:00+09:00");
    let open = app.view_draft(&csirt, moved).await.unwrap();
    assert_eq!(open.standing, FormStanding::Superseded);
    let versions = (open.form_version.as_str(), open.newest_version.as_str());
    assert_eq!(versions, (OLD, NEW));
    let prompt = bench.file(finished, ReportKind::Prompt).await.filing;
    let filed = app.view_filing(&bench.approver(), prompt).await.unwrap();
    assert_eq!(filed.filing.form_version, OLD, "finished on the old form");
    let next = app.view_draft(&csirt, finished).await.unwrap();
    assert_eq!(next.form_version, NEW);
    assert!(
        next.left.contains_key("judged_by") && !next.typed.contains_key("judged_by"),
        "what the last report said and is no longer asked is shown apart"
    );

    let after = app.migrate_draft(&csirt, moved).await.unwrap();
    assert_eq!(after.form_version, NEW);
    assert_eq!(after.standing, FormStanding::Current);
    assert!(after.form.field("call_sign").is_some());
    assert!(after.left.contains_key("judged_by"), "kept apart, not lost");
    assert!(after.typed.contains_key("contact_name"));
    let prompt = bench.file(moved, ReportKind::Prompt).await.filing;
    let filed = app.view_filing(&bench.approver(), prompt).await.unwrap();
    assert_eq!(filed.filing.form_version, NEW);
}

impl Bench {
    /// A case with a draft in which everything for the prompt report stands, and who judged.
    async fn begun(&self) -> ids::CaseId {
        let case = self.open(AwarenessKind::Incident, T1).await;
        self.complete_prompt(case).await;
        let judged = [("judged_by", Typed::text("当直長"))];
        self.type_in(case, &judged).await;
        case
    }
}

#[tokio::test]
async fn a_folder_whose_forms_cannot_be_used_stops_the_start_and_is_named() {
    let folder = TempDir::new().unwrap();
    let version = folder.path().join("broken");
    std::fs::create_dir(&version).unwrap();
    std::fs::write(version.join("0.toml"), "form = \"incident\"").unwrap();
    let mut parts = app::Parts::new(config::Config::default());
    let data = TempDir::new().unwrap();
    parts.config.storage.directory = data.path().to_owned();
    parts.config.documents.form_folder = Some(folder.path().to_owned());
    let refused = app::App::open_migrated(parts).await.err();
    let Some(StartError::Forms(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        error
            .to_string()
            .contains(&folder.path().display().to_string()),
        "{error}"
    );
}
