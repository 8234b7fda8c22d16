use ids::{FilingKind, OrganisationId};
use model::corporate_number::{CorporateNumber, CorporateNumberError};
use model::names::{MailAddress, MailError, OrganisationName, PersonName, Phone, PhoneError};
use model::text::{Line, TextError};
use serde_json::{Map, Value};
use statute::Mode;

use super::{FilingError, FilingErrorKind};
use crate::node::ObjectNode;

/// Name and version of the format of all bodies.
pub const FORMAT: &str = "noroshi-filing/v1";

/// What every body begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What the document is.
    pub kind: FilingKind,
    /// Whether it has legal effect, or belongs to an exercise (演習).
    pub mode: Mode,
    /// The form version it was written on.
    pub form_version: Line<40>,
    /// Outline of the operator (Order Arts 2(5)(i), 4(3)(ii)).
    pub operator: OperatorOutline,
}

/// Outline of an operator (特別社会基盤事業者の概要).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorOutline {
    /// The operator here.
    pub id: OrganisationId,
    /// Name as registered.
    pub name: OrganisationName,
    /// 法人番号.
    pub corporate_number: Option<CorporateNumber>,
    /// Code of the sector in the rule book (ESPA Art. 50(1)).
    pub sector: Line<100>,
    /// Address.
    pub address: Option<Line<200>>,
    /// Department that answers questions.
    pub contact_department: Option<Line<100>>,
    /// Person who answers questions.
    pub contact_name: Option<PersonName>,
    /// Telephone.
    pub contact_phone: Option<Phone>,
    /// Mail address.
    pub contact_mail: Option<MailAddress>,
}

impl Head {
    pub(super) fn write(&self, body: &mut Map<String, Value>) {
        put(body, "format", FORMAT);
        put(body, "kind", self.kind.code());
        put(body, "mode", self.mode.code());
        put(body, "form_version", self.form_version.as_str());
        body.insert("operator".to_owned(), self.operator.to_value());
    }

    pub(super) fn read(body: &mut ObjectNode<'_>) -> Result<Self, FilingError> {
        let format = body.required("format")?;
        if format.text()? != FORMAT {
            return Err(format.fail(FilingErrorKind::Value("filing.format")));
        }
        let mode = body.required("mode")?;
        let mode = match mode.text()? {
            code if code == Mode::Real.code() => Mode::Real,
            code if code == Mode::Exercise.code() => Mode::Exercise,
            _ => return Err(mode.fail(FilingErrorKind::Value("code.unknown"))),
        };
        Ok(Self {
            kind: body.required("kind")?.code()?,
            mode,
            form_version: body
                .required("form_version")?
                .parse(Line::parse, TextError::code)?,
            operator: OperatorOutline::read(body.required("operator")?.object()?)?,
        })
    }
}

impl OperatorOutline {
    fn to_value(&self) -> Value {
        let mut outline = Map::new();
        put(&mut outline, "id", self.id.to_string());
        put(&mut outline, "name", self.name.as_str());
        put_some(
            &mut outline,
            "corporate_number",
            self.corporate_number.as_ref().map(CorporateNumber::as_str),
        );
        put(&mut outline, "sector", self.sector.as_str());
        put_some(
            &mut outline,
            "address",
            self.address.as_ref().map(Line::as_str),
        );
        put_some(
            &mut outline,
            "contact_department",
            self.contact_department.as_ref().map(Line::as_str),
        );
        put_some(
            &mut outline,
            "contact_name",
            self.contact_name.as_ref().map(PersonName::as_str),
        );
        put_some(
            &mut outline,
            "contact_phone",
            self.contact_phone.as_ref().map(Phone::as_str),
        );
        put_some(
            &mut outline,
            "contact_mail",
            self.contact_mail.as_ref().map(MailAddress::as_str),
        );
        Value::Object(outline)
    }

    fn read(mut outline: ObjectNode<'_>) -> Result<Self, FilingError> {
        let number = outline.optional("corporate_number");
        let address = outline.optional("address");
        let department = outline.optional("contact_department");
        let person = outline.optional("contact_name");
        let phone = outline.optional("contact_phone");
        let mail = outline.optional("contact_mail");
        let read = Self {
            id: outline.required("id")?.code()?,
            name: outline
                .required("name")?
                .parse(OrganisationName::parse, TextError::code)?,
            corporate_number: number
                .map(|node| node.parse(CorporateNumber::parse, CorporateNumberError::code))
                .transpose()?,
            sector: outline
                .required("sector")?
                .parse(Line::parse, TextError::code)?,
            address: address
                .map(|node| node.parse(Line::parse, TextError::code))
                .transpose()?,
            contact_department: department
                .map(|node| node.parse(Line::parse, TextError::code))
                .transpose()?,
            contact_name: person
                .map(|node| node.parse(PersonName::parse, TextError::code))
                .transpose()?,
            contact_phone: phone
                .map(|node| node.parse(Phone::parse, PhoneError::code))
                .transpose()?,
            contact_mail: mail
                .map(|node| node.parse(MailAddress::parse, MailError::code))
                .transpose()?,
        };
        outline.finish()?;
        Ok(read)
    }
}

pub(super) fn put(object: &mut Map<String, Value>, key: &str, text: impl Into<String>) {
    object.insert(key.to_owned(), Value::String(text.into()));
}

pub(super) fn put_some(
    object: &mut Map<String, Value>,
    key: &str,
    text: Option<impl Into<String>>,
) {
    if let Some(text) = text {
        put(object, key, text);
    }
}
