//! Answers of the wizard, as they travel between its pages.

use app::App;
use app::incidents::{EventSheet, JudgementInput};
use statute::{Answer, Answers, ReportGroup, Topic, questions};

use crate::forms::RawForm;

/// Fields with the answers begin with this.
const PREFIX: &str = "q.";

/// Reads the group and the answers; what the rule book does not ask is left out.
pub(super) fn read(app: &App, raw: &RawForm) -> EventSheet {
    let aware_on = app.today();
    let mut answers = Answers::new();
    for asked in questions(app.rules(), Topic::Event, aware_on) {
        if let Some(answer) = Answer::parse(raw.get(&name(asked.code))) {
            answers.set(asked.code, answer);
        }
    }
    EventSheet {
        // Where the computer is not known everything is asked.
        group: ReportGroup::parse(raw.get("group")).unwrap_or(ReportGroup::A),
        answers,
        aware_on,
    }
}

/// Whether any answer was sent.
pub(super) fn sent(raw: &RawForm) -> bool {
    raw.answers().any(|(name, _)| name.starts_with(PREFIX))
}

/// The judgement that goes with a new case; nothing when the wizard was not used.
pub(super) fn judgement(app: &App, raw: &RawForm) -> Option<JudgementInput> {
    let sheet = read(app, raw);
    let any = sheet
        .answers
        .iter()
        .any(|(_, answer)| answer != Answer::Unknown);
    any.then_some(JudgementInput {
        group: sheet.group,
        answers: sheet.answers,
        event: None,
    })
}

/// The fields that carry a sheet on, as pairs.
pub(super) fn pairs(sheet: &EventSheet) -> Vec<(String, String)> {
    let mut pairs = vec![("group".to_owned(), sheet.group.code().to_owned())];
    for (code, answer) in sheet.answers.iter() {
        pairs.push((name(code), answer.code().to_owned()));
    }
    pairs
}

/// The name of the field of a question.
pub(super) fn name(code: &str) -> String {
    format!("{PREFIX}{code}")
}
