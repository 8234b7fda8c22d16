use ids::{ApiTokenId, Assurance, TokenScope};
use jiff::{SignedDuration, Timestamp};
use policy::{Action, Actor, Resource, StepUp};
use serde_json::json;
use store::rows::access::ApiToken;

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::limiter::later;
use crate::identity::session::{CurrentSession, SessionToken, actor, hash_with};
use crate::instance::App;
use crate::logs::LogCode;

/// Front of every API token, so that a scanner of leaked secrets can find it.
const PREFIX: &str = "noroshi_";
const MAX_DAYS: u32 = 366;

/// A token about to be issued.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What its owner calls it; 1 to 100 characters.
    pub label: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<TokenScope>,
    /// Days until it ends; 1 to 366.
    pub days: u32,
}

/// A token that was just issued. Its secret is shown once.
#[derive(Clone)]
pub struct IssuedToken {
    /// Identifies it.
    pub id: ApiTokenId,
    /// The secret, for the client.
    pub secret: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Issues an API token to the person who asks.
    pub async fn issue_token(&self, actor: &Actor, new: NewToken) -> Result<IssuedToken, AppError> {
        let account = Resource::Account {
            person: actor.person,
            organisation: actor.organisation,
        };
        let permit = self.policy().check(actor, Action::IssueToken, &account)?;
        check(&new)?;
        let now = self.now();
        let secret = format!("{PREFIX}{}", SessionToken::generate(self.ids()).expose());
        let token = ApiToken {
            id: self.ids().next(),
            person: actor.person,
            label: new.label.trim().to_owned(),
            scopes: new.scopes,
            created_at: now,
            expires_at: later(
                now,
                SignedDuration::from_hours(i64::from(new.days).saturating_mul(24)),
            ),
        };
        let mut tx = self.store().begin("token.issue").await?;
        tx.insert_token(&token, hash_with("token", &secret)).await?;
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
        let act = ActDraft {
            act: "account.token_issued",
            subject: Subject::new("api_token", token.id),
            details: json!({ "scopes": scopes, "expires_at": token.expires_at.to_string() }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(IssuedToken {
            id: token.id,
            secret,
            expires_at: token.expires_at,
        })
    }

    /// The tokens of the person who asks, without their secrets.
    pub async fn own_tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>, AppError> {
        let mut tx = self.store().begin_read("token.list").await?;
        Ok(tx.tokens_of_person(actor.person).await?)
    }

    /// Ends a token of the person who asks.
    pub async fn revoke_token(&self, actor: &Actor, token: ApiTokenId) -> Result<(), AppError> {
        let account = Resource::Account {
            person: actor.person,
            organisation: actor.organisation,
        };
        let permit = self
            .policy()
            .check(actor, Action::ManageOwnAccount, &account)?;
        let now = self.now();
        let mut tx = self.store().begin("token.revoke").await?;
        if !tx.revoke_token(token, actor.person, now).await? {
            return Err(AppError::NotFound);
        }
        let act = ActDraft {
            act: "account.token_revoked",
            subject: Subject::new("api_token", token),
            details: json!({}),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Who an API token belongs to and what it may do.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when the token is unknown, ended or of a disabled person.
    pub async fn resume_token(&self, secret: &str) -> Result<CurrentSession, AppError> {
        if !secret.starts_with(PREFIX) {
            return Err(AppError::Unauthenticated);
        }
        let now = self.now();
        let mut tx = self.store().begin_read("token.resume").await?;
        let token = tx
            .token_by_hash(hash_with("token", secret))
            .await?
            .filter(|token| now < token.expires_at)
            .ok_or(AppError::Unauthenticated)?;
        let (person, organisation) = self.active_person(&mut tx, token.person).await?;
        let mut actor = actor(&person, &organisation, Assurance::Token, StepUp::Stale);
        actor.token_scopes = token.scopes;
        Ok(CurrentSession {
            actor,
            person,
            organisation,
            session: None,
        })
    }
}

fn check(new: &NewToken) -> Result<(), AppError> {
    let mut problems = Vec::new();
    if !(1..=100).contains(&new.label.trim().chars().count()) {
        problems.push(FieldProblem::new("label", "token_label"));
    }
    if new.scopes.is_empty() {
        problems.push(FieldProblem::new("scopes", "token_scopes"));
    }
    if !(1..=MAX_DAYS).contains(&new.days) {
        problems.push(FieldProblem::new("days", "token_days"));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid(problems))
    }
}
