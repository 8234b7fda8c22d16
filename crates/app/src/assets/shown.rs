use std::collections::HashMap;

use ids::{ComputerId, FacilityId, PersonId};
use model::assets::{Computer, Difference, DueNotification, Facility, RevisionField, differences};
use model::incidents::Lateness;
use policy::{Action, Actor, Resource};
use statute::{
    Answer, Classified, DueRefusal, Exemption, ExemptionFinding, ExemptionQuestion, classify,
    exemptions,
};
use store::Tx;
use store::rows::assets::{ComputerFiling, RevisionEntry};
use store::rows::rules::LimitChange;

use crate::assets::due::SOON_DAYS;
use crate::assets::facility::computer_problem;
use crate::assets::recompute::moved_to;
use crate::error::AppError;
use crate::instance::App;

/// A computer with everything around it that its reader may see.
#[derive(Clone, Debug)]
pub struct ComputerView {
    /// The computer.
    pub computer: Computer,
    /// Its facility.
    pub facility: Facility,
    /// What is to be notified of it, or why the rule book gives no limit.
    pub due: Result<Option<DueNotification>, DueRefusal>,
    /// Near or overdue.
    pub lateness: Option<Lateness>,
    /// How changes of the rule book moved its limit, the newest first.
    pub limit_changes: Vec<LimitChange>,
    /// The one of them that moved the limit to where it is.
    pub moved: Option<LimitChange>,
    /// What the stored answers say of the class; absent where it was chosen without them.
    pub classified: Option<Classified>,
    /// Which exemptions apply, with the reasons.
    pub exemptions: ExemptionFinding,
    /// Its revisions, newest first.
    pub history: Vec<RevisionView>,
    /// Filings that name it, oldest first.
    pub filings: Vec<ComputerFiling>,
    /// Whether the reader may change it.
    pub may_edit: bool,
}

/// A revision beside the one before.
#[derive(Clone, Debug)]
pub struct RevisionView {
    /// The revision and why it was written.
    pub entry: RevisionEntry,
    /// Name of the person who wrote it.
    pub author: String,
    /// What differs from the revision before; facilities by name.
    pub differences: Vec<Difference>,
    /// Whether this revision stands on the authority's file.
    pub notified: bool,
}

impl App {
    /// Shows a computer of the own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn view_computer(
        &self,
        actor: &Actor,
        id: ComputerId,
    ) -> Result<ComputerView, AppError> {
        let mut tx = self.store().begin_read("computer.view").await?;
        let computer = tx.computer(id).await?.ok_or(AppError::NotFound)?;
        let owner = computer.parts().owner;
        let resource = Resource::Computer { id, owner };
        // Looking at the own register is no reading of others' contents.
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &resource)?,
        );
        let revision = computer.current().map_err(computer_problem)?;
        let facility = tx
            .facility(revision.facility)
            .await?
            .ok_or(AppError::Bug("a computer without a facility"))?;
        let due = self
            .duty_of(&mut tx, owner, &computer, Some(&facility))
            .await?;
        let lateness = match &due {
            Ok(Some(due)) => due.lateness(self.now(), SOON_DAYS),
            Ok(None) | Err(_) => None,
        };
        let written_on = statute::calendar::jst::day_of(revision.written_at);
        let classified = if revision.class_answers.iter().next().is_some() {
            classify(self.rules(), &revision.class_answers, written_on).ok()
        } else {
            None
        };
        let claimed = |reason| match &revision.exemption {
            Some(claim) if claim.reason() == reason => Answer::Yes,
            Some(_) | None => Answer::No,
        };
        let espa = claimed(Exemption::EspaSubstitute);
        let question = ExemptionQuestion {
            own_group_use: claimed(Exemption::OwnGroupUse),
            product: revision.items.product.as_str().to_owned(),
            espa_filed: espa,
            espa_same_name: espa,
            espa_same_supplier: espa,
            only_operator_name_changed: Answer::No,
        };
        let exemptions = exemptions(self.rules(), &question, self.today());
        let limit_changes = tx.limit_changes(id).await?;
        let limit = match &due {
            Ok(Some(due)) => due.finding.due.legal_limit,
            Ok(None) | Err(_) => None,
        };
        Ok(ComputerView {
            moved: moved_to(&limit_changes, limit),
            limit_changes,
            due,
            lateness,
            classified,
            exemptions,
            history: history(&mut tx, &computer).await?,
            filings: tx.filings_of_computer(id).await?,
            may_edit: self.policy().may(actor, Action::EditRegister, &resource),
            facility,
            computer,
        })
    }
}

async fn history(tx: &mut Tx, computer: &Computer) -> Result<Vec<RevisionView>, AppError> {
    let notified = computer
        .phase()
        .notified()
        .map(|notified| notified.revision);
    let mut authors: HashMap<PersonId, String> = HashMap::new();
    let mut facilities: HashMap<FacilityId, String> = HashMap::new();
    let mut views: Vec<RevisionView> = Vec::new();
    for entry in tx.revisions(computer.id()).await? {
        let author = author_of(tx, &mut authors, entry.revision.written_by).await?;
        let facility = entry.revision.facility;
        if !facilities.contains_key(&facility)
            && let Some(found) = tx.facility(facility).await?
        {
            facilities.insert(facility, found.name.as_str().to_owned());
        }
        let mut changed = match views.last() {
            Some(before) => differences(&before.entry.revision, &entry.revision),
            None => Vec::new(),
        };
        for difference in &mut changed {
            if difference.field == RevisionField::Facility {
                difference.before = name_of(&facilities, difference.before.as_deref());
                difference.after = name_of(&facilities, difference.after.as_deref());
            }
        }
        views.push(RevisionView {
            notified: notified == Some(entry.revision.id),
            entry,
            author,
            differences: changed,
        });
    }
    views.reverse();
    Ok(views)
}

async fn author_of(
    tx: &mut Tx,
    authors: &mut HashMap<PersonId, String>,
    id: PersonId,
) -> Result<String, AppError> {
    if let Some(name) = authors.get(&id) {
        return Ok(name.clone());
    }
    let (person, _) = tx
        .person(id)
        .await?
        .ok_or(AppError::Bug("a revision without its author"))?;
    authors.insert(id, person.name.clone());
    Ok(person.name)
}

fn name_of(facilities: &HashMap<FacilityId, String>, id: Option<&str>) -> Option<String> {
    let id: FacilityId = id?.parse().ok()?;
    facilities.get(&id).cloned()
}
