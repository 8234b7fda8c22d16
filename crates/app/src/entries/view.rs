use formats::forms::IncidentForm;
use ids::{CaseId, EntryId, FilingId, PersonId};
use jiff::Timestamp;
use model::entries::{Caller, CallerIdentified, Entry, EntryVerdict, EntryWay};
use model::incidents::{AwarenessKind, Precision};
use model::organisation::Organisation;
use policy::{Action, Actor, Resource};
use statute::{EventCode, ReportStage};
use store::Tx;

use super::draft::KeptFacts;
use crate::error::AppError;
use crate::incidents::{DraftView, Section};
use crate::instance::App;

/// Lines of each list; a desk takes down a few a day.
const SHOWN: u32 = 200;

/// What was noted of the call, the letter or the mail itself.
#[derive(Clone)]
pub struct EntryFacts {
    /// How it was told.
    pub way: EntryWay,
    /// When.
    pub received_at: Timestamp,
    /// Who told it.
    pub caller: Caller,
    /// How the desk knows that it was the operator.
    pub identified: CallerIdentified,
    /// Whose telephone code was given.
    pub code_of: Option<PersonId>,
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
    /// Under which code the event falls.
    pub event: EventCode,
    /// Which of the three sheets.
    pub sheet: IncidentForm,
}

/// A report that is being taken down.
#[derive(Clone)]
pub struct EntryDraftView {
    /// Identifies it.
    pub id: EntryId,
    /// For whom.
    pub operator: Organisation,
    /// What was noted of the call.
    pub facts: EntryFacts,
    /// The report so far.
    pub draft: DraftView,
    /// Its seven items.
    pub sections: Vec<Section>,
}

/// One that is not filed yet, in a list.
#[derive(Clone)]
pub struct EntryDraftRow {
    /// Identifies it.
    pub id: EntryId,
    /// Name of the operator in Japanese and English.
    pub operator: (String, String),
    /// What the case is called.
    pub title: String,
    /// How it was told.
    pub way: EntryWay,
    /// When.
    pub received_at: Timestamp,
}

/// One that was filed, in a list.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// The filing.
    pub filing: FilingId,
    /// Its number.
    pub number: String,
    /// Name of the operator in Japanese and English.
    pub operator: (String, String),
    /// How it was told.
    pub way: EntryWay,
    /// When.
    pub received_at: Timestamp,
    /// What the operator says of it.
    pub verdict: Option<EntryVerdict>,
}

/// What a desk takes down and took down.
#[derive(Clone)]
pub struct EntryList {
    /// Not filed yet.
    pub drafts: Vec<EntryDraftRow>,
    /// Filed, the newest first.
    pub filed: Vec<EntryRow>,
}

/// How a filing was taken down, as both sides see it.
#[derive(Clone, Debug)]
pub struct EntryShown {
    /// The entry, with the answer of the operator.
    pub entry: Entry,
    /// Name of the desk in Japanese and English.
    pub desk: (String, String),
    /// Whose telephone code was given.
    pub code_of: Option<String>,
    /// Whether the actor may say whether it is the operator's.
    pub may_answer: bool,
}

macro_rules! quiet_debug {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

quiet_debug!(EntryFacts, EntryDraftView, EntryDraftRow, EntryList);

impl EntryFacts {
    pub(super) fn of(kept: &KeptFacts) -> Result<Self, AppError> {
        let bad = || AppError::Bug("an entry that cannot be read");
        Ok(Self {
            way: kept.way,
            received_at: Timestamp::from_microsecond(kept.received_at).map_err(|_| bad())?,
            caller: Caller {
                name: kept.caller_name.clone(),
                department: kept.caller_department.clone(),
                phone: kept.caller_phone.clone(),
            },
            identified: kept.identified,
            code_of: kept.code_of,
            title: kept.title.clone(),
            kind: kept.kind,
            aware_at: Timestamp::from_microsecond(kept.aware_at).map_err(|_| bad())?,
            precision: kept.precision,
            source: kept.source.clone(),
            event: EventCode::parse(&kept.event).ok_or_else(bad)?,
            sheet: kept.sheet,
        })
    }
}

impl App {
    /// What the actor's desk takes down and took down.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever takes nothing down.
    pub async fn entries(&self, actor: &Actor) -> Result<EntryList, AppError> {
        self.may_write_entry(actor)?;
        let mut tx = self.store().begin_read("entry.list").await?;
        let mut drafts = Vec::new();
        for row in tx.entry_drafts(actor.organisation, SHOWN).await? {
            let open = self.open_entry(&mut tx, actor, row.id).await?;
            drafts.push(EntryDraftRow {
                id: row.id,
                operator: (open.operator.name_ja, open.operator.name_en),
                title: open.facts.title,
                way: open.facts.way,
                received_at: open.facts.received_at,
            });
        }
        let mut filed = Vec::new();
        for entry in tx.entries_of_desk(actor.organisation, SHOWN).await? {
            let filing = tx
                .filing(entry.filing)
                .await?
                .ok_or(AppError::Bug("an entry without its filing"))?;
            let operator = self.owner_of(&mut tx, filing.owner).await?;
            filed.push(EntryRow {
                filing: filing.id,
                number: filing.number.as_str().to_owned(),
                operator: (operator.name_ja, operator.name_en),
                way: entry.way,
                received_at: entry.received_at,
                verdict: entry.answer.map(|answer| answer.verdict),
            });
        }
        Ok(EntryList { drafts, filed })
    }

    /// One that is being taken down.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know of it.
    pub async fn view_entry(&self, actor: &Actor, id: EntryId) -> Result<EntryDraftView, AppError> {
        let mut tx = self.store().begin_read("entry.view").await?;
        let open = self.open_entry(&mut tx, actor, id).await?;
        let draft = self.draft_view(&open)?;
        Ok(EntryDraftView {
            id,
            sections: self.sections(&draft, ReportStage::Prompt),
            operator: open.operator,
            facts: open.facts,
            draft,
        })
    }

    /// How a filing was taken down; `None` for what its operator filed itself. The caller must hold a permit to show
    /// the filing.
    pub(crate) async fn entry_of(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: Option<CaseId>,
        filing: FilingId,
    ) -> Result<Option<EntryShown>, AppError> {
        let Some(entry) = tx.entry(filing).await? else {
            return Ok(None);
        };
        let desk = self.owner_of(tx, entry.desk).await?;
        let code_of = match entry.code_of {
            Some(person) => tx.person(person).await?.map(|(person, _)| person.name),
            None => None,
        };
        let owner = tx.filing(filing).await?.map(|filing| filing.owner);
        let may_answer = match (case, owner, &entry.answer) {
            (Some(id), Some(owner), None) => {
                let case = Resource::Case { id, owner };
                self.policy().may(actor, Action::AnswerEntry, &case)
            }
            _ => false,
        };
        Ok(Some(EntryShown {
            desk: (desk.name_ja, desk.name_en),
            code_of,
            may_answer,
            entry,
        }))
    }
}
