//! What was found of a row.

use std::collections::BTreeMap;

use ids::{ComputerId, FacilityId};
use model::assets::NotifiedUnit;
use serde::{Deserialize, Serialize};
use statute::{Answer, AssetClass, Exemption};

/// What a row says, read, and what keeps it from being registered.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// Product.
    pub product: String,
    /// Manufacturer.
    pub maker: String,
    /// A facility of the register.
    pub facility: Option<FacilityId>,
    /// Its name, or the name of one that is to be entered.
    pub facility_name: String,
    /// Category of one that is to be entered.
    pub category: String,
    /// Class.
    pub class: Option<AssetClass>,
    /// The answers that decided it; none where someone chose it or the file says it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub class_answers: BTreeMap<String, Answer>,
    /// What is notified.
    pub unit: Option<NotifiedUnit>,
    /// Day of introduction, `YYYY-MM-DD`.
    pub introduced_on: Option<String>,
    /// Day it became specified, `YYYY-MM-DD`.
    pub became_specified_on: Option<String>,
    /// Why it need not be notified.
    pub exemption: Option<Exemption>,
    /// The facts that own-group use rests on.
    pub explanation: String,
    /// Document under ESPA.
    pub espa_document: String,
    /// Number of the one machine.
    pub serial: String,
    /// Remark.
    pub note: String,
    /// What is wrong, by field.
    pub problems: Vec<RowProblem>,
    /// The row or computer that this one is already.
    pub same: Option<Same>,
    /// Other rows that are this one: sheet and row.
    pub sources: Vec<(u32, u32)>,
    /// Whether a day stood there as the serial number of a spreadsheet program.
    pub serial_day: bool,
    /// A word in the column of the class that is not known.
    pub class_word: String,
}

/// What people have of their computers is nobody's business in a log.
impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// What is wrong with one field of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Code of the column, see [`formats::inventory::Column`].
    pub field: String,
    /// Stable code, also the key of the message.
    pub code: String,
}

/// What a duplicate is a duplicate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Same {
    /// Another row of the import: sheet and row.
    Row(u32, u32),
    /// A computer of the register.
    Computer(ComputerId),
}

impl Found {
    pub(super) fn problem(&mut self, field: &str, code: &str) {
        self.problems.push(RowProblem {
            field: field.to_owned(),
            code: code.to_owned(),
        });
    }
}
