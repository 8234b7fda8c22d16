//! 様式第一 and 様式第二 as workbooks: written to be filled in elsewhere, read again row by row.

mod layout;
mod read;
mod rows;
mod take;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use formats::filing::NotificationBody;
use formats::forms::{Field, Form, FormKind};
use ids::{ComputerId, ImportId};
use jiff::civil::Date;
use model::assets::NotificationDuty;
use policy::{Action, Actor, Resource};

pub use take::TakenComputer;

use super::import::UploadedFile;
use super::plan::Pick;
use crate::documents::form::RuleWords;
use crate::documents::page::Language;
use crate::documents::sheet::{UnreadableWorkbook, UnwritableWorkbook};
use crate::error::AppError;
use crate::instance::App;
use layout::Layout;
use rows::{FilledRow, Sectors, of_operator, of_outline, of_rows};

/// What the workbooks of computers say beside the questions of the form.
#[derive(Clone, Debug)]
pub struct NotificationWords {
    /// Language of the questions.
    pub language: Language,
    /// What stands below the title: how to fill it in.
    pub notes: Vec<String>,
    /// What stands above the table: which rows may be changed.
    pub table_note: String,
    /// Head of the column with the name of the facility in the house.
    pub facility: String,
    /// Head of the column with the computer's id.
    pub computer: String,
    /// What is said when a cell does not take what was entered.
    pub rules: RuleWords,
}

/// What a workbook of computers begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationFill {
    /// Empty rows.
    Blank,
    /// What is to be notified now.
    Due,
}

/// What a filled workbook would change in the register.
#[derive(Clone, Debug)]
pub struct NotificationPreview {
    /// 様式第一 or a change on 様式第二.
    pub duty: NotificationDuty,
    /// Version of the form of the workbook, where it is not the one in use.
    pub older_form: Option<String>,
    /// Computers of the register of which something differs, in the order of the rows.
    pub changes: Vec<ComputerChange>,
    /// Rows as the register has them.
    pub same: usize,
    /// Rows without a computer of the register, as a list that an import reads.
    pub new_rows: Option<NewRows>,
    /// Cells and rows that cannot be read.
    pub unreadable: Vec<UnreadableItem>,
}

/// Rows that the register does not have.
#[derive(Clone, Debug)]
pub struct NewRows {
    /// How many.
    pub count: usize,
    /// The rows as a table.
    list: UploadedFile,
}

/// A computer of which a workbook says something else.
#[derive(Clone, Debug)]
pub struct ComputerChange {
    /// The computer.
    pub computer: ComputerId,
    /// Its version now.
    pub version: i64,
    /// What it is called in the register.
    pub product: String,
    /// Where it stands, as spreadsheets say it: `電子計算機!12`.
    pub place: String,
    /// Whether a change of these items has to be notified, so that its day is needed (Act Art. 4(3)).
    pub notified: bool,
    /// What differs.
    pub items: Vec<ItemChange>,
}

/// One item that differs.
#[derive(Clone, Debug)]
pub struct ItemChange {
    /// The question.
    pub field: &'static Field,
    /// What the register has, as codes and days in ISO 8601.
    pub before: String,
    /// What the workbook has.
    pub after: String,
    /// Whether the register was changed too since the workbook was written.
    pub both: bool,
}

/// A cell or a row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableItem {
    /// The question; absent where it is the row.
    pub field: Option<&'static Field>,
    /// Where, as spreadsheets say it.
    pub place: String,
    /// Code of what is wrong.
    pub code: &'static str,
}

/// Names of the hidden tab.
mod meta {
    pub(super) const FORM: &str = "form";
    pub(super) const VERSION: &str = "version";
    pub(super) const DUTY: &str = "duty";
    pub(super) const OPERATOR: &str = "operator";
    pub(super) const FILING: &str = "filing";
    /// Before the id of a computer: its items as they were written, as JSON.
    pub(super) const ROW: &str = "row:";
}

impl App {
    /// The form of computers as a workbook: 様式第一 for new ones, 様式第二 for changes and ends of use.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `nothing_to_file` where nothing is due and the workbook is not to be blank;
    /// [`AppError::NotFound`] for whoever may not see the register.
    pub async fn notification_workbook(
        &self,
        actor: &Actor,
        duty: NotificationDuty,
        fill: NotificationFill,
        words: &NotificationWords,
    ) -> Result<Vec<u8>, AppError> {
        let register = Resource::Register {
            owner: actor.organisation,
        };
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &register)?,
        );
        let form = self.form_of(duty)?;
        let layout = Layout::of_form(form)?;
        let choices = match fill {
            NotificationFill::Blank => Vec::new(),
            NotificationFill::Due => self.notification_choices(actor, duty).await?.rows,
        };
        let mut tx = self.store().begin_read("notification.workbook").await?;
        let mut rows = Vec::new();
        if fill == NotificationFill::Due {
            let facilities: HashMap<ComputerId, String> = choices
                .iter()
                .map(|row| (row.computer.id, row.computer.facility_name.clone()))
                .collect();
            let picks: Vec<Pick> = choices
                .iter()
                .map(|row| Pick {
                    computer: row.computer.id,
                    version: Some(row.computer.version),
                })
                .collect();
            if picks.is_empty() {
                return Err(AppError::Conflict("nothing_to_file"));
            }
            let prepared = self
                .prepare_notification(&mut tx, actor, duty, &picks)
                .await?;
            rows = of_rows(&prepared.body);
            for row in &mut rows {
                if let Some(name) = row.computer.and_then(|id| facilities.get(&id)) {
                    row.facility.clone_from(name);
                }
            }
        }
        let operator = tx
            .organisation(actor.organisation)
            .await?
            .ok_or(AppError::NotFound)?;
        drop(tx);
        let filled = write::Filled {
            form,
            duty,
            operator: of_operator(&operator, self.sectors(words)),
            owner: actor.organisation,
            rows: &rows,
            filing: None,
        };
        let book = write::book(&layout, &filled, words)?;
        self.write_computers(book).await
    }

    /// A filed notification as a workbook that is not to be changed.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `workbook_no_layout` where its version of the form has no layout.
    pub async fn filed_notification_workbook(
        &self,
        body: &NotificationBody,
        number: &str,
        words: &NotificationWords,
    ) -> Result<Vec<u8>, AppError> {
        let duty = duty_of(&body.rows);
        let form = formats::forms::version(kind_of(duty), body.head.form_version.as_str())
            .map_err(|_| AppError::Conflict("workbook_no_layout"))?;
        let layout = Layout::of_form(form)?;
        let rows: Vec<FilledRow> = of_rows(&body.rows);
        let filled = write::Filled {
            form,
            duty,
            operator: of_outline(&body.head.operator, self.sectors(words)),
            owner: body.head.operator.id,
            rows: &rows,
            filing: Some(number),
        };
        let book = write::book(&layout, &filled, words)?;
        self.write_computers(book).await
    }

    /// Says what a filled workbook would change in the register. Changes nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the field `workbook` when it cannot be read as one of these forms.
    pub async fn preview_notification_workbook(
        &self,
        actor: &Actor,
        file: Vec<u8>,
    ) -> Result<NotificationPreview, AppError> {
        let register = Resource::Register {
            owner: actor.organisation,
        };
        // Who may not keep the register must not make the program read files.
        drop(
            self.policy()
                .check(actor, Action::EditRegister, &register)?,
        );
        let limit = usize::try_from(self.config().documents.workbook_bytes).unwrap_or(usize::MAX);
        if limit < file.len() {
            return Err(refused("workbook_too_large"));
        }
        let reader = Arc::clone(&self.documents().sheets);
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
        let read = read::read(self.rules(), &workbook, actor.organisation)?;
        let wanted: Vec<ComputerId> = read.known.iter().map(|row| row.computer).collect();
        let mut tx = self.store().begin_read("notification.preview").await?;
        let own = tx.computers_of(actor.organisation, &wanted).await?;
        drop(tx);
        let current = self.form_of(read.duty)?;
        read::compare(read, &own, &current.version)
    }

    /// Begins an import with the rows that the register does not have.
    pub async fn import_new_rows(
        &self,
        actor: &Actor,
        rows: NewRows,
    ) -> Result<ImportId, AppError> {
        self.upload_import(actor, None, vec![rows.list]).await
    }

    fn form_of(&self, duty: NotificationDuty) -> Result<&'static Form, AppError> {
        formats::forms::in_force(kind_of(duty), self.today())
            .map_err(|_| AppError::Bug("a form that cannot be read"))
    }

    fn sectors(&self, words: &NotificationWords) -> Sectors<'_> {
        Sectors {
            rules: self.rules(),
            on: self.today(),
            language: words.language,
        }
    }

    async fn write_computers(
        &self,
        book: crate::documents::form::FormBook,
    ) -> Result<Vec<u8>, AppError> {
        let writer = Arc::clone(&self.documents().forms);
        let written = tokio::task::spawn_blocking(move || writer.write_form(&book))
            .await
            .map_err(|_| AppError::Bug("writing a workbook stopped"))?;
        written.map_err(|error| match error {
            UnwritableWorkbook::TooLarge => AppError::TooLarge("workbook_too_large"),
            UnwritableWorkbook::NotAvailable => AppError::Conflict("workbook_not_available"),
        })
    }
}

fn refused(code: &'static str) -> AppError {
    AppError::field("workbook", code)
}

/// The form that a duty is filed on (Order Arts 2(1), 3(1)).
const fn kind_of(duty: NotificationDuty) -> FormKind {
    match duty {
        NotificationDuty::New => FormKind::AssetNotification,
        NotificationDuty::Change | NotificationDuty::Retirement => FormKind::AssetChange,
    }
}

const fn duty_of(rows: &formats::filing::Rows) -> NotificationDuty {
    match rows {
        formats::filing::Rows::New(_) => NotificationDuty::New,
        formats::filing::Rows::Changed(_) => NotificationDuty::Change,
        formats::filing::Rows::Ended(_) => NotificationDuty::Retirement,
    }
}

/// A day in the one writing of this module.
fn day_text(day: Date) -> String {
    day.to_string()
}
