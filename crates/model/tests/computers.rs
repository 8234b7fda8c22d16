//! The life of a computer of the register (Act Art. 4, Order Arts 2 and 3).

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests"
)]

use ids::{IdSource, SeededIds};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use model::assets::{
    Computer, ComputerError, ComputerParts, ExemptionClaim, Facility, NotificationDuty,
    NotifiedItems, NotifiedUnit, Revision, RevisionDates, RevisionField, Significance, differences,
    significance, what_is_due,
};
use model::incidents::Lateness;
use model::names::{CategoryName, DocumentReference, MakerName, ProductName};
use model::organisation::{Designation, DesignationCause};
use model::text::{Line, Prose};
use statute::{Answers, AssetClass, Exemption, Mode, NotificationBasis, RuleBook};

struct Scene {
    ids: SeededIds,
    book: RuleBook,
}

impl Scene {
    fn new() -> Self {
        Self {
            ids: SeededIds::new(5),
            book: RuleBook::embedded().unwrap(),
        }
    }

    fn ids(&self) -> &(dyn IdSource + 'static) {
        &self.ids
    }

    fn revision(&self, introduced_on: Date) -> Revision {
        Revision {
            id: self.ids().next(),
            number: 1,
            facility: self.ids().next(),
            items: NotifiedItems {
                facility_category: CategoryName::parse("中央給電指令所の設備").unwrap(),
                class: AssetClass::Nigo3,
                unit: NotifiedUnit::ApplianceHardware,
                product: ProductName::parse("ＦｏｒｔｉＧａｔｅ　６０Ｆ").unwrap(),
                maker: MakerName::parse("架空電機株式会社").unwrap(),
            },
            dates: RevisionDates {
                introduced_on,
                became_specified_on: None,
                changed_on: None,
            },
            class_answers: Answers::new(),
            exemption: None,
            note: None,
            written_by: self.ids().next(),
            written_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn register(&self, revision: Revision) -> Computer {
        Computer::register(self.ids().next(), self.ids().next(), revision).unwrap()
    }

    fn notified(&self) -> Computer {
        self.register(self.revision(date(2026, 12, 1)))
            .notify(self.ids().next(), Timestamp::UNIX_EPOCH)
            .unwrap()
    }

    fn next(&self, computer: &Computer, edit: impl FnOnce(&mut Revision)) -> Revision {
        let mut revision = computer.current().unwrap().clone();
        revision.id = self.ids().next();
        revision.number += 1;
        edit(&mut revision);
        revision
    }

    #[track_caller]
    fn check_due(
        &self,
        computer: &Computer,
        expected: Option<(NotificationDuty, NotificationBasis, Date)>,
    ) {
        let due = what_is_due(&self.book, computer, None, None, Mode::Real).unwrap();
        let found = due.map(|due| {
            (
                due.duty,
                due.finding.basis,
                due.finding.due.legal_limit.unwrap(),
            )
        });
        assert_eq!(found, expected);
    }
}

#[test]
fn a_new_computer_is_due_four_months_after_its_introduction() {
    let scene = Scene::new();
    let computer = scene.register(scene.revision(date(2026, 12, 1)));
    scene.check_due(
        &computer,
        Some((
            NotificationDuty::New,
            NotificationBasis::New,
            date(2027, 4, 1),
        )),
    );
    let computer = computer
        .notify(scene.ids().next(), Timestamp::UNIX_EPOCH)
        .unwrap();
    scene.check_due(&computer, None);
}

#[test]
fn a_computer_of_before_the_enforcement_is_due_at_the_end_of_march_2027() {
    let scene = Scene::new();
    let computer = scene.register(scene.revision(date(2020, 4, 1)));
    scene.check_due(
        &computer,
        Some((
            NotificationDuty::New,
            NotificationBasis::Existing,
            date(2027, 3, 31),
        )),
    );
}

#[test]
fn facility_and_designation_decide_the_period_too() {
    let scene = Scene::new();
    let computer = scene.register(scene.revision(date(2026, 11, 5)));
    let facility = Facility {
        id: scene.ids().next(),
        owner: scene.ids().next(),
        name: Line::parse("指令所").unwrap(),
        category: CategoryName::parse("中央給電指令所の設備").unwrap(),
        installed_on: Some(date(2019, 4, 1)),
        version: 1,
    };
    let due = what_is_due(&scene.book, &computer, Some(&facility), None, Mode::Real)
        .unwrap()
        .unwrap();
    assert_eq!(due.finding.basis, NotificationBasis::EarlyWindow);
    assert_eq!(
        due.lateness("2027-04-01T00:00:00+09:00".parse().unwrap(), 7),
        Some(Lateness::Overdue)
    );
    let designation = Designation {
        on: date(2026, 11, 1),
        cause: DesignationCause::Ordinary,
    };
    let due = what_is_due(&scene.book, &computer, None, Some(designation), Mode::Real)
        .unwrap()
        .unwrap();
    assert_eq!(due.finding.basis, NotificationBasis::Designated);
    let succession = Designation {
        on: date(2026, 11, 1),
        cause: DesignationCause::Succession,
    };
    let due = what_is_due(&scene.book, &computer, None, Some(succession), Mode::Real)
        .unwrap()
        .unwrap();
    assert_eq!(due.finding.basis, NotificationBasis::New);
}

#[test]
fn a_changed_item_is_due_four_months_after_the_first_change() {
    let scene = Scene::new();
    let computer = scene.notified();
    let revision = scene.next(&computer, |revision| {
        revision.items.product = ProductName::parse("FG-100").unwrap();
        revision.dates.changed_on = Some(date(2027, 1, 5));
    });
    let computer = computer.revise(revision).unwrap();
    let revision = scene.next(&computer, |revision| {
        revision.items.maker = MakerName::parse("別の電機").unwrap();
        revision.dates.changed_on = Some(date(2027, 2, 5));
    });
    let computer = computer.revise(revision).unwrap();
    scene.check_due(
        &computer,
        Some((
            NotificationDuty::Change,
            NotificationBasis::Change,
            date(2027, 5, 6),
        )),
    );
    let computer = computer
        .notify_change(scene.ids().next(), Timestamp::UNIX_EPOCH)
        .unwrap();
    scene.check_due(&computer, None);
}

#[test]
fn a_change_taken_back_before_it_was_filed_asks_for_nothing() {
    let scene = Scene::new();
    let computer = scene.notified();
    let original = computer.current().unwrap().items.clone();
    let revision = scene.next(&computer, |revision| {
        revision.items.product = ProductName::parse("FG-100").unwrap();
        revision.dates.changed_on = Some(date(2027, 1, 5));
    });
    let computer = computer.revise(revision).unwrap();
    assert_eq!(computer.phase().code(), "changed_since_notified");
    let revision = scene.next(&computer, |revision| revision.items = original);
    assert_eq!(
        computer.revise(revision).unwrap().phase().code(),
        "notified"
    );
}

#[test]
fn a_change_of_a_notified_item_needs_its_day_and_a_remark_does_not() {
    let scene = Scene::new();
    let computer = scene.notified();
    let change = scene.next(&computer, |revision| {
        revision.items.product = ProductName::parse("FG-100").unwrap();
    });
    assert_eq!(
        computer.clone().revise(change),
        Err(ComputerError::ChangeDayMissing)
    );
    let remark = scene.next(&computer, |revision| {
        revision.note = Prose::parse("第二棟へ移設").ok();
    });
    assert_eq!(computer.revise(remark).unwrap().phase().code(), "notified");
}

#[test]
fn an_exempt_computer_stays_in_the_register_and_nothing_is_due() {
    let scene = Scene::new();
    let mut revision = scene.revision(date(2026, 12, 1));
    revision.exemption = ExemptionClaim::new(Exemption::GeneralProduct, None).ok();
    let computer = scene.register(revision);
    assert_eq!(computer.phase().code(), "exempt");
    scene.check_due(&computer, None);
    let revision = scene.next(&computer, |revision| revision.exemption = None);
    let computer = computer.revise(revision).unwrap();
    assert_eq!(
        computer.phase().code(),
        "draft",
        "without the claim it is due again"
    );
}

#[test]
fn a_substituted_computer_is_still_to_be_notified_by_the_other_document() {
    let scene = Scene::new();
    let mut revision = scene.revision(date(2026, 12, 1));
    let document = DocumentReference::parse("導入等計画書 第12号").ok();
    revision.exemption = ExemptionClaim::new(Exemption::EspaSubstitute, document).ok();
    let computer = scene.register(revision);
    assert_eq!(computer.phase().code(), "draft");
}

#[test]
fn the_end_of_use_of_a_notified_computer_is_notified_too() {
    let scene = Scene::new();
    let computer = scene.notified().end_use(date(2027, 1, 5)).unwrap();
    scene.check_due(
        &computer,
        Some((
            NotificationDuty::Retirement,
            NotificationBasis::Change,
            date(2027, 5, 6),
        )),
    );
    let computer = computer.notify_retirement(scene.ids().next()).unwrap();
    assert_eq!(computer.phase().code(), "retired");
    let draft = scene
        .register(scene.revision(date(2026, 12, 1)))
        .end_use(date(2027, 1, 5))
        .unwrap();
    assert_eq!(draft.phase().code(), "retired");
}

#[test]
fn differences_name_each_field_and_what_it_asks_for() {
    let scene = Scene::new();
    let computer = scene.notified();
    let before = computer.current().unwrap().clone();
    let after = scene.next(&computer, |revision| {
        revision.items.product = ProductName::parse("FortiGate-60F").unwrap();
        revision.note = Prose::parse("書き方を直した").ok();
    });
    let found = differences(&before, &after);
    let fields: Vec<RevisionField> = found.iter().map(|difference| difference.field).collect();
    assert_eq!(fields, [RevisionField::Product, RevisionField::Note]);
    assert_eq!(significance(&found), Significance::Notifiable);
    assert_eq!(
        before.items.match_keys(),
        after.items.match_keys(),
        "the same product, written differently"
    );
    assert!(differences(&before, &before).is_empty());
}

#[test]
fn revisions_come_in_turn_and_stored_parts_must_fit() {
    let scene = Scene::new();
    let computer = scene.notified();
    let again = computer.current().unwrap().clone();
    assert_eq!(
        computer.clone().revise(again),
        Err(ComputerError::OutOfTurn)
    );
    let parts = computer.into_parts();
    assert!(Computer::from_parts(parts.clone()).is_ok());
    let stranger = vec![scene.revision(date(2026, 12, 1))];
    let wrong = ComputerParts {
        revisions: stranger,
        ..parts
    };
    assert_eq!(
        Computer::from_parts(wrong),
        Err(ComputerError::Inconsistent)
    );
}
