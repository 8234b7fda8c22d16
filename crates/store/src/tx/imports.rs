use ids::{ImportId, OrganisationId};
use policy::OwnerScope;

use crate::error::StoreError;
use crate::rows::imports::{ImportHead, ImportRow, ImportSheet, RegisterKey};
use crate::tx::{Tx, exactly_one, on};

impl Tx {
    /// Begins an import.
    pub async fn insert_import(&mut self, head: &ImportHead) -> Result<(), StoreError> {
        on!(self, imports::insert(head))
    }

    /// Saves phase and filing of an import over the version it was read at.
    pub async fn update_import(&mut self, head: &ImportHead) -> Result<(), StoreError> {
        exactly_one(on!(self, imports::update(head))?, "asset_import")
    }

    /// An import by its id. The caller must hold a permit to show it.
    pub async fn import(&mut self, id: ImportId) -> Result<Option<ImportHead>, StoreError> {
        on!(self, imports::read(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Imports within a scope, newest first.
    pub async fn imports(
        &mut self,
        scope: &OwnerScope,
        before: Option<ImportId>,
        limit: u32,
    ) -> Result<Vec<ImportHead>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            imports::of_owner(owner.uuid(), before.map(ids::Id::uuid), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Adds a sheet without its rows.
    pub async fn insert_import_sheet(
        &mut self,
        import: ImportId,
        sheet: &ImportSheet,
    ) -> Result<(), StoreError> {
        on!(self, imports::insert_sheet(import.uuid(), sheet))
    }

    /// Writes what the columns of a sheet mean.
    pub async fn update_import_sheet(
        &mut self,
        import: ImportId,
        sheet: &ImportSheet,
    ) -> Result<(), StoreError> {
        exactly_one(
            on!(self, imports::update_sheet(import.uuid(), sheet))?,
            "asset_import_sheet",
        )
    }

    /// Sheets of an import in their order.
    pub async fn import_sheets(
        &mut self,
        import: ImportId,
    ) -> Result<Vec<ImportSheet>, StoreError> {
        on!(self, imports::sheets(import.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Adds rows, or writes what was decided on known ones and what comes of them.
    pub async fn save_import_rows(
        &mut self,
        import: ImportId,
        rows: &[&ImportRow],
    ) -> Result<(), StoreError> {
        on!(self, imports::save_rows(import.uuid(), rows))
    }

    /// All rows of an import; their number has a limit when they come in.
    pub async fn import_rows(&mut self, import: ImportId) -> Result<Vec<ImportRow>, StoreError> {
        on!(self, imports::rows(import.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Rows that are entries, those of one state where one is given.
    pub async fn import_page(
        &mut self,
        import: ImportId,
        state: Option<&str>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ImportRow>, StoreError> {
        on!(
            self,
            imports::page(import.uuid(), state, i64::from(limit), i64::from(offset))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// How many rows have which state.
    pub async fn import_counts(
        &mut self,
        import: ImportId,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        on!(self, imports::counts(import.uuid()))
    }

    /// Removes the rows and sheets of an import that was given up.
    pub async fn forget_import(&mut self, import: ImportId) -> Result<(), StoreError> {
        on!(self, imports::forget(import.uuid()))
    }

    /// Remembers what a word means in the tables of an organisation.
    pub async fn learn_import_word(
        &mut self,
        owner: OrganisationId,
        kind: &'static str,
        word: &str,
        meaning: &str,
    ) -> Result<(), StoreError> {
        on!(self, imports::learn(owner.uuid(), kind, word, meaning))
    }

    /// What words mean in the tables of an organisation.
    pub async fn import_words(
        &mut self,
        owner: OrganisationId,
        kind: &'static str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        on!(self, imports::learnt(owner.uuid(), kind))
    }

    /// What an import compares with: computers in use within a scope.
    pub async fn register_keys(
        &mut self,
        scope: &OwnerScope,
    ) -> Result<Vec<RegisterKey>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        Ok(on!(self, imports::register_keys(owner.uuid()))?
            .into_iter()
            .map(RegisterKey::from)
            .collect())
    }
}
