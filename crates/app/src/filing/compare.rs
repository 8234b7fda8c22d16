use ids::{FilingId, FilingKind};
use model::filing::Filing;
use policy::{Action, Actor, Resource};

use crate::act::Subject;
use crate::error::AppError;
use crate::filing::view::facts;
use crate::instance::App;
use crate::logs::LogCode;

/// Two filings about the same thing, to be read side by side (UX rule 33).
#[derive(Clone, Debug)]
pub struct Beside {
    /// The one that was filed first.
    pub earlier: Filing,
    /// The one that was filed later.
    pub later: Filing,
    /// Everything of the case, or every version of the notification, that the reader may see: oldest first.
    pub others: Vec<Filing>,
}

impl App {
    /// A filing beside another one of its case, or beside another version of the same notification. Without a choice
    /// a report stands beside the prompt report, everything else beside the version before.
    ///
    /// For an authority this reads both, and is recorded for both before they are shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know of one of the two, and where nothing stands beside.
    pub async fn filings_side_by_side(
        &self,
        actor: &Actor,
        id: FilingId,
        with: Option<FilingId>,
    ) -> Result<Beside, AppError> {
        let mut tx = self.store().begin_read("filing.side_by_side").await?;
        let (filing, its_facts) = facts(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let own = its_facts.owner == actor.organisation;
        let permit =
            self.policy()
                .check(actor, Action::ViewFiling, &Resource::Filing(its_facts))?;
        let others = self.around(&mut tx, actor, &filing).await?;
        let other = match with {
            Some(with) => others.iter().find(|other| other.id == with && with != id),
            None => usual(&others, &filing),
        }
        .cloned()
        .ok_or(AppError::NotFound)?;
        let (_, other_facts) = facts(&mut tx, other.id).await?.ok_or(AppError::NotFound)?;
        let other_permit =
            self.policy()
                .check(actor, Action::ViewFiling, &Resource::Filing(other_facts))?;
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        if own {
            drop((permit, other_permit));
        } else {
            for (permit, read) in [(permit, &filing), (other_permit, &other)] {
                let subject = Subject::new("filing", read.id);
                self.record_read(permit, subject, log.clone(), read.body.as_bytes())
                    .await?;
            }
            self.mark_opened(actor, filing.id).await?;
            self.mark_opened(actor, other.id).await?;
        }
        let (earlier, later) = if order(&other) < order(&filing) {
            (other, filing)
        } else {
            (filing, other)
        };
        Ok(Beside {
            earlier,
            later,
            others,
        })
    }

    /// Whether anything can stand beside a filing.
    pub(crate) async fn has_beside(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        filing: &Filing,
    ) -> Result<bool, AppError> {
        Ok(usual(&self.around(tx, actor, filing).await?, filing).is_some())
    }

    /// What belongs together with a filing and may be seen, itself included, oldest first.
    async fn around(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        filing: &Filing,
    ) -> Result<Vec<Filing>, AppError> {
        let Some(case) = filing.case else {
            return self.chain(tx, actor, filing.clone()).await;
        };
        let mut found = Vec::new();
        for other in tx.filings_of_case(case).await? {
            if let Some(other) = self.visible(tx, actor, other.id).await? {
                found.push(other);
            }
        }
        found.sort_by_key(order);
        Ok(found)
    }
}

/// What a reader most often wants beside a filing: the prompt report, else what came before, else what came after.
fn usual<'a>(others: &'a [Filing], filing: &Filing) -> Option<&'a Filing> {
    let prompt = others
        .iter()
        .find(|other| other.kind == FilingKind::IncidentPrompt && other.id != filing.id);
    let before = others.iter().rfind(|other| order(other) < order(filing));
    let after = others.iter().find(|other| order(filing) < order(other));
    prompt.or(before).or(after)
}

fn order(filing: &Filing) -> (jiff::Timestamp, FilingId) {
    (filing.filed_at, filing.id)
}
