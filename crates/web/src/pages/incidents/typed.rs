//! From the fields of a page to what was typed, and back.

use app::incidents::{Typed, TypedComputer};
use formats::answers::AnswerState;
use formats::forms::{Field, FieldKind};

use crate::forms::RawForm;

/// Most computers that one page sends.
const MAX_ROWS: usize = 500;

/// What was typed in a field of a page.
pub(in crate::pages) fn read(raw: &RawForm, field: &Field) -> Typed {
    let key = field.key.as_str();
    let part = |name: &str| raw.get(&format!("{key}.{name}"));
    let mut typed = Typed {
        state: state_of(part("state")),
        reason: part("reason").to_owned(),
        approximate: raw.is_checked(&format!("{key}.approximate")),
        ..Typed::default()
    };
    match &field.kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Choice(_) | FieldKind::YesNo => {
            raw.get(key).clone_into(&mut typed.text);
        }
        FieldKind::Date => typed.text = join_day(part("year"), part("month"), part("day")),
        FieldKind::DateTime => {
            typed.text = join_day(part("year"), part("month"), part("day"));
            if !raw.is_checked(&format!("{key}.time_unknown")) {
                typed.time = join_time(part("hour"), part("minute"));
            }
        }
        FieldKind::Choices(_) => typed.ticked = raw.all(key).map(str::to_owned).collect(),
        FieldKind::Quantity(_) => {
            raw.get(key).clone_into(&mut typed.text);
            part("unit").clone_into(&mut typed.unit);
        }
        FieldKind::Computers => typed.computers = computers(raw, key),
    }
    typed
}

/// The fields of a page for what was typed.
pub(in crate::pages) fn show(raw: &mut RawForm, field: &Field, typed: &Typed) {
    let key = field.key.as_str();
    let mut put = |name: &str, value: &str| raw.push(format!("{key}{name}"), value);
    put(".state", code_of(typed.state));
    put(".reason", &typed.reason);
    if typed.approximate {
        put(".approximate", "yes");
    }
    match &field.kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Choice(_) | FieldKind::YesNo => {
            put("", &typed.text);
        }
        FieldKind::Date => show_day(&mut put, &typed.text),
        FieldKind::DateTime => {
            show_day(&mut put, &typed.text);
            match typed.time.split_once(':') {
                Some((hour, minute)) => {
                    put(".hour", hour);
                    put(".minute", minute);
                }
                None => put(".hour", &typed.time),
            }
        }
        FieldKind::Choices(_) => {
            for code in &typed.ticked {
                put("", code);
            }
        }
        FieldKind::Quantity(_) => {
            put("", &typed.text);
            put(".unit", &typed.unit);
        }
        FieldKind::Computers => {
            for (at, computer) in typed.computers.iter().enumerate() {
                let id = computer.computer.map(|id| id.to_string());
                put(&format!(".{at}.computer"), id.as_deref().unwrap_or(""));
                put(&format!(".{at}.product"), &computer.product);
                put(&format!(".{at}.maker"), &computer.maker);
                put(&format!(".{at}.note"), &computer.note);
            }
        }
    }
}

fn show_day(put: &mut impl FnMut(&str, &str), text: &str) {
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    match parts.as_slice() {
        [year, month, day] => {
            put(".year", year);
            put(".month", month);
            put(".day", day);
        }
        // Pasted whole and not read yet: shown where it was pasted.
        _ => put(".year", text),
    }
}

/// A day from its parts; a whole day pasted into the year stays as it is.
pub(super) fn join_day(year: &str, month: &str, day: &str) -> String {
    if month.trim().is_empty() && day.trim().is_empty() {
        return year.to_owned();
    }
    format!("{year}/{month}/{day}")
}

/// A time from its parts; a whole time pasted into the hour stays as it is.
pub(super) fn join_time(hour: &str, minute: &str) -> String {
    if minute.trim().is_empty() {
        return hour.to_owned();
    }
    format!("{hour}:{minute}")
}

fn computers(raw: &RawForm, key: &str) -> Vec<TypedComputer> {
    let mut computers = Vec::new();
    for id in raw.all(&format!("{key}.pick")) {
        // The value names the computer; product and maker came with it from the register.
        let mut parts = id.splitn(3, '\u{1f}');
        let (id, product, maker) = (parts.next(), parts.next(), parts.next());
        if let Some(computer) = id.and_then(|id| id.parse().ok()) {
            computers.push(TypedComputer {
                computer: Some(computer),
                product: product.unwrap_or_default().to_owned(),
                maker: maker.unwrap_or_default().to_owned(),
                ..TypedComputer::default()
            });
        }
    }
    for at in 0..MAX_ROWS {
        let part = |name: &str| raw.get(&format!("{key}.{at}.{name}"));
        let (product, maker, note) = (part("product"), part("maker"), part("note"));
        if product.trim().is_empty() && maker.trim().is_empty() && note.trim().is_empty() {
            continue;
        }
        computers.push(TypedComputer {
            computer: part("computer").parse().ok(),
            product: product.to_owned(),
            maker: maker.to_owned(),
            note: note.to_owned(),
            ..TypedComputer::default()
        });
    }
    computers
}

fn state_of(code: &str) -> Option<AnswerState> {
    match code {
        "investigating" => Some(AnswerState::Investigating),
        "unknown" => Some(AnswerState::Unknown),
        "not_applicable" => Some(AnswerState::NotApplicable),
        _ => None,
    }
}

fn code_of(state: Option<AnswerState>) -> &'static str {
    match state {
        None | Some(AnswerState::Filled) => "known",
        Some(AnswerState::Investigating) => "investigating",
        Some(AnswerState::Unknown) => "unknown",
        Some(AnswerState::NotApplicable) => "not_applicable",
    }
}

#[cfg(test)]
mod tests {
    use app::incidents::Typed;
    use formats::forms::{FormKind, current};

    use super::{read, show};
    use crate::forms::RawForm;

    #[test]
    fn what_a_page_shows_it_sends_back_unchanged() {
        let form = current(FormKind::Incident).unwrap();
        let mut when = Typed::text("2026/11/20");
        when.time = "03:17".to_owned();
        when.approximate = true;
        let many = Typed {
            ticked: vec!["vpn".to_owned(), "rdp".to_owned()],
            ..Typed::default()
        };
        let mut amount = Typed::text("１，２００");
        amount.unit = "hours".to_owned();
        for (key, typed) in [
            ("occurred_at", when),
            ("entry_route", many),
            ("outage", amount),
            ("summary", Typed::text("　髙𠮷 \n二行目")),
            ("personal_data", Typed::text("none")),
        ] {
            let field = form.field(key).unwrap();
            let mut raw = RawForm::empty();
            show(&mut raw, field, &typed);
            assert_eq!(read(&raw, field), typed, "{key}");
        }
    }

    #[test]
    fn a_day_pasted_whole_is_shown_where_it_was_pasted() {
        let form = current(FormKind::Incident).unwrap();
        let field = form.field("occurred_at").unwrap();
        let mut raw = RawForm::empty();
        show(&mut raw, field, &Typed::text("令和8年11月20日"));
        assert_eq!(raw.get("occurred_at.year"), "令和8年11月20日");
        assert_eq!(read(&raw, field).text, "令和8年11月20日");
    }
}
