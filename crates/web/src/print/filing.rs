use app::App;
use app::documents::page::{Block, Document, Fact};
use app::filing::FilingView;
use formats::filing::Body;

use super::{begin, fact, facts, files, instant, json_file};
use crate::frame::named;
use crate::pages::filings::document;
use crate::pages::filings::view;
use crate::pages::filings::words;
use crate::texts::Texts;

/// A filing as it was filed, with the filed JSON in it.
pub(crate) fn document(app: &App, t: Texts, view: &FilingView, body: &Body) -> Document {
    let number = view.filing.number.as_str();
    let kind = words::kind(t, view.filing.kind);
    let mut printed = begin(app, t, kind, number.to_owned());
    printed.subtitle.extend(document::form_title(t, body));
    printed.blocks.push(Block::Lead {
        label: t.get("receipt-number").into_owned(),
        value: number.to_owned(),
        lines: vec![
            t.with(
                "print-arrived",
                "time",
                instant(t, app.rules(), view.filing.filed_at),
            )
            .into_owned(),
        ],
    });
    let check = words::check(t, view.checks.last().map(|check| check.result));
    let mut head = vec![
        fact(t, "filing-operator", operator(t, view)),
        Fact {
            label: t.get("filing-addressees").into_owned(),
            lines: addressees(t, view),
            badges: Vec::new(),
        },
        fact(t, "filing-check", check.text()),
    ];
    if let Some(previous) = &view.previous {
        head.push(fact(t, "print-previous", previous.number.as_str()));
    }
    printed.blocks.push(Block::Facts(head));
    if view.successor.is_some() {
        let text = t.get("print-superseded").into_owned();
        printed.blocks.push(Block::Note(text));
    }
    for section in document::sections(t, body) {
        printed.blocks.push(Block::Heading(section.title.clone()));
        printed.blocks.push(Block::Facts(facts(section)));
    }
    let heading = t.get("filing-attachments").into_owned();
    printed.blocks.push(Block::Heading(heading));
    let attached = view::attachments(view);
    printed.blocks.push(if attached.is_empty() {
        Block::Paragraph(t.get("filing-no-attachments").into_owned())
    } else {
        Block::Table(files(t, &attached))
    });
    printed.blocks.push(Block::Note(
        t.with(
            "print-body-digest",
            "digest",
            view.filing.body_digest.to_string(),
        )
        .into_owned(),
    ));
    printed.files.push(json_file(
        format!("filing-{number}.json"),
        t.get("print-body"),
        &view.filing.body,
    ));
    printed
}

/// Name and 法人番号 of who filed.
pub(super) fn operator(t: Texts, view: &FilingView) -> String {
    let name = named(t, &view.operator.name_ja, &view.operator.name_en);
    match &view.operator.corporate_number {
        Some(number) => t
            .with2("print-operator", "name", name, "number", number)
            .into_owned(),
        None => name,
    }
}

/// To whom it goes, in which capacity and on which basis.
pub(super) fn addressees(t: Texts, view: &FilingView) -> Vec<String> {
    view::addressees(t, view)
        .into_iter()
        .map(|to| {
            let args = crate::texts::Args::new()
                .set("name", to.name)
                .set("role", to.role)
                .set("basis", to.basis);
            t.with_args("print-addressee", args).into_owned()
        })
        .collect()
}
