use ids::{FacilityId, PersonId, RevisionId, stable_codes};
use jiff::Timestamp;
use jiff::civil::Date;
use statute::{Answers, AssetClass, Exemption};
use thiserror::Error;

use crate::names::{CategoryName, DocumentReference, MakerName, MatchKey, ProductName};
use crate::text::Prose;

stable_codes! {
    /// What of a computer is notified (Order Art. 2(1), (4)).
    pub enum NotifiedUnit {
        /// The hardware of an appliance (アプライアンス).
        ApplianceHardware = "appliance_hw",
        /// The operating system of anything else.
        OperatingSystem = "os",
        /// Middleware built in.
        Middleware = "middleware",
        /// An application built in.
        Application = "application",
        /// A cloud service: service and provider take the place of product and manufacturer.
        CloudService = "cloud_service",
    }
}

/// One version of what is known of a computer. Never changed; a change is a new revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Identifies it.
    pub id: RevisionId,
    /// 1 for the first, then counted up.
    pub number: u32,
    /// The facility that the computer belongs to.
    pub facility: FacilityId,
    /// What is notified.
    pub items: NotifiedItems,
    /// The days on which the law counts.
    pub dates: RevisionDates,
    /// Answers from which the class was found; empty when somebody chose it without the questions.
    pub class_answers: Answers,
    /// Why it need not be notified on the form, if somebody claims so.
    pub exemption: Option<ExemptionClaim>,
    /// Remark for the house; not filed.
    pub note: Option<Prose<2000>>,
    /// Who wrote it.
    pub written_by: PersonId,
    /// When.
    pub written_at: Timestamp,
}

/// The items of a notification that belong to the computer (Order Art. 2(5)(ii) to (v)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifiedItems {
    /// Category of the related facility (ii).
    pub facility_category: CategoryName,
    /// Category of the computer (iii).
    pub class: AssetClass,
    /// Unit of notification (Order Art. 2(1)).
    pub unit: NotifiedUnit,
    /// Product, or cloud service (iv).
    pub product: ProductName,
    /// Manufacturer, or provider (v).
    pub maker: MakerName,
}

impl NotifiedItems {
    /// Keys under which the same product of the same maker meets, however it is written.
    pub fn match_keys(&self) -> (MatchKey, MatchKey) {
        (
            MatchKey::of_product(&self.product),
            MatchKey::of_maker(&self.maker),
        )
    }
}

/// Days from which periods run; those of operator and facility stand with these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisionDates {
    /// 導入 (Act Art. 4(1)).
    pub introduced_on: Date,
    /// The day it became specified by a change of the facility order (Order Art. 2(3)).
    pub became_specified_on: Option<Date>,
    /// The day of the change that this revision describes (Act Art. 4(3)).
    pub changed_on: Option<Date>,
}

/// A claim that a computer or change need not be notified on the form.
///
/// Invariant: ESPA substitution names the document, and no other reason does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemptionClaim {
    reason: Exemption,
    document: Option<DocumentReference>,
    explanation: Option<Prose<1000>>,
}

/// Says why a claim cannot be made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ExemptionClaimError {
    /// ESPA substitution without the document that takes the form's place (Order Art. 2(4)).
    #[error("substitution names no document")]
    DocumentMissing,
    /// A document where none takes the form's place.
    #[error("document named for a reason that has none")]
    DocumentWithoutSubstitution,
}

impl ExemptionClaimError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocumentMissing => "exemption.document_missing",
            Self::DocumentWithoutSubstitution => "exemption.document_without_substitution",
        }
    }
}

impl ExemptionClaim {
    /// Claims an exemption.
    pub fn new(
        reason: Exemption,
        document: Option<DocumentReference>,
    ) -> Result<Self, ExemptionClaimError> {
        match (reason, document.is_some()) {
            (Exemption::EspaSubstitute, false) => Err(ExemptionClaimError::DocumentMissing),
            (Exemption::OwnGroupUse | Exemption::GeneralProduct | Exemption::MinorChange, true) => {
                Err(ExemptionClaimError::DocumentWithoutSubstitution)
            }
            (Exemption::EspaSubstitute, true)
            | (
                Exemption::OwnGroupUse | Exemption::GeneralProduct | Exemption::MinorChange,
                false,
            ) => Ok(Self {
                reason,
                document,
                explanation: None,
            }),
        }
    }

    /// The same claim with the facts that it rests on.
    #[must_use]
    pub fn explained(mut self, explanation: Option<Prose<1000>>) -> Self {
        self.explanation = explanation;
        self
    }

    /// The facts that it rests on, for the house and for whoever asks later.
    pub const fn explanation(&self) -> Option<&Prose<1000>> {
        self.explanation.as_ref()
    }

    /// Why.
    pub const fn reason(&self) -> Exemption {
        self.reason
    }

    /// The document under ESPA that takes the form's place.
    pub const fn document(&self) -> Option<&DocumentReference> {
        self.document.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use statute::Exemption;

    use super::{ExemptionClaim, ExemptionClaimError};
    use crate::names::DocumentReference;

    #[test]
    fn substitution_names_its_document_and_no_other_reason_does() {
        let document = || DocumentReference::parse("導入等計画書 2026-11-01").ok();
        assert!(ExemptionClaim::new(Exemption::EspaSubstitute, document()).is_ok());
        assert_eq!(
            ExemptionClaim::new(Exemption::EspaSubstitute, None),
            Err(ExemptionClaimError::DocumentMissing)
        );
        assert!(ExemptionClaim::new(Exemption::GeneralProduct, None).is_ok());
        assert_eq!(
            ExemptionClaim::new(Exemption::OwnGroupUse, document()),
            Err(ExemptionClaimError::DocumentWithoutSubstitution)
        );
    }
}
