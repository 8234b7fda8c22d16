use std::collections::BTreeSet;
use std::fmt;

use formats::filing::{Body, Head, NotificationBody, OperatorOutline};
use formats::forms::{self, FormKind};
use ids::FilingId;
use jiff::Timestamp;
use model::assets::{Computer, NotificationDuty};
use model::corporate_number::CorporateNumber;
use model::names::{
    MailAddress, MailError, MatchKey, OrganisationName, PersonName, Phone, PhoneError,
};
use model::organisation::Organisation;
use model::text::{Line, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::Tx;
use store::official;
use store::rows::assets::FiledComputer;

use crate::approvals::Document;
use crate::assets::facility::computer_problem;
use crate::assets::plan::{NotificationPlan, Pick, PlannedRow, Prepared, kind_of};
use crate::error::{AppError, FieldProblem};
use crate::filing::{FiledReceiptNumber, NewFiling};
use crate::idempotency::Once;
use crate::instance::App;

/// Who answers questions about a filing; texts as typed, each may be left empty.
#[derive(Clone, Default)]
pub struct ContactInput {
    /// Department.
    pub department: String,
    /// Person.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub mail: String,
}

impl fmt::Debug for ContactInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactInput").finish_non_exhaustive()
    }
}

impl ContactInput {
    /// Says what is wrong with it, before anything is filed.
    pub fn check(&self) -> Result<(), AppError> {
        contact(self).map(drop)
    }
}

/// What is to be filed.
#[derive(Clone, Debug)]
pub struct FileNotification {
    /// New (様式第一), change or end of use (様式第二).
    pub duty: NotificationDuty,
    /// The computers.
    pub picks: Vec<Pick>,
    /// Who answers questions.
    pub contact: ContactInput,
}

/// A notification that is put together and not yet filed.
struct ComposedNotification {
    plan: NotificationPlan,
    computers: Vec<Computer>,
    new: NewFiling,
}

impl App {
    /// Files a notification of computers, of changes or of the end of use (Act Art. 4(1), (3); Order Arts 2, 3).
    ///
    /// It goes to the Minister, who passes it on to the Prime Minister (Act Art. 4(2)). Chosen computers that need not
    /// be notified are left out.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when a computer was notified before or nothing is left to file; [`AppError::Stale`] when
    /// one was changed since it was chosen; [`AppError::NotInForce`] outside an exercise before Art. 4 is in force.
    pub async fn file_notification(
        &self,
        actor: &Actor,
        wanted: &FileNotification,
        key: Option<&str>,
    ) -> Result<FiledReceiptNumber, AppError> {
        let once = Once::new(actor, "notification.file", key, &fingerprint(wanted))?;
        let at = self.now();
        let mut tx = self.store().begin("notification.file").await?;
        let filed = self
            .file_notification_in(&mut tx, actor, wanted, once, at)
            .await?;
        tx.commit().await?;
        Ok(filed)
    }

    /// As [`App::file_notification`], in a transaction of the caller's.
    pub(crate) async fn file_notification_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &FileNotification,
        once: Once,
        at: Timestamp,
    ) -> Result<FiledReceiptNumber, AppError> {
        let register = Resource::Register {
            owner: actor.organisation,
        };
        let permit = self
            .policy()
            .check(actor, Action::FileNotification, &register)?;
        if let Some(earlier) = once.earlier::<FilingId>(tx).await? {
            return filed_before(tx, earlier).await;
        }
        let ComposedNotification {
            plan,
            computers,
            new,
        } = self.compose(tx, actor, wanted).await?;
        let document = Document::new(plan.operator.id, new.kind, None, &new.body)?;
        let gate = self.approval_gate(tx, &document).await?;
        gate.require()?;
        let mut recorded = self
            .record_filing(tx, &permit, &plan.operator, plan.addressees, new, at)
            .await?;
        let filing = recorded.filing.id;
        let mut settled = Vec::with_capacity(computers.len());
        let mut named = Vec::with_capacity(computers.len());
        for ((position, row), computer) in (1_u32..).zip(&plan.rows).zip(computers) {
            settled.push((settle(wanted.duty, computer, filing, at)?, None));
            named.push(FiledComputer {
                position,
                computer: row.computer,
                revision: row.revision,
            });
        }
        tx.update_computers(&settled, at).await?;
        tx.insert_filing_computers(filing, &named).await?;
        recorded.rows.extend(
            tx.official_rows(&official::FILING_COMPUTER, filing.uuid())
                .await?,
        );
        let closed = self.close_approval(tx, &gate, &recorded.filing).await?;
        recorded.rows.extend(closed);
        let filed = self.seal_filing(tx, permit, recorded).await?;
        once.remember(tx, &filing, at).await?;
        Ok(filed)
    }

    /// The document that a notification would make now, with its canonical form.
    pub(crate) async fn compose_notification(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &FileNotification,
    ) -> Result<(Document, String), AppError> {
        let ComposedNotification { plan, new, .. } = self.compose(tx, actor, wanted).await?;
        let document = Document::new(plan.operator.id, new.kind, None, &new.body)?;
        let body = ledger::canonical_json(&new.body)
            .map_err(|_| AppError::Bug("a notification without canonical form"))?;
        Ok((document, body))
    }

    async fn compose(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &FileNotification,
    ) -> Result<ComposedNotification, AppError> {
        let Prepared {
            plan,
            computers,
            body,
        } = self
            .prepare_notification(tx, actor, wanted.duty, &wanted.picks)
            .await?;
        let form = forms::in_force(form_of(wanted.duty), self.today())
            .map_err(|_| AppError::Bug("a form that cannot be read"))?;
        let head = Head {
            kind: kind_of(wanted.duty),
            mode: self.mode(),
            form_version: Line::parse(&form.version)
                .map_err(|_| AppError::Bug("a form without a version"))?,
            operator: outline(&plan.operator, contact(&wanted.contact)?)?,
        };
        let search_text = search_text(&plan.operator, &plan.rows);
        let new = NewFiling {
            kind: kind_of(wanted.duty),
            case: None,
            supersedes: None,
            form_version: form.version.clone(),
            body: Body::Notification(NotificationBody { head, rows: body }).to_value(),
            attachments: Vec::new(),
            search_text,
        };
        Ok(ComposedNotification {
            plan,
            computers,
            new,
        })
    }
}

/// A computer in the phase after its filing.
fn settle(
    duty: NotificationDuty,
    computer: Computer,
    filing: FilingId,
    at: Timestamp,
) -> Result<Computer, AppError> {
    match duty {
        NotificationDuty::New => computer.notify(filing, at),
        NotificationDuty::Change => computer.notify_change(filing, at),
        NotificationDuty::Retirement => computer.notify_retirement(filing),
    }
    .map_err(computer_problem)
}

async fn filed_before(tx: &mut Tx, filing: FilingId) -> Result<FiledReceiptNumber, AppError> {
    let filing = tx
        .filing(filing)
        .await?
        .ok_or(AppError::Bug("a filing that went away"))?;
    Ok(FiledReceiptNumber {
        filing: filing.id,
        number: filing.number,
        arrived_at: filing.filed_at,
    })
}

fn fingerprint(wanted: &FileNotification) -> serde_json::Value {
    let picks: Vec<serde_json::Value> = wanted
        .picks
        .iter()
        .map(|pick| json!([pick.computer.to_string(), pick.version]))
        .collect();
    let contact = &wanted.contact;
    json!({
        "duty": wanted.duty.code(),
        "picks": picks,
        "contact": [contact.department, contact.name, contact.phone, contact.mail],
    })
}

const fn form_of(duty: NotificationDuty) -> FormKind {
    match duty {
        NotificationDuty::New => FormKind::AssetNotification,
        NotificationDuty::Change | NotificationDuty::Retirement => FormKind::AssetChange,
    }
}

/// Who answers questions, read.
struct Contact {
    department: Option<Line<100>>,
    name: Option<PersonName>,
    phone: Option<Phone>,
    mail: Option<MailAddress>,
}

fn contact(input: &ContactInput) -> Result<Contact, AppError> {
    let mut problems = Vec::new();
    let department = optional(
        &mut problems,
        "contact_department",
        &input.department,
        |text| Line::parse(text).map_err(TextError::code),
    );
    let name = optional(&mut problems, "contact_name", &input.name, |text| {
        PersonName::parse(text).map_err(TextError::code)
    });
    let phone = optional(&mut problems, "contact_phone", &input.phone, |text| {
        Phone::parse(text).map_err(PhoneError::code)
    });
    let mail = optional(&mut problems, "contact_mail", &input.mail, |text| {
        MailAddress::parse(text).map_err(MailError::code)
    });
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }
    Ok(Contact {
        department,
        name,
        phone,
        mail,
    })
}

/// Outline of the operator (Order Art. 2(5)(i)).
fn outline(operator: &Organisation, contact: Contact) -> Result<OperatorOutline, AppError> {
    // The number is no item of the order: one that cannot be read must not keep anybody from filing in time.
    let corporate_number = operator
        .corporate_number
        .as_deref()
        .and_then(|number| CorporateNumber::parse(number).ok());
    let sector = operator
        .sector
        .as_deref()
        .ok_or(AppError::Bug("operator without a sector"))?;
    Ok(OperatorOutline {
        id: operator.id,
        name: OrganisationName::parse(&operator.name_ja)
            .map_err(|_| AppError::Bug("an operator without a name"))?,
        corporate_number,
        sector: Line::parse(sector).map_err(|_| AppError::Bug("operator without a sector"))?,
        address: None,
        contact_department: contact.department,
        contact_name: contact.name,
        contact_phone: contact.phone,
        contact_mail: contact.mail,
    })
}

fn optional<T>(
    problems: &mut Vec<FieldProblem>,
    field: &'static str,
    text: &str,
    parse: impl Fn(&str) -> Result<T, &'static str>,
) -> Option<T> {
    if text.trim().is_empty() {
        return None;
    }
    match parse(text) {
        Ok(value) => Some(value),
        Err(code) => {
            problems.push(FieldProblem::new(field, code));
            None
        }
    }
}

/// Normalised names of a filing, each once, so that a desk finds it by product, maker or operator.
fn search_text(operator: &Organisation, rows: &[PlannedRow]) -> String {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for name in [&operator.name_ja, &operator.name_en] {
        keys.insert(MatchKey::of_search(name).as_str().to_owned());
    }
    for row in rows {
        let (product, maker) = row.items.match_keys();
        keys.insert(product.as_str().to_owned());
        keys.insert(maker.as_str().to_owned());
        keys.insert(
            MatchKey::of_search(row.items.maker.as_str())
                .as_str()
                .to_owned(),
        );
    }
    let keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
    keys.join(" ")
}
