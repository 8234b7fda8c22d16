use ids::{Digest, OrganisationId, PersonId};
use jiff::Timestamp;
use model::person::PersonStatus;
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::Tx;

use crate::error::AppError;
use crate::identity::{CODE_DIGITS, digits_of, hash_with, own_account};
use crate::instance::App;

/// Telephone codes made at once; they fit on a card.
const TELEPHONE_CODES: usize = 5;

impl App {
    /// How many telephone codes the person who asks has left; `None` for whoever reports nothing.
    pub async fn telephone_codes_left(&self, actor: &Actor) -> Result<Option<u64>, AppError> {
        if !self.may_report(actor) {
            return Ok(None);
        }
        let mut tx = self.store().begin_read("telephone_code.count").await?;
        Ok(Some(tx.count_telephone_codes(actor.person).await?))
    }

    /// Makes telephone codes for the person who asks, in place of earlier ones. Each is good once: told to a desk, it
    /// shows whose operator speaks when neither network nor mail works. They are shown once.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::NotFound`] for whoever reports nothing.
    pub async fn new_telephone_codes(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        if !self.may_report(actor) {
            return Err(AppError::NotFound);
        }
        let permit = self
            .policy()
            .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?;
        let codes: Vec<String> = (0..TELEPHONE_CODES).map(|_| self.digit_code()).collect();
        let hashes: Vec<Digest> = codes
            .iter()
            .filter_map(|code| code_hash(actor.organisation, code))
            .collect();
        let mut tx = self.store().begin("telephone_code.new").await?;
        tx.set_telephone_codes(actor.person, &hashes, self.now())
            .await?;
        let details = json!({ "codes": hashes.len() });
        self.record_own(
            &mut tx,
            permit,
            "account.telephone_codes_made",
            actor,
            details,
        )
        .await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Uses a code up and says whose it was; `None` for one that nobody of this operator has.
    pub(super) async fn spend_code(
        &self,
        tx: &mut Tx,
        operator: OrganisationId,
        typed: &str,
        at: Timestamp,
    ) -> Result<Option<PersonId>, AppError> {
        let Some(hash) = code_hash(operator, typed) else {
            return Ok(None);
        };
        let Some(person) = tx.telephone_code(hash).await? else {
            return Ok(None);
        };
        // Whoever left or was disabled speaks for nobody.
        let active = tx.person(person).await?.is_some_and(|(person, _)| {
            person.status == PersonStatus::Active && person.organisation == operator
        });
        if !active {
            return Ok(None);
        }
        Ok(tx.spend_telephone_code(hash, at).await?.then_some(person))
    }

    /// Whoever may file a prompt report of the own operator may report by telephone.
    fn may_report(&self, actor: &Actor) -> bool {
        let case = Resource::Case {
            id: self.ids().next(),
            owner: actor.organisation,
        };
        self.policy().may(actor, Action::AnswerEntry, &case)
    }
}

/// The stored form of a code of this operator; `None` for what cannot be one.
fn code_hash(operator: OrganisationId, typed: &str) -> Option<Digest> {
    let code = digits_of(typed);
    (code.len() == CODE_DIGITS).then(|| hash_with("telephone", &format!("{operator}/{code}")))
}
