use formats::filing::{Change, changes};
use ids::CaseId;
use policy::{Action, Actor};
use store::rows::desks::FilingHead;

use super::awareness::resource;
use super::load::load_case;
use super::seed::read_body;
use crate::error::AppError;
use crate::instance::App;

/// A version of the report of a case, with what it changed.
#[derive(Clone, Debug)]
pub struct FiledVersion {
    /// The document.
    pub version: Version,
    /// The differences to the version before; empty for the first one.
    pub changes: Vec<Change>,
}

/// A filed document of a case, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// What a list shows of it.
    pub head: FilingHead,
    /// Name of who filed it.
    pub filed_by_name: String,
}

impl App {
    /// Everything filed in a case, newest first, each with its differences to the one before.
    pub async fn case_history(
        &self,
        actor: &Actor,
        id: CaseId,
    ) -> Result<Vec<FiledVersion>, AppError> {
        let mut tx = self.store().begin_read("case.history").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        drop(
            self.policy()
                .check(actor, Action::ViewCase, &resource(&loaded.case))?,
        );
        let mut versions = Vec::with_capacity(loaded.filings.len());
        let mut before = None;
        for record in loaded.filings {
            let filing = tx
                .filing(record.head.id)
                .await?
                .ok_or(AppError::Bug("a filing of the case is missing"))?;
            let body = read_body(&filing.body)?;
            let found = before
                .as_ref()
                .map(|before| changes(before, &body))
                .unwrap_or_default();
            let filed_by_name = tx
                .person(record.head.filed_by)
                .await?
                .map(|(person, _)| person.name)
                .unwrap_or_default();
            versions.push(FiledVersion {
                version: Version {
                    head: record.head,
                    filed_by_name,
                },
                changes: found,
            });
            before = Some(body);
        }
        versions.reverse();
        Ok(versions)
    }
}
