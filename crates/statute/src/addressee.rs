//! To whom a filing goes: Act Arts 4(1), 5, 74; Cabinet Order Art. 3.

use jiff::civil::Date;

use crate::confidence::Confidence;
use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::reason::{Reason, weakest};
use crate::rule::Rule;
use crate::sector::{Ministry, ministry, sector};

/// A prefecture; its name is the label of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefecture {
    /// The number of JIS X 0401, 1 to 47.
    pub number: u32,
}

impl Prefecture {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            number: fields.number("number")?,
        })
    }
}

/// A regional bureau; its name is the label of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bureau {
    /// The kind, such as `communications` or `finance`.
    pub bureau_kind: String,
    /// The numbers of the prefectures it serves.
    pub prefectures: Vec<u32>,
    /// The sectors it serves there in place of the bureau for all others; all when empty.
    pub only_sectors: Vec<String>,
}

impl Bureau {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            bureau_kind: fields.text("bureau_kind")?,
            prefectures: fields.numbers("prefectures")?,
            only_sectors: fields.texts("only_sectors")?,
        })
    }
}

/// A delegation of a minister's power to regional heads (Cabinet Order Art. 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    pub ministry: String,
    pub bureau_kinds: Vec<String>,
    pub duties: Vec<Duty>,
}

impl Delegation {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let mut duties = Vec::new();
        let ministry = fields.text("ministry")?;
        let bureau_kinds = fields.texts("bureau_kinds")?;
        for code in fields.texts("duties")? {
            duties.push(Duty::parse(&code).ok_or(FieldError::NotAllowed {
                field: "duties",
                allowed: "asset_notification and incident_report",
            })?);
        }
        Ok(Self {
            ministry,
            bureau_kinds,
            duties,
        })
    }
}

/// The duty under which something is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Act Art. 4: to the Minister, who forwards to the Prime Minister.
    AssetNotification,
    /// Act Art. 5: to the Minister and the Prime Minister.
    IncidentReport,
}

impl Duty {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AssetNotification => "asset_notification",
            Self::IncidentReport => "incident_report",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::AssetNotification, Self::IncidentReport]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// The part in which somebody is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// 特別社会基盤事業所管大臣.
    Minister,
    /// 内閣総理大臣 (Cabinet Office, NCO).
    PrimeMinister,
}

impl Role {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minister => "minister",
            Self::PrimeMinister => "prime_minister",
        }
    }
}

/// Where the filing is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The code of the bureau or ministry entry.
    pub code: String,
    pub name_ja: String,
    pub name_en: String,
    /// Whether it is a regional bureau.
    pub regional: bool,
    pub confidence: Confidence,
}

/// One legal addressee and the desk that receives for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub role: Role,
    /// The code of the ministry, `cabinet_office` for the Prime Minister.
    pub code: String,
    /// The legal addressee, such as 経済産業大臣.
    pub name_ja: String,
    pub name_en: String,
    /// Who acts for the addressee as a whole, such as 金融庁長官.
    pub acting_ja: Option<String>,
    pub acting_en: Option<String>,
    pub desk: Desk,
}

/// The question to whom something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddresseeQuestion<'code> {
    pub duty: Duty,
    /// The sector code, such as `electricity`.
    pub sector: &'code str,
    /// The ministry code where it is not the sector's own (joint jurisdiction in finance).
    pub ministry: Option<&'code str>,
    /// The prefecture of the operator's office, 1 to 47.
    pub prefecture: Option<u32>,
    pub on: Date,
}

/// The addressees of a filing, with reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Addressees {
    pub addressees: Vec<Addressee>,
    pub confidence: Confidence,
    pub reasons: Vec<Reason>,
}

/// Why the addressees are not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddresseeRefusal {
    #[error("there is no sector {code}")]
    UnknownSector { code: String },
    #[error("there is no ministry {code}")]
    UnknownMinistry { code: String },
    #[error("there is no prefecture {number}")]
    UnknownPrefecture { number: u32 },
    #[error("the duty is not in force on {on}")]
    NotInForce { on: Date },
}

impl AddresseeRefusal {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownSector { .. } => "addressee.unknown_sector",
            Self::UnknownMinistry { .. } => "addressee.unknown_ministry",
            Self::UnknownPrefecture { .. } => "addressee.unknown_prefecture",
            Self::NotInForce { .. } => "addressee.not_in_force",
        }
    }
}

/// Says to whom a filing goes, and at which desk.
///
/// Asset notifications go to the Minister only, whose power for Art. 4 is not delegated to regional
/// heads; incident reports go to the Minister, by regional desk, and to the Prime Minister.
pub fn addressees(
    book: &RuleBook,
    question: &AddresseeQuestion<'_>,
) -> Result<Addressees, AddresseeRefusal> {
    let on = question.on;
    let rule = duty_entry(book, question.duty, on)?;
    let (sector_entry, found) =
        sector(book, question.sector, on).ok_or_else(|| AddresseeRefusal::UnknownSector {
            code: question.sector.to_owned(),
        })?;
    let code = question.ministry.unwrap_or(&found.ministry);
    let (ministry_entry, minister) = known_ministry(book, code, on)?;
    check_prefecture(book, question)?;
    let mut reasons = vec![
        Reason::resting_on(
            rule,
            "addressed_by_duty",
            format!("{}。", rule.label_ja),
            format!("{}.", rule.label_en),
        ),
        Reason::resting_on(
            sector_entry,
            "minister_of_sector",
            format!(
                "{}の所管は{}です。",
                sector_entry.label_ja, minister.minister_ja
            ),
            format!(
                "{} is under {}.",
                sector_entry.label_en, minister.minister_en
            ),
        ),
    ];
    let own_bureaus = question
        .ministry
        .is_none_or(|other| other == found.ministry);
    let desk = if own_bureaus {
        regional_desk(book, question, code, &found.bureau_kind, &mut reasons)
    } else {
        None
    };
    let desk = desk.unwrap_or_else(|| central_desk(ministry_entry));
    let mut addressees = vec![addressee(Role::Minister, ministry_entry, minister, desk)];
    match question.duty {
        Duty::AssetNotification => {}
        Duty::IncidentReport => {
            let (entry, office) = known_ministry(book, "cabinet_office", on)?;
            reasons.push(Reason::resting_on(
                entry,
                "prime_minister_not_delegated",
                format!(
                    "{}には{}が受け付けます。",
                    office.minister_ja, entry.label_ja
                ),
                format!("{} receives for {}.", entry.label_en, office.minister_en),
            ));
            let desk = central_desk(entry);
            addressees.push(addressee(Role::PrimeMinister, entry, office, desk));
        }
    }
    Ok(Addressees {
        addressees,
        confidence: weakest(&reasons),
        reasons,
    })
}

/// The prefectures, in order.
pub fn prefectures(book: &RuleBook, on: Date) -> Vec<(&Entry, &Prefecture)> {
    let mut found = book.rules(on, |rule| match rule {
        Rule::Prefecture(prefecture) => Some(prefecture),
        _ => None,
    });
    found.sort_by_key(|(_, prefecture)| prefecture.number);
    found
}

/// The regional bureaus on a day.
pub fn bureaus(book: &RuleBook, on: Date) -> Vec<(&Entry, &Bureau)> {
    book.rules(on, |rule| match rule {
        Rule::Bureau(bureau) => Some(bureau),
        _ => None,
    })
}

fn addressee(role: Role, entry: &Entry, minister: &Ministry, desk: Desk) -> Addressee {
    Addressee {
        role,
        code: entry.code().to_owned(),
        name_ja: minister.minister_ja.clone(),
        name_en: minister.minister_en.clone(),
        acting_ja: minister.acting_ja.clone(),
        acting_en: minister.acting_en.clone(),
        desk,
    }
}

fn central_desk(entry: &Entry) -> Desk {
    Desk {
        code: entry.code().to_owned(),
        name_ja: entry.label_ja.clone(),
        name_en: entry.label_en.clone(),
        regional: false,
        confidence: entry.confidence,
    }
}

/// The regional desk, where the duty is delegated and the prefecture is known.
fn regional_desk(
    book: &RuleBook,
    question: &AddresseeQuestion<'_>,
    ministry: &str,
    bureau_kind: &str,
    reasons: &mut Vec<Reason>,
) -> Option<Desk> {
    let delegations = book.rules(question.on, |rule| match rule {
        Rule::Delegation(delegation) => Some(delegation),
        _ => None,
    });
    let (entry, _) = delegations.into_iter().find(|(_, delegation)| {
        delegation.ministry == ministry
            && delegation
                .bureau_kinds
                .iter()
                .any(|kind| kind == bureau_kind)
    })?;
    let Rule::Delegation(delegation) = &entry.rule else {
        return None;
    };
    if !delegation.duties.contains(&question.duty) {
        reasons.push(Reason::resting_on(
            entry,
            "not_delegated",
            "届出（第4条）の受理は地方の機関の長に委任されていません。",
            "Receiving asset notifications (Art. 4) is not delegated to regional heads.",
        ));
        return None;
    }
    let Some(prefecture) = question.prefecture else {
        reasons.push(Reason::resting_on(
            entry,
            "prefecture_not_given",
            "事務所の所在地が分かれば、地方の窓口を示せます。",
            "Given the place of the office, the regional desk can be named.",
        ));
        return None;
    };
    let (bureau_entry, _) = bureaus(book, question.on)
        .into_iter()
        .filter(|(_, bureau)| {
            bureau.bureau_kind == bureau_kind
                && bureau.prefectures.contains(&prefecture)
                && (bureau.only_sectors.is_empty()
                    || bureau
                        .only_sectors
                        .iter()
                        .any(|each| each == question.sector))
        })
        .max_by_key(|(_, bureau)| bureau.only_sectors.len())?;
    reasons.push(
        Reason::resting_on(
            entry,
            "delegated_to_region",
            format!("権限の委任により{}が受け付けます。", bureau_entry.label_ja),
            format!("By delegation {} receives it.", bureau_entry.label_en),
        )
        .known_as(bureau_entry.confidence),
    );
    Some(Desk {
        code: bureau_entry.code().to_owned(),
        name_ja: bureau_entry.label_ja.clone(),
        name_en: bureau_entry.label_en.clone(),
        regional: true,
        confidence: bureau_entry.confidence.weaker(entry.confidence),
    })
}

fn known_ministry<'book>(
    book: &'book RuleBook,
    code: &str,
    on: Date,
) -> Result<(&'book Entry, &'book Ministry), AddresseeRefusal> {
    ministry(book, code, on).ok_or_else(|| AddresseeRefusal::UnknownMinistry {
        code: code.to_owned(),
    })
}

fn check_prefecture(
    book: &RuleBook,
    question: &AddresseeQuestion<'_>,
) -> Result<(), AddresseeRefusal> {
    let Some(number) = question.prefecture else {
        return Ok(());
    };
    let known = prefectures(book, question.on)
        .iter()
        .any(|(_, prefecture)| prefecture.number == number);
    if known {
        Ok(())
    } else {
        Err(AddresseeRefusal::UnknownPrefecture { number })
    }
}

fn duty_entry(book: &RuleBook, duty: Duty, on: Date) -> Result<&Entry, AddresseeRefusal> {
    let key = match duty {
        Duty::AssetNotification => "addressee.asset_notification",
        Duty::IncidentReport => "addressee.incident_report",
    };
    book.entry(key, on)
        .ok_or(AddresseeRefusal::NotInForce { on })
}
