use ids::{OrganisationId, PersonId, Role};
use jiff::civil::Date;
use model::approvals::Stage;
use store::Tx;
use store::rows::approvals::{ColleagueRole, DeputyRecord};

use crate::error::AppError;

/// A person of the own organisation who may stand in a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The person.
    pub id: PersonId,
    /// Name shown to others.
    pub name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
}

/// Who is there, and who stands in for whom today.
#[derive(Clone, Debug)]
pub(super) struct People {
    roles: Vec<ColleagueRole>,
    deputies: Vec<DeputyRecord>,
}

/// Somebody who may decide, and for whom where it is a deputy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) person: PersonId,
    pub(super) on_behalf_of: Option<PersonId>,
}

impl People {
    /// Reads them. The caller must belong to the organisation.
    pub(super) async fn of(
        tx: &mut Tx,
        owner: OrganisationId,
        today: Date,
    ) -> Result<Self, AppError> {
        let mut deputies = tx.deputies(owner, today).await?;
        deputies.retain(|deputy| deputy.from_on <= today && today <= deputy.until_on);
        Ok(Self {
            roles: tx.colleague_roles(owner).await?,
            deputies,
        })
    }

    /// Those of a stage, then their deputies.
    pub(super) fn holders(&self, stage: &Stage) -> Vec<Holder> {
        let mut own: Vec<PersonId> = Vec::new();
        for known in &self.roles {
            let holds = stage.roles.contains(&known.role) || stage.people.contains(&known.person);
            if holds && !own.contains(&known.person) {
                own.push(known.person);
            }
        }
        let mut holders: Vec<Holder> = own
            .iter()
            .map(|person| Holder {
                person: *person,
                on_behalf_of: None,
            })
            .collect();
        for deputy in &self.deputies {
            let active = self.roles.iter().any(|known| known.person == deputy.deputy);
            let new = !holders.iter().any(|known| known.person == deputy.deputy);
            // Who is away may have been switched off meanwhile: the stage is theirs all the same.
            let away = own.contains(&deputy.person) || stage.people.contains(&deputy.person);
            if away && active && new {
                holders.push(Holder {
                    person: deputy.deputy,
                    on_behalf_of: Some(deputy.person),
                });
            }
        }
        holders
    }

    /// Name of a person of the organisation; empty for one who is no longer there.
    pub(super) fn name(&self, id: PersonId) -> &str {
        self.roles
            .iter()
            .find(|known| known.person == id)
            .map_or("", |known| known.name.as_str())
    }

    /// Everybody, each once.
    pub(super) fn everybody(&self) -> Vec<Colleague> {
        let mut all: Vec<Colleague> = Vec::new();
        for known in &self.roles {
            match all.iter_mut().find(|one| one.id == known.person) {
                Some(one) => one.roles.push(known.role),
                None => all.push(Colleague {
                    id: known.person,
                    name: known.name.clone(),
                    roles: vec![known.role],
                }),
            }
        }
        all
    }
}
