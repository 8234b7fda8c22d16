use formats::answers::carry_over;
use formats::forms::{Form, Scope};
use ids::CaseId;
use policy::{Action, Actor};

use super::draft::{DraftView, newest_form};
use super::load::load_case;
use crate::error::AppError;
use crate::instance::App;

impl App {
    /// Moves a draft to the newest version of the form. What has no place there is kept apart and shown, never lost
    /// silently.
    pub async fn migrate_draft(&self, actor: &Actor, id: CaseId) -> Result<DraftView, AppError> {
        let mut tx = self.store().begin("case.migrate_draft").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        self.check_draft(actor, Action::EditDraft, &loaded.case)?;
        let mut draft = self.open_draft(&mut tx, &loaded).await?;
        let to = newest_form(self.today())?;
        let moved = self.fields_without_place(&draft.view, to);
        for key in moved {
            if let Some(field) = draft.body.fields.remove(&key) {
                draft.body.left.insert(key, field.typed);
            }
        }
        to.version.clone_into(&mut draft.view.form_version);
        self.keep_draft(&mut tx, actor, &loaded, &draft, self.now())
            .await?;
        tx.commit().await?;
        self.view_draft(actor, id).await
    }

    /// Keys of saved fields whose answers have no place on another version of the form.
    fn fields_without_place(&self, view: &DraftView, to: &'static Form) -> Vec<String> {
        let mut keys = Vec::new();
        for (key, field) in &view.saved {
            let known = to.field(key).filter(|field| field.scope == Scope::Answers);
            let Some(new_field) = known else {
                keys.push(key.clone());
                continue;
            };
            // What is no answer yet is kept where the field still exists; the form will say what is wrong.
            let old_field = view.form.field(key).unwrap_or(new_field);
            if let Ok(Some(answer)) = field.typed.read(self.rules(), old_field) {
                let sheet = new_field.sheet.unwrap_or(view.sheet);
                let answers = std::iter::once((key.clone(), answer)).collect();
                keys.extend(carry_over(answers, to, sheet).left.into_keys());
            }
        }
        keys
    }
}
