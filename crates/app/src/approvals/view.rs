use formats::filing::{Body, Change, changes};
use ids::{ApprovalId, CaseId, FilingId, PersonId};
use jiff::Timestamp;
use model::approvals::{ApprovalPhase, ApprovalStepKind, Purpose, Route};
use model::text::Prose;
use policy::{Action, Actor, Resource, StepUp};
use store::Tx;
use store::rows::approvals::ApprovalRecord;

use super::ask::{Wanted, wanted_of};
use super::gate::Document;
use super::standing::Standing;
use crate::assets::FileNotification;
use crate::error::AppError;
use crate::incidents::{ReportKind, load_case};
use crate::instance::App;

/// Longest chain of requests that is followed back to the last one a person looked at.
const LONGEST_CHAIN: usize = 100;

/// What the differences are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The request that the person looked at last.
    OwnLook(Timestamp),
    /// The report filed last in the case; the person has seen no earlier request.
    LastFiled,
    /// Nothing: all of it is new.
    Nothing,
}

/// How the frozen document stands against what would be filed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// It is the same.
    Same,
    /// It was changed after the request: an approval of it files nothing.
    Changed,
    /// It is over; nothing is compared.
    Over,
}

/// A step with names.
#[derive(Clone, Debug)]
pub struct StepView {
    /// What was done.
    pub kind: ApprovalStepKind,
    /// What the stage is called.
    pub stage: String,
    /// Who did it.
    pub by: String,
    /// For whom.
    pub on_behalf_of: Option<String>,
    /// What was said.
    pub comment: Option<Prose<2000>>,
    /// When.
    pub at: Timestamp,
}

/// A request on one page.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides one part of a page"
)]
pub struct ApprovalView {
    /// The request.
    pub id: ApprovalId,
    /// Approval or ratification.
    pub purpose: Purpose,
    /// The route as it was when it was asked for.
    pub route: Route,
    /// Where it stands.
    pub phase: ApprovalPhase,
    /// The document as it was frozen.
    pub body: Body,
    /// The case of a report, with its title.
    pub case: Option<(CaseId, String)>,
    /// What a ratification is about.
    pub filing: Option<FilingId>,
    /// What the report would be filed as.
    pub report: Option<ReportKind>,
    /// What the notification would be filed as.
    pub notification: Option<FileNotification>,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What the requester said; of a ratification, why it could not wait.
    pub note: String,
    /// What the differences are counted from.
    pub since: Since,
    /// The differences.
    pub changes: Vec<Change>,
    /// How the frozen document stands.
    pub currency: Currency,
    /// What was done.
    pub steps: Vec<StepView>,
    /// Names of those who are waited for.
    pub waiting_for: Vec<String>,
    /// Whether the actor may decide now, with a fresh second factor.
    pub may_decide: bool,
    /// Whether the actor may take it back.
    pub may_pull_back: bool,
    /// Whether the actor may comment.
    pub may_comment: bool,
    /// Whether the actor may file what is approved.
    pub may_file: bool,
}

impl App {
    /// A request with the document, what changed since the actor's last look, and its course. The look is remembered.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever it does not concern.
    pub async fn view_approval(
        &self,
        actor: &Actor,
        id: ApprovalId,
    ) -> Result<ApprovalView, AppError> {
        let mut tx = self.store().begin_read("approval.view").await?;
        let (standing, permit) = self
            .approval_for(&mut tx, actor, Action::ViewApproval, id)
            .await?;
        // What is not filed yet is no official record; looking at it is no act.
        drop(permit);
        let view = self.approval_view(&mut tx, actor, standing).await?;
        drop(tx);
        let mut tx = self.store().begin("approval.look").await?;
        tx.remember_look(actor.person, id, self.now()).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The newest request about a report, for the page on which it is checked.
    pub async fn approval_of_report(
        &self,
        actor: &Actor,
        case: CaseId,
        kind: &ReportKind,
    ) -> Result<Option<(ApprovalId, ApprovalPhase, Vec<String>)>, AppError> {
        let mut tx = self.store().begin_read("approval.of_report").await?;
        let loaded = load_case(&mut tx, case).await?.ok_or(AppError::NotFound)?;
        let owner = loaded.case.parts().owner;
        let resource = Resource::Case { id: case, owner };
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        let found = tx.approvals_of_case(case, 20).await?;
        let newest = found
            .into_iter()
            .find(|record| record.kind == kind.filing_kind() && record.purpose == Purpose::Filing);
        match newest {
            None => Ok(None),
            Some(record) => {
                let standing = self.standing_of(&mut tx, record).await?;
                Ok(Some((
                    standing.record.id,
                    standing.procedure.phase(),
                    standing.waiting_for(),
                )))
            }
        }
    }

    /// Why a report would be refused for want of approval now; nothing where it would not be.
    pub async fn approval_lacking(
        &self,
        actor: &Actor,
        case: CaseId,
        kind: &ReportKind,
    ) -> Result<Option<&'static str>, AppError> {
        let mut tx = self.store().begin_read("approval.lacking").await?;
        let loaded = load_case(&mut tx, case).await?.ok_or(AppError::NotFound)?;
        let owner = loaded.case.parts().owner;
        let resource = Resource::Case { id: case, owner };
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        if super::route::route_in_force(&mut tx, owner, kind.filing_kind())
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let composed = match self
            .compose_report(&mut tx, actor, loaded, kind, None)
            .await
        {
            Ok(composed) => composed,
            // What cannot be filed for other reasons has no approval either.
            Err(AppError::Invalid(_) | AppError::Conflict(_)) => {
                return Ok(Some("approval_missing"));
            }
            Err(other) => return Err(other),
        };
        let document = Document::new(owner, kind.filing_kind(), Some(case), &composed.new.body)?;
        let gate = self.approval_gate(&mut tx, &document).await?;
        Ok(match gate.require() {
            Err(AppError::Conflict(why)) => Some(why),
            _ => None,
        })
    }

    /// Why a notification would be refused for want of approval now; nothing where it would not be.
    pub async fn notification_approval_lacking(
        &self,
        actor: &Actor,
        wanted: &FileNotification,
    ) -> Result<Option<&'static str>, AppError> {
        let mut tx = self.store().begin_read("approval.lacking").await?;
        let (document, _) = self.compose_notification(&mut tx, actor, wanted).await?;
        let gate = self.approval_gate(&mut tx, &document).await?;
        Ok(match gate.require() {
            Err(AppError::Conflict(why)) => Some(why),
            _ => None,
        })
    }

    async fn approval_view(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        standing: Standing,
    ) -> Result<ApprovalView, AppError> {
        let resource = standing.resource();
        let fresh = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        let may = |action| self.policy().may(&fresh, action, &resource);
        let body = read(&standing.record)?;
        let (since, before) = self.before(tx, actor.person, &standing.record).await?;
        let found = before.map_or_else(Vec::new, |before| changes(&before, &body));
        let wanted = match standing.record.purpose {
            Purpose::Filing => Some(wanted_of(&standing.record)?),
            Purpose::Ratification => None,
        };
        let currency = match (&wanted, standing.procedure.is_open()) {
            (Some(wanted), true) => self.currency(tx, actor, &standing.record, wanted).await?,
            _ => Currency::Over,
        };
        let approved =
            standing.procedure.phase() == ApprovalPhase::Approved && currency == Currency::Same;
        let may_file = approved && self.may_file(&fresh, &standing.record, wanted.as_ref());
        let case = match standing.record.case {
            Some(id) => tx
                .case(id)
                .await?
                .map(|case| (id, case.title.as_str().to_owned())),
            None => None,
        };
        let (report, notification) = match wanted {
            Some(Wanted::Report(kind)) => (Some(kind), None),
            Some(Wanted::Notification(wanted)) => (None, Some(wanted)),
            None => (None, None),
        };
        Ok(ApprovalView {
            id: standing.record.id,
            purpose: standing.record.purpose,
            phase: standing.procedure.phase(),
            body,
            case,
            filing: standing.record.filing,
            report,
            notification,
            by: standing
                .people
                .name(standing.record.requested_by)
                .to_owned(),
            at: standing.record.requested_at,
            note: standing.record.note.clone(),
            since,
            changes: found,
            currency,
            steps: steps(&standing),
            waiting_for: standing.waiting_for(),
            may_decide: standing.procedure.stage().is_some() && may(Action::DecideApproval),
            may_pull_back: standing.record.purpose == Purpose::Filing
                && standing.procedure.is_open()
                && may(Action::PullBackApproval),
            may_comment: may(Action::CommentApproval),
            may_file,
            route: standing.route,
        })
    }

    fn may_file(&self, actor: &Actor, record: &ApprovalRecord, wanted: Option<&Wanted>) -> bool {
        let owner = record.owner;
        match (wanted, record.case) {
            (Some(Wanted::Report(kind)), Some(id)) => {
                self.policy()
                    .may(actor, kind.action(), &Resource::Case { id, owner })
            }
            (Some(Wanted::Notification(_)), _) => {
                let register = Resource::Register { owner };
                self.policy()
                    .may(actor, Action::FileNotification, &register)
            }
            _ => false,
        }
    }

    /// What the person saw last of the same document, or else what was filed last.
    async fn before(
        &self,
        tx: &mut Tx,
        person: PersonId,
        record: &ApprovalRecord,
    ) -> Result<(Since, Option<Body>), AppError> {
        let mut next = record.replaces;
        for _ in 0..LONGEST_CHAIN {
            let Some(id) = next else { break };
            let earlier = tx
                .approval(id)
                .await?
                .ok_or(AppError::Bug("a request that went away"))?;
            if tx.has_looked(person, id).await? {
                let body = read(&earlier)?;
                return Ok((Since::OwnLook(earlier.requested_at), Some(body)));
            }
            next = earlier.replaces;
        }
        let Some(case) = record.case else {
            return Ok((Since::Nothing, None));
        };
        let Some(loaded) = load_case(tx, case).await? else {
            return Ok((Since::Nothing, None));
        };
        // Of a ratification the document itself is the last one filed.
        let last = loaded
            .filings
            .iter()
            .rfind(|filing| Some(filing.head.id) != record.filing);
        let Some(last) = last else {
            return Ok((Since::Nothing, None));
        };
        let filing = tx
            .filing(last.head.id)
            .await?
            .ok_or(AppError::Bug("a filing of the case is missing"))?;
        let body = formats::filing::parse(filing.body.as_bytes())
            .map_err(|_| AppError::Bug("a filing that cannot be read"))?;
        Ok((Since::LastFiled, Some(body)))
    }

    /// Puts the document together as it would be filed now, and compares.
    async fn currency(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        record: &ApprovalRecord,
        wanted: &Wanted,
    ) -> Result<Currency, AppError> {
        let digest = match (wanted, record.case) {
            (Wanted::Report(kind), Some(id)) => {
                let loaded = load_case(tx, id)
                    .await?
                    .ok_or(AppError::Bug("a case that went away"))?;
                self.compose_report(tx, actor, loaded, kind, None)
                    .await
                    .and_then(|composed| {
                        Document::new(record.owner, record.kind, Some(id), &composed.new.body)
                    })
            }
            (Wanted::Notification(wanted), _) => self
                .compose_notification(tx, actor, wanted)
                .await
                .map(|(document, _)| document),
            (Wanted::Report(_), None) => return Err(AppError::Bug("a report without a case")),
        };
        match digest {
            Ok(document) if document.digest == record.body_digest => Ok(Currency::Same),
            Err(error @ (AppError::Store(_) | AppError::Bug(_))) => Err(error),
            // What can no longer be filed as it stood is not what was asked about. Whoever may not read the register
            // is told so too; the filing itself decides.
            Ok(_) | Err(_) => Ok(Currency::Changed),
        }
    }
}

fn read(record: &ApprovalRecord) -> Result<Body, AppError> {
    formats::filing::parse(record.body.as_bytes())
        .map_err(|_| AppError::Bug("a frozen document that cannot be read"))
}

fn steps(standing: &Standing) -> Vec<StepView> {
    let name = |id: PersonId| standing.people.name(id).to_owned();
    standing
        .steps
        .iter()
        .map(|step| StepView {
            kind: step.kind,
            stage: standing
                .route
                .stages()
                .get(step.stage)
                .map(|stage| stage.name.as_str().to_owned())
                .unwrap_or_default(),
            by: name(step.by),
            on_behalf_of: step.on_behalf_of.map(name),
            comment: step.comment.clone(),
            at: step.at,
        })
        .collect()
}
