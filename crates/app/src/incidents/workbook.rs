//! A draft as a workbook: written to be filled in elsewhere, read again field by field.

mod read;
mod write;

use std::collections::BTreeMap;

use formats::answers::Answers;
use formats::forms::{Choice, Field, FieldKind, Form, IncidentForm};
use ids::CaseId;
use policy::Actor;
use statute::RuleBook;

use super::typed::Typed;
use crate::documents::form::RuleWords;
use crate::documents::layout::Layout;
use crate::documents::page::Language;
use crate::documents::sheet::{UnreadableWorkbook, UnwritableWorkbook};
use crate::error::AppError;
use crate::instance::App;

/// What a workbook says beside the questions of the form.
#[derive(Clone, Debug)]
pub struct WorkbookWords {
    /// Language of the questions.
    pub language: Language,
    /// What stands below the title.
    pub notes: Vec<String>,
    /// Heads of the columns: question, answer, time or unit, state, estimate, reason.
    pub heads: [String; 6],
    /// Heads of the computers: product, maker, category of the facility, category of the computer, remark, id.
    pub computers: [String; 6],
    /// 入力済, 調査中, 不明, 該当なし.
    pub states: [String; 4],
    /// はい and いいえ.
    pub yes_no: [String; 2],
    /// Behind a question that the prompt report must answer.
    pub needed: String,
    /// What is said when a cell does not take what was entered.
    pub rules: RuleWords,
}

/// What a workbook begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// No answers.
    Blank,
    /// The answers of the draft, with what is known from the profile.
    Draft,
}

/// What a workbook would change in a draft.
#[derive(Clone, Debug)]
pub struct WorkbookPreview {
    /// Version of the draft that it was compared with.
    pub version: i64,
    /// Version of the form of the workbook, where it is not that of the draft.
    pub older_form: Option<String>,
    /// Whether it was written for this case.
    pub of_this_case: bool,
    /// Fields that would change.
    pub changes: Vec<WorkbookChange>,
    /// Cells that cannot be read as answers.
    pub unreadable: Vec<UnreadableCell>,
    /// Answers that the form of the draft has no place for.
    pub without_place: Vec<&'static Field>,
}

/// One field that a workbook would change.
#[derive(Clone, Debug)]
pub struct WorkbookChange {
    /// The question.
    pub field: &'static Field,
    /// What stands in the draft.
    pub before: Typed,
    /// What stands in the workbook.
    pub after: Typed,
    /// Whether the draft was changed too since the workbook was written.
    pub both: bool,
}

/// A cell that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableCell {
    /// The question.
    pub field: &'static Field,
    /// Where, as spreadsheets say it: `様式!B12`.
    pub cell: String,
    /// Code of what is wrong.
    pub code: &'static str,
}

impl App {
    /// The form of a draft as a workbook.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not see the draft; [`AppError::Conflict`] where its version of the form
    /// has no layout, or nothing is filed in this phase.
    pub async fn draft_workbook(
        &self,
        actor: &Actor,
        id: CaseId,
        fill: Fill,
        words: &WorkbookWords,
    ) -> Result<Vec<u8>, AppError> {
        let draft = self.view_draft(actor, id).await?;
        let typed = match fill {
            Fill::Blank => BTreeMap::new(),
            Fill::Draft => draft.typed.clone(),
        };
        let filled = write::Filled {
            form: draft.form,
            part: draft.sheet,
            typed: &typed,
            case: Some(id),
            draft_version: draft.version,
            filing: None,
        };
        let layout = Layout::of_form(draft.form, draft.sheet)?;
        let book = write::book(self.rules(), &layout, &filled, words)?;
        self.write_form(book).await
    }

    /// The answers of a filed report as a workbook that is not to be changed.
    pub async fn report_workbook(
        &self,
        form: &'static Form,
        part: IncidentForm,
        answers: &Answers,
        number: &str,
        words: &WorkbookWords,
    ) -> Result<Vec<u8>, AppError> {
        let typed: BTreeMap<String, Typed> = answers
            .iter()
            .map(|(key, answer)| (key.clone(), Typed::of(answer)))
            .collect();
        let filled = write::Filled {
            form,
            part,
            typed: &typed,
            case: None,
            draft_version: 0,
            filing: Some(number),
        };
        let layout = Layout::of_form(form, part)?;
        let book = write::book(self.rules(), &layout, &filled, words)?;
        self.write_form(book).await
    }

    async fn write_form(
        &self,
        book: crate::documents::form::FormBook,
    ) -> Result<Vec<u8>, AppError> {
        let writer = std::sync::Arc::clone(&self.documents().forms);
        let written = tokio::task::spawn_blocking(move || writer.write_form(&book))
            .await
            .map_err(|_| AppError::Bug("writing a workbook stopped"))?;
        written.map_err(|error| match error {
            UnwritableWorkbook::TooLarge => AppError::TooLarge("workbook_too_large"),
            UnwritableWorkbook::NotAvailable => AppError::Conflict("workbook_not_available"),
        })
    }

    /// Says what a filled workbook would change in the draft of a case. Changes nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the field `workbook` when it cannot be read as a form of this program.
    pub async fn preview_workbook(
        &self,
        actor: &Actor,
        id: CaseId,
        file: Vec<u8>,
        words: &[WorkbookWords],
    ) -> Result<WorkbookPreview, AppError> {
        let draft = self.view_draft(actor, id).await?;
        let limit = usize::try_from(self.config().documents.workbook_bytes).unwrap_or(usize::MAX);
        if limit < file.len() {
            return Err(refused("workbook_too_large"));
        }
        let reader = std::sync::Arc::clone(&self.documents().sheets);
        let workbook = tokio::task::spawn_blocking(move || reader.read_workbook(&file))
            .await
            .map_err(|_| AppError::Bug("reading a workbook stopped"))?
            .map_err(|error| {
                refused(match error {
                    UnreadableWorkbook::NotAWorkbook => "workbook_unreadable",
                    UnreadableWorkbook::Encrypted => "workbook_encrypted",
                    UnreadableWorkbook::TooLarge => "workbook_too_large",
                    UnreadableWorkbook::NotAvailable => "workbook_not_available",
                })
            })?;
        read::preview(self.rules(), &draft, &workbook, words)
    }
}

fn refused(code: &'static str) -> AppError {
    AppError::field("workbook", code)
}

/// A typed answer in the one writing that a workbook gives back.
fn normal(book: &RuleBook, field: &Field, typed: &Typed) -> Typed {
    match typed.read(book, field) {
        Ok(Some(answer)) => Typed::of(&answer),
        Ok(None) => Typed::default(),
        Err(_) => typed.clone(),
    }
}

fn options(field: &Field) -> &[Choice] {
    match &field.kind {
        FieldKind::Choice(options) | FieldKind::Choices(options) | FieldKind::Quantity(options) => {
            options
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Computers
        | FieldKind::YesNo => &[],
    }
}

/// What is ticked.
const TICK: &str = "○";

/// Names of the hidden tab.
mod meta {
    pub(super) const FORM: &str = "form";
    pub(super) const VERSION: &str = "version";
    pub(super) const PART: &str = "part";
    pub(super) const CASE: &str = "case";
    pub(super) const DRAFT: &str = "draft_version";
    pub(super) const FILING: &str = "filing";
    pub(super) const CHECKSUM: &str = "checksum";
    pub(super) const MARK: &str = "mark:";
}

#[cfg(test)]
mod tests;
