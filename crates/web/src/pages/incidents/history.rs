use app::App;
use app::incidents::{Event, EventKind, FiledVersion};
use askama::Template;
use axum::extract::{Path, State};
use formats::forms::{Form, FormKind, version};
use ids::CaseId;
use model::filing::FormalResult;

use super::words;
use crate::components::{EmptyState, Moment, Timeline, Tone};
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::session::Signed;
use crate::texts::Texts;

struct ChangeRow {
    label: String,
    before: String,
    after: String,
}

struct VersionCard {
    title: String,
    href: String,
    at: String,
    by: String,
    changes: Vec<ChangeRow>,
}

#[derive(Template)]
#[template(path = "pages/incidents/history.html")]
struct HistoryPage {
    page: Page,
    versions: Vec<VersionCard>,
    empty: EmptyState,
}

#[derive(Template)]
#[template(path = "pages/incidents/timeline.html")]
struct TimelinePage {
    page: Page,
    timeline: Timeline,
}

/// Everything filed in a case, each with what it changed.
pub(super) async fn versions(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let versions = app.case_history(signed.actor(), id).await?;
    Ok(render(&HistoryPage {
        page: signed
            .page("cases-history-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str()),
        versions: versions.iter().map(|version| card(t, version)).collect(),
        empty: EmptyState::new(t.get("cases-filed-none"), t.get("cases-history-none"))
            .action(format!("/cases/{id}"), t.get("cases-back-to-case")),
    }))
}

fn card(t: Texts, filed: &FiledVersion) -> VersionCard {
    let head = &filed.version.head;
    let form = version(FormKind::Incident, &head.form_version).ok();
    VersionCard {
        title: format!(
            "{} {}",
            words::filing_kind(t, head.kind),
            head.number.as_str()
        ),
        href: format!("/filings/{}", head.id),
        at: fmt::date_time_seconds(t, head.filed_at),
        by: filed.version.filed_by_name.clone(),
        changes: filed
            .changes
            .iter()
            .filter_map(|change| {
                // What the stage itself changes is no news.
                let own = [
                    "/kind",
                    "/stage",
                    "/update_number",
                    "/corrects",
                    "/explanation",
                ];
                if own.contains(&change.path.as_str()) {
                    return None;
                }
                Some(ChangeRow {
                    label: label(t, form, &change.path),
                    before: shown(t, form, &change.path, change.before.as_ref()),
                    after: shown(t, form, &change.path, change.after.as_ref()),
                })
            })
            .collect(),
    }
}

fn label(t: Texts, form: Option<&Form>, path: &str) -> String {
    if let Some(field) = form.and_then(|form| form.field_at(path)) {
        return words::label(t, field);
    }
    let part = path.split('/').nth(1).unwrap_or_default();
    t.get(match part {
        "awareness" => "cases-awareness",
        "attachments" => "cases-files-title",
        "event_code" => "cases-event",
        "form" => "cases-sheet",
        "operator" => "cases-operator",
        _ => "cases-other-part",
    })
    .into_owned()
}

fn shown(t: Texts, form: Option<&Form>, path: &str, value: Option<&serde_json::Value>) -> String {
    let Some(value) = value else {
        return t.get("cases-empty").into_owned();
    };
    let read = form
        .and_then(|form| form.field_at(path))
        .zip(formats::filing::answer_from_value(value).ok());
    if let Some((field, answer)) = read {
        return words::answer(t, field, &answer);
    }
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(object) => ["file_name", "aware_at", "product"]
            .into_iter()
            .find_map(|key| object.get(key)?.as_str())
            .map_or_else(|| value.to_string(), str::to_owned),
        other => other.to_string(),
    }
}

/// What happened in a case, in order.
pub(super) async fn timeline(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let events = app.case_timeline(signed.actor(), id).await?;
    Ok(render(&TimelinePage {
        page: signed
            .page("cases-timeline-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str()),
        timeline: Timeline::new(events.iter().map(|event| moment(t, event)).collect()),
    }))
}

fn moment(t: Texts, event: &Event) -> Moment {
    let at = Time::at(t, event.at);
    let say = |tone, title: String| Moment::new(at.clone(), tone, title);
    let plain = |key: &str| t.get(key).into_owned();
    let with = |key: &str, name: &'static str, value: &str| t.with(key, name, value).into_owned();
    let moment = match &event.kind {
        EventKind::Opened => say(Tone::Neutral, plain("timeline-opened")),
        EventKind::Aware {
            kind,
            precision,
            superseded,
        } => {
            let kind = words::awareness_kind(t, *kind);
            let mut moment = say(Tone::Warning, with("timeline-aware", "kind", &kind));
            if *precision == model::incidents::Precision::Approximate {
                moment = moment.line(t.get("cases-approximate"));
            }
            if *superseded {
                moment = moment.line(t.get("cases-superseded"));
            }
            moment
        }
        EventKind::Judged(code) => {
            let text = with("timeline-judged", "event", &words::event(t, *code));
            say(Tone::Info, text)
        }
        EventKind::DecidedNotToReport(number) => say(
            Tone::Info,
            with("timeline-decided", "number", number.as_str()),
        ),
        EventKind::Filed {
            filing,
            kind,
            number,
        } => say(
            Tone::Success,
            with("timeline-filed", "kind", &words::filing_kind(t, *kind)),
        )
        .link(format!("/filings/{filing}"), number.as_str()),
        EventKind::Delivered(desk) => say(Tone::Info, with("timeline-delivered", "desk", desk)),
        EventKind::Opening(desk) => say(Tone::Info, with("timeline-opening", "desk", desk)),
        EventKind::Checked(FormalResult::Meets, desk) => {
            say(Tone::Success, with("timeline-meets", "desk", desk))
        }
        EventKind::Checked(FormalResult::Lacks, desk) => {
            say(Tone::Warning, with("timeline-lacks", "desk", desk))
        }
        EventKind::CorrectionRequested(request, desk) => {
            say(Tone::Warning, with("timeline-asked", "desk", desk)).link(
                format!("/corrections/{request}"),
                t.get("timeline-asked-link"),
            )
        }
        EventKind::CorrectionAnswered(_) => say(Tone::Success, plain("timeline-answered")),
    };
    if event.by.is_empty() {
        moment
    } else {
        moment.line(event.by.as_str())
    }
}
