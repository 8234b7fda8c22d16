use model::names::MatchKey;
use policy::{Action, Actor, OrganisationFacts, Resource};
use store::rows::desks::FilingHead;

use crate::act::Subject;
use crate::desks::queue::ListCursor;
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Longest text to search for.
const MAX_CHARS: usize = 200;

/// Filings that were found.
#[derive(Clone, Debug)]
pub struct FoundFilings {
    /// What was found, newest first, with the name of the operator in Japanese and English.
    pub items: Vec<(FilingHead, (String, String))>,
    /// Where the next page begins.
    pub next: Option<ListCursor>,
}

impl App {
    /// Searches the filings that the actor may search, by words as people write them.
    ///
    /// For an authority the search is recorded with a digest of what it showed, before it is shown.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nothing to search for is left after normalising.
    pub async fn search_filings(
        &self,
        actor: &Actor,
        words: &str,
        after: Option<ListCursor>,
        limit: u32,
    ) -> Result<FoundFilings, AppError> {
        let own = Resource::Organisation(OrganisationFacts {
            id: actor.organisation,
            kind: actor.organisation_kind,
        });
        let permit = self.policy().check(actor, Action::SearchFilings, &own)?;
        if MAX_CHARS < words.chars().count() {
            return Err(AppError::field("q", "search_too_long"));
        }
        let needle = MatchKey::of_search(words);
        if needle.as_str().is_empty() {
            return Err(AppError::field("q", "search_empty"));
        }
        let limit = self.page_limit(limit);
        let scope = self.policy().filing_scope(actor, Action::SearchFilings);
        let mut tx = self.store().begin_read("filing.search").await?;
        let mut found = tx
            .search_filings(
                &scope,
                needle.as_str(),
                after.map(|cursor| cursor.0),
                limit.saturating_add(1),
            )
            .await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = wanted < found.len();
        found.truncate(wanted);
        let next = found.last().filter(|_| more).map(|head| {
            ListCursor(store::FilingCursor {
                filed_at: head.filed_at,
                id: head.id,
            })
        });
        let mut items = Vec::with_capacity(found.len());
        for head in found {
            let operator = self.owner_of(&mut tx, head.owner).await?;
            items.push((head, (operator.name_ja, operator.name_en)));
        }
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        // Searching what the own organisation filed shows nothing of others.
        if scope.addressed_to().is_some() {
            let ids: serde_json::Value = items
                .iter()
                .map(|(head, _)| serde_json::Value::from(head.id.to_string()))
                .collect();
            let shown = ledger::canonical_json(&ids)
                .map_err(|_| AppError::Bug("a list without canonical form"))?;
            let subject = Subject::new("organisation", actor.organisation);
            self.record_read(permit, subject, log, shown.as_bytes())
                .await?;
        }
        Ok(FoundFilings { items, next })
    }
}
