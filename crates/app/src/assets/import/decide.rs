//! What people decide on rows.

use std::collections::{BTreeMap, HashSet};

use ids::{FacilityId, ImportId};
use model::assets::NotifiedUnit;
use policy::{Action, Actor, Permit, Resource};
use serde::{Deserialize, Serialize};
use statute::{Answer, AssetClass, Exemption};
use store::Tx;
use store::rows::imports::ImportHead;

use super::check::loaded;
use crate::error::AppError;
use crate::instance::App;

/// Sheet and row.
pub type RowKey = (u32, u32);

/// The rows that something is decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These.
    Rows(Vec<RowKey>),
    /// All entries, or all of one state.
    All(Option<&'static str>),
}

/// What is decided; what is absent stays as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowChange {
    /// Product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Manufacturer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// A facility of the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityId>,
    /// Class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<AssetClass>,
    /// The answers that decided the class; none where someone chose it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub class_answers: BTreeMap<String, Answer>,
    /// What is notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<NotifiedUnit>,
    /// Day of introduction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduced_on: Option<String>,
    /// Day it became specified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub became_specified_on: Option<String>,
    /// Why it need not be notified. With ESPA one confirms that product and supplier are the same there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<Exemption>,
    /// The facts that own-group use rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Document under ESPA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub espa_document: Option<String>,
    /// It is notified, whatever the column of exemptions says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<bool>,
    /// It is another computer than the one it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_apart: Option<bool>,
    /// It stays behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<bool>,
}

impl std::fmt::Debug for RowChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowChange").finish_non_exhaustive()
    }
}

impl RowChange {
    /// Puts what is present in `other` over what was decided before. A choice to notify and one not to exclude each
    /// other.
    fn over(self, before: &Self) -> Self {
        let before = before.clone();
        let notify = if self.exemption.is_some() {
            None
        } else {
            self.notify.or(before.notify)
        };
        let exemption = if self.notify == Some(true) {
            None
        } else {
            self.exemption.or(before.exemption)
        };
        let class_answers = if self.class.is_some() {
            self.class_answers
        } else {
            before.class_answers
        };
        Self {
            class_answers,
            product: self.product.or(before.product),
            maker: self.maker.or(before.maker),
            facility: self.facility.or(before.facility),
            class: self.class.or(before.class),
            unit: self.unit.or(before.unit),
            introduced_on: self.introduced_on.or(before.introduced_on),
            became_specified_on: self.became_specified_on.or(before.became_specified_on),
            exemption,
            explanation: self.explanation.or(before.explanation),
            espa_document: self.espa_document.or(before.espa_document),
            notify,
            keep_apart: self.keep_apart.or(before.keep_apart),
            left_out: self.left_out.or(before.left_out),
        }
    }
}

/// A decision on rows.
#[derive(Clone, Debug)]
pub struct DecideRows {
    /// Which.
    pub selection: Selection,
    /// What; `None` takes back everything that was decided on them.
    pub change: Option<RowChange>,
}

impl App {
    /// Decides something on rows of an open import; every row is checked again.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed the import since `version` was read.
    pub async fn decide_import_rows(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
        decide: &DecideRows,
    ) -> Result<u32, AppError> {
        let mut tx = self.store().begin("import.decide").await?;
        let (mut head, permit) = self.open_import(&mut tx, actor, id).await?;
        // Nothing of an import is official before it is registered.
        drop(permit);
        if head.version != version {
            return Err(AppError::Stale);
        }
        if let Some(facility) = decide.change.as_ref().and_then(|change| change.facility) {
            let own = tx
                .facility(facility)
                .await?
                .is_some_and(|facility| facility.owner == actor.organisation);
            if !own {
                return Err(AppError::field("facility", "facility_unknown"));
            }
        }
        let (sheets, mut entries) = loaded(&mut tx, id).await?;
        let chosen: Option<HashSet<RowKey>> = match &decide.selection {
            Selection::Rows(keys) => Some(keys.iter().copied().collect()),
            Selection::All(_) => None,
        };
        let mut decided = 0_u32;
        for entry in &mut entries {
            let entry_row = !matches!(
                entry.stored.state.as_str(),
                "heading" | "blank" | "registered"
            );
            let meant = match (&chosen, &decide.selection) {
                (Some(keys), _) => keys.contains(&entry.key()),
                (None, Selection::All(Some(state))) => entry.stored.state == *state,
                (None, Selection::All(None) | Selection::Rows(_)) => true,
            };
            if !entry_row || !meant {
                continue;
            }
            entry.decided = match &decide.change {
                None => RowChange::default(),
                Some(change) => change.clone().over(&entry.decided),
            };
            decided = decided.saturating_add(1);
        }
        if decided == 0 {
            return Err(AppError::field("rows", "import_rows_missing"));
        }
        self.recheck_entries(&mut tx, actor, id, &sheets, &mut entries)
            .await?;
        head.updated_at = self.now();
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(decided)
    }

    /// Gives an import up. Its rows are removed; that there was one stays.
    pub async fn drop_import(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("import.drop").await?;
        let (mut head, permit) = self.open_import(&mut tx, actor, id).await?;
        drop(permit);
        if head.version != version {
            return Err(AppError::Stale);
        }
        tx.forget_import(id).await?;
        "dropped".clone_into(&mut head.phase);
        head.updated_at = self.now();
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An import of the actor's own that is still open, with the permit to keep the register.
    pub(super) async fn open_import(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ImportId,
    ) -> Result<(ImportHead, Permit), AppError> {
        let head = tx.import(id).await?.ok_or(AppError::NotFound)?;
        let register = Resource::Register { owner: head.owner };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        if head.phase != "open" {
            return Err(AppError::Conflict("import_closed"));
        }
        Ok((head, permit))
    }

    /// An import that the actor may see.
    pub(super) async fn seen_import(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ImportId,
    ) -> Result<ImportHead, AppError> {
        let head = tx.import(id).await?.ok_or(AppError::NotFound)?;
        let register = Resource::Register { owner: head.owner };
        // Looking at the own register is no reading of others' contents.
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &register)?,
        );
        Ok(head)
    }
}
