use ids::{FacilityId, OrganisationId};
use jiff::civil::Date;

use crate::names::CategoryName;
use crate::text::Line;

/// Specified essential facility (特定重要設備, ESPA Art. 50(1)) of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Identifies it.
    pub id: FacilityId,
    /// The operator.
    pub owner: OrganisationId,
    /// What it is called in the house; not filed.
    pub name: Line<200>,
    /// Category as the facility order of the sector names it (Order Art. 2(5)(ii)).
    pub category: CategoryName,
    /// Day of installation; Order suppl. 2 asks whether it stood at enforcement.
    pub installed_on: Option<Date>,
    /// Grows with each change.
    pub version: i64,
}
