use app::documents::sheet::{
    Cell, Merged, Sheet, SheetReader as _, SheetWriter as _, Table, UnreadableWorkbook,
};
use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::Workbooks;

fn sheets(mut workbook: Workbook) -> Vec<Sheet> {
    let file = workbook.save_to_buffer().unwrap();
    Workbooks.read_workbook(&file).unwrap().sheets
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn at(sheet: &Sheet, row: usize, column: usize) -> Cell {
    sheet
        .rows
        .get(row)
        .and_then(|row| row.get(column))
        .cloned()
        .unwrap_or_default()
}

#[test]
fn dates_numbers_and_texts_keep_what_they_are() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("yyyy/m/d");
    let serial = ExcelDateTime::from_ymd(2026, 12, 1).unwrap();
    sheet
        .write_datetime_with_format(0, 0, &serial, &day)
        .unwrap();
    sheet.write_number(0, 1, 46357).unwrap();
    sheet.write_string(0, 2, "0012").unwrap();
    sheet.write_string(0, 3, "令和8年12月1日").unwrap();
    sheet.write_boolean(0, 4, true).unwrap();
    let found = sheets(workbook);
    assert_eq!(
        found.first().unwrap().rows,
        [vec![
            Cell::DateTime(date(2026, 12, 1).at(0, 0, 0, 0)),
            Cell::Number(46357.0),
            text("0012"),
            text("令和8年12月1日"),
            Cell::Bool(true),
        ]]
    );
}

#[test]
fn merged_cells_and_hidden_sheets_are_said() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet
        .merge_range(0, 0, 0, 3, "機器一覧", &Format::new())
        .unwrap();
    sheet.write_string(2, 1, "x").unwrap();
    workbook
        .add_worksheet()
        .set_name("旧")
        .unwrap()
        .set_hidden(true);
    let found = sheets(workbook);
    let [first, second] = found.as_slice() else {
        panic!("two sheets");
    };
    assert_eq!(
        first.merged,
        [Merged {
            from: (0, 0),
            to: (0, 3)
        }]
    );
    assert_eq!(at(first, 0, 0), text("機器一覧"));
    assert_eq!(at(first, 0, 1), Cell::Empty);
    assert_eq!(at(first, 2, 1), text("x"));
    assert!(!first.hidden);
    assert!(second.hidden);
    assert_eq!(second.name, "旧");
}

#[test]
fn the_result_of_a_formula_is_read_and_named_one() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let cell = Formula::new("=A2&B2").set_result("KG-60");
    sheet.write_formula(0, 0, cell).unwrap();
    let cell = Formula::new("=1/0").set_result("#DIV/0!");
    sheet.write_formula(0, 1, cell).unwrap();
    let found = sheets(workbook);
    let sheet = found.first().unwrap();
    assert_eq!(at(sheet, 0, 0), Cell::Formula(Box::new(text("KG-60"))));
    assert!(matches!(at(sheet, 0, 1), Cell::Formula(_)));
}

#[test]
fn a_damaged_workbook_is_refused() {
    let mut workbook = Workbook::new();
    workbook
        .add_worksheet()
        .write_string(0, 0, "架空電機")
        .unwrap();
    let file = workbook.save_to_buffer().unwrap();
    for length in [0, 10, file.len() / 2, file.len() - 1] {
        let cut = file.get(..length).unwrap();
        assert_eq!(
            Workbooks.read_workbook(cut),
            Err(UnreadableWorkbook::NotAWorkbook),
            "{length}"
        );
    }
    for place in (0..file.len()).step_by(7) {
        let mut damaged = file.clone();
        if let Some(octet) = damaged.get_mut(place) {
            *octet ^= 0xff;
        }
        // Whatever is damaged, there is an answer.
        let _ = Workbooks.read_workbook(&damaged);
    }
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_costs_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(1_048_575, 16_383, "b").unwrap();
    let file = workbook.save_to_buffer().unwrap();
    assert_eq!(
        Workbooks.read_workbook(&file),
        Err(UnreadableWorkbook::TooLarge)
    );
}

#[test]
fn what_is_written_reads_back_and_nothing_becomes_a_formula() {
    let moment = date(2026, 12, 1).at(3, 17, 0, 0);
    let rows = vec![
        vec![text("製品名"), text("エラー")],
        vec![
            text("=HYPERLINK(\"x\")"),
            text("+81-3"),
            text("-1"),
            text("@SUM(A1)"),
        ],
        vec![
            Cell::Number(1.5),
            Cell::Bool(false),
            Cell::DateTime(moment),
            Cell::Empty,
            text("0012"),
        ],
    ];
    let table = Table {
        name: "エラー: [一覧]".to_owned(),
        heading_rows: 1,
        rows: rows.clone(),
    };
    let file = Workbooks.write_workbook(&[table.clone(), table]).unwrap();
    let found = Workbooks.read_workbook(&file).unwrap().sheets;
    let names: Vec<&str> = found.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["エラー 一覧", "エラー 一覧 (2)"]);
    assert_eq!(found.first().unwrap().rows, rows);
}
