use model::reminders::{MailAddress, QuietHours};
use policy::{Action, Actor};
use serde_json::json;
use store::rows::reminders::Preference;

use crate::error::{AppError, FieldProblem};
use crate::identity::own_account;
use crate::instance::App;

/// How a person wants to be reminded, as typed.
#[derive(Clone, Debug, Default)]
pub struct PreferenceInput {
    /// Minutes of the day at which quiet hours begin and end; `None` for no quiet hours.
    pub quiet: Option<(u16, u16)>,
    /// Where mail goes; empty for no mail.
    pub mail: String,
}

impl App {
    /// How the person who asks is reminded.
    pub async fn own_reminder_preference(&self, actor: &Actor) -> Result<Preference, AppError> {
        self.must_own(actor)?;
        let mut tx = self.store().begin_read("reminder.preference").await?;
        tx.reminder_preference(actor.person)
            .await?
            .ok_or(AppError::NotFound)
    }

    /// Changes how the person who asks is reminded. Whether there is mail at all is said by [`App::sends_mail`].
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `quiet` or `mail`.
    pub async fn set_own_reminder_preference(
        &self,
        actor: &Actor,
        input: &PreferenceInput,
    ) -> Result<(), AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ManageOwnAccount, &own_account(actor))?;
        let mut problems = Vec::new();
        let quiet = match input
            .quiet
            .map(|(from, until)| QuietHours::new(from, until))
        {
            None => None,
            Some(Ok(quiet)) => Some(quiet),
            Some(Err(_)) => {
                problems.push(FieldProblem::new("quiet", "quiet_hours_wrong"));
                None
            }
        };
        let mail = match input.mail.trim() {
            "" => None,
            text => {
                let address = MailAddress::parse(text).ok();
                if address.is_none() {
                    problems.push(FieldProblem::new("mail", "mail_address_wrong"));
                }
                address
            }
        };
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let details = json!({ "quiet_hours": quiet.is_some(), "mail": mail.is_some() });
        let preference = Preference {
            person: actor.person,
            quiet,
            mail,
        };
        let mut tx = self.store().begin("reminder.set_preference").await?;
        tx.set_reminder_preference(&preference, self.now()).await?;
        self.record_own(&mut tx, permit, "account.reminders_set", actor, details)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether this instance sends mail.
    pub fn sends_mail(&self) -> bool {
        self.mailer().is_some()
    }
}
