//! What the written names of an import mean: one question for all rows of one spelling.

use std::cmp::Reverse;
use std::collections::HashMap;

use ids::ImportId;
use model::names::MatchKey;
use names::{Query, Suggestion};
use policy::{Action, Actor, Resource};

use super::check::loaded;
use super::entry::Entry;
use crate::error::AppError;
use crate::instance::App;
use crate::names::{LearnName, learned_of};

/// Spellings that the matcher looks at for one page, those of most rows first.
const MOST_LOOKED_AT: usize = 2_000;
/// Spellings that are confirmed in one step.
const MOST_CONFIRMED: usize = 100;
/// Suggestions shown of a spelling.
const SUGGESTED: usize = 3;

/// One spelling of maker and product in an import.
#[derive(Clone)]
pub struct Spelling {
    /// Maker as it is written first.
    pub maker: String,
    /// Product as it is written first.
    pub product: String,
    /// Rows that are written so.
    pub rows: u32,
    /// What may be meant, best first; at least one.
    pub suggestions: Vec<Suggestion>,
}

/// Names are nobody's business in a log.
impl std::fmt::Debug for Spelling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spelling")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// Spellings of an import that nobody of the organisation confirmed yet.
#[derive(Clone, Debug)]
pub struct SpellingPage {
    /// Those for which the master has suggestions.
    pub spellings: Vec<Spelling>,
    /// Whether more follow.
    pub more: bool,
    /// Spellings of the import that are confirmed.
    pub confirmed: usize,
    /// Spellings that are not.
    pub open: usize,
}

impl App {
    /// Spellings of an import that are not confirmed, those of most rows first, with what the master suggests.
    pub async fn import_spellings(
        &self,
        actor: &Actor,
        id: ImportId,
        limit: usize,
        offset: usize,
    ) -> Result<SpellingPage, AppError> {
        let mut tx = self.store().begin_read("import.spellings").await?;
        self.seen_import(&mut tx, actor, id).await?;
        let (_, entries) = loaded(&mut tx, id).await?;
        let learned = learned_of(&mut tx, actor.organisation).await?;
        drop(tx);
        let written = spellings(&entries);
        let all = written.len();
        let open: Vec<Spelling> = written
            .into_iter()
            .filter(|each| learned.meaning(given(&each.maker), &each.product).is_none())
            .collect();
        let (confirmed, total) = (all.saturating_sub(open.len()), open.len());
        let app = self.clone();
        let (spellings, more) =
            tokio::task::spawn_blocking(move || app.suggested(open, limit, offset))
                .await
                .map_err(|_| AppError::Bug("spellings that ended the matching"))??;
        Ok(SpellingPage {
            spellings,
            more,
            confirmed,
            open: total,
        })
    }

    fn suggested(
        &self,
        open: Vec<Spelling>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<Spelling>, bool), AppError> {
        let matcher = self.matcher()?;
        let nothing = names::Learned::default();
        let mut passed = 0_usize;
        let mut shown = Vec::new();
        for mut spelling in open.into_iter().take(MOST_LOOKED_AT) {
            let query = Query {
                maker: given(&spelling.maker),
                product: &spelling.product,
            };
            spelling.suggestions = matcher.suggest(&query, &nothing);
            spelling.suggestions.truncate(SUGGESTED);
            if spelling.suggestions.is_empty() {
                continue;
            }
            if passed < offset {
                passed = passed.saturating_add(1);
                continue;
            }
            if limit <= shown.len() {
                return Ok((shown, true));
            }
            shown.push(spelling);
        }
        Ok((shown, false))
    }

    /// Keeps what spellings of an open import mean to the organisation. The rows stay as they are written; every row is
    /// looked at again, as two spellings of one maker may turn out to be the same computer.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed the import since `version` was read; [`AppError::Invalid`] for a
    /// name that the master does not have.
    pub async fn confirm_import_names(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
        names: &[LearnName],
    ) -> Result<(), AppError> {
        if names.is_empty() {
            return Err(AppError::field("names", "import_names_missing"));
        }
        if MOST_CONFIRMED < names.len() {
            return Err(AppError::TooLarge("too_many_names"));
        }
        let at = self.now();
        let mut tx = self.store().begin("import.names").await?;
        let (mut head, permit) = self.open_import(&mut tx, actor, id).await?;
        drop(permit);
        if head.version != version {
            return Err(AppError::Stale);
        }
        let register = Resource::Register { owner: head.owner };
        for name in names {
            let permit = self
                .policy()
                .check(actor, Action::EditRegister, &register)?;
            self.learn_in(&mut tx, actor, permit, name, at).await?;
        }
        tx.compare_again(head.owner).await?;
        let (sheets, mut entries) = loaded(&mut tx, id).await?;
        self.recheck_entries(&mut tx, actor, id, &sheets, &mut entries)
            .await?;
        head.updated_at = at;
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn given(maker: &str) -> Option<&str> {
    (!maker.is_empty()).then_some(maker)
}

/// Spellings of rows that may be registered, each once, those of most rows first.
fn spellings(entries: &[Entry]) -> Vec<Spelling> {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut found: Vec<Spelling> = Vec::new();
    for entry in entries {
        let counts = matches!(
            entry.stored.state.as_str(),
            "ready" | "exempt" | "problem" | "duplicate"
        );
        let Some(row) = entry.found.as_ref().filter(|_| counts) else {
            continue;
        };
        if row.product.is_empty() {
            continue;
        }
        let keys = (
            MatchKey::of_maker_search(&row.maker).as_str().to_owned(),
            MatchKey::of_search(&row.product).as_str().to_owned(),
        );
        let place = *places.entry(keys).or_insert(found.len());
        match found.get_mut(place) {
            Some(known) => known.rows = known.rows.saturating_add(1),
            None => found.push(Spelling {
                maker: row.maker.clone(),
                product: row.product.clone(),
                rows: 1,
                suggestions: Vec::new(),
            }),
        }
    }
    found.sort_by_key(|each| Reverse(each.rows));
    found
}
