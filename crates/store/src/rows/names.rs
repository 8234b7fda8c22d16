use ids::{Id, LearnedNameId, OrganisationId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// What a written name means, as someone confirmed it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLearnedName {
    /// Identifies it.
    pub id: LearnedNameId,
    /// The operator.
    pub owner: OrganisationId,
    /// Maker as written; empty where none was.
    pub maker: String,
    /// Product as written.
    pub product: String,
    /// Keys of both, under which writings that differ in width and spaces meet.
    pub keys: (String, String),
    /// Maker of the master.
    pub meant_maker: String,
    /// Product of the master.
    pub meant_product: Option<String>,
    /// Who confirmed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for NewLearnedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLearnedName")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The same with who confirmed it and whether it was undone.
#[derive(Clone, PartialEq, Eq)]
pub struct LearnedName {
    /// Identifies it.
    pub id: LearnedNameId,
    /// Maker as written; empty where none was.
    pub maker: String,
    /// Product as written.
    pub product: String,
    /// Maker of the master.
    pub meant_maker: String,
    /// Product of the master.
    pub meant_product: Option<String>,
    /// Who confirmed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who undid or replaced it, and when.
    pub undone: Option<(String, Timestamp)>,
}

impl std::fmt::Debug for LearnedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LearnedName")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct LearnedNameRow {
    id: Uuid,
    maker: String,
    product: String,
    meant_maker: String,
    meant_product: Option<String>,
    learned_at: i64,
    learned_by_name: String,
    undone_at: Option<i64>,
    undone_by_name: Option<String>,
}

impl TryFrom<LearnedNameRow> for LearnedName {
    type Error = StoreError;

    fn try_from(row: LearnedNameRow) -> Result<Self, StoreError> {
        const TABLE: &str = "learned_name";
        let undone = match (row.undone_by_name, row.undone_at) {
            (Some(by), Some(at)) => Some((by, instant(at, TABLE, "undone_at")?)),
            _ => None,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            maker: row.maker,
            product: row.product,
            meant_maker: row.meant_maker,
            meant_product: row.meant_product,
            by: row.learned_by_name,
            at: instant(row.learned_at, TABLE, "learned_at")?,
            undone,
        })
    }
}
