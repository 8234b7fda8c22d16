//! Where the headings of a table stand.

use super::column::Column;

/// Rows among which the headings are looked for.
const SEARCHED: usize = 30;

/// Cells that are merged into one; rows and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First row and column.
    pub from: (usize, usize),
    /// Last row and column.
    pub to: (usize, usize),
}

/// The headings of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Row of the first of them, from 0.
    pub first: usize,
    /// How many rows they take: one or two.
    pub rows: usize,
    /// One name for each column; those of two rows are joined.
    pub columns: Vec<String>,
}

impl Heading {
    /// Row of the first entry.
    pub const fn body(&self) -> usize {
        self.first.saturating_add(self.rows)
    }
}

/// Finds the headings: the row among the first with the most words that headings have, and the row below where it has
/// such words too. Titles above, over merged cells, have none.
pub fn find_heading(rows: &[Vec<String>], spans: &[Span]) -> Heading {
    let mut best: Option<(usize, usize)> = None;
    for (index, row) in rows.iter().enumerate().take(SEARCHED) {
        let known = known_words(row);
        if 0 < known && best.is_none_or(|(_, most)| most < known) {
            best = Some((index, known));
        }
    }
    let Some((index, known)) = best else {
        let first = rows
            .iter()
            .position(|row| row.iter().any(|cell| !cell.trim().is_empty()))
            .unwrap_or(0);
        return heading_at(rows, spans, first, 1);
    };
    let above = index
        .checked_sub(1)
        .filter(|above| joins(rows, *above, index));
    if let Some(above) = above {
        return heading_at(rows, spans, above, 2);
    }
    let below = index.saturating_add(1);
    let goes_on = rows.get(below).is_some_and(|row| {
        let more = known_words(row);
        let texts = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        0 < more && more <= known && texts <= more.saturating_mul(2)
    });
    heading_at(rows, spans, index, if goes_on { 2 } else { 1 })
}

/// Whether the row above belongs to the headings: it names groups of columns that the headings then name one by one.
fn joins(rows: &[Vec<String>], above: usize, index: usize) -> bool {
    let (Some(upper), Some(lower)) = (rows.get(above), rows.get(index)) else {
        return false;
    };
    let known = known_words(upper);
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let stands_alone = upper.iter().enumerate().any(|(column, cell)| {
        !cell.trim().is_empty()
            && lower
                .get(column)
                .is_none_or(|under| under.trim().is_empty())
    });
    0 < known && (stands_alone || filled(upper) < filled(lower))
}

/// The headings where someone said they stand.
pub fn heading_at(rows: &[Vec<String>], spans: &[Span], first: usize, count: usize) -> Heading {
    let count = count.clamp(1, 2);
    let last = first.saturating_add(count);
    let width = rows.iter().skip(first).map(Vec::len).max().unwrap_or(0);
    let mut columns = Vec::with_capacity(width);
    for column in 0..width {
        let mut parts: Vec<&str> = Vec::new();
        for row in first..last {
            let text = text_at(rows, spans, row, column);
            if !text.is_empty() && parts.last() != Some(&text) {
                parts.push(text);
            }
        }
        columns.push(parts.join(" "));
    }
    Heading {
        first,
        rows: count,
        columns,
    }
}

/// The text of a cell, or of the merged cell that it is part of.
fn text_at<'rows>(
    rows: &'rows [Vec<String>],
    spans: &[Span],
    row: usize,
    column: usize,
) -> &'rows str {
    let at = |row: usize, column: usize| -> &'rows str {
        rows.get(row)
            .and_then(|cells| cells.get(column))
            .map_or("", |cell| cell.trim())
    };
    let own = at(row, column);
    if !own.is_empty() {
        return own;
    }
    spans
        .iter()
        .find(|span| {
            (span.from.0..=span.to.0).contains(&row) && (span.from.1..=span.to.1).contains(&column)
        })
        .map_or("", |span| at(span.from.0, span.from.1))
}

fn known_words(row: &[String]) -> usize {
    row.iter()
        .filter(|cell| Column::guess(cell).is_some())
        .count()
}
