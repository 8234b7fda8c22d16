//! What programs send and receive about the register.

use std::collections::BTreeMap;

use app::assets::{
    ComputerHead, ComputerInput, ComputerView, ExemptionInput, FacilityChoice, FacilityInput,
};
use app::{AppError, FieldProblem};
use model::assets::{ExemptionClaim, Facility, Revision};
use serde::{Deserialize, Serialize};
use statute::{Answer, Answers, AssetClass, Exemption};
use uuid::Uuid;

use crate::api::wire::{day, optional_day};

/// A facility (特定重要設備) to be entered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FacilityBody {
    /// Name in the house; not filed.
    pub name: String,
    /// Category in the words of the facility order; filed.
    pub category: String,
    /// Day of installation, `YYYY-MM-DD`.
    #[serde(default)]
    pub installed_on: Option<String>,
}

/// A facility to be changed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FacilityChangeBody {
    /// Everything as it is after the change.
    pub facility: FacilityBody,
    /// Day on which the category changed; needed where a computer was notified.
    #[serde(default)]
    pub changed_on: Option<String>,
}

/// A facility of the register.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FacilityView {
    /// Identifies it.
    pub id: Uuid,
    /// Name in the house.
    pub name: String,
    /// Category.
    pub category: String,
    /// Day of installation.
    pub installed_on: Option<String>,
    /// Grows with each change; also the entity tag.
    pub version: i64,
}

/// A page of facilities.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FacilityList {
    /// Facilities, oldest first.
    pub items: Vec<FacilityView>,
    /// Where the next page begins: send it as `cursor`.
    pub next: Option<Uuid>,
}

/// Claim that a computer need not be notified on the form.
#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExemptionBody {
    /// `general_product`, `own_group_use` or `espa_substitute`.
    pub reason: String,
    /// The document under ESPA that takes the form's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Whether the name there equals the product name.
    #[serde(default)]
    pub same_name: bool,
    /// Whether the supplier there equals the manufacturer.
    #[serde(default)]
    pub same_supplier: bool,
    /// Facts that own use rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

/// A computer (特定重要電子計算機) to be entered, or as it is after a change.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComputerBody {
    /// The facility.
    pub facility: Uuid,
    /// `appliance_hw`, `os`, `middleware`, `application` or `cloud_service`.
    pub unit: String,
    /// Class, such as `nigo_3`; where absent, the answers decide it.
    #[serde(default)]
    pub class: Option<String>,
    /// Answers to the questions on the class: code to `yes`, `no` or `unknown`.
    #[serde(default)]
    pub class_answers: BTreeMap<String, String>,
    /// Product or cloud service, as it is filed.
    pub product: String,
    /// Manufacturer or provider, as it is filed.
    pub maker: String,
    /// Day of introduction, `YYYY-MM-DD`.
    pub introduced_on: String,
    /// Day it became specified by a change of the facility order.
    #[serde(default)]
    pub became_specified_on: Option<String>,
    /// Claim that it need not be notified.
    #[serde(default)]
    pub exemption: Option<ExemptionBody>,
    /// Remark for the house; not filed.
    #[serde(default)]
    pub note: Option<String>,
}

/// A change of a computer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComputerChangeBody {
    /// Everything as it is after the change.
    pub computer: ComputerBody,
    /// Day of the change, where a notified item changed.
    #[serde(default)]
    pub changed_on: Option<String>,
    /// Why, for whoever reads the history.
    pub reason: String,
}

/// The end of use of a computer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndBody {
    /// Last day of use, `YYYY-MM-DD`.
    pub ended_on: String,
}

/// A computer in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ComputerItem {
    /// Identifies it.
    pub id: Uuid,
    /// Where it stands.
    pub phase: String,
    /// Why it need not be notified.
    pub exemption: Option<String>,
    /// Legal limit of what is to be notified.
    pub due_on: Option<String>,
    /// Class.
    pub class: String,
    /// Unit of notification.
    pub unit: String,
    /// Product or cloud service.
    pub product: String,
    /// Manufacturer or provider.
    pub maker: String,
    /// The facility.
    pub facility: Uuid,
    /// Its name in the house.
    pub facility_name: String,
    /// Grows with each change.
    pub version: i64,
}

/// A page of computers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ComputerList {
    /// Computers, newest first.
    pub items: Vec<ComputerItem>,
    /// Where the next page begins: send it as `cursor`.
    pub next: Option<Uuid>,
    /// Number of computers that the filter leaves.
    pub total: u64,
}

/// A computer with what is due.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ComputerDetail {
    /// Identifies it.
    pub id: Uuid,
    /// Where it stands.
    pub phase: String,
    /// Grows with each change; also the entity tag.
    pub version: i64,
    /// The facility.
    pub facility: Uuid,
    /// Number of the current revision.
    pub revision: u32,
    /// Unit of notification.
    pub unit: String,
    /// Class.
    pub class: String,
    /// Answers from which the class was found.
    pub class_answers: BTreeMap<String, String>,
    /// Category of the facility, as filed.
    pub facility_category: String,
    /// Product or cloud service.
    pub product: String,
    /// Manufacturer or provider.
    pub maker: String,
    /// Day of introduction.
    pub introduced_on: String,
    /// Day it became specified by a change of the facility order.
    pub became_specified_on: Option<String>,
    /// Claim that it need not be notified.
    pub exemption: Option<ExemptionBody>,
    /// Remark for the house.
    pub note: Option<String>,
    /// What is to be notified: `new`, `change` or `retirement`.
    pub duty: Option<String>,
    /// The limit with basis, confidence and reasons; the reason of a refusal where there is none.
    #[schema(value_type = Option<Object>)]
    pub due: Option<serde_json::Value>,
    /// Filings that name it, oldest first.
    pub filings: Vec<Uuid>,
}

/// A computer after a change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RegisteredView {
    /// The computer.
    pub id: Uuid,
    /// Its version, for `If-Match`.
    pub version: i64,
}

impl FacilityBody {
    pub(crate) fn read(self) -> Result<FacilityInput, AppError> {
        Ok(FacilityInput {
            installed_on: optional_day("installed_on", self.installed_on.as_deref())?,
            name: self.name,
            category: self.category,
        })
    }
}

impl From<&Facility> for FacilityView {
    fn from(facility: &Facility) -> Self {
        Self {
            id: facility.id.uuid(),
            name: facility.name.as_str().to_owned(),
            category: facility.category.as_str().to_owned(),
            installed_on: facility.installed_on.map(|day| day.to_string()),
            version: facility.version,
        }
    }
}

impl ComputerBody {
    pub(crate) fn read(self) -> Result<ComputerInput, AppError> {
        let mut problems = Vec::new();
        let mut class_answers = Answers::new();
        for (code, answer) in &self.class_answers {
            match Answer::parse(answer) {
                Some(answer) => class_answers.set(code, answer),
                None => problems.push(FieldProblem::new("class_answers", "code_unknown")),
            }
        }
        let class = self.class.as_deref().map(AssetClass::parse);
        if class == Some(None) {
            problems.push(FieldProblem::new("class", "code_unknown"));
        }
        let unit = self.unit.parse();
        if unit.is_err() {
            problems.push(FieldProblem::new("unit", "code_unknown"));
        }
        let exemption = match self.exemption {
            None => Some(ExemptionInput::None),
            Some(claim) => claim.read(),
        };
        if exemption.is_none() {
            problems.push(FieldProblem::new("exemption", "code_unknown"));
        }
        let (Ok(unit), Some(exemption), true) = (unit, exemption, problems.is_empty()) else {
            return Err(AppError::Invalid(problems));
        };
        Ok(ComputerInput {
            facility: FacilityChoice::Known(ids::Id::from_uuid(self.facility)),
            unit,
            class: class.flatten(),
            class_answers,
            product: self.product,
            maker: self.maker,
            introduced_on: day("introduced_on", &self.introduced_on)?,
            became_specified_on: optional_day(
                "became_specified_on",
                self.became_specified_on.as_deref(),
            )?,
            exemption,
            note: self.note.unwrap_or_default(),
        })
    }
}

impl ExemptionBody {
    fn read(self) -> Option<ExemptionInput> {
        match Exemption::parse(&self.reason)? {
            Exemption::GeneralProduct => Some(ExemptionInput::GeneralProduct),
            Exemption::OwnGroupUse => Some(ExemptionInput::OwnGroupUse {
                explanation: self.explanation.unwrap_or_default(),
            }),
            Exemption::EspaSubstitute => Some(ExemptionInput::EspaSubstitute {
                document: self.document.unwrap_or_default(),
                same_name: self.same_name,
                same_supplier: self.same_supplier,
            }),
            Exemption::MinorChange => None,
        }
    }
}

impl From<&ExemptionClaim> for ExemptionBody {
    fn from(claim: &ExemptionClaim) -> Self {
        let substitutes = claim.document().is_some();
        Self {
            reason: claim.reason().code().to_owned(),
            document: claim.document().map(|text| text.as_str().to_owned()),
            same_name: substitutes,
            same_supplier: substitutes,
            explanation: claim.explanation().map(|text| text.as_str().to_owned()),
        }
    }
}

impl From<&ComputerHead> for ComputerItem {
    fn from(head: &ComputerHead) -> Self {
        Self {
            id: head.id.uuid(),
            phase: head.phase.clone(),
            exemption: head.exemption.map(|reason| reason.code().to_owned()),
            due_on: head.due_on.map(|day| day.to_string()),
            class: head.items.class.code().to_owned(),
            unit: head.items.unit.code().to_owned(),
            product: head.items.product.as_str().to_owned(),
            maker: head.items.maker.as_str().to_owned(),
            facility: head.facility.uuid(),
            facility_name: head.facility_name.clone(),
            version: head.version,
        }
    }
}

impl ComputerDetail {
    pub(crate) fn new(view: &ComputerView, revision: &Revision) -> Self {
        let (duty, due) = match &view.due {
            Ok(Some(due)) => (
                Some(due.duty.code().to_owned()),
                Some(statute::json::due(&due.finding.due)),
            ),
            Ok(None) => (None, None),
            Err(refusal) => (None, Some(statute::json::due_refusal(refusal))),
        };
        let answers = revision.class_answers.iter();
        Self {
            id: view.computer.id().uuid(),
            phase: view.computer.phase().code().to_owned(),
            version: view.computer.parts().version,
            facility: revision.facility.uuid(),
            revision: revision.number,
            unit: revision.items.unit.code().to_owned(),
            class: revision.items.class.code().to_owned(),
            class_answers: answers
                .map(|(code, answer)| (code.to_owned(), answer.code().to_owned()))
                .collect(),
            facility_category: revision.items.facility_category.as_str().to_owned(),
            product: revision.items.product.as_str().to_owned(),
            maker: revision.items.maker.as_str().to_owned(),
            introduced_on: revision.dates.introduced_on.to_string(),
            became_specified_on: revision
                .dates
                .became_specified_on
                .map(|day| day.to_string()),
            exemption: revision.exemption.as_ref().map(ExemptionBody::from),
            note: revision.note.as_ref().map(|note| note.as_str().to_owned()),
            duty,
            due,
            filings: view
                .filings
                .iter()
                .map(|filing| filing.filing.uuid())
                .collect(),
        }
    }
}
