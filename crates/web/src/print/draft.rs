use app::App;
use app::documents::page::{Block, Document, Fact, Mark, MarkTone};
use app::incidents::{CaseView, DraftView, Section, SectionField};
use statute::ReportStage;

use super::{begin, fact, row};
use crate::frame::named;
use crate::locale::Locale;
use crate::pages::filings::document::answer_row;
use crate::pages::incidents::words;
use crate::texts::Texts;

/// A draft of a report as it stands, marked as one on every page.
pub(crate) fn document(
    app: &App,
    t: Texts,
    case: &CaseView,
    draft: &DraftView,
    stage: ReportStage,
) -> Document {
    let title = case.case.parts().title.as_str();
    let heading = t.get("print-draft-title").into_owned();
    let mut printed = begin(app, t, heading, title.to_owned());
    printed.marks.push(Mark {
        text: t.get("print-draft-mark").into_owned(),
        tone: MarkTone::Draft,
    });
    let form = match t.locale() {
        Locale::Ja => &draft.form.title_ja,
        Locale::En => &draft.form.title_en,
    };
    printed.subtitle.push(
        t.with2(
            "document-form",
            "title",
            form,
            "version",
            &draft.form.version,
        )
        .into_owned(),
    );
    printed.blocks.push(Block::Facts(vec![
        fact(t, "print-case", title),
        fact(t, "print-sheet", words::sheet(t, draft.sheet)),
    ]));
    for section in app.sections(draft, stage) {
        let title = named(t, &section.title_ja, &section.title_en);
        let heading = t
            .with2("cases-item", "number", section.item, "title", title)
            .into_owned();
        printed.blocks.push(Block::Heading(heading));
        printed.blocks.push(Block::Facts(facts(app, t, section)));
    }
    printed
}

fn facts(app: &App, t: Texts, section: Section) -> Vec<Fact> {
    section
        .fields
        .into_iter()
        .map(|field| one(app, t, &field))
        .collect()
}

fn one(app: &App, t: Texts, field: &SectionField) -> Fact {
    match field.typed.read(app.rules(), field.field) {
        Ok(Some(answer)) => row(answer_row(t, field.field, &answer)),
        Ok(None) => Fact {
            label: words::label(t, field.field),
            lines: vec![t.get("cases-empty").into_owned()],
            badges: Vec::new(),
        },
        // What cannot be read is printed as it was typed.
        Err(_) => Fact {
            label: words::label(t, field.field),
            lines: vec![words::typed(t, app.rules(), field.field, &field.typed)],
            badges: vec![t.get("print-unreadable").into_owned()],
        },
    }
}
