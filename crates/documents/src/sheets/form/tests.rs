use std::fs;
use std::path::Path;
use std::process::Command;

use app::documents::form::{
    CellAt, CellRule, FormBook, FormCell, FormContent, FormSheet, FormWriter as _, Look,
    META_SHEET, RuleWords,
};
use app::documents::sheet::{Cell, SheetReader as _, Workbook};
use jiff::civil::date;

use super::Workbooks;

const TEXTS: &[&str] = &[
    "髙橋 𠮷野家 ㈱青空電力 ㋿八年",
    "=1+1",
    "+81-3-1234-5678",
    "-5",
    "@SUM(A1)",
    "0123",
    "一行目\n二行目",
    "<b>&amp;\"引用\"",
    " ",
];

fn book() -> FormBook {
    let cell = |row, column, content, look, rule: CellRule| FormCell {
        at: CellAt { row, column },
        name: (look != Look::Label).then(|| format!("value_{row}_{column}")),
        content,
        look,
        rule,
    };
    let mut cells = Vec::new();
    for (row, text) in (0_u32..).zip(TEXTS) {
        let label = FormContent::Text(format!("質問{row}"));
        cells.push(cell(row, 0, label, Look::Label, CellRule::Free));
        let text = FormContent::Text((*text).to_owned());
        cells.push(cell(row, 1, text, Look::Answer, CellRule::MaxChars(2000)));
    }
    cells.push(cell(
        20,
        1,
        FormContent::Day(date(2026, 11, 22)),
        Look::Day,
        CellRule::Free,
    ));
    let states = ["入力済", "調査中", "不明", "該当なし"].map(str::to_owned);
    let many: Vec<String> = (0..60)
        .map(|number| format!("とても長い選択肢{number}"))
        .collect();
    let chosen = FormContent::Text("調査中".to_owned());
    cells.push(cell(
        21,
        1,
        chosen,
        Look::Answer,
        CellRule::OneOf(states.to_vec()),
    ));
    cells.push(cell(
        22,
        1,
        FormContent::Empty,
        Look::Answer,
        CellRule::OneOf(many),
    ));
    FormBook {
        title: "様式".to_owned(),
        sheets: vec![FormSheet {
            name: "様式".to_owned(),
            widths: vec![20.0, 40.0],
            heights: vec![(6, 2)],
            frozen_rows: 1,
            sealed: false,
            cells,
            rules: Vec::new(),
        }],
        meta: vec![("version".to_owned(), "2026-10-01.1".to_owned())],
        words: RuleWords {
            choose: "一覧から選んでください。".to_owned(),
            too_long: "長すぎます。".to_owned(),
        },
    }
}

fn read(octets: &[u8]) -> Workbook {
    Workbooks.read_workbook(octets).unwrap()
}

fn text_at(workbook: &Workbook, row: usize) -> Cell {
    let sheet = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == "様式")
        .unwrap();
    sheet.rows[row].get(1).cloned().unwrap_or_default()
}

#[track_caller]
fn expect_the_same(workbook: &Workbook) {
    for (row, text) in TEXTS.iter().enumerate() {
        assert_eq!(
            text_at(workbook, row),
            Cell::Text((*text).to_owned()),
            "{text}"
        );
    }
    assert_eq!(
        text_at(workbook, 20),
        Cell::DateTime(date(2026, 11, 22).at(0, 0, 0, 0))
    );
    assert_eq!(text_at(workbook, 21), Cell::Text("調査中".to_owned()));
    let meta = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == META_SHEET)
        .unwrap();
    assert!(meta.hidden);
    assert_eq!(meta.rows[0][1], Cell::Text("2026-10-01.1".to_owned()));
}

#[test]
fn what_is_written_is_read_again_and_texts_are_never_formulas() {
    expect_the_same(&read(&Workbooks.write_form(&book()).unwrap()));
}

/// Opens a file and saves it in another format, as whoever fills a form in with `LibreOffice` does.
fn convert(file: &Path, to: &str) -> bool {
    let folder = file.parent().unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = Command::new("soffice")
        .args([
            profile.as_str(),
            "--headless",
            "--norestore",
            "--convert-to",
            to,
            "--outdir",
        ])
        .arg(folder)
        .arg(file)
        .output();
    let Ok(output) = output else {
        eprintln!(
            "skipped: LibreOffice (libreoffice-calc-nogui) is not installed; `cargo xtask test` installs it"
        );
        return false;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}

#[test]
fn nothing_is_lost_on_the_way_through_libreoffice() {
    let folder = tempfile::tempdir().unwrap();
    let xlsx = folder.path().join("form.xlsx");
    fs::write(&xlsx, Workbooks.write_form(&book()).unwrap()).unwrap();
    if !convert(&xlsx, "ods") {
        return;
    }
    fs::remove_file(&xlsx).unwrap();
    assert!(convert(&folder.path().join("form.ods"), "xlsx"));
    expect_the_same(&read(&fs::read(&xlsx).unwrap()));
}

#[test]
fn libreoffice_shows_the_day_in_japanese_and_the_text_of_a_formula_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let xlsx = folder.path().join("form.xlsx");
    fs::write(&xlsx, Workbooks.write_form(&book()).unwrap()).unwrap();
    if !convert(&xlsx, "pdf") {
        return;
    }
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(folder.path().join("form.pdf"))
        .arg("-")
        .output()
        .expect("pdftotext (poppler-utils) is not installed; `cargo xtask test` installs it");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("2026年11月22日（日）"), "{shown}");
    assert!(shown.contains("=1+1"), "{shown}");
}
