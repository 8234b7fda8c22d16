//! Which period an asset notification has: Act Art. 4, suppl. 4; Order Art. 2, suppl. 2.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::confidence::Confidence;
use crate::deadline::{Due, DueQuestion, DueRefusal, due, within_window};
use crate::pack::RuleBook;
use crate::phase::Mode;
use crate::reason::Reason;
use crate::rule::Rule;

/// The rule under which a notification is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NotificationBasis {
    /// New introduction (Order Art. 2(1)).
    #[serde(rename = "new_4m")]
    New,
    /// Newly designated operator (Order Art. 2(2)).
    #[serde(rename = "designated_6m")]
    Designated,
    /// The facility order was changed (Order Art. 2(3)).
    #[serde(rename = "rule_change_6m")]
    RuleChange,
    /// Introduced before enforcement (Act suppl. 4).
    #[serde(rename = "existing_6m")]
    Existing,
    /// Existing facility, introduced in the first two months (Order suppl. 2).
    #[serde(rename = "early_window_6m")]
    EarlyWindow,
    /// Change of a notified item (Order Art. 3(1)).
    #[serde(rename = "change_4m")]
    Change,
}

impl NotificationBasis {
    /// Every basis.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Designated,
        Self::RuleChange,
        Self::Existing,
        Self::EarlyWindow,
        Self::Change,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new_4m",
            Self::Designated => "designated_6m",
            Self::RuleChange => "rule_change_6m",
            Self::Existing => "existing_6m",
            Self::EarlyWindow => "early_window_6m",
            Self::Change => "change_4m",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }

    /// The key of the rule in the rule book.
    pub const fn key(self) -> &'static str {
        match self {
            Self::New => "asset.notify.new",
            Self::Designated => "asset.notify.designated",
            Self::RuleChange => "asset.notify.rule_change",
            Self::Existing => "asset.notify.existing",
            Self::EarlyWindow => "asset.notify.early_window",
            Self::Change => "asset.notify.change",
        }
    }
}

/// How an operator became one (特定社会基盤事業者となった事由).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    /// By ordinary designation.
    #[default]
    Ordinary,
    /// Through a cause of ESPA Art. 53(1), such as succession.
    Espa53,
}

/// Every date that the law counts from for one computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComputerDates {
    /// The day the computer was introduced (導入).
    pub introduced_on: Date,
    /// The day the operator was designated.
    pub operator_designated_on: Option<Date>,
    /// The day the facility (特定重要設備) was installed.
    pub facility_installed_on: Option<Date>,
    /// The day the computer became specified through a change of the facility order.
    pub became_specified_on: Option<Date>,
    pub entrance: Entrance,
}

impl ComputerDates {
    /// A computer of which only the introduction is known.
    pub const fn introduced(on: Date) -> Self {
        Self {
            introduced_on: on,
            operator_designated_on: None,
            facility_installed_on: None,
            became_specified_on: None,
            entrance: Entrance::Ordinary,
        }
    }
}

/// The basis that applies, with its deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct BasisFinding {
    pub basis: NotificationBasis,
    /// The deadline; its reasons begin with why this basis applies.
    pub due: Due,
}

/// Chooses the period for a new notification and counts it.
///
/// The first that fits: existing at enforcement, facility order changed, newly designated,
/// introduced early for an existing facility, otherwise new introduction.
pub fn notification_basis(
    book: &RuleBook,
    dates: &ComputerDates,
    mode: Mode,
) -> Result<BasisFinding, DueRefusal> {
    let enforced_on = enforcement_day(book)?;
    let introduced = dates.introduced_on;
    let became_later = |day: Option<Date>| day.is_some_and(|day| enforced_on <= day);
    let existed = introduced < enforced_on
        && !became_later(dates.operator_designated_on)
        && !became_later(dates.became_specified_on);
    if existed {
        return existing(book, dates, enforced_on, mode);
    }
    if let Some(became_on) = dates.became_specified_on
        && let Some(finding) = after_rule_change(book, dates, became_on, mode)?
    {
        return Ok(finding);
    }
    let relief = designation_relief(book, dates.entrance, dates.operator_designated_on);
    if let Some(designated_on) = dates.operator_designated_on.filter(|_| relief.applies)
        && let Some(finding) = after_designation(book, dates, designated_on, &relief.reasons, mode)?
    {
        return Ok(finding);
    }
    if let Some(installed_on) = dates.facility_installed_on
        && installed_on <= enforced_on
        && let Some(finding) = early_window(book, introduced, enforced_on, mode)?
    {
        return Ok(finding);
    }
    new_introduction(book, dates, relief.reasons, mode)
}

/// The deadline for notifying a change of a notified item (Act Art. 4(3), Order Art. 3(1)).
pub fn change_basis(
    book: &RuleBook,
    changed_on: Date,
    mode: Mode,
) -> Result<BasisFinding, DueRefusal> {
    let basis = NotificationBasis::Change;
    let due = due(book, &DueQuestion::new(basis.key(), changed_on), mode)?;
    Ok(BasisFinding { basis, due })
}

/// Whether the relief for newly designated operators applies.
#[derive(Clone, Debug)]
pub(crate) struct DesignationRelief {
    pub(crate) applies: bool,
    pub(crate) reasons: Vec<Reason>,
}

/// The relief is not for those who became operators through ESPA Art. 53(1); that exception does
/// not reach operators designated before the amendment of the Order (its amending suppl. 2).
pub(crate) fn designation_relief(
    book: &RuleBook,
    entrance: Entrance,
    designated_on: Option<Date>,
) -> DesignationRelief {
    let key = "asset.notify.designated.espa53_exception_from";
    let (Entrance::Espa53, Some(designated_on)) = (entrance, designated_on) else {
        return DesignationRelief {
            applies: true,
            reasons: Vec::new(),
        };
    };
    let Some(entry) = book.history(key).first() else {
        return DesignationRelief {
            applies: false,
            reasons: Vec::new(),
        };
    };
    let applies =
        matches!(entry.rule, Rule::Date(exception_from) if designated_on < exception_from);
    let reason = if applies {
        Reason::resting_on(
            entry,
            "espa53_before_amendment",
            "経済安全保障推進法第53条第1項の事由によるものですが、改正前の指定のため除外されません。",
            "The operator entered through ESPA Art. 53(1), but was designated before the amendment.",
        )
    } else {
        Reason::resting_on(
            entry,
            "espa53_no_relief",
            "経済安全保障推進法第53条第1項の事由によるため、指定後の猶予は適用されません。",
            "The operator entered through ESPA Art. 53(1): the relief after designation does not apply.",
        )
    };
    DesignationRelief {
        applies,
        reasons: vec![reason],
    }
}

fn existing(
    book: &RuleBook,
    dates: &ComputerDates,
    enforced_on: Date,
    mode: Mode,
) -> Result<BasisFinding, DueRefusal> {
    let basis = NotificationBasis::Existing;
    let mut due = due(book, &DueQuestion::new(basis.key(), enforced_on), mode)?;
    explain(
        book,
        &mut due,
        basis,
        format!(
            "導入日{}は施行の日{enforced_on}より前です。",
            dates.introduced_on
        ),
        format!(
            "Introduced on {}, before the day of enforcement {enforced_on}.",
            dates.introduced_on
        ),
    );
    Ok(BasisFinding { basis, due })
}

fn after_rule_change(
    book: &RuleBook,
    dates: &ComputerDates,
    became_on: Date,
    mode: Mode,
) -> Result<Option<BasisFinding>, DueRefusal> {
    let basis = NotificationBasis::RuleChange;
    let (_, closes) = within_window(
        book,
        "asset.notify.rule_change.window",
        became_on,
        became_on,
    )?;
    if closes < dates.introduced_on {
        return Ok(None);
    }
    let question = DueQuestion::new(basis.key(), dates.introduced_on.max(became_on))
        .became_specified(became_on);
    let mut due = due(book, &question, mode)?;
    if dates.introduced_on < became_on {
        doubt_earlier_introduction(book, &mut due, basis, dates.introduced_on, became_on);
    }
    explain(
        book,
        &mut due,
        basis,
        format!("設備の命令の改正により{became_on}に特定重要電子計算機となりました。"),
        format!("It became specified on {became_on} through a change of the facility order."),
    );
    Ok(Some(BasisFinding { basis, due }))
}

fn after_designation(
    book: &RuleBook,
    dates: &ComputerDates,
    designated_on: Date,
    relief: &[Reason],
    mode: Mode,
) -> Result<Option<BasisFinding>, DueRefusal> {
    let basis = NotificationBasis::Designated;
    let (_, closes) = within_window(
        book,
        "asset.notify.designated.window",
        designated_on,
        designated_on,
    )?;
    if closes < dates.introduced_on {
        return Ok(None);
    }
    let question = DueQuestion::new(basis.key(), dates.introduced_on.max(designated_on))
        .designated(designated_on);
    let mut due = due(book, &question, mode)?;
    if dates.introduced_on < designated_on {
        doubt_earlier_introduction(book, &mut due, basis, dates.introduced_on, designated_on);
    }
    add_first(&mut due, relief.to_vec());
    explain(
        book,
        &mut due,
        basis,
        format!("事業者は{designated_on}に指定されました。"),
        format!("The operator was designated on {designated_on}."),
    );
    Ok(Some(BasisFinding { basis, due }))
}

fn early_window(
    book: &RuleBook,
    introduced: Date,
    enforced_on: Date,
    mode: Mode,
) -> Result<Option<BasisFinding>, DueRefusal> {
    let basis = NotificationBasis::EarlyWindow;
    let mut due = match due(book, &DueQuestion::new(basis.key(), introduced), mode) {
        Ok(due) => due,
        Err(DueRefusal::OutsideWindow { .. }) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    explain(
        book,
        &mut due,
        basis,
        format!("施行の日{enforced_on}に設備がすでに設置されていました。"),
        format!("The facility was already installed on the day of enforcement {enforced_on}."),
    );
    Ok(Some(BasisFinding { basis, due }))
}

fn new_introduction(
    book: &RuleBook,
    dates: &ComputerDates,
    relief: Vec<Reason>,
    mode: Mode,
) -> Result<BasisFinding, DueRefusal> {
    let basis = NotificationBasis::New;
    // Nobody has a duty for a computer before it is a specified important computer of an operator.
    let subject_since = dates
        .operator_designated_on
        .max(dates.became_specified_on)
        .filter(|day| dates.introduced_on < *day);
    let counted_from = subject_since.unwrap_or(dates.introduced_on);
    let mut due = due(book, &DueQuestion::new(basis.key(), counted_from), mode)?;
    if let Some(since) = subject_since {
        doubt_earlier_introduction(book, &mut due, basis, dates.introduced_on, since);
    }
    add_first(&mut due, relief);
    explain(
        book,
        &mut due,
        basis,
        "ほかの経過措置に当たらないため、新たな導入として数えます。".to_owned(),
        "No transitional rule applies, so it counts as a new introduction.".to_owned(),
    );
    Ok(BasisFinding { basis, due })
}

/// Marks a result that rests on our reading for computers introduced before the duty arose.
fn doubt_earlier_introduction(
    book: &RuleBook,
    due: &mut Due,
    basis: NotificationBasis,
    introduced: Date,
    since: Date,
) {
    let Some(entry) = book.history(basis.key()).first() else {
        return;
    };
    let reason = Reason::resting_on(
        entry,
        "introduced_before_duty",
        format!(
            "導入日{introduced}は義務の生じた{since}より前です。条文は明示しておらず、その日から数えます（推定）。"
        ),
        format!(
            "Introduced on {introduced}, before the duty arose on {since}; the text is silent, we count from that day (assumed)."
        ),
    )
    .known_as(Confidence::Assumed);
    add_first(due, vec![reason]);
}

fn explain(book: &RuleBook, due: &mut Due, basis: NotificationBasis, ja: String, en: String) {
    let Some(entry) = book.nearest(basis.key(), due.counted_from.unwrap_or(Date::MAX)) else {
        return;
    };
    add_first(due, vec![Reason::resting_on(entry, basis.code(), ja, en)]);
}

fn add_first(due: &mut Due, reasons: Vec<Reason>) {
    for reason in reasons.into_iter().rev() {
        due.confidence = due.confidence.weaker(reason.confidence);
        due.reasons.insert(0, reason);
    }
}

fn enforcement_day(book: &RuleBook) -> Result<Date, DueRefusal> {
    let key = NotificationBasis::Existing.key();
    book.history(key)
        .iter()
        .find_map(|entry| match &entry.rule {
            Rule::Period(rule) => rule.starts_on,
            _ => None,
        })
        .ok_or_else(|| DueRefusal::RuleBookLacks {
            key: key.to_owned(),
        })
}
