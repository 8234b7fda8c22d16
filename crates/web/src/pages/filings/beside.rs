use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use formats::answers::AnswerState;
use formats::filing::Body;
use model::filing::Filing;
use serde::Deserialize;

use crate::components::{EmptyState, StatusBadge, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{Checkbox, Choice, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render};
use crate::pages::filings::document::{self, Row};
use crate::pages::filings::{id_of, words};
use crate::session::Signed;
use crate::texts::Texts;

/// What stands beside the filing, and how much of both is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    with: String,
    only: String,
}

/// One of the two documents.
struct Side {
    href: String,
    title: String,
    /// Heads its column.
    short: String,
}

/// One item in both.
struct Pair {
    label: String,
    earlier: Vec<String>,
    earlier_badges: Vec<StatusBadge>,
    later: Vec<String>,
    later_badges: Vec<StatusBadge>,
    difference: Difference,
    badge: StatusBadge,
}

struct Part {
    title: String,
    pairs: Vec<Pair>,
}

/// How an item differs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Difference {
    Same,
    Known,
    Changed,
    Added,
    Removed,
    OpenAgain,
}

impl Difference {
    const fn key(self) -> (Tone, &'static str) {
        match self {
            Self::Same => (Tone::Neutral, "beside-same"),
            Self::Known => (Tone::Success, "beside-known"),
            Self::Changed => (Tone::Warning, "beside-changed"),
            Self::Added => (Tone::Info, "beside-added"),
            Self::Removed => (Tone::Warning, "beside-removed"),
            Self::OpenAgain => (Tone::Warning, "beside-open-again"),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/filings/beside.html")]
struct BesidePage {
    page: Page,
    id: String,
    earlier: Side,
    later: Side,
    with: Select,
    only: Checkbox,
    count: String,
    parts: Vec<Part>,
    empty: Option<EmptyState>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let id = id_of(&id)?;
    let t = signed.here.t;
    let with = (!wanted.with.is_empty())
        .then(|| id_of(&wanted.with))
        .transpose()?;
    let both = app.filings_side_by_side(signed.actor(), id, with).await?;
    let only = !wanted.only.is_empty();
    let mut parts = parts(t, &read(&both.earlier)?, &read(&both.later)?);
    let pairs = parts.iter().flat_map(|part| &part.pairs);
    let differing = pairs
        .clone()
        .filter(|pair| pair.difference != Difference::Same)
        .count();
    let known = pairs
        .filter(|pair| pair.difference == Difference::Known)
        .count();
    if only {
        for part in &mut parts {
            part.pairs
                .retain(|pair| pair.difference != Difference::Same);
        }
        parts.retain(|part| !part.pairs.is_empty());
    }
    let other = if both.earlier.id == id {
        both.later.id
    } else {
        both.earlier.id
    };
    let raw = RawForm::from_pairs([("with", other.to_string()), ("only", wanted.only.clone())]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let choices = both
        .others
        .iter()
        .filter(|filing| filing.id != id)
        .map(|filing| Choice::new(filing.id.to_string(), named(t, filing)))
        .collect();
    let empty = parts.is_empty().then(|| {
        EmptyState::new(t.get("beside-none-title"), t.get("beside-none-text")).action(
            format!("/filings/{id}/beside?with={other}"),
            t.get("beside-none-action"),
        )
    });
    Ok(render(&BesidePage {
        page: signed
            .page("beside-title")
            .crumb(format!("/filings/{id}"), t.get("history-back")),
        id: id.to_string(),
        earlier: side(t, &both.earlier, "beside-earlier"),
        later: side(t, &both.later, "beside-later"),
        with: form.select("with", "beside-with", choices),
        only: form.checkbox("only", "beside-only"),
        count: t
            .with2("beside-count", "count", differing, "known", known)
            .into_owned(),
        parts,
        empty,
    }))
}

fn read(filing: &Filing) -> Result<Body, PageError> {
    formats::filing::parse(filing.body.as_bytes())
        .map_err(|_| PageError::from(app::AppError::Bug("a filed body that cannot be read")))
}

fn named(t: Texts, filing: &Filing) -> String {
    format!(
        "{} {} {}",
        words::kind(t, filing.kind),
        filing.number.as_str(),
        fmt::date_time(t, filing.filed_at)
    )
}

fn side(t: Texts, filing: &Filing, key: &str) -> Side {
    let kind = words::kind(t, filing.kind);
    Side {
        href: format!("/filings/{}", filing.id),
        title: named(t, filing),
        short: t.with(key, "kind", kind).into_owned(),
    }
}

/// Both documents, item by item: in the order of the later one, what only the earlier one has at the end of its part.
fn parts(t: Texts, earlier: &Body, later: &Body) -> Vec<Part> {
    let mut left = Vec::new();
    for section in document::sections(t, earlier) {
        for row in section.rows {
            left.push((section.title.clone(), identity(earlier, &row.path), row));
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    for section in document::sections(t, later) {
        let mut pairs = Vec::new();
        for row in section.rows {
            let name = identity(later, &row.path);
            let place = left.iter().position(|(_, other, _)| *other == name);
            let before = place.map(|place| left.remove(place).2);
            let difference = difference(earlier, later, before.as_ref(), Some(&row));
            pairs.push(pair(t, before, Some(row), difference));
        }
        parts.push(Part {
            title: section.title,
            pairs,
        });
    }
    for (title, _, row) in left {
        let pair = pair(t, Some(row), None, Difference::Removed);
        match parts.iter_mut().find(|part| part.title == title) {
            Some(part) => part.pairs.push(pair),
            None => parts.push(Part {
                title,
                pairs: vec![pair],
            }),
        }
    }
    parts
}

/// What a place is in both documents: elements of lists go by what identifies them, not by their number.
fn identity(body: &Body, path: &str) -> String {
    let mut parts = path.splitn(4, '/').skip(1);
    let (Some(list), Some(place), rest) = (parts.next(), parts.next(), parts.next()) else {
        return path.to_owned();
    };
    let value = body.to_value();
    let named = ["computer", "id", "digest"].into_iter().find_map(|key| {
        value
            .pointer(&format!("/{list}/{place}/{key}"))?
            .as_str()
            .map(str::to_owned)
    });
    match named {
        Some(named) => format!("/{list}/{named}/{}", rest.unwrap_or_default()),
        None => path.to_owned(),
    }
}

fn difference(
    earlier: &Body,
    later: &Body,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Difference {
    let (before, after) = match (before, after) {
        (None, _) => return Difference::Added,
        (_, None) => return Difference::Removed,
        (Some(before), Some(after)) => (before, after),
    };
    let was = state(earlier, &before.path);
    let is = state(later, &after.path);
    let open = |state| {
        matches!(
            state,
            Some(AnswerState::Investigating | AnswerState::Unknown)
        )
    };
    if open(was) && !open(is) {
        Difference::Known
    } else if !open(was) && open(is) {
        Difference::OpenAgain
    } else if before.lines == after.lines && was == is {
        Difference::Same
    } else {
        Difference::Changed
    }
}

/// State of the answer at a path; `None` for what is no answer of a report.
fn state(body: &Body, path: &str) -> Option<AnswerState> {
    let key = path.strip_prefix("/answers/")?;
    Some(body.report()?.answers.get(key)?.state())
}

fn pair(t: Texts, before: Option<Row>, after: Option<Row>, difference: Difference) -> Pair {
    let (tone, key) = difference.key();
    let label = after
        .as_ref()
        .or(before.as_ref())
        .map(|row| row.label.clone())
        .unwrap_or_default();
    let (earlier, earlier_badges) = before
        .map(|row| (row.lines, row.badges))
        .unwrap_or_default();
    let (later, later_badges) = after.map(|row| (row.lines, row.badges)).unwrap_or_default();
    Pair {
        label,
        earlier,
        earlier_badges,
        later,
        later_badges,
        difference,
        badge: StatusBadge::new(tone, t.get(key)),
    }
}
