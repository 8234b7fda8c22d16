use formats::filing::Body;
use ids::{EntryId, FilingKind};
use model::entries::Entry;
use model::incidents::{Case, Filed, NewAwareness};
use model::text::{Line, Prose};
use policy::{Action, Actor, Resource};
use serde_json::json;
use statute::{Answers, Confidence, Duty, ReportGroup, ReportStage};
use store::official;

use super::draft::Open;
use super::view::EntryDraftView;
use crate::error::{AppError, FieldProblem};
use crate::filing::{NewAttachment, NewFiling, PlannedAddressee};
use crate::idempotency::Once;
use crate::incidents::{
    DraftView, Filing, Frame, JudgementInput, blank_record, insert_newest, record_of, refusal,
    search_text,
};
use crate::instance::App;

/// Everything that the officer checks before it is filed.
#[derive(Clone, Debug)]
pub struct EntryPreview {
    /// What was taken down.
    pub view: EntryDraftView,
    /// What keeps it from being filed.
    pub problems: Vec<FieldProblem>,
    /// To whom it goes.
    pub addressees: Vec<PlannedAddressee>,
    /// Whether the addressees rest on something unsettled.
    pub addressees_confidence: Confidence,
}

impl App {
    /// What would be filed, and to whom.
    pub async fn preview_entry(
        &self,
        actor: &Actor,
        id: EntryId,
    ) -> Result<EntryPreview, AppError> {
        let view = self.view_entry(actor, id).await?;
        let (_, problems) = self.filing_problems(&view.draft, ReportStage::Prompt);
        let mut tx = self.store().begin_read("entry.preview").await?;
        let (addressees, legal) = self
            .plan_addressees(&mut tx, &view.operator, Duty::IncidentReport, self.today())
            .await?;
        Ok(EntryPreview {
            view,
            problems,
            addressees,
            addressees_confidence: legal.confidence,
        })
    }

    /// Files what was taken down as a prompt report of the operator (Act Art. 5, Order Art. 4(2)). It arrives when it
    /// was told; that it was filed later stands beside it. It goes to everyone the law names, and opens a case that the
    /// operator goes on with.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with each field that is missing or wrong; [`AppError::Stale`] when a colleague saved after
    /// `checked`; [`AppError::NotInForce`] outside an exercise before the law is in force.
    pub async fn file_entry(
        &self,
        actor: &Actor,
        id: EntryId,
        checked: i64,
        key: Option<&str>,
    ) -> Result<Filing, AppError> {
        let once = Once::new(actor, "entry.file", key, &json!([id.to_string(), checked]))?;
        let desk = Resource::Queue {
            desk: actor.organisation,
        };
        let mut tx = self.store().begin("entry.file").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let open = self.open_entry(&mut tx, actor, id).await?;
        let permit = self.policy().check(actor, Action::FileEntry, &desk)?;
        if open.row.version != checked {
            return Err(AppError::Stale);
        }
        self.require_report_basis()?;
        if !self.is_addressee(&mut tx, actor, &open.operator).await? {
            return Err(AppError::field("operator", "entry_operator_unknown"));
        }
        let now = self.now();
        let draft = self.draft_view(&open)?;
        let case = self.case_of(actor, &open)?;
        let blank = blank_record(&case, actor, Some(open.facts.sheet), now);
        tx.insert_case(&record_of(&case, &blank)).await?;
        let mut rows = insert_newest(&mut tx, &case).await?;
        let judged = JudgementInput {
            // Of which group the computer is the desk does not know; the wider one asks for everything.
            group: ReportGroup::A,
            answers: Answers::new(),
            event: Some(open.facts.event),
        };
        let (case, _) = self.add_judgement(&mut tx, actor, case, 0, &judged).await?;
        let judged_record = record_of(&case, &blank);
        tx.update_case(&judged_record).await?;
        let new = self.compose_entry(&open, &case, &draft)?;
        let (addressees, _) = self
            .plan_addressees(&mut tx, &open.operator, Duty::IncidentReport, self.today())
            .await?;
        let arrived = open.facts.received_at;
        let mut recorded = self
            .record_filing(&mut tx, &permit, &open.operator, addressees, new, arrived)
            .await?;
        let filed = Filed {
            filing: recorded.filing.id,
            at: arrived,
        };
        let filed_case = case.file_prompt(filed).map_err(refusal)?;
        for record in filed_case.awareness().standing() {
            tx.insert_filing_awareness(filed.filing, record.id).await?;
        }
        let mut record = record_of(&filed_case, &judged_record);
        record.version = judged_record.version.saturating_add(1);
        tx.update_case(&record).await?;
        let entry = entry_of(actor, &open, filed, now);
        tx.insert_entry(&entry).await?;
        rows.extend(
            tx.official_rows(&official::FILING_ENTRY, filed.filing.uuid())
                .await?,
        );
        recorded.rows.extend(rows);
        recorded.entered(&entry);
        tx.delete_entry_draft(&open.row).await?;
        let outcome: Filing = self.seal_filing(&mut tx, permit, recorded).await?.into();
        once.remember(&mut tx, &outcome, now).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// The case that it opens, with the moment at which the operator became aware.
    fn case_of(&self, actor: &Actor, open: &Open) -> Result<Case, AppError> {
        let bad = |_| AppError::Bug("an entry that cannot be read");
        let facts = &open.facts;
        let title = Line::<200>::parse(&facts.title).map_err(bad)?;
        let awareness = NewAwareness {
            id: self.ids().next(),
            aware_at: facts.aware_at,
            precision: facts.precision,
            source: Prose::parse(&facts.source).map_err(bad)?,
            recorded_at: self.now(),
            recorded_by: actor.person,
        };
        Case::open(open.case(), open.operator.id, title)
            .record_awareness(facts.kind, awareness)
            .map_err(refusal)
    }

    fn compose_entry(
        &self,
        open: &Open,
        case: &Case,
        draft: &DraftView,
    ) -> Result<NewFiling, AppError> {
        let (answers, problems) = self.filing_problems(draft, ReportStage::Prompt);
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let search = search_text(&open.operator, &answers);
        let frame = Frame {
            operator: &open.operator,
            case,
            event: open.facts.event,
            stage: ReportStage::Prompt,
            update_number: None,
            correcting: None,
        };
        let body: Body = self.report_body(frame, draft, answers)?;
        Ok(NewFiling {
            kind: FilingKind::IncidentPrompt,
            case: Some(case.id()),
            supersedes: None,
            form_version: draft.form_version.clone(),
            body: body.to_value(),
            attachments: draft
                .attachments
                .iter()
                .map(|file| NewAttachment {
                    digest: file.digest,
                    file_name: file.file_name.clone(),
                })
                .collect(),
            search_text: search,
        })
    }
}

fn entry_of(actor: &Actor, open: &Open, filed: Filed, now: jiff::Timestamp) -> Entry {
    Entry {
        filing: filed.filing,
        desk: actor.organisation,
        way: open.facts.way,
        received_at: filed.at,
        caller: open.facts.caller.clone(),
        identified: open.facts.identified,
        code_of: open.facts.code_of,
        entered_by: actor.person,
        entered_at: now,
        answer: None,
    }
}
