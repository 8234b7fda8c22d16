use app::App;
use app::documents::page::{Block, Document, Fact, Table};
use app::filing::FilingView;
use app::receipt::{LogReceipt, Proves, ReceiptState};
use formats::filing::Body;

use super::filing::operator;
use super::{begin, fact, files, halves, instant, json_file};
use crate::fmt;
use crate::pages::filings::document;
use crate::pages::filings::receipt::file_name;
use crate::pages::filings::view;
use crate::pages::filings::words;
use crate::texts::Texts;

/// The receipt (受領書) of a filing, with the receipt files of the logs in it.
pub(crate) fn document(
    app: &App,
    t: Texts,
    view: &FilingView,
    body: &Body,
    receipts: &[LogReceipt],
) -> Document {
    let number = view.filing.number.as_str();
    let title = t.get("receipt-title").into_owned();
    let mut printed = begin(app, t, title, number.to_owned());
    let recorded = instant(t, app.rules(), view.filing.filed_at);
    printed.blocks.push(Block::Lead {
        label: t.get("receipt-number").into_owned(),
        value: number.to_owned(),
        lines: vec![t.with("print-recorded", "time", recorded).into_owned()],
    });
    let mut head = vec![
        fact(t, "filings-col-kind", words::kind(t, view.filing.kind)),
        fact(t, "filing-operator", operator(t, view)),
    ];
    if let Some(form) = document::form_title(t, body) {
        head.push(fact(t, "filing-form", form));
    }
    head.push(fact(t, "receipt-formal", t.get("receipt-formal-complete")));
    head.push(Fact {
        label: t.get("print-body-digest-label").into_owned(),
        lines: halves(&view.filing.body_digest.to_string()),
        badges: Vec::new(),
    });
    printed.blocks.push(Block::Facts(head));
    printed
        .blocks
        .push(Block::Note(t.get("receipt-effect").into_owned()));
    heading(&mut printed, t, "filing-addressees");
    printed.blocks.push(Block::Table(addressees(t, view)));
    heading(&mut printed, t, "receipt-frozen");
    let attached = view::attachments(view);
    printed.blocks.push(if attached.is_empty() {
        Block::Paragraph(t.get("filing-no-attachments").into_owned())
    } else {
        Block::Table(files(t, &attached))
    });
    heading(&mut printed, t, "receipt-next");
    printed.blocks.extend(next(t, view));
    heading(&mut printed, t, "receipt-proof");
    printed
        .blocks
        .push(Block::Paragraph(t.get("print-proof").into_owned()));
    printed.blocks.push(Block::Table(logs(t, number, receipts)));
    for receipt in receipts {
        if let ReceiptState::Ready(issued) = &receipt.state {
            printed.files.push(json_file(
                file_name(number, &receipt.log),
                t.get("receipt-proof"),
                &issued.json,
            ));
        }
    }
    printed
}

fn heading(printed: &mut Document, t: Texts, key: &str) {
    printed.blocks.push(Block::Heading(t.get(key).into_owned()));
}

fn addressees(t: Texts, view: &FilingView) -> Table {
    let column = |key: &str, width| (t.get(key).into_owned(), width);
    Table {
        columns: vec![
            column("print-authority", 6),
            column("print-role", 7),
            column("print-delivery", 7),
        ],
        rows: view::addressees(t, view)
            .into_iter()
            .map(|to| {
                let mut state: Vec<String> = to
                    .state
                    .iter()
                    .map(|badge| badge.text().to_owned())
                    .collect();
                state.extend(to.times);
                vec![vec![to.name], vec![to.role, to.basis], state]
            })
            .collect(),
    }
}

/// What comes next, and the limit that still runs.
fn next(t: Texts, view: &FilingView) -> Vec<Block> {
    let key = if view.filing.kind.is_notification() {
        "receipt-next-notification"
    } else if view.limits.running {
        "receipt-next-report"
    } else {
        "receipt-next-done"
    };
    let mut blocks = vec![Block::Paragraph(t.get(key).into_owned())];
    let due = view.limits.due.as_ref().filter(|_| view.limits.running);
    if let Some((due, day)) = due.and_then(|due| Some((due, due.legal_limit?))) {
        let basis = match t.locale() {
            crate::locale::Locale::Ja => &due.basis_ja,
            crate::locale::Locale::En => &due.basis,
        };
        blocks.push(Block::Facts(vec![Fact {
            label: t.get("print-deadline").into_owned(),
            lines: vec![
                fmt::until_exact(t, day),
                t.with("print-basis", "basis", basis).into_owned(),
            ],
            badges: Vec::new(),
        }]));
    }
    blocks
}

fn logs(t: Texts, number: &str, receipts: &[LogReceipt]) -> Table {
    let column = |key: &str, width| (t.get(key).into_owned(), width);
    Table {
        columns: vec![
            column("print-authority", 5),
            column("print-place", 8),
            column("print-file", 8),
        ],
        rows: receipts
            .iter()
            .map(|receipt| {
                let proves = match receipt.proves {
                    Proves::Arrival => "receipt-proves-arrival",
                    Proves::Forwarding => "receipt-proves-forwarding",
                };
                let (place, file) = match &receipt.state {
                    ReceiptState::Ready(issued) => (
                        t.with2(
                            "receipt-place",
                            "index",
                            issued.index,
                            "origin",
                            &issued.origin,
                        )
                        .into_owned(),
                        file_name(number, &receipt.log),
                    ),
                    ReceiptState::Pending => {
                        (t.get("receipt-log-pending").into_owned(), String::new())
                    }
                };
                vec![
                    vec![words::name(t, &receipt.authority)],
                    vec![place, t.get(proves).into_owned()],
                    vec![file],
                ]
            })
            .collect(),
    }
}
