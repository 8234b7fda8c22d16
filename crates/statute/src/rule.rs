//! What an entry can say.

use jiff::civil::Date;

use crate::addressee::{Bureau, Delegation, Prefecture};
use crate::calendar::{ClosedSpan, Era, HolidayOverride, HolidayRule};
use crate::classify::ClassRule;
use crate::deadline::PeriodRule;
use crate::event::{EventRule, ExclusionRule};
use crate::exempt::{ExemptionRule, GeneralProducts};
use crate::fields::{FieldError, Fields};
use crate::items::ItemRule;
use crate::phase::{LegalBasis, Phase};
use crate::question::Question;
use crate::sector::{FinanceKind, Ministry, Sector};
use crate::submission::{SubmissionItem, SubmissionRule};
use crate::tier::TierRow;

/// The content of an entry.
///
/// A plain value carries `value` and `unit`; everything with a shape of its own names its `kind`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A statutory period and how it is counted.
    Period(PeriodRule),
    /// 「速やかに」: no number is fixed.
    Promptly,
    /// A guideline range of days that binds nobody.
    GuidelineDays {
        least: u32,
        most: u32,
    },
    /// Amounts with their units, such as years and yen.
    Amounts(Vec<Amount>),
    /// A day.
    Date(Date),
    /// Item numbers.
    Numbers(Vec<u32>),
    /// Names or codes.
    Names(Vec<String>),
    /// A value that is not known yet.
    Unknown,
    /// A principle whose text is the label; code cites it.
    Principle,
    Phase(Phase),
    LegalBasis(LegalBasis),
    Sector(Sector),
    FinanceKind(FinanceKind),
    Ministry(Ministry),
    Delegation(Delegation),
    Bureau(Bureau),
    Prefecture(Prefecture),
    Class(ClassRule),
    Event(EventRule),
    Exclusion(ExclusionRule),
    Item(ItemRule),
    Exemption(ExemptionRule),
    GeneralProducts(GeneralProducts),
    Question(Question),
    Era(Era),
    Holiday(HolidayRule),
    HolidayOverride(HolidayOverride),
    ClosedSpan(ClosedSpan),
    TierRow(TierRow),
    Submission(SubmissionRule),
    SubmissionItem(SubmissionItem),
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    pub amount: u32,
    /// The unit as a word, such as `yen`, `persons` or `items`.
    pub unit: String,
}

impl Rule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let Some(kind) = fields.optional_text("kind")? else {
            return read_value(fields);
        };
        match kind.as_str() {
            "principle" => Ok(Self::Principle),
            "phase" => Phase::read(fields).map(Self::Phase),
            "legal_basis" => LegalBasis::read(fields).map(Self::LegalBasis),
            "sector" => Sector::read(fields).map(Self::Sector),
            "finance_kind" => FinanceKind::read(fields).map(Self::FinanceKind),
            "ministry" => Ministry::read(fields).map(Self::Ministry),
            "delegation" => Delegation::read(fields).map(Self::Delegation),
            "bureau" => Bureau::read(fields).map(Self::Bureau),
            "prefecture" => Prefecture::read(fields).map(Self::Prefecture),
            "class" => ClassRule::read(fields).map(Self::Class),
            "event" => EventRule::read(fields).map(Self::Event),
            "exclusion" => ExclusionRule::read(fields).map(Self::Exclusion),
            "item" => ItemRule::read(fields).map(Self::Item),
            "exemption" => ExemptionRule::read(fields).map(Self::Exemption),
            "general_products" => GeneralProducts::read(fields).map(Self::GeneralProducts),
            "question" => Question::read(fields).map(Self::Question),
            "era" => Era::read(fields).map(Self::Era),
            "holiday" => HolidayRule::read(fields).map(Self::Holiday),
            "holiday_override" => HolidayOverride::read(fields).map(Self::HolidayOverride),
            "closed_span" => ClosedSpan::read(fields).map(Self::ClosedSpan),
            "tier_row" => TierRow::read(fields).map(Self::TierRow),
            "submission" => SubmissionRule::read(fields).map(Self::Submission),
            "submission_item" => SubmissionItem::read(fields).map(Self::SubmissionItem),
            _ => Err(FieldError::NotAllowed {
                field: "kind",
                allowed: "a kind that the rule book knows",
            }),
        }
    }
}

fn read_value(fields: &mut Fields) -> Result<Rule, FieldError> {
    if fields.has("values") {
        let mut amounts = Vec::new();
        for mut each in fields.tables("values")? {
            amounts.push(Amount {
                amount: each.number("value")?,
                unit: each.text("unit")?,
            });
            each.finish()?;
        }
        return Ok(Rule::Amounts(amounts));
    }
    let unit = fields.text("unit")?;
    match unit.as_str() {
        "hours" | "days" | "months" => PeriodRule::read(fields, &unit).map(Rule::Period),
        "promptly" => Ok(Rule::Promptly),
        "unknown" => Ok(Rule::Unknown),
        "guideline_days" => {
            let least = fields.number("least")?;
            let most = fields.number("most")?;
            if most < least {
                return Err(FieldError::NotAllowed {
                    field: "most",
                    allowed: "not below `least`",
                });
            }
            Ok(Rule::GuidelineDays { least, most })
        }
        "date" => fields.date("value").map(Rule::Date),
        "numbers" => fields.numbers("value").map(Rule::Numbers),
        "names" => fields.texts("value").map(Rule::Names),
        "years" | "yen" | "persons" | "items" | "sectors" | "operators" | "bodies" | "per_year" => {
            let amount = fields.number("value")?;
            Ok(Rule::Amounts(vec![Amount { amount, unit }]))
        }
        _ => Err(FieldError::NotAllowed {
            field: "unit",
            allowed: "a unit that the rule book knows",
        }),
    }
}
