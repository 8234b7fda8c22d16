//! What was found of rows, in words.

use app::assets::import::{ImportHead, ReviewRow, RowProblem, RowState, Same, SheetWords};
use formats::inventory::{Column, Note};

use super::super::words::exemption_label;
use crate::components::{StatusBadge, StepState, Steps, Tone};
use crate::texts::Texts;

/// A column in words.
pub(super) fn column_label(t: Texts, column: Column) -> String {
    let code = column.code().replace('_', "-");
    t.get(&format!("import-column-{code}")).into_owned()
}

/// A state in words.
pub(super) fn state_label(t: Texts, state: RowState) -> String {
    let code = state.code().replace('_', "-");
    t.get(&format!("import-state-{code}")).into_owned()
}

pub(super) fn state_badge(t: Texts, state: RowState) -> StatusBadge {
    let tone = match state {
        RowState::Ready | RowState::Registered => Tone::Success,
        RowState::Exempt => Tone::Info,
        RowState::Problem => Tone::Error,
        RowState::Duplicate => Tone::Warning,
        RowState::LeftOut => Tone::Neutral,
    };
    StatusBadge::new(tone, state_label(t, state))
}

/// A problem of a row in words, with what to do.
pub(super) fn problem_text(t: Texts, problem: &RowProblem) -> String {
    let field = Column::from_code(&problem.field)
        .map_or_else(|| problem.field.clone(), |column| column_label(t, column));
    let code = problem.code.replace('_', "-");
    t.with(&format!("import-problem-{code}"), "field", field)
        .into_owned()
}

/// What was done while reading a file, in words.
pub(super) fn note_text(t: Texts, note: &Note) -> String {
    let code = note.kind.code().replace('_', "-");
    t.with(&format!("import-note-{code}"), "count", note.count)
        .into_owned()
}

/// A phase in words.
pub(super) fn phase_badge(t: Texts, head: &ImportHead) -> StatusBadge {
    let tone = match head.phase.as_str() {
        "filed" => Tone::Success,
        "registered" => Tone::Warning,
        "open" => Tone::Info,
        _ => Tone::Neutral,
    };
    StatusBadge::new(tone, t.get(&format!("import-phase-{}", head.phase)))
}

/// Everything that is to be said of a row: problems, what it is a duplicate of, why it need not be notified.
pub(super) fn remarks(t: Texts, row: &ReviewRow) -> Vec<String> {
    let found = &row.found;
    // What a duplicate lacks may stand in the row that it is a duplicate of.
    let problems = found
        .problems
        .iter()
        .filter(|_| row.state != RowState::Duplicate);
    let mut said: Vec<String> = problems.map(|problem| problem_text(t, problem)).collect();
    match found.same {
        Some(Same::Row(sheet, position)) => said.push(
            t.with2(
                "import-same-row",
                "file",
                sheet.saturating_add(1),
                "row",
                position.saturating_add(1),
            )
            .into_owned(),
        ),
        Some(Same::Computer(_)) => said.push(t.get("import-same-computer").into_owned()),
        None => {}
    }
    if !found.sources.is_empty() {
        said.push(
            t.with(
                "import-sources",
                "count",
                found.sources.len().saturating_add(1),
            )
            .into_owned(),
        );
    }
    if let Some(exemption) = found.exemption {
        said.push(exemption_label(t, exemption));
    }
    if found.serial_day {
        said.push(t.get("import-serial-day").into_owned());
    }
    said
}

/// Words of the column of errors in a downloaded file: problems and duplicates only.
pub(super) struct ErrorWords(pub(super) Texts);

impl SheetWords for ErrorWords {
    fn heading(&self) -> String {
        self.0.get("import-error-column").into_owned()
    }

    fn row(&self, row: &ReviewRow) -> String {
        match row.state {
            RowState::Problem => row
                .found
                .problems
                .iter()
                .map(|problem| problem_text(self.0, problem))
                .collect::<Vec<_>>()
                .join(" "),
            RowState::Duplicate => remarks(self.0, row).join(" "),
            RowState::LeftOut => state_label(self.0, RowState::LeftOut),
            RowState::Ready | RowState::Exempt | RowState::Registered => String::new(),
        }
    }
}

/// The steps of an import.
pub(super) fn steps(t: Texts, current: usize) -> Steps {
    let state = |place: usize| match place.cmp(&current) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Current,
        std::cmp::Ordering::Greater => StepState::Ahead,
    };
    Steps::new(t)
        .step(t.get("import-step-files"), state(1))
        .step(t.get("import-step-columns"), state(2))
        .step(t.get("import-step-review"), state(3))
        .step(t.get("import-step-confirm"), state(4))
        .step(t.get("import-step-done"), state(5))
}
