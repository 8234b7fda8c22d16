use ids::{Assurance, NoticeId};
use jiff::Timestamp;
use model::organisation::Organisation;
use model::person::{Person, PersonStatus};
use model::reminders::{Hour, Sight};
use policy::StepUp;
use store::rows::reminders::{Moment, Notice, Preference, ReminderMail};
use tokio::time::Instant;

use super::dues::Due;
use super::plan::{Plan, PlannedMoment};
use crate::error::{AppError, report_failure};
use crate::identity::actor_of;
use crate::instance::App;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Reminders made.
    pub notices: u32,
    /// Mails put among those that wait.
    pub mails: u32,
}

/// A person with what is due for them.
struct Reader {
    person: Person,
    preference: Preference,
    dues: Vec<Due>,
}

/// A reminder about to be made.
struct Planned {
    moment: Moment,
    legal: bool,
    sight: Sight,
    hour: Hour,
    due_at: Option<Timestamp>,
}

impl App {
    /// Reminds when it is time to look. Failures are logged; the worker goes on.
    pub(crate) async fn look_for_reminders(&self, looked: &mut Option<Instant>) {
        let pause = std::time::Duration::from_secs(self.config().reminders.check_secs);
        if looked.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        *looked = Some(Instant::now());
        if let Err(error) = self.send_reminders().await {
            report_failure("people were not reminded", &error);
        }
        if let Err(error) = self.send_reminder_mails().await {
            report_failure("mails of reminders were not sent", &error);
        }
    }

    /// Reminds everybody of what has come up since the last round. However often it runs, and wherever it was cut off, a person
    /// has one reminder of each moment at most.
    pub async fn send_reminders(&self) -> Result<Reminded, AppError> {
        let mut tx = self.store().begin_read("reminder.organisations").await?;
        let organisations = tx.organisations().await?;
        drop(tx);
        let mut done = Reminded::default();
        for organisation in organisations {
            // One organisation that cannot be read must not keep the others from being told.
            match self.remind_organisation(&organisation).await {
                Ok(more) => {
                    done.notices = done.notices.saturating_add(more.notices);
                    done.mails = done.mails.saturating_add(more.mails);
                }
                Err(error) => report_failure("an organisation was not reminded", &error),
            }
        }
        Ok(done)
    }

    async fn remind_organisation(&self, organisation: &Organisation) -> Result<Reminded, AppError> {
        let mut done = Reminded::default();
        let readers = self.readers(organisation).await?;
        let mut all: Vec<&Due> = Vec::new();
        for due in readers.iter().flat_map(|reader| &reader.dues) {
            if !all.iter().any(|known| known.is(due)) {
                all.push(due);
            }
        }
        if all.is_empty() {
            return Ok(done);
        }
        let now = self.now();
        for reader in &readers {
            let planned = planned_for(self.reminder_plan(), reader, &all, now);
            let more = self.remind(reader, planned, now).await?;
            done.notices = done.notices.saturating_add(more.notices);
            done.mails = done.mails.saturating_add(more.mails);
        }
        Ok(done)
    }

    async fn readers(&self, organisation: &Organisation) -> Result<Vec<Reader>, AppError> {
        let mut tx = self.store().begin_read("reminder.people").await?;
        let preferences = tx.people_to_remind(organisation.id).await?;
        let mut people = Vec::with_capacity(preferences.len());
        for preference in preferences {
            if let Some((person, _)) = tx.person(preference.person).await?
                && person.status == PersonStatus::Active
            {
                people.push((person, preference));
            }
        }
        drop(tx);
        let mut readers = Vec::with_capacity(people.len());
        for (person, preference) in people {
            let actor = actor_of(
                &person,
                organisation,
                Assurance::SecondFactor,
                StepUp::Stale,
            );
            let dues = self.dues_of(&actor).await?;
            readers.push(Reader {
                person,
                preference,
                dues,
            });
        }
        Ok(readers)
    }

    /// Makes the reminders of a person, and one mail for all of them, in one transaction.
    async fn remind(
        &self,
        reader: &Reader,
        planned: Vec<Planned>,
        now: Timestamp,
    ) -> Result<Reminded, AppError> {
        let mut tx = self.store().begin_read("reminder.noticed").await?;
        let mut new = Vec::new();
        for one in planned {
            if !tx.is_noticed(reader.person.id, &one.moment).await? {
                new.push(one);
            }
        }
        drop(tx);
        let mut done = Reminded::default();
        if new.is_empty() {
            return Ok(done);
        }
        let mut tx = self.store().begin("reminder.remind").await?;
        let mail = match &reader.preference.mail {
            Some(address) if self.mailer().is_some() => Some(ReminderMail {
                id: self.ids().next(),
                person: reader.person.id,
                address: address.clone(),
                due_at: new.iter().filter_map(|one| one.due_at).min(),
                legal: new.iter().any(|one| one.legal),
                state: super::mails::WAITING.to_owned(),
                attempts: 0,
                next_attempt_at: Some(now),
                last_error: None,
                created_at: now,
                settled_at: None,
            }),
            Some(_) | None => None,
        };
        if let Some(mail) = &mail {
            tx.insert_reminder_mail(mail).await?;
        }
        for one in new {
            let id: NoticeId = self.ids().next();
            let notice = Notice {
                id,
                person: reader.person.id,
                moment: one.moment,
                legal: one.legal,
                sight: one.sight,
                hour: one.hour,
                created_at: now,
                read_at: None,
                mail: mail.as_ref().map(|mail| mail.id),
            };
            if tx.insert_notice(&notice).await? {
                done.notices = done.notices.saturating_add(1);
            }
        }
        if done.notices == 0 {
            // Another worker was faster with all of them, and with the mail.
            return Ok(done);
        }
        done.mails = u32::from(mail.is_some());
        tx.commit().await?;
        Ok(done)
    }
}

/// What a person is to be reminded of now: of each thing the last planned moment that has come, if it is theirs.
fn planned_for(plan: &Plan, reader: &Reader, all: &[&Due], now: Timestamp) -> Vec<Planned> {
    let quiet = reader
        .preference
        .quiet
        .is_some_and(|quiet| quiet.contain(now));
    let mut planned = Vec::new();
    for due in all {
        let own = reader.dues.iter().find(|own| own.is(due));
        let legal = plan.is_legal(due.kind);
        // What can wait waits until the quiet hours are over.
        if quiet && !legal {
            continue;
        }
        let come = plan
            .moments(due.kind)
            .iter()
            .filter(|moment| is_told(moment, reader, own))
            .filter_map(|moment| due.anchor(moment.from).map(|anchor| (moment, anchor)))
            .filter(|(moment, anchor)| moment.at(*anchor) <= now)
            .max_by_key(|(moment, anchor)| moment.at(*anchor));
        let Some((moment, anchor_at)) = come else {
            continue;
        };
        planned.push(Planned {
            moment: Moment {
                kind: due.kind,
                subject: due.subject.clone(),
                anchor: moment.from,
                anchor_at,
                hours: moment.hours,
            },
            legal,
            sight: match own {
                Some(_) => Sight::Open,
                None => Sight::Blind,
            },
            hour: if quiet { Hour::Quiet } else { Hour::Ordinary },
            due_at: due.limit,
        });
    }
    planned
}

fn is_told(moment: &PlannedMoment, reader: &Reader, own: Option<&Due>) -> bool {
    let holds = own.is_some_and(|due| due.holds);
    (moment.holders && holds)
        || reader
            .person
            .roles
            .iter()
            .any(|role| moment.roles.contains(role))
}
