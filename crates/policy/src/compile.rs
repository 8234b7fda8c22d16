use std::str::FromStr;

use cedar_policy::{
    Effect, ParseErrors, PolicySet, PolicySetError, Schema, ValidationMode, Validator,
};
use ids::Digest;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Name and text of everything that decides, in the order in which it is digested.
pub(crate) const SCHEMA: (&str, &str) = (
    "noroshi.cedarschema",
    include_str!("../policies/noroshi.cedarschema"),
);
pub(crate) const POLICIES: &[(&str, &str)] = &[
    ("operator.cedar", include_str!("../policies/operator.cedar")),
    (
        "authority.cedar",
        include_str!("../policies/authority.cedar"),
    ),
    ("orders.cedar", include_str!("../policies/orders.cedar")),
    (
        "oversight.cedar",
        include_str!("../policies/oversight.cedar"),
    ),
    (
        "approvals.cedar",
        include_str!("../policies/approvals.cedar"),
    ),
    (
        "delegations.cedar",
        include_str!("../policies/delegations.cedar"),
    ),
    (
        "submissions.cedar",
        include_str!("../policies/submissions.cedar"),
    ),
    ("account.cedar", include_str!("../policies/account.cedar")),
    ("guards.cedar", include_str!("../policies/guards.cedar")),
];

/// Says why a set of policies cannot be used.
#[derive(Debug, Error)]
pub enum PolicyError {
    /// The schema does not parse.
    #[error("policy schema does not parse")]
    Schema {
        /// What Cedar says.
        #[source]
        source: Box<cedar_policy::CedarSchemaError>,
    },
    /// A policy file does not parse.
    #[error("policy file {file} does not parse")]
    Syntax {
        /// Name of the file.
        file: &'static str,
        /// What Cedar says.
        #[source]
        source: Box<ParseErrors>,
    },
    /// Two policies have one name.
    #[error("policies cannot be put together")]
    Merge {
        /// What Cedar says.
        #[source]
        source: Box<PolicySetError>,
    },
    /// The policies do not fit the schema.
    #[error("policies do not fit the schema: {findings}")]
    Invalid {
        /// What Cedar's validator found, one finding a line.
        findings: String,
    },
    /// A restriction held something that could grant.
    #[error("a restriction may only forbid")]
    NotARestriction,
    /// The schema lacks a name the program uses.
    #[error("policy schema lacks {name}")]
    Vocabulary {
        /// The missing name.
        name: &'static str,
    },
}

pub(crate) fn schema() -> Result<Schema, PolicyError> {
    Schema::from_cedarschema_str(SCHEMA.1)
        .map(|(schema, _)| schema)
        .map_err(|source| PolicyError::Schema {
            source: Box::new(source),
        })
}

pub(crate) fn embedded(schema: &Schema) -> Result<PolicySet, PolicyError> {
    let mut all = PolicySet::new();
    for (file, text) in POLICIES {
        merge(&mut all, &parse(file, text)?)?;
    }
    validate(schema, &all)?;
    Ok(all)
}

/// Adds forbid policies; refuses anything that could grant.
pub(crate) fn restrict(
    schema: &Schema,
    mut policies: PolicySet,
    text: &str,
) -> Result<PolicySet, PolicyError> {
    let added = parse("restriction", text)?;
    let only_forbids = added.policies().all(|p| p.effect() == Effect::Forbid);
    if !only_forbids || added.templates().next().is_some() {
        return Err(PolicyError::NotARestriction);
    }
    merge(&mut policies, &added)?;
    validate(schema, &policies)?;
    Ok(policies)
}

/// Digest over texts, each preceded by its length so that no two lists read the same.
pub(crate) fn digest<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"noroshi policy v1\n");
    for text in texts {
        hash.update(text.len().to_string());
        hash.update(b"\n");
        hash.update(text);
    }
    Digest::from_bytes(hash.finalize().into())
}

fn parse(file: &'static str, text: &str) -> Result<PolicySet, PolicyError> {
    PolicySet::from_str(text).map_err(|source| PolicyError::Syntax {
        file,
        source: Box::new(source),
    })
}

fn merge(all: &mut PolicySet, added: &PolicySet) -> Result<(), PolicyError> {
    all.merge(added, true)
        .map(drop)
        .map_err(|source| PolicyError::Merge {
            source: Box::new(source),
        })
}

fn validate(schema: &Schema, policies: &PolicySet) -> Result<(), PolicyError> {
    let result = Validator::new(schema.clone()).validate(policies, ValidationMode::Strict);
    let findings: Vec<String> = result
        .validation_errors()
        .map(ToString::to_string)
        .chain(result.validation_warnings().map(ToString::to_string))
        .collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(PolicyError::Invalid {
            findings: findings.join("\n"),
        })
    }
}
