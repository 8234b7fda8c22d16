//! The comparison itself: the same state gives the same differences, in the same order.

mod pairs;

use std::collections::{BTreeMap, HashMap};

use ids::{ComputerId, Digest, FacilityId, ImportId, OrganisationId, ReconciliationTaskId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{
    CountsBy, DiscrepancyKind, NotifiedItems, RevisionField, Significance, TaskState,
};
use model::names::MatchKey;
use sha2::{Digest as _, Sha256};
use statute::{AssetClass, Exemption};
use store::rows::reconciliation::{HeldComputer, ReconciliationTask};

use self::pairs::{Keyed, KeyedRow, Pairs, parts};
use crate::assets::import::{ListedRow, MeantMakers};

/// What a register is compared with.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) inventory: Option<(ImportId, Vec<ListedRow>)>,
    pub(super) espa: Option<(ImportId, Vec<ListedRow>)>,
    /// Which import a computer came from.
    pub(super) imported: Vec<(ComputerId, ImportId)>,
}

/// One difference.
#[derive(Clone)]
pub(super) struct Discrepancy {
    pub(super) kind: DiscrepancyKind,
    pub(super) computer: Option<ComputerId>,
    pub(super) other_computer: Option<ComputerId>,
    pub(super) import: Option<ImportId>,
    pub(super) place: Option<String>,
    pub(super) product: String,
    pub(super) maker: String,
    pub(super) facility: String,
    pub(super) facility_id: Option<FacilityId>,
    pub(super) field: Option<RevisionField>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) counts_by: Option<CountsBy>,
    /// The day from which the law counts; `None` counts from the day on which it was found.
    pub(super) from: Option<Date>,
    pub(super) became_specified_on: Option<Date>,
    /// The limit of the computer itself, where that is it.
    pub(super) own_limit: Option<Date>,
    /// Which of several equal entries of a list it is.
    copy: u32,
}

impl Discrepancy {
    fn of(kind: DiscrepancyKind, held: &HeldComputer) -> Self {
        Self {
            kind,
            computer: Some(held.id),
            other_computer: None,
            import: None,
            place: None,
            product: held.items.product.as_str().to_owned(),
            maker: held.items.maker.as_str().to_owned(),
            facility: held.facility_name.clone(),
            facility_id: Some(held.facility),
            field: None,
            before: None,
            after: None,
            counts_by: None,
            from: None,
            became_specified_on: held.dates.became_specified_on,
            own_limit: None,
            copy: 0,
        }
    }

    /// Counts by what is to be notified of the computer itself.
    fn by_duty(self, held: &HeldComputer) -> Self {
        Self {
            counts_by: Some(CountsBy::Duty),
            own_limit: held.due_on,
            ..self
        }
    }

    /// The same text for the same difference, in whatever row of a list it stands.
    pub(super) fn key(&self) -> String {
        let id = |id: Option<ComputerId>| id.map(|id| id.to_string()).unwrap_or_default();
        let mut hash = Sha256::new();
        let listed = self.computer.is_none();
        let names = if listed {
            [&*self.product, &*self.maker, &*self.facility]
        } else {
            [""; 3]
        };
        let copy = self.copy.to_string();
        let mut parts: Vec<&str> = vec![self.kind.code()];
        let (own, other) = (id(self.computer), id(self.other_computer));
        parts.extend([own.as_str(), other.as_str()]);
        parts.extend(names);
        parts.push(self.field.map_or("", RevisionField::code));
        parts.push(self.before.as_deref().unwrap_or_default());
        parts.push(self.after.as_deref().unwrap_or_default());
        parts.push(&copy);
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        Digest::from_bytes(hash.finalize().into()).to_string()
    }

    /// As a task that was never seen before.
    pub(super) fn task(&self, owner: OrganisationId, found_at: Timestamp) -> ReconciliationTask {
        ReconciliationTask {
            id: ReconciliationTaskId::from_uuid(uuid::Uuid::nil()),
            owner,
            kind: self.kind,
            key: self.key(),
            computer: self.computer,
            other_computer: self.other_computer,
            import: self.import,
            place: self.place.clone(),
            product: self.product.clone(),
            maker: self.maker.clone(),
            facility: self.facility.clone(),
            field: self.field,
            before: self.before.clone(),
            after: self.after.clone(),
            counts_by: self.counts_by,
            counted_from: None,
            day_known: true,
            facility_id: self.facility_id,
            due_on: None,
            found_at,
            state: TaskState::Open,
            closed: None,
            version: 1,
        }
    }
}

/// A notified item as text, as differences of revisions show it.
pub(super) fn item_text(items: &NotifiedItems, field: RevisionField) -> Option<String> {
    Some(match field {
        RevisionField::FacilityCategory => items.facility_category.as_str().to_owned(),
        RevisionField::Class => items.class.code().to_owned(),
        RevisionField::Unit => items.unit.code().to_owned(),
        RevisionField::Product => items.product.as_str().to_owned(),
        RevisionField::Maker => items.maker.as_str().to_owned(),
        RevisionField::Facility
        | RevisionField::IntroducedOn
        | RevisionField::BecameSpecifiedOn
        | RevisionField::Exemption
        | RevisionField::Note => return None,
    })
}

/// Every difference.
pub(super) fn discrepancies(
    held: &[HeldComputer],
    lists: &Lists,
    makers: &MeantMakers,
) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for computer in held {
        against_notified(computer, &mut found);
    }
    let in_use: Vec<Keyed<'_>> = held
        .iter()
        .filter(|computer| !matches!(computer.phase.as_str(), "retired" | "retirement_due"))
        .map(|computer| Keyed {
            held: computer,
            names: makers.one_key(&computer.match_key),
        })
        .collect();
    twins(&in_use, lists, &mut found);
    if let Some((import, rows)) = &lists.inventory {
        let listed = keyed(rows, held, makers);
        against_inventory(*import, &in_use, &listed, &mut found);
    }
    if let Some((import, rows)) = &lists.espa {
        let listed = keyed(rows, held, makers);
        against_espa(*import, &in_use, &listed, &mut found);
    }
    found
}

fn keyed<'a>(
    rows: &'a [ListedRow],
    held: &[HeldComputer],
    makers: &MeantMakers,
) -> Vec<KeyedRow<'a>> {
    let name_key = |name: &str| MatchKey::of_search(name).as_str().to_owned();
    let mut known: HashMap<String, FacilityId> = HashMap::new();
    for computer in held {
        known.insert(name_key(&computer.facility_name), computer.facility);
    }
    rows.iter()
        .map(|row| {
            let key = name_key(&row.facility_name);
            let facility_id = row.facility.or_else(|| known.get(&key).copied());
            KeyedRow {
                row,
                names: makers.key_of(&row.product, &row.maker),
                facility: facility_id.map_or(key, |id| id.to_string()),
                facility_id,
            }
        })
        .collect()
}

fn against_notified(held: &HeldComputer, found: &mut Vec<Discrepancy>) {
    match held.phase.as_str() {
        "draft" => {
            found.push(Discrepancy::of(DiscrepancyKind::NotNotified, held).by_duty(held));
        }
        "changed_since_notified" => {
            let Some(notified) = &held.notified else {
                return;
            };
            for field in RevisionField::ALL.iter().copied() {
                let before = item_text(notified, field);
                let after = item_text(&held.items, field);
                if before != after {
                    found.push(Discrepancy {
                        field: Some(field),
                        before,
                        after,
                        ..Discrepancy::of(DiscrepancyKind::Changed, held).by_duty(held)
                    });
                }
            }
        }
        "retirement_due" => {
            let task = Discrepancy::of(DiscrepancyKind::Ended, held).by_duty(held);
            found.push(Discrepancy {
                after: held.retired_on.map(|day| day.to_string()),
                ..task
            });
        }
        _ => {}
    }
}

/// Computers of the register that may be one; those that came in together were looked at then.
fn twins(in_use: &[Keyed<'_>], lists: &Lists, found: &mut Vec<Discrepancy>) {
    let import_of: HashMap<ComputerId, ImportId> = lists.imported.iter().copied().collect();
    let mut groups: BTreeMap<(&str, FacilityId, &str, &str), Vec<&HeldComputer>> = BTreeMap::new();
    for Keyed { held, names } in in_use {
        let (class, unit) = (held.items.class.code(), held.items.unit.code());
        groups
            .entry((names.as_str(), held.facility, class, unit))
            .or_default()
            .push(held);
    }
    for group in groups.into_values() {
        let Some((first, others)) = group.split_first() else {
            continue;
        };
        for other in others {
            let together = import_of.get(&first.id);
            if together.is_some() && together == import_of.get(&other.id) {
                continue;
            }
            let task = Discrepancy::of(DiscrepancyKind::Twice, other);
            let task = if other.due_on.is_some() {
                task.by_duty(other)
            } else {
                task
            };
            found.push(Discrepancy {
                other_computer: Some(first.id),
                ..task
            });
        }
    }
}

fn against_inventory(
    import: ImportId,
    in_use: &[Keyed<'_>],
    listed: &[KeyedRow<'_>],
    found: &mut Vec<Discrepancy>,
) {
    let pairs = Pairs::of(in_use, listed);
    for (computer, row) in pairs.matched(in_use, listed) {
        for (field, before, after) in differing(computer, row, &ALL_FIELDS) {
            let task = Discrepancy {
                import: Some(import),
                place: Some(row.row.place.clone()),
                field: Some(field),
                before: Some(before),
                after: Some(after),
                ..Discrepancy::of(DiscrepancyKind::InventoryDiffers, computer.held)
            };
            let notifiable = field.significance() == Significance::Notifiable;
            found.push(counted(task, computer.held, notifiable));
        }
    }
    for computer in pairs.alone(in_use) {
        let task = Discrepancy {
            import: Some(import),
            ..Discrepancy::of(DiscrepancyKind::InventoryMissing, computer.held)
        };
        found.push(counted(task, computer.held, true));
    }
    found.extend(new_rows(
        DiscrepancyKind::InventoryOnly,
        import,
        pairs.unknown(listed),
    ));
}

/// What is compared with a list of what there is, and with what was filed under the Economic Security Promotion Act.
const ALL_FIELDS: [RevisionField; 6] = [
    RevisionField::Product,
    RevisionField::Maker,
    RevisionField::Facility,
    RevisionField::Class,
    RevisionField::Unit,
    RevisionField::IntroducedOn,
];
const NAMES: [RevisionField; 2] = [RevisionField::Product, RevisionField::Maker];

fn against_espa(
    import: ImportId,
    in_use: &[Keyed<'_>],
    listed: &[KeyedRow<'_>],
    found: &mut Vec<Discrepancy>,
) {
    let pairs = Pairs::of(in_use, listed);
    let claims = |held: &HeldComputer| {
        held.claim
            .as_ref()
            .is_some_and(|claim| claim.reason() == Exemption::EspaSubstitute)
    };
    // Where the document does not take the form's place after all, the form was due as for any introduction.
    let counted = |task: Discrepancy, held: &HeldComputer| match held.phase.as_str() {
        "draft" => task.by_duty(held),
        _ if claims(held) => Discrepancy {
            counts_by: Some(CountsBy::Introduction),
            from: Some(held.dates.introduced_on),
            ..task
        },
        _ => task,
    };
    for (computer, row) in pairs.matched(in_use, listed) {
        for (field, before, after) in differing(computer, row, &NAMES) {
            let task = Discrepancy {
                import: Some(import),
                place: Some(row.row.place.clone()),
                field: Some(field),
                before: Some(before),
                after: Some(after),
                ..Discrepancy::of(DiscrepancyKind::EspaDiffers, computer.held)
            };
            found.push(counted(task, computer.held));
        }
    }
    for computer in pairs.alone(in_use) {
        // Only the facility and its parts are filed there; of the others only those that rest on it.
        let held = computer.held;
        if held.items.class != AssetClass::Ichigo && !claims(held) {
            continue;
        }
        let task = Discrepancy {
            import: Some(import),
            ..Discrepancy::of(DiscrepancyKind::EspaMissing, held)
        };
        found.push(counted(task, held));
    }
    found.extend(new_rows(
        DiscrepancyKind::EspaOnly,
        import,
        pairs.unknown(listed),
    ));
}

/// A difference of a computer that a list shows: before the first notification it belongs to that one; afterwards it is
/// a change, of which nobody said on which day.
fn counted(task: Discrepancy, held: &HeldComputer, notifiable: bool) -> Discrepancy {
    match held.phase.as_str() {
        "draft" => task.by_duty(held),
        "notified" | "changed_since_notified" if notifiable => Discrepancy {
            counts_by: Some(CountsBy::Change),
            ..task
        },
        _ => task,
    }
}

/// Fields in which a computer and an entry differ; what the entry does not say does not differ.
fn differing(
    computer: &Keyed<'_>,
    row: &KeyedRow<'_>,
    fields: &[RevisionField],
) -> Vec<(RevisionField, String, String)> {
    let held = computer.held;
    let (own_product, own_maker) = parts(&computer.names);
    let (product, maker) = parts(&row.names);
    let mut found = Vec::new();
    for field in fields.iter().copied() {
        let pair = match field {
            RevisionField::Product if own_product != product => {
                Some((held.items.product.to_string(), row.row.product.clone()))
            }
            RevisionField::Maker if own_maker != maker && !row.row.maker.trim().is_empty() => {
                Some((held.items.maker.to_string(), row.row.maker.clone()))
            }
            RevisionField::Facility
                if !row.facility.is_empty() && row.facility != held.facility.to_string() =>
            {
                Some((held.facility_name.clone(), row.row.facility_name.clone()))
            }
            RevisionField::Class => row
                .row
                .class
                .filter(|class| *class != held.items.class)
                .map(|class| {
                    let own = held.items.class.code().to_owned();
                    (own, class.code().to_owned())
                }),
            RevisionField::Unit => {
                row.row
                    .unit
                    .filter(|unit| *unit != held.items.unit)
                    .map(|unit| {
                        let own = held.items.unit.code().to_owned();
                        (own, unit.code().to_owned())
                    })
            }
            RevisionField::IntroducedOn => row
                .row
                .introduced_on
                .filter(|day| *day != held.dates.introduced_on)
                .map(|day| (held.dates.introduced_on.to_string(), day.to_string())),
            RevisionField::Product
            | RevisionField::Maker
            | RevisionField::Facility
            | RevisionField::FacilityCategory
            | RevisionField::BecameSpecifiedOn
            | RevisionField::Exemption
            | RevisionField::Note => None,
        };
        if let Some((before, after)) = pair {
            found.push((field, before, after));
        }
    }
    found
}

/// Entries that are no computer of the register.
fn new_rows(
    kind: DiscrepancyKind,
    import: ImportId,
    unknown: Vec<&KeyedRow<'_>>,
) -> Vec<Discrepancy> {
    let mut copies: HashMap<(&str, &str), u32> = HashMap::new();
    let mut found = Vec::new();
    for keyed in unknown {
        let row = keyed.row;
        let copy = copies.entry((&keyed.names, &keyed.facility)).or_default();
        found.push(Discrepancy {
            kind,
            computer: None,
            other_computer: None,
            import: Some(import),
            place: Some(row.place.clone()),
            product: row.product.clone(),
            maker: row.maker.clone(),
            facility: row.facility_name.clone(),
            facility_id: keyed.facility_id,
            field: None,
            before: None,
            after: None,
            counts_by: Some(CountsBy::Introduction),
            from: row.introduced_on,
            became_specified_on: None,
            own_limit: None,
            copy: *copy,
        });
        *copy = copy.saturating_add(1);
    }
    found
}
