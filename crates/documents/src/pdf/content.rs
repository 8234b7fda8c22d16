use std::collections::{BTreeMap, BTreeSet};

use app::documents::page::{Block, Document, Fact, Language, Mark, MarkTone, Table};
use serde_json::{Value, json};

use super::fonts::{Fonts, REPLACEMENT};

/// Replaced characters that are named below the text, at most.
const NAMED_REPLACED: usize = 50;

/// A document as the template reads it: only data, nothing of it is ever read as markup.
pub(super) struct Content {
    pub(super) json: Vec<u8>,
    pub(super) files: Vec<Vec<u8>>,
}

impl Content {
    pub(super) fn of(document: &Document, fonts: &Fonts) -> Self {
        let mut glyphs = Glyphs {
            fonts,
            known: BTreeMap::new(),
            replaced: BTreeSet::new(),
        };
        let blocks: Vec<Value> = document
            .blocks
            .iter()
            .map(|block| glyphs.block(block))
            .collect();
        let title = glyphs.text(&document.title);
        let running = glyphs.text(&document.running);
        let made = glyphs.text(&document.made);
        let subtitle = glyphs.lines(&document.subtitle);
        let marks: Vec<Value> = document
            .marks
            .iter()
            .map(|mark| glyphs.mark(mark))
            .collect();
        let files: Vec<Value> = document
            .files
            .iter()
            .enumerate()
            .map(|(number, file)| {
                json!({
                    "place": format!("/files/{number}"),
                    "name": file.name,
                    "description": file.description,
                    "type": file.media_type,
                })
            })
            .collect();
        let replaced = glyphs.note(&document.replaced);
        let at = document.made_at;
        let json = json!({
            "language": match document.language {
                Language::Japanese => "ja",
                Language::English => "en",
            },
            "families": fonts.families(),
            "title": title,
            "subtitle": subtitle,
            "running": running,
            "made": made,
            "date": [at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second()],
            "marks": marks,
            "blocks": blocks,
            "files": files,
            "replaced": replaced,
        });
        Self {
            json: json.to_string().into_bytes(),
            files: document
                .files
                .iter()
                .map(|file| file.content.clone())
                .collect(),
        }
    }
}

/// Replaces what no font can show, and remembers it.
struct Glyphs<'a> {
    fonts: &'a Fonts,
    known: BTreeMap<char, bool>,
    replaced: BTreeSet<char>,
}

impl Glyphs<'_> {
    fn block(&mut self, block: &Block) -> Value {
        match block {
            Block::Heading(text) => json!({ "is": "heading", "text": self.text(text) }),
            Block::Subheading(text) => json!({ "is": "subheading", "text": self.text(text) }),
            Block::Paragraph(text) => json!({ "is": "paragraph", "lines": self.split(text) }),
            Block::Note(text) => json!({ "is": "note", "lines": self.split(text) }),
            Block::Lead {
                label,
                value,
                lines,
            } => json!({
                "is": "lead",
                "label": self.text(label),
                "value": self.text(value),
                "lines": self.lines(lines),
            }),
            Block::Facts(facts) => {
                let facts: Vec<Value> = facts.iter().map(|fact| self.fact(fact)).collect();
                json!({ "is": "facts", "facts": facts })
            }
            Block::List(points) => json!({ "is": "list", "points": self.lines(points) }),
            Block::Table(table) => self.table(table),
        }
    }

    fn fact(&mut self, fact: &Fact) -> Value {
        json!({
            "label": self.text(&fact.label),
            "lines": self.lines(&fact.lines),
            "badges": self.lines(&fact.badges),
        })
    }

    fn table(&mut self, table: &Table) -> Value {
        let heads: Vec<String> = table
            .columns
            .iter()
            .map(|(head, _)| self.text(head))
            .collect();
        let widths: Vec<u8> = table.columns.iter().map(|(_, width)| *width).collect();
        let rows: Vec<Vec<Vec<String>>> = table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| self.lines(cell)).collect())
            .collect();
        json!({ "is": "table", "heads": heads, "widths": widths, "rows": rows })
    }

    fn mark(&mut self, mark: &Mark) -> Value {
        let tone = match mark.tone {
            MarkTone::Exercise => "exercise",
            MarkTone::Draft => "draft",
            MarkTone::Tier => "tier",
        };
        json!({ "text": self.text(&mark.text), "tone": tone })
    }

    fn split(&mut self, text: &str) -> Vec<String> {
        text.lines().map(|line| self.text(line)).collect()
    }

    fn lines(&mut self, lines: &[String]) -> Vec<String> {
        lines.iter().flat_map(|line| self.split(line)).collect()
    }

    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut replaced_before = false;
        for character in text.chars() {
            if joins(character) {
                // What joins or varies a character goes with it.
                if !replaced_before {
                    out.push(character);
                }
            } else if character == '\t' {
                out.push(' ');
            } else if character.is_control() {
                replaced_before = false;
            } else if self.shows(character) {
                out.push(character);
                replaced_before = false;
            } else {
                self.replaced.insert(character);
                out.push(REPLACEMENT);
                replaced_before = true;
            }
        }
        out
    }

    fn shows(&mut self, character: char) -> bool {
        if character.is_ascii() {
            return true;
        }
        *self
            .known
            .entry(character)
            .or_insert_with(|| character.is_whitespace() || self.fonts.covers(character))
    }

    /// The footnote that names what was replaced; nothing when nothing was.
    fn note(&self, words: &str) -> Option<String> {
        if self.replaced.is_empty() {
            return None;
        }
        let named: Vec<String> = self
            .replaced
            .iter()
            .take(NAMED_REPLACED)
            .map(|character| format!("U+{:04X}", u32::from(*character)))
            .collect();
        let more = if NAMED_REPLACED < self.replaced.len() {
            " …"
        } else {
            ""
        };
        Some(format!("{words} {}{more}", named.join(", ")))
    }
}

/// Variation selectors and joiners have no glyph of their own.
const fn joins(character: char) -> bool {
    matches!(
        character,
        '\u{200B}'..='\u{200D}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{E0100}'..='\u{E01EF}'
            | '\u{1F3FB}'..='\u{1F3FF}'
            | '\u{20E3}'
    )
}
