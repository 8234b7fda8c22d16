use std::sync::{Arc, Mutex};

use app::mail::{Letter, Mail, MailFailure, Mailer, Posted};
use ids::Role;
use model::incidents::AwarenessKind;

use crate::bench::Bench;

const AWARE: &str = "2026-11-22T03:17:00+09:00";
const SOON: &str = "2026-11-22T04:17:00+09:00";

/// Keeps what it is given, or fails as it is told.
#[derive(Default)]
struct Post {
    sent: Mutex<Vec<Mail>>,
    failure: Mutex<Option<MailFailure>>,
}

impl Post {
    fn fail(&self, failure: Option<MailFailure>) {
        *self.failure.lock().unwrap() = failure;
    }

    fn sent(&self) -> Vec<Mail> {
        self.sent.lock().unwrap().clone()
    }
}

impl Mailer for Post {
    fn write(&self, _mail: &Mail) -> Result<Letter, MailFailure> {
        Err(MailFailure::Refused)
    }

    fn post(&self, _letter: &Letter) -> Result<Posted, MailFailure> {
        Err(MailFailure::Refused)
    }

    fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        if let Some(failure) = *self.failure.lock().unwrap() {
            return Err(failure);
        }
        self.sent.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

async fn posted() -> (Bench, Arc<Post>) {
    let post = Arc::new(Post::default());
    let by = post.clone();
    let bench = Bench::made(AWARE, |parts| {
        parts.mailer = Some(by);
        "https://noroshi.example.jp".clone_into(&mut parts.config.server.public_url);
    })
    .await;
    bench
        .prefer(&bench.csirt(), None, "csirt@denki.example.jp")
        .await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    (bench, post)
}

#[tokio::test]
async fn a_mail_says_that_something_is_due_and_nothing_of_what() {
    let (bench, post) = posted().await;
    bench.set("2026-12-22T00:00:00+09:00");
    let done = bench.app.send_reminders().await.unwrap();
    assert_eq!(done.mails, 1, "one mail for all that has come up");
    assert!(1 < done.notices);
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 1);
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 0);
    let mail = post.sent().remove(0);
    assert_eq!(mail.to.as_str(), "csirt@denki.example.jp");
    assert!(
        mail.text.contains("2026年12月22日 までの手続があります"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains("Something is due by 22 December 2026"));
    assert!(mail.text.contains("https://noroshi.example.jp\n"));
    let power = {
        let mut tx = bench.app.store().begin_read("test.power").await.unwrap();
        tx.organisation(bench.world.power).await.unwrap().unwrap()
    };
    let person = bench.world.person(bench.world.power, Role::Csirt);
    for told in [
        power.name_ja,
        power.name_en,
        person.name.clone(),
        "攻撃".to_owned(),
    ] {
        assert!(!mail.text.contains(&told) && !mail.subject.contains(&told));
    }
    assert!(!mail.text.contains('{'), "{}", mail.text);
}

#[tokio::test]
async fn a_mail_waits_while_the_server_is_down_and_leaves_once_when_it_is_back() {
    let (bench, post) = posted().await;
    post.fail(Some(MailFailure::Unreachable));
    bench.remind(SOON).await;
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 0);
    let runs = bench.actor(bench.world.meti, Role::InstanceOperator);
    let kept = bench.app.reminder_mails(&runs, 10).await.unwrap();
    assert_eq!((kept.waiting, kept.given_up), (1, 0));
    assert_eq!(kept.rows[0].last_error.as_deref(), Some("unreachable"));
    assert_eq!(kept.rows[0].attempts, 1);
    assert!(
        bench.app.reminder_mails(&bench.csirt(), 10).await.is_err(),
        "only whoever runs the instance sees the mails that wait"
    );

    post.fail(None);
    assert_eq!(
        bench.app.send_reminder_mails().await.unwrap(),
        0,
        "too early"
    );
    bench.set("2026-11-22T04:18:00+09:00");
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 1);
    bench.set("2026-11-22T06:00:00+09:00");
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 0);
    assert_eq!(post.sent().len(), 1);
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_is_given_up_and_shown_to_whoever_runs_the_instance() {
    let (bench, post) = posted().await;
    post.fail(Some(MailFailure::Unreachable));
    bench.remind(SOON).await;
    let mut tried = 0;
    for hour in 5..72 {
        let day = 22 + hour / 24;
        bench.set(&format!("2026-11-{day}T{:02}:30:00+09:00", hour % 24));
        bench.app.send_reminder_mails().await.unwrap();
        tried += 1;
    }
    assert!(40 < tried);
    let runs = bench.actor(bench.world.meti, Role::InstanceOperator);
    let kept = bench.app.reminder_mails(&runs, 10).await.unwrap();
    assert_eq!((kept.waiting, kept.given_up), (0, 1));
    assert_eq!(kept.rows[0].attempts, 40);
    post.fail(None);
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 0);
    assert_eq!(
        bench.app.unread_notices(&bench.csirt()).await.unwrap(),
        1,
        "the notice in the portal is there whatever became of the mail"
    );
}

#[tokio::test]
async fn a_refused_mail_is_given_up_at_once_and_two_workers_send_one_mail() {
    let (bench, post) = posted().await;
    bench.remind(SOON).await;
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let app = bench.app.clone();
            tokio::spawn(async move { app.send_reminder_mails().await.unwrap() })
        })
        .collect();
    let mut sent = 0;
    for worker in workers {
        sent += worker.await.unwrap();
    }
    assert_eq!((sent, post.sent().len()), (1, 1));

    post.fail(Some(MailFailure::Refused));
    bench.remind("2026-11-22T06:17:00+09:00").await;
    bench.app.send_reminder_mails().await.unwrap();
    let runs = bench.actor(bench.world.meti, Role::InstanceOperator);
    let kept = bench.app.reminder_mails(&runs, 10).await.unwrap();
    assert_eq!((kept.waiting, kept.given_up), (0, 1));
    assert_eq!(kept.rows[0].attempts, 1);
}

#[tokio::test]
async fn a_mail_cut_off_while_it_was_sent_is_tried_again_under_the_same_name() {
    let (bench, post) = posted().await;
    bench.remind(SOON).await;
    let mut tx = bench.app.store().begin("test.claim").await.unwrap();
    let mail = tx
        .reminder_mails_due(bench.app.now(), 10)
        .await
        .unwrap()
        .remove(0);
    let again = "2026-11-22T04:22:00+09:00".parse().unwrap();
    assert!(tx.claim_reminder_mail(&mail, again).await.unwrap());
    tx.commit().await.unwrap();
    // The program ends here. The next one finds the mail claimed, and takes it when its time is over.
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 0);
    bench.set("2026-11-22T04:22:00+09:00");
    assert_eq!(bench.app.send_reminder_mails().await.unwrap(), 1);
    assert_eq!(post.sent()[0].id, mail.id.uuid());
}
