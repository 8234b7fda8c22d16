use std::collections::HashMap;

use model::names::MatchKey;

/// What a spelling means, as a person of the organisation confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Id of the maker in the master.
    pub maker_id: String,
    /// Id of the product, if the spelling names one.
    pub product_id: Option<String>,
}

/// The spellings one organisation has confirmed.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    meanings: HashMap<(String, String), Meaning>,
}

impl Learned {
    /// Remembers what maker and product as written mean. The later of two for one spelling stands.
    pub fn insert(&mut self, maker: Option<&str>, product: &str, meaning: Meaning) {
        self.meanings.insert(keys(maker, product), meaning);
    }

    /// What was confirmed for this spelling, or one that differs in width, spaces or case only.
    pub fn meaning(&self, maker: Option<&str>, product: &str) -> Option<&Meaning> {
        self.meanings.get(&keys(maker, product))
    }

    /// How many spellings there are.
    pub fn len(&self) -> usize {
        self.meanings.len()
    }

    /// Whether nothing was learned yet.
    pub fn is_empty(&self) -> bool {
        self.meanings.is_empty()
    }
}

fn keys(maker: Option<&str>, product: &str) -> (String, String) {
    let maker = maker.map(MatchKey::of_maker_search);
    (
        maker.map(|key| key.as_str().to_owned()).unwrap_or_default(),
        MatchKey::of_search(product).as_str().to_owned(),
    )
}
