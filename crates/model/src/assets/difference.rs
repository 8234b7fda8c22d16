use std::fmt;

use ids::stable_codes;

use super::revision::Revision;

stable_codes! {
    /// A part of a revision that can differ from another.
    pub enum RevisionField {
        /// Facility of the house.
        Facility = "facility",
        /// Order Art. 2(5)(ii).
        FacilityCategory = "facility_category",
        /// Order Art. 2(5)(iii).
        Class = "class",
        /// Order Art. 2(1).
        Unit = "unit",
        /// Order Art. 2(5)(iv).
        Product = "product",
        /// Order Art. 2(5)(v).
        Maker = "maker",
        /// Day of introduction.
        IntroducedOn = "introduced_on",
        /// Day it became specified.
        BecameSpecifiedOn = "became_specified_on",
        /// Claimed exemption and its document.
        Exemption = "exemption",
        /// Remark of the house.
        Note = "note",
    }
}

impl RevisionField {
    /// Whether a change of this field is a change of a notified item (Act Art. 4(3)).
    pub const fn significance(self) -> Significance {
        match self {
            Self::FacilityCategory | Self::Class | Self::Unit | Self::Product | Self::Maker => {
                Significance::Notifiable
            }
            Self::Facility
            | Self::IntroducedOn
            | Self::BecameSpecifiedOn
            | Self::Exemption
            | Self::Note => Significance::HouseOnly,
        }
    }
}

stable_codes! {
    /// What a change asks for.
    pub enum Significance {
        /// A notified item changed: 様式第二 is due (Act Art. 4(3), Order Art. 3(1)).
        Notifiable = "notifiable",
        /// Only what is not notified changed.
        HouseOnly = "house_only",
    }
}

/// A field that differs, as people read it. `Debug` shows the field only.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub field: RevisionField,
    /// Before; `None` when it was empty.
    pub before: Option<String>,
    /// After; `None` when it is empty.
    pub after: Option<String>,
}

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Difference({})", self.field)
    }
}

/// The fields in which two revisions of one computer differ, in the order of the form.
///
/// Names are compared as filed: another writing of the same name is a difference, since the filed
/// string is the legal record.
pub fn differences(before: &Revision, after: &Revision) -> Vec<Difference> {
    RevisionField::ALL
        .iter()
        .filter_map(|field| {
            let (old, new) = (text_of(before, *field), text_of(after, *field));
            (old != new).then_some(Difference {
                field: *field,
                before: old,
                after: new,
            })
        })
        .collect()
}

/// What a set of differences asks for.
pub fn significance(differences: &[Difference]) -> Significance {
    let notifiable = differences
        .iter()
        .any(|difference| difference.field.significance() == Significance::Notifiable);
    if notifiable {
        Significance::Notifiable
    } else {
        Significance::HouseOnly
    }
}

fn text_of(revision: &Revision, field: RevisionField) -> Option<String> {
    let items = &revision.items;
    match field {
        RevisionField::Facility => Some(revision.facility.to_string()),
        RevisionField::FacilityCategory => Some(items.facility_category.to_string()),
        RevisionField::Class => Some(items.class.code().to_owned()),
        RevisionField::Unit => Some(items.unit.code().to_owned()),
        RevisionField::Product => Some(items.product.to_string()),
        RevisionField::Maker => Some(items.maker.to_string()),
        RevisionField::IntroducedOn => Some(revision.dates.introduced_on.to_string()),
        RevisionField::BecameSpecifiedOn => revision
            .dates
            .became_specified_on
            .map(|day| day.to_string()),
        RevisionField::Exemption => {
            revision
                .exemption
                .as_ref()
                .map(|claim| match claim.document() {
                    Some(document) => format!("{} {document}", claim.reason().code()),
                    None => claim.reason().code().to_owned(),
                })
        }
        RevisionField::Note => revision.note.as_ref().map(|note| note.as_str().to_owned()),
    }
}
