use std::fmt;

use ids::{FacilityId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{
    ExemptionClaim, Facility, NotifiedItems, NotifiedUnit, Revision, RevisionDates,
};
use model::names::{DocumentReference, MakerName, ProductName};
use model::text::{Prose, TextError};
use serde_json::{Value, json};
use statute::{
    Answer, Answers, AssetClass, ClassOutcome, Exemption, ExemptionQuestion, classify, exemptions,
};

use crate::assets::facility::FacilityInput;
use crate::error::{AppError, FieldProblem};
use crate::instance::App;

/// Reason stored with the first revision of a computer.
pub(crate) const REGISTERED: &str = "registered";

/// Which facility a computer belongs to.
#[derive(Clone, Debug)]
pub enum FacilityChoice {
    /// One of the register.
    Known(FacilityId),
    /// One that is entered together with the computer.
    New(FacilityInput),
}

/// Why a computer need not be notified on the form, as someone claims.
#[derive(Clone, Debug, Default)]
pub enum ExemptionInput {
    /// No claim. A general product is still found from its name.
    #[default]
    None,
    /// Serves one operator or one group only (Order Art. 2(1) proviso).
    OwnGroupUse {
        /// The facts that the claim rests on.
        explanation: String,
    },
    /// A product of Notice No. 1.
    GeneralProduct,
    /// A document under ESPA takes the form's place (Order Arts 2(4), 3(3)).
    EspaSubstitute {
        /// Its number or title.
        document: String,
        /// Whether the name there equals the product name.
        same_name: bool,
        /// Whether the supplier there equals the manufacturer.
        same_supplier: bool,
    },
}

/// What someone enters of a computer; texts as typed.
#[derive(Clone)]
pub struct ComputerInput {
    /// Where it belongs.
    pub facility: FacilityChoice,
    /// What is notified.
    pub unit: NotifiedUnit,
    /// The class; where absent, the answers decide it.
    pub class: Option<AssetClass>,
    /// Answers to the questions on the class.
    pub class_answers: Answers,
    /// Product or cloud service.
    pub product: String,
    /// Manufacturer or provider.
    pub maker: String,
    /// Day of introduction.
    pub introduced_on: Date,
    /// Day it became specified by a change of the facility order.
    pub became_specified_on: Option<Date>,
    /// Claim that it need not be notified.
    pub exemption: ExemptionInput,
    /// Remark for the house.
    pub note: String,
}

/// A change of a computer.
#[derive(Clone)]
pub struct RevisionInput {
    /// Everything as it is now.
    pub computer: ComputerInput,
    /// The day of the change, where a notified item changed (Act Art. 4(3)).
    pub changed_on: Option<Date>,
    /// Why it is changed, for whoever reads the history.
    pub reason: String,
}

impl fmt::Debug for ComputerInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComputerInput").finish_non_exhaustive()
    }
}

impl fmt::Debug for RevisionInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevisionInput").finish_non_exhaustive()
    }
}

impl ComputerInput {
    /// Everything that makes the request what it is, for idempotency keys.
    pub(crate) fn fingerprint(&self) -> Value {
        let facility = match &self.facility {
            FacilityChoice::Known(id) => json!(id.to_string()),
            FacilityChoice::New(new) => new.fingerprint(),
        };
        let exemption = match &self.exemption {
            ExemptionInput::None => Value::Null,
            ExemptionInput::OwnGroupUse { explanation } => json!(["own_group_use", explanation]),
            ExemptionInput::GeneralProduct => json!(["general_product"]),
            ExemptionInput::EspaSubstitute {
                document,
                same_name,
                same_supplier,
            } => json!(["espa_substitute", document, same_name, same_supplier]),
        };
        let answers: Vec<Value> = self
            .class_answers
            .iter()
            .map(|(code, answer)| json!([code, answer.code()]))
            .collect();
        json!({
            "facility": facility,
            "unit": self.unit.code(),
            "class": self.class.map(AssetClass::code),
            "answers": answers,
            "product": self.product,
            "maker": self.maker,
            "introduced_on": self.introduced_on.to_string(),
            "became_specified_on": self.became_specified_on.map(|day| day.to_string()),
            "exemption": exemption,
            "note": self.note,
        })
    }
}

/// Who writes a revision, and its place in the history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing {
    pub(crate) number: u32,
    pub(crate) by: PersonId,
    pub(crate) at: Timestamp,
    pub(crate) changed_on: Option<Date>,
}

impl App {
    /// Turns what was entered into a revision, or names every field that is wrong.
    pub(crate) fn revision_of(
        &self,
        input: &ComputerInput,
        facility: &Facility,
        writing: Writing,
    ) -> Result<Revision, AppError> {
        let mut problems = Vec::new();
        let product = take(
            &mut problems,
            "product",
            ProductName::parse(&input.product).map_err(TextError::code),
        );
        let maker = take(
            &mut problems,
            "maker",
            MakerName::parse(&input.maker).map_err(TextError::code),
        );
        let note = take(&mut problems, "note", optional_prose(&input.note)).flatten();
        let today = self.today();
        for (field, day) in [
            ("introduced_on", Some(input.introduced_on)),
            ("became_specified_on", input.became_specified_on),
            ("changed_on", writing.changed_on),
        ] {
            if day.is_some_and(|day| today < day) {
                problems.push(FieldProblem::new(field, "day_in_future"));
            }
        }
        if writing
            .changed_on
            .is_some_and(|changed| changed < input.introduced_on)
        {
            problems.push(FieldProblem::new(
                "changed_on",
                "change_before_introduction",
            ));
        }
        let class = self.class_of(input, today, &mut problems);
        let exemption = self.claim_of(input, today, &mut problems);
        let (Some(product), Some(maker), Some(class)) = (product, maker, class) else {
            return Err(AppError::Invalid(problems));
        };
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        Ok(Revision {
            id: self.ids().next(),
            number: writing.number,
            facility: facility.id,
            items: NotifiedItems {
                facility_category: facility.category.clone(),
                class,
                unit: input.unit,
                product,
                maker,
            },
            dates: RevisionDates {
                introduced_on: input.introduced_on,
                became_specified_on: input.became_specified_on,
                changed_on: writing.changed_on,
            },
            class_answers: input.class_answers.clone(),
            exemption,
            note,
            written_by: writing.by,
            written_at: writing.at,
        })
    }

    /// The class that was chosen, or that the answers decide. The two may not contradict each other.
    fn class_of(
        &self,
        input: &ComputerInput,
        today: Date,
        problems: &mut Vec<FieldProblem>,
    ) -> Option<AssetClass> {
        if input.class_answers.iter().next().is_none() {
            if input.class.is_none() {
                problems.push(FieldProblem::new("class", "class_missing"));
            }
            return input.class;
        }
        let Ok(found) = classify(self.rules(), &input.class_answers, today) else {
            problems.push(FieldProblem::new("class", "class_question_unknown"));
            return None;
        };
        let wrong = match (&found.outcome, input.class) {
            (ClassOutcome::NotSpecified, _) => "class_not_specified",
            (ClassOutcome::Decided(class), None) => return Some(*class),
            (ClassOutcome::Decided(class), Some(chosen)) => {
                if *class == chosen || found.also.contains(&chosen) {
                    return Some(chosen);
                }
                "class_contradicts"
            }
            (ClassOutcome::AtLeast { class, may_be }, Some(chosen)) => {
                if *class == chosen || may_be.contains(&chosen) || found.also.contains(&chosen) {
                    return Some(chosen);
                }
                "class_contradicts"
            }
            (ClassOutcome::Unclear { may_be }, Some(chosen)) => {
                if may_be.contains(&chosen) {
                    return Some(chosen);
                }
                "class_contradicts"
            }
            (ClassOutcome::AtLeast { .. } | ClassOutcome::Unclear { .. }, None) => "class_missing",
        };
        problems.push(FieldProblem::new("class", wrong));
        None
    }

    /// The claim, with a general product found from its name (Notice No. 1).
    fn claim_of(
        &self,
        input: &ComputerInput,
        today: Date,
        problems: &mut Vec<FieldProblem>,
    ) -> Option<ExemptionClaim> {
        let (reason, document, explanation) = match &input.exemption {
            ExemptionInput::None => {
                if self.general_product(&input.product, today) != Answer::Yes {
                    return None;
                }
                (Exemption::GeneralProduct, None, None)
            }
            ExemptionInput::GeneralProduct => {
                if self.general_product(&input.product, today) == Answer::No {
                    problems.push(FieldProblem::new(
                        "exemption",
                        "exemption_not_general_product",
                    ));
                    return None;
                }
                (Exemption::GeneralProduct, None, None)
            }
            ExemptionInput::OwnGroupUse { explanation } => {
                let explanation = take(
                    problems,
                    "explanation",
                    Prose::<1000>::parse(explanation).map_err(TextError::code),
                )?;
                (Exemption::OwnGroupUse, None, Some(explanation))
            }
            ExemptionInput::EspaSubstitute {
                document,
                same_name,
                same_supplier,
            } => {
                if !*same_name {
                    problems.push(FieldProblem::new("espa_same_name", "espa_not_the_same"));
                }
                if !*same_supplier {
                    problems.push(FieldProblem::new("espa_same_supplier", "espa_not_the_same"));
                }
                let document = take(
                    problems,
                    "espa_document",
                    DocumentReference::parse(document).map_err(TextError::code),
                )?;
                (Exemption::EspaSubstitute, Some(document), None)
            }
        };
        match ExemptionClaim::new(reason, document) {
            Ok(claim) => Some(claim.explained(explanation)),
            Err(error) => {
                problems.push(FieldProblem::new("exemption", error.code()));
                None
            }
        }
    }

    /// Whether a product is one of those used generally and widely.
    pub(crate) fn general_product(&self, product: &str, today: Date) -> Answer {
        let question = ExemptionQuestion {
            own_group_use: Answer::No,
            product: product.to_owned(),
            espa_filed: Answer::No,
            espa_same_name: Answer::No,
            espa_same_supplier: Answer::No,
            only_operator_name_changed: Answer::No,
        };
        exemptions(self.rules(), &question, today)
            .found
            .into_iter()
            .find(|found| found.exemption == Exemption::GeneralProduct)
            .map_or(Answer::No, |found| found.applies)
    }
}

fn take<T>(
    problems: &mut Vec<FieldProblem>,
    field: &'static str,
    parsed: Result<T, &'static str>,
) -> Option<T> {
    match parsed {
        Ok(value) => Some(value),
        Err(code) => {
            problems.push(FieldProblem::new(field, code));
            None
        }
    }
}

/// Text that may be left empty.
pub(crate) fn optional_prose<const MAX: usize>(
    text: &str,
) -> Result<Option<Prose<MAX>>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Prose::parse(text).map(Some).map_err(TextError::code)
}
