use std::collections::BTreeMap;

use formats::forms::{FormKind, IncidentForm, Scope};
use ids::{CaseId, Digest, EntryId, OrganisationId, OrganisationKind, PersonId};
use jiff::Timestamp;
use model::entries::{Caller, CallerIdentified, EntryWay};
use model::incidents::{AwarenessKind, Precision};
use model::names::{PersonName, Phone};
use model::organisation::Organisation;
use model::text::{Line, Prose};
use policy::{Action, Actor, Resource};
use serde::{Deserialize, Serialize};
use statute::{Duty, EventCode};
use store::Tx;
use store::rows::entries::EntryDraft;

use super::view::EntryFacts;
use crate::error::{AppError, FieldProblem};
use crate::filing::AttachmentUpload;
use crate::incidents::{DraftAttachment, DraftView, FormStanding, Typed};
use crate::instance::App;

/// What the desk notes of the call, the letter or the mail itself.
#[derive(Clone)]
pub struct EntryInput {
    /// The operator.
    pub operator: String,
    /// How it was told.
    pub way: EntryWay,
    /// When it was told, or arrived at the office.
    pub received_at: Timestamp,
    /// Who told it.
    pub caller: Caller,
    /// How the desk knows that it was the operator.
    pub identified: CallerIdentified,
    /// A telephone code that the caller told; empty where none was. It is used up by this.
    pub code: String,
    /// What the case is called.
    pub title: String,
    /// Near miss or incident.
    pub kind: AwarenessKind,
    /// When the operator became aware.
    pub aware_at: Timestamp,
    /// Whether that is an estimate.
    pub precision: Precision,
    /// Who noticed what.
    pub source: String,
    /// Under which code the event falls, as far as the desk can tell.
    pub event: EventCode,
    /// Which of the three sheets.
    pub sheet: IncidentForm,
}

impl std::fmt::Debug for EntryInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryInput")
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

/// An operator whose reports come to the desk.
#[derive(Clone, Debug)]
pub struct EntryTarget {
    /// The operator.
    pub operator: Organisation,
}

/// What is kept of it before it is filed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) facts: KeptFacts,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Typed>,
    #[serde(default)]
    pub(super) attachments: Vec<DraftAttachment>,
}

/// The facts, with instants in microseconds since 1970 in UTC.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptFacts {
    pub(super) way: EntryWay,
    pub(super) received_at: i64,
    pub(super) caller_name: String,
    pub(super) caller_department: String,
    pub(super) caller_phone: String,
    pub(super) identified: CallerIdentified,
    pub(super) code_of: Option<PersonId>,
    pub(super) title: String,
    pub(super) kind: AwarenessKind,
    pub(super) aware_at: i64,
    pub(super) precision: Precision,
    pub(super) source: String,
    pub(super) event: String,
    pub(super) sheet: IncidentForm,
}

/// A report that is taken down, as read from its table.
pub(super) struct Open {
    pub(super) row: EntryDraft,
    pub(super) operator: Organisation,
    pub(super) facts: EntryFacts,
    pub(super) kept: Kept,
}

impl App {
    /// The operators whose incident reports come to the actor's desk, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever takes nothing down.
    pub async fn entry_targets(&self, actor: &Actor) -> Result<Vec<EntryTarget>, AppError> {
        self.may_write_entry(actor)?;
        let mut tx = self.store().begin_read("entry.targets").await?;
        let mut targets = Vec::new();
        for operator in tx.organisations().await? {
            if self.is_addressee(&mut tx, actor, &operator).await? {
                targets.push(EntryTarget { operator });
            }
        }
        Ok(targets)
    }

    /// Begins to take a report down. Nothing is official before [`App::file_entry`].
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that is wrong, among them an operator whose reports do not come to this
    /// desk, a time that has not come yet, and a telephone code that is not one of this operator or was used.
    pub async fn begin_entry(
        &self,
        actor: &Actor,
        input: &EntryInput,
    ) -> Result<EntryId, AppError> {
        self.may_write_entry(actor)?;
        let mut tx = self.store().begin("entry.begin").await?;
        let (operator, facts) = self.read_facts(&mut tx, actor, input, None).await?;
        let kept = Kept {
            fields: first_fields(&facts),
            facts,
            attachments: Vec::new(),
        };
        let now = self.now();
        let draft = EntryDraft {
            id: self.ids().next(),
            desk: actor.organisation,
            operator,
            case: self.ids().next(),
            body: text_of(&kept)?,
            begun_by: actor.person,
            begun_at: now,
            updated_by: actor.person,
            updated_at: now,
            version: 1,
        };
        tx.insert_entry_draft(&draft).await?;
        tx.commit().await?;
        Ok(draft.id)
    }

    /// Changes what was noted of the call itself.
    ///
    /// # Errors
    /// As of [`App::begin_entry`]; [`AppError::Stale`] when a colleague saved meanwhile.
    pub async fn change_entry(
        &self,
        actor: &Actor,
        id: EntryId,
        input: &EntryInput,
        version: i64,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("entry.change").await?;
        let mut open = self.open_entry(&mut tx, actor, id).await?;
        if open.row.version != version {
            return Err(AppError::Stale);
        }
        let before = open.facts.code_of.filter(|_| {
            open.facts.identified == CallerIdentified::Code
                && open.row.operator.to_string() == input.operator
        });
        let (operator, facts) = self.read_facts(&mut tx, actor, input, before).await?;
        open.row.operator = operator;
        open.kept.facts = facts;
        self.keep_entry(&mut tx, actor, open).await?;
        Ok(tx.commit().await?)
    }

    /// Saves answers of the report that is taken down.
    ///
    /// # Errors
    /// [`AppError::Stale`] when a colleague saved meanwhile.
    pub async fn save_entry(
        &self,
        actor: &Actor,
        id: EntryId,
        fields: &BTreeMap<String, Typed>,
        version: i64,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("entry.save").await?;
        let mut open = self.open_entry(&mut tx, actor, id).await?;
        let view = self.draft_view(&open)?;
        let known = |key: &str| {
            view.form
                .fields
                .iter()
                .any(|field| field.scope == Scope::Answers && field.key == key)
        };
        let problems: Vec<FieldProblem> = fields
            .keys()
            .filter(|key| !known(key))
            .map(|key| FieldProblem::new(key.clone(), "field.unknown"))
            .collect();
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        if open.row.version != version {
            return Err(AppError::Stale);
        }
        open.kept.fields.extend(fields.clone());
        self.keep_entry(&mut tx, actor, open).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a file: the letter that was scanned, the attachment of the mail.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] `too_many_attachments`; [`AppError::Invalid`] for a file name that cannot be shown.
    pub async fn attach_to_entry(
        &self,
        actor: &Actor,
        id: EntryId,
        file_name: &str,
        upload: AttachmentUpload,
    ) -> Result<(), AppError> {
        let name = Line::<255>::parse(file_name)
            .map_err(|error| AppError::field("attachment", error.code()))?;
        let mut tx = self.store().begin_read("entry.attach.check").await?;
        let operator = self.open_entry(&mut tx, actor, id).await?.operator.id;
        drop(tx);
        let stored = self.keep_upload(actor, operator, upload).await?;
        let file = DraftAttachment {
            digest: stored.digest,
            file_name: name.as_str().to_owned(),
            size: stored.size,
            media_type: stored.media_type.to_owned(),
        };
        let limit =
            usize::try_from(self.config().limits.attachments_per_filing).unwrap_or(usize::MAX);
        let mut tx = self.store().begin("entry.attach").await?;
        let mut open = self.open_entry(&mut tx, actor, id).await?;
        open.kept
            .attachments
            .retain(|known| known.digest != file.digest);
        if limit <= open.kept.attachments.len() {
            return Err(AppError::TooLarge("too_many_attachments"));
        }
        open.kept.attachments.push(file);
        self.keep_entry(&mut tx, actor, open).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a file out again.
    pub async fn detach_from_entry(
        &self,
        actor: &Actor,
        id: EntryId,
        digest: Digest,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("entry.detach").await?;
        let mut open = self.open_entry(&mut tx, actor, id).await?;
        open.kept.attachments.retain(|known| known.digest != digest);
        self.keep_entry(&mut tx, actor, open).await?;
        Ok(tx.commit().await?)
    }

    /// Gives up what was taken down; nothing of it was official.
    pub async fn discard_entry(&self, actor: &Actor, id: EntryId) -> Result<(), AppError> {
        let mut tx = self.store().begin("entry.discard").await?;
        let open = self.open_entry(&mut tx, actor, id).await?;
        tx.delete_entry_draft(&open.row).await?;
        Ok(tx.commit().await?)
    }

    pub(super) fn may_write_entry(&self, actor: &Actor) -> Result<(), AppError> {
        let desk = Resource::Queue {
            desk: actor.organisation,
        };
        drop(self.policy().check(actor, Action::WriteEntry, &desk)?);
        Ok(())
    }

    /// Whether the reports of an operator come to the actor's desk (Act Art. 5; Cabinet Order Art. 3).
    pub(super) async fn is_addressee(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        operator: &Organisation,
    ) -> Result<bool, AppError> {
        if operator.kind != OrganisationKind::Operator {
            return Ok(false);
        }
        let planned = self.plan_addressees(tx, operator, Duty::IncidentReport, self.today());
        match planned.await {
            Ok((planned, _)) => Ok(planned
                .iter()
                .any(|one| one.organisation.id == actor.organisation)),
            // An operator whose authorities are not all set up here can file nothing here.
            Err(AppError::DeskMissing { .. } | AppError::Addressees(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Reads one of the actor's own desk.
    pub(super) async fn open_entry(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: EntryId,
    ) -> Result<Open, AppError> {
        let row = tx.entry_draft(id).await?.ok_or(AppError::NotFound)?;
        let desk = Resource::Queue { desk: row.desk };
        drop(self.policy().check(actor, Action::WriteEntry, &desk)?);
        let operator = self.owner_of(tx, row.operator).await?;
        let kept: Kept = serde_json::from_str(&row.body)
            .map_err(|_| AppError::Bug("an entry that cannot be read"))?;
        let facts = EntryFacts::of(&kept.facts)?;
        Ok(Open {
            row,
            operator,
            facts,
            kept,
        })
    }

    async fn keep_entry(&self, tx: &mut Tx, actor: &Actor, open: Open) -> Result<(), AppError> {
        let row = EntryDraft {
            body: text_of(&open.kept)?,
            updated_by: actor.person,
            updated_at: self.now(),
            ..open.row
        };
        Ok(tx.update_entry_draft(&row).await?)
    }

    /// What is taken down, as a draft of the report that it will be.
    pub(super) fn draft_view(&self, open: &Open) -> Result<DraftView, AppError> {
        let form = formats::forms::in_force(FormKind::Incident, self.today())
            .map_err(|_| AppError::Bug("the incident form cannot be read"))?;
        let mut typed = self.profile(&open.operator);
        typed.extend(open.kept.fields.clone());
        Ok(DraftView {
            case: open.row.case,
            version: open.row.version,
            form,
            standing: FormStanding::Current,
            form_version: form.version.clone(),
            newest_version: form.version.clone(),
            sheet: open.facts.sheet,
            typed,
            saved: BTreeMap::new(),
            attachments: open.kept.attachments.clone(),
            left: BTreeMap::new(),
            saved_at: Some((open.row.updated_at, open.row.updated_by)),
        })
    }

    /// Checks every fact and says all that is wrong at once. `known` is whose code was used for it before.
    async fn read_facts(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        input: &EntryInput,
        known: Option<PersonId>,
    ) -> Result<(OrganisationId, KeptFacts), AppError> {
        let mut problems = check_texts(input);
        let now = self.now();
        if now < input.received_at {
            problems.push(FieldProblem::new("received_at", "entry_received_future"));
        } else if input.received_at < input.aware_at {
            problems.push(FieldProblem::new("aware_at", "entry_aware_after_received"));
        }
        let operator = match input.operator.parse::<OrganisationId>() {
            Ok(id) => tx.organisation(id).await?,
            Err(_) => None,
        };
        let operator = match operator {
            Some(operator) if self.is_addressee(tx, actor, &operator).await? => Some(operator.id),
            _ => None,
        };
        if operator.is_none() {
            problems.push(FieldProblem::new("operator", "entry_operator_unknown"));
        }
        let mut identified = input.identified;
        let mut code_of = None;
        if input.code.trim().is_empty() {
            if identified == CallerIdentified::Code {
                code_of = known;
                if known.is_none() {
                    problems.push(FieldProblem::new("code", "entry_code_missing"));
                }
            }
        } else {
            identified = CallerIdentified::Code;
            code_of = match (operator, problems.is_empty()) {
                (Some(operator), true) => self.spend_code(tx, operator, &input.code, now).await?,
                // A code is not used up by a form that has to be sent again.
                (Some(_), false) => return Err(AppError::Invalid(problems)),
                (None, _) => None,
            };
            if code_of.is_none() {
                problems.push(FieldProblem::new("code", "entry_code_unknown"));
            }
        }
        let Some(operator) = operator.filter(|_| problems.is_empty()) else {
            return Err(AppError::Invalid(problems));
        };
        let facts = KeptFacts {
            way: input.way,
            received_at: input.received_at.as_microsecond(),
            caller_name: input.caller.name.trim().to_owned(),
            caller_department: input.caller.department.trim().to_owned(),
            caller_phone: input.caller.phone.trim().to_owned(),
            identified,
            code_of,
            title: input.title.trim().to_owned(),
            kind: input.kind,
            aware_at: input.aware_at.as_microsecond(),
            precision: input.precision,
            source: input.source.clone(),
            event: input.event.code().to_owned(),
            sheet: input.sheet,
        };
        Ok((operator, facts))
    }
}

fn check_texts(input: &EntryInput) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field: &'static str, code: &'static str| {
        problems.push(FieldProblem::new(field, code));
    };
    if let Err(error) = PersonName::parse(&input.caller.name) {
        wrong("caller_name", error.code());
    }
    if !input.caller.department.trim().is_empty()
        && let Err(error) = Line::<200>::parse(&input.caller.department)
    {
        wrong("caller_department", error.code());
    }
    // Whoever telephones can be called back; a letter may name no number.
    let told = input.way == EntryWay::Oral || !input.caller.phone.trim().is_empty();
    if told && let Err(error) = Phone::parse(&input.caller.phone) {
        wrong("caller_phone", error.code());
    }
    if let Err(error) = Line::<200>::parse(&input.title) {
        wrong("title", error.code());
    }
    if let Err(error) = Prose::<2000>::parse(&input.source) {
        wrong("source", error.code());
    }
    problems
}

/// What the call itself answers of the report, so that nothing is asked twice.
fn first_fields(facts: &KeptFacts) -> BTreeMap<String, Typed> {
    [
        ("contact_name", &facts.caller_name),
        ("contact_department", &facts.caller_department),
        ("contact_phone", &facts.caller_phone),
        ("awareness_circumstances", &facts.source),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(key, text)| (key.to_owned(), Typed::text(text.as_str())))
    .collect()
}

fn text_of(kept: &Kept) -> Result<String, AppError> {
    serde_json::to_string(kept).map_err(|_| AppError::Bug("an entry without JSON form"))
}

impl Open {
    pub(super) const fn case(&self) -> CaseId {
        self.row.case
    }
}
