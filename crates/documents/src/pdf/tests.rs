use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use app::documents::page::{
    Block, Document, EmbeddedFile, Fact, Language, Mark, MarkTone, PrintError, Printer as _, Table,
};

use super::PdfPrinter;

static PRINTER: LazyLock<PdfPrinter> = LazyLock::new(|| {
    PdfPrinter::new(
        vec![PathBuf::from("/usr/share/fonts")],
        vec!["Noto Sans CJK JP".to_owned(), "IPAexGothic".to_owned()],
    )
});

const RARE: &str = "髙橋 𠮷野家 ㈱青空電力 ㋿八年 葛\u{E0100}城 令和8年11月23日";

fn document() -> Document {
    Document {
        language: Language::Japanese,
        title: "侵害事象等の報告（速報）".to_owned(),
        subtitle: vec!["関係省庁共通様式 2026-10-01.1".to_owned()],
        marks: vec![Mark {
            text: "演習 ― 法的効力はありません".to_owned(),
            tone: MarkTone::Exercise,
        }],
        running: "ENV-2026-000123".to_owned(),
        made_at: "2026-11-23T09:05:00".parse().unwrap(),
        made: "2026年11月23日（月）09:05 作成".to_owned(),
        replaced: "〓は、この書類の書体にない文字です：".to_owned(),
        blocks: vec![
            Block::Lead {
                label: "受付番号".to_owned(),
                value: "ENV-2026-000123".to_owned(),
                lines: vec!["2026年11月23日（月）09:05:00".to_owned()],
            },
            Block::Heading("第1 概要".to_owned()),
            Block::Facts(vec![
                Fact {
                    label: "事業者の名称".to_owned(),
                    lines: vec![RARE.to_owned()],
                    badges: vec!["推定".to_owned()],
                },
                Fact {
                    label: "原因".to_owned(),
                    lines: Vec::new(),
                    badges: vec!["調査中".to_owned()],
                },
            ]),
            Block::Paragraph("= 見出しではない #panic() *a* $x$ @b <c> \"引用\" -- ~".to_owned()),
            Block::List(vec!["一つ目".to_owned(), "二つ目".to_owned()]),
            Block::Table(Table {
                columns: vec![("ファイル".to_owned(), 2), ("SHA-256".to_owned(), 5)],
                rows: vec![vec![vec!["証拠.log".to_owned()], vec!["ab".repeat(32)]]],
            }),
        ],
        files: vec![EmbeddedFile {
            name: "filing.json".to_owned(),
            description: "提出された内容".to_owned(),
            media_type: "application/json",
            content: br#"{"a":1}"#.to_vec(),
        }],
    }
}

fn printed(document: &Document) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    fs::write(&path, PRINTER.print(document).unwrap()).unwrap();
    (folder, path)
}

fn run(program: &str, args: &[&str], file: &Path) -> String {
    let output = Command::new(program)
        .args(args)
        .arg(file)
        .output()
        .unwrap_or_else(|_| panic!("{program} is not installed; `cargo xtask test` installs it"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The text as poppler reads it.
fn text(file: &Path) -> String {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(file)
        .arg("-")
        .output()
        .expect("pdftotext (poppler-utils) is not installed; `cargo xtask test` installs it");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_printed_page_is_sound_and_says_that_it_is_pdf_a_3a() {
    let (_folder, file) = printed(&document());
    run("qpdf", &["--check"], &file);
    let information = run("pdfinfo", &[], &file);
    assert!(
        information.contains("侵害事象等の報告（速報）"),
        "{information}"
    );
    assert!(
        information.contains("Tagged:          yes"),
        "{information}"
    );
    assert!(information.contains("A4"), "{information}");
    let meta = run("pdfinfo", &["-meta"], &file);
    assert!(meta.contains("<pdfaid:part>3</pdfaid:part>"), "{meta}");
    assert!(
        meta.contains("<pdfaid:conformance>A</pdfaid:conformance>"),
        "{meta}"
    );
}

#[test]
fn rare_japanese_characters_are_read_again_as_they_were() {
    let (_folder, file) = printed(&document());
    let text = text(&file);
    for word in ["髙橋", "𠮷野家", "㈱青空電力", "㋿八年", "令和8年11月23日"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let fonts = run("pdffonts", &[], &file);
    for line in fonts.lines().skip(2) {
        assert!(
            line.contains(" yes yes yes "),
            "not embedded as subset: {line}"
        );
    }
}

#[test]
fn a_character_without_a_glyph_is_replaced_and_named_below_the_text() {
    let mut document = document();
    document
        .blocks
        .push(Block::Paragraph("塔🗼 笑😀 \u{10FFFD}".to_owned()));
    let (_folder, file) = printed(&document);
    let text = text(&file);
    assert!(text.contains('〓'), "{text}");
    assert!(text.contains("U+10FFFD"), "{text}");
    let again = text_of_first_print();
    assert!(
        !again.contains("U+10FFFD"),
        "nothing is named where nothing was replaced"
    );
}

fn text_of_first_print() -> String {
    let (_folder, file) = printed(&document());
    text(&file)
}

#[test]
fn what_looks_like_markup_is_text() {
    let text = text_of_first_print();
    assert!(
        text.contains("= 見出しではない #panic() *a* $x$ @b <c> \"引用\" -- ~"),
        "{text}"
    );
}

#[test]
fn the_embedded_file_comes_out_as_it_went_in() {
    let (folder, file) = printed(&document());
    let list = run("pdfdetach", &["-list"], &file);
    assert!(list.contains("filing.json"), "{list}");
    let out = folder.path().join("out.json");
    let status = Command::new("pdfdetach")
        .args(["-save", "1", "-o"])
        .arg(&out)
        .arg(&file)
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(fs::read(&out).unwrap(), br#"{"a":1}"#);
}

#[test]
fn the_marks_stand_on_every_page() {
    let mut document = document();
    let facts: Vec<Fact> = (0..120)
        .map(|number| Fact {
            label: format!("項目{number}"),
            lines: vec!["内容".to_owned()],
            badges: Vec::new(),
        })
        .collect();
    document.blocks.push(Block::Facts(facts));
    let (_folder, file) = printed(&document);
    let text = text(&file);
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|page| !page.is_empty())
        .collect();
    assert!(2 < pages.len());
    for page in pages {
        assert_eq!(
            page.matches("演習 ― 法的効力はありません").count(),
            2,
            "{page}"
        );
        assert!(page.contains("ENV-2026-000123"), "{page}");
    }
}

#[test]
fn the_same_document_prints_the_same_octets() {
    assert_eq!(
        PRINTER.print(&document()).unwrap(),
        PRINTER.print(&document()).unwrap()
    );
}

#[test]
fn an_independent_reader_finds_the_attachment_and_the_standard() {
    let (_folder, file) = printed(&document());
    let script = "import sys, pikepdf\n\
        pdf = pikepdf.open(sys.argv[1])\n\
        assert pdf.open_metadata().pdfa_status == '3A', pdf.open_metadata().pdfa_status\n\
        attached = pdf.attachments['filing.json']\n\
        assert attached.get_file().read_bytes() == b'{\"a\":1}'\n\
        assert pdf.Root.MarkInfo.Marked\n\
        assert pdf.Root.Lang == 'ja', pdf.Root.Lang\n\
        assert str(pdf.Root.AF[0].AFRelationship) == '/Data'\n\
        assert len(pdf.Root.OutputIntents) == 1\n\
        for page in pdf.pages:\n\
        \x20   for font in (page.Resources.get('/Font') or {}).values():\n\
        \x20       below = font.DescendantFonts[0].FontDescriptor\n\
        \x20       assert '/FontFile2' in below or '/FontFile3' in below\n\
        \x20       assert '/ToUnicode' in font\n";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(&file)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    if talk.contains("No module named 'pikepdf'") {
        eprintln!("skipped: pikepdf is not installed; `cargo xtask test` installs it");
        return;
    }
    assert!(output.status.success(), "{talk}");
}

#[test]
fn without_a_font_nothing_is_printed_and_the_error_says_so() {
    let printer = PdfPrinter::new(vec![PathBuf::from("/nonexistent")], Vec::new());
    let error = printer.print(&document()).unwrap_err();
    assert!(matches!(error, PrintError::NoFont { .. }), "{error:?}");
}
