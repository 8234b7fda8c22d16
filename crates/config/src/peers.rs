use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Other instances of Noroshi to which filings travel on.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Peers {
    /// The instances, a table `[[peers.instances]]` each.
    pub instances: Vec<PeerInstance>,
    /// How long one request may take.
    pub timeout_secs: u64,
    /// How often it is looked up what became of a filing there.
    pub poll_secs: u64,
    /// How far apart attempts are at most, while an instance cannot be reached.
    pub retry_at_most_secs: u64,
}

/// One of them: an authority's instance, for the filings of one operator.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeerInstance {
    /// What it is called here; does not change while filings are under way.
    pub name: String,
    /// `https://host`, or `http` on this machine.
    pub address: String,
    /// 法人番号 of the operator whose reports travel on; the token is one of its people's there.
    pub operator: String,
    /// File with the API token, readable by its owner only.
    pub token_file: PathBuf,
    /// Keys under which receipts must verify (`noroshi-trust/v1`), got on another way than from the instance.
    pub trust_file: PathBuf,
    /// Certificate authorities of a house, beside the public ones.
    pub ca_file: Option<PathBuf>,
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            instances: Vec::new(),
            timeout_secs: 60,
            poll_secs: 120,
            retry_at_most_secs: 600,
        }
    }
}

impl Peers {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1..=600).contains(&self.timeout_secs),
            "peers.timeout_secs",
            "use 1 to 600",
        )?;
        require(
            (1..=86_400).contains(&self.poll_secs),
            "peers.poll_secs",
            "use 1 to 86400",
        )?;
        require(
            (1..=3_600).contains(&self.retry_at_most_secs),
            "peers.retry_at_most_secs",
            "use 1 to 3600",
        )?;
        let mut names = BTreeSet::new();
        let mut operators = BTreeSet::new();
        for peer in &self.instances {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            require(
                (1..=40).contains(&peer.name.len()) && peer.name.chars().all(plain),
                "peers.instances.name",
                "use 1 to 40 of a-z, 0-9 and -",
            )?;
            require(
                !peer.operator.is_empty(),
                "peers.instances.operator",
                "name the corporate number of the operator",
            )?;
            require(
                names.insert(&peer.name) && operators.insert(&peer.operator),
                "peers.instances",
                "each name and each operator once",
            )?;
            require(
                !peer.token_file.as_os_str().is_empty() && !peer.trust_file.as_os_str().is_empty(),
                "peers.instances",
                "name a token_file and a trust_file",
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{PeerInstance, Peers};

    #[test]
    fn an_instance_has_a_name_an_operator_a_token_and_keys() {
        let whole = PeerInstance {
            name: "meti".to_owned(),
            address: "https://noroshi.example".to_owned(),
            operator: "7010001000017".to_owned(),
            token_file: "token".into(),
            trust_file: "trust.txt".into(),
            ca_file: None,
        };
        let with = |instances: Vec<PeerInstance>| Peers {
            instances,
            ..Peers::default()
        };
        assert!(with(vec![whole.clone()]).check().is_ok());
        assert!(with(vec![whole.clone(), whole.clone()]).check().is_err());
        for change in [
            |peer: &mut PeerInstance| peer.name = "a b".to_owned(),
            |peer: &mut PeerInstance| peer.operator.clear(),
            |peer: &mut PeerInstance| peer.token_file = "".into(),
            |peer: &mut PeerInstance| peer.trust_file = "".into(),
        ] {
            let mut lacking = whole.clone();
            change(&mut lacking);
            assert!(with(vec![lacking]).check().is_err());
        }
    }
}
