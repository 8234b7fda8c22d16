//! Which entry of a list is which computer.

use std::collections::{HashMap, VecDeque};

use ids::FacilityId;
use store::rows::reconciliation::HeldComputer;

use crate::assets::import::ListedRow;

/// A computer with the key of its names.
pub(super) struct Keyed<'a> {
    pub(super) held: &'a HeldComputer,
    pub(super) names: String,
}

/// An entry of a list with its keys.
pub(super) struct KeyedRow<'a> {
    pub(super) row: &'a ListedRow,
    pub(super) names: String,
    /// A facility of the register, or the key of a name; empty where none is named.
    pub(super) facility: String,
    pub(super) facility_id: Option<FacilityId>,
}

/// Keys of product and maker.
pub(super) fn parts(names: &str) -> (&str, &str) {
    names.split_once(' ').unwrap_or((names, ""))
}

/// Which entry of a list is which computer.
pub(super) struct Pairs {
    /// By entry: the place of the computer.
    of_row: Vec<Option<usize>>,
    /// By computer.
    taken: Vec<bool>,
}

impl Pairs {
    /// The nearest first: what became of the entry; names and facility; product and facility; names; maker and facility,
    /// where only one of each is left.
    pub(super) fn of(in_use: &[Keyed<'_>], listed: &[KeyedRow<'_>]) -> Self {
        let mut pairs = Self {
            of_row: vec![None; listed.len()],
            taken: vec![false; in_use.len()],
        };
        pairs.pair(
            in_use.iter().map(|own| own.held.id.to_string()),
            listed
                .iter()
                .map(|row| row.row.computer.map(|id| id.to_string())),
            Many::InOrder,
        );
        pairs.pair(
            in_use
                .iter()
                .map(|own| format!("{} {}", own.names, own.held.facility)),
            listed
                .iter()
                .map(|row| Some(format!("{} {}", row.names, row.facility))),
            Many::InOrder,
        );
        pairs.pair(
            in_use
                .iter()
                .map(|own| format!("{} {}", parts(&own.names).0, own.held.facility)),
            listed
                .iter()
                .map(|row| Some(format!("{} {}", parts(&row.names).0, row.facility))),
            Many::InOrder,
        );
        pairs.pair(
            in_use.iter().map(|own| own.names.clone()),
            listed.iter().map(|row| Some(row.names.clone())),
            Many::InOrder,
        );
        pairs.pair(
            in_use
                .iter()
                .map(|own| format!("{} {}", parts(&own.names).1, own.held.facility)),
            listed.iter().map(|row| {
                let maker = parts(&row.names).1;
                (!maker.is_empty()).then(|| format!("{maker} {}", row.facility))
            }),
            Many::Neither,
        );
        pairs
    }

    fn pair(
        &mut self,
        own: impl Iterator<Item = String>,
        rows: impl Iterator<Item = Option<String>>,
        many: Many,
    ) {
        let mut waiting: HashMap<String, (VecDeque<usize>, Vec<usize>)> = HashMap::new();
        for (place, key) in own.enumerate() {
            if self.taken.get(place) == Some(&false) {
                waiting.entry(key).or_default().0.push_back(place);
            }
        }
        for (place, key) in rows.enumerate() {
            if let Some(key) = key
                && self.of_row.get(place) == Some(&None)
                && let Some((_, rows)) = waiting.get_mut(&key)
            {
                rows.push(place);
            }
        }
        for (mut computers, rows) in waiting.into_values() {
            let only = computers.len() == 1 && rows.len() == 1;
            if many == Many::Neither && !only {
                continue;
            }
            for row in rows {
                let Some(computer) = computers.pop_front() else {
                    break;
                };
                if let (Some(place), Some(taken)) =
                    (self.of_row.get_mut(row), self.taken.get_mut(computer))
                {
                    *place = Some(computer);
                    *taken = true;
                }
            }
        }
    }

    /// Entries with their computers, in the order of the list.
    pub(super) fn matched<'x, 'a>(
        &self,
        in_use: &'x [Keyed<'a>],
        listed: &'x [KeyedRow<'a>],
    ) -> Vec<(&'x Keyed<'a>, &'x KeyedRow<'a>)> {
        listed
            .iter()
            .zip(&self.of_row)
            .filter_map(|(row, computer)| Some((in_use.get((*computer)?)?, row)))
            .collect()
    }

    /// Entries that are no computer of the register. One that became a computer which is out of use now is none of them.
    pub(super) fn unknown<'x, 'a>(&self, listed: &'x [KeyedRow<'a>]) -> Vec<&'x KeyedRow<'a>> {
        listed
            .iter()
            .zip(&self.of_row)
            .filter(|(keyed, computer)| computer.is_none() && keyed.row.computer.is_none())
            .map(|(keyed, _)| keyed)
            .collect()
    }

    /// Computers that no entry names.
    pub(super) fn alone<'x, 'a>(&self, in_use: &'x [Keyed<'a>]) -> Vec<&'x Keyed<'a>> {
        in_use
            .iter()
            .zip(&self.taken)
            .filter(|(_, taken)| !**taken)
            .map(|(own, _)| own)
            .collect()
    }
}

/// What becomes of several that fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Many {
    /// They are paired one after the other.
    InOrder,
    /// None of them is paired.
    Neither,
}
