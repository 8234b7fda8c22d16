use formats::forms::IncidentForm;
use ids::CaseId;
use model::incidents::{AwarenessKind, Case};
use model::text::Line;
use policy::{Action, Actor, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::rows::incidents::CaseRecord;

use super::awareness::{AwarenessInput, insert_newest, refusal};
use super::judgement::{JudgementInput, judged_details};
use super::load::record_of;
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// A case about to be opened.
#[derive(Clone)]
pub struct NewCase {
    /// What it is called in the house; not filed.
    pub title: String,
    /// Near miss or incident.
    pub kind: AwarenessKind,
    /// When and how the operator became aware.
    pub awareness: AwarenessInput,
    /// Which of the three common sheets; `None` begins on the sheet for other cases.
    pub form: Option<IncidentForm>,
    /// Answers of the wizard, carried over.
    pub judgement: Option<JudgementInput>,
}

impl std::fmt::Debug for NewCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCase")
            .field("kind", &self.kind)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

/// A case that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedCase {
    /// Identifies it.
    pub case: CaseId,
}

impl App {
    /// Opens a case with its first moment of awareness (Act Art. 5).
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that is wrong; awareness in the future is one of them.
    pub async fn open_case(
        &self,
        actor: &Actor,
        new: &NewCase,
        key: Option<&str>,
    ) -> Result<OpenedCase, AppError> {
        let now = self.now();
        let once = Once::new(actor, "case.open", key, &request(new))?;
        let owner = actor.organisation;
        let id: CaseId = self.ids().next();
        let permit = self
            .policy()
            .check(actor, Action::EditCase, &Resource::Case { id, owner })?;
        let mut problems = Vec::new();
        let title = Line::<200>::parse(&new.title)
            .map_err(|error| problems.push(FieldProblem::new("title", error.code())));
        let awareness = new
            .awareness
            .read(self, actor, now)
            .map_err(|more| problems.extend(more));
        let (Ok(title), Ok(awareness)) = (title, awareness) else {
            return Err(AppError::Invalid(problems));
        };
        let mut tx = self.store().begin("case.open").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let case = Case::open(id, owner, title)
            .record_awareness(new.kind, awareness)
            .map_err(refusal)?;
        let blank = blank_record(&case, actor, new.form, now);
        tx.insert_case(&record_of(&case, &blank)).await?;
        let rows = insert_newest(&mut tx, &case).await?;
        let mut details = json!({
            "kind": new.kind.code(),
            "aware_at": new.awareness.aware_at.to_string(),
        });
        if let Some(judgement) = &new.judgement {
            let (judged, event) = self
                .add_judgement(&mut tx, actor, case, 0, judgement)
                .await?;
            let judged_record = record_of(&judged, &blank);
            tx.update_case(&judged_record).await?;
            if let Value::Object(object) = &mut details {
                object.insert("judged".to_owned(), judged_details(event, judgement));
            }
        }
        let act = ActDraft {
            act: "case.opened",
            subject: Subject::new("case", id),
            details,
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        let opened = OpenedCase { case: id };
        once.remember(&mut tx, &opened, now).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Renames a case in the house, or chooses another of the three sheets. What was typed on the other sheet stays
    /// in the draft.
    pub async fn arrange_case(
        &self,
        actor: &Actor,
        id: CaseId,
        title: Option<&str>,
        form: Option<IncidentForm>,
        version: Option<i64>,
    ) -> Result<i64, AppError> {
        let title = title
            .map(Line::<200>::parse)
            .transpose()
            .map_err(|error| AppError::field("title", error.code()))?;
        let mut tx = self.store().begin("case.arrange").await?;
        let loaded = super::load::load_case(&mut tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let resource = super::awareness::resource(&loaded.case);
        let permit = self.policy().check(actor, Action::EditCase, &resource)?;
        if version.is_some_and(|version| version != loaded.record.version) {
            return Err(AppError::Stale);
        }
        let case = match title {
            Some(title) => loaded.case.clone().rename(title),
            None => loaded.case.clone(),
        };
        let mut record = record_of(&case, &loaded.record);
        if let Some(form) = form {
            record.form = Some(form.code().to_owned());
        }
        tx.update_case(&record).await?;
        let act = ActDraft {
            act: "case.arranged",
            subject: Subject::new("case", id),
            details: json!({ "form": record.form }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, self.now()).await?;
        tx.commit().await?;
        Ok(record.version.saturating_add(1))
    }
}

/// The row of a case that nothing was written about yet.
pub(crate) fn blank_record(
    case: &Case,
    actor: &Actor,
    form: Option<IncidentForm>,
    now: jiff::Timestamp,
) -> CaseRecord {
    CaseRecord {
        id: case.id(),
        owner: case.parts().owner,
        title: case.parts().title.clone(),
        phase: case.phase().code().to_owned(),
        event: None,
        form: form.map(|form| form.code().to_owned()),
        prompt_filed_at: None,
        full_filed_at: None,
        closed_at: None,
        close_reason: None,
        leading_aware_at: None,
        created_by: actor.person,
        created_at: now,
        version: 1,
    }
}

fn request(new: &NewCase) -> Value {
    json!([
        new.title,
        new.kind.code(),
        new.awareness.request(),
        new.form.map(IncidentForm::code),
        new.judgement.as_ref().map(JudgementInput::request),
    ])
}
