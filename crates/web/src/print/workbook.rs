use app::assets::workbook::NotificationWords;
use app::documents::form::RuleWords;
use app::documents::page::Language;
use app::incidents::WorkbookWords;

use crate::locale::Locale;
use crate::texts::Texts;

/// The words of a form in a language.
pub(crate) fn words(t: Texts) -> WorkbookWords {
    let get = |key: &str| t.get(key).into_owned();
    WorkbookWords {
        language: match t.locale() {
            Locale::Ja => Language::Japanese,
            Locale::En => Language::English,
        },
        notes: vec![get("workbook-note-fill"), get("workbook-note-states")],
        heads: [
            get("workbook-head-question"),
            get("workbook-head-answer"),
            get("workbook-head-time"),
            get("workbook-head-state"),
            get("workbook-head-estimate"),
            get("workbook-head-reason"),
        ],
        computers: [
            get("workbook-head-product"),
            get("workbook-head-maker"),
            get("workbook-head-facility"),
            get("workbook-head-class"),
            get("workbook-head-note"),
            get("workbook-head-id"),
        ],
        states: [
            get("answer-state-known"),
            get("answer-state-investigating"),
            get("answer-state-unknown"),
            get("answer-state-not-applicable"),
        ],
        yes_no: [get("cases-yes"), get("cases-no")],
        needed: get("workbook-needed"),
        rules: RuleWords {
            choose: get("workbook-rule-choose"),
            too_long: get("workbook-rule-too-long"),
        },
    }
}

/// The words of the forms of computers in a language.
pub(crate) fn of_computers(t: Texts) -> NotificationWords {
    let get = |key: &str| t.get(key).into_owned();
    NotificationWords {
        language: match t.locale() {
            Locale::Ja => Language::Japanese,
            Locale::En => Language::English,
        },
        notes: vec![
            get("workbook-computers-note-fill"),
            get("workbook-computers-note-rows"),
        ],
        table_note: get("workbook-computers-note-table"),
        facility: get("workbook-head-facility-name"),
        computer: get("workbook-head-id"),
        rules: RuleWords {
            choose: get("workbook-rule-choose"),
            too_long: get("workbook-rule-too-long"),
        },
    }
}

/// The words of all languages: a workbook is read in whatever language it was written.
pub(crate) fn all_words() -> Vec<WorkbookWords> {
    [Locale::Ja, Locale::En]
        .map(|locale| words(Texts::new(locale)))
        .to_vec()
}
