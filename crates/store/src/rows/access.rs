use ids::{ApiTokenId, Assurance, Id, PersonId, SessionId, TokenScope};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// One login, from password to logout.
#[derive(Clone, Debug)]
pub struct Session {
    /// Identifies it; not the secret token.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// How surely.
    pub assurance: Assurance,
    /// Since when.
    pub created_at: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// When it ends without further requests.
    pub expires_at: Timestamp,
    /// Last time the second factor was shown.
    pub stepped_up_at: Option<Timestamp>,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct SessionRow {
    id: Uuid,
    person_id: Uuid,
    assurance: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    stepped_up_at: Option<i64>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        const TABLE: &str = "session";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            person: Id::from_uuid(row.person_id),
            assurance: row.assurance.parse().map_err(|_| corrupt("assurance"))?,
            created_at: instant(row.created_at, TABLE, "created_at")?,
            seen_at: instant(row.seen_at, TABLE, "seen_at")?,
            expires_at: instant(row.expires_at, TABLE, "expires_at")?,
            stepped_up_at: row
                .stepped_up_at
                .map(|at| instant(at, TABLE, "stepped_up_at"))
                .transpose()?,
        })
    }
}

/// A token for the API, without its secret.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// Identifies it.
    pub id: ApiTokenId,
    /// Its owner, whose roles it is limited to.
    pub person: PersonId,
    /// What its owner calls it.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct TokenRow {
    id: Uuid,
    person_id: Uuid,
    label: String,
    scopes: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<TokenRow> for ApiToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        const TABLE: &str = "api_token";
        let scopes: Result<Vec<TokenScope>, _> =
            row.scopes.split_whitespace().map(str::parse).collect();
        Ok(Self {
            id: Id::from_uuid(row.id),
            person: Id::from_uuid(row.person_id),
            label: row.label,
            scopes: scopes.map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "scopes",
            })?,
            created_at: instant(row.created_at, TABLE, "created_at")?,
            expires_at: instant(row.expires_at, TABLE, "expires_at")?,
        })
    }
}

/// How often logging in failed for one account or one address.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    /// Failures since the window began.
    pub failures: u32,
    /// When counting began.
    pub window_started_at: Timestamp,
    /// Until when nothing is tried.
    pub locked_until: Option<Timestamp>,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AttemptsRow {
    failures: i64,
    window_started_at: i64,
    locked_until: Option<i64>,
}

impl TryFrom<AttemptsRow> for Attempts {
    type Error = StoreError;

    fn try_from(row: AttemptsRow) -> Result<Self, StoreError> {
        const TABLE: &str = "login_attempt";
        Ok(Self {
            failures: u32::try_from(row.failures).map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "failures",
            })?,
            window_started_at: instant(row.window_started_at, TABLE, "window_started_at")?,
            locked_until: row
                .locked_until
                .map(|at| instant(at, TABLE, "locked_until"))
                .transpose()?,
        })
    }
}
