use std::str::FromStr;

use app::{App, Named};
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use ids::{CaseId, ComputerId, CorrectionId, DirectiveId, FacilityId, FilingId};
use policy::Action;

use crate::api::{ApiError, Caller};
use crate::problem::WebError;

/// What an operation does to the thing that its path names as `id`.
pub(crate) trait Act {
    /// The id of the thing.
    type Id: FromStr + Copy + Send;
    /// What the policies are asked for; one of them must be allowed.
    const ACTIONS: &'static [Action];
    /// The thing.
    fn named(id: Self::Id) -> Named;
}

/// A caller who may do something to the thing that the path names.
///
/// Stands before the body among the arguments of a handler. So it is decided first, and whoever may not is told the
/// same whatever the body holds.
pub(crate) struct Allowed<A: Act> {
    pub(crate) caller: Caller,
    pub(crate) id: A::Id,
}

impl<A: Act> FromRequestParts<App> for Allowed<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let unreadable = || ApiError::from(WebError::bad_request());
        let path = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| unreadable())?;
        let (_, text) = path
            .iter()
            .find(|(name, _)| *name == "id")
            .ok_or_else(unreadable)?;
        let id: A::Id = text.parse().map_err(|_| unreadable())?;
        app.must_be_allowed(caller.actor(), A::ACTIONS, A::named(id))
            .await
            .map_err(|error| ApiError::worded(error, caller.t))?;
        Ok(Self { caller, id })
    }
}

macro_rules! acts {
    ($($(#[$text:meta])+ $name:ident: $id:ty => $named:path, $actions:expr;)+) => {$(
        $(#[$text])+
        pub(crate) struct $name;

        impl Act for $name {
            type Id = $id;
            const ACTIONS: &'static [Action] = &$actions;

            fn named(id: $id) -> Named {
                $named(id)
            }
        }
    )+};
}

acts! {
    /// Changes a facility.
    EditFacility: FacilityId => Named::Facility, [Action::EditRegister];
    /// Changes a computer, or ends its use.
    EditComputer: ComputerId => Named::Computer, [Action::EditRegister];
    /// Changes a case, its moments of awareness and judgements.
    EditCase: CaseId => Named::Case, [Action::EditCase];
    /// Saves the draft of a case.
    EditDraft: CaseId => Named::Draft, [Action::EditDraft];
    /// Files a report of any stage; the use case asks again for the stage.
    FileAny: CaseId => Named::Case, [Action::FilePrompt, Action::FileReport];
    /// Records what was handed to an addressee.
    RecordSubmission: CaseId => Named::Case, [Action::RecordSubmission];
    /// Withdraws a report.
    Withdraw: CaseId => Named::Case, [Action::FileReport];
    /// Checks formal requirements.
    CheckForm: FilingId => Named::Filing, [Action::CheckForm];
    /// Says who at the desk handles a filing.
    AssignFiling: FilingId => Named::Filing, [Action::AssignFiling];
    /// Gives a filing to another desk of the same Minister.
    TransferFiling: FilingId => Named::Filing, [Action::TransferFiling];
    /// Asks for a correction.
    RequestCorrection: FilingId => Named::Filing, [Action::RequestCorrection];
    /// Answers a request for correction.
    AnswerCorrection: CorrectionId => Named::Correction, [Action::AnswerCorrection];
    /// Answers an order, opinion, demand or guidance.
    ReplyToDirective: DirectiveId => Named::Directive, [Action::ReplyToDirective];
    /// Ends one.
    CloseDirective: DirectiveId => Named::Directive, [Action::CloseDirective];
}
