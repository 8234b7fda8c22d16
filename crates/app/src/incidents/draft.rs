use std::collections::BTreeMap;

use formats::forms::{Field, Form, FormError, FormKind, IncidentForm, Scope};
use ids::{CaseId, Digest, FilingKind, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::incidents::{Case, CasePhase};
use policy::{Action, Actor, DraftFacts, Resource};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::rows::drafts::Draft;

use super::awareness::resource;
use super::conflict::{FieldConflict, Merge, Seen, merge};
use super::load::{Loaded, load_case, record_of};
use super::seed::Seed;
use super::typed::Typed;
use crate::delegations::Pen;
use crate::error::{AppError, FieldProblem};
use crate::instance::App;

/// How often a save is tried again when someone else saves at the same moment.
const ATTEMPTS: u32 = 5;

/// A field of a draft as it was saved last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftField {
    /// What was typed.
    pub typed: Typed,
    /// The version of the draft that brought it.
    pub version: i64,
    /// Who saved it.
    pub by: PersonId,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// The page that saved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// A file that will be filed with the report.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftAttachment {
    /// SHA-256 over the content.
    pub digest: Digest,
    /// Name as given by the sender; shown, never used as a path.
    pub file_name: String,
    /// Octets.
    pub size: u64,
    /// Media type found by looking at the content.
    pub media_type: String,
}

impl std::fmt::Debug for DraftAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DraftAttachment")
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// What is kept of a draft.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct DraftBody {
    pub(super) fields: BTreeMap<String, DraftField>,
    pub(super) attachments: Vec<DraftAttachment>,
    /// Fields that had no place on the form that the draft moved to, with what was typed.
    #[serde(default)]
    pub(super) left: BTreeMap<String, Typed>,
}

/// How the form of a draft stands against the newest version of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormStanding {
    /// The draft is on the newest version.
    Current,
    /// There is a newer version; the draft may be finished on its own, or moved.
    Superseded,
    /// This program no longer knows the version; the draft must be moved.
    Gone,
}

/// A draft of the report of a case, with what it begins from where nothing was saved yet.
#[derive(Clone, Debug)]
pub struct DraftView {
    /// The case.
    pub case: CaseId,
    /// Grows with each save; 0 while nothing was saved.
    pub version: i64,
    /// The form it is written on.
    pub form: &'static Form,
    /// How that form stands.
    pub standing: FormStanding,
    /// The version of the form that the draft names; the same as that of `form` unless it is gone.
    pub form_version: String,
    /// The version on which a draft would be begun today.
    pub newest_version: String,
    /// The chosen sheet.
    pub sheet: IncidentForm,
    /// Everything typed, saved or brought over from the last report and the profile.
    pub typed: BTreeMap<String, Typed>,
    /// What was saved, with who and when.
    pub saved: BTreeMap<String, DraftField>,
    /// Files.
    pub attachments: Vec<DraftAttachment>,
    /// What had no place on the form that the draft moved to.
    pub left: BTreeMap<String, Typed>,
    /// When it was saved last, and by whom.
    pub saved_at: Option<(Timestamp, PersonId)>,
}

impl DraftView {
    /// The fields of the chosen sheet that are answered.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let sheet = self.sheet;
        self.form
            .fields_of(Some(sheet))
            .filter(|field| field.scope == Scope::Answers)
    }

    /// What is typed in a field.
    pub fn typed(&self, key: &str) -> Typed {
        self.typed.get(key).cloned().unwrap_or_default()
    }
}

/// What came of a save.
#[derive(Clone, Debug)]
pub struct SavedDraft {
    /// The version of the draft now.
    pub version: i64,
    /// When.
    pub saved_at: Timestamp,
    /// Fields that someone else changed meanwhile; they were not saved, all others were.
    pub conflicts: Vec<FieldConflict>,
}

/// A draft in a transaction.
pub(crate) struct OpenDraft {
    pub(super) row: Option<Draft>,
    pub(super) body: DraftBody,
    pub(crate) view: DraftView,
    seeded: BTreeMap<String, Typed>,
}

impl OpenDraft {
    /// Whoever saved something that stands in it, each once.
    pub(crate) fn drafters(&self) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = self.body.fields.values().map(|field| field.by).collect();
        people.sort();
        people.dedup();
        people
    }
}

impl App {
    /// The draft of the report of a case.
    pub async fn view_draft(&self, actor: &Actor, id: CaseId) -> Result<DraftView, AppError> {
        let mut tx = self.store().begin_read("case.view_draft").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        self.check_draft(actor, Action::ViewDraft, &loaded.case)?;
        Ok(self.open_draft(&mut tx, &loaded).await?.view)
    }

    /// Saves fields of the draft. Fields are merged one by one: people who edit different fields lose nothing, and a
    /// field that two changed is given back with both values (UX rule 10, issue "stale edit by two people").
    pub async fn save_draft(
        &self,
        actor: &Actor,
        id: CaseId,
        fields: &BTreeMap<String, Typed>,
        seen: &Seen,
    ) -> Result<SavedDraft, AppError> {
        self.save_with(actor, id, fields, seen, Pen::Own).await
    }

    /// As [`App::save_draft`], also for a contractor in what was delegated.
    pub(crate) async fn save_with(
        &self,
        actor: &Actor,
        id: CaseId,
        fields: &BTreeMap<String, Typed>,
        seen: &Seen,
        pen: Pen,
    ) -> Result<SavedDraft, AppError> {
        let mut attempt = 0_u32;
        loop {
            attempt = attempt.saturating_add(1);
            match self.try_save_draft(actor, id, fields, seen, pen).await {
                Err(AppError::Stale) if attempt < ATTEMPTS => {}
                done => return done,
            }
        }
    }

    async fn try_save_draft(
        &self,
        actor: &Actor,
        id: CaseId,
        fields: &BTreeMap<String, Typed>,
        seen: &Seen,
        pen: Pen,
    ) -> Result<SavedDraft, AppError> {
        let now = self.now();
        let mut tx = self.store().begin("case.save_draft").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        match pen {
            Pen::Own => self.check_draft(actor, Action::EditDraft, &loaded.case)?,
            Pen::Delegated { id, section } => {
                drop(
                    self.must_fill_delegated(&mut tx, actor, id, section)
                        .await?,
                );
            }
        }
        let mut draft = self.open_draft(&mut tx, &loaded).await?;
        check_known(&draft.view, fields)?;
        if let Pen::Delegated { section, .. } = pen {
            check_item(&draft.view, fields, section)?;
        }
        let version = draft.view.version.saturating_add(1);
        let token = match seen {
            Seen::Version(_) => None,
            Seen::Page { token, .. } => Some(token.clone()),
        };
        let mut conflicts = Vec::new();
        let mut changed = false;
        for (key, sent) in fields {
            let saved = draft.body.fields.get(key);
            match merge(key, sent, saved, draft.seeded.get(key), seen) {
                Merge::Keep => {}
                Merge::Take => {
                    changed = true;
                    let field = DraftField {
                        typed: sent.clone(),
                        version,
                        by: actor.person,
                        at: now.as_microsecond(),
                        page: token.clone(),
                    };
                    draft.body.fields.insert(key.clone(), field);
                }
                Merge::Conflict => conflicts.push((key.clone(), sent.clone())),
            }
        }
        let conflicts = self.name_conflicts(&mut tx, &draft, conflicts).await?;
        if !changed {
            return Ok(SavedDraft {
                version: draft.view.version,
                saved_at: draft.view.saved_at.map_or(now, |(at, _)| at),
                conflicts,
            });
        }
        self.keep_draft(&mut tx, actor, &loaded, &draft, now)
            .await?;
        tx.commit().await?;
        Ok(SavedDraft {
            version,
            saved_at: now,
            conflicts,
        })
    }

    /// Names a stored file in the draft.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] `too_many_attachments`; [`AppError::Invalid`] for a file name that cannot be shown.
    pub async fn attach_to_draft(
        &self,
        actor: &Actor,
        id: CaseId,
        file_name: &str,
        upload: crate::filing::AttachmentUpload,
    ) -> Result<DraftAttachment, AppError> {
        let name = model::text::Line::<255>::parse(file_name)
            .map_err(|error| AppError::field("attachment", error.code()))?;
        let mut tx = self.store().begin_read("case.attach.check").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        self.check_draft(actor, Action::EditDraft, &loaded.case)?;
        drop(tx);
        let stored = self
            .store_attachment(actor, loaded.record.owner, upload)
            .await?;
        let attachment = DraftAttachment {
            digest: stored.digest,
            file_name: name.as_str().to_owned(),
            size: stored.size,
            media_type: stored.media_type.to_owned(),
        };
        let limit =
            usize::try_from(self.config().limits.attachments_per_filing).unwrap_or(usize::MAX);
        self.change_draft(actor, id, |body| {
            body.attachments
                .retain(|known| known.digest != attachment.digest);
            if limit <= body.attachments.len() {
                return Err(AppError::TooLarge("too_many_attachments"));
            }
            body.attachments.push(attachment.clone());
            Ok(())
        })
        .await?;
        Ok(attachment)
    }

    /// Takes a file out of the draft; what was filed with it stays as it was filed.
    pub async fn detach_from_draft(
        &self,
        actor: &Actor,
        id: CaseId,
        digest: Digest,
    ) -> Result<(), AppError> {
        self.change_draft(actor, id, |body| {
            body.attachments.retain(|known| known.digest != digest);
            Ok(())
        })
        .await
    }

    async fn change_draft(
        &self,
        actor: &Actor,
        id: CaseId,
        mut change: impl FnMut(&mut DraftBody) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let mut attempt = 0_u32;
        loop {
            attempt = attempt.saturating_add(1);
            let mut tx = self.store().begin("case.change_draft").await?;
            let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
            self.check_draft(actor, Action::EditDraft, &loaded.case)?;
            let mut draft = self.open_draft(&mut tx, &loaded).await?;
            change(&mut draft.body)?;
            match self
                .keep_draft(&mut tx, actor, &loaded, &draft, self.now())
                .await
            {
                Ok(()) => return Ok(tx.commit().await?),
                Err(AppError::Stale) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks before anything is read of what was sent; the phase says nothing to whoever may not see the case.
    pub(crate) async fn draft_must_be_allowed(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        actions: &[Action],
        id: CaseId,
    ) -> Result<(), AppError> {
        let loaded = load_case(tx, id).await?.ok_or(AppError::NotFound)?;
        let seen = resource(&loaded.case);
        drop(self.policy().check(actor, Action::ViewCase, &seen)?);
        let facts = DraftFacts {
            id: self.ids().next(),
            owner: loaded.case.parts().owner,
            kind: draft_kind(loaded.case.phase())?,
        };
        self.one_of(actor, actions, &Resource::Draft(facts))
    }

    pub(super) fn check_draft(
        &self,
        actor: &Actor,
        action: Action,
        case: &Case,
    ) -> Result<(), AppError> {
        let kind = draft_kind(case.phase())?;
        let facts = DraftFacts {
            id: self.ids().next(),
            owner: case.parts().owner,
            kind,
        };
        let permit = self
            .policy()
            .check(actor, action, &Resource::Draft(facts))?;
        // A draft is no official act: no leaf stands for it.
        drop(permit);
        Ok(())
    }

    pub(crate) async fn open_draft(
        &self,
        tx: &mut Tx,
        loaded: &Loaded,
    ) -> Result<OpenDraft, AppError> {
        let kind = draft_kind(loaded.case.phase())?;
        let row = tx.draft_of_subject(loaded.case.id().uuid(), kind).await?;
        let newest = newest_form(self.today())?;
        let form_version = row
            .as_ref()
            .map_or_else(|| newest.version.clone(), |row| row.form_version.clone());
        let (form, standing) = form_of(&form_version, newest);
        let Seed {
            typed: seeded,
            mut left,
            attachments,
        } = self.seed(tx, loaded, form).await?;
        let body: DraftBody = match &row {
            Some(row) => serde_json::from_str(&row.body)
                .map_err(|_| AppError::Bug("a draft that cannot be read"))?,
            None => DraftBody {
                attachments,
                ..DraftBody::default()
            },
        };
        left.extend(body.left.clone());
        let mut typed = seeded.clone();
        for (key, field) in &body.fields {
            typed.insert(key.clone(), field.typed.clone());
        }
        let view = DraftView {
            case: loaded.case.id(),
            version: row.as_ref().map_or(0, |row| row.version),
            form,
            standing,
            form_version,
            newest_version: newest.version.clone(),
            sheet: sheet_of(loaded),
            typed,
            saved: body.fields.clone(),
            attachments: body.attachments.clone(),
            left,
            saved_at: row.as_ref().map(|row| (row.updated_at, row.updated_by)),
        };
        Ok(OpenDraft {
            row,
            body,
            view,
            seeded,
        })
    }

    pub(super) async fn keep_draft(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        loaded: &Loaded,
        draft: &OpenDraft,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let body = serde_json::to_string(&draft.body)
            .map_err(|_| AppError::Bug("a draft without JSON form"))?;
        if let Some(row) = &draft.row {
            let row = Draft {
                body,
                form_version: draft.view.form_version.clone(),
                updated_by: actor.person,
                updated_at: now,
                ..row.clone()
            };
            return Ok(tx.update_draft(&row).await?);
        }
        // The first save changes the case too: of two people who begin at once, one begins and the other merges.
        tx.update_case(&record_of(&loaded.case, &loaded.record))
            .await?;
        let row = Draft {
            id: self.ids().next(),
            owner: loaded.record.owner,
            kind: draft_kind(loaded.case.phase())?,
            subject: Some(loaded.case.id().uuid()),
            form_version: draft.view.form_version.clone(),
            body,
            updated_by: actor.person,
            updated_at: now,
            created_at: now,
            version: 1,
        };
        Ok(tx.insert_draft(&row).await?)
    }

    async fn name_conflicts(
        &self,
        tx: &mut Tx,
        draft: &OpenDraft,
        conflicts: Vec<(String, Typed)>,
    ) -> Result<Vec<FieldConflict>, AppError> {
        let mut named = Vec::with_capacity(conflicts.len());
        for (key, mine) in conflicts {
            let Some(saved) = draft.body.fields.get(&key) else {
                return Err(AppError::Stale);
            };
            let by_name = tx
                .person(saved.by)
                .await?
                .map(|(person, _)| person.name)
                .unwrap_or_default();
            named.push(FieldConflict {
                field: key,
                mine,
                theirs: saved.typed.clone(),
                by: saved.by,
                by_name,
            });
        }
        Ok(named)
    }
}

/// What the draft of a case in this phase will be when it is filed.
///
/// # Errors
/// [`AppError::Conflict`] in a phase in which nothing is filed.
pub(super) fn draft_kind(phase: &CasePhase) -> Result<FilingKind, AppError> {
    match phase {
        CasePhase::Open => Ok(FilingKind::IncidentPrompt),
        CasePhase::PromptFiled { .. }
        | CasePhase::FullFiled { .. }
        | CasePhase::Extended { .. } => Ok(FilingKind::IncidentFull),
        CasePhase::Withdrawn(_) | CasePhase::DecidedNotToReport { .. } => {
            Err(AppError::Conflict("case.phase"))
        }
    }
}

/// The chosen sheet; a case begins on the one for other cases.
pub(super) fn sheet_of(loaded: &Loaded) -> IncidentForm {
    loaded
        .record
        .form
        .as_deref()
        .and_then(|code| code.parse().ok())
        .unwrap_or(IncidentForm::Other)
}

/// The form on which drafts are begun on a day.
pub(super) fn newest_form(on: Date) -> Result<&'static Form, AppError> {
    formats::forms::in_force(FormKind::Incident, on)
        .map_err(|_: FormError| AppError::Bug("the incident form cannot be read"))
}

fn form_of(version: &str, newest: &'static Form) -> (&'static Form, FormStanding) {
    if version == newest.version {
        return (newest, FormStanding::Current);
    }
    match formats::forms::version(FormKind::Incident, version) {
        Ok(form) => (form, FormStanding::Superseded),
        Err(_) => (newest, FormStanding::Gone),
    }
}

/// Whoever writes in one item of a report writes nowhere else.
fn check_item(
    view: &DraftView,
    fields: &BTreeMap<String, Typed>,
    item: u8,
) -> Result<(), AppError> {
    let inside = |key: &String| view.form.field(key).is_some_and(|field| field.item == item);
    if fields.keys().all(inside) {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

fn check_known(view: &DraftView, fields: &BTreeMap<String, Typed>) -> Result<(), AppError> {
    let problems: Vec<FieldProblem> = fields
        .keys()
        .filter(|key| {
            !view
                .form
                .fields
                .iter()
                .any(|field| field.scope == Scope::Answers && field.key == **key)
        })
        .map(|key| FieldProblem::new(key.clone(), "field.unknown"))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid(problems))
    }
}
