//! Exemptions from notification.

use jiff::civil::{Date, date};
use statute::{
    Answer, Confidence, Exemption, ExemptionEffect, ExemptionFinding, ExemptionQuestion, exemptions,
};

use crate::book;

const ON: Date = date(2026, 11, 22);

/// A product that no exemption fits.
fn plain() -> ExemptionQuestion {
    ExemptionQuestion {
        own_group_use: Answer::No,
        product: "Example Firewall 9".to_owned(),
        espa_filed: Answer::No,
        espa_same_name: Answer::No,
        espa_same_supplier: Answer::No,
        only_operator_name_changed: Answer::No,
    }
}

fn find(question: &ExemptionQuestion) -> ExemptionFinding {
    exemptions(book(), question, ON)
}

fn product(name: &str) -> Option<Answer> {
    let question = ExemptionQuestion {
        product: name.to_owned(),
        ..plain()
    };
    find(&question)
        .found
        .iter()
        .find(|each| each.exemption == Exemption::GeneralProduct)
        .map(|each| each.applies)
}

#[test]
fn an_ordinary_product_is_not_exempt() {
    let found = find(&plain());
    assert!(found.found.is_empty());
    assert!(found.reasons.is_empty());
    assert!(!found.nothing_to_file());
}

#[test]
fn products_of_the_notice_are_exempt_in_every_spelling_and_version() {
    for name in [
        "Microsoft Windows",
        "Windows Server",
        "windows server 2022 Datacenter",
        "Ｗｉｎｄｏｗｓ　Ｓｅｒｖｅｒ　２０２５",
        "Microsoft® Windows® 11 Pro",
        "Microsoft Windows Server 2019 Standard",
        "Windows 10 Enterprise LTSC",
    ] {
        assert_eq!(product(name), Some(Answer::Yes), "{name}");
    }
}

#[test]
fn a_product_that_only_begins_like_one_of_the_notice_stays_open() {
    assert_eq!(product("Windows Admin Center"), Some(Answer::Unknown));
    assert_eq!(product("WindowsForge"), None);
    assert_eq!(product("Example OS for Windows"), None);
}

#[test]
fn own_group_use_takes_the_notification_away() {
    let found = find(&ExemptionQuestion {
        own_group_use: Answer::Yes,
        ..plain()
    });
    assert_eq!(found.found[0].exemption, Exemption::OwnGroupUse);
    assert!(found.nothing_to_file());
}

#[test]
fn an_espa_document_takes_the_place_only_when_name_and_supplier_agree() {
    let filed = ExemptionQuestion {
        espa_filed: Answer::Yes,
        espa_same_name: Answer::Yes,
        espa_same_supplier: Answer::Yes,
        ..plain()
    };
    let found = find(&filed);
    assert_eq!(found.found[0].exemption, Exemption::EspaSubstitute);
    assert_eq!(found.found[0].effect, ExemptionEffect::Substitute);
    assert!(!found.nothing_to_file());
    let other_supplier = ExemptionQuestion {
        espa_same_supplier: Answer::No,
        ..filed
    };
    assert!(find(&other_supplier).found.is_empty());
}

#[test]
fn a_change_of_the_operators_name_is_minor() {
    let found = find(&ExemptionQuestion {
        only_operator_name_changed: Answer::Yes,
        ..plain()
    });
    assert_eq!(found.found[0].exemption, Exemption::MinorChange);
}

#[test]
fn every_exemption_says_that_the_incident_duty_remains() {
    let each = [
        ExemptionQuestion {
            own_group_use: Answer::Yes,
            ..plain()
        },
        ExemptionQuestion {
            product: "Windows Server".to_owned(),
            ..plain()
        },
        ExemptionQuestion {
            espa_filed: Answer::Yes,
            espa_same_name: Answer::Yes,
            espa_same_supplier: Answer::Yes,
            ..plain()
        },
        ExemptionQuestion {
            only_operator_name_changed: Answer::Yes,
            ..plain()
        },
    ];
    for question in each {
        let found = find(&question);
        let last = found.reasons.last().expect("a reason");
        assert_eq!(last.code, "incident_duty_remains");
    }
}

#[test]
fn a_product_known_from_a_secondary_source_is_marked_as_such() {
    let found = find(&ExemptionQuestion {
        product: "Windows Server".to_owned(),
        ..plain()
    });
    assert_eq!(found.confidence, Confidence::Secondary);
}

#[test]
fn before_the_notice_is_in_force_no_product_is_exempt() {
    let question = ExemptionQuestion {
        product: "Windows Server".to_owned(),
        ..plain()
    };
    assert!(
        exemptions(book(), &question, date(2026, 9, 30))
            .found
            .is_empty()
    );
}
