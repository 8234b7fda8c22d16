use ids::{Assurance, Id, IdSource, OrganisationId, OrganisationKind, PersonId, Role, SeededIds};
use jiff::Timestamp;
use jiff::civil::date;
use model::organisation::{Designation, DesignationCause, HouseTargets, Organisation};
use model::person::{LoginName, Person, PersonStatus};
use policy::{Actor, StepUp};
use store::Store;
use store::rows::people::Credential;

/// When the people of the world got their accounts: 2026-10-01 09:00 in Japan.
const BEGINNING: i64 = 1_790_812_800;

/// An instant some seconds after the world began.
pub fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(BEGINNING.saturating_add(seconds)).unwrap()
}

/// Organisations and people, all made up. One person for each role of each organisation.
#[derive(Debug)]
pub struct World {
    ids: SeededIds,
    organisations: Vec<Organisation>,
    people: Vec<Person>,
    /// 経済産業省.
    pub meti: OrganisationId,
    /// A regional bureau of METI.
    pub meti_kanto: OrganisationId,
    /// 国土交通省.
    pub mlit: OrganisationId,
    /// 総務省.
    pub mic: OrganisationId,
    /// 金融庁.
    pub fsa: OrganisationId,
    /// 内閣府.
    pub cabinet_office: OrganisationId,
    /// サイバー通信情報監理委員会.
    pub committee: OrganisationId,
    /// An electricity operator under METI.
    pub power: OrganisationId,
    /// A railway operator under MLIT.
    pub railway: OrganisationId,
}

/// Columns of the table below: kind, desk code or login prefix, Japanese name, English name.
type Entry = (OrganisationKind, &'static str, &'static str, &'static str);

const METI: Entry = (OrganisationKind::Ministry, "meti", "経済産業省", "METI");
const METI_KANTO: Entry = (
    OrganisationKind::RegionalOffice,
    "economy_kanto",
    "関東経済産業局",
    "Kanto Bureau of METI",
);
const MLIT: Entry = (OrganisationKind::Ministry, "mlit", "国土交通省", "MLIT");
const MIC: Entry = (OrganisationKind::Ministry, "mic", "総務省", "MIC");
const FSA: Entry = (OrganisationKind::Ministry, "fsa", "金融庁", "FSA");
const CABINET_OFFICE: Entry = (
    OrganisationKind::CabinetOffice,
    "cabinet_office",
    "内閣府",
    "Cabinet Office",
);
const COMMITTEE: Entry = (
    OrganisationKind::Committee,
    "committee",
    "サイバー通信情報監理委員会",
    "Oversight Committee",
);
const POWER: Entry = (
    OrganisationKind::Operator,
    "akatsuki",
    "あかつき電力株式会社",
    "Akatsuki Power",
);
const RAILWAY: Entry = (
    OrganisationKind::Operator,
    "shiranami",
    "しらなみ鉄道株式会社",
    "Shiranami Railway",
);

impl World {
    /// Makes everybody; the same seed gives the same ids.
    pub fn new(seed: u64) -> Self {
        let ids = SeededIds::new(seed);
        let mut organisations = Vec::new();
        let mut add = |entry: Entry| {
            let organisation = organisation(next(&ids), entry);
            let id = organisation.id;
            organisations.push(organisation);
            id
        };
        let (meti, mlit, mic, fsa) = (add(METI), add(MLIT), add(MIC), add(FSA));
        let meti_kanto = add(METI_KANTO);
        let (cabinet_office, committee) = (add(CABINET_OFFICE), add(COMMITTEE));
        let (power, railway) = (add(POWER), add(RAILWAY));
        for organisation in &mut organisations {
            if organisation.id == meti_kanto {
                organisation.parent = Some(meti);
            } else if organisation.id == power {
                make_operator(organisation, "electricity", "7010001000017");
            } else if organisation.id == railway {
                make_operator(organisation, "railway", "8010001000024");
            }
        }
        let mut people = Vec::new();
        for (organisation, prefix) in organisations.iter().zip(PREFIXES) {
            for role in policy::roles_of(organisation.kind) {
                people.push(Person {
                    id: next(&ids),
                    organisation: organisation.id,
                    login: LoginName::parse(&format!("{prefix}.{role}")).unwrap(),
                    name: format!("{} {role}", organisation.name_en),
                    locale: "ja".to_owned(),
                    roles: vec![*role],
                    status: PersonStatus::Active,
                    version: 1,
                });
            }
        }
        Self {
            ids,
            organisations,
            people,
            meti,
            meti_kanto,
            mlit,
            mic,
            fsa,
            cabinet_office,
            committee,
            power,
            railway,
        }
    }

    /// Writes everybody to an empty database.
    pub async fn save(&self, store: &Store) {
        let mut tx = store.begin("world").await.unwrap();
        for organisation in &self.organisations {
            tx.insert_organisation(organisation).await.unwrap();
        }
        for person in &self.people {
            tx.insert_person(person, &self.credential(), instant(0))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// A world that stands in a store already.
    pub async fn saved(seed: u64, store: &Store) -> Self {
        let world = Self::new(seed);
        world.save(store).await;
        world
    }

    /// A new id.
    pub fn id<K>(&self) -> Id<K> {
        next(&self.ids)
    }

    /// Octets that look random.
    pub fn octets<const N: usize>(&self) -> [u8; N] {
        let mut octets = [0; N];
        self.ids.fill(&mut octets);
        octets
    }

    /// Everybody who files, receives or inspects; ministries stand before their offices.
    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }

    /// An organisation of this world.
    pub fn organisation(&self, id: OrganisationId) -> &Organisation {
        let found = self.organisations.iter().find(|one| one.id == id);
        found.expect("no such organisation")
    }

    /// Everybody with an account.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The person who has a role in an organisation.
    pub fn person(&self, organisation: OrganisationId, role: Role) -> &Person {
        self.people
            .iter()
            .find(|person| person.organisation == organisation && person.roles.contains(&role))
            .expect("the organisation has no such role")
    }

    /// The id of the person who has a role in an organisation.
    pub fn person_id(&self, organisation: OrganisationId, role: Role) -> PersonId {
        self.person(organisation, role).id
    }

    /// A person as the policies see it, with a fresh second factor.
    pub fn actor(&self, person: &Person) -> Actor {
        Actor {
            person: person.id,
            organisation: person.organisation,
            organisation_kind: self.organisation(person.organisation).kind,
            roles: person.roles.clone(),
            assurance: Assurance::SecondFactor,
            step_up: StepUp::Fresh,
            token_scopes: Vec::new(),
            status: policy::PersonStatus::Active,
        }
    }

    /// A credential that no password fits.
    pub fn credential(&self) -> Credential {
        Credential {
            password_hash: "$argon2id$none".to_owned(),
            totp_sealed: None,
            totp_last_step: None,
        }
    }
}

/// Login prefixes, in the order in which [`World::new`] adds the organisations.
const PREFIXES: [&str; 9] = [
    METI.1,
    MLIT.1,
    MIC.1,
    FSA.1,
    METI_KANTO.1,
    CABINET_OFFICE.1,
    COMMITTEE.1,
    POWER.1,
    RAILWAY.1,
];

fn next<K>(ids: &SeededIds) -> Id<K> {
    Id::from_uuid(ids.next_uuid())
}

fn organisation(id: OrganisationId, (kind, code, name_ja, name_en): Entry) -> Organisation {
    let is_desk = kind != OrganisationKind::Operator;
    Organisation {
        id,
        kind,
        name_ja: name_ja.to_owned(),
        name_en: name_en.to_owned(),
        desk_code: is_desk.then(|| code.to_owned()),
        corporate_number: None,
        sector: None,
        prefecture: None,
        parent: None,
        designation: None,
        targets: HouseTargets::NONE,
        version: 1,
    }
}

fn make_operator(organisation: &mut Organisation, sector: &str, corporate_number: &str) {
    organisation.sector = Some(sector.to_owned());
    organisation.corporate_number = Some(corporate_number.to_owned());
    organisation.prefecture = Some("jp13".to_owned());
    organisation.designation = Some(Designation {
        on: date(2023, 11, 16),
        cause: DesignationCause::Ordinary,
    });
}
