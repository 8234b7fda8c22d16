//! What a person enters in one field of a form.

use std::sync::LazyLock;

use formats::answers::{Answer, Input, read_input};
use formats::filing::{answer_from_value, answer_value};
use formats::forms;
use statute::RuleBook;

static BOOK: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

/// The first two octets choose form and field; lines of text follow: text, time, unit, ticked options.
///
/// What is read can be written into a body and read back as the same; what is refused has a code.
pub(crate) fn check(octets: &[u8]) {
    let Some((&[form, field], rest)) = octets.split_first_chunk::<2>() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let forms = forms::all().expect("the forms");
    let form = &forms[usize::from(form) % forms.len()];
    let fields: Vec<_> = form.fields_of(None).collect();
    let field = fields[usize::from(field) % fields.len()];
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    // A carriage return stands for a line break within the text.
    let (text, time, unit) = (line().replace('\r', "\r\n"), line(), line());
    let ticked: Vec<String> = lines.map(str::to_owned).collect();
    let input = Input {
        text: &text,
        time,
        unit,
        ticked: &ticked,
    };
    match read_input(&BOOK, field, &input) {
        Ok(None) => {}
        Ok(Some(value)) => {
            let answer = Answer::filled(value);
            let again = answer_from_value(&answer_value(&answer));
            assert_eq!(again, Ok(answer), "{}", field.key);
        }
        Err(error) => assert_ne!(error.code(), ""),
    }
}
