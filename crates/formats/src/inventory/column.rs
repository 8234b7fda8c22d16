//! What a column may mean, and the words by which it is known.

use super::value::value_key;

/// What a column of a table means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Product or cloud service (製品名).
    Product,
    /// Manufacturer or provider (製造者名).
    Maker,
    /// Facility (特定重要設備), by its name in the house.
    Facility,
    /// Category of the facility in the words of the order.
    Category,
    /// Class of the computer.
    Class,
    /// What is notified: hardware, operating system and so on.
    Unit,
    /// Day of introduction.
    IntroducedOn,
    /// Day on which it became specified.
    BecameSpecifiedOn,
    /// Whether it need not be notified, and why.
    Exemption,
    /// Document under ESPA.
    EspaDocument,
    /// Number that the house or the maker gave to the one machine.
    Serial,
    /// Remark.
    Note,
}

impl Column {
    /// Every meaning, in the order of a form.
    pub const ALL: [Self; 12] = [
        Self::Product,
        Self::Maker,
        Self::Facility,
        Self::Category,
        Self::Class,
        Self::Unit,
        Self::IntroducedOn,
        Self::BecameSpecifiedOn,
        Self::Exemption,
        Self::EspaDocument,
        Self::Serial,
        Self::Note,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Maker => "maker",
            Self::Facility => "facility",
            Self::Category => "category",
            Self::Class => "class",
            Self::Unit => "unit",
            Self::IntroducedOn => "introduced_on",
            Self::BecameSpecifiedOn => "became_specified_on",
            Self::Exemption => "exemption",
            Self::EspaDocument => "espa_document",
            Self::Serial => "serial",
            Self::Note => "note",
        }
    }

    /// The meaning with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// Guesses the meaning of a heading: `必須` marks, brackets and line breaks do not count, and of joined headings the
    /// last may decide.
    pub fn guess(heading: &str) -> Option<Self> {
        let whole = value_key(heading);
        let bare = heading
            .split(['(', '（', '[', '［', '※', '*', '＊'])
            .next()?;
        let last = bare.split_whitespace().next_back().unwrap_or_default();
        [whole, value_key(bare), value_key(last)]
            .into_iter()
            .find_map(|key| {
                WORDS
                    .iter()
                    .find(|(_, words)| words.contains(&key.as_str()))
                    .map(|(column, _)| *column)
            })
    }
}

/// Words in headings and what they mean, in the form of [`value_key`].
const WORDS: &[(Column, &[&str])] = &[
    (
        Column::Product,
        &[
            "製品名",
            "製品",
            "品名",
            "機器名称",
            "製品名称",
            "製品名型番",
            "型名",
            "型番",
            "型式",
            "機種",
            "機種名",
            "モデル",
            "モデル名",
            "サービス名",
            "ソフトウェア名",
            "ソフトウェア名称",
            "product",
            "productname",
            "model",
            "modelname",
            "modelid",
            "softwarename",
            "name",
            "名称",
        ],
    ),
    (
        Column::Maker,
        &[
            "製造者名",
            "製造者",
            "製造元",
            "メーカー",
            "メーカ",
            "メーカー名",
            "メーカ名",
            "ベンダー",
            "ベンダ",
            "ベンダー名",
            "開発元",
            "発行元",
            "提供者",
            "提供者名",
            "製造会社",
            "maker",
            "manufacturer",
            "vendor",
            "vendorname",
            "publisher",
            "supplier",
        ],
    ),
    (
        Column::Facility,
        &[
            "設備名",
            "設備名称",
            "設備",
            "特定重要設備",
            "特定重要設備名",
            "システム名",
            "システム",
            "施設名",
            "facility",
            "facilityname",
            "system",
            "systemname",
        ],
    ),
    (
        Column::Category,
        &[
            "設備の種類",
            "設備種別",
            "特定重要設備の種類",
            "設備区分",
            "設備分類",
            "facilitycategory",
        ],
    ),
    (
        Column::Class,
        &[
            "電算機の種類",
            "号",
            "該当号",
            "号区分",
            "電子計算機の種類",
            "該当区分",
            "クラス",
            "class",
            "assetclass",
        ],
    ),
    (
        Column::Unit,
        &[
            "区分",
            "種別",
            "種類",
            "届出単位",
            "機器種別",
            "分類",
            "type",
            "kind",
            "category",
            "unit",
        ],
    ),
    (
        Column::IntroducedOn,
        &[
            "導入日",
            "導入年月日",
            "導入",
            "設置日",
            "設置年月日",
            "購入日",
            "取得日",
            "稼働開始日",
            "利用開始日",
            "運用開始日",
            "introducedon",
            "installdate",
            "installedon",
            "purchasedate",
            "indate",
            "installed",
        ],
    ),
    (
        Column::BecameSpecifiedOn,
        &["該当日", "該当年月日", "becamespecifiedon"],
    ),
    (
        Column::Exemption,
        &[
            "届出要否",
            "届出対象",
            "届出対象外",
            "除外理由",
            "対象外理由",
            "届出不要理由",
            "exemption",
            "notify",
        ],
    ),
    (
        Column::EspaDocument,
        &[
            "経済安全保障推進法届出",
            "導入等計画書",
            "援用文書",
            "経済安保届出",
            "espa",
            "espadocument",
        ],
    ),
    (
        Column::Serial,
        &[
            "管理番号",
            "資産番号",
            "シリアル番号",
            "シリアル",
            "製造番号",
            "機器番号",
            "資産管理番号",
            "ホスト名",
            "serial",
            "serialnumber",
            "assettag",
            "assetnumber",
            "assetid",
            "hostname",
            "id",
        ],
    ),
    (
        Column::Note,
        &[
            "備考",
            "メモ",
            "摘要",
            "コメント",
            "note",
            "notes",
            "remarks",
            "comment",
            "comments",
        ],
    ),
];
