use ids::{CaseId, FilingId, FilingKind, OrganisationId, ReceiptNumber, Role};
use jiff::Timestamp;
use model::filing::{Addressee, AddresseeRole, Filing};
use policy::FilingFacts;
use serde_json::{Value, json};
use store::{StoreError, Tx};

use crate::digest_of;
use crate::world::{World, instant};

/// Makes a filing with its addressees.
#[derive(Debug)]
pub struct FilingBuilder<'w> {
    world: &'w World,
    owner: OrganisationId,
    kind: FilingKind,
    case: Option<CaseId>,
    supersedes: Option<FilingId>,
    body: Value,
    search_text: String,
    filed_at: Timestamp,
    addressees: Vec<(OrganisationId, AddresseeRole)>,
}

/// A filing that is not in the database yet.
#[derive(Clone, Debug)]
pub struct NewFiling {
    /// The document.
    pub filing: Filing,
    /// Authorities to which it goes.
    pub addressees: Vec<Addressee>,
    /// The normalised text that searches look through.
    pub search_text: String,
}

impl<'w> FilingBuilder<'w> {
    /// A notification of the electricity operator, addressed to nobody yet.
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            owner: world.power,
            kind: FilingKind::AssetNotification,
            case: None,
            supersedes: None,
            body: json!({ "form": "a" }),
            search_text: "境界ルーター".to_owned(),
            filed_at: instant(0),
            addressees: Vec::new(),
        }
    }

    /// Who files.
    #[must_use]
    pub fn owner(mut self, owner: OrganisationId) -> Self {
        self.owner = owner;
        self
    }

    /// What is filed.
    #[must_use]
    pub fn kind(mut self, kind: FilingKind) -> Self {
        self.kind = kind;
        self
    }

    /// The incident case, which must be in the database.
    #[must_use]
    pub fn case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// The version that it takes the place of.
    #[must_use]
    pub fn supersedes(mut self, filing: FilingId) -> Self {
        self.supersedes = Some(filing);
        self
    }

    /// The answers on the form.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    /// What searches look through.
    #[must_use]
    pub fn search_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.search_text);
        self
    }

    /// When it arrived.
    #[must_use]
    pub fn filed_at(mut self, at: Timestamp) -> Self {
        self.filed_at = at;
        self
    }

    /// One more authority to which it goes.
    #[must_use]
    pub fn to(mut self, organisation: OrganisationId, role: AddresseeRole) -> Self {
        self.addressees.push((organisation, role));
        self
    }

    /// Gives it an id and a number.
    pub fn build(self) -> NewFiling {
        let body = ledger::canonical_json(&self.body).unwrap();
        let addressees = self
            .addressees
            .into_iter()
            .map(|(organisation, role)| Addressee {
                organisation,
                role,
                basis: "Act Art. 4(1)".to_owned(),
                since: self.filed_at,
            });
        NewFiling {
            addressees: addressees.collect(),
            search_text: self.search_text,
            filing: Filing {
                id: self.world.id(),
                number: ReceiptNumber::new(
                    self.kind.number_prefix(),
                    2026,
                    self.world.octets::<8>(),
                ),
                kind: self.kind,
                owner: self.owner,
                case: self.case,
                supersedes: self.supersedes,
                sequence: 1,
                form_version: "2026-10".to_owned(),
                body_digest: digest_of(body.as_bytes()),
                body,
                rules_digest: digest_of(b"rules"),
                filed_by: self.world.person_id(self.owner, Role::Approver),
                filed_at: self.filed_at,
            },
        }
    }
}

impl NewFiling {
    /// Writes it, as an act does.
    pub async fn save(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.insert_filing(&self.filing, &self.search_text).await?;
        for addressee in &self.addressees {
            tx.insert_addressee(self.filing.id, addressee).await?;
        }
        Ok(())
    }

    /// The filing as the policies see it.
    pub fn facts(&self) -> FilingFacts {
        let addressees = self.addressees.iter().map(|one| one.organisation);
        FilingFacts {
            id: self.filing.id,
            owner: self.filing.owner,
            kind: self.filing.kind,
            addressees: addressees.collect(),
        }
    }
}
