use jiff::civil::date;
use model::assets::NotifiedUnit;
use proptest::prelude::{prop_assert_eq, proptest};
use statute::{AssetClass, RuleBook};

use super::super::{
    Column, DayFound, DayProblem, Encoding, InventoryError, Span, ValueProblem, find_heading,
    heading_at, read_class, read_csv, read_day, read_unit, readable, write_csv,
};

fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect()
}

#[test]
fn csv_is_read_in_every_encoding_and_with_every_delimiter() {
    let rows = table(&[
        &["製品名", "メーカー", "備考"],
        &["KG-60", "架空電機㈱", "1行目\n2行目"],
        &["髙性能ｻｰﾊﾞ", "\"架空\"情報", ""],
    ]);
    for encoding in [Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Cp932] {
        for delimiter in [b',', b';', b'\t'] {
            let file = write_csv(&rows, encoding, delimiter).unwrap();
            let found = read_csv(&file).unwrap();
            assert_eq!(found.rows, rows);
            assert_eq!((found.encoding, found.delimiter), (encoding, delimiter));
            assert_eq!(found.broken, 0);
        }
    }
    let utf16: Vec<u8> = "\u{feff}製品名\tメーカー\r\nKG-60\t架空\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let found = read_csv(&utf16).unwrap();
    assert_eq!(
        found.rows,
        table(&[&["製品名", "メーカー"], &["KG-60", "架空"]])
    );
}

#[test]
fn a_character_that_cp932_lacks_becomes_a_question_mark() {
    let rows = table(&[&["製品名"], &["KG-60 😀"]]);
    let file = write_csv(&rows, Encoding::Cp932, b',').unwrap();
    let found = read_csv(&file).unwrap();
    assert_eq!(found.rows, table(&[&["製品名"], &["KG-60 ?"]]));
}

#[test]
fn what_a_spreadsheet_program_would_run_is_written_harmless() {
    let rows = table(&[&["=1+1", "+81", "-5", "@x", "\t=1", "-5+cmd|' /C calc'!A0"]]);
    let file = write_csv(&rows, Encoding::Utf8, b',').unwrap();
    let text = String::from_utf8(file).unwrap();
    assert_eq!(text, "'=1+1,+81,-5,'@x,'\t=1,'-5+cmd|' /C calc'!A0\r\n");
}

#[test]
fn what_is_no_text_is_refused() {
    for file in [b"".as_slice(), b"\x00\x01\x02", b"a,b\0c\n"] {
        assert_eq!(read_csv(file), Err(InventoryError::Unreadable));
    }
    let wide = ",".repeat(2_000);
    assert_eq!(read_csv(wide.as_bytes()), Err(InventoryError::TooLarge));
}

#[test]
fn headings_below_a_title_over_merged_cells_are_found() {
    let rows = table(&[
        &["特定重要電子計算機 一覧", "", ""],
        &["2026年12月現在", "", ""],
        &[],
        &["No.", "製品名（必須）", "メーカー名"],
        &["1", "KG-60", "架空電機"],
    ]);
    let found = find_heading(&rows, &[]);
    assert_eq!((found.first, found.rows), (3, 1));
    assert_eq!(found.columns, ["No.", "製品名（必須）", "メーカー名"]);
    assert_eq!(found.body(), 4);
}

#[test]
fn two_rows_of_headings_are_joined() {
    let rows = table(&[
        &["一覧"],
        &["管理番号", "機器", "", "導入日"],
        &["", "製品名", "メーカー", ""],
        &["A-1", "KG-60", "架空電機", "2026/12/1"],
    ]);
    let spans = [
        Span {
            from: (1, 0),
            to: (2, 0),
        },
        Span {
            from: (1, 1),
            to: (1, 2),
        },
        Span {
            from: (1, 3),
            to: (2, 3),
        },
    ];
    let found = find_heading(&rows, &spans);
    assert_eq!((found.first, found.rows), (1, 2));
    assert_eq!(
        found.columns,
        ["管理番号", "機器 製品名", "機器 メーカー", "導入日"]
    );
    let meant: Vec<Option<Column>> = found
        .columns
        .iter()
        .map(|name| Column::guess(name))
        .collect();
    assert_eq!(
        meant,
        [
            Some(Column::Serial),
            Some(Column::Product),
            Some(Column::Maker),
            Some(Column::IntroducedOn)
        ]
    );
}

#[test]
fn an_entry_that_has_a_word_of_a_heading_is_no_heading() {
    let rows = table(&[
        &["製品名", "種別", "備考"],
        &["KG-60", "機器", "設備"],
        &["KG-61", "機器", ""],
    ]);
    assert_eq!(find_heading(&rows, &[]).rows, 1);
    assert_eq!(heading_at(&rows, &[], 9, 1).columns, Vec::<String>::new());
    assert_eq!(find_heading(&[], &[]).columns, Vec::<String>::new());
}

#[test]
fn a_heading_is_known_in_japanese_and_english_whatever_stands_around_it() {
    for (heading, column) in [
        ("製品名", Some(Column::Product)),
        ("製品名\n（必須）", Some(Column::Product)),
        ("ＰＲＯＤＵＣＴ　ＮＡＭＥ", Some(Column::Product)),
        ("ﾒｰｶｰ", Some(Column::Maker)),
        ("Manufacturer", Some(Column::Maker)),
        ("導入年月日※西暦", Some(Column::IntroducedOn)),
        ("資産番号", Some(Column::Serial)),
        ("asset_tag", Some(Column::Serial)),
        ("No.", None),
        ("", None),
    ] {
        assert_eq!(Column::guess(heading), column, "{heading}");
    }
}

#[test]
fn a_day_is_read_as_text_as_serial_number_and_in_wareki() {
    let book = RuleBook::embedded().unwrap();
    for (text, serial) in [
        ("2026-12-01", false),
        ("2026/12/1 9:30", false),
        ("2026-12-01T09:30:00", false),
        ("２０２６．１２．１", false),
        ("20261201", false),
        ("令和8年12月1日", false),
        ("R8.12.1", false),
        ("46357", true),
        ("46357.0", true),
    ] {
        assert_eq!(
            read_day(&book, text),
            Ok(DayFound {
                day: date(2026, 12, 1),
                serial
            }),
            "{text}"
        );
    }
    assert_eq!(
        read_day(&book, "昭和64年1月7日").unwrap().day,
        date(1989, 1, 7)
    );
    for (text, problem) in [
        ("2026", DayProblem::NoDay),
        ("202612", DayProblem::NoDay),
        ("2026年12月", DayProblem::NoDay),
        ("2026/12", DayProblem::NoDay),
        ("不明", DayProblem::NotADay),
        ("12", DayProblem::NotADay),
        ("20261301", DayProblem::NotADay),
        ("", DayProblem::NotADay),
    ] {
        assert_eq!(read_day(&book, text), Err(problem), "{text}");
    }
}

#[test]
fn half_width_kana_and_full_width_letters_become_readable() {
    for (text, wanted) in [
        ("ﾌｧｲｱｳｫｰﾙ", "ファイアウォール"),
        ("ＫＧ－６０　（Ａ型）", "KG-60 (A型)"),
        ("架空電機㈱\r\n", "架空電機㈱"),
        ("  ｶﾞｲﾄﾞ  ①  ", "ガイド ①"),
    ] {
        assert_eq!(readable(text), wanted);
    }
}

#[test]
fn a_class_is_read_as_people_write_it() {
    for (text, class) in [
        ("一号", AssetClass::Ichigo),
        ("第１号", AssetClass::Ichigo),
        ("二号(iii)", AssetClass::Nigo3),
        ("第2号ⅶ", AssetClass::Nigo7),
        ("２号の４", AssetClass::Nigo4),
        ("nigo_3", AssetClass::Nigo3),
        ("三号（ⅱ）", AssetClass::Sango2),
    ] {
        assert_eq!(read_class(text), Ok(class), "{text}");
    }
    assert_eq!(read_class("二号"), Err(ValueProblem::Ambiguous));
    assert_eq!(read_class("三号"), Err(ValueProblem::Ambiguous));
    for text in ["四号", "二号(viii)", "三号3", "サーバ", ""] {
        assert_eq!(read_class(text), Err(ValueProblem::Unknown), "{text}");
    }
}

#[test]
fn what_is_notified_is_read_as_people_write_it() {
    for (text, unit) in [
        ("ﾊｰﾄﾞｳｪｱ", NotifiedUnit::ApplianceHardware),
        ("OS", NotifiedUnit::OperatingSystem),
        ("ミドルウェア", NotifiedUnit::Middleware),
        ("ＳａａＳ", NotifiedUnit::CloudService),
        ("appliance_hw", NotifiedUnit::ApplianceHardware),
    ] {
        assert_eq!(read_unit(text), Ok(unit), "{text}");
    }
    assert_eq!(read_unit("ソフトウェア"), Err(ValueProblem::Ambiguous));
    assert_eq!(read_unit("その他"), Err(ValueProblem::Unknown));
}

static BOOK: std::sync::LazyLock<RuleBook> =
    std::sync::LazyLock::new(|| RuleBook::embedded().unwrap());

proptest! {
    #[test]
    fn any_text_of_a_cell_has_an_answer(text in "\\PC*") {
        let _ = (read_day(&BOOK, &text), read_class(&text), read_unit(&text), Column::guess(&text));
        prop_assert_eq!(readable(&readable(&text)), readable(&text));
    }

    #[test]
    fn any_octets_of_a_table_have_an_answer(file in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        if let Ok(found) = read_csv(&file) {
            let _ = find_heading(&found.rows, &[]);
        }
    }
}
