use std::collections::BTreeMap;

use formats::answers::AnswerState;
use formats::forms::{FormKind, IncidentForm, current};
use ids::{CaseId, SeededIds};
use statute::RuleBook;

use super::write::{Filled, book};
use super::{WorkbookPreview, WorkbookWords, read};
use crate::documents::form::{CellAt, FormBook, FormContent, META_SHEET, RuleWords};
use crate::documents::layout::Layout;
use crate::documents::page::Language;
use crate::documents::sheet::{Cell, Sheet, Workbook};
use crate::error::AppError;
use crate::incidents::draft::{DraftView, FormStanding};
use crate::incidents::typed::{Typed, TypedComputer};

const PART: IncidentForm = IncidentForm::Ransomware;

fn words() -> WorkbookWords {
    let six = |name: &str| std::array::from_fn(|place| format!("{name}{place}"));
    WorkbookWords {
        language: Language::Japanese,
        notes: vec!["記入".to_owned()],
        heads: six("列"),
        computers: six("機器"),
        states: ["入力済", "調査中", "不明", "該当なし"].map(str::to_owned),
        yes_no: ["はい", "いいえ"].map(str::to_owned),
        needed: "（必須）".to_owned(),
        rules: RuleWords::default(),
    }
}

fn rules() -> RuleBook {
    RuleBook::embedded().unwrap()
}

fn case(seed: u64) -> CaseId {
    let source: &dyn ids::IdSource = &SeededIds::new(seed);
    source.next()
}

fn draft() -> DraftView {
    let form = current(FormKind::Incident).unwrap();
    let mut typed = BTreeMap::new();
    typed.insert("summary".to_owned(), Typed::text("=髙田電機\n𠮷野"));
    let mut when = Typed::text("令和8年11月21日");
    when.time = "23時40分".to_owned();
    when.approximate = true;
    typed.insert("occurred_at".to_owned(), when);
    let inquiry = Typed::state(AnswerState::Investigating, "12月1日までに調べる");
    typed.insert("detected_at".to_owned(), inquiry);
    typed.insert("situation".to_owned(), Typed::text("contained"));
    typed.insert(
        "further_uses".to_owned(),
        Typed {
            ticked: vec!["appi".to_owned(), "police".to_owned()],
            ..Typed::default()
        },
    );
    typed.insert(
        "computers".to_owned(),
        Typed {
            computers: vec![TypedComputer {
                product: "制御サーバー".to_owned(),
                maker: "㈱青空".to_owned(),
                ..TypedComputer::default()
            }],
            ..Typed::default()
        },
    );
    DraftView {
        case: case(1),
        version: 7,
        form,
        standing: FormStanding::Current,
        form_version: form.version.clone(),
        newest_version: form.version.clone(),
        sheet: PART,
        typed,
        saved: BTreeMap::new(),
        attachments: Vec::new(),
        left: BTreeMap::new(),
        saved_at: None,
    }
}

fn written(draft: &DraftView) -> Workbook {
    let filled = Filled {
        form: draft.form,
        part: draft.sheet,
        typed: &draft.typed,
        case: Some(draft.case),
        draft_version: draft.version,
        filing: None,
    };
    let layout = Layout::of_form(draft.form, draft.sheet).unwrap();
    as_read(&book(&rules(), &layout, &filled, &words()).unwrap())
}

/// What a reader finds in what was written.
fn as_read(book: &FormBook) -> Workbook {
    let mut sheets: Vec<Sheet> = Vec::new();
    for written in &book.sheets {
        let mut sheet = Sheet {
            name: written.name.clone(),
            ..Sheet::default()
        };
        for cell in &written.cells {
            let content = match &cell.content {
                FormContent::Empty => Cell::Empty,
                FormContent::Text(text) => Cell::Text(text.clone()),
                FormContent::Day(day) => Cell::DateTime(day.at(0, 0, 0, 0)),
            };
            put(&mut sheet, cell.at, content);
        }
        sheets.push(sheet);
    }
    let rows = book
        .meta
        .iter()
        .map(|(name, value)| vec![Cell::Text(name.clone()), Cell::Text(value.clone())]);
    sheets.push(Sheet {
        name: META_SHEET.to_owned(),
        hidden: true,
        rows: rows.collect(),
        ..Sheet::default()
    });
    Workbook { sheets }
}

fn put(sheet: &mut Sheet, at: CellAt, content: Cell) {
    let (row, column) = (usize::try_from(at.row).unwrap(), usize::from(at.column));
    if sheet.rows.len() <= row {
        sheet
            .rows
            .resize_with(row.checked_add(1).unwrap(), Vec::new);
    }
    let cells = &mut sheet.rows[row];
    if cells.len() <= column {
        cells.resize(column.checked_add(1).unwrap(), Cell::Empty);
    }
    cells[column] = content;
}

/// Writes into the cell of the value of a field, and says where that is.
fn fill(workbook: &mut Workbook, key: &str, content: Cell) -> String {
    let layout = Layout::of_form(current(FormKind::Incident).unwrap(), PART).unwrap();
    let place = layout.fields.iter().find(|place| place.key == key).unwrap();
    let cell = place.value.clone().unwrap();
    put(
        &mut workbook.sheets[0],
        CellAt::parse(&cell).unwrap(),
        content,
    );
    format!("{}!{cell}", layout.sheet)
}

fn preview(draft: &DraftView, workbook: &Workbook) -> Result<WorkbookPreview, AppError> {
    read::preview(&rules(), draft, workbook, &[words()])
}

fn keys(preview: &WorkbookPreview) -> Vec<&str> {
    let changes = preview.changes.iter();
    changes.map(|change| change.field.key.as_str()).collect()
}

#[track_caller]
fn refused_with(outcome: Result<WorkbookPreview, AppError>, code: &str) {
    let Err(AppError::Invalid(problems)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(problems[0].code, code);
}

#[test]
fn a_workbook_that_nobody_changed_changes_nothing() {
    let draft = draft();
    let found = preview(&draft, &written(&draft)).unwrap();
    assert_eq!(keys(&found), Vec::<&str>::new());
    assert_eq!(found.unreadable, []);
    assert!(found.of_this_case);
}

#[test]
fn every_answer_comes_back_into_an_empty_draft_as_it_was() {
    let full = draft();
    let mut empty = draft();
    empty.case = case(2);
    empty.typed.clear();
    let found = preview(&empty, &written(&full)).unwrap();
    assert!(!found.of_this_case);
    let after: BTreeMap<&str, &Typed> = found
        .changes
        .iter()
        .map(|change| (change.field.key.as_str(), &change.after))
        .collect();
    assert_eq!(after.len(), full.typed.len());
    for (key, typed) in &full.typed {
        let field = full.form.field(key).unwrap();
        let wanted = typed.read(&rules(), field).unwrap();
        assert_eq!(
            after[key.as_str()].read(&rules(), field).unwrap(),
            wanted,
            "{key}"
        );
    }
}

#[test]
fn only_what_was_changed_in_the_workbook_is_offered_and_a_change_on_both_sides_is_named() {
    let before = draft();
    let mut workbook = written(&before);
    fill(
        &mut workbook,
        "summary",
        Cell::Text("書き直した".to_owned()),
    );
    let mut later = draft();
    later
        .typed
        .insert("situation".to_owned(), Typed::text("recovered"));
    let found = preview(&later, &workbook).unwrap();
    assert_eq!(keys(&found), ["summary"]);
    assert!(!found.changes[0].both);
    later
        .typed
        .insert("summary".to_owned(), Typed::text("画面で直した"));
    let found = preview(&later, &workbook).unwrap();
    assert!(found.changes[0].both);
    assert_eq!(found.changes[0].before.text, "画面で直した");
    assert_eq!(found.changes[0].after.text, "書き直した");
}

#[test]
fn what_cannot_be_read_is_named_with_its_cell() {
    let draft = draft();
    for (key, content, code) in [
        (
            "summary",
            Cell::Formula(Box::new(Cell::Text("x".to_owned()))),
            "workbook.formula",
        ),
        ("summary", Cell::Error("#REF!".to_owned()), "workbook.error"),
        (
            "occurred_at",
            Cell::Text("きのう".to_owned()),
            "date.not_a_date",
        ),
        (
            "situation",
            Cell::Text("たぶん".to_owned()),
            "field.not_an_option",
        ),
        (
            "detected_at",
            Cell::Text("2026-11-22".to_owned()),
            "answer.value_unexpected",
        ),
    ] {
        let mut workbook = written(&draft);
        let cell = fill(&mut workbook, key, content);
        let found = preview(&draft, &workbook).unwrap();
        assert_eq!(keys(&found), Vec::<&str>::new(), "{key}");
        assert_eq!(found.unreadable.len(), 1, "{key}");
        assert_eq!(found.unreadable[0].code, code);
        if code != "answer.value_unexpected" {
            assert_eq!(found.unreadable[0].cell, cell);
        }
    }
}

#[test]
fn a_workbook_of_another_kind_or_of_an_unknown_version_is_refused_with_a_reason() {
    let draft = draft();
    refused_with(preview(&draft, &Workbook::default()), "workbook_not_ours");
    let change = |name: &str, value: &str| {
        let mut workbook = written(&draft);
        let meta = workbook.sheets.last_mut().unwrap();
        for row in &mut meta.rows {
            if row[0] == Cell::Text(name.to_owned()) {
                row[1] = Cell::Text(value.to_owned());
            }
        }
        preview(&draft, &workbook)
    };
    refused_with(change("version", "2025-01-01.1"), "workbook_version");
    refused_with(change("form", "asset-notification"), "workbook_other_form");
    refused_with(change("part", "form9"), "workbook_not_ours");
}

#[test]
fn an_answer_without_a_place_on_the_sheet_of_the_draft_is_named_and_not_taken() {
    let mut full = draft();
    let own = full
        .form
        .fields
        .iter()
        .find(|field| {
            field.sheet == Some(PART) && field.kind == formats::forms::FieldKind::LongText
        })
        .or_else(|| {
            full.form.fields.iter().find(|field| {
                field.sheet == Some(PART) && field.kind == formats::forms::FieldKind::Text
            })
        })
        .unwrap();
    full.typed.insert(own.key.clone(), Typed::text("内容"));
    let workbook = written(&full);
    let mut other = draft();
    other.case = case(3);
    other.sheet = IncidentForm::Other;
    let found = preview(&other, &workbook).unwrap();
    let without: Vec<&str> = found
        .without_place
        .iter()
        .map(|field| field.key.as_str())
        .collect();
    assert_eq!(without, [own.key.as_str()]);
}
