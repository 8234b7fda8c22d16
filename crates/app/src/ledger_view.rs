//! What the committee sees of the logs (Act Arts 47, 48), and what anyone may read of them.
//!
//! An entry shows act, time and the kind of organisation that acted; never who, and never what was filed.

mod entries;
mod overview;
mod public;
mod verify;

pub use entries::{EntryProof, LogEntry, LogPage};
pub use overview::{LogOverview, WitnessState};
pub use verify::{ReceiptFinding, ReceiptVerified};

use ids::{Id, OrganisationId};
use policy::{Action, Actor, Permit, Resource};
use store::Tx;
use uuid::Uuid;

use crate::act::Subject;
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

impl App {
    /// Whether someone may look at a log, and the thing that the look is about.
    async fn may_see_log(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: Action,
        log: &LogCode,
    ) -> Result<(Permit, Subject), AppError> {
        let authority = self.authority_of_log(tx, log).await?;
        let resource = Resource::Log { authority };
        let permit = self.policy().check(actor, action, &resource)?;
        Ok((permit, Subject::new("log", authority)))
    }

    /// Who keeps a log. The instance's own log belongs to no authority, which the nil id says.
    async fn authority_of_log(
        &self,
        tx: &mut Tx,
        log: &LogCode,
    ) -> Result<OrganisationId, AppError> {
        let desk = tx.organisation_by_desk(log.authority()).await?;
        Ok(desk.map_or(Id::from_uuid(Uuid::nil()), |desk| desk.id))
    }

    /// That someone looked at a log is itself an act, in the log of the instance.
    async fn record_look(
        &self,
        permit: Permit,
        subject: Subject,
        shown: &[u8],
    ) -> Result<(), AppError> {
        self.record_read(permit, subject, LogCode::instance(), shown)
            .await
    }
}
