use std::fmt;

use ids::stable_codes;
use jiff::civil::Date;

stable_codes! {
    /// Which form a schema describes.
    pub enum FormKind {
        /// 様式第一 (Order Art. 2(1)).
        AssetNotification = "asset-notification",
        /// 様式第二 (Order Art. 3(1)), also for the end of use.
        AssetChange = "asset-change",
        /// 関係省庁共通様式 (Order Art. 4(2), Notice No. 2).
        Incident = "incident",
    }
}

stable_codes! {
    /// Which of the three common sheets an incident report is written on (Notice No. 2).
    pub enum IncidentForm {
        /// 様式1 DDoS攻撃事案.
        Ddos = "form1_ddos",
        /// 様式2 ランサムウェア事案.
        Ransomware = "form2_ransomware",
        /// 様式3 その他のサイバー攻撃等事案.
        Other = "form3_other",
    }
}

stable_codes! {
    /// From when on a field must be answered.
    pub enum Required {
        /// On a notification: always.
        Filing = "filing",
        /// On a report: complete at the prompt stage (items 1 and 2).
        Prompt = "prompt",
        /// On a report: answered in any state at the full stage.
        Full = "full",
        /// Never.
        Optional = "optional",
    }
}

stable_codes! {
    /// Where a field stands in a body.
    pub enum Scope {
        /// Among the answers: `/answers/<key>`.
        Answers = "answers",
        /// In the outline of the operator: `/operator/<key>`.
        Operator = "operator",
        /// In each row: `/rows/<n>/<key>`.
        Row = "row",
    }
}

stable_codes! {
    /// How surely the official sheet has this field.
    pub enum LabelConfidence {
        /// The order itself names it.
        Text = "text",
        /// Secondary sources name it.
        Secondary = "secondary",
        /// Ours; the official sheet is unknown. Shown as 「未確定」.
        Assumed = "assumed",
    }
}

/// One version of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which form.
    pub kind: FormKind,
    /// Day of effect and counter, for example `2026-10-01.1`; written into every body.
    pub version: String,
    /// Title in Japanese.
    pub title_ja: String,
    /// Title in English.
    pub title_en: String,
    /// Articles.
    pub basis: String,
    /// Fields in the order of the sheet.
    pub fields: Vec<Field>,
}

impl Form {
    /// First day on which the form is used; `None` where the version does not begin with a day.
    pub fn in_force_from(&self) -> Option<Date> {
        let (day, counter) = self.version.split_once('.')?;
        counter.parse::<u16>().ok()?;
        day.parse().ok()
    }

    /// The fields that one sheet shows: the common ones and its own. `None` gives the common ones.
    pub fn fields_of(&self, sheet: Option<IncidentForm>) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(move |field| field.sheet.is_none() || field.sheet == sheet)
    }

    /// A field among the answers, if this version has it.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field that a path into a body points at, for example `/answers/summary`; on a change the
    /// items before it are `/rows/0/before/product` and have keys with `previous_`.
    pub fn field_at(&self, path: &str) -> Option<&Field> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let (scope, key) = match (parts.next()?, parts.next()?) {
            ("answers", key) => (Scope::Answers, key.to_owned()),
            ("operator", key) => (Scope::Operator, key.to_owned()),
            ("rows", _) => match parts.next()? {
                "before" => (Scope::Row, format!("previous_{}", parts.next()?)),
                "after" => (Scope::Row, parts.next()?.to_owned()),
                key => (Scope::Row, key.to_owned()),
            },
            _ => return None,
        };
        self.fields
            .iter()
            .find(|field| field.scope == scope && field.key == key)
    }
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Stable name.
    pub key: String,
    /// Number of the item in the order (Order Art. 2(5): 1 to 5; Art. 4(3): 1 to 7).
    pub item: u8,
    /// What can be answered.
    pub kind: FieldKind,
    /// From when on.
    pub required: Required,
    /// Where it stands in a body.
    pub scope: Scope,
    /// The only sheet that has it; `None` for all.
    pub sheet: Option<IncidentForm>,
    /// Label in Japanese.
    pub label_ja: String,
    /// Label in English.
    pub label_en: String,
    /// Support text in Japanese; may be empty.
    pub hint_ja: String,
    /// Support text in English; may be empty.
    pub hint_en: String,
    /// Most characters of a text.
    pub max_chars: usize,
    /// Whether an answer may be marked as approximate (推定).
    pub approximate: bool,
    /// How surely the official sheet has it.
    pub confidence: LabelConfidence,
}

/// What can be answered in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A day.
    Date,
    /// A day, with the time in Japan if it is known.
    DateTime,
    /// One of several.
    Choice(Vec<Choice>),
    /// Any of several.
    Choices(Vec<Choice>),
    /// A number with one of several units.
    Quantity(Vec<Choice>),
    /// Computers of the register, or described where they are not in it.
    Computers,
    /// Yes or no.
    YesNo,
}

impl FieldKind {
    /// The stable name used in the form files.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Quantity(_) => "quantity",
            Self::Computers => "computers",
            Self::YesNo => "yes_no",
        }
    }
}

/// One thing that can be chosen, or a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Stable code.
    pub code: String,
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.version)
    }
}
