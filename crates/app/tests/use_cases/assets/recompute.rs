//! Limits are worked out again when the rule book changes.

use app::assets::Registered;
use jiff::civil::{Date, date};
use statute::RuleBook;

use crate::assets::fixture::{NOW, gateway};
use crate::bench::Bench;

/// A rule book with a shorter period for computers introduced after the designation.
fn shorter() -> RuleBook {
    let texts: Vec<(&str, String)> = RuleBook::embedded_packs()
        .iter()
        .map(|(file, text)| (*file, shorten(text)))
        .collect();
    let packs: Vec<(&str, &str)> = texts
        .iter()
        .map(|(file, text)| (*file, text.as_str()))
        .collect();
    RuleBook::test_only(&packs).unwrap()
}

/// Halves the months of every period that counts from the introduction.
fn shorten(text: &str) -> String {
    let entries = text.split("[[entry]]");
    let changed: Vec<String> = entries
        .map(|entry| {
            let mine = entry.contains("counts_from = \"introduction\"")
                && entry.contains("purpose = \"limit\"");
            if mine {
                shorten_value(entry)
            } else {
                entry.to_owned()
            }
        })
        .collect();
    changed.join("[[entry]]")
}

fn shorten_value(entry: &str) -> String {
    let lines = entry
        .lines()
        .map(|line| match line.strip_prefix("value = ") {
            Some(value) => {
                let value: u32 = value.trim().parse().unwrap();
                format!("value = {}", value.div_ceil(2))
            }
            None => line.to_owned(),
        });
    let lines: Vec<String> = lines.collect();
    lines.join("\n") + "\n"
}

impl Bench {
    async fn limit(&self, computer: Registered) -> Option<Date> {
        let view = self
            .app
            .view_computer(&self.compliance(), computer.computer)
            .await
            .unwrap();
        let due = view.due.unwrap().unwrap();
        let rows = self
            .app
            .operator_due(&self.compliance())
            .await
            .unwrap()
            .rows;
        let kept = rows
            .iter()
            .find(|row| row.computer.id == computer.computer)
            .unwrap();
        assert_eq!(kept.computer.due_on, due.finding.due.legal_limit);
        kept.computer.due_on
    }
}

#[tokio::test]
async fn another_rule_book_moves_the_limits_once_and_shows_what_they_were() {
    let mut bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let (waiting, notified) = (
        bench.add(&gateway(facility)).await,
        bench.notified(facility).await,
    );
    bench.app.drain_jobs().await.unwrap();
    let before = bench.limit(waiting).await;
    let old_rules = bench.app.rules_digest();

    bench.app.notice_rule_book().await.unwrap();
    bench.reopen(Some(shorter())).await;
    bench.app.notice_rule_book().await.unwrap();
    assert_eq!(
        bench.app.drain_jobs().await.unwrap(),
        2,
        "one for each operator"
    );
    let after = bench.limit(waiting).await;
    assert!(after < before, "{after:?} {before:?}");
    assert!(Some(date(2026, 12, 1)) < after);

    let view = bench
        .app
        .view_computer(&bench.compliance(), waiting.computer)
        .await
        .unwrap();
    let [change] = view.limit_changes.as_slice() else {
        panic!("{:?}", view.limit_changes);
    };
    assert_eq!((change.before, change.after), (before, after));
    assert_eq!(change.before_rules, old_rules);
    assert_eq!(change.after_rules, bench.app.rules_digest());
    assert_eq!(view.moved, Some(*change));
    let row = bench.app.operator_due(&bench.compliance()).await.unwrap();
    assert_eq!(row.rows[0].moved, Some(*change));
    let other = bench
        .app
        .view_computer(&bench.compliance(), notified.computer)
        .await
        .unwrap();
    assert!(other.limit_changes.is_empty());

    assert_eq!(
        bench
            .acts(bench.world.power.uuid(), "limits.recomputed")
            .await,
        1
    );
    // Starting again changes nothing more.
    bench.app.notice_rule_book().await.unwrap();
    bench.reopen(Some(shorter())).await;
    bench.app.notice_rule_book().await.unwrap();
    assert_eq!(bench.app.drain_jobs().await.unwrap(), 0);
    bench.app.integrate().await.unwrap();
    let report = bench.app.fsck(&[]).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[tokio::test]
async fn a_program_with_the_former_rule_book_leaves_the_work_to_the_newer_one() {
    let mut bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let waiting = bench.add(&gateway(facility)).await;
    let before = bench.limit(waiting).await;
    let former = bench.app.clone();
    bench.app.notice_rule_book().await.unwrap();
    bench.reopen(Some(shorter())).await;
    bench.app.notice_rule_book().await.unwrap();
    // The former program takes the jobs first, and puts them back.
    former.drain_jobs().await.unwrap();
    assert_eq!(bench.kept_limit(waiting).await, before);
    bench.set("2026-12-10T10:01:00+09:00");
    bench.app.drain_jobs().await.unwrap();
    assert!(bench.kept_limit(waiting).await < before);
}

#[tokio::test]
async fn limits_worked_out_again_are_the_same_while_nothing_changed() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    bench.add(&gateway(facility)).await;
    let who = bench.compliance();
    let before = bench.app.operator_due(&who).await.unwrap();
    let rules = bench.app.rules_digest();
    let done = bench
        .app
        .recompute_limits(bench.world.power, rules)
        .await
        .unwrap();
    assert_eq!((done.seen, done.moved), (1, 0));
    let after = bench.app.operator_due(&who).await.unwrap();
    assert_eq!(before.counts, after.counts);
}
