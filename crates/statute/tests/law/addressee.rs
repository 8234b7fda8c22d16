//! Addressees and regional delegation.

use jiff::civil::{Date, date};
use statute::{
    AddresseeQuestion, AddresseeRefusal, Addressees, Confidence, Duty, Role, addressees, bureaus,
    prefectures, sectors,
};

use crate::book;

const ON: Date = date(2026, 11, 22);
const OSAKA: u32 = 27;

fn ask(duty: Duty, sector: &str, prefecture: Option<u32>) -> Addressees {
    let question = AddresseeQuestion {
        duty,
        sector,
        ministry: None,
        prefecture,
        on: ON,
    };
    addressees(book(), &question).expect("addressees")
}

#[test]
fn a_notification_goes_to_the_minister_only() {
    let found = ask(Duty::AssetNotification, "electricity", Some(OSAKA));
    let roles: Vec<Role> = found.addressees.iter().map(|each| each.role).collect();
    assert_eq!(roles, [Role::Minister]);
    assert_eq!(found.addressees[0].name_ja, "経済産業大臣");
}

#[test]
fn a_notification_is_never_received_by_a_regional_bureau() {
    for (entry, _) in sectors(book(), ON) {
        let found = ask(Duty::AssetNotification, entry.code(), Some(OSAKA));
        assert!(!found.addressees[0].desk.regional, "{}", entry.key);
        assert!(
            found
                .reasons
                .iter()
                .any(|reason| reason.code == "not_delegated")
        );
    }
}

#[test]
fn a_report_goes_to_the_minister_and_to_the_prime_minister() {
    for (entry, _) in sectors(book(), ON) {
        let found = ask(Duty::IncidentReport, entry.code(), Some(OSAKA));
        let roles: Vec<Role> = found.addressees.iter().map(|each| each.role).collect();
        assert_eq!(
            roles,
            [Role::Minister, Role::PrimeMinister],
            "{}",
            entry.key
        );
        assert!(found.addressees[0].desk.regional, "{}", entry.key);
        assert!(!found.addressees[1].desk.regional, "{}", entry.key);
        assert_eq!(found.addressees[1].code, "cabinet_office");
    }
}

#[test]
fn each_sector_reports_to_its_own_kind_of_bureau() {
    let desk = |sector, prefecture| {
        ask(Duty::IncidentReport, sector, Some(prefecture)).addressees[0]
            .desk
            .name_ja
            .clone()
    };
    assert_eq!(desk("electricity", OSAKA), "近畿経済産業局");
    assert_eq!(desk("telecom", OSAKA), "近畿総合通信局");
    assert_eq!(desk("telecom", 47), "沖縄総合通信事務所");
    assert_eq!(desk("water", OSAKA), "近畿地方整備局");
    assert_eq!(desk("railway", 28), "近畿運輸局");
    assert_eq!(desk("port_transport", 28), "神戸運輸監理部");
    assert_eq!(desk("airport", 13), "東京航空局");
    assert_eq!(desk("finance", 40), "福岡財務支局");
}

#[test]
fn for_finance_the_commissioner_acts_for_the_prime_minister() {
    let found = ask(Duty::IncidentReport, "finance", Some(13));
    assert_eq!(found.addressees[0].code, "fsa");
    assert_eq!(found.addressees[0].acting_ja.as_deref(), Some("金融庁長官"));
    assert_eq!(found.addressees[0].desk.name_ja, "関東財務局");
}

#[test]
fn without_a_prefecture_the_ministry_itself_is_the_desk() {
    let found = ask(Duty::IncidentReport, "gas", None);
    assert_eq!(found.addressees[0].desk.code, "meti");
    assert!(
        found
            .reasons
            .iter()
            .any(|reason| reason.code == "prefecture_not_given")
    );
}

#[test]
fn a_joint_ministry_receives_at_its_own_desk() {
    let question = AddresseeQuestion {
        duty: Duty::IncidentReport,
        sector: "finance",
        ministry: Some("maff"),
        prefecture: Some(OSAKA),
        on: ON,
    };
    let found = addressees(book(), &question).expect("addressees");
    assert_eq!(found.addressees[0].name_ja, "農林水産大臣");
    assert!(!found.addressees[0].desk.regional);
}

#[test]
fn a_regional_desk_is_marked_as_background_knowledge() {
    let found = ask(Duty::IncidentReport, "electricity", Some(OSAKA));
    assert_eq!(found.confidence, Confidence::Assumed);
    assert_eq!(found.addressees[0].desk.confidence, Confidence::Assumed);
}

#[test]
fn every_kind_of_bureau_serves_every_prefecture() {
    assert_eq!(prefectures(book(), ON).len(), 47);
    for kind in [
        "communications",
        "economy",
        "development",
        "transport",
        "aviation",
        "finance",
    ] {
        let mut served: Vec<u32> = bureaus(book(), ON)
            .into_iter()
            .filter(|(_, bureau)| bureau.bureau_kind == kind && bureau.only_sectors.is_empty())
            .flat_map(|(_, bureau)| bureau.prefectures.clone())
            .collect();
        served.sort_unstable();
        assert_eq!(served, (1..=47).collect::<Vec<u32>>(), "{kind}");
    }
}

#[test]
fn an_unknown_sector_ministry_or_prefecture_is_refused() {
    let question = AddresseeQuestion {
        duty: Duty::IncidentReport,
        sector: "electricity",
        ministry: None,
        prefecture: None,
        on: ON,
    };
    let refusal = |question: AddresseeQuestion<'_>| {
        addressees(book(), &question).expect_err("refused").code()
    };
    assert_eq!(
        refusal(AddresseeQuestion {
            sector: "circus",
            ..question
        }),
        "addressee.unknown_sector"
    );
    assert_eq!(
        refusal(AddresseeQuestion {
            ministry: Some("magic"),
            ..question
        }),
        "addressee.unknown_ministry"
    );
    assert_eq!(
        refusal(AddresseeQuestion {
            prefecture: Some(48),
            ..question
        }),
        "addressee.unknown_prefecture"
    );
    assert_eq!(
        addressees(
            book(),
            &AddresseeQuestion {
                on: date(2026, 9, 30),
                ..question
            }
        ),
        Err(AddresseeRefusal::NotInForce {
            on: date(2026, 9, 30)
        })
    );
}
