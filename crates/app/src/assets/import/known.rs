//! What an import is compared with.

use std::collections::HashMap;

use formats::inventory::{Column, value_key};
use ids::{ComputerId, FacilityId, OrganisationId};
use model::assets::Facility;
use model::names::MatchKey;
use policy::{Action, Actor};
use statute::AssetClass;
use store::Tx;

use crate::error::AppError;
use crate::instance::App;
use crate::names::MOST_LEARNED;

/// Facilities of a register that an import compares with.
const MOST_FACILITIES: usize = 20_000;

/// The register and the words of an organisation.
pub(super) struct Known {
    /// Facilities by the key of their name; `None` where two share it.
    pub(super) by_name: HashMap<String, Option<FacilityId>>,
    pub(super) facilities: HashMap<FacilityId, Facility>,
    /// Computers in use by the keys of product and maker and by facility.
    pub(super) computers: HashMap<(String, FacilityId), Vec<ComputerId>>,
    makers: MeantMakers,
    /// What words in the column of the class mean in this house.
    pub(super) classes: HashMap<String, AssetClass>,
}

/// Facilities that a name means.
pub(super) enum NamedFacility {
    None,
    One(FacilityId),
    Several,
}

/// Meanings of headings in this house; `None` for those that mean nothing here.
pub(super) type Headings = HashMap<String, Option<Column>>;

impl Known {
    pub(super) fn facility_named(&self, name: &str) -> NamedFacility {
        match self.by_name.get(MatchKey::of_search(name).as_str()) {
            None => NamedFacility::None,
            Some(None) => NamedFacility::Several,
            Some(Some(id)) => NamedFacility::One(*id),
        }
    }
}

impl Known {
    /// The key under which the same computer is found.
    pub(super) fn names_key(&self, product: &str, maker: &str) -> String {
        self.makers.key_of(product, maker)
    }
}

/// Makers of the master that spellings mean in a house, by the keys of product and maker.
pub(crate) struct MeantMakers(HashMap<(String, String), String>);

impl MeantMakers {
    pub(crate) async fn of(tx: &mut Tx, owner: OrganisationId) -> Result<Self, AppError> {
        let names = tx.names_in_force(owner, MOST_LEARNED).await?;
        Ok(Self(
            names
                .into_iter()
                .map(|name| {
                    let keys = (
                        MatchKey::of_search(&name.product).as_str().to_owned(),
                        MatchKey::of_maker_search(&name.maker).as_str().to_owned(),
                    );
                    (keys, name.meant_maker)
                })
                .collect(),
        ))
    }

    /// The key under which the same computer is found: with the maker that is meant, where someone confirmed it. Models
    /// of one product stay apart, as the text of the product stays in it.
    pub(crate) fn key_of(&self, product: &str, maker: &str) -> String {
        let key = format!(
            "{} {}",
            MatchKey::of_search(product).as_str(),
            MatchKey::of_maker_search(maker).as_str()
        );
        self.one_key(&key)
    }

    /// A key of product and maker, with the maker that is meant in place of the one that is written.
    pub(crate) fn one_key(&self, key: &str) -> String {
        let (product, maker) = key.split_once(' ').unwrap_or((key, ""));
        match self.0.get(&(product.to_owned(), maker.to_owned())) {
            Some(meant) => format!("{product} ={meant}"),
            None => key.to_owned(),
        }
    }
}

impl App {
    pub(super) async fn known_of(&self, tx: &mut Tx, actor: &Actor) -> Result<Known, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let mut facilities: HashMap<FacilityId, Facility> = HashMap::new();
        let mut by_name: HashMap<String, Option<FacilityId>> = HashMap::new();
        let mut after = None;
        loop {
            let entries = tx.facilities(&scope, after, 1_000).await?;
            let Some(last) = entries.last() else {
                break;
            };
            after = Some(last.facility.id);
            for entry in entries {
                let facility = entry.facility;
                let key = MatchKey::of_search(facility.name.as_str())
                    .as_str()
                    .to_owned();
                by_name
                    .entry(key)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(facility.id));
                facilities.insert(facility.id, facility);
            }
            if MOST_FACILITIES <= facilities.len() {
                return Err(AppError::TooLarge("too_many_facilities"));
            }
        }
        let makers = MeantMakers::of(tx, actor.organisation).await?;
        let mut computers: HashMap<(String, FacilityId), Vec<ComputerId>> = HashMap::new();
        for key in tx.register_keys(&scope).await? {
            computers
                .entry((makers.one_key(&key.match_key), key.facility))
                .or_default()
                .push(key.computer);
        }
        let classes = tx
            .import_words(actor.organisation, "class")
            .await?
            .into_iter()
            .filter_map(|(word, code)| {
                AssetClass::ALL
                    .into_iter()
                    .find(|class| class.code() == code)
                    .map(|class| (word, class))
            })
            .collect();
        Ok(Known {
            by_name,
            facilities,
            computers,
            makers,
            classes,
        })
    }

    /// What headings meant in earlier imports of this organisation.
    pub(super) async fn headings_of(
        &self,
        tx: &mut Tx,
        actor: &Actor,
    ) -> Result<Headings, AppError> {
        Ok(tx
            .import_words(actor.organisation, "column")
            .await?
            .into_iter()
            .map(|(word, code)| (word, Column::from_code(&code)))
            .collect())
    }
}

/// What columns mean: as this house said before, else by the usual words; each meaning once.
pub(super) fn guess_meanings(columns: &[String], headings: &Headings) -> Vec<Option<String>> {
    let mut taken: Vec<Column> = Vec::new();
    let mut guess_all = |learnt: bool, meanings: &mut Vec<Option<String>>| {
        for (name, place) in columns.iter().zip(meanings) {
            let guess = match headings.get(&value_key(name)) {
                Some(known) if learnt => *known,
                None if !learnt => Column::guess(name),
                _ => None,
            };
            let Some(guess) = guess.filter(|guess| place.is_none() && !taken.contains(guess))
            else {
                continue;
            };
            taken.push(guess);
            *place = Some(guess.code().to_owned());
        }
    };
    let mut meanings: Vec<Option<String>> = vec![None; columns.len()];
    guess_all(true, &mut meanings);
    guess_all(false, &mut meanings);
    meanings
}
