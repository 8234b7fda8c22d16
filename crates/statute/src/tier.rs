//! Which analysis tier may go to whom: Act Arts 38 to 42, 45, 72.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::reason::Reason;
use crate::rule::Rule;

/// Tier of an analysis product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InfoTier {
    /// 総合整理分析情報.
    Sogo,
    /// 要管理提供用総合整理分析情報: 提供用 with secrets.
    TeikyoKanri,
    /// 提供用総合整理分析情報.
    Teikyo,
    /// 周知等用総合整理分析情報.
    Shuchi,
}

impl InfoTier {
    /// Every tier, narrowest circle first.
    pub const ALL: [Self; 4] = [Self::Sogo, Self::TeikyoKanri, Self::Teikyo, Self::Shuchi];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sogo => "sogo",
            Self::TeikyoKanri => "teikyo_kanri",
            Self::Teikyo => "teikyo",
            Self::Shuchi => "shuchi",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// Whether a recipient may get a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    Yes,
    /// Yes, under the condition in the note of the entry.
    Conditional,
    No,
}

impl Gate {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Conditional => "conditional",
            Self::No => "no",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Yes, Self::Conditional, Self::No]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// What one kind of recipient may get; its name is the label of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierRow {
    pub sogo: Gate,
    pub teikyo_kanri: Gate,
    pub teikyo: Gate,
    pub shuchi: Gate,
}

impl TierRow {
    /// The gate for one tier.
    pub const fn gate(&self, tier: InfoTier) -> Gate {
        match tier {
            InfoTier::Sogo => self.sogo,
            InfoTier::TeikyoKanri => self.teikyo_kanri,
            InfoTier::Teikyo => self.teikyo,
            InfoTier::Shuchi => self.shuchi,
        }
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let allowed = "yes, conditional or no";
        Ok(Self {
            sogo: fields.code("sogo", allowed, Gate::parse)?,
            teikyo_kanri: fields.code("teikyo_kanri", allowed, Gate::parse)?,
            teikyo: fields.code("teikyo", allowed, Gate::parse)?,
            shuchi: fields.code("shuchi", allowed, Gate::parse)?,
        })
    }
}

/// Says whether a kind of recipient, such as `carrier`, may get a tier.
///
/// An unknown recipient, or a day on which no rule is in force, means no.
pub fn tier_gate(
    book: &RuleBook,
    recipient: &str,
    tier: InfoTier,
    on: Date,
) -> (Gate, Option<Reason>) {
    let Some(entry) = book.entry(&format!("tier.{recipient}"), on) else {
        return (Gate::No, None);
    };
    let Rule::TierRow(row) = &entry.rule else {
        return (Gate::No, None);
    };
    let gate = row.gate(tier);
    let (ja, en) = match gate {
        Gate::Yes => ("提供できます。", "may be provided."),
        Gate::No => ("提供できません。", "may not be provided."),
        Gate::Conditional => (
            "条件付きで提供できます。",
            "may be provided under conditions.",
        ),
    };
    let mut text_ja = format!("{}：{}は{ja}", entry.label_ja, tier.code());
    let mut text_en = format!("{}: {} {en}", entry.label_en, tier.code());
    if gate == Gate::Conditional {
        text_ja.push_str(entry.note_ja.as_deref().unwrap_or_default());
        text_en.push(' ');
        text_en.push_str(entry.note_en.as_deref().unwrap_or_default());
    }
    let reason = Reason::resting_on(entry, "tier_gate", text_ja, text_en);
    (gate, Some(reason))
}
