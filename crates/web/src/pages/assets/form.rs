//! The form of a computer: what it shows, and reading what was typed.

use app::App;
use app::assets::{
    ClassWizard, ComputerInput, ExemptionInput, FacilityChoice, FacilityInput, RevisionInput,
};
use jiff::civil::Date;
use model::assets::{Facility, NotifiedUnit, Revision};
use statute::{Answer, Answers, Asked, AssetClass, ClassOutcome, Exemption};

use super::words::{Reasons, class_label, exemption_label, unit_label};
use crate::failure::PageError;
use crate::forms::date::read_date;
use crate::forms::{
    Checkbox, Choice, Choices, DateInput, ErrorSummary, Form, FormErrors, RawForm, Select,
    TextArea, TextInput, Width,
};
use crate::locale::Locale;
use crate::session::Signed;
use crate::texts::Texts;

/// Names of the fields with their labels, for problems that the use cases name.
pub(super) const LABELS: &[(&str, &str)] = &[
    ("product", "computer-product"),
    ("maker", "computer-maker"),
    ("facility", "computer-facility"),
    ("facility_name", "facility-name"),
    ("facility_category", "facility-category"),
    ("facility_installed_on", "facility-installed-on"),
    ("unit", "computer-unit"),
    ("class", "computer-class"),
    ("introduced_on", "computer-introduced-on"),
    ("became_specified_on", "computer-became-specified-on"),
    ("exemption", "computer-exemption"),
    ("explanation", "computer-explanation"),
    ("espa_document", "computer-espa-document"),
    ("espa_same_name", "computer-espa-same-name"),
    ("espa_same_supplier", "computer-espa-same-supplier"),
    ("note", "computer-note"),
    ("changed_on", "computer-changed-on"),
    ("reason", "computer-reason"),
];

/// Value of the facility field for one that is entered here.
const NEW_FACILITY: &str = "new";
/// Beginning of the names of the fields that answer questions on the class.
const ANSWER: &str = "answer.";

/// The facilities to choose from.
pub(super) struct FacilityOffer {
    /// Those that were found, and the one chosen before.
    pub facilities: Vec<Facility>,
    /// Whether there are more, or a search narrowed them.
    pub searchable: bool,
}

/// The controls of the form.
pub(super) struct ComputerForm {
    pub summary: ErrorSummary,
    pub facility: Select,
    /// A search for facilities, where there are more than are offered at once.
    pub facility_find: Option<TextInput>,
    pub new_facility_open: bool,
    pub facility_name: TextInput,
    pub facility_category: TextInput,
    pub facility_installed_on: DateInput,
    pub unit: Choices,
    pub product: TextInput,
    pub maker: TextInput,
    pub introduced_on: DateInput,
    pub became_specified_on: DateInput,
    pub class: Select,
    pub wizard: WizardView,
    pub exemption: Choices,
    pub exemption_open: bool,
    pub explanation: TextArea,
    pub espa_document: TextInput,
    pub espa_same_name: Checkbox,
    pub espa_same_supplier: Checkbox,
    pub note: TextArea,
    pub changed_on: DateInput,
    pub reason: TextArea,
}

/// The questions on the class as far as they were answered.
pub(super) struct WizardView {
    /// Answered questions, then the next one.
    pub questions: Vec<Choices>,
    /// What the answers say, once there are any.
    pub outcome: Option<String>,
    pub reasons: Option<Reasons>,
    /// Whether there is a question left.
    pub more: bool,
}

impl ComputerForm {
    pub(super) fn new(
        app: &App,
        signed: &Signed,
        raw: &RawForm,
        errors: &FormErrors,
        offer: &FacilityOffer,
    ) -> Result<Self, PageError> {
        let t = signed.here.t;
        let form = Form::new(t, raw, errors);
        let mut choices: Vec<Choice> = offer
            .facilities
            .iter()
            .map(|facility| {
                let label = format!("{}（{}）", facility.name.as_str(), facility.category);
                Choice::new(facility.id.to_string(), label)
            })
            .collect();
        choices.push(Choice::new(NEW_FACILITY, t.get("computer-facility-new")));
        let classes = AssetClass::ALL
            .into_iter()
            .map(|class| Choice::new(class.code(), class_label(t, class)))
            .collect();
        let units = NotifiedUnit::ALL
            .iter()
            .map(|unit| Choice::new(unit.code(), unit_label(t, *unit)))
            .collect();
        let exemptions = exemption_choices(t);
        let wizard = app.class_wizard(&answers_of(raw), app.today())?;
        Ok(Self {
            summary: form.summary(),
            facility: form
                .select("facility", "computer-facility", choices)
                .hint("computer-facility-hint")
                .required(),
            facility_find: offer.searchable.then(|| {
                form.text("facility_find", "facilities-search")
                    .hint("facilities-search-hint")
                    .width(Width::M)
            }),
            new_facility_open: (offer.facilities.is_empty() && !offer.searchable)
                || raw.get("facility") == NEW_FACILITY,
            facility_name: form
                .text("facility_name", "facility-name")
                .hint("facility-name-hint"),
            facility_category: form
                .text("facility_category", "facility-category")
                .hint("facility-category-hint"),
            facility_installed_on: form
                .date("facility_installed_on", "facility-installed-on")
                .hint("facility-installed-on-hint"),
            unit: form
                .radios("unit", "computer-unit", units)
                .hint("computer-unit-hint")
                .required(),
            product: form
                .text("product", "computer-product")
                .hint("computer-product-hint")
                .required(),
            maker: form
                .text("maker", "computer-maker")
                .hint("computer-maker-hint")
                .required(),
            introduced_on: form
                .date("introduced_on", "computer-introduced-on")
                .hint("computer-introduced-on-hint")
                .required(),
            became_specified_on: form
                .date("became_specified_on", "computer-became-specified-on")
                .hint("computer-became-specified-on-hint"),
            class: form
                .select("class", "computer-class", classes)
                .hint("computer-class-hint"),
            wizard: wizard_view(t, &form, &wizard),
            exemption: form
                .radios("exemption", "computer-exemption", exemptions)
                .hint("computer-exemption-hint"),
            exemption_open: matches!(
                Exemption::parse(raw.get("exemption")),
                Some(Exemption::OwnGroupUse | Exemption::EspaSubstitute)
            ),
            explanation: form
                .text_area("explanation", "computer-explanation")
                .hint("computer-explanation-hint")
                .rows(3)
                .max_chars(1000),
            espa_document: form
                .text("espa_document", "computer-espa-document")
                .hint("computer-espa-document-hint")
                .width(Width::M),
            espa_same_name: form.checkbox("espa_same_name", "computer-espa-same-name"),
            espa_same_supplier: form.checkbox("espa_same_supplier", "computer-espa-same-supplier"),
            note: form
                .text_area("note", "computer-note")
                .hint("computer-note-hint")
                .rows(3)
                .max_chars(2000),
            changed_on: form
                .date("changed_on", "computer-changed-on")
                .hint("computer-changed-on-hint"),
            reason: form
                .text_area("reason", "computer-reason")
                .hint("computer-reason-hint")
                .rows(2)
                .max_chars(1000)
                .required(),
        })
    }
}

fn exemption_choices(t: Texts) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", t.get("exemption-none"))];
    choices.push(
        Choice::new(
            Exemption::GeneralProduct.code(),
            exemption_label(t, Exemption::GeneralProduct),
        )
        .hint(t.get("exemption-general-product-hint")),
    );
    choices.push(
        Choice::new(
            Exemption::OwnGroupUse.code(),
            exemption_label(t, Exemption::OwnGroupUse),
        )
        .hint(t.get("exemption-own-group-use-hint")),
    );
    choices.push(
        Choice::new(
            Exemption::EspaSubstitute.code(),
            exemption_label(t, Exemption::EspaSubstitute),
        )
        .hint(t.get("exemption-espa-substitute-hint")),
    );
    choices
}

pub(super) fn wizard_view(t: Texts, form: &Form<'_>, wizard: &ClassWizard<'_>) -> WizardView {
    let shown = wizard.answered.iter().chain(wizard.next.iter());
    let questions = shown
        .map(|asked| {
            let (text, help) = words_of(t, asked);
            form.radios(
                &format!("{ANSWER}{}", asked.code),
                "computer-class-question",
                answer_choices(t),
            )
            .label_text(text)
            .hint_text(help)
            .inline()
        })
        .collect();
    let begun = !wizard.answered.is_empty();
    WizardView {
        questions,
        outcome: begun.then(|| outcome_text(t, &wizard.found.outcome)),
        reasons: begun.then(|| Reasons::new(t, &wizard.found.reasons)),
        more: wizard.next.is_some(),
    }
}

fn words_of<'book>(t: Texts, asked: &Asked<'book>) -> (&'book str, &'book str) {
    match t.locale() {
        Locale::Ja => (asked.text_ja, asked.help_ja),
        Locale::En => (asked.text_en, asked.help_en),
    }
}

fn answer_choices(t: Texts) -> Vec<Choice> {
    vec![
        Choice::new(Answer::Yes.code(), t.get("answer-yes")),
        Choice::new(Answer::No.code(), t.get("answer-no")),
        Choice::new(Answer::Unknown.code(), t.get("answer-unknown")),
    ]
}

/// What the answers say of the class, in a sentence.
pub(super) fn outcome_text(t: Texts, outcome: &ClassOutcome) -> String {
    let list = |classes: &[AssetClass]| {
        classes
            .iter()
            .map(|class| class_label(t, *class))
            .collect::<Vec<String>>()
            .join("／")
    };
    match outcome {
        ClassOutcome::Decided(class) => t
            .with("class-decided", "class", class_label(t, *class))
            .into_owned(),
        ClassOutcome::AtLeast { class, may_be } => t
            .with2(
                "class-at-least",
                "class",
                class_label(t, *class),
                "others",
                list(may_be),
            )
            .into_owned(),
        ClassOutcome::Unclear { may_be } => {
            t.with("class-unclear", "others", list(may_be)).into_owned()
        }
        ClassOutcome::NotSpecified => t.get("class-not-specified").into_owned(),
    }
}

/// The answers to the questions on the class, as far as they were given.
pub(super) fn answers_of(raw: &RawForm) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in raw.answers() {
        if let (Some(code), Some(answer)) = (name.strip_prefix(ANSWER), Answer::parse(value)) {
            answers.set(code, answer);
        }
    }
    answers
}

/// Reads the form; problems of single fields are added to `errors`.
pub(super) fn read(app: &App, raw: &RawForm, errors: &mut FormErrors) -> Option<ComputerInput> {
    let introduced_on = read_day(app, raw, "introduced_on", "computer-introduced-on", errors);
    let became_specified_on = read_day(
        app,
        raw,
        "became_specified_on",
        "computer-became-specified-on",
        errors,
    );
    if introduced_on.is_none() && errors.of("introduced_on").is_none() {
        errors.add(
            "introduced_on",
            "computer-introduced-on",
            "form-error-missing",
        );
    }
    let unit = raw.get("unit").parse().ok();
    if unit.is_none() {
        errors.add("unit", "computer-unit", "form-error-choose");
    }
    let facility = read_facility(app, raw, errors);
    let class = AssetClass::parse(raw.get("class"));
    let exemption = match Exemption::parse(raw.get("exemption")) {
        Some(Exemption::OwnGroupUse) => ExemptionInput::OwnGroupUse {
            explanation: raw.get("explanation").to_owned(),
        },
        Some(Exemption::GeneralProduct) => ExemptionInput::GeneralProduct,
        Some(Exemption::EspaSubstitute) => ExemptionInput::EspaSubstitute {
            document: raw.get("espa_document").to_owned(),
            same_name: raw.is_checked("espa_same_name"),
            same_supplier: raw.is_checked("espa_same_supplier"),
        },
        Some(Exemption::MinorChange) | None => ExemptionInput::None,
    };
    Some(ComputerInput {
        facility: facility?,
        unit: unit?,
        class,
        class_answers: answers_of(raw),
        product: raw.get("product").to_owned(),
        maker: raw.get("maker").to_owned(),
        introduced_on: introduced_on?,
        became_specified_on,
        exemption,
        note: raw.get("note").to_owned(),
    })
}

/// Reads the form of a change.
pub(super) fn read_revision(
    app: &App,
    raw: &RawForm,
    errors: &mut FormErrors,
) -> Option<RevisionInput> {
    let computer = read(app, raw, errors);
    let changed_on = read_day(app, raw, "changed_on", "computer-changed-on", errors);
    Some(RevisionInput {
        computer: computer?,
        changed_on,
        reason: raw.get("reason").to_owned(),
    })
}

fn read_facility(app: &App, raw: &RawForm, errors: &mut FormErrors) -> Option<FacilityChoice> {
    match raw.get("facility") {
        "" => {
            errors.add("facility", "computer-facility", "form-error-choose");
            None
        }
        NEW_FACILITY => {
            let installed_on = read_day(
                app,
                raw,
                "facility_installed_on",
                "facility-installed-on",
                errors,
            );
            Some(FacilityChoice::New(FacilityInput {
                name: raw.get("facility_name").to_owned(),
                category: raw.get("facility_category").to_owned(),
                installed_on,
            }))
        }
        id => {
            if let Ok(id) = id.parse() {
                return Some(FacilityChoice::Known(id));
            }
            errors.add("facility", "computer-facility", "form-error-choose");
            None
        }
    }
}

/// Reads a day, or names what is wrong with it.
pub(super) fn read_day(
    app: &App,
    raw: &RawForm,
    name: &str,
    label: &'static str,
    errors: &mut FormErrors,
) -> Option<Date> {
    match read_date(raw, name, app.rules()) {
        Ok(day) => day,
        Err(wrong) => {
            errors.push(wrong.of(name, label));
            None
        }
    }
}

/// The fields of a stored revision, as the form shows them.
pub(super) fn filled(revision: &Revision) -> RawForm {
    let mut raw = RawForm::empty();
    raw.push("facility", revision.facility.to_string());
    raw.push("unit", revision.items.unit.code());
    raw.push("class", revision.items.class.code());
    raw.push("product", revision.items.product.as_str());
    raw.push("maker", revision.items.maker.as_str());
    push_day(
        &mut raw,
        "introduced_on",
        Some(revision.dates.introduced_on),
    );
    push_day(
        &mut raw,
        "became_specified_on",
        revision.dates.became_specified_on,
    );
    for (code, answer) in revision.class_answers.iter() {
        raw.push(format!("{ANSWER}{code}"), answer.code());
    }
    if let Some(claim) = &revision.exemption {
        raw.push("exemption", claim.reason().code());
        if let Some(document) = claim.document() {
            raw.push("espa_document", document.as_str());
            raw.push("espa_same_name", "yes");
            raw.push("espa_same_supplier", "yes");
        }
        if let Some(explanation) = claim.explanation() {
            raw.push("explanation", explanation.as_str());
        }
    }
    if let Some(note) = &revision.note {
        raw.push("note", note.as_str());
    }
    raw
}

/// Fills a day into its three fields.
pub(super) fn push_day(raw: &mut RawForm, name: &str, day: Option<Date>) {
    if let Some(day) = day {
        raw.push(format!("{name}.year"), day.year().to_string());
        raw.push(format!("{name}.month"), day.month().to_string());
        raw.push(format!("{name}.day"), day.day().to_string());
    }
}
