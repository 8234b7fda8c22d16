use ids::{Digest, FilingId, FilingKind};
use jiff::Timestamp;
use model::filing::{
    Addressee, AddresseeRole, Attachment, CorrectionRequest, Delivery, Filing, FormalCheck,
    Forwarding,
};
use model::organisation::Organisation;
use policy::{Action, Actor, FilingFacts, Resource, StepUp};
use store::Tx;

use crate::act::Subject;
use crate::assets::first_filed_at;
use crate::desks::limits::{Around, FilingLimits, filing_limits};
use crate::desks::{Transferred, read_body};
use crate::entries::EntryShown;
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// A filing with everything around it that its reader may see.
#[derive(Clone, Debug)]
pub struct FilingView {
    /// The document.
    pub filing: Filing,
    /// Who filed it.
    pub operator: Organisation,
    /// Files that belong to it.
    pub attachments: Vec<Attachment>,
    /// Authorities to which it goes, with their names.
    pub addressees: Vec<(Addressee, Organisation)>,
    /// How far it is on its ways.
    pub deliveries: Vec<Delivery>,
    /// Formal checks.
    pub checks: Vec<FormalCheck>,
    /// Requests for correction and their answers.
    pub corrections: Vec<CorrectionRequest>,
    /// From which desk of the Minister to which it went.
    pub transfers: Vec<Transferred>,
    /// How a desk took it down, where it was told by telephone, on paper or by mail.
    pub entry: Option<EntryShown>,
    /// Passing on to the Prime Minister.
    pub forwardings: Vec<Forwarding>,
    /// The version before.
    pub previous: Option<Filing>,
    /// The version that took its place.
    pub successor: Option<FilingId>,
    /// Whether another report of its case, or another version, can be read beside it.
    pub beside: bool,
    /// How it stands against the limits of the law.
    pub limits: FilingLimits,
    /// What the reader may do with it.
    pub allowed: Allowed,
}

/// What a reader may do with a filing, for showing or hiding a control. A stale second factor is asked for then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag for each control of the page"
)]
pub struct Allowed {
    /// Record a formal check.
    pub check: bool,
    /// Ask for a correction.
    pub request_correction: bool,
    /// Answer a request for correction.
    pub answer_correction: bool,
    /// Pass it on to the Prime Minister.
    pub forward: bool,
    /// Say who at the desk handles it.
    pub assign: bool,
    /// Give it to another desk of the same Minister.
    pub transfer: bool,
    /// See the receipt.
    pub receipt: bool,
    /// See who has read it.
    pub read_log: bool,
}

/// Someone outside the own organisation who read a filing.
#[derive(Clone, Debug)]
pub struct SeenBy {
    /// Name of the reader's organisation, in Japanese and English.
    pub organisation: (String, String),
    /// When.
    pub at: Timestamp,
}

/// A filing and what the policies must know of it.
pub(crate) async fn facts(
    tx: &mut Tx,
    id: FilingId,
) -> Result<Option<(Filing, FilingFacts)>, AppError> {
    let Some(filing) = tx.filing(id).await? else {
        return Ok(None);
    };
    let addressees = tx
        .addressees(id)
        .await?
        .into_iter()
        .map(|addressee| addressee.organisation)
        .collect();
    let facts = FilingFacts {
        id,
        owner: filing.owner,
        kind: filing.kind,
        addressees,
    };
    Ok(Some((filing, facts)))
}

impl App {
    /// Shows a filing. For an authority this is an act with its own leaf, and marks the delivery as opened.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn view_filing(&self, actor: &Actor, id: FilingId) -> Result<FilingView, AppError> {
        let mut tx = self.store().begin_read("filing.view").await?;
        let (filing, facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let own = facts.owner == actor.organisation;
        let resource = Resource::Filing(facts);
        let permit = self.policy().check(actor, Action::ViewFiling, &resource)?;
        let allowed = self.allowed(actor, &resource);
        let view = self.assemble_view(&mut tx, filing, actor, allowed).await?;
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        if own {
            drop(permit);
            return Ok(view);
        }
        self.record_read(
            permit,
            Subject::new("filing", id),
            log,
            view.filing.body.as_bytes(),
        )
        .await?;
        self.mark_opened(actor, id).await?;
        Ok(view)
    }

    /// Content of an attachment of a filing. For an authority this is an act with its own leaf.
    pub async fn view_attachment(
        &self,
        actor: &Actor,
        id: FilingId,
        digest: Digest,
    ) -> Result<(Attachment, Vec<u8>), AppError> {
        let mut tx = self.store().begin_read("filing.view_attachment").await?;
        let (_, facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let own = facts.owner == actor.organisation;
        let permit = self
            .policy()
            .check(actor, Action::ViewFiling, &Resource::Filing(facts))?;
        let attachments = tx.filing_attachments(id).await?;
        let attachment = attachments
            .into_iter()
            .find(|attachment| attachment.digest == digest)
            .ok_or(AppError::NotFound)?;
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        let content = self.objects().get(digest).await?;
        if own {
            drop(permit);
        } else {
            self.record_read(permit, Subject::new("filing", id), log, &content)
                .await?;
        }
        Ok((attachment, content))
    }

    /// Who outside the own organisation has read a filing, newest last (UX rule 22).
    pub async fn read_by(&self, actor: &Actor, id: FilingId) -> Result<Vec<SeenBy>, AppError> {
        let mut tx = self.store().begin_read("filing.read_by").await?;
        let (_, facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let owner = facts.owner;
        let permit = self
            .policy()
            .check(actor, Action::ViewReadLog, &Resource::Filing(facts))?;
        drop(permit);
        let mut seen = Vec::new();
        for leaf in tx.leaves_of_subject(id.uuid(), 1_000).await? {
            if leaf.act != "content.read" {
                continue;
            }
            let Some(reader) = reader_of(&leaf.record) else {
                continue;
            };
            if reader == owner {
                continue;
            }
            if let Some(organisation) = tx.organisation(reader).await? {
                seen.push(SeenBy {
                    organisation: (organisation.name_ja, organisation.name_en),
                    at: leaf.recorded_at,
                });
            }
        }
        Ok(seen)
    }

    async fn assemble_view(
        &self,
        tx: &mut Tx,
        filing: Filing,
        actor: &Actor,
        allowed: Allowed,
    ) -> Result<FilingView, AppError> {
        let id = filing.id;
        let operator = tx
            .organisation(filing.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let mut addressees = Vec::new();
        for addressee in tx.addressees(id).await? {
            let organisation = tx
                .organisation(addressee.organisation)
                .await?
                .ok_or(AppError::Bug("no addressee"))?;
            addressees.push((addressee, organisation));
        }
        let previous = match filing.supersedes {
            Some(previous) => self.visible(tx, actor, previous).await?,
            None => None,
        };
        let successor = match tx.successor(id).await? {
            Some(successor) => self
                .visible(tx, actor, successor.id)
                .await?
                .map(|filing| filing.id),
            None => None,
        };
        let limits = self.limits_of(tx, actor, &operator, &filing).await?;
        let beside = self.has_beside(tx, actor, &filing).await?;
        let forwardings = tx.forwardings(id).await?;
        let transfers = self.transfers_of(tx, id).await?;
        let entry = self.entry_of(tx, actor, filing.case, id).await?;
        let forwarded = addressees
            .iter()
            .any(|(to, _)| to.role == AddresseeRole::PrimeMinisterForwarded);
        let allowed = Allowed {
            forward: allowed.forward && !forwarded,
            ..allowed
        };
        Ok(FilingView {
            limits,
            allowed,
            operator,
            attachments: tx.filing_attachments(id).await?,
            addressees,
            deliveries: tx.deliveries(id).await?,
            checks: tx.checks(id).await?,
            corrections: tx.correction_requests(id).await?,
            transfers,
            entry,
            forwardings,
            previous,
            successor,
            beside,
            filing,
        })
    }

    fn allowed(&self, actor: &Actor, resource: &Resource) -> Allowed {
        let raised = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        let may = |action| self.policy().may(&raised, action, resource);
        Allowed {
            check: may(Action::CheckForm),
            request_correction: may(Action::RequestCorrection),
            answer_correction: may(Action::AnswerCorrection),
            forward: may(Action::ForwardToPrimeMinister),
            assign: may(Action::AssignFiling),
            transfer: may(Action::TransferFiling),
            receipt: may(Action::ViewReceipt),
            read_log: may(Action::ViewReadLog),
        }
    }

    /// How a filing stands against the limits of the law, from what the reader may see of its case.
    async fn limits_of(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        operator: &Organisation,
        filing: &Filing,
    ) -> Result<FilingLimits, AppError> {
        let mut around = Around {
            operator,
            filed_at: match filing.case {
                None => first_filed_at(tx, filing.supersedes, filing.filed_at).await?,
                Some(_) => filing.filed_at,
            },
            full_filed_at: None,
            earlier_full_at: None,
            withdrawn: false,
        };
        if let Some(case) = filing.case {
            for other in tx.filings_of_case(case).await? {
                let Some(other) = self.visible(tx, actor, other.id).await? else {
                    continue;
                };
                match other.kind {
                    FilingKind::IncidentFull if other.filed_at < filing.filed_at => {
                        around.earlier_full_at = Some(other.filed_at);
                    }
                    FilingKind::IncidentFull => {
                        around.full_filed_at = around.full_filed_at.or(Some(other.filed_at));
                    }
                    FilingKind::IncidentWithdrawal => around.withdrawn = true,
                    FilingKind::AssetNotification
                    | FilingKind::AssetChange
                    | FilingKind::AssetRetirement
                    | FilingKind::IncidentPrompt
                    | FilingKind::IncidentUpdate
                    | FilingKind::IncidentCorrection => {}
                }
            }
        }
        let body = read_body(filing)?;
        Ok(filing_limits(
            self.rules(),
            self.mode(),
            &body,
            &around,
            self.now(),
        ))
    }

    /// A neighbouring version, where the reader may see it too; otherwise it does not exist for them.
    pub(crate) async fn visible(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: FilingId,
    ) -> Result<Option<Filing>, AppError> {
        let Some((filing, facts)) = facts(tx, id).await? else {
            return Ok(None);
        };
        let may = self
            .policy()
            .may(actor, Action::ViewFiling, &Resource::Filing(facts));
        Ok(may.then_some(filing))
    }

    pub(crate) async fn mark_opened(&self, actor: &Actor, id: FilingId) -> Result<(), AppError> {
        let mut tx = self.store().begin("filing.mark_opened").await?;
        if tx.mark_opened(id, actor.organisation, self.now()).await? {
            tx.commit().await?;
        }
        Ok(())
    }
}

fn reader_of(record: &str) -> Option<ids::OrganisationId> {
    let record: serde_json::Value = serde_json::from_str(record).ok()?;
    record
        .get("actor")?
        .get("organisation")?
        .as_str()?
        .parse()
        .ok()
}
