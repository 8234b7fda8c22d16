use ids::{Digest, NoticeId, OrganisationId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use policy::{OutboxScope, OwnerScope};

use crate::error::StoreError;
use crate::rows::reminders::{Event, Feed, Moment, Notice, Preference, ReminderMail, due_day};
use crate::tx::{Tx, on};

/// Reminders: who wants them how, which were made, mails, calendars. What is a person's own is asked for by person.
impl Tx {
    /// People of an organisation whose accounts are in use, for the program that reminds them.
    pub async fn people_to_remind(
        &mut self,
        organisation: OrganisationId,
    ) -> Result<Vec<Preference>, StoreError> {
        on!(self, reminders::people(organisation.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// How a person wants to be reminded; `None` where there is no such person.
    pub async fn reminder_preference(
        &mut self,
        person: PersonId,
    ) -> Result<Option<Preference>, StoreError> {
        on!(self, reminders::preference(person.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Keeps how a person wants to be reminded.
    pub async fn set_reminder_preference(
        &mut self,
        preference: &Preference,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            reminders::set_preference(preference, at.as_microsecond())
        )
    }

    /// Keeps a reminder. False when this moment was told to the person before.
    pub async fn insert_notice(&mut self, new: &Notice) -> Result<bool, StoreError> {
        Ok(on!(self, reminders::insert_notice(new))? == 1)
    }

    /// Whether a moment was told to a person before.
    pub async fn is_noticed(
        &mut self,
        person: PersonId,
        moment: &Moment,
    ) -> Result<bool, StoreError> {
        Ok(0 < on!(self, reminders::is_noticed(person.uuid(), moment))?)
    }

    /// Reminders of a person, the newest first, from after one of them.
    pub async fn notices(
        &mut self,
        person: PersonId,
        after: Option<(Timestamp, NoticeId)>,
        limit: u32,
    ) -> Result<Vec<Notice>, StoreError> {
        let after = after.map(|(at, id)| (at.as_microsecond(), id.uuid()));
        on!(
            self,
            reminders::notices(person.uuid(), after, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// How many reminders a person has not read.
    pub async fn count_unread_notices(&mut self, person: PersonId) -> Result<i64, StoreError> {
        on!(self, reminders::count_unread(person.uuid()))
    }

    /// Marks a reminder of a person as read. False when there is none that is unread.
    pub async fn read_notice(
        &mut self,
        person: PersonId,
        id: NoticeId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let changed = on!(
            self,
            reminders::read_notice(person.uuid(), id.uuid(), at.as_microsecond())
        )?;
        Ok(changed == 1)
    }

    /// Marks the reminders of a person that were made until an instant as read.
    pub async fn read_all_notices(
        &mut self,
        person: PersonId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        on!(
            self,
            reminders::read_all(person.uuid(), until.as_microsecond(), at.as_microsecond())
        )
    }

    /// Puts a mail among those that wait.
    pub async fn insert_reminder_mail(&mut self, new: &ReminderMail) -> Result<(), StoreError> {
        on!(self, reminders::insert_mail(new))
    }

    /// Mails that are to be tried now.
    pub async fn reminder_mails_due(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReminderMail>, StoreError> {
        on!(
            self,
            reminders::mails_due(now.as_microsecond(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Takes a mail to try it. False when somebody else did.
    pub async fn claim_reminder_mail(
        &mut self,
        mail: &ReminderMail,
        again: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, reminders::claim_mail(mail, again.as_microsecond()))? == 1)
    }

    /// Writes what came of an attempt. False when the mail was settled before.
    pub async fn settle_reminder_mail(&mut self, mail: &ReminderMail) -> Result<bool, StoreError> {
        Ok(on!(self, reminders::settle_mail(mail))? == 1)
    }

    /// Mails in a state, the newest first, and how many there are.
    pub async fn reminder_mails(
        &mut self,
        scope: &OutboxScope,
        state: &str,
        limit: u32,
    ) -> Result<(Vec<ReminderMail>, i64), StoreError> {
        if !scope.every() {
            return Ok((Vec::new(), 0));
        }
        let mails: Result<Vec<ReminderMail>, StoreError> =
            on!(self, reminders::mails(state, i64::from(limit)))?
                .into_iter()
                .map(TryInto::try_into)
                .collect();
        Ok((mails?, on!(self, reminders::count_mails(state))?))
    }

    /// Last days of what is to be notified within a scope, the first first.
    pub async fn due_days(
        &mut self,
        scope: &OwnerScope,
        limit: u32,
    ) -> Result<Vec<Date>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(self, reminders::due_days(owner.uuid(), i64::from(limit)))?
            .iter()
            .map(|text| due_day(text))
            .collect()
    }

    /// The calendar address of a person.
    pub async fn calendar_feed(&mut self, person: PersonId) -> Result<Option<Feed>, StoreError> {
        on!(self, reminders::feed(person.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Gives a person a calendar address in place of an earlier one.
    pub async fn set_calendar_feed(
        &mut self,
        person: PersonId,
        secret_hash: Digest,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            reminders::set_feed(person.uuid(), secret_hash.as_bytes(), at.as_microsecond())
        )
    }

    /// Takes the calendar address of a person away. False when there was none.
    pub async fn remove_calendar_feed(&mut self, person: PersonId) -> Result<bool, StoreError> {
        Ok(on!(self, reminders::remove_feed(person.uuid()))? == 1)
    }

    /// Whose calendar a secret opens.
    pub async fn calendar_feed_by_secret(
        &mut self,
        secret_hash: Digest,
    ) -> Result<Option<Feed>, StoreError> {
        on!(self, reminders::feed_by_secret(secret_hash.as_bytes()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Remembers that a calendar was fetched.
    pub async fn calendar_feed_fetched(
        &mut self,
        person: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            reminders::feed_fetched(person.uuid(), at.as_microsecond())
        )
    }

    /// How the limits of a person were last told to calendar programs.
    pub async fn calendar_events(&mut self, person: PersonId) -> Result<Vec<Event>, StoreError> {
        on!(self, reminders::events(person.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Keeps a limit that is told for the first time.
    pub async fn insert_calendar_event(
        &mut self,
        person: PersonId,
        event: &Event,
    ) -> Result<(), StoreError> {
        on!(self, reminders::insert_event(person.uuid(), event))
    }

    /// Keeps a limit that is told with a change.
    pub async fn update_calendar_event(
        &mut self,
        person: PersonId,
        event: &Event,
    ) -> Result<(), StoreError> {
        on!(self, reminders::update_event(person.uuid(), event))
    }

    /// Forgets a limit that is no more.
    pub async fn remove_calendar_event(
        &mut self,
        person: PersonId,
        uid: &str,
    ) -> Result<(), StoreError> {
        on!(self, reminders::remove_event(person.uuid(), uid))
    }
}
