use ids::{OrganisationId, OrganisationKind};
use jiff::civil::Date;

/// An organisation that files, receives or inspects under the Act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Identifies it for ever; names may change.
    pub id: OrganisationId,
    /// Operator, ministry, regional office, Cabinet Office, committee or contractor.
    pub kind: OrganisationKind,
    /// Name in Japanese, as registered.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Code of an authority's desk in the rule book, for example `meti`; `None` for others.
    pub desk_code: Option<String>,
    /// 法人番号, thirteen digits; `None` for authorities that have none here.
    pub corporate_number: Option<String>,
    /// Code of the sector in the rule book (ESPA Art. 50(1)); operators only.
    pub sector: Option<String>,
    /// Code of the prefecture of the office that decides the regional desk (Cabinet Order Art. 3).
    pub prefecture: Option<String>,
    /// The ministry of a regional office, or the operator of a contractor.
    pub parent: Option<OrganisationId>,
    /// How and when an operator was designated.
    pub designation: Option<Designation>,
    /// The operator's own targets, which are not the law's.
    pub targets: HouseTargets,
    /// Grows with each change; a stale change is refused.
    pub version: i64,
}

/// Designation as a 特定社会基盤事業者 (ESPA Art. 50(1)), on which Order Arts 2(2) and 4(2)(i) count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Designation {
    /// Day of designation in Japan.
    pub on: Date,
    /// Whether it came about by an ESPA Art. 53(1) cause (succession and the like).
    pub cause: DesignationCause,
}

/// Why an operator is designated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignationCause {
    /// Designated on its own.
    Ordinary,
    /// By succession or another cause of ESPA Art. 53(1): no grace (Order Arts 2(2), 4(2)(i)).
    Succession,
}

/// An operator's own targets (社内目標), shown apart from the law's limits and called its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseTargets {
    /// Hours from awareness to the prompt report; `None` where the operator has set none.
    pub prompt_hours: Option<u16>,
    /// Days before the legal limit by which the full report should be ready.
    pub full_days_before: Option<u16>,
}

impl HouseTargets {
    /// No target of its own.
    pub const NONE: Self = Self {
        prompt_hours: None,
        full_days_before: None,
    };
}

impl Organisation {
    /// The name in the reader's language.
    pub fn name(&self, japanese: NameLanguage) -> &str {
        match japanese {
            NameLanguage::Japanese => &self.name_ja,
            NameLanguage::English => &self.name_en,
        }
    }
}

/// In which language a name is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameLanguage {
    /// 日本語.
    Japanese,
    /// English.
    English,
}
