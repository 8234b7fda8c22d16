use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use policy::{Action, Actor, Resource};
use statute::calendar::jst;
use store::rows::reminders::ReminderMail;

use crate::error::{AppError, report_failure};
use crate::instance::App;
use crate::mail::{Mail, MailFailure, MailOrigin};

pub(super) const WAITING: &str = "waiting";
const SENT: &str = "sent";
const GIVEN_UP: &str = "given_up";

/// Attempts before a person must look: about a day and a half.
const MAX_ATTEMPTS: u32 = 40;
/// Mails taken at once.
const BATCH: u32 = 50;
/// How long an attempt may take before another worker makes the next.
const LOCK: SignedDuration = SignedDuration::from_mins(5);

/// Mails of reminders as whoever runs the instance sees them: neither to whom nor about what.
#[derive(Clone, Debug, Default)]
pub struct MailsKept {
    /// The newest of those that wait or were given up.
    pub rows: Vec<MailRow>,
    /// How many wait.
    pub waiting: u64,
    /// How many were given up.
    pub given_up: u64,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// Since when.
    pub created_at: Timestamp,
    /// Whether it still waits.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it will be tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// Code of the last failure.
    pub last_error: Option<String>,
}

/// Where a mail that has not left stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It will be tried again.
    Waiting,
    /// It will not.
    GivenUp,
}

impl App {
    /// Tries the mails that are due, and returns how many left.
    ///
    /// A mail is claimed before it is tried and settled afterwards. When the program is cut off between, it is tried again
    /// with the same `Message-ID`.
    pub async fn send_reminder_mails(&self) -> Result<u32, AppError> {
        let Some(mailer) = self.mailer() else {
            return Ok(0);
        };
        let mut sent: u32 = 0;
        loop {
            let now = self.now();
            let mut tx = self.store().begin_read("reminder.mails_due").await?;
            let due = tx.reminder_mails_due(now, BATCH).await?;
            drop(tx);
            if due.is_empty() {
                return Ok(sent);
            }
            for mut mail in due {
                let again = now.checked_add(LOCK).unwrap_or(now);
                let mut tx = self.store().begin("reminder.claim_mail").await?;
                if !tx.claim_reminder_mail(&mail, again).await? {
                    continue;
                }
                tx.commit().await?;
                mail.attempts = mail.attempts.saturating_add(1);
                let outgoing = self.mail_of(&mail);
                let by = Arc::clone(&mailer);
                let outcome = tokio::task::spawn_blocking(move || by.send(&outgoing))
                    .await
                    .map_err(|_| AppError::Bug("a mailer that fell over"))?;
                if outcome.is_ok() {
                    sent = sent.saturating_add(1);
                }
                self.settle_mail(mail, outcome, now).await?;
            }
        }
    }

    async fn settle_mail(
        &self,
        mut mail: ReminderMail,
        outcome: Result<(), MailFailure>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        match outcome {
            Ok(()) => {
                SENT.clone_into(&mut mail.state);
                mail.next_attempt_at = None;
                mail.last_error = None;
                mail.settled_at = Some(now);
            }
            Err(failure) => {
                mail.last_error = Some(failure.code().to_owned());
                if failure == MailFailure::Refused || MAX_ATTEMPTS <= mail.attempts {
                    GIVEN_UP.clone_into(&mut mail.state);
                    mail.next_attempt_at = None;
                    mail.settled_at = Some(now);
                    report_failure(
                        "a mail of a reminder was given up",
                        &AppError::Conflict(failure.code()),
                    );
                } else {
                    mail.next_attempt_at = Some(retry_at(now, mail.attempts));
                }
            }
        }
        let mut tx = self.store().begin("reminder.settle_mail").await?;
        tx.settle_reminder_mail(&mail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a mail says: that something is due, and nothing more.
    fn mail_of(&self, mail: &ReminderMail) -> Mail {
        let texts = self.reminder_plan().mail();
        let url = self.config().server.public_url.as_str();
        let mut text = match mail.due_at.and_then(last_day) {
            Some(day) => texts
                .dated
                .replace("{day}", &day.strftime("%Y年%-m月%-d日").to_string())
                .replace("{day_en}", &day.strftime("%-d %B %Y").to_string()),
            None => texts.undated.clone(),
        };
        if mail.legal {
            text.push_str(&texts.legal);
        }
        text.push_str(&texts.footer);
        Mail {
            id: mail.id.uuid(),
            to: mail.address.clone(),
            subject: texts.subject.clone(),
            text: text.replace("{url}", url).trim_start().to_owned(),
            at: mail.created_at,
            origin: MailOrigin::Program,
            attachments: Vec::new(),
        }
    }

    /// Mails that have not left, for whoever runs the instance.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everybody else.
    pub async fn reminder_mails(&self, actor: &Actor, limit: u32) -> Result<MailsKept, AppError> {
        drop(
            self.policy()
                .check(actor, Action::ViewOutbox, &Resource::Outbox)?,
        );
        let scope = self.policy().outbox_scope(actor, Action::ViewOutbox);
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("reminder.mails").await?;
        let mut kept = MailsKept::default();
        for (state, code) in [
            (MailState::GivenUp, GIVEN_UP),
            (MailState::Waiting, WAITING),
        ] {
            let (mails, total) = tx.reminder_mails(&scope, code, limit).await?;
            let total = u64::try_from(total).unwrap_or_default();
            match state {
                MailState::Waiting => kept.waiting = total,
                MailState::GivenUp => kept.given_up = total,
            }
            kept.rows.extend(mails.into_iter().map(|mail| MailRow {
                created_at: mail.created_at,
                state,
                attempts: mail.attempts,
                next_attempt_at: mail.next_attempt_at,
                last_error: mail.last_error,
            }));
        }
        Ok(kept)
    }
}

/// The last day before an instant at which a limit is over.
fn last_day(due_at: Timestamp) -> Option<jiff::civil::Date> {
    let before = due_at.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    Some(jst::day_of(before))
}

/// Doubles the distance each time: 1, 2, 4 minutes and so on, to an hour at most.
fn retry_at(now: Timestamp, attempts: u32) -> Timestamp {
    let doublings = attempts.saturating_sub(1).min(6);
    let minutes = 1_i64.checked_shl(doublings).unwrap_or(i64::MAX).min(60);
    now.checked_add(SignedDuration::from_mins(minutes))
        .unwrap_or(now)
}
