use formats::answers::{
    Answer, AnswerState, AnswerValue, ComputerAnswer, Input, MAX_COMPUTERS, read_input,
};
use formats::dates::When;
use formats::forms::{Field, FieldKind};
use ids::ComputerId;
use model::corporate_number::CorporateNumber;
use model::names::{CategoryName, MakerName, ProductName};
use model::text::{Prose, TextError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use statute::{AssetClass, RuleBook};

/// What was entered in one field, exactly as typed, also where it is no answer yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    /// Text, day, number, code of the option, or `yes` and `no`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Time of day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// Code of the unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Codes of the ticked options.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticked: Vec<String>,
    /// 入力済, 調査中, 不明 or 該当なし; nothing chosen means 入力済.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AnswerState>,
    /// Why it is under inquiry.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Marked as an estimate.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// Computers concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub computers: Vec<TypedComputer>,
}

/// A computer concerned, as typed or chosen from the register.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypedComputer {
    /// The computer of the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computer: Option<ComputerId>,
    /// Code of the category of the computer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Category of the facility.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub facility_category: String,
    /// Product or service.
    pub product: String,
    /// Manufacturer or provider.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub maker: String,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typed")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TypedComputer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedComputer")
            .field("computer", &self.computer)
            .finish_non_exhaustive()
    }
}

impl Typed {
    /// A text as typed.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// One of the states that need no value.
    pub fn state(state: AnswerState, reason: impl Into<String>) -> Self {
        Self {
            state: Some(state),
            reason: reason.into(),
            ..Self::default()
        }
    }

    /// Whether nothing was entered.
    pub fn is_empty(&self) -> bool {
        match self.state {
            Some(
                AnswerState::Investigating | AnswerState::Unknown | AnswerState::NotApplicable,
            ) => false,
            Some(AnswerState::Filled) | None => {
                self.text.trim().is_empty()
                    && self.time.trim().is_empty()
                    && self.ticked.is_empty()
                    && self.computers.is_empty()
            }
        }
    }

    /// Names this content, so that a page can say what it was shown.
    pub fn mark(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let digest = Sha256::digest(&json);
        hex::encode(digest.get(..12).unwrap_or_default())
    }

    /// The answer, or the code of what is wrong with it; `None` when nothing was entered.
    pub fn read(&self, book: &RuleBook, field: &Field) -> Result<Option<Answer>, &'static str> {
        let reason = self.read_reason()?;
        let answer = match self.state {
            Some(AnswerState::Investigating) => return Ok(Some(Answer::investigating(reason))),
            Some(AnswerState::Unknown) => Answer::unknown(),
            Some(AnswerState::NotApplicable) => Answer::not_applicable(),
            Some(AnswerState::Filled) | None => {
                let Some(value) = self.read_value(book, field)? else {
                    return Ok(None);
                };
                let answer = Answer::filled(value);
                if self.approximate && field.approximate {
                    answer.approximately()
                } else {
                    answer
                }
            }
        };
        Ok(Some(match reason {
            Some(reason) => answer.because(reason),
            None => answer,
        }))
    }

    /// What is typed for an answer, to begin from what was filed before.
    pub fn of(answer: &Answer) -> Self {
        let mut typed = answer.value().map(Self::of_value).unwrap_or_default();
        typed.state = match answer.state() {
            AnswerState::Filled => None,
            other @ (AnswerState::Investigating
            | AnswerState::Unknown
            | AnswerState::NotApplicable) => Some(other),
        };
        typed.approximate = answer.is_approximate();
        typed.reason = answer
            .reason()
            .map(|reason| reason.as_str().to_owned())
            .unwrap_or_default();
        typed
    }

    fn of_value(value: &AnswerValue) -> Self {
        let mut typed = Self::default();
        match value {
            AnswerValue::Text(text) | AnswerValue::Choice(text) => typed.text.clone_from(text),
            AnswerValue::Date(day) => typed.text = day.to_string(),
            AnswerValue::DateTime(When { date, time }) => {
                typed.text = date.to_string();
                typed.time = time
                    .map(|time| {
                        let seconds = match time.second() {
                            0 => String::new(),
                            second => format!(":{second:02}"),
                        };
                        format!("{:02}:{:02}{seconds}", time.hour(), time.minute())
                    })
                    .unwrap_or_default();
            }
            AnswerValue::Choices(codes) => typed.ticked = codes.iter().cloned().collect(),
            AnswerValue::Quantity(quantity) => {
                quantity.amount.as_str().clone_into(&mut typed.text);
                typed.unit.clone_from(&quantity.unit);
            }
            AnswerValue::Computers(computers) => {
                typed.computers = computers.iter().map(TypedComputer::of).collect();
            }
            AnswerValue::YesNo(yes) => {
                if *yes { "yes" } else { "no" }.clone_into(&mut typed.text);
            }
        }
        typed
    }

    fn read_reason(&self) -> Result<Option<Prose<1000>>, &'static str> {
        if self.reason.trim().is_empty() {
            return Ok(None);
        }
        Prose::parse(&self.reason)
            .map(Some)
            .map_err(TextError::code)
    }

    fn read_value(
        &self,
        book: &RuleBook,
        field: &Field,
    ) -> Result<Option<AnswerValue>, &'static str> {
        if field.kind == FieldKind::Computers {
            return self.read_computers();
        }
        let input = Input {
            text: &self.text,
            time: &self.time,
            unit: &self.unit,
            ticked: &self.ticked,
        };
        let value = read_input(book, field, &input).map_err(formats::answers::InputError::code)?;
        Ok(match value {
            Some(AnswerValue::Text(text)) if field.key == "corporate_number" => {
                Some(AnswerValue::Text(plain_number(text)))
            }
            other => other,
        })
    }

    fn read_computers(&self) -> Result<Option<AnswerValue>, &'static str> {
        if self.computers.is_empty() {
            return Ok(None);
        }
        if MAX_COMPUTERS < self.computers.len() {
            return Err("field.too_many");
        }
        let mut computers = Vec::with_capacity(self.computers.len());
        for computer in &self.computers {
            computers.push(computer.read().map_err(TextError::code)?);
        }
        Ok(Some(AnswerValue::Computers(computers)))
    }
}

impl TypedComputer {
    fn read(&self) -> Result<ComputerAnswer, TextError> {
        Ok(ComputerAnswer {
            computer: self.computer,
            class: AssetClass::parse(&self.class),
            facility_category: optional(&self.facility_category, CategoryName::parse)?,
            product: ProductName::parse(&self.product)?,
            maker: optional(&self.maker, MakerName::parse)?,
            note: optional(&self.note, Prose::parse)?,
        })
    }

    fn of(computer: &ComputerAnswer) -> Self {
        Self {
            computer: computer.computer,
            class: computer
                .class
                .map(|class| class.code().to_owned())
                .unwrap_or_default(),
            facility_category: computer
                .facility_category
                .as_ref()
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            product: computer.product.as_str().to_owned(),
            maker: computer
                .maker
                .as_ref()
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            note: computer
                .note
                .as_ref()
                .map(|note| note.as_str().to_owned())
                .unwrap_or_default(),
        }
    }
}

fn optional<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, TextError>,
) -> Result<Option<T>, TextError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text).map(Some)
}

/// A 法人番号 without what people write around and between its digits; anything else as typed.
fn plain_number(typed: String) -> String {
    match CorporateNumber::parse(&typed) {
        Ok(number) => number.as_str().to_owned(),
        Err(_) => typed,
    }
}

#[cfg(test)]
mod tests {
    use formats::answers::{AnswerState, AnswerValue};
    use formats::forms::{FormKind, current};
    use statute::RuleBook;

    use super::{Typed, TypedComputer};

    #[track_caller]
    fn read(key: &str, typed: &Typed) -> Result<Option<formats::answers::Answer>, &'static str> {
        let book = RuleBook::embedded().unwrap();
        let form = current(FormKind::Incident).unwrap();
        typed.read(&book, form.field(key).unwrap())
    }

    #[test]
    fn an_answer_typed_again_is_the_same_answer() {
        let mut when = Typed::text("令和８年１１月２０日");
        when.time = "３時１７分".to_owned();
        when.approximate = true;
        let answer = read("occurred_at", &when).unwrap().unwrap();
        assert!(answer.is_approximate());
        let again = Typed::of(&answer);
        assert_eq!(
            (again.text.as_str(), again.time.as_str()),
            ("2026-11-20", "03:17")
        );
        assert_eq!(read("occurred_at", &again), Ok(Some(answer)));
    }

    #[test]
    fn what_is_no_answer_yet_says_why_and_is_kept() {
        assert_eq!(
            read("occurred_at", &Typed::text("きのう")),
            Err("date.not_a_date")
        );
        assert_eq!(read("summary", &Typed::default()), Ok(None));
    }

    #[test]
    fn rare_characters_of_product_names_are_kept_as_typed() {
        let product = "𠮷野製ルータ🗼 髙性能 葛\u{E0100}";
        let typed = Typed {
            computers: vec![TypedComputer {
                product: product.to_owned(),
                ..TypedComputer::default()
            }],
            ..Typed::default()
        };
        let answer = read("computers", &typed).unwrap().unwrap();
        let Some(AnswerValue::Computers(computers)) = answer.value() else {
            panic!("computers");
        };
        assert_eq!(computers[0].product.as_str(), product);
    }

    #[test]
    fn a_product_name_of_more_than_200_characters_is_refused() {
        let typed = Typed {
            computers: vec![TypedComputer {
                product: "長".repeat(201),
                ..TypedComputer::default()
            }],
            ..Typed::default()
        };
        assert_eq!(read("computers", &typed), Err("text.too_long"));
    }

    #[test]
    fn under_inquiry_needs_no_value_and_keeps_its_reason() {
        let typed = Typed::state(AnswerState::Investigating, "12月1日までに調べる");
        let answer = read("summary", &typed).unwrap().unwrap();
        assert_eq!(answer.state(), AnswerState::Investigating);
        assert_eq!(Typed::of(&answer), typed);
        assert!(!typed.is_empty());
    }
}
