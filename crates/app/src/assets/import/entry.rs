//! Rows in memory, with the JSON of the store read.

use store::rows::imports::ImportRow;

use super::decide::RowChange;
use super::finding::Found;
use super::sheet::to_json;
use crate::error::AppError;

/// One row.
pub(super) struct Entry {
    pub(super) stored: ImportRow,
    pub(super) cells: Vec<String>,
    pub(super) decided: RowChange,
    pub(super) found: Option<Found>,
}

impl Entry {
    pub(super) fn read(stored: ImportRow) -> Result<Self, AppError> {
        let broken = |_| AppError::Bug("a row of an import that cannot be read");
        let read = |text: &Option<String>| -> Result<Option<Found>, AppError> {
            text.as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(broken)
        };
        Ok(Self {
            cells: serde_json::from_str(&stored.cells).map_err(broken)?,
            decided: stored
                .decided
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(broken)?
                .unwrap_or_default(),
            found: read(&stored.finding)?,
            stored,
        })
    }

    pub(super) const fn key(&self) -> (u32, u32) {
        (self.stored.sheet, self.stored.position)
    }

    /// Writes back what was decided and found; says whether anything changed.
    pub(super) fn settle(
        &mut self,
        state: &'static str,
        found: Option<Found>,
    ) -> Result<bool, AppError> {
        let finding = found.as_ref().map(to_json).transpose()?;
        let decided = if self.decided == RowChange::default() {
            None
        } else {
            Some(to_json(&self.decided)?)
        };
        let changed = self.stored.state != state
            || self.stored.finding != finding
            || self.stored.decided != decided;
        if changed {
            state.clone_into(&mut self.stored.state);
            self.stored.finding = finding;
            self.stored.decided = decided;
            self.found = found;
        }
        Ok(changed)
    }
}
