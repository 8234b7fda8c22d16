use ids::{CaseId, ComputerId, CorrectionId, DirectiveId, FacilityId, FilingId};
use policy::{Action, Actor, Denied, Resource};

use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;
use crate::orders::directive_resource;

/// Something that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A facility of a register.
    Facility(FacilityId),
    /// A computer of a register.
    Computer(ComputerId),
    /// A case.
    Case(CaseId),
    /// The draft of a case.
    Draft(CaseId),
    /// A filing.
    Filing(FilingId),
    /// The filing that a request for correction is about.
    Correction(CorrectionId),
    /// An order, opinion, demand or guidance.
    Directive(DirectiveId),
}

impl App {
    /// Asks whether the actor may do one of `actions` to a thing, before what was sent is read: whoever may not is told
    /// the same whatever they send. The act itself is checked again, and recorded, by its use case.
    ///
    /// # Errors
    /// What the policies say of the first of the actions; [`AppError::NotFound`] for what does not exist.
    pub async fn must_be_allowed(
        &self,
        actor: &Actor,
        actions: &[Action],
        named: Named,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin_read("access.named").await?;
        let resource = match named {
            Named::Facility(id) => tx.facility(id).await?.map(|facility| Resource::Register {
                owner: facility.owner,
            }),
            Named::Computer(id) => tx.computer(id).await?.map(|computer| Resource::Computer {
                id,
                owner: computer.parts().owner,
            }),
            Named::Case(id) => tx.case(id).await?.map(|case| Resource::Case {
                id,
                owner: case.owner,
            }),
            Named::Draft(id) => {
                return self
                    .draft_must_be_allowed(&mut tx, actor, actions, id)
                    .await;
            }
            Named::Directive(id) => tx
                .directive(id)
                .await?
                .map(|file| directive_resource(&file)),
            Named::Filing(id) => facts(&mut tx, id)
                .await?
                .map(|(_, facts)| Resource::Filing(facts)),
            Named::Correction(id) => match tx.correction_request(id).await? {
                Some(request) => facts(&mut tx, request.filing)
                    .await?
                    .map(|(_, facts)| Resource::Filing(facts)),
                None => None,
            },
        };
        let resource = resource.ok_or(AppError::NotFound)?;
        self.one_of(actor, actions, &resource)
    }

    /// As one of the actions is refused first, where all are.
    pub(crate) fn one_of(
        &self,
        actor: &Actor,
        actions: &[Action],
        resource: &Resource,
    ) -> Result<(), AppError> {
        let mut refused: Option<Denied> = None;
        for action in actions {
            match self.policy().check(actor, *action, resource) {
                Ok(_) => return Ok(()),
                Err(denied) => refused = refused.or(Some(denied)),
            }
        }
        Err(refused.map_or(AppError::NotFound, AppError::from))
    }
}
