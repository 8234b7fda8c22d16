//! Bodies of filings: what is written reads back, and what is wrong is refused where it stands.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formats::answers::{Answer, AnswerValue, Answers, ComputerAnswer, Quantity};
use formats::dates::When;
use formats::filing::{
    AttachmentRef, Body, ChangeRow, CorrectionBody, EndRow, Head, IncidentBody, MAX_ROWS,
    NotificationBody, NotificationRow, OperatorOutline, Report, ReportedAwareness, Rows,
    WithdrawalBody, changes, parse,
};
use formats::forms::{FormKind, IncidentForm, current};
use ids::{Digest, FilingKind, IdSource, ReceiptNumber, SeededIds};
use jiff::Timestamp;
use jiff::civil::date;
use model::assets::{NotifiedItems, NotifiedUnit};
use model::corporate_number::CorporateNumber;
use model::incidents::{AwarenessKind, Precision, WithdrawalReason};
use model::names::{
    CategoryName, DocumentReference, MailAddress, MakerName, OrganisationName, PersonName, Phone,
    ProductName,
};
use model::text::{Line, Prose};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};
use statute::{AssetClass, EventCode, Mode, ReportStage};

type Ids = dyn IdSource + 'static;

fn head(ids: &Ids, kind: FilingKind) -> Head {
    Head {
        kind,
        mode: Mode::Exercise,
        form_version: Line::parse("2026-10-01.1").unwrap(),
        operator: OperatorOutline {
            id: ids.next(),
            name: OrganisationName::parse("架空電力株式会社").unwrap(),
            corporate_number: CorporateNumber::parse("7000012050002").ok(),
            sector: Line::parse("electricity").unwrap(),
            address: Line::parse("東京都千代田区一丁目").ok(),
            contact_department: None,
            contact_name: PersonName::parse("見本 花子").ok(),
            contact_phone: Phone::parse("03-1234-5678").ok(),
            contact_mail: MailAddress::parse("csirt@example.jp").ok(),
        },
    }
}

fn items(product: &str, maker: &str) -> NotifiedItems {
    NotifiedItems {
        facility_category: CategoryName::parse("中央給電指令所の設備").unwrap(),
        class: AssetClass::Nigo3,
        unit: NotifiedUnit::ApplianceHardware,
        product: ProductName::parse(product).unwrap(),
        maker: MakerName::parse(maker).unwrap(),
    }
}

fn report(ids: &Ids, stage: ReportStage, answers: Answers) -> Report {
    let (first, second) = (ids.next(), ids.next());
    let record = |id, aware_at: &str, corrects| ReportedAwareness {
        id,
        kind: AwarenessKind::NearMiss,
        aware_at: aware_at.parse().unwrap(),
        precision: Precision::Approximate,
        source: Prose::parse("当直が警報を見た").unwrap(),
        corrects,
    };
    let why = Prose::parse("時計のずれ").unwrap();
    Report {
        case: ids.next(),
        stage,
        update_number: (stage == ReportStage::Update).then_some(2),
        event_code: EventCode::TraceHe,
        form: IncidentForm::Other,
        awareness: vec![
            record(first, "2026-11-20T03:17:00+09:00", None),
            record(second, "2026-11-20T02:17:00+09:00", Some((first, why))),
        ],
        answers,
        attachments: vec![AttachmentRef {
            digest: Digest::from_bytes([7; 32]),
            file_name: Line::parse("画面👩‍💻.png").unwrap(),
            size: 20_000_000,
            media_type: Line::parse("image/png").unwrap(),
        }],
    }
}

fn answers() -> Answers {
    let computer = ComputerAnswer {
        computer: None,
        class: Some(AssetClass::Ichigo),
        facility_category: None,
        product: ProductName::parse("𠮷野ゲートウェイ").unwrap(),
        maker: MakerName::parse("髙島電機").ok(),
        note: Prose::parse("二台").ok(),
    };
    let value = |value| Answer::filled(value);
    [
        (
            "summary",
            value(AnswerValue::Text("概要\n二行目".to_owned())),
        ),
        (
            "occurred_at",
            value(AnswerValue::DateTime(When {
                date: date(2026, 11, 19),
                time: None,
            }))
            .approximately(),
        ),
        (
            "situation",
            value(AnswerValue::Choice("ongoing".to_owned())),
        ),
        (
            "entry_route",
            value(AnswerValue::Choices(
                ["rdp".to_owned(), "vpn".to_owned()].into(),
            )),
        ),
        (
            "outage",
            value(AnswerValue::Quantity(Quantity {
                amount: "1.5".parse().unwrap(),
                unit: "hours".to_owned(),
            })),
        ),
        ("computers", value(AnswerValue::Computers(vec![computer]))),
        ("customer_notice", value(AnswerValue::YesNo(false))),
        (
            "attack_method",
            Answer::investigating(Prose::parse("解析中").ok()),
        ),
        ("indicators", Answer::unknown()),
        ("remarks", Answer::not_applicable()),
    ]
    .into_iter()
    .map(|(key, answer)| (key.to_owned(), answer))
    .collect()
}

fn incident(ids: &Ids, stage: ReportStage, answers: Answers) -> Body {
    let kind = match stage {
        ReportStage::Prompt => FilingKind::IncidentPrompt,
        ReportStage::Update => FilingKind::IncidentUpdate,
        ReportStage::Full => FilingKind::IncidentFull,
    };
    Body::Incident(IncidentBody {
        head: head(ids, kind),
        report: report(ids, stage, answers),
    })
}

fn number() -> ReceiptNumber {
    ReceiptNumber::new("HK", 2026, [3; 8])
}

fn notification(ids: &Ids, products: &[&str]) -> Body {
    let rows = products
        .iter()
        .map(|product| NotificationRow {
            computer: ids.next(),
            items: items(product, "架空電機"),
            introduced_on: Some(date(2026, 12, 1)),
            espa_reference: DocumentReference::parse("導入等計画書 第12号").ok(),
        })
        .collect();
    let head = head(ids, FilingKind::AssetNotification);
    Body::Notification(NotificationBody {
        head,
        rows: Rows::New(rows),
    })
}

fn bodies(ids: &Ids) -> Vec<Body> {
    let before = items("FG-60", "架空電機");
    let change = ChangeRow {
        computer: ids.next(),
        changed_on: date(2027, 1, 5),
        notified_as: number(),
        before: before.clone(),
        after: items("FG-100", "架空電機"),
        espa_reference: None,
    };
    let end = EndRow {
        computer: ids.next(),
        changed_on: date(2027, 1, 5),
        notified_as: number(),
        before,
    };
    let explanation = Prose::parse("誤りがあった").unwrap();
    vec![
        notification(ids, &["FG-60", "OS-1"]),
        Body::Notification(NotificationBody {
            head: head(ids, FilingKind::AssetChange),
            rows: Rows::Changed(vec![change]),
        }),
        Body::Notification(NotificationBody {
            head: head(ids, FilingKind::AssetRetirement),
            rows: Rows::Ended(vec![end]),
        }),
        incident(ids, ReportStage::Prompt, answers()),
        incident(ids, ReportStage::Update, answers()),
        incident(ids, ReportStage::Full, Answers::new()),
        Body::Correction(CorrectionBody {
            head: head(ids, FilingKind::IncidentCorrection),
            corrects: number(),
            request: Some(ids.next()),
            explanation: explanation.clone(),
            report: report(ids, ReportStage::Full, answers()),
        }),
        Body::Withdrawal(WithdrawalBody {
            head: head(ids, FilingKind::IncidentWithdrawal),
            case: ids.next(),
            withdraws: number(),
            reason: WithdrawalReason::NotReportable,
            explanation,
        }),
    ]
}

fn print(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn every_kind_of_body_reads_back_what_it_prints() {
    let ids = SeededIds::new(1);
    let bodies = bodies(&ids);
    let kinds: Vec<FilingKind> = bodies.iter().map(|body| body.head().kind).collect();
    assert_eq!(kinds, FilingKind::ALL);
    for body in bodies {
        let printed = serde_json::to_vec(&body).unwrap();
        assert_eq!(parse(&printed), Ok(body));
    }
}

#[test]
fn every_field_of_a_body_is_named_by_its_form() {
    let ids = SeededIds::new(1);
    for body in bodies(&ids) {
        let Some(kind) = body.form_kind() else {
            continue;
        };
        let form = current(kind).unwrap();
        let value = body.to_value();
        let rows = value
            .get("rows")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for (row, fields) in rows.iter().enumerate() {
            for (key, value) in fields.as_object().unwrap() {
                let paths = match value.as_object() {
                    None => vec![format!("/rows/{row}/{key}")],
                    Some(inner) => inner
                        .keys()
                        .map(|inner| format!("/rows/{row}/{key}/{inner}"))
                        .collect(),
                };
                for path in paths {
                    assert!(
                        key == "computer" || form.field_at(&path).is_some(),
                        "{path}"
                    );
                }
            }
        }
        if kind == FormKind::Incident {
            for key in body.report().unwrap().answers.keys() {
                assert_eq!(form.field_at(&format!("/answers/{key}")).unwrap().key, *key);
            }
        }
    }
}

/// Changes one place of a good body and says what the reader answers.
#[track_caller]
fn check(edit: impl FnOnce(&mut Value), path: &str, code: &str) {
    let ids = SeededIds::new(1);
    let mut value = incident(&ids, ReportStage::Update, answers()).to_value();
    edit(&mut value);
    let error = parse(&print(&value)).unwrap_err();
    assert_eq!((error.path.as_str(), error.code()), (path, code));
}

#[test]
fn what_is_wrong_is_refused_where_it_stands() {
    check(
        |v| v["format"] = json!("noroshi-filing/v9"),
        "/format",
        "filing.format",
    );
    check(|v| v["kind"] = json!("letter"), "/kind", "code.unknown");
    check(
        |v| v["kind"] = json!("incident_full"),
        "/stage",
        "stage.not_of_kind",
    );
    check(|v| v["extra"] = json!(1), "/extra", "filing.unknown_field");
    check(
        |v| v["operator"]["secret"] = json!("x"),
        "/operator/secret",
        "filing.unknown_field",
    );
    check(
        |v| v["operator"]["corporate_number"] = json!("8000012050002"),
        "/operator/corporate_number",
        "corporate_number.check_digit",
    );
    check(
        |v| v["update_number"] = json!(0),
        "/update_number",
        "number.zero",
    );
    check(
        |v| v["update_number"] = json!(1.5),
        "/update_number",
        "filing.float",
    );
    check(
        |v| {
            v.as_object_mut().unwrap().remove("update_number");
        },
        "/update_number",
        "filing.missing",
    );
    check(
        |v| {
            v.as_object_mut().unwrap().remove("answers");
        },
        "/answers",
        "filing.missing",
    );
    check(
        |v| v["awareness"] = json!([]),
        "/awareness",
        "awareness.empty",
    );
    check(
        |v| v["awareness"][1]["aware_at"] = json!("2026-11-20 03:17"),
        "/awareness/1/aware_at",
        "time.not_an_instant",
    );
    check(
        |v| v["answers"]["summary"] = json!({"state": "filled"}),
        "/answers/summary",
        "answer.value_missing",
    );
    check(
        |v| v["answers"]["remarks"]["text"] = json!("x"),
        "/answers/remarks",
        "answer.value_unexpected",
    );
    check(
        |v| v["answers"]["summary"]["yes_no"] = json!(true),
        "/answers/summary/yes_no",
        "filing.unknown_field",
    );
    check(
        |v| v["answers"]["summary"]["text"] = json!("a\u{0}b"),
        "/answers/summary/text",
        "text.control",
    );
    check(
        |v| v["answers"]["entry_route"]["choices"] = json!(["vpn", "rdp"]),
        "/answers/entry_route/choices/1",
        "answer.order",
    );
    check(
        |v| v["answers"]["computers"]["computers"][0]["product"] = json!("長".repeat(201)),
        "/answers/computers/computers/0/product",
        "text.too_long",
    );
    check(
        |v| v["attachments"][0]["digest"] = json!("00"),
        "/attachments/0/digest",
        "code.unknown",
    );
    check(
        |v| v["attachments"][0]["size"] = json!("1"),
        "/attachments/0/size",
        "filing.type",
    );
}

#[test]
fn a_notification_names_at_least_one_computer_and_none_twice() {
    let ids = SeededIds::new(1);
    let mut value = notification(&ids, &["A", "B"]).to_value();
    value["rows"][1]["computer"] = value["rows"][0]["computer"].clone();
    assert_eq!(parse(&print(&value)).unwrap_err().code(), "rows.twice");
    value["rows"] = json!([]);
    assert_eq!(parse(&print(&value)).unwrap_err().code(), "rows.empty");
}

#[test]
fn errors_carry_nothing_of_the_content() {
    let error =
        parse(br#"{"format":"noroshi-filing/v1","mode":"real","kind":"secret-kind"}"#).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret-kind"));
}

#[test]
fn an_answer_that_becomes_known_is_one_change() {
    let ids = SeededIds::new(1);
    let before = incident(&ids, ReportStage::Prompt, answers());
    let mut after = before.clone();
    if let Body::Incident(body) = &mut after {
        let known = Answer::filled(AnswerValue::Text("VPN機器の脆弱性".to_owned()));
        body.report
            .answers
            .insert("attack_method".to_owned(), known);
        body.report.answers.remove("remarks");
    }
    let found = changes(&before, &after);
    let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["/answers/attack_method", "/answers/remarks"]);
    assert_eq!(
        found.first().unwrap().before,
        Some(json!({"reason": "解析中", "state": "investigating"}))
    );
    assert_eq!(found.last().unwrap().after, None);
    assert!(changes(&before, &before).is_empty());
}

#[test]
fn the_largest_notification_of_changes_reads_back() {
    let seeded = SeededIds::new(5);
    let ids: &Ids = &seeded;
    let longest = items(&"髙".repeat(200), &"𠮷".repeat(200));
    let rows = (0..MAX_ROWS)
        .map(|_| ChangeRow {
            computer: ids.next(),
            changed_on: date(2027, 1, 5),
            notified_as: number(),
            before: longest.clone(),
            after: longest.clone(),
            espa_reference: DocumentReference::parse("導入等計画書 第12号").ok(),
        })
        .collect();
    let body = Body::Notification(NotificationBody {
        head: head(ids, FilingKind::AssetChange),
        rows: Rows::Changed(rows),
    });
    let octets = serde_json::to_vec(&body.to_value()).unwrap();
    assert_eq!(parse(&octets), Ok(body), "{} octets", octets.len());
}

#[test]
fn rows_are_matched_by_computer_and_not_by_place() {
    let ids = SeededIds::new(1);
    let before = notification(&ids, &["A", "B", "C"]);
    let mut after = before.clone();
    if let Body::Notification(NotificationBody {
        rows: Rows::New(rows),
        ..
    }) = &mut after
    {
        rows.remove(0);
        rows.first_mut().unwrap().items.maker = MakerName::parse("別の電機").unwrap();
    }
    let found = changes(&before, &after);
    let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["/rows/0/maker", "/rows/0"]);
    assert!(found.last().unwrap().after.is_none());
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let text = "[a-zぁ-ん𠮷髙👩\n]{1,40}";
    let value = prop_oneof![
        text.prop_map(AnswerValue::Text),
        "[a-z_]{1,20}".prop_map(AnswerValue::Choice),
        proptest::collection::btree_set("[a-z_.0-9]{1,20}", 0..5).prop_map(AnswerValue::Choices),
        any::<bool>().prop_map(AnswerValue::YesNo),
        (any::<u32>(), 0_u32..1_000_000, "[a-z]{1,5}").prop_map(|(whole, part, unit)| {
            let amount = format!("{whole}.{part}").parse().unwrap();
            AnswerValue::Quantity(Quantity { amount, unit })
        }),
        (0_i64..4_000_000_000, any::<bool>()).prop_map(|(second, with_time)| {
            let when = When::of(Timestamp::from_second(second).unwrap());
            let time = when.time.filter(|_| with_time);
            AnswerValue::DateTime(When { time, ..when })
        }),
    ];
    let reason =
        proptest::option::of("[a-zぁ-ん]{1,20}".prop_map(|text| Prose::parse(&text).unwrap()));
    prop_oneof![
        (value, any::<bool>()).prop_map(|(value, estimate)| {
            let answer = Answer::filled(value);
            if estimate {
                answer.approximately()
            } else {
                answer
            }
        }),
        reason.prop_map(Answer::investigating),
        Just(Answer::unknown()),
        Just(Answer::not_applicable()),
    ]
}

proptest! {
    #[test]
    fn any_answers_read_back_as_they_were_printed(
        answers in proptest::collection::btree_map("[a-z][a-z0-9_]{0,20}", any_answer(), 0..12),
        full in any::<bool>(),
    ) {
        let ids = SeededIds::new(4);
        let stage = if full { ReportStage::Full } else { ReportStage::Prompt };
        let body = incident(&ids, stage, answers);
        let printed = print(&body.to_value());
        let parsed = parse(&printed);
        prop_assert_eq!(parsed.as_ref(), Ok(&body));
        prop_assert_eq!(print(&parsed.unwrap().to_value()), printed);
    }

    #[test]
    fn any_octets_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(parse(&bytes).is_err());
    }

    #[test]
    fn a_good_body_with_one_octet_changed_never_panics(at in any::<usize>(), octet in any::<u8>()) {
        let ids = SeededIds::new(4);
        let mut printed = print(&incident(&ids, ReportStage::Update, answers()).to_value());
        let length = printed.len();
        if let Some(slot) = at.checked_rem(length).and_then(|at| printed.get_mut(at)) {
            *slot = octet;
        }
        if let Ok(body) = parse(&printed) {
            prop_assert_eq!(parse(&print(&body.to_value())), Ok(body));
        }
    }
}
