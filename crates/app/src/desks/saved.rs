use ids::SavedFilterId;
use model::text::{Line, TextError};
use policy::{Action, Actor, Resource};
use store::rows::desk_work;

use crate::desks::queue::{DeskFilter, Whose};
use crate::error::AppError;
use crate::instance::App;

/// Most filters that one person keeps.
const MAX_FILTERS: usize = 20;

/// What a person wants to see of the queue, by a name of its own.
#[derive(Clone, Debug)]
pub struct SavedFilter {
    /// Identifies it.
    pub id: SavedFilterId,
    /// How the person calls it.
    pub name: String,
    /// What is wanted.
    pub filter: DeskFilter,
}

impl App {
    /// Keeps a filter under a name; one of the same name is replaced.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a name that is missing or too long, and when the person keeps too many;
    /// [`AppError::NotFound`] for whoever has no desk.
    pub async fn save_filter(
        &self,
        actor: &Actor,
        name: &str,
        filter: &DeskFilter,
    ) -> Result<(), AppError> {
        self.require_queue(actor)?;
        let name = Line::<60>::parse(name)
            .map_err(|error: TextError| AppError::field("name", error.code()))?;
        let mut tx = self.store().begin("desk.save_filter").await?;
        let known = tx.saved_filters(actor.person).await?;
        let replaces = known.iter().any(|kept| kept.name == name.as_str());
        if !replaces && MAX_FILTERS <= known.len() {
            return Err(AppError::field("name", "saved_filter_too_many"));
        }
        let new = desk_work::SavedFilter {
            id: self.ids().next(),
            name: name.as_str().to_owned(),
            state: filter.state.code().to_owned(),
            kind: filter.kind.map(|kind| kind.code().to_owned()),
            assignee: filter.whose.to_string(),
        };
        tx.save_filter(actor.person, &new, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The filters that the actor keeps, by name. One that this version no longer knows shows what is open.
    pub async fn saved_filters(&self, actor: &Actor) -> Result<Vec<SavedFilter>, AppError> {
        self.require_queue(actor)?;
        let mut tx = self.store().begin_read("desk.saved_filters").await?;
        Ok(tx
            .saved_filters(actor.person)
            .await?
            .into_iter()
            .map(|kept| SavedFilter {
                id: kept.id,
                name: kept.name,
                filter: DeskFilter {
                    state: kept.state.parse().unwrap_or(DeskFilter::default().state),
                    kind: kept.kind.and_then(|kind| kind.parse().ok()),
                    whose: kept.assignee.parse().unwrap_or(Whose::Everybody),
                },
            })
            .collect())
    }

    /// Forgets a filter.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the actor keeps no such filter.
    pub async fn forget_filter(&self, actor: &Actor, id: SavedFilterId) -> Result<(), AppError> {
        self.require_queue(actor)?;
        let mut tx = self.store().begin("desk.forget_filter").await?;
        if !tx.forget_filter(actor.person, id).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }

    fn require_queue(&self, actor: &Actor) -> Result<(), AppError> {
        let queue = Resource::Queue {
            desk: actor.organisation,
        };
        drop(self.policy().check(actor, Action::ViewQueue, &queue)?);
        Ok(())
    }
}
