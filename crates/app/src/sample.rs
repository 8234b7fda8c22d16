//! Sample data of the demo: made-up ministries' desks, operators of every sector and people in every role.
//!
//! Everything is filed through the use cases, so that the sample has leaves and receipts like anything else.

mod directory;

use ids::Role;
use secrecy::SecretString;

use crate::error::AppError;
use crate::identity::NewPerson;
use crate::instance::App;

/// A sample login, for the list that the demo prints.
#[derive(Clone, Debug)]
pub struct SampleLogin {
    /// Name to log in.
    pub login: String,
    /// Secret of the second factor, base32.
    pub totp_secret: String,
    /// Role.
    pub role: Role,
    /// Organisation in Japanese and English.
    pub organisation: (String, String),
    /// An API token with all scopes, for one operator's approver.
    pub api_token: Option<String>,
}

impl App {
    /// Fills a fresh exercise instance with the sample. Every login has the same password.
    ///
    /// # Errors
    /// [`AppError::Conflict`] outside an exercise: sample data never gets into a real instance.
    pub async fn seed_sample(&self, password: &SecretString) -> Result<Vec<SampleLogin>, AppError> {
        if self.mode() != statute::Mode::Exercise {
            return Err(AppError::Conflict("sample_in_real_instance"));
        }
        let organisations = directory::organisations(self.ids());
        for organisation in &organisations {
            self.create_organisation(organisation).await?;
        }
        let mut logins = Vec::new();
        for organisation in &organisations {
            for (login, role, name) in directory::people(organisation) {
                let created = self
                    .create_person(NewPerson {
                        organisation: organisation.id,
                        login: login.clone(),
                        name,
                        locale: "ja".to_owned(),
                        roles: vec![role],
                        password: password.clone(),
                    })
                    .await?;
                logins.push(SampleLogin {
                    login,
                    totp_secret: created.totp_secret,
                    role,
                    organisation: (organisation.name_ja.clone(), organisation.name_en.clone()),
                    api_token: None,
                });
            }
        }
        Ok(logins)
    }
}
