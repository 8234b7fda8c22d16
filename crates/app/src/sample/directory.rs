//! Who is there. All operators are made up; their corporate numbers begin with an office code that no registry uses.

use ids::{IdSource, OrganisationId, OrganisationKind, Role};
use jiff::civil::{Date, date};
use model::organisation::{Designation, DesignationCause, HouseTargets, Organisation};

/// Desk code in the rule book, Japanese and English name, login stem.
const MINISTRIES: &[(&str, &str, &str, &str)] = &[
    (
        "cabinet_office",
        "内閣府（サイバー安全保障担当）",
        "Cabinet Office (Cybersecurity)",
        "naikakufu",
    ),
    (
        "meti",
        "経済産業省",
        "Ministry of Economy, Trade and Industry",
        "meti",
    ),
    (
        "mlit",
        "国土交通省",
        "Ministry of Land, Infrastructure, Transport and Tourism",
        "mlit",
    ),
    (
        "mic",
        "総務省",
        "Ministry of Internal Affairs and Communications",
        "mic",
    ),
    ("fsa", "金融庁", "Financial Services Agency", "fsa"),
];

/// Desk code, ministry, Japanese and English name, login stem.
const OFFICES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "economy_kanto",
        "meti",
        "関東経済産業局",
        "Kanto Bureau of Economy, Trade and Industry",
        "kanto.meti",
    ),
    (
        "communications_kanto",
        "mic",
        "関東総合通信局",
        "Kanto Bureau of Telecommunications",
        "kanto.mic",
    ),
    (
        "finance_kanto",
        "fsa",
        "関東財務局",
        "Kanto Local Finance Bureau",
        "kanto.fsa",
    ),
];

struct SampleOperator {
    stem: &'static str,
    name_ja: &'static str,
    name_en: &'static str,
    sector: &'static str,
    prefecture: &'static str,
    designated_on: Date,
    prompt_hours: Option<u16>,
}

const fn operator(
    stem: &'static str,
    name_ja: &'static str,
    name_en: &'static str,
    sector: &'static str,
    prefecture: &'static str,
) -> SampleOperator {
    SampleOperator {
        stem,
        name_ja,
        name_en,
        sector,
        prefecture,
        designated_on: date(2023, 11, 16),
        prompt_hours: Some(6),
    }
}

const OPERATORS: &[SampleOperator] = &[
    operator(
        "denki",
        "東都電力送配電株式会社",
        "Toto Electric Power Grid Co., Ltd.",
        "electricity",
        "13",
    ),
    operator(
        "gas",
        "湾岸瓦斯株式会社",
        "Wangan Gas Co., Ltd.",
        "gas",
        "14",
    ),
    operator(
        "sekiyu",
        "東亜製油株式会社",
        "Toa Petroleum Refining Co., Ltd.",
        "oil",
        "12",
    ),
    operator(
        "suido",
        "北辰市水道局",
        "Hokushin City Waterworks Bureau",
        "water",
        "11",
    ),
    operator(
        "tetsudo",
        "中央臨海鉄道株式会社",
        "Chuo Rinkai Railway Co., Ltd.",
        "railway",
        "13",
    ),
    operator(
        "unyu",
        "大和路運輸株式会社",
        "Yamatoji Transport Co., Ltd.",
        "trucking",
        "13",
    ),
    operator(
        "kaiun",
        "蒼海汽船株式会社",
        "Sokai Steamship Co., Ltd.",
        "ocean_shipping",
        "13",
    ),
    operator(
        "kowan",
        "みなと荷役株式会社",
        "Minato Stevedoring Co., Ltd.",
        "port_transport",
        "14",
    ),
    operator(
        "koku",
        "天翔航空株式会社",
        "Tensho Airways Co., Ltd.",
        "airline",
        "13",
    ),
    operator(
        "kuko",
        "東海空港株式会社",
        "Tokai Airport Co., Ltd.",
        "airport",
        "23",
    ),
    operator(
        "tsushin",
        "あけぼの通信株式会社",
        "Akebono Telecommunications Co., Ltd.",
        "telecom",
        "13",
    ),
    operator(
        "hoso",
        "東都放送株式会社",
        "Toto Broadcasting Co., Ltd.",
        "broadcasting",
        "13",
    ),
    operator(
        "yubin",
        "全国郵送株式会社",
        "National Mail Service Co., Ltd.",
        "postal",
        "13",
    ),
    operator("ginko", "株式会社扇銀行", "Ogi Bank, Ltd.", "finance", "13"),
    operator(
        "card",
        "若葉カード株式会社",
        "Wakaba Card Co., Ltd.",
        "credit_card",
        "13",
    ),
];

/// Every organisation of the sample, those that others refer to first.
pub(super) fn organisations(ids: &dyn IdSource) -> Vec<Organisation> {
    let mut all: Vec<Organisation> = Vec::new();
    for (code, name_ja, name_en, _) in MINISTRIES {
        let kind = if *code == "cabinet_office" {
            OrganisationKind::CabinetOffice
        } else {
            OrganisationKind::Ministry
        };
        all.push(Organisation {
            desk_code: Some((*code).to_owned()),
            ..bare(ids.next(), kind, name_ja, name_en)
        });
    }
    for (code, ministry, name_ja, name_en, _) in OFFICES {
        let parent = all
            .iter()
            .find(|found| found.desk_code.as_deref() == Some(*ministry));
        all.push(Organisation {
            desk_code: Some((*code).to_owned()),
            parent: parent.map(|found| found.id),
            ..bare(
                ids.next(),
                OrganisationKind::RegionalOffice,
                name_ja,
                name_en,
            )
        });
    }
    all.push(bare(
        ids.next(),
        OrganisationKind::Committee,
        "サイバー通信情報監理委員会",
        "Cyber Communications Information Oversight Committee",
    ));
    for (serial, operator) in (1_u64..).zip(OPERATORS) {
        all.push(Organisation {
            corporate_number: Some(corporate_number(serial)),
            sector: Some(operator.sector.to_owned()),
            prefecture: Some(operator.prefecture.to_owned()),
            designation: Some(Designation {
                on: operator.designated_on,
                cause: DesignationCause::Ordinary,
            }),
            targets: HouseTargets {
                prompt_hours: operator.prompt_hours,
                full_days_before: Some(5),
            },
            ..bare(
                ids.next(),
                OrganisationKind::Operator,
                operator.name_ja,
                operator.name_en,
            )
        });
    }
    all
}

fn bare(id: OrganisationId, kind: OrganisationKind, name_ja: &str, name_en: &str) -> Organisation {
    Organisation {
        id,
        kind,
        name_ja: name_ja.to_owned(),
        name_en: name_en.to_owned(),
        desk_code: None,
        corporate_number: None,
        sector: None,
        prefecture: None,
        parent: None,
        designation: None,
        targets: HouseTargets::NONE,
        version: 1,
    }
}

/// A number with a right check digit (法人番号の指定等に関する省令 Art. 2) below an office code that does not exist.
fn corporate_number(serial: u64) -> String {
    let base = format!("0000990{serial:05}");
    let sum: u32 = base
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .zip([1_u32, 2].into_iter().cycle())
        .map(|(digit, weight)| digit.saturating_mul(weight))
        .fold(0, u32::saturating_add);
    let check = 9_u32.saturating_sub(sum.checked_rem(9).unwrap_or(0));
    format!("{check}{base}")
}

/// Login name, role and name of the people of an organisation.
pub(super) fn people(organisation: &Organisation) -> Vec<(String, Role, String)> {
    match organisation.kind {
        OrganisationKind::Operator => {
            let Some(operator) = OPERATORS
                .iter()
                .find(|operator| operator.name_ja == organisation.name_ja)
            else {
                return Vec::new();
            };
            // One operator has everybody; the others have whoever files.
            let mut people = vec![(Role::Approver, "shonin", "承認 花子")];
            if operator.stem == "denki" {
                people.push((Role::Compliance, "todokede", "届出 太郎"));
                people.push((Role::Csirt, "csirt", "対応 次郎"));
                people.push((Role::Viewer, "etsuran", "閲覧 三郎"));
                people.push((Role::OrganisationAdmin, "kanri", "管理 四郎"));
            }
            people
                .into_iter()
                .map(|(role, suffix, name)| {
                    (format!("{}.{suffix}", operator.stem), role, name.to_owned())
                })
                .collect()
        }
        OrganisationKind::Ministry | OrganisationKind::CabinetOffice => MINISTRIES
            .iter()
            .filter(|(code, ..)| organisation.desk_code.as_deref() == Some(*code))
            .flat_map(|(code, _, _, stem)| ministry_people(code, stem))
            .collect(),
        OrganisationKind::RegionalOffice => OFFICES
            .iter()
            .filter(|(code, ..)| organisation.desk_code.as_deref() == Some(*code))
            .map(|(.., stem)| {
                (
                    format!("{stem}.tanto"),
                    Role::DeskOfficer,
                    "担当 一郎".to_owned(),
                )
            })
            .collect(),
        OrganisationKind::Committee => {
            vec![(
                "iinkai.kensa".to_owned(),
                Role::Auditor,
                "検査 五郎".to_owned(),
            )]
        }
        OrganisationKind::Contractor => Vec::new(),
    }
}

fn ministry_people(code: &str, stem: &str) -> Vec<(String, Role, String)> {
    if code == "cabinet_office" {
        vec![
            (
                format!("{stem}.tanto"),
                Role::CabinetAnalyst,
                "分析 六郎".to_owned(),
            ),
            (
                format!("{stem}.unyo"),
                Role::InstanceOperator,
                "運用 七郎".to_owned(),
            ),
            // A change of the rule book takes two.
            (
                format!("{stem}.unyo2"),
                Role::InstanceOperator,
                "運用 八重".to_owned(),
            ),
        ]
    } else {
        vec![(
            format!("{stem}.tanto"),
            Role::DeskOfficer,
            "担当 一郎".to_owned(),
        )]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ids::SeededIds;
    use jiff::civil::date;
    use model::corporate_number::CorporateNumber;
    use statute::{RuleBook, sectors};

    use super::{organisations, people};

    #[test]
    fn the_sample_has_an_operator_in_every_sector() {
        let book = RuleBook::embedded().unwrap();
        let wanted: BTreeSet<String> = sectors(&book, date(2026, 11, 22))
            .iter()
            .map(|(entry, _)| entry.code().to_owned())
            .collect();
        let found: BTreeSet<String> = organisations(&SeededIds::new(1))
            .into_iter()
            .filter_map(|o| o.sector)
            .collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn corporate_numbers_of_the_sample_are_well_formed_and_differ() {
        let numbers: Vec<String> = organisations(&SeededIds::new(1))
            .into_iter()
            .filter_map(|o| o.corporate_number)
            .collect();
        for number in &numbers {
            assert!(CorporateNumber::parse(number).is_ok(), "{number}");
        }
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }

    #[test]
    fn every_organisation_of_the_sample_has_somebody_and_no_login_twice() {
        let logins: Vec<String> = organisations(&SeededIds::new(1))
            .iter()
            .flat_map(|organisation| {
                let people = people(organisation);
                assert!(!people.is_empty(), "{}", organisation.name_en);
                people.into_iter().map(|(login, ..)| login)
            })
            .collect();
        assert_eq!(logins.iter().collect::<BTreeSet<_>>().len(), logins.len());
    }
}
