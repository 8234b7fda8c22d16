use std::sync::{Arc, Mutex};

use app::documents::archive::{ArchiveError, Archiver};
use app::mail::{Letter, Mail, MailFailure, Mailer, Posted};
use app::submissions::{HappenedInput, LetterWords, MailInput, Mailed, Papers};
use ids::{CaseId, Role, SubmissionId};
use jiff::SignedDuration;
use model::submissions::{
    SubmissionChannel, SubmissionEventKind, SubmissionFile, SubmissionStage, SubmissionState,
};
use policy::StepUp;

use super::{NOW, leak, overview, row};
use crate::approvals::fixture::code;
use crate::bench::Bench;

/// A mail server of the test and the packer of attachments: what they were given, and what the server answers.
struct Post {
    answer: Mutex<Result<Posted, MailFailure>>,
    passwords: Mutex<Vec<String>>,
    posted: Mutex<Vec<Letter>>,
}

impl Post {
    fn answers(&self, answer: Result<Posted, MailFailure>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn posted(&self) -> Vec<Letter> {
        self.posted.lock().unwrap().clone()
    }
}

impl Archiver for Post {
    fn lock(&self, files: &[(String, Vec<u8>)], password: &str) -> Result<Vec<u8>, ArchiveError> {
        self.passwords.lock().unwrap().push(password.to_owned());
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        Ok(names.join(" ").into_bytes())
    }
}

impl Mailer for Post {
    fn write(&self, mail: &Mail) -> Result<Letter, MailFailure> {
        let attached = mail.attachments.first().unwrap();
        let archive = String::from_utf8_lossy(&attached.content);
        let text = format!(
            "{}\n{}\n{}\n{archive}",
            mail.subject, mail.text, attached.name
        );
        Ok(Letter {
            id: mail.id,
            to: mail.to.clone(),
            octets: text.into_bytes(),
        })
    }

    fn post(&self, letter: &Letter) -> Result<Posted, MailFailure> {
        self.posted.lock().unwrap().push(letter.clone());
        *self.answer.lock().unwrap()
    }
}

async fn bench(answer: Result<Posted, MailFailure>) -> (Bench, Arc<Post>) {
    let post = Arc::new(Post {
        answer: Mutex::new(answer),
        passwords: Mutex::new(Vec::new()),
        posted: Mutex::new(Vec::new()),
    });
    let (mailer, archives) = (Arc::clone(&post), Arc::clone(&post));
    let bench = Bench::made(NOW, |parts| {
        parts.mailer = Some(mailer);
        parts.documents.archives = archives;
    })
    .await;
    (bench, post)
}

fn input(to: &str) -> MailInput {
    MailInput {
        addressee: "privacy_commission".to_owned(),
        stage: SubmissionStage::Prompt,
        desk: "監視・監督室".to_owned(),
        to: to.to_owned(),
        note: String::new(),
    }
}

fn words() -> LetterWords {
    LetterWords {
        subject: "書類の送付".to_owned(),
        text: "添付をご確認ください。".to_owned(),
    }
}

async fn mailed(bench: &Bench, case: CaseId, key: &str) -> Mailed {
    bench
        .app
        .mail_submission(
            &bench.csirt(),
            case,
            input("madoguchi@ppc.example"),
            (Papers::default(), words()),
            Some(key),
        )
        .await
        .unwrap()
}

async fn file(bench: &Bench, id: SubmissionId) -> SubmissionFile {
    bench.app.view_submission(&bench.csirt(), id).await.unwrap()
}

async fn state(bench: &Bench, id: SubmissionId) -> SubmissionState {
    file(bench, id).await.state()
}

#[tokio::test]
async fn a_letter_goes_out_once_and_its_password_is_told_once() {
    let (bench, post) = bench(Ok(Posted::Server)).await;
    let case = leak(&bench).await;
    let first = mailed(&bench, case, "once").await;
    let again = mailed(&bench, case, "once").await;
    assert_eq!(again.submission, first.submission);
    assert_eq!(again.password, None);
    let password = first.password.clone().unwrap();
    assert_eq!(password.len(), 23);
    bench.set("2026-11-22T03:41:00+09:00");
    assert!(post.passwords.lock().unwrap().iter().eq([&password]));
    assert!(!format!("{first:?}").contains(&password));
    assert_eq!(
        state(&bench, first.submission).await,
        SubmissionState::Waiting
    );

    bench.app.drain_jobs().await.unwrap();
    bench.app.drain_jobs().await.unwrap();
    assert_eq!(state(&bench, first.submission).await, SubmissionState::Sent);
    let posted = post.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].to.as_str(), "madoguchi@ppc.example");

    // Exactly the letter that left is frozen and bound by the leaf of the act; the password stands nowhere.
    let kept = file(&bench, first.submission).await;
    assert_eq!(kept.submission.channel, SubmissionChannel::Mail);
    assert_eq!(kept.submission.address, "madoguchi@ppc.example");
    let letter = kept
        .files
        .iter()
        .find(|file| file.media_type == "message/rfc822")
        .unwrap();
    let (_, content) = bench
        .app
        .submission_paper(&bench.csirt(), first.submission, letter.digest)
        .await
        .unwrap();
    assert_eq!(content, posted[0].octets);
    let text = String::from_utf8(content).unwrap();
    assert!(text.ends_with("\n1.json"), "names say nothing: {text}");
    assert!(!text.contains(&password));
    let leaves = bench.leaves(first.submission.uuid()).await;
    let acts: Vec<_> = leaves.iter().map(|leaf| leaf["act"].clone()).collect();
    assert_eq!(acts, ["submission.mailed", "submission.happened"]);
    assert!(leaves[1]["actor"].is_null());
    assert!(leaves[0].to_string().contains(&letter.digest.to_string()));
    for leaf in &leaves {
        assert!(!leaf.to_string().contains(&password));
    }
}

#[tokio::test]
async fn a_mail_server_that_is_down_keeps_the_letter_waiting_until_it_is_back() {
    let (bench, post) = bench(Err(MailFailure::Unreachable)).await;
    let case = leak(&bench).await;
    let id = mailed(&bench, case, "down").await.submission;
    for minute in ["41", "42", "43"] {
        bench.set(&format!("2026-11-22T03:{minute}:00+09:00"));
        bench.app.drain_jobs().await.unwrap();
    }
    assert_eq!(state(&bench, id).await, SubmissionState::Waiting);
    let waits = bench
        .app
        .submission_posting(&bench.csirt(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(waits.attempts, 3);
    assert_eq!(waits.last_error.as_deref(), Some("unreachable"));
    assert!(bench.app.now() < waits.next_attempt_at);

    post.answers(Ok(Posted::Server));
    bench.set("2026-11-22T06:00:00+09:00");
    bench.app.drain_jobs().await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Sent);
    let waits = bench.app.submission_posting(&bench.csirt(), id).await;
    assert_eq!(waits.unwrap(), None);
    // It was the same letter each time.
    let posted = post.posted();
    assert_eq!(posted.len(), 4);
    assert!(posted.iter().all(|one| *one == posted[0]));
}

#[tokio::test]
async fn a_letter_that_never_gets_through_is_given_up_after_a_day_and_a_half() {
    let (bench, post) = bench(Err(MailFailure::Unreachable)).await;
    let case = leak(&bench).await;
    let id = mailed(&bench, case, "long").await.submission;
    let hour = SignedDuration::from_hours(1);
    for _ in 0..39 {
        bench.app.drain_jobs().await.unwrap();
        assert_eq!(state(&bench, id).await, SubmissionState::Waiting);
        bench.set(&bench.app.now().checked_add(hour).unwrap().to_string());
    }
    bench.app.drain_jobs().await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Failed);
    assert_eq!(file(&bench, id).await.events[0].note, "unreachable");
    assert_eq!(post.posted().len(), 40);
}

#[tokio::test]
async fn a_refused_letter_is_still_to_be_submitted_and_a_person_sends_it_again() {
    let (bench, post) = bench(Err(MailFailure::Refused)).await;
    let case = leak(&bench).await;
    let id = mailed(&bench, case, "refused").await.submission;
    bench.app.drain_jobs().await.unwrap();
    let seen = overview(&bench, case).await;
    let commission = row(&seen, "privacy_commission");
    assert_eq!(commission.state, SubmissionState::Failed);
    assert!(commission.is_open());

    post.answers(Ok(Posted::Server));
    let mut stale = bench.csirt();
    stale.step_up = StepUp::Stale;
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    for (actor, wanted) in [(stale, "step_up_required"), (viewer, "forbidden")] {
        let done = bench.app.resend_submission(&actor, id).await;
        assert_eq!(code(done), wanted);
    }
    let csirt = bench.csirt();
    bench.set("2026-11-22T03:45:00+09:00");
    bench.app.resend_submission(&csirt, id).await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Waiting);
    let twice = bench.app.resend_submission(&csirt, id).await;
    assert_eq!(code(twice), "submission_not_failed");
    bench.set("2026-11-22T03:46:00+09:00");
    bench.app.drain_jobs().await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Sent);
    let posted = post.posted();
    assert_eq!((posted.len(), posted[0] == posted[1]), (2, true));
    let kinds: Vec<_> = file(&bench, id)
        .await
        .events
        .iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            SubmissionEventKind::Failed,
            SubmissionEventKind::Queued,
            SubmissionEventKind::Sent
        ]
    );
    let leaves = bench.leaves(id.uuid()).await;
    assert!(!leaves[2]["actor"].is_null(), "a person sent it again");
}

#[tokio::test]
async fn a_mail_that_came_back_is_recorded_and_ends_neither_what_was_opened_nor_the_duty() {
    let (bench, _) = bench(Ok(Posted::Server)).await;
    let case = leak(&bench).await;
    let id = mailed(&bench, case, "bounce").await.submission;
    bench.app.drain_jobs().await.unwrap();
    let happens = |kind| {
        let (app, csirt) = (bench.app.clone(), bench.csirt());
        let input = HappenedInput {
            kind,
            happened_at: Some(app.now()),
            number: String::new(),
            note: "宛先不明で戻った".to_owned(),
        };
        async move { app.record_submission_event(&csirt, id, &input).await }
    };
    assert_eq!(code(happens(SubmissionEventKind::Queued).await), "invalid");
    bench.set("2026-11-22T03:45:00+09:00");
    happens(SubmissionEventKind::Failed).await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Failed);
    let seen = overview(&bench, case).await;
    assert!(row(&seen, "privacy_commission").is_open());
    bench.set("2026-11-22T03:46:00+09:00");
    happens(SubmissionEventKind::Opened).await.unwrap();
    bench.set("2026-11-22T03:47:00+09:00");
    happens(SubmissionEventKind::Failed).await.unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Opened);
}

#[tokio::test]
async fn a_letter_in_a_folder_waits_until_somebody_says_that_it_was_sent() {
    let (bench, post) = bench(Ok(Posted::Folder)).await;
    let case = leak(&bench).await;
    let id = mailed(&bench, case, "folder").await.submission;
    bench.app.drain_jobs().await.unwrap();
    bench.set("2026-11-22T03:45:00+09:00");
    assert_eq!(post.posted().len(), 1);
    assert_eq!(state(&bench, id).await, SubmissionState::Waiting);
    assert_eq!(file(&bench, id).await.events[0].note, "in_folder");
    let sent = HappenedInput {
        kind: SubmissionEventKind::Sent,
        happened_at: Some(bench.app.now()),
        number: String::new(),
        note: String::new(),
    };
    let csirt = bench.csirt();
    bench
        .app
        .record_submission_event(&csirt, id, &sent)
        .await
        .unwrap();
    assert_eq!(state(&bench, id).await, SubmissionState::Sent);
}

#[tokio::test]
async fn sending_asks_for_a_fresh_second_factor_a_right_and_an_address() {
    let (bench, post) = bench(Ok(Posted::Server)).await;
    let case = leak(&bench).await;
    let mut stale = bench.csirt();
    stale.step_up = StepUp::Stale;
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    let stranger = bench.actor(bench.world.railway, Role::Csirt);
    let asked = [
        (stale, "a@b.example", "step_up_required"),
        (viewer, "a@b.example", "forbidden"),
        (stranger, "a@b.example", "not_found"),
        (bench.csirt(), "madoguchi", "invalid"),
        (bench.csirt(), "a@b.example\r\nBcc: c@d.example", "invalid"),
    ];
    for (actor, to, wanted) in asked {
        let done = bench
            .app
            .mail_submission(&actor, case, input(to), (Papers::default(), words()), None)
            .await;
        assert_eq!(code(done), wanted);
    }
    assert!(post.passwords.lock().unwrap().is_empty());
    let none = Bench::at(NOW).await;
    let case = leak(&none).await;
    let with = (Papers::default(), words());
    let done = none
        .app
        .mail_submission(&none.csirt(), case, input("a@b.example"), with, None)
        .await;
    assert_eq!(code(done), "mail_not_available");
}
