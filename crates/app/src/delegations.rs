//! 委託: what people of a contractor see and fill in for an operator, until when, and who looked at what.

mod give;
mod held;
mod look;

pub use give::{DelegationInput, DelegationView, Given, Viewed};
pub use held::{DelegatedItem, Held};
pub(crate) use look::Pen;

use policy::{DelegatedExtent, DelegationFacts, DelegationStanding, Resource};
use store::rows::delegations::DelegationRecord;

use crate::instance::App;

impl App {
    /// A delegation as the policies see it, asked about one item; 0 for the whole.
    pub(crate) fn delegation_resource(&self, record: &DelegationRecord, section: u8) -> Resource {
        Resource::Delegation(DelegationFacts {
            id: record.id,
            owner: record.owner,
            person: record.person,
            sections: record.sections.iter().collect(),
            section,
            extent: match record.extent {
                model::delegations::Extent::View => DelegatedExtent::View,
                model::delegations::Extent::Fill => DelegatedExtent::Fill,
            },
            standing: if record.in_force(self.now()) {
                DelegationStanding::InForce
            } else {
                DelegationStanding::Over
            },
        })
    }
}
