//! 様式第一 and 様式第二 as workbooks: written, filled in elsewhere, taken over row by row.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::AppError;
use app::assets::RevisionInput;
use app::assets::workbook::{
    NotificationFill, NotificationPreview, NotificationWords, TakenComputer,
};
use app::documents::Documents;
use app::documents::form::{FormBook, FormContent, FormWriter, META_SHEET, RuleWords};
use app::documents::page::Language;
use app::documents::sheet::{
    Cell, Sheet, SheetReader, UnreadableWorkbook, UnwritableWorkbook, Workbook,
};
use ids::Role;
use jiff::civil::date;
use model::assets::{ComputerPhase, NotificationDuty};

use crate::assets::fixture::{NOW, gateway, problems, wanted};
use crate::bench::Bench;

/// Keeps the last workbook in place of a file.
#[derive(Default)]
struct Paper(Mutex<Workbook>);

impl FormWriter for Paper {
    fn write_form(&self, book: &FormBook) -> Result<Vec<u8>, UnwritableWorkbook> {
        let mut sheets: Vec<Sheet> = book.sheets.iter().map(sheet_of).collect();
        sheets.push(Sheet {
            name: META_SHEET.to_owned(),
            hidden: true,
            rows: book
                .meta
                .iter()
                .map(|(name, value)| vec![Cell::Text(name.clone()), Cell::Text(value.clone())])
                .collect(),
            merged: Vec::new(),
        });
        let mut kept = self.0.lock().map_err(|_| UnwritableWorkbook::TooLarge)?;
        *kept = Workbook { sheets };
        Ok(b"paper".to_vec())
    }
}

impl SheetReader for Paper {
    fn read_workbook(&self, _file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        let kept = self
            .0
            .lock()
            .map_err(|_| UnreadableWorkbook::NotAWorkbook)?;
        Ok(kept.clone())
    }
}

impl Paper {
    /// Changes a cell of the table, as its row and column count from 0.
    fn put(&self, row: usize, column: usize, content: &Cell) {
        let Ok(mut kept) = self.0.lock() else {
            return;
        };
        for sheet in &mut kept.sheets {
            if sheet.name == "電子計算機"
                && let Some(cell) = sheet.rows.get_mut(row).and_then(|row| row.get_mut(column))
            {
                *cell = content.clone();
            }
        }
    }

    fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let kept = self.0.lock().ok()?;
        let sheet = kept
            .sheets
            .iter()
            .find(|sheet| sheet.name == "電子計算機")?;
        sheet.rows.get(row)?.get(column).cloned()
    }
}

fn sheet_of(sheet: &app::documents::form::FormSheet) -> Sheet {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for cell in &sheet.cells {
        let row = usize::try_from(cell.at.row).unwrap_or_default();
        let column = usize::from(cell.at.column);
        if rows.len() <= row {
            rows.resize(row.saturating_add(1), Vec::new());
        }
        if let Some(cells) = rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column.saturating_add(1), Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = match &cell.content {
                    FormContent::Empty => Cell::Empty,
                    FormContent::Text(text) => Cell::Text(text.clone()),
                    FormContent::Day(day) => Cell::DateTime(day.at(0, 0, 0, 0)),
                };
            }
        }
    }
    Sheet {
        name: sheet.name.clone(),
        hidden: false,
        rows,
        merged: Vec::new(),
    }
}

fn words() -> NotificationWords {
    NotificationWords {
        language: Language::Japanese,
        notes: vec!["記入".to_owned()],
        table_note: "一覧".to_owned(),
        facility: "設備名".to_owned(),
        computer: "番号".to_owned(),
        rules: RuleWords::default(),
    }
}

async fn with_paper() -> (Bench, Arc<Paper>) {
    let paper = Arc::new(Paper::default());
    let documents = Documents {
        sheets: paper.clone(),
        forms: paper.clone(),
        ..Documents::default()
    };
    let bench = Bench::made(NOW, |parts| parts.documents = documents).await;
    (bench, paper)
}

async fn write(
    bench: &Bench,
    duty: NotificationDuty,
    fill: NotificationFill,
) -> Result<(), AppError> {
    bench
        .app
        .notification_workbook(&bench.compliance(), duty, fill, &words())
        .await
        .map(drop)
}

async fn preview(bench: &Bench) -> Result<NotificationPreview, AppError> {
    bench
        .app
        .preview_notification_workbook(&bench.compliance(), b"paper".to_vec())
        .await
}

/// First row of the table, from 0.
const FIRST: usize = 3;

#[tokio::test]
async fn a_workbook_that_nobody_changed_changes_nothing() {
    let (bench, paper) = with_paper().await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    write(&bench, NotificationDuty::New, NotificationFill::Due)
        .await
        .unwrap();
    let id = Cell::Text(added.computer.to_string());
    assert_eq!(paper.cell(FIRST, 8), Some(id));
    let found = preview(&bench).await.unwrap();
    assert!(found.changes.is_empty());
    assert!(found.new_rows.is_none());
    assert!(found.unreadable.is_empty());
    assert_eq!(found.same, 1);

    // The register moves on; the workbook still changes nothing.
    let mut input = gateway(bench.facility().await);
    input.product = "架空ゲートウェイ KG-61".to_owned();
    let change = RevisionInput {
        computer: input,
        changed_on: None,
        reason: "型番の誤り".to_owned(),
    };
    bench
        .app
        .change_computer(&bench.compliance(), added.computer, added.version, &change)
        .await
        .unwrap();
    assert!(preview(&bench).await.unwrap().changes.is_empty());
}

#[tokio::test]
async fn what_was_changed_is_offered_item_by_item_and_taken_over_in_one_step() {
    let (bench, paper) = with_paper().await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    write(&bench, NotificationDuty::New, NotificationFill::Due)
        .await
        .unwrap();
    paper.put(FIRST, 3, &Cell::Text("架空ゲートウェイ KG-70".to_owned()));
    paper.put(FIRST, 5, &Cell::Text("令和8年12月3日".to_owned()));
    paper.put(FIRST, 2, &Cell::Text("大型計算機".to_owned()));
    // A row that the register does not have.
    paper.put(FIRST + 1, 3, &Cell::Text("架空スイッチ KS-1".to_owned()));
    paper.put(FIRST + 1, 4, &Cell::Text("架空電機株式会社".to_owned()));

    let found = preview(&bench).await.unwrap();
    let change = found.changes.first().unwrap();
    assert_eq!(change.computer, added.computer);
    assert_eq!(change.place, "電子計算機!4");
    let items: BTreeMap<&str, (&str, &str)> = change
        .items
        .iter()
        .map(|item| {
            let values = (item.before.as_str(), item.after.as_str());
            (item.field.key.as_str(), values)
        })
        .collect();
    assert_eq!(
        items,
        BTreeMap::from([
            ("introduced_on", ("2026-12-01", "2026-12-03")),
            (
                "product",
                ("架空ゲートウェイ KG-60", "架空ゲートウェイ KG-70")
            ),
        ])
    );
    let wrong = found.unreadable.first().unwrap();
    assert_eq!(wrong.code, "field.not_an_option");
    assert_eq!(wrong.field.unwrap().key, "unit");

    let taken = TakenComputer {
        computer: change.computer,
        version: change.version,
        values: change
            .items
            .iter()
            .map(|item| (item.field.key.clone(), item.after.clone()))
            .collect(),
    };
    let reason = "様式第一のファイルから";
    let done = bench
        .app
        .take_workbook(
            &bench.compliance(),
            std::slice::from_ref(&taken),
            None,
            reason,
        )
        .await
        .unwrap();
    assert_eq!(done, 1);
    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    let revision = view.computer.current().unwrap();
    assert_eq!(revision.items.product.as_str(), "架空ゲートウェイ KG-70");
    assert_eq!(revision.dates.introduced_on, date(2026, 12, 3));
    // The same step again was made on what is no longer there.
    let again = bench
        .app
        .take_workbook(&bench.compliance(), &[taken], None, reason)
        .await;
    assert!(matches!(again, Err(AppError::Stale)));

    let rows = found.new_rows.unwrap();
    assert_eq!(rows.count, 1);
    let import = bench
        .app
        .import_new_rows(&bench.compliance(), rows)
        .await
        .unwrap();
    let (sheets, _) = bench
        .app
        .import_sheets(&bench.compliance(), import)
        .await
        .unwrap();
    let sheet = sheets.first().unwrap();
    assert_eq!(sheet.rows, 1);
    assert!(sheet.columns.iter().all(|column| column.meaning.is_some()));
}

#[tokio::test]
async fn a_change_that_has_to_be_notified_needs_its_day_and_comes_back_on_form_two() {
    let (bench, paper) = with_paper().await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let file = wanted(NotificationDuty::New, &[added]);
    bench
        .app
        .file_notification(&bench.approver(), &file, None)
        .await
        .unwrap();
    let nothing = write(&bench, NotificationDuty::New, NotificationFill::Due).await;
    assert!(matches!(
        nothing,
        Err(AppError::Conflict("nothing_to_file"))
    ));
    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    let taken = TakenComputer {
        computer: added.computer,
        version: view.computer.parts().version,
        values: BTreeMap::from([("maker".to_owned(), "架空重工株式会社".to_owned())]),
    };
    let list = [taken];
    let refused = bench
        .app
        .take_workbook(&bench.compliance(), &list, None, "合併")
        .await
        .unwrap_err();
    let field = format!("{}.changed_on", added.computer);
    assert_eq!(problems(&refused), [(field, "change_day_missing")]);
    let day = Some(date(2026, 12, 5));
    bench
        .app
        .take_workbook(&bench.compliance(), &list, day, "合併")
        .await
        .unwrap();
    let view = bench
        .app
        .view_computer(&bench.compliance(), added.computer)
        .await
        .unwrap();
    assert!(matches!(
        view.computer.phase(),
        ComputerPhase::ChangedSinceNotified { .. }
    ));

    write(&bench, NotificationDuty::Change, NotificationFill::Due)
        .await
        .unwrap();
    let before = Cell::Text("架空電機株式会社".to_owned());
    let after = Cell::Text("架空重工株式会社".to_owned());
    assert_eq!(paper.cell(FIRST, 6), Some(before));
    assert_eq!(paper.cell(FIRST, 11), Some(after));
    assert!(preview(&bench).await.unwrap().changes.is_empty());
}

#[tokio::test]
async fn a_workbook_of_another_operator_or_of_a_filing_is_refused_and_readers_do_not_keep_the_register()
 {
    let (bench, paper) = with_paper().await;
    bench.add(&gateway(bench.facility().await)).await;
    write(&bench, NotificationDuty::New, NotificationFill::Due)
        .await
        .unwrap();
    for (name, value, code) in [
        ("operator", "org-of-others", "workbook_other_operator"),
        ("filing", "N-1", "workbook_filed_copy"),
        ("version", "1999-01-01.1", "workbook_version"),
        ("form", "incident", "workbook_other_form"),
    ] {
        let whole = paper.0.lock().unwrap().clone();
        let mut changed = whole.clone();
        for sheet in &mut changed.sheets {
            for row in &mut sheet.rows {
                if row.first() == Some(&Cell::Text(name.to_owned())) {
                    *row = vec![Cell::Text(name.to_owned()), Cell::Text(value.to_owned())];
                }
            }
        }
        *paper.0.lock().unwrap() = changed;
        let refused = preview(&bench).await.unwrap_err();
        assert_eq!(problems(&refused), [("workbook".to_owned(), code)]);
        *paper.0.lock().unwrap() = whole;
    }
    let reader = bench.actor(bench.world.power, Role::Viewer);
    let refused = bench
        .app
        .preview_notification_workbook(&reader, b"paper".to_vec())
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)));
}
