//! Files of an import: what is read, what is refused, what is given back.

use std::sync::Arc;

use app::assets::import::{ReviewRow, RowState, SheetWords, UploadedFile};
use app::documents::Documents;
use app::documents::sheet::{Cell, Merged, Sheet, SheetReader, UnreadableWorkbook, Workbook};
use formats::inventory::{Encoding, NoteKind, read_csv, write_csv};
use jiff::civil::date;

use super::{HEADINGS, codes, file, table};
use crate::assets::fixture::{NOW, problems};
use crate::bench::Bench;

/// A reader of one workbook, whatever is sent.
struct Fixed(Workbook);

impl SheetReader for Fixed {
    fn read_workbook(&self, file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        if file.ends_with(b"locked") {
            return Err(UnreadableWorkbook::Encrypted);
        }
        Ok(self.0.clone())
    }
}

async fn with_workbook(sheets: Vec<Sheet>) -> Bench {
    Bench::made(NOW, |parts| {
        parts.documents = Documents {
            sheets: Arc::new(Fixed(Workbook { sheets })),
            ..Documents::default()
        };
    })
    .await
}

pub(super) struct Codes;

impl SheetWords for Codes {
    fn heading(&self) -> String {
        "エラー".to_owned()
    }

    fn row(&self, row: &ReviewRow) -> String {
        let codes: Vec<String> = row
            .found
            .problems
            .iter()
            .map(|problem| format!("{}:{}", problem.field, problem.code))
            .collect();
        codes.join(" ")
    }
}

/// A title over merged cells, two rows of headings, values merged downwards, a formula, an error, and a hidden sheet.
fn dirty_sheets() -> Vec<Sheet> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let sheet = Sheet {
        name: "台帳".to_owned(),
        hidden: false,
        rows: vec![
            vec![text("特定重要電子計算機一覧")],
            vec![
                text("設備名"),
                text("機器"),
                Cell::Empty,
                text("号"),
                text("区分"),
                text("導入日"),
            ],
            vec![Cell::Empty, text("製品名"), text("メーカー")],
            vec![
                text("中央給電指令所"),
                Cell::Formula(Box::new(text("KG-60"))),
                text("架空電機"),
                text("一号"),
                text("機器"),
                Cell::DateTime(date(2026, 12, 1).at(0, 0, 0, 0)),
            ],
            vec![
                Cell::Empty,
                text("KG-61"),
                Cell::Error("#REF!".to_owned()),
                text("一号"),
                text("機器"),
                Cell::Number(46357.0),
            ],
        ],
        merged: vec![
            Merged {
                from: (0, 0),
                to: (0, 5),
            },
            Merged {
                from: (1, 0),
                to: (2, 0),
            },
            Merged {
                from: (1, 1),
                to: (1, 2),
            },
            Merged {
                from: (3, 0),
                to: (4, 0),
            },
        ],
    };
    let hidden = Sheet {
        name: "旧".to_owned(),
        hidden: true,
        rows: vec![
            vec![text("製品名"), text("メーカー")],
            vec![text("旧型"), text("架空電機")],
        ],
        merged: Vec::new(),
    };
    vec![sheet, hidden]
}

#[tokio::test]
async fn a_workbook_with_merged_cells_two_rows_of_headings_and_hidden_sheets_is_read() {
    let bench = with_workbook(dirty_sheets()).await;
    bench.facility().await;
    let id = bench.upload(vec![file("台帳.xlsx", "PK")]).await;
    let (sheets, _) = bench
        .app
        .import_sheets(&bench.compliance(), id)
        .await
        .unwrap();
    let [first, second] = sheets.as_slice() else {
        panic!("two sheets");
    };
    assert!(first.taken && !second.taken);
    assert_eq!((first.heading, first.heading_rows), (2, 2));
    let notes: Vec<(NoteKind, usize)> = first
        .notes
        .iter()
        .map(|note| (note.kind, note.count))
        .collect();
    assert_eq!(
        notes,
        [
            (NoteKind::MergedCells, 4),
            (NoteKind::Formulas, 1),
            (NoteKind::ErrorCells, 1)
        ]
    );
    assert_eq!(second.notes.first().unwrap().kind, NoteKind::HiddenSheet);
    let rows = bench.rows_of(id).await;
    let [first, second] = rows.as_slice() else {
        panic!("two rows");
    };
    assert_eq!(first.state, RowState::Ready);
    assert_eq!(second.found.facility_name, "中央給電指令所");
    assert_eq!(codes(&second.found), [("maker", "missing")]);

    let refused = bench
        .app
        .upload_import(&bench.compliance(), None, vec![file("x.xlsx", "PKlocked")])
        .await
        .unwrap_err();
    assert_eq!(
        problems(&refused),
        [("files.0".to_owned(), "import_file_encrypted")]
    );
}

#[tokio::test]
async fn the_error_sheet_is_the_file_with_one_more_column_in_its_own_encoding() {
    let bench = Bench::at(NOW).await;
    let text = format!(
        "一覧,,,,,,,,\r\n{HEADINGS}\r\n0012,=1+1,架空電機,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,\r\nA-2,KG-61,,中央給電指令所,中央給電指令所の設備,一号,機器,いつか,\r\n"
    );
    let rows = read_csv(text.as_bytes()).unwrap().rows;
    let content = write_csv(&rows, Encoding::Cp932, b'\t').unwrap();
    let id = bench
        .upload(vec![UploadedFile {
            name: "台帳.csv".to_owned(),
            content,
        }])
        .await;
    let sheet = bench
        .app
        .import_error_sheet(&bench.compliance(), id, 0, &Codes)
        .await
        .unwrap();
    assert_eq!(sheet.file_name, "台帳-errors.csv");
    let found = read_csv(&sheet.content).unwrap();
    assert_eq!((found.encoding, found.delimiter), (Encoding::Cp932, b'\t'));
    let last: Vec<&str> = found
        .rows
        .iter()
        .map(|row| row.last().unwrap().as_str())
        .collect();
    assert_eq!(
        last,
        [
            "",
            "エラー",
            "",
            "maker:missing introduced_on:day_unreadable"
        ]
    );
    let third = found.rows.get(2).unwrap();
    assert_eq!(third.first().unwrap(), "0012");
    assert_eq!(third.get(1).unwrap(), "'=1+1");
}

#[tokio::test]
async fn a_file_that_is_not_read_says_which_and_why() {
    let bench = Bench::at(NOW).await;
    let entities = "<!DOCTYPE bom [<!ENTITY a 'b'>]><bom/>";
    for (content, code) in [
        ("{\"a\": 1}", "import_file_unreadable"),
        (entities, "import_file_entities"),
        ("", "import_file_unreadable"),
        ("PK", "import_workbooks_not_available"),
    ] {
        let files = vec![table(&["A-1,KG-60,,,,,,,"]), file("x", content)];
        let refused = bench
            .app
            .upload_import(&bench.compliance(), None, files)
            .await
            .unwrap_err();
        assert_eq!(
            problems(&refused),
            [("files.1".to_owned(), code)],
            "{content}"
        );
    }
}
