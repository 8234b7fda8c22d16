use app::entries::EntryShown;
use ids::FilingId;
use model::entries::{CallerIdentified, EntryVerdict, EntryWay};

use crate::components::{StatusBadge, Tone};
use crate::fmt::Time;
use crate::frame::named;
use crate::texts::Texts;

/// How a filing was taken down, on the page of the filing.
pub(in crate::pages) struct EntryPart {
    pub(in crate::pages) text: String,
    pub(in crate::pages) told: Time,
    pub(in crate::pages) entered: Time,
    pub(in crate::pages) caller: String,
    pub(in crate::pages) phone: String,
    pub(in crate::pages) identified: String,
    pub(in crate::pages) verdict: StatusBadge,
    pub(in crate::pages) note: String,
    pub(in crate::pages) answer: Option<String>,
}

pub(in crate::pages) fn part(t: Texts, filing: FilingId, shown: &EntryShown) -> EntryPart {
    let entry = &shown.entry;
    let desk = named(t, &shown.desk.0, &shown.desk.1);
    let caller = [entry.caller.department.as_str(), entry.caller.name.as_str()];
    EntryPart {
        text: t
            .with2("entry-of", "desk", desk, "way", way(t, entry.way))
            .into_owned(),
        told: Time::at(t, entry.received_at),
        entered: Time::at(t, entry.entered_at),
        caller: caller
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        phone: entry.caller.phone.clone(),
        identified: match &shown.code_of {
            Some(name) => t
                .with("entry-identified-code-of", "name", name.as_str())
                .into_owned(),
            None => identified(t, entry.identified),
        },
        verdict: verdict(t, entry.answer.as_ref().map(|answer| answer.verdict)),
        note: entry
            .answer
            .as_ref()
            .map(|answer| answer.note.clone())
            .unwrap_or_default(),
        answer: shown.may_answer.then(|| format!("/filings/{filing}/entry")),
    }
}

pub(super) fn way(t: Texts, way: EntryWay) -> String {
    t.get(match way {
        EntryWay::Oral => "entry-way-oral",
        EntryWay::Paper => "entry-way-paper",
        EntryWay::Mail => "entry-way-mail",
    })
    .into_owned()
}

pub(super) fn identified(t: Texts, identified: CallerIdentified) -> String {
    t.get(match identified {
        CallerIdentified::Code => "entry-identified-code",
        CallerIdentified::Callback => "entry-identified-callback",
        CallerIdentified::Contact => "entry-identified-contact",
        CallerIdentified::None => "entry-identified-none",
    })
    .into_owned()
}

pub(super) fn verdict_text(t: Texts, verdict: EntryVerdict) -> String {
    t.get(match verdict {
        EntryVerdict::Recognised => "entry-verdict-recognised",
        EntryVerdict::ToCorrect => "entry-verdict-to-correct",
        EntryVerdict::NotOurs => "entry-verdict-not-ours",
    })
    .into_owned()
}

pub(super) fn verdict(t: Texts, verdict: Option<EntryVerdict>) -> StatusBadge {
    match verdict {
        None => StatusBadge::new(Tone::Warning, t.get("entry-verdict-open")),
        Some(said) => {
            let tone = match said {
                EntryVerdict::Recognised => Tone::Success,
                EntryVerdict::ToCorrect => Tone::Warning,
                EntryVerdict::NotOurs => Tone::Error,
            };
            StatusBadge::new(tone, verdict_text(t, said))
        }
    }
}
