use ids::{PersonId, Role, stable_codes};
use thiserror::Error;

use crate::text::Line;

/// Most stages of a route.
pub const MAX_STAGES: usize = 4;

/// Roles whose people may be asked for approval.
const APPROVING: [Role; 3] = [Role::Compliance, Role::Csirt, Role::Approver];

stable_codes! {
    /// Whether whoever drafted may approve (職務分掌).
    pub enum Separation {
        /// Nobody approves what they wrote.
        Apart = "apart",
        /// One person may do both.
        Together = "together",
    }
}

/// One stage of a route: what it is called, and who may decide at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// 確認, 承認 and so on.
    pub name: Line<40>,
    /// Everybody with one of these roles.
    pub roles: Vec<Role>,
    /// These people, whatever their roles are.
    pub people: Vec<PersonId>,
}

/// The stages that a document passes before it is filed (決裁経路).
///
/// Invariant: one to four stages, each with somebody who may decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    stages: Vec<Stage>,
    separation: Separation,
}

/// Why stages make no route.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RouteError {
    /// Not one to four stages.
    #[error("a route has one to four stages")]
    Stages,
    /// Nobody may decide at a stage.
    #[error("nobody may decide at a stage")]
    Nobody,
    /// People of this role do not approve.
    #[error("a role that does not approve")]
    Role,
}

impl RouteError {
    /// The stable code, also the key of the message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stages => "route_stages",
            Self::Nobody => "route_nobody",
            Self::Role => "route_role",
        }
    }
}

impl Route {
    /// A route from its stages.
    pub fn new(stages: Vec<Stage>, separation: Separation) -> Result<Self, RouteError> {
        if stages.is_empty() || MAX_STAGES < stages.len() {
            return Err(RouteError::Stages);
        }
        for stage in &stages {
            if stage.roles.is_empty() && stage.people.is_empty() {
                return Err(RouteError::Nobody);
            }
            if stage.roles.iter().any(|role| !APPROVING.contains(role)) {
                return Err(RouteError::Role);
            }
        }
        Ok(Self { stages, separation })
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Whether whoever drafted may approve.
    pub const fn separation(&self) -> Separation {
        self.separation
    }

    /// The last stage alone: who ratifies what was filed in an emergency.
    #[must_use]
    pub fn last_only(&self) -> Self {
        Self {
            stages: self.stages.last().cloned().into_iter().collect(),
            separation: self.separation,
        }
    }

    /// Roles that may stand in a route.
    pub const fn approving_roles() -> &'static [Role] {
        &APPROVING
    }
}

#[cfg(test)]
mod tests {
    use ids::{IdSource, Role, SeededIds};

    use super::{Route, RouteError, Separation, Stage};
    use crate::text::Line;

    fn stage(roles: &[Role]) -> Stage {
        Stage {
            name: Line::parse("承認").unwrap(),
            roles: roles.to_vec(),
            people: Vec::new(),
        }
    }

    #[test]
    fn a_route_has_one_to_four_stages_and_somebody_at_each() {
        let route = |stages| Route::new(stages, Separation::Apart);
        assert_eq!(route(Vec::new()), Err(RouteError::Stages));
        assert_eq!(
            route(vec![stage(&[Role::Approver]); 5]),
            Err(RouteError::Stages)
        );
        assert_eq!(route(vec![stage(&[])]), Err(RouteError::Nobody));
        assert_eq!(
            route(vec![stage(&[Role::OrganisationAdmin])]),
            Err(RouteError::Role)
        );
        let ids: &(dyn IdSource + 'static) = &SeededIds::new(1);
        let named = Stage {
            people: vec![ids.next()],
            ..stage(&[])
        };
        let whole = route(vec![stage(&[Role::Compliance]), named.clone()]).unwrap();
        assert_eq!(whole.last_only().stages(), [named]);
    }
}
