//! Pages as they are printed, whatever prints them.

use jiff::civil::DateTime;
use thiserror::Error;

use crate::error::AppError;
use crate::instance::App;

/// Prints pages as PDF/A-3.
pub trait Printer: Send + Sync {
    /// Prints a document; takes tens of milliseconds to seconds, so it runs in a blocking thread.
    ///
    /// # Errors
    /// [`PrintError`]: there is no font for the language, the document is too large, or printing failed.
    fn print(&self, document: &Document) -> Result<Vec<u8>, PrintError>;
}

/// Something to print. The same octets come out of the same document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Language of what is printed, for readers aloud and line breaks.
    pub language: Language,
    /// Title, also the title of the file.
    pub title: String,
    /// Lines below the title, for example the form and its version.
    pub subtitle: Vec<String>,
    /// What stands at the top and at the bottom of every page, for example 「演習」.
    pub marks: Vec<Mark>,
    /// What identifies every page, for example the number.
    pub running: String,
    /// When this was made, on the wall clock of Japan; also the date of the file.
    pub made_at: DateTime,
    /// The same in words, for the foot of every page.
    pub made: String,
    /// What is said below the text when characters had to be replaced by 〓; the characters follow.
    pub replaced: String,
    /// The text.
    pub blocks: Vec<Block>,
    /// Files that travel in the PDF.
    pub files: Vec<EmbeddedFile>,
}

/// Language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

/// Something that stands on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it says.
    pub text: String,
    /// What it looks like.
    pub tone: MarkTone,
}

/// What a mark looks like; its text says what it is also without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkTone {
    /// 演習.
    Exercise,
    /// 下書き.
    Draft,
    /// Who may see it.
    Tier,
}

/// A part of the text, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A part of the document.
    Heading(String),
    /// A part of a part.
    Subheading(String),
    /// Text.
    Paragraph(String),
    /// Smaller text: what to know beside it.
    Note(String),
    /// The one thing that is looked for on this page, for example the receipt number.
    Lead {
        /// What it is.
        label: String,
        /// The thing itself, large.
        value: String,
        /// What goes with it.
        lines: Vec<String>,
    },
    /// Labels with what stands at them.
    Facts(Vec<Fact>),
    /// Points.
    List(Vec<String>),
    /// Rows and columns.
    Table(Table),
}

/// A label with what stands at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// What stands at it; nothing prints as a dash.
    pub lines: Vec<String>,
    /// Small marks beside it, for example 調査中.
    pub badges: Vec<String>,
}

/// Rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Heads of the columns, with the share of the width that each takes.
    pub columns: Vec<(String, u8)>,
    /// Rows; each cell is some lines.
    pub rows: Vec<Vec<Vec<String>>>,
}

/// A file in the PDF (ISO 19005-3).
#[derive(Clone, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for EmbeddedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedFile")
            .field("name", &self.name)
            .field("octets", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Why something is not printed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PrintError {
    /// No font has the characters of Japanese.
    #[error(
        "no Japanese font was found in the folders of documents.font_folders ({folders}): install one, for \
         example with `apt-get install fonts-noto-cjk` or `fonts-ipaexfont`, or name the folder of one"
    )]
    NoFont {
        /// Where it was looked for.
        folders: String,
    },
    /// More text than is printed.
    #[error("the document is larger than what is printed (documents.print_chars)")]
    TooLarge,
    /// Printing failed; the program is wrong.
    #[error("the document could not be printed: {0}")]
    Failed(String),
    /// This program prints nothing.
    #[error("this program cannot print")]
    NotAvailable,
}

impl PrintError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoFont { .. } => "print_no_font",
            Self::TooLarge => "print_too_large",
            Self::Failed(_) => "print_failed",
            Self::NotAvailable => "print_not_available",
        }
    }
}

/// Prints nothing.
pub(crate) struct NoPrinter;

impl Printer for NoPrinter {
    fn print(&self, _document: &Document) -> Result<Vec<u8>, PrintError> {
        Err(PrintError::NotAvailable)
    }
}

impl Document {
    /// Characters in all blocks, as a measure of how long printing takes.
    pub fn chars(&self) -> usize {
        let lines = |lines: &[String]| lines.iter().map(|line| line.chars().count()).sum::<usize>();
        self.blocks
            .iter()
            .map(|block| match block {
                Block::Heading(text)
                | Block::Subheading(text)
                | Block::Paragraph(text)
                | Block::Note(text) => text.chars().count(),
                Block::Lead { lines: more, .. } => lines(more),
                Block::List(points) => lines(points),
                Block::Facts(facts) => facts
                    .iter()
                    .map(|fact| {
                        lines(&fact.lines)
                            .saturating_add(lines(&fact.badges))
                            .saturating_add(fact.label.chars().count())
                    })
                    .sum(),
                Block::Table(table) => table.rows.iter().flatten().map(|cell| lines(cell)).sum(),
            })
            .fold(0, usize::saturating_add)
    }
}

impl App {
    /// Prints a document in a thread of its own, with a limit on how many are printed at the same time.
    ///
    /// # Errors
    /// [`AppError::Print`]; [`AppError::TooMany`] when others are being printed and it takes too long.
    pub async fn print(&self, document: Document) -> Result<Vec<u8>, AppError> {
        let limit = usize::try_from(self.config().documents.print_chars).unwrap_or(usize::MAX);
        if limit < document.chars() {
            return Err(AppError::Print(PrintError::TooLarge));
        }
        let patience = std::time::Duration::from_secs(self.config().documents.print_wait_secs);
        let busy = AppError::TooMany {
            retry_after_secs: self.config().documents.print_wait_secs.max(1),
        };
        let Ok(Ok(slot)) = tokio::time::timeout(patience, self.printing().acquire_owned()).await
        else {
            return Err(busy);
        };
        let printer = std::sync::Arc::clone(&self.documents().printer);
        let outcome = tokio::task::spawn_blocking(move || {
            let octets = printer.print(&document);
            drop(slot);
            octets
        })
        .await
        .map_err(|_| AppError::Bug("printing stopped"))?;
        outcome.map_err(AppError::Print)
    }
}
