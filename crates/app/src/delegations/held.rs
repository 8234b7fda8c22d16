use std::collections::BTreeMap;

use ids::DelegationId;
use model::incidents::CasePhase;
use policy::{Action, Actor};
use serde_json::json;
use statute::ReportStage;
use store::rows::delegations::DelegationRecord;

use super::Pen;
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::incidents::{DraftView, SavedDraft, Section, Seen, Typed, load_case};
use crate::instance::App;
use crate::logs::LogCode;

/// Delegations of one person that are shown.
const SHOWN: u32 = 100;

/// A delegation as the one who holds it sees it.
#[derive(Clone, Debug)]
pub struct Held {
    /// As it is kept.
    pub record: DelegationRecord,
    /// Name of the operator in Japanese and English.
    pub operator: (String, String),
}

/// One item of a report, and nothing else of it.
#[derive(Clone, Debug)]
pub struct DelegatedItem {
    /// The delegation.
    pub held: Held,
    /// The item.
    pub section: Section,
    /// The stage whose requirements are shown.
    pub stage: ReportStage,
    /// Version of the draft.
    pub version: i64,
    /// Whether it may be filled in.
    pub may_fill: bool,
}

impl App {
    /// What the actor holds now.
    pub async fn held_delegations(&self, actor: &Actor) -> Result<Vec<Held>, AppError> {
        let scope = self
            .policy()
            .delegation_scope(actor, Action::ViewDelegation);
        if scope.person().is_none() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("delegation.held").await?;
        let mut held = Vec::new();
        for record in tx.delegations_held(&scope, self.now(), SHOWN).await? {
            held.push(self.with_operator(&mut tx, record).await?);
        }
        Ok(held)
    }

    /// One delegation that the actor holds.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everybody else, and once it is over.
    pub async fn held_delegation(&self, actor: &Actor, id: DelegationId) -> Result<Held, AppError> {
        let mut tx = self.store().begin_read("delegation.view").await?;
        let record = tx.delegation(id).await?.ok_or(AppError::NotFound)?;
        // The operator's own people work on the case itself.
        if record.person != actor.person {
            return Err(AppError::NotFound);
        }
        let resource = self.delegation_resource(&record, 0);
        drop(
            self.policy()
                .check(actor, Action::ViewDelegation, &resource)?,
        );
        self.with_operator(&mut tx, record).await
    }

    /// One item that was delegated. The look is recorded before anything is shown, and the operator sees it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for any other item.
    pub async fn view_delegated(
        &self,
        actor: &Actor,
        id: DelegationId,
        section: u8,
    ) -> Result<DelegatedItem, AppError> {
        let at = self.now();
        let mut tx = self.store().begin("delegation.read").await?;
        let record = tx.delegation(id).await?.ok_or(AppError::NotFound)?;
        let resource = self.delegation_resource(&record, section);
        let permit = self
            .policy()
            .check(actor, Action::ViewDelegated, &resource)
            .map_err(|_| AppError::NotFound)?;
        let loaded = load_case(&mut tx, record.case)
            .await?
            .ok_or(AppError::Bug("a delegated case that went away"))?;
        let stage = match loaded.case.phase() {
            CasePhase::Open => ReportStage::Prompt,
            CasePhase::PromptFiled { .. }
            | CasePhase::FullFiled { .. }
            | CasePhase::Extended { .. }
            | CasePhase::Withdrawn(_)
            | CasePhase::DecidedNotToReport { .. } => ReportStage::Full,
        };
        let draft = self.open_draft(&mut tx, &loaded).await?;
        let found = self.item_of(&draft.view, stage, section)?;
        let act = ActDraft {
            act: "delegation.read",
            subject: Subject::new("delegation", id),
            details: json!({ "section": section }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        let held = self.with_operator(&mut tx, record).await?;
        tx.commit().await?;
        Ok(DelegatedItem {
            may_fill: self.policy().may(actor, Action::FillDelegated, &resource),
            held,
            section: found,
            stage,
            version: draft.view.version,
        })
    }

    /// Saves an item that was delegated, merged field by field with what others save.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `delegation_over` when it ended meanwhile: nothing is stored.
    pub async fn save_delegated(
        &self,
        actor: &Actor,
        id: DelegationId,
        section: u8,
        fields: &BTreeMap<String, Typed>,
        seen: &Seen,
    ) -> Result<SavedDraft, AppError> {
        let mut tx = self.store().begin_read("delegation.case").await?;
        let record = self
            .must_fill_delegated(&mut tx, actor, id, section)
            .await?;
        drop(tx);
        let pen = Pen::Delegated { id, section };
        self.save_with(actor, record.case, fields, seen, pen).await
    }

    /// The fields of a delegated item, for reading what was sent; nothing of it is shown.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `delegation_over` for the one who held it until it ended.
    pub async fn delegated_fields(
        &self,
        actor: &Actor,
        id: DelegationId,
        section: u8,
    ) -> Result<Vec<&'static formats::forms::Field>, AppError> {
        let mut tx = self.store().begin_read("delegation.fields").await?;
        let record = self
            .must_fill_delegated(&mut tx, actor, id, section)
            .await?;
        let loaded = load_case(&mut tx, record.case)
            .await?
            .ok_or(AppError::Bug("a delegated case that went away"))?;
        let draft = self.open_draft(&mut tx, &loaded).await?;
        let fields = draft.view.fields();
        Ok(fields.filter(|field| field.item == section).collect())
    }

    fn item_of(
        &self,
        draft: &DraftView,
        stage: ReportStage,
        section: u8,
    ) -> Result<Section, AppError> {
        self.sections(draft, stage)
            .into_iter()
            .find(|found| found.item == section)
            .ok_or(AppError::NotFound)
    }

    async fn with_operator(
        &self,
        tx: &mut store::Tx,
        record: DelegationRecord,
    ) -> Result<Held, AppError> {
        let operator = tx
            .organisation(record.owner)
            .await?
            .ok_or(AppError::Bug("a delegation without its operator"))?;
        Ok(Held {
            record,
            operator: (operator.name_ja, operator.name_en),
        })
    }
}
