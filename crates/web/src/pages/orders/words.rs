use app::orders::DirectiveItem;
use ids::{DirectiveDuty, DirectiveKind, DirectiveOutcome};
use jiff::Timestamp;
use model::orders::{Directive, DirectiveFile, DirectiveState};
use statute::{Amount, Entry, Rule};

use crate::components::{DeadlineBadge, StatusBadge, Tone};
use crate::fmt::Time;
use crate::frame::named;
use crate::pages::filings::words::name;
use crate::texts::Texts;

/// What it is, with its article.
pub(crate) fn kind(t: Texts, kind: DirectiveKind) -> String {
    t.get(&format!("directive-kind-{}", kind.code()))
        .into_owned()
}

/// Which duty it is about, with its article.
pub(crate) fn duty(t: Texts, duty: DirectiveDuty) -> String {
    t.get(&format!("directive-duty-{}", duty.code()))
        .into_owned()
}

/// How it ended.
pub(crate) fn outcome(t: Texts, outcome: DirectiveOutcome) -> String {
    let code = outcome.code().replace('_', "-");
    t.get(&format!("directive-outcome-{code}")).into_owned()
}

/// Where it stands.
pub(crate) fn state(t: Texts, state: DirectiveState) -> StatusBadge {
    let tone = match state {
        DirectiveState::Unopened | DirectiveState::Waiting => Tone::Warning,
        DirectiveState::Overdue | DirectiveState::NotFulfilled => Tone::Error,
        DirectiveState::Answered => Tone::Info,
        DirectiveState::Fulfilled => Tone::Success,
        DirectiveState::Withdrawn => Tone::Neutral,
    };
    let code = state.code().replace('_', "-");
    StatusBadge::new(tone, t.get(&format!("directive-state-{code}")))
}

/// The deadline that the authority set, while it runs or is over without an answer.
pub(crate) fn deadline(t: Texts, file: &DirectiveFile, now: Timestamp) -> Option<DeadlineBadge> {
    let last = file.directive.due.filter(|_| file.is_open())?;
    let end = statute::calendar::jst::end_of(last).ok()?;
    Some(DeadlineBadge::set(t, last, end, now))
}

/// What the rule book says of a kind: the basis, then what follows from a breach, with its amount.
pub(crate) fn law(t: Texts, entries: &[Entry]) -> Vec<(String, String)> {
    entries
        .iter()
        .map(|entry| {
            let label = named(t, &entry.label_ja, &entry.label_en);
            let text = match &entry.rule {
                Rule::Amounts(amounts) => {
                    let amounts: Vec<String> =
                        amounts.iter().map(|amount| in_words(t, amount)).collect();
                    t.with2(
                        "directive-law-amount",
                        "label",
                        label,
                        "amount",
                        amounts.join(&t.get("law-separator")),
                    )
                    .into_owned()
                }
                _ => label,
            };
            (text, named(t, &entry.basis_ja, &entry.basis))
        })
        .collect()
}

fn in_words(t: Texts, amount: &Amount) -> String {
    let key = format!("directive-unit-{}", amount.unit);
    t.with(&key, "count", grouped(amount.amount)).into_owned()
}

/// A number with a comma before every third digit from the end.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len().saturating_add(3));
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(place);
        if 0 < place && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// One row of a list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) duty: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) issued: Time,
    pub(crate) deadline: Option<DeadlineBadge>,
    pub(crate) state: StatusBadge,
}

/// A directive as a list shows it. The operator of an opinion is named beside the Minister to whom it goes.
pub(crate) fn row(t: Texts, item: &DirectiveItem, now: Timestamp) -> Row {
    let directive: &Directive = &item.file.directive;
    let mut to = name(t, &item.addressee);
    if directive.operator != directive.addressee {
        to = t
            .with2(
                "directive-to-about",
                "to",
                to,
                "operator",
                name(t, &item.operator),
            )
            .into_owned();
    }
    Row {
        href: format!("/directives/{}", directive.id),
        number: directive.number.as_str().to_owned(),
        kind: kind(t, directive.kind),
        duty: duty(t, directive.duty),
        from: name(t, &item.issuer),
        to,
        issued: Time::at(t, directive.issued_at),
        deadline: deadline(t, &item.file, now),
        state: state(t, item.state),
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_long_number_is_grouped_by_three_digits() {
        assert_eq!(grouped(300), "300");
        assert_eq!(grouped(2_000_000), "2,000,000");
        assert_eq!(grouped(12_345), "12,345");
    }
}
