use formats::filing::{Change, changes};
use ids::FilingId;
use model::filing::Filing;
use policy::{Action, Actor, Resource};

use crate::act::Subject;
use crate::desks::read_body;
use crate::error::AppError;
use crate::filing::view::facts;
use crate::instance::App;
use crate::logs::LogCode;

/// Longest chain of versions that is followed.
const MAX_VERSIONS: usize = 200;

/// The versions of a document that its reader may see.
#[derive(Clone, Debug)]
pub struct FilingHistory {
    /// Oldest first.
    pub versions: Vec<FilingVersion>,
}

/// One version and what is new in it.
#[derive(Clone, Debug)]
pub struct FilingVersion {
    /// The version.
    pub filing: Filing,
    /// Differences from the version before, field by field; empty for the first.
    pub changes: Vec<Change>,
}

impl App {
    /// The versions of a document with their differences. For an authority reading them is an act.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know of the filing.
    pub async fn filing_history(
        &self,
        actor: &Actor,
        id: FilingId,
    ) -> Result<FilingHistory, AppError> {
        let mut tx = self.store().begin_read("filing.history").await?;
        let (filing, facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let own = facts.owner == actor.organisation;
        let permit = self
            .policy()
            .check(actor, Action::ViewFiling, &Resource::Filing(facts))?;
        let chain = self.chain(&mut tx, actor, filing).await?;
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        let shown: String = chain.iter().map(|filing| filing.body.as_str()).collect();
        let mut versions = Vec::with_capacity(chain.len());
        let mut before = None;
        for filing in chain {
            let body = read_body(&filing)?;
            let found = before
                .as_ref()
                .map(|before| changes(before, &body))
                .unwrap_or_default();
            before = Some(body);
            versions.push(FilingVersion {
                filing,
                changes: found,
            });
        }
        if own {
            drop(permit);
        } else {
            self.record_read(permit, Subject::new("filing", id), log, shown.as_bytes())
                .await?;
        }
        Ok(FilingHistory { versions })
    }

    /// The visible versions around a filing, oldest first. An invisible one ends the chain as if it were not there.
    pub(crate) async fn chain(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        filing: Filing,
    ) -> Result<Vec<Filing>, AppError> {
        let mut earlier = Vec::new();
        let mut before = filing.supersedes;
        while let Some(id) = before
            && earlier.len() < MAX_VERSIONS
        {
            let Some(version) = self.visible(tx, actor, id).await? else {
                break;
            };
            before = version.supersedes;
            earlier.push(version);
        }
        earlier.reverse();
        let mut chain = earlier;
        let mut last = filing.id;
        chain.push(filing);
        while let Some(next) = tx.successor(last).await?
            && chain.len() < MAX_VERSIONS
        {
            let Some(version) = self.visible(tx, actor, next.id).await? else {
                break;
            };
            last = version.id;
            chain.push(version);
        }
        Ok(chain)
    }
}
