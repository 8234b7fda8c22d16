use ids::{
    DirectiveDuty, DirectiveId, DirectiveKind, FilingId, OrganisationId, OrganisationKind,
    ReceiptNumber,
};
use jiff::civil::Date;
use model::filing::AddresseeRole;
use model::orders::{Directive, NewDirective};
use model::organisation::Organisation;
use model::text::{Prose, TextError};
use policy::{Action, Actor, DirectiveFacts, Permit, Resource};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use statute::{Duty, Entry};
use store::{StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::filing::facts;
use crate::idempotency::Once;
use crate::instance::App;

/// What an authority directs.
#[derive(Clone, Copy, Debug)]
pub struct DirectiveInput<'a> {
    /// Under which article.
    pub kind: DirectiveKind,
    /// Which duty it is about.
    pub duty: DirectiveDuty,
    /// The operator concerned.
    pub operator: OrganisationId,
    /// The filing that it is about.
    pub filing: Option<FilingId>,
    /// What is to be done.
    pub text: &'a str,
    /// Why.
    pub grounds: &'a str,
    /// How the addressee could state its case before; for orders.
    pub hearing: &'a str,
    /// The day by which it is to be done.
    pub due: Option<Date>,
}

/// An operator for which a desk is competent, and about which duties.
#[derive(Clone, Debug)]
pub struct DirectiveTarget {
    /// The operator.
    pub operator: Organisation,
    /// Duties about which the desk may direct something.
    pub duties: Vec<DirectiveDuty>,
}

/// What is about to be issued, as the person who issues it checks it.
#[derive(Clone, Debug)]
pub struct DirectivePreview {
    /// To whom it goes.
    pub addressee: Organisation,
    /// The operator concerned.
    pub operator: Organisation,
    /// 受付番号 of the filing that it is about.
    pub filing: Option<String>,
    /// What the rule book says of the kind.
    pub law: Vec<Entry>,
}

/// Everything that issuing needs.
struct Ready {
    operator: Organisation,
    addressee: OrganisationId,
    new: NewDirective,
}

impl App {
    /// Issues an order, opinion, demand or guidance (Act Arts 6, 7, 9, 10).
    ///
    /// An opinion goes to the competent Minister, everything else to the operator.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an operator for which the desk is not competent (Act Arts 4(1), 5; Cabinet Order
    /// Art. 3), and for what the kind lacks; [`AppError::NotInForce`] outside an exercise before Arts 6 to 10 are in
    /// force.
    pub async fn issue_directive(
        &self,
        actor: &Actor,
        input: DirectiveInput<'_>,
        key: Option<&str>,
    ) -> Result<DirectiveId, AppError> {
        let request = json!([
            input.kind.code(),
            input.duty.code(),
            input.operator.to_string(),
            input.filing.map(|filing| filing.to_string()),
            input.text,
            input.grounds,
            input.hearing,
            input.due.map(|due| due.to_string()),
        ]);
        let once = Once::new(actor, "directive.issue", key, &request)?;
        let mut tx = self.store().begin("directive.issue").await?;
        let id: DirectiveId = self.ids().next();
        let permit = self.directive_permit(actor, id, &input)?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let ready = self.prepare_directive(&mut tx, actor, &input).await?;
        let at = self.now();
        let directive = self.directive(actor, id, &input, ready);
        tx.insert_directive(&directive, self.rules_digest())
            .await
            .map_err(|error| match error {
                // 40 bits of randomness met twice: the next attempt gets another number.
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })?;
        let act = ActDraft {
            act: "directive.issued",
            subject: Subject::new("directive", id),
            details: json!({
                "number": directive.number.as_str(),
                "kind": directive.kind.code(),
                "duty": directive.duty.code(),
                "due": directive.due.map(|due| due.to_string()),
                "text_sha256": hex::encode(Sha256::digest(directive.text.as_bytes())),
            }),
            rows: tx.official_rows(&official::DIRECTIVE, id.uuid()).await?,
            logs: vec![self.desk_log(&mut tx, actor).await?],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &id, at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What would be issued, and to whom, before it is.
    ///
    /// # Errors
    /// As [`App::issue_directive`]; an old second factor is not asked for yet.
    pub async fn preview_directive(
        &self,
        actor: &Actor,
        input: DirectiveInput<'_>,
    ) -> Result<DirectivePreview, AppError> {
        let raised = Actor {
            step_up: policy::StepUp::Fresh,
            ..actor.clone()
        };
        let id: DirectiveId = self.ids().next();
        drop(self.directive_permit(&raised, id, &input)?);
        let mut tx = self.store().begin_read("directive.preview").await?;
        let ready = self.prepare_directive(&mut tx, actor, &input).await?;
        let filing = match input.filing {
            Some(filing) => tx
                .filing(filing)
                .await?
                .map(|filing| filing.number.as_str().to_owned()),
            None => None,
        };
        Ok(DirectivePreview {
            addressee: self.owner_of(&mut tx, ready.addressee).await?,
            operator: ready.operator,
            filing,
            law: self.directive_law(input.kind),
        })
    }

    fn directive_permit(
        &self,
        actor: &Actor,
        id: DirectiveId,
        input: &DirectiveInput<'_>,
    ) -> Result<Permit, AppError> {
        let facts = DirectiveFacts {
            id,
            issuer: actor.organisation,
            // Whoever may not direct anything is told so before anything is said of the operator.
            addressee: input.operator,
            kind: input.kind,
            duty: input.duty,
        };
        Ok(self
            .policy()
            .check(actor, Action::IssueDirective, &Resource::Directive(facts))?)
    }

    async fn prepare_directive(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        input: &DirectiveInput<'_>,
    ) -> Result<Ready, AppError> {
        self.require_basis("basis.orders")?;
        let not_competent = || AppError::field("operator", "directive_not_competent");
        let operator = tx
            .organisation(input.operator)
            .await?
            .ok_or_else(not_competent)?;
        if !self
            .is_competent(tx, actor, &operator, input.kind, input.duty)
            .await?
        {
            return Err(not_competent());
        }
        let addressee = self
            .addressee(tx, input, &operator)
            .await?
            .ok_or_else(not_competent)?;
        self.require_filing(tx, actor, input).await?;
        Ok(Ready {
            operator,
            addressee,
            new: parse(input, self.today())?,
        })
    }

    /// The operators for which the actor's desk is competent, by name, with the duties about which it may direct
    /// something of this kind.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may direct nothing.
    pub async fn directive_targets(
        &self,
        actor: &Actor,
        kind: DirectiveKind,
    ) -> Result<Vec<DirectiveTarget>, AppError> {
        let duties = self.directed_duties(actor, kind);
        if duties.is_empty() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("directive.targets").await?;
        let mut targets = Vec::new();
        for operator in tx.organisations().await? {
            if operator.kind != OrganisationKind::Operator {
                continue;
            }
            let mut about = Vec::new();
            for duty in &duties {
                if self
                    .is_competent(&mut tx, actor, &operator, kind, *duty)
                    .await?
                {
                    about.push(*duty);
                }
            }
            if !about.is_empty() {
                targets.push(DirectiveTarget {
                    operator,
                    duties: about,
                });
            }
        }
        Ok(targets)
    }

    /// What the actor may issue, were its second factor fresh.
    pub fn issuable_directives(&self, actor: &Actor) -> Vec<DirectiveKind> {
        DirectiveKind::ALL
            .iter()
            .copied()
            .filter(|kind| !self.directed_duties(actor, *kind).is_empty())
            .collect()
    }

    fn directed_duties(&self, actor: &Actor, kind: DirectiveKind) -> Vec<DirectiveDuty> {
        let raised = Actor {
            step_up: policy::StepUp::Fresh,
            ..actor.clone()
        };
        self.policy()
            .directive_scope(&raised, Action::IssueDirective)
            .issued()
            .iter()
            .filter(|(one, _)| *one == kind)
            .map(|(_, duty)| *duty)
            .collect()
    }

    /// Whether the rule book names the actor's desk for this duty of the operator; the Cabinet Office may speak about
    /// every operator, to its Minister.
    async fn is_competent(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        operator: &Organisation,
        kind: DirectiveKind,
        duty: DirectiveDuty,
    ) -> Result<bool, AppError> {
        if operator.kind != OrganisationKind::Operator {
            return Ok(false);
        }
        if kind == DirectiveKind::Opinion {
            return Ok(true);
        }
        let planned = self.plan_addressees(tx, operator, legal(duty), self.today());
        let (planned, _) = match planned.await {
            Ok(planned) => planned,
            // An operator whose authorities are not all set up here can file nothing; its Minister directs it elsewhere.
            Err(AppError::DeskMissing { .. } | AppError::Addressees(_)) => return Ok(false),
            Err(other) => return Err(other),
        };
        Ok(planned.iter().any(|one| {
            one.organisation.id == actor.organisation
                && matches!(
                    one.role,
                    AddresseeRole::Minister | AddresseeRole::RegionalHead
                )
        }))
    }

    /// To whom it goes: the operator, or for an opinion its Minister.
    async fn addressee(
        &self,
        tx: &mut Tx,
        input: &DirectiveInput<'_>,
        operator: &Organisation,
    ) -> Result<Option<OrganisationId>, AppError> {
        if input.kind != DirectiveKind::Opinion {
            return Ok(Some(operator.id));
        }
        let (planned, _) = self
            .plan_addressees(tx, operator, legal(input.duty), self.today())
            .await?;
        Ok(planned
            .iter()
            .find(|one| one.role == AddresseeRole::Minister)
            .map(|one| one.organisation.id))
    }

    /// A filing that is named must be the operator's, and one that the desk may read.
    async fn require_filing(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        input: &DirectiveInput<'_>,
    ) -> Result<(), AppError> {
        let Some(filing) = input.filing else {
            return Ok(());
        };
        let unknown = || AppError::field("filing", "directive_filing_unknown");
        let (_, facts) = facts(tx, filing).await?.ok_or_else(unknown)?;
        let is_its_own = facts.owner == input.operator;
        let resource = Resource::Filing(facts);
        if is_its_own && self.policy().may(actor, Action::ViewFiling, &resource) {
            Ok(())
        } else {
            Err(unknown())
        }
    }

    fn directive(
        &self,
        actor: &Actor,
        id: DirectiveId,
        input: &DirectiveInput<'_>,
        ready: Ready,
    ) -> Directive {
        let Ready { addressee, new, .. } = ready;
        let mut random = [0; 8];
        self.ids().fill(&mut random);
        let year = self.today().year();
        let words = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Directive {
            id,
            number: ReceiptNumber::new(new.kind.number_prefix(), year, random),
            kind: new.kind,
            duty: new.duty,
            issuer: actor.organisation,
            addressee,
            operator: input.operator,
            filing: input.filing,
            text: new.text.as_str().to_owned(),
            grounds: words(new.grounds.as_ref().map(Prose::as_str)),
            hearing: words(new.hearing.as_ref().map(Prose::as_str)),
            due: new.due,
            issued_by: actor.person,
            issued_at: self.now(),
        }
    }
}

/// The duty as the rule book knows it: changes go where notifications go (Act Art. 4(3)).
const fn legal(duty: DirectiveDuty) -> Duty {
    match duty {
        DirectiveDuty::Notification | DirectiveDuty::Change => Duty::AssetNotification,
        DirectiveDuty::Report => Duty::IncidentReport,
    }
}

fn parse(input: &DirectiveInput<'_>, today: Date) -> Result<NewDirective, AppError> {
    let mut problems = Vec::new();
    let text = match Prose::<8000>::parse(input.text) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.push(FieldProblem::new("text", error.code()));
            None
        }
    };
    let grounds = optional(input.grounds, "grounds", &mut problems);
    let hearing = match input.kind {
        DirectiveKind::Order => optional(input.hearing, "hearing", &mut problems),
        DirectiveKind::Opinion | DirectiveKind::Demand | DirectiveKind::Guidance => None,
    };
    // A missing text must not hide what else is missing.
    let unread = Prose::<8000>::parse("-").ok();
    let Some(text) = text.or(unread) else {
        return Err(AppError::Bug("a text that cannot be read"));
    };
    let new = NewDirective {
        kind: input.kind,
        duty: input.duty,
        text,
        grounds,
        hearing,
        due: input.due,
    };
    for error in new.errors(today) {
        if !problems
            .iter()
            .any(|problem| problem.field == error.field())
        {
            problems.push(FieldProblem::new(error.field(), error.code()));
        }
    }
    if problems.is_empty() {
        Ok(new)
    } else {
        Err(AppError::Invalid(problems))
    }
}

fn optional<const MAX: usize>(
    text: &str,
    field: &str,
    problems: &mut Vec<FieldProblem>,
) -> Option<Prose<MAX>> {
    match Prose::<MAX>::parse(text) {
        Ok(text) => Some(text),
        Err(TextError::Empty) => None,
        Err(error) => {
            problems.push(FieldProblem::new(field, error.code()));
            None
        }
    }
}
