//! Rule packs from outside the program: signed, proposed, approved by another person, in force from the next start.

use std::error::Error;

use app::rule_packs::{PackRefusal, RulePackError};
use app::{AppError, StartError};
use config::Law;
use ids::{Role, RulePackId};
use jiff::civil::date;
use ledger::{Algorithm, KeyName, Note, SignerKey};
use policy::{Actor, StepUp};
use statute::{PackHeader, RuleBook};

use crate::assets::fixture::gateway;
use crate::bench::Bench;

const NOW: &str = "2027-04-10T10:00:00+09:00";

fn signer(number: u8) -> SignerKey {
    let name = KeyName::parse(&format!("law.example/signer-{number}")).unwrap();
    SignerKey::from_seed(name, Algorithm::Ed25519, &[number; 32]).unwrap()
}

/// Two of three signers.
fn law() -> Law {
    Law {
        pack_keys: (1..=3)
            .map(|number| signer(number).verifier().to_string())
            .collect(),
        pack_quorum: 2,
    }
}

/// The embedded rule book with two months instead of four for new computers.
fn shorter() -> String {
    let texts = RuleBook::embedded_packs().iter().map(|(_, text)| *text);
    let text = texts.collect::<Vec<&str>>().join("\n");
    let changed = text.replacen(
        "label_en = \"notification of a new introduction\"\nvalue = 4\n",
        "label_en = \"notification of a new introduction\"\nvalue = 2\n",
        1,
    );
    assert_ne!(text, changed);
    changed
}

fn note(body: &str, number: u32, signers: &[u8]) -> String {
    let header = PackHeader::of("law.example", number, date(2027, 4, 1), body).unwrap();
    let mut note = Note::unsigned(&header.to_text()).unwrap();
    for number in signers {
        let line = signer(*number).sign(note.text()).unwrap();
        note.add(line).unwrap();
    }
    note.to_string()
}

impl Bench {
    async fn trusting() -> Self {
        let mut bench = Self::at(NOW).await;
        bench.restart_trusting(law()).await.unwrap();
        bench
    }

    fn one(&self) -> Actor {
        self.actor(self.world.cabinet_office, Role::InstanceOperator)
    }

    /// Another person who runs the instance.
    fn other(&self) -> Actor {
        self.actor(self.world.meti, Role::InstanceOperator)
    }

    async fn propose(&self, number: u32, signers: &[u8]) -> Result<RulePackId, RulePackError> {
        let body = shorter();
        let note = note(&body, number, signers);
        self.app.propose_rule_pack(&self.one(), &note, &body).await
    }
}

/// What a refusal says, with its cause.
fn words(error: &RulePackError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn a_pack_takes_two_persons_and_is_in_force_from_the_next_start() {
    let mut bench = Bench::trusting().await;
    bench.app.notice_rule_book().await.unwrap();
    let facility = bench.facility().await;
    let mut input = gateway(facility);
    input.introduced_on = date(2027, 4, 1);
    let computer = bench.add(&input).await;
    let before = bench.kept_limit(computer).await;
    let embedded = bench.app.rules_digest();

    let id = bench.propose(1, &[1, 2]).await.unwrap();
    let own = bench.app.approve_rule_pack(&bench.one(), id).await;
    assert!(
        matches!(own, Err(RulePackError::App(AppError::Forbidden))),
        "{own:?}"
    );
    bench.restart_trusting(law()).await.unwrap();
    assert_eq!(
        bench.app.rules_digest(),
        embedded,
        "proposed is not in force"
    );

    let shown = bench.app.view_rule_pack(&bench.other(), id).await.unwrap();
    assert_eq!(shown.changed, ["asset.notify.new"]);
    bench
        .app
        .approve_rule_pack(&bench.other(), id)
        .await
        .unwrap();
    assert_eq!(bench.app.rules_digest(), embedded, "running programs go on");
    bench.restart_trusting(law()).await.unwrap();
    let pack = &bench.app.rule_packs(&bench.one()).await.unwrap()[0];
    assert_eq!(bench.app.rules_digest(), pack.proposal.digest);
    assert_eq!(pack.approval.map(|(by, _)| by), Some(bench.other().person));

    // Limits move with it, and every reason says where it stands.
    bench.app.notice_rule_book().await.unwrap();
    bench.app.drain_jobs().await.unwrap();
    assert!(bench.kept_limit(computer).await < before);
    let view = bench
        .app
        .view_computer(&bench.compliance(), computer.computer)
        .await
        .unwrap();
    let due = view.due.unwrap().unwrap().finding.due;
    assert_eq!(due.digest.to_hex(), pack.proposal.digest.to_string());
    assert!(
        due.reasons
            .iter()
            .all(|reason| reason.pack == "law.example")
    );
    for act in ["rule_pack.proposed", "rule_pack.approved"] {
        assert_eq!(bench.acts(id.uuid(), act).await, 1, "{act}");
    }
    bench.app.integrate().await.unwrap();
    let report = bench.app.fsck(&[]).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[tokio::test]
async fn a_pack_without_enough_trusted_signatures_is_refused_in_clear_words() {
    let bench = Bench::trusting().await;
    for (signers, found) in [(&[1][..], 1), (&[1, 4], 1), (&[4, 5], 0)] {
        let refused = bench.propose(1, signers).await.unwrap_err();
        assert!(
            matches!(refused, RulePackError::Refused(PackRefusal::Signatures { found: seen, required: 2 }) if seen == found),
            "{refused:?}"
        );
        assert!(
            words(&refused).contains("2 are required"),
            "{}",
            words(&refused)
        );
    }
    let body = shorter();
    let unsigned = note(&body, 1, &[]);
    let refused = bench
        .app
        .propose_rule_pack(&bench.one(), &unsigned, &body)
        .await;
    assert!(
        matches!(
            refused,
            Err(RulePackError::Refused(PackRefusal::Signatures {
                found: 0,
                ..
            }))
        ),
        "{refused:?}"
    );
    let other = note(&body, 1, &[1, 2]);
    let refused = bench
        .app
        .propose_rule_pack(
            &bench.one(),
            &other,
            &body.replace("value = 2\n", "value = 1\n"),
        )
        .await
        .unwrap_err();
    assert!(words(&refused).contains("not the one that was signed"));
    assert!(bench.app.rule_packs(&bench.one()).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_instance_without_trusted_keys_takes_no_pack() {
    let bench = Bench::at(NOW).await;
    let refused = bench.propose(1, &[1, 2]).await;
    assert!(
        matches!(refused, Err(RulePackError::Refused(PackRefusal::NoKeys))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_pack_that_is_not_newer_than_the_one_in_force_is_refused() {
    let bench = Bench::trusting().await;
    let (first, second) = (
        bench.propose(4, &[1, 2]).await.unwrap(),
        bench.propose(5, &[2, 3]).await.unwrap(),
    );
    bench
        .app
        .approve_rule_pack(&bench.other(), second)
        .await
        .unwrap();
    let refused = bench.app.approve_rule_pack(&bench.other(), first).await;
    assert!(
        matches!(
            refused,
            Err(RulePackError::Refused(PackRefusal::Older {
                number: 4,
                in_force: 5
            }))
        ),
        "{refused:?}"
    );
    for number in [3, 5] {
        let refused = bench.propose(number, &[1, 2]).await;
        assert!(
            matches!(
                refused,
                Err(RulePackError::Refused(PackRefusal::Older { .. }))
            ),
            "{refused:?}"
        );
    }
    let again = bench.app.approve_rule_pack(&bench.other(), second).await;
    assert!(
        matches!(
            again,
            Err(RulePackError::App(AppError::Conflict("rule_pack_approved")))
        ),
        "{again:?}"
    );
}

#[tokio::test]
async fn only_people_who_run_the_instance_see_and_change_rule_packs() {
    let bench = Bench::trusting().await;
    let id = bench.propose(1, &[1, 2]).await.unwrap();
    for stranger in [
        bench.officer(),
        bench.analyst(),
        bench.approver(),
        bench.actor(bench.world.committee, Role::Auditor),
    ] {
        let listed = bench.app.rule_packs(&stranger).await;
        assert!(matches!(
            listed,
            Err(RulePackError::App(AppError::NotFound))
        ));
        let approved = bench.app.approve_rule_pack(&stranger, id).await;
        assert!(matches!(
            approved,
            Err(RulePackError::App(AppError::NotFound))
        ));
    }
    let stale = Actor {
        step_up: StepUp::Stale,
        ..bench.other()
    };
    let approved = bench.app.approve_rule_pack(&stale, id).await;
    assert!(matches!(
        approved,
        Err(RulePackError::App(AppError::StepUpRequired))
    ));
}

#[tokio::test]
async fn a_program_that_no_longer_trusts_the_signers_does_not_start() {
    let mut bench = Bench::trusting().await;
    let id = bench.propose(1, &[1, 2]).await.unwrap();
    bench
        .app
        .approve_rule_pack(&bench.other(), id)
        .await
        .unwrap();
    let mut fewer = law();
    fewer.pack_keys.remove(0);
    for changed in [fewer, Law::default()] {
        let refused = bench.restart_trusting(changed).await;
        assert!(matches!(refused, Err(StartError::Rules(_))), "{refused:?}");
    }
    bench.restart_trusting(law()).await.unwrap();
}
