use ids::{Assurance, IdSource, PersonId};
use jiff::Timestamp;
use model::reminders::{Anchor, DueKind};
use policy::{Action, Actor, StepUp};
use serde_json::json;
use store::rows::reminders::{Event, Feed};

use super::dues::Due;
use super::plan::Plan;
use crate::error::AppError;
use crate::identity::{actor_of, hash_with, own_account};
use crate::instance::App;

/// The secret part of a calendar address: 32 random octets in hexadecimal. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarSecret(String);

impl std::fmt::Debug for CalendarSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CalendarSecret(***)")
    }
}

impl CalendarSecret {
    fn generate(ids: &dyn IdSource) -> Self {
        let mut octets = [0; 32];
        ids.fill(&mut octets);
        Self(hex::encode(octets))
    }

    /// Reads a secret from an address.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The secret, to be shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> ids::Digest {
        hash_with("calendar", &self.0)
    }
}

/// A limit in a calendar: when, and nothing of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Names it for ever, without telling what it is about.
    pub uid: String,
    /// The end of the last day.
    pub due_at: Timestamp,
    /// How often it was changed.
    pub sequence: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Hours before the limit at which to ring.
    pub alarms: Vec<u32>,
    /// Whether the law sets the limit.
    pub legal: bool,
}

/// The limits of a person, for a calendar program.
#[derive(Clone, Debug)]
pub struct OwnCalendar {
    /// `ja` or `en`.
    pub locale: String,
    /// Limits, the first first.
    pub events: Vec<CalendarEvent>,
}

impl App {
    /// The calendar address of the person who asks, if there is one.
    pub async fn own_calendar_feed(&self, actor: &Actor) -> Result<Option<Feed>, AppError> {
        self.must_own(actor)?;
        let mut tx = self.store().begin_read("calendar.feed").await?;
        Ok(tx.calendar_feed(actor.person).await?)
    }

    /// Makes a calendar address for the person who asks, in place of an earlier one, which ends. It is shown once.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]: whoever has the address sees the limits without logging in.
    pub async fn new_calendar_feed(&self, actor: &Actor) -> Result<CalendarSecret, AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?;
        let secret = CalendarSecret::generate(self.ids());
        let mut tx = self.store().begin("calendar.new_feed").await?;
        tx.set_calendar_feed(actor.person, secret.hash(), self.now())
            .await?;
        self.record_own(&mut tx, permit, "account.calendar_made", actor, json!({}))
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Ends the calendar address of the person who asks.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn end_calendar_feed(&self, actor: &Actor) -> Result<(), AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ManageOwnAccount, &own_account(actor))?;
        let mut tx = self.store().begin("calendar.end_feed").await?;
        if !tx.remove_calendar_feed(actor.person).await? {
            return Err(AppError::NotFound);
        }
        self.record_own(&mut tx, permit, "account.calendar_ended", actor, json!({}))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The limits of the person whose address this is, as they are now. A limit that moved since the last time has the next
    /// sequence number.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an address that never was or has ended, and for a person whose account is not in use.
    pub async fn calendar_of(&self, secret: &CalendarSecret) -> Result<OwnCalendar, AppError> {
        let mut tx = self.store().begin_read("calendar.of").await?;
        let feed = tx
            .calendar_feed_by_secret(secret.hash())
            .await?
            .ok_or(AppError::NotFound)?;
        let (person, organisation) = match self.active_person(&mut tx, feed.person).await {
            Err(AppError::Unauthenticated) => return Err(AppError::NotFound),
            other => other?,
        };
        drop(tx);
        let actor = actor_of(
            &person,
            &organisation,
            Assurance::SecondFactor,
            StepUp::Stale,
        );
        let dues = self.dues_of(&actor).await?;
        let events = self.told_events(person.id, &dues).await?;
        Ok(OwnCalendar {
            locale: person.locale,
            events,
        })
    }

    /// Compares what is due with what was told before, and keeps the difference.
    async fn told_events(
        &self,
        person: PersonId,
        dues: &[Due],
    ) -> Result<Vec<CalendarEvent>, AppError> {
        let now = self.now();
        let plan = self.reminder_plan();
        let mut tx = self.store().begin("calendar.events").await?;
        let known = tx.calendar_events(person).await?;
        let mut events: Vec<CalendarEvent> = Vec::new();
        for due in dues {
            let Some(limit) = due.limit else { continue };
            let uid = uid_of(person, due);
            if events.iter().any(|event| event.uid == uid) {
                continue;
            }
            let told = match known.iter().find(|event| event.uid == uid) {
                Some(same) if same.due_at == limit => same.clone(),
                Some(moved) => {
                    let event = Event {
                        uid,
                        due_at: limit,
                        sequence: moved.sequence.saturating_add(1),
                        changed_at: now,
                    };
                    tx.update_calendar_event(person, &event).await?;
                    event
                }
                None => {
                    let event = Event {
                        uid,
                        due_at: limit,
                        sequence: 0,
                        changed_at: now,
                    };
                    tx.insert_calendar_event(person, &event).await?;
                    event
                }
            };
            events.push(CalendarEvent {
                uid: told.uid,
                due_at: told.due_at,
                sequence: told.sequence,
                changed_at: told.changed_at,
                alarms: alarms(plan, due.kind),
                legal: plan.is_legal(due.kind),
            });
        }
        for gone in known {
            if !events.iter().any(|event| event.uid == gone.uid) {
                tx.remove_calendar_event(person, &gone.uid).await?;
            }
        }
        tx.calendar_feed_fetched(person, now).await?;
        tx.commit().await?;
        events.sort_by_key(|event| event.due_at);
        Ok(events)
    }
}

/// A name that stays the same while the thing does, from which nothing of it can be read.
fn uid_of(person: PersonId, due: &Due) -> String {
    // Of the register each last day is a thing of its own; of the others the limit may move.
    let day = match due.kind {
        DueKind::Notification => due.limit.map(Timestamp::as_microsecond),
        DueKind::PromptReport
        | DueKind::FullReport
        | DueKind::Correction
        | DueKind::Order
        | DueKind::Opinion
        | DueKind::Demand
        | DueKind::Approval
        | DueKind::Ratification => None,
    };
    let name = format!(
        "{person}/{}/{}/{}",
        due.kind,
        due.subject,
        day.unwrap_or_default()
    );
    let digest = hash_with("calendar-uid", &name).to_string();
    digest.chars().take(40).collect()
}

/// Hours before the limit at which the plan reminds somebody.
fn alarms(plan: &Plan, kind: DueKind) -> Vec<u32> {
    plan.moments(kind)
        .iter()
        .filter(|moment| moment.from == Anchor::Limit)
        .filter_map(|moment| u32::try_from(moment.hours.checked_neg()?).ok())
        .filter(|hours| 0 < *hours)
        .collect()
}
