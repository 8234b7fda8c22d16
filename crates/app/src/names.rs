//! What written names of makers and products mean: suggestions, what the organisation learned, undoing it.

use ids::LearnedNameId;
use model::names::{MakerName, MatchKey, ProductName};
use names::{Learned, Meaning, Query};
use policy::{Action, Actor, Permit, Resource};
use serde_json::json;
use store::rows::names::NewLearnedName;
use store::{StoreError, Tx};

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::instance::App;
use crate::logs::LogCode;

pub use names::{Reason, Suggestion};
pub use store::rows::names::LearnedName;

/// Spellings of one organisation that are looked at; the matcher does not need more of them.
pub(crate) const MOST_LEARNED: u32 = 20_000;
/// Characters of a maker or product as written.
const MAX_CHARS: usize = 200;

/// A spelling and what it means, as someone confirms.
#[derive(Clone)]
pub struct LearnName {
    /// Maker as written; may be empty.
    pub maker: String,
    /// Product as written.
    pub product: String,
    /// Id of the maker in the master.
    pub maker_id: String,
    /// Id of the product in the master; empty for the maker alone.
    pub product_id: String,
}

impl std::fmt::Debug for LearnName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LearnName").finish_non_exhaustive()
    }
}

/// What an organisation learned, with the names of the master.
#[derive(Clone, Debug)]
pub struct LearnedEntry {
    /// As kept.
    pub name: LearnedName,
    /// Maker and product of the master in Japanese and English; `None` when the master has them no more.
    pub meant: Option<[String; 2]>,
}

impl App {
    /// What these names may mean to the actor's organisation, best first, at most five.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn suggest_names(
        &self,
        actor: &Actor,
        maker: &str,
        product: &str,
    ) -> Result<Vec<Suggestion>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("names.suggest").await?;
        let learned = learned_of(&mut tx, actor.organisation).await?;
        drop(tx);
        let maker = maker.trim();
        let query = Query {
            maker: (!maker.is_empty()).then_some(maker),
            product,
        };
        Ok(self.matcher()?.suggest(&query, &learned))
    }

    /// Keeps what a spelling means to the actor's organisation. Nothing that was filed or entered changes by it.
    pub async fn learn_name(
        &self,
        actor: &Actor,
        input: &LearnName,
    ) -> Result<LearnedNameId, AppError> {
        let at = self.now();
        let mut tx = self.store().begin("names.learn").await?;
        let register = Resource::Register {
            owner: actor.organisation,
        };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        let id = self.learn_in(&mut tx, actor, permit, input, at).await?;
        tx.compare_again(actor.organisation).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// As [`App::learn_name`], in a transaction of the caller's, who compares with advisories again.
    pub(crate) async fn learn_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        permit: Permit,
        input: &LearnName,
        at: jiff::Timestamp,
    ) -> Result<LearnedNameId, AppError> {
        let name = self.new_name(actor, input, at)?;
        tx.learn_name(&name).await?;
        let act = learned_act(
            "name.learned",
            name.id,
            &name.meant_maker,
            name.meant_product.as_deref(),
        );
        self.record(tx, permit, &act, at).await?;
        Ok(name.id)
    }

    /// Undoes what was learned; it stays in the list with who undid it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it was undone before, or is of another organisation.
    pub async fn undo_name(&self, actor: &Actor, id: LearnedNameId) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("names.undo").await?;
        let owner = actor.organisation;
        let permit =
            self.policy()
                .check(actor, Action::EditRegister, &Resource::Register { owner })?;
        match tx.undo_learned_name(id, owner, actor.person, at).await {
            Err(StoreError::Stale { .. }) => return Err(AppError::NotFound),
            other => other?,
        }
        tx.compare_again(owner).await?;
        let act = learned_act("name.undone", id, "", None);
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the actor's organisation learned, newest first, that which was undone too.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn learned_names(
        &self,
        actor: &Actor,
        before: Option<LearnedNameId>,
        limit: u32,
    ) -> Result<Vec<LearnedEntry>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("names.list").await?;
        let names = tx
            .learned_names(&scope, before, self.page_limit(limit))
            .await?;
        let master = self.matcher()?.master();
        Ok(names
            .into_iter()
            .map(|name| {
                let maker = master.maker(&name.meant_maker);
                let product = name.meant_product.as_deref().map(|id| master.product(id));
                let meant = match (maker, product) {
                    (Some(maker), None) => Some([maker.ja.clone(), maker.en.clone()]),
                    (Some(maker), Some(Some(product))) => Some([
                        format!("{} {}", maker.ja, product.ja),
                        format!("{} {}", maker.en, product.en),
                    ]),
                    _ => None,
                };
                LearnedEntry { name, meant }
            })
            .collect())
    }

    fn new_name(
        &self,
        actor: &Actor,
        input: &LearnName,
        at: jiff::Timestamp,
    ) -> Result<NewLearnedName, AppError> {
        let master = self.matcher()?.master();
        let mut problems = Vec::new();
        let maker = input.maker.trim();
        if MAX_CHARS < maker.chars().count()
            || (!maker.is_empty() && MakerName::parse(maker).is_err())
        {
            problems.push(FieldProblem::new("maker", "name_unreadable"));
        }
        if ProductName::parse(&input.product).is_err() {
            problems.push(FieldProblem::new("product", "name_unreadable"));
        }
        let known = master.maker(&input.maker_id).is_some()
            && (input.product_id.is_empty() || master.product(&input.product_id).is_some());
        if !known {
            problems.push(FieldProblem::new("meant", "name_unknown"));
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let product = input.product.trim();
        Ok(NewLearnedName {
            id: self.ids().next(),
            owner: actor.organisation,
            maker: maker.to_owned(),
            product: product.to_owned(),
            keys: (
                MatchKey::of_maker_search(maker).as_str().to_owned(),
                MatchKey::of_search(product).as_str().to_owned(),
            ),
            meant_maker: input.maker_id.clone(),
            meant_product: (!input.product_id.is_empty()).then(|| input.product_id.clone()),
            by: actor.person,
            at,
        })
    }
}

/// What an organisation learned, as the matcher wants it.
pub(crate) async fn learned_of(
    tx: &mut Tx,
    owner: ids::OrganisationId,
) -> Result<Learned, AppError> {
    let mut learned = Learned::default();
    for name in tx.names_in_force(owner, MOST_LEARNED).await? {
        let meaning = Meaning {
            maker_id: name.meant_maker,
            product_id: name.meant_product,
        };
        let maker = (!name.maker.is_empty()).then_some(name.maker.as_str());
        learned.insert(maker, &name.product, meaning);
    }
    Ok(learned)
}

fn learned_act(
    act: &'static str,
    id: LearnedNameId,
    maker: &str,
    product: Option<&str>,
) -> ActDraft {
    ActDraft {
        act,
        subject: Subject::new("learned_name", id),
        details: json!({ "meant_maker": maker, "meant_product": product }),
        rows: Vec::new(),
        logs: vec![LogCode::instance()],
    }
}
