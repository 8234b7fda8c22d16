//! How often the matcher is right on the labelled spellings: `docs/names.md` holds the figures.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use names::{Learned, Master, Matcher, Query, Suggestion};

const TUNING: &str = include_str!("../labelled/tuning.csv");
const TEST: &str = include_str!("../labelled/test.csv");

struct Row {
    id: String,
    maker: String,
    product: String,
    maker_id: String,
    product_id: String,
    kind: String,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    rows: u32,
    /// Rows whose maker is in the master.
    positive: u32,
    first: u32,
    first_three: u32,
    preselected: u32,
    preselected_right: u32,
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        self.rows += 1;
        self.positive += u32::from(outcome.positive);
        self.first += u32::from(outcome.positive && outcome.place == Some(0));
        self.first_three += u32::from(outcome.positive && outcome.place.is_some_and(|at| at < 3));
        self.preselected += u32::from(outcome.preselected.is_some());
        self.preselected_right += u32::from(outcome.preselected == Some(true));
    }

    fn recall(&self) -> f64 {
        ratio(self.first_three, self.positive)
    }

    fn precision(&self) -> f64 {
        ratio(self.preselected_right, self.preselected)
    }
}

struct Outcome {
    positive: bool,
    place: Option<usize>,
    /// Whether what was chosen beforehand was right, if something was.
    preselected: Option<bool>,
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    f64::from(part) / f64::from(whole)
}

fn rows(part: &str) -> Vec<Row> {
    csv::Reader::from_reader(part.as_bytes())
        .records()
        .map(|record| {
            let record = record.unwrap();
            let [id, maker, product, maker_id, product_id, kind] =
                [0, 1, 2, 3, 4, 5].map(|at: usize| record[at].to_owned());
            Row {
                id,
                maker,
                product,
                maker_id,
                product_id,
                kind,
            }
        })
        .collect()
}

fn ask(matcher: &Matcher, row: &Row) -> Vec<Suggestion> {
    let maker = (!row.maker.is_empty()).then_some(row.maker.as_str());
    let query = Query {
        maker,
        product: &row.product,
    };
    matcher.suggest(&query, &Learned::default())
}

/// A suggestion is right when maker and product are those of the label; of a label without product
/// only the maker counts for recall.
fn outcome(row: &Row, suggestions: &[Suggestion]) -> Outcome {
    let positive = !row.maker_id.is_empty();
    let place = suggestions.iter().position(|each| {
        each.maker_id == row.maker_id
            && (row.product_id.is_empty() || each.product_id.as_deref() == Some(&row.product_id))
    });
    let preselected = suggestions
        .iter()
        .find(|each| each.preselected)
        .map(|each| {
            each.maker_id == row.maker_id
                && each
                    .product_id
                    .as_ref()
                    .is_none_or(|product| *product == row.product_id)
        });
    Outcome {
        positive,
        place,
        preselected,
    }
}

fn measure(matcher: &Matcher, part: &str) -> (Counts, BTreeMap<String, Counts>) {
    let mut all = Counts::default();
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    for row in rows(part) {
        let outcome = outcome(&row, &ask(matcher, &row));
        all.add(&outcome);
        kinds.entry(row.kind.clone()).or_default().add(&outcome);
    }
    (all, kinds)
}

fn shown(text: &str) -> String {
    text.replace('\n', "⏎").replace('|', "\\|")
}

fn table(report: &mut String, title: &str, all: &Counts, kinds: &BTreeMap<String, Counts>) {
    writeln!(report, "## {title}\n").unwrap();
    report.push_str("| Kind | Rows | Recall, first | Recall, first three | Pre-selected | Precision |\n|---|---|---|---|---|---|\n");
    let whole = ("**all**".to_owned(), *all);
    for (kind, counts) in std::iter::once(whole).chain(kinds.clone()) {
        writeln!(
            report,
            "| {kind} | {} | {:.3} | {:.3} | {} | {:.3} |",
            counts.rows,
            ratio(counts.first, counts.positive),
            counts.recall(),
            counts.preselected,
            counts.precision(),
        )
        .unwrap();
    }
    report.push('\n');
}

fn misses(report: &mut String, matcher: &Matcher) {
    report.push_str("## Misses of the tuning part\n\nThose of the test part are neither listed nor looked at.\n\n");
    report.push_str("| Row | Maker | Product | Meant | Came first | What is wrong |\n|---|---|---|---|---|---|\n");
    for row in rows(TUNING) {
        let suggestions = ask(matcher, &row);
        let outcome = outcome(&row, &suggestions);
        let missed = outcome.positive && outcome.place.is_none_or(|at| 2 < at);
        let wrong = match (missed, outcome.preselected) {
            (_, Some(false)) => "pre-selected",
            (true, _) => "not among three",
            (false, _) => continue,
        };
        let first = suggestions.first().map_or_else(
            || "nothing".to_owned(),
            |each| {
                let product = each.product_id.clone().unwrap_or_default();
                format!("{} {product} {}", each.maker_id, each.score)
            },
        );
        writeln!(
            report,
            "| {} | {} | {} | {} {} | {first} | {wrong} |",
            row.id,
            shown(&row.maker),
            shown(&row.product),
            row.maker_id,
            row.product_id,
        )
        .unwrap();
    }
}

fn report(matcher: &Matcher) -> String {
    let mut report = include_str!("measured/head.md").to_owned();
    writeln!(
        report,
        "\nThe master holds {} makers and {} products.\n",
        matcher.master().makers().len(),
        matcher.master().products().len()
    )
    .unwrap();
    for (title, part) in [("Test part (frozen)", TEST), ("Tuning part", TUNING)] {
        let (all, kinds) = measure(matcher, part);
        table(&mut report, title, &all, &kinds);
    }
    misses(&mut report, matcher);
    report
}

#[test]
fn the_report_on_names_holds_the_figures_of_this_matcher() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/names.md");
    let report = report(&Matcher::new(&Master::embedded().unwrap()));
    if std::env::var_os("NOROSHI_UPDATE").is_some() {
        std::fs::write(&path, &report).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        committed, report,
        "run with NOROSHI_UPDATE=1 and look at the difference"
    );
}

#[test]
fn the_goals_are_met_on_the_frozen_part() {
    let (all, _) = measure(&Matcher::new(&Master::embedded().unwrap()), TEST);
    assert!(0.95 <= all.recall(), "recall {:.3}", all.recall());
    assert!(0.98 <= all.precision(), "precision {:.3}", all.precision());
}
