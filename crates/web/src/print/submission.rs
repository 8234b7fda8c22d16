use app::App;
use app::documents::page::{Block, Document, Fact};
use app::submissions::{Content, Papers};

use super::{begin, workbook};
use crate::pages::submissions::words;
use crate::texts::Texts;

/// What is printed and written of a content.
pub(crate) fn papers(app: &App, t: Texts, content: &Content) -> Papers {
    Papers {
        document: Some(document(app, t, content)),
        words: Some(workbook::words(t)),
    }
}

/// What is handed to an addressee, on paper.
fn document(app: &App, t: Texts, content: &Content) -> Document {
    let name = words::name(t, content);
    let heading = t.with("submission-paper-title", "name", name).into_owned();
    let mut printed = begin(app, t, heading.clone(), heading);
    printed
        .blocks
        .push(Block::Note(t.get("submission-paper-note").into_owned()));
    for item in &content.items {
        printed.blocks.push(Block::Heading(words::title(t, item)));
        let mut facts: Vec<Fact> = words::lines(t, app.rules(), item)
            .into_iter()
            .map(|(label, text)| Fact {
                label,
                lines: text.lines().map(str::to_owned).collect(),
                badges: Vec::new(),
            })
            .collect();
        if facts.is_empty() {
            facts.push(Fact {
                label: t.get("submission-own-answer").into_owned(),
                lines: vec![t.get("cases-empty").into_owned()],
                badges: Vec::new(),
            });
        }
        printed.blocks.push(Block::Facts(facts));
    }
    printed
}
