use ids::{ComputerId, FacilityId, FilingId, Id, ImportId, OrganisationId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, instant};

/// A bulk import of computers, as it stands.
#[derive(Clone, Debug)]
pub struct ImportHead {
    /// Identifies it.
    pub id: ImportId,
    /// Whose it is.
    pub owner: OrganisationId,
    /// Code of its phase: open, registered, filed or dropped.
    pub phase: String,
    /// Who began it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// The notification that was made of it.
    pub filing: Option<FilingId>,
    /// Grows with each change.
    pub version: i64,
}

/// One sheet of an uploaded file.
#[derive(Clone)]
pub struct ImportSheet {
    /// Its place among the sheets of the import.
    pub position: u32,
    /// Name of the file.
    pub file_name: String,
    /// Name of the sheet; empty where the file has only one.
    pub sheet_name: String,
    /// Code of the format.
    pub format: String,
    /// JSON: headings, what columns mean, how it was written.
    pub body: String,
}

/// One row of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The sheet.
    pub sheet: u32,
    /// Row of the sheet from 0.
    pub position: u32,
    /// Where it stood in the file, for people.
    pub place: String,
    /// JSON: texts as they stood.
    pub cells: String,
    /// JSON: what people decided.
    pub decided: Option<String>,
    /// Code of what comes of it.
    pub state: String,
    /// JSON: what was found.
    pub finding: Option<String>,
    /// The computer that it became.
    pub computer: Option<ComputerId>,
}

/// Whose rows and texts they are is nobody's business in a log.
impl std::fmt::Debug for ImportSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportSheet")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ImportRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportRow")
            .field("sheet", &self.sheet)
            .field("position", &self.position)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A computer of the register as an import compares it.
#[derive(Clone, Debug)]
pub struct RegisterKey {
    /// The computer.
    pub computer: ComputerId,
    /// Where it belongs.
    pub facility: FacilityId,
    /// Keys of product and maker.
    pub match_key: String,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ImportHeadRow {
    id: Uuid,
    owner_id: Uuid,
    phase: String,
    created_by: Uuid,
    created_at: i64,
    updated_at: i64,
    filing_id: Option<Uuid>,
    version: i64,
}

impl TryFrom<ImportHeadRow> for ImportHead {
    type Error = StoreError;

    fn try_from(row: ImportHeadRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            phase: row.phase,
            created_by: Id::from_uuid(row.created_by),
            created_at: instant(row.created_at, "asset_import", "created_at")?,
            updated_at: instant(row.updated_at, "asset_import", "updated_at")?,
            filing: row.filing_id.map(Id::from_uuid),
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ImportSheetRow {
    position: i64,
    file_name: String,
    sheet_name: String,
    format: String,
    body: String,
}

impl TryFrom<ImportSheetRow> for ImportSheet {
    type Error = StoreError;

    fn try_from(row: ImportSheetRow) -> Result<Self, StoreError> {
        Ok(Self {
            position: count(row.position, "asset_import_sheet", "position")?,
            file_name: row.file_name,
            sheet_name: row.sheet_name,
            format: row.format,
            body: row.body,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ImportRowRow {
    sheet: i64,
    position: i64,
    place: String,
    cells: String,
    decided: Option<String>,
    state: String,
    finding: Option<String>,
    computer_id: Option<Uuid>,
}

impl TryFrom<ImportRowRow> for ImportRow {
    type Error = StoreError;

    fn try_from(row: ImportRowRow) -> Result<Self, StoreError> {
        Ok(Self {
            sheet: count(row.sheet, "asset_import_row", "sheet")?,
            position: count(row.position, "asset_import_row", "position")?,
            place: row.place,
            cells: row.cells,
            decided: row.decided,
            state: row.state,
            finding: row.finding,
            computer: row.computer_id.map(Id::from_uuid),
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct RegisterKeyRow {
    id: Uuid,
    facility_id: Uuid,
    match_key: String,
}

impl From<RegisterKeyRow> for RegisterKey {
    fn from(row: RegisterKeyRow) -> Self {
        Self {
            computer: Id::from_uuid(row.id),
            facility: Id::from_uuid(row.facility_id),
            match_key: row.match_key,
        }
    }
}
