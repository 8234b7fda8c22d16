use std::collections::HashMap;

use formats::filing::{NotificationBody, Rows};
use ids::{ComputerId, FacilityId, FilingId, PersonId, RevisionId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{Computer, ComputerPhase, Correction, ExemptionClaim, NotifiedItems, Revision};
use model::filing::Filing;
use model::names::{CategoryName, DocumentReference};
use statute::{Answers, Exemption};
use store::Tx;
use store::official::{self, RowRef};
use store::rows::assets::FiledComputer;

use crate::assets::facility::computer_problem;
use crate::error::AppError;
use crate::instance::App;

/// Why the revision that a corrected document describes was written; a code instead of a sentence.
const CORRECTED: &str = "corrected";

/// Why the one after it was written: the register had changed beyond what was notified.
const CARRIED: &str = "carried";

/// Longest chain of versions that is followed.
const MAX_VERSIONS: usize = 200;

/// What a row says of a computer in use.
#[derive(Clone, Copy, PartialEq)]
struct Said<'a> {
    items: &'a NotifiedItems,
    introduced_on: Option<Date>,
    changed_on: Option<Date>,
    espa: Option<&'a DocumentReference>,
}

/// One row of a document.
#[derive(Clone, Copy, PartialEq)]
enum Row<'a> {
    /// New or changed. What a change says of the items before it belongs to the document only.
    InUse(Said<'a>),
    /// Out of use since a day.
    Ended(Date),
}

/// A correction under way.
struct Correcting {
    correction: Correction,
    by: PersonId,
    today: Date,
    /// Categories of facilities that turned out to be others, to be written once.
    categories: HashMap<FacilityId, (CategoryName, CategoryName)>,
    rows: Vec<RowRef>,
}

impl App {
    /// Brings the register to what a corrected notification says, in the transaction that files it, and names its
    /// computers. Returns the official rows written, for the leaf of the filing.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the correction concerns a computer of which a later document stands on file.
    pub(crate) async fn correct_register(
        &self,
        tx: &mut Tx,
        before: (&Filing, &NotificationBody),
        after: (&Filing, &NotificationBody),
    ) -> Result<Vec<RowRef>, AppError> {
        let (old, new) = (&before.1.rows, &after.1.rows);
        if old.computers() != new.computers() {
            return Err(AppError::field("value", "correction_not_here"));
        }
        let mut correcting = Correcting {
            correction: Correction {
                from: before.0.id,
                to: after.0.id,
                at: after.0.filed_at,
            },
            by: after.0.filed_by,
            today: self.today(),
            categories: HashMap::new(),
            rows: Vec::new(),
        };
        let (old, new) = (rows_of(old), rows_of(new));
        let filed = tx.filing_computers(before.0.id).await?;
        if filed.len() != new.len() {
            return Err(AppError::Bug("a notification without its computers"));
        }
        let mut named_again = Vec::with_capacity(filed.len());
        for ((named, old), new) in filed.iter().zip(old).zip(new) {
            let described = self
                .correct_row(tx, &mut correcting, named.computer, old, new)
                .await?;
            named_again.push(FiledComputer {
                revision: described.unwrap_or(named.revision),
                ..*named
            });
        }
        tx.insert_filing_computers(after.0.id, &named_again).await?;
        let Correcting {
            categories,
            mut rows,
            ..
        } = correcting;
        correct_categories(tx, categories).await?;
        rows.extend(
            tx.official_rows(&official::FILING_COMPUTER, after.0.id.uuid())
                .await?,
        );
        Ok(rows)
    }

    /// Brings one computer to its row; returns the revision written for it, if any was.
    async fn correct_row(
        &self,
        tx: &mut Tx,
        correcting: &mut Correcting,
        id: ComputerId,
        old: Row<'_>,
        new: Row<'_>,
    ) -> Result<Option<RevisionId>, AppError> {
        let computer = tx
            .computer(id)
            .await?
            .ok_or(AppError::Bug("a computer that went away"))?;
        let correction = correcting.correction;
        if !stands_on_file(&computer, correction.from) {
            return if old == new {
                Ok(None)
            } else {
                Err(AppError::Conflict("correction_superseded"))
            };
        }
        let known = computer.parts().revisions.len();
        let said = match new {
            Row::Ended(on) => {
                correcting.require_day("value", on, &computer)?;
                let corrected = computer
                    .correct_retirement(correction, on)
                    .map_err(computer_problem)?;
                tx.update_computer(&corrected, None).await?;
                return Ok(None);
            }
            Row::InUse(_) if old == new => None,
            Row::InUse(said) => Some(said),
        };
        let (corrected, described) = match said {
            None => {
                let followed = computer.follow_correction(correction);
                (followed.map_err(computer_problem)?, None)
            }
            Some(said) => {
                let revision = self.corrected_revision(correcting, &computer, said)?;
                let described = revision.id;
                let corrected = computer.correct_notified(correction, revision, self.ids().next());
                (corrected.map_err(computer_problem)?, Some(described))
            }
        };
        let current = corrected.current().map_err(computer_problem)?;
        let facility = tx
            .facility(current.facility)
            .await?
            .ok_or(AppError::Bug("a computer without a facility"))?;
        let due_on = self.limit_of(tx, &corrected, &facility).await?;
        tx.update_computer(&corrected, due_on).await?;
        for (place, revision) in corrected.parts().revisions.iter().skip(known).enumerate() {
            let reason = if place == 0 { CORRECTED } else { CARRIED };
            tx.insert_revision(id, revision, reason).await?;
            let written = tx
                .official_rows(&official::COMPUTER_REVISION, revision.id.uuid())
                .await?;
            correcting.rows.extend(written);
        }
        Ok(described)
    }

    /// The notified revision as the corrected row has it.
    fn corrected_revision(
        &self,
        correcting: &mut Correcting,
        computer: &Computer,
        said: Said<'_>,
    ) -> Result<Revision, AppError> {
        let before = computer
            .notified_revision()
            .ok_or(AppError::Bug("a notified computer without its revision"))?;
        let current = computer.current().map_err(computer_problem)?;
        let mut revision = before.clone();
        revision.id = self.ids().next();
        revision.number = current.number.saturating_add(1);
        revision.written_by = correcting.by;
        revision.written_at = correcting.correction.at;
        revision.items = said.items.clone();
        if let Some(day) = said.introduced_on {
            if correcting.today < day {
                return Err(AppError::field("value", "day_in_future"));
            }
            revision.dates.introduced_on = day;
        }
        if let Some(day) = said.changed_on {
            correcting.require_day("value", day, computer)?;
            revision.dates.changed_on = Some(day);
        }
        revision.exemption = claim_of(before.exemption.as_ref(), said.espa)?;
        // The questions found another class than the one that is filed now.
        if revision.items.class != before.items.class {
            revision.class_answers = Answers::new();
        }
        if revision.items.facility_category != before.items.facility_category {
            correcting.categories.insert(
                before.facility,
                (
                    before.items.facility_category.clone(),
                    revision.items.facility_category.clone(),
                ),
            );
        }
        Ok(revision)
    }
}

impl Correcting {
    /// A day of a change or of the end of use: not to come, and not before the introduction.
    fn require_day(
        &self,
        field: &'static str,
        day: Date,
        computer: &Computer,
    ) -> Result<(), AppError> {
        let current = computer.current().map_err(computer_problem)?;
        if self.today < day {
            return Err(AppError::field(field, "day_in_future"));
        }
        if day < current.dates.introduced_on {
            return Err(AppError::field(field, "change_before_introduction"));
        }
        Ok(())
    }
}

/// Whether the document is the one that stands on the authority's file for this computer.
fn stands_on_file(computer: &Computer, document: FilingId) -> bool {
    match computer.phase() {
        ComputerPhase::Notified { as_of }
        | ComputerPhase::ChangedSinceNotified { as_of, .. }
        | ComputerPhase::RetirementDue { as_of, .. } => as_of.filing == document,
        ComputerPhase::Retired { filing, .. } => *filing == Some(document),
        ComputerPhase::Draft | ComputerPhase::Exempt { .. } => false,
    }
}

fn rows_of(rows: &Rows) -> Vec<Row<'_>> {
    match rows {
        Rows::New(rows) => rows
            .iter()
            .map(|row| {
                Row::InUse(Said {
                    items: &row.items,
                    introduced_on: row.introduced_on,
                    changed_on: None,
                    espa: row.espa_reference.as_ref(),
                })
            })
            .collect(),
        Rows::Changed(rows) => rows
            .iter()
            .map(|row| {
                Row::InUse(Said {
                    items: &row.after,
                    introduced_on: None,
                    changed_on: Some(row.changed_on),
                    espa: row.espa_reference.as_ref(),
                })
            })
            .collect(),
        Rows::Ended(rows) => rows.iter().map(|row| Row::Ended(row.changed_on)).collect(),
    }
}

/// The claim after the document under ESPA was corrected, named or taken away (Order Arts 2(4), 3(3)).
fn claim_of(
    before: Option<&ExemptionClaim>,
    espa: Option<&DocumentReference>,
) -> Result<Option<ExemptionClaim>, AppError> {
    let substituted = before.filter(|claim| claim.reason() == Exemption::EspaSubstitute);
    match (substituted, espa) {
        (None, None) => Ok(before.cloned()),
        (Some(_), None) => Ok(None),
        (Some(claim), Some(document)) if claim.document() == Some(document) => {
            Ok(Some(claim.clone()))
        }
        (claim, Some(document)) => {
            let explanation = claim.and_then(|claim| claim.explanation().cloned());
            ExemptionClaim::new(Exemption::EspaSubstitute, Some(document.clone()))
                .map(|new| Some(new.explained(explanation)))
                .map_err(|error| AppError::field("value", error.code()))
        }
    }
}

/// The facility itself follows where it still says what was filed; its other computers keep what was filed of them
/// until they are corrected or changed too.
async fn correct_categories(
    tx: &mut Tx,
    categories: HashMap<FacilityId, (CategoryName, CategoryName)>,
) -> Result<(), AppError> {
    for (id, (was, now)) in categories {
        let facility = tx
            .facility(id)
            .await?
            .ok_or(AppError::Bug("a computer without a facility"))?;
        if facility.category == was {
            let corrected = model::assets::Facility {
                category: now,
                ..facility
            };
            tx.update_facility(&corrected).await?;
        }
    }
    Ok(())
}

/// When the duty of a notification was met: its first version counts, not the corrected one after it.
pub(crate) async fn first_filed_at(
    tx: &mut Tx,
    mut supersedes: Option<FilingId>,
    filed_at: Timestamp,
) -> Result<Timestamp, AppError> {
    let mut at = filed_at;
    for _ in 0..MAX_VERSIONS {
        let Some(id) = supersedes else {
            break;
        };
        let version = tx
            .filing(id)
            .await?
            .ok_or(AppError::Bug("a version that went away"))?;
        at = version.filed_at;
        supersedes = version.supersedes;
    }
    Ok(at)
}
