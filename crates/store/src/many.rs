//! Many rows with one statement, made from the statement for one row.
//!
//! Each statement waits for the database and back, so that ten thousand of them take seconds however small they are.

use std::sync::OnceLock;

use crate::sql::{assets, imports, reconciliation};

/// Rows that one statement writes; both databases take as many placeholders as that makes.
const ROWS: usize = 64;

/// `INSERT … VALUES (…)` for one row and for [`ROWS`] of them.
pub(crate) struct Many {
    /// Name in the list of statements.
    pub(crate) name: &'static str,
    one: &'static str,
    full: OnceLock<String>,
}

/// Rows of an import.
pub(crate) static IMPORT_ROWS: Many = Many::of("many import rows", imports::SAVE_ROW);
/// New computers.
pub(crate) static NEW_COMPUTERS: Many = Many::of("many new computers", assets::INSERT_COMPUTER);
/// Computers over the version that they were read at.
pub(crate) static COMPUTERS: Many = Many::of("many computers", assets::SAVE_COMPUTER);
/// Their revisions.
pub(crate) static REVISIONS: Many = Many::of("many revisions", assets::INSERT_REVISION);
/// Computers that a filing names.
pub(crate) static FILING_COMPUTERS: Many =
    Many::of("many computers of a filing", assets::INSERT_FILING_COMPUTER);

/// Differences that were found.
pub(crate) static RECONCILIATION_TASKS: Many =
    Many::of("many reconciliation tasks", reconciliation::INSERT_TASK);

/// All of them, for the test that prepares every statement.
pub(crate) static ALL: [&Many; 6] = [
    &IMPORT_ROWS,
    &NEW_COMPUTERS,
    &COMPUTERS,
    &REVISIONS,
    &FILING_COMPUTERS,
    &RECONCILIATION_TASKS,
];

impl Many {
    const fn of(name: &'static str, one: &'static str) -> Self {
        Self {
            name,
            one,
            full: OnceLock::new(),
        }
    }

    /// The statement for as many rows as fit.
    pub(crate) fn full(&'static self) -> &'static str {
        self.full.get_or_init(|| repeated(self.one, ROWS))
    }

    /// The statements to send for these rows, each with the rows to bind to it, one after the other.
    pub(crate) fn batches<'rows, T>(
        &'static self,
        rows: &'rows [T],
    ) -> impl Iterator<Item = (&'static str, &'rows [T])> + use<'rows, T> {
        let chunks = rows.chunks_exact(ROWS);
        let rest = chunks.remainder();
        let full = chunks.map(|chunk| (self.full(), chunk));
        full.chain(rest.chunks(1).map(|row| (self.one, row)))
    }
}

/// The statement with its tuple of values as often as `times`, each with placeholders of its own.
fn repeated(one: &str, times: usize) -> String {
    const BEFORE: &str = "VALUES ";
    let Some((head, rest)) = one.split_once(BEFORE) else {
        return one.to_owned();
    };
    let Some((tuple, tail)) = first_tuple(rest) else {
        return one.to_owned();
    };
    let parts: Vec<&str> = tuple.split('$').collect();
    let numbers: Vec<(usize, &str)> = parts.iter().skip(1).map(|part| number_of(part)).collect();
    let width = numbers.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let mut text = String::from(head);
    text.push_str(BEFORE);
    for time in 0..times {
        if 0 < time {
            text.push_str(", ");
        }
        text.push_str(parts.first().copied().unwrap_or_default());
        for (number, after) in &numbers {
            let shifted = number.saturating_add(width.saturating_mul(time));
            text.push('$');
            text.push_str(&shifted.to_string());
            text.push_str(after);
        }
    }
    text.push_str(tail);
    text
}

/// The parenthesis that a text begins with, and what follows it.
fn first_tuple(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    for (place, character) in text.char_indices() {
        match character {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return text.split_at_checked(place.saturating_add(1));
        }
    }
    None
}

/// A number and what follows it.
fn number_of(text: &str) -> (usize, &str) {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, after) = text.split_at_checked(end).unwrap_or((text, ""));
    (digits.parse().unwrap_or(0), after)
}

#[cfg(test)]
mod tests {
    use super::{ALL, COMPUTERS, ROWS, repeated};

    #[test]
    fn each_row_of_many_has_placeholders_of_its_own() {
        let one = "INSERT INTO t (a, b, c) VALUES ($1, NULL, $2) ON CONFLICT (a) DO NOTHING";
        assert_eq!(
            repeated(one, 3),
            "INSERT INTO t (a, b, c) VALUES ($1, NULL, $2), ($3, NULL, $4), ($5, NULL, $6) \
             ON CONFLICT (a) DO NOTHING"
        );
    }

    #[test]
    fn every_statement_for_many_rows_repeats_its_values() {
        for many in ALL {
            assert_eq!(many.full().matches("($").count(), ROWS, "{}", many.name);
        }
    }

    #[test]
    fn rows_that_fill_no_statement_go_one_by_one() {
        let rows = vec![(); ROWS * 2 + 3];
        let sizes: Vec<usize> = COMPUTERS
            .batches(&rows)
            .map(|(_, rows)| rows.len())
            .collect();
        assert_eq!(sizes, [ROWS, ROWS, 1, 1, 1]);
    }
}
