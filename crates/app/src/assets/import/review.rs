//! The rows of an import, to be looked through.

use ids::{ComputerId, ImportId};
use policy::{Action, Actor, Resource};
use store::rows::imports::ImportHead;

use super::check::loaded;
use super::entry::Entry;
use super::finding::Found;
use crate::error::AppError;
use crate::instance::App;

/// What comes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// It will be registered.
    Ready,
    /// It will be registered and need not be notified (届出対象外（報告対象）).
    Exempt,
    /// Something is missing or wrong.
    Problem,
    /// It is another row or a computer of the register already.
    Duplicate,
    /// Someone left it out.
    LeftOut,
    /// It is in the register.
    Registered,
}

impl RowState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Ready,
        Self::Exempt,
        Self::Problem,
        Self::Duplicate,
        Self::LeftOut,
        Self::Registered,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Exempt => "exempt",
            Self::Problem => "problem",
            Self::Duplicate => "duplicate",
            Self::LeftOut => "left_out",
            Self::Registered => "registered",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How many rows stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Ready to be registered and notified.
    pub ready: u32,
    /// Ready to be registered, need not be notified.
    pub exempt: u32,
    /// With problems.
    pub problem: u32,
    /// Duplicates.
    pub duplicate: u32,
    /// Left out by someone.
    pub left_out: u32,
    /// Registered.
    pub registered: u32,
}

impl ImportCounts {
    /// All entries.
    pub const fn all(&self) -> u32 {
        self.ready
            .saturating_add(self.exempt)
            .saturating_add(self.problem)
            .saturating_add(self.duplicate)
            .saturating_add(self.left_out)
            .saturating_add(self.registered)
    }

    /// Those that would be registered.
    pub const fn accepted(&self) -> u32 {
        self.ready.saturating_add(self.exempt)
    }

    /// Of one state.
    pub const fn of(&self, state: RowState) -> u32 {
        match state {
            RowState::Ready => self.ready,
            RowState::Exempt => self.exempt,
            RowState::Problem => self.problem,
            RowState::Duplicate => self.duplicate,
            RowState::LeftOut => self.left_out,
            RowState::Registered => self.registered,
        }
    }
}

/// A row to be looked through.
#[derive(Clone, Debug)]
pub struct ReviewRow {
    /// Sheet and row.
    pub key: (u32, u32),
    /// Where it stood in the file.
    pub place: String,
    /// What comes of it.
    pub state: RowState,
    /// What was found.
    pub found: Found,
    /// Whether something was decided on it.
    pub decided: bool,
    /// The computer that it became.
    pub computer: Option<ComputerId>,
}

/// An import as it stands.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// Phase, version and the like.
    pub head: ImportHead,
    /// How many rows stand where.
    pub counts: ImportCounts,
    /// Sheets by their place: file and sheet.
    pub sheets: Vec<(u32, String)>,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Whether the reader may file what was registered, perhaps after showing the second factor again.
    pub may_file: bool,
}

/// A page of its rows.
#[derive(Clone, Debug)]
pub struct ImportPage {
    /// Rows.
    pub rows: Vec<ReviewRow>,
    /// Whether more follow.
    pub more: bool,
}

impl App {
    /// An import with its counts.
    pub async fn view_import(&self, actor: &Actor, id: ImportId) -> Result<ImportView, AppError> {
        let mut tx = self.store().begin_read("import.view").await?;
        let head = self.seen_import(&mut tx, actor, id).await?;
        let mut counts = ImportCounts::default();
        for (state, total) in tx.import_counts(id).await? {
            let total = u32::try_from(total).unwrap_or(u32::MAX);
            match RowState::from_code(&state) {
                Some(RowState::Ready) => counts.ready = total,
                Some(RowState::Exempt) => counts.exempt = total,
                Some(RowState::Problem) => counts.problem = total,
                Some(RowState::Duplicate) => counts.duplicate = total,
                Some(RowState::LeftOut) => counts.left_out = total,
                Some(RowState::Registered) => counts.registered = total,
                None => {}
            }
        }
        let sheets = tx
            .import_sheets(id)
            .await?
            .into_iter()
            .map(|sheet| {
                let name = if sheet.sheet_name.is_empty() {
                    sheet.file_name
                } else {
                    format!("{} / {}", sheet.file_name, sheet.sheet_name)
                };
                (sheet.position, name)
            })
            .collect();
        let register = Resource::Register { owner: head.owner };
        let may = |action| match self.policy().check(actor, action, &register) {
            Ok(permit) => {
                drop(permit);
                true
            }
            Err(policy::Denied::StepUpRequired) => true,
            Err(policy::Denied::Forbidden | policy::Denied::NotFound) => false,
        };
        Ok(ImportView {
            may_edit: may(Action::EditRegister),
            may_file: may(Action::FileNotification),
            head,
            counts,
            sheets,
        })
    }

    /// Rows of an import in the order of the files, those of one state where one is given.
    pub async fn import_rows(
        &self,
        actor: &Actor,
        id: ImportId,
        state: Option<RowState>,
        limit: u32,
        offset: u32,
    ) -> Result<ImportPage, AppError> {
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("import.rows").await?;
        self.seen_import(&mut tx, actor, id).await?;
        let mut stored = tx
            .import_page(
                id,
                state.map(RowState::code),
                limit.saturating_add(1),
                offset,
            )
            .await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = shown < stored.len();
        stored.truncate(shown);
        let mut rows = Vec::with_capacity(stored.len());
        for row in stored {
            rows.push(reviewed(Entry::read(row)?)?);
        }
        Ok(ImportPage { rows, more })
    }

    /// All rows that stay behind, for the list of an accepted import.
    pub async fn import_left_behind(
        &self,
        actor: &Actor,
        id: ImportId,
    ) -> Result<Vec<ReviewRow>, AppError> {
        let mut tx = self.store().begin_read("import.left").await?;
        self.seen_import(&mut tx, actor, id).await?;
        let (_, entries) = loaded(&mut tx, id).await?;
        let mut rows = Vec::new();
        for entry in entries {
            if matches!(
                entry.stored.state.as_str(),
                "problem" | "duplicate" | "left_out"
            ) {
                rows.push(reviewed(entry)?);
            }
        }
        Ok(rows)
    }
}

pub(super) fn reviewed(entry: Entry) -> Result<ReviewRow, AppError> {
    let state = RowState::from_code(&entry.stored.state)
        .ok_or(AppError::Bug("a row of an import that is no entry"))?;
    Ok(ReviewRow {
        key: entry.key(),
        decided: entry.stored.decided.is_some(),
        computer: entry.stored.computer,
        place: entry.stored.place,
        state,
        found: entry.found.unwrap_or_default(),
    })
}
