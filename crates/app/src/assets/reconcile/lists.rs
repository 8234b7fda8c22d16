//! Lists that a register is compared with: imports that somebody chose.

use ids::ImportId;
use jiff::Timestamp;
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::rows::reconciliation::Reconciliation;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Imports that are offered; the newest first.
const OFFERED: u32 = 50;

/// What a list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// What there is now (棚卸し).
    Inventory,
    /// What was filed under the Economic Security Promotion Act.
    Espa,
}

impl ListKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Inventory, Self::Espa];

    /// The text that forms send.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Espa => "espa",
        }
    }

    /// The list with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// An import that may be chosen as a list.
#[derive(Clone, Debug)]
pub struct ListChoice {
    /// The import.
    pub import: ImportId,
    /// Names of its files.
    pub files: Vec<String>,
    /// When it was begun.
    pub at: Timestamp,
}

/// What a register is compared with.
#[derive(Clone, Debug)]
pub struct ComparedWith {
    /// The list of what there is.
    pub inventory: Option<ImportId>,
    /// The list of what was filed under the Economic Security Promotion Act.
    pub espa: Option<ImportId>,
    /// When it was compared last.
    pub compared_at: Option<Timestamp>,
    /// Imports that may be chosen.
    pub choices: Vec<ListChoice>,
}

impl App {
    /// What the own register is compared with, and what may be chosen.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn compared_with(&self, actor: &Actor) -> Result<ComparedWith, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let owner = scope.owned_by().ok_or(AppError::NotFound)?;
        let mut tx = self.store().begin_read("reconcile.lists").await?;
        let kept = tx.reconciliation(owner).await?;
        let mut choices = Vec::new();
        for head in tx.imports(&scope, None, OFFERED).await? {
            if head.phase == "dropped" {
                continue;
            }
            let mut files: Vec<String> = tx
                .import_sheets(head.id)
                .await?
                .into_iter()
                .map(|sheet| sheet.file_name)
                .collect();
            files.dedup();
            choices.push(ListChoice {
                import: head.id,
                files,
                at: head.created_at,
            });
        }
        Ok(ComparedWith {
            inventory: kept.inventory,
            espa: kept.espa,
            compared_at: kept.compared.map(|(_, at)| at),
            choices,
        })
    }

    /// Chooses the import that is compared with, or none, and compares at once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an import that is not the operator's own, or was dropped.
    pub async fn compare_with(
        &self,
        actor: &Actor,
        kind: ListKind,
        import: Option<ImportId>,
    ) -> Result<(), AppError> {
        let owner = actor.organisation;
        let at = self.now();
        let mut tx = self.store().begin("reconcile.choose").await?;
        let permit =
            self.policy()
                .check(actor, Action::EditRegister, &Resource::Register { owner })?;
        if let Some(import) = import {
            let head = tx.import(import).await?;
            if head.is_none_or(|head| head.owner != owner || head.phase == "dropped") {
                return Err(AppError::field("import", "code_unknown"));
            }
        }
        let kept = tx.reconciliation(owner).await?;
        let kept = match kind {
            ListKind::Inventory => Reconciliation {
                inventory: import,
                compared: None,
                ..kept
            },
            ListKind::Espa => Reconciliation {
                espa: import,
                compared: None,
                ..kept
            },
        };
        tx.save_reconciliation(owner, &kept).await?;
        let act = ActDraft {
            act: "reconciliation.list_chosen",
            subject: Subject::new("organisation", owner),
            details: json!({ "list": kind.code(), "import": import.map(|id| id.to_string()) }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        self.reconcile(owner).await?;
        Ok(())
    }
}
