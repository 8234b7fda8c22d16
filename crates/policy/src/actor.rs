use ids::{Assurance, OrganisationId, OrganisationKind, PersonId, Role, TokenScope};

/// Who asks: a person, the organisation they act for, and how sure the session is of it.
///
/// Built for each request from the session or token and the stored person, never cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The organisation the person acts for.
    pub organisation: OrganisationId,
    /// What that organisation is under the Act.
    pub organisation_kind: OrganisationKind,
    /// Roles in that organisation; one that does not fit its kind grants nothing.
    pub roles: Vec<Role>,
    /// How surely the session is this person.
    pub assurance: Assurance,
    /// Whether the second factor was entered recently enough for filing and export.
    pub step_up: StepUp,
    /// What the token may be used for; counts with [`Assurance::Token`] only.
    pub token_scopes: Vec<TokenScope>,
    /// Whether the person's account is in use.
    pub status: PersonStatus,
}

/// Whether the second factor was entered within the configured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepUp {
    /// Recently enough.
    Fresh,
    /// Too long ago, or never.
    Stale,
}

/// Whether a person may use the program at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonStatus {
    /// The account is in use.
    Active,
    /// The account is switched off.
    Disabled,
}

/// The roles that mean something in an organisation of this kind, as offered to its administrator.
pub const fn roles_of(kind: OrganisationKind) -> &'static [Role] {
    match kind {
        OrganisationKind::Operator => &[
            Role::Compliance,
            Role::Csirt,
            Role::Approver,
            Role::Viewer,
            Role::OrganisationAdmin,
        ],
        OrganisationKind::Ministry | OrganisationKind::RegionalOffice => &[
            Role::DeskOfficer,
            Role::DeskViewer,
            Role::OrganisationAdmin,
            Role::InstanceOperator,
        ],
        OrganisationKind::CabinetOffice => &[
            Role::CabinetAnalyst,
            Role::OrganisationAdmin,
            Role::InstanceOperator,
        ],
        OrganisationKind::Committee => &[Role::Auditor, Role::OrganisationAdmin],
        OrganisationKind::Contractor => &[Role::Contractor],
    }
}
