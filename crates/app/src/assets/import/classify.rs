//! The class of many rows from one set of answers.

use ids::ImportId;
use policy::Actor;
use statute::{Answers, ClassOutcome};

use super::decide::{DecideRows, RowChange, Selection};
use crate::error::AppError;
use crate::instance::App;

impl App {
    /// Gives rows of an open import the class that the answers decide (Cabinet Order Art. 1(3), Order Art. 1), and keeps
    /// the answers with them. Rows that are no specified important computers are left out.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the field `class` while the answers decide nothing, for `rows` when none is chosen;
    /// [`AppError::Stale`] when someone else changed the import since `version` was read.
    pub async fn classify_import_rows(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
        selection: Selection,
        answers: &Answers,
    ) -> Result<u32, AppError> {
        let found = self.class_wizard(answers, self.today())?.found;
        let change = match found.outcome {
            ClassOutcome::Decided(class) | ClassOutcome::AtLeast { class, .. } => RowChange {
                class: Some(class),
                class_answers: answers
                    .iter()
                    .map(|(code, answer)| (code.to_owned(), answer))
                    .collect(),
                left_out: Some(false),
                ..RowChange::default()
            },
            ClassOutcome::NotSpecified => RowChange {
                left_out: Some(true),
                ..RowChange::default()
            },
            ClassOutcome::Unclear { .. } => {
                return Err(AppError::field("class", "class_missing"));
            }
        };
        let decide = DecideRows {
            selection,
            change: Some(change),
        };
        self.decide_import_rows(actor, id, version, &decide).await
    }
}
