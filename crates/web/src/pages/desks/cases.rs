use app::App;
use app::desks::{CaseEvent, CaseMoment};
use askama::Template;
use axum::extract::{Path, State};
use model::filing::FormalResult;
use model::incidents::{AwarenessKind, Precision};

use crate::components::{Moment, Timeline, Tone};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::pages::filings::{id_of, words};
use crate::session::Signed;
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "pages/desks/case.html")]
struct CasePage {
    page: Page,
    timeline: Timeline,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let t = signed.here.t;
    let case = app.desk_case(signed.actor(), id_of(&id)?).await?;
    let title = t.with(
        "case-timeline-title",
        "operator",
        words::name(t, &case.operator),
    );
    Ok(render(&CasePage {
        page: signed
            .page_titled(title)
            .crumb("/desk", t.get("desk-title")),
        timeline: Timeline::new(
            case.moments
                .iter()
                .map(|moment| show_moment(t, moment))
                .collect(),
        ),
    }))
}

fn show_moment(t: Texts, moment: &CaseMoment) -> Moment {
    let at = Time::at_second(t, moment.at);
    match &moment.event {
        CaseEvent::Aware { record, corrected } => {
            let key = match record.kind {
                AwarenessKind::NearMiss => "document-aware-near-miss",
                AwarenessKind::Incident => "document-aware-incident",
            };
            let mut shown = Moment::new(at, Tone::Warning, t.get(key)).line(record.source.as_str());
            if record.precision == Precision::Approximate {
                shown = shown.line(t.get("document-approximate"));
            }
            if *corrected {
                shown = shown.line(t.get("case-aware-corrected"));
            }
            if let Some((_, reason)) = &record.corrects {
                shown = shown.line(t.with("document-reason", "reason", reason.as_str()));
            }
            shown
        }
        CaseEvent::Filed(filing) => Moment::new(at, Tone::Info, words::kind(t, filing.kind))
            .link(format!("/filings/{}", filing.id), filing.number.as_str()),
        CaseEvent::Checked { check, desk } => {
            let (tone, key) = match check.result {
                FormalResult::Meets => (Tone::Success, "filing-check-meets"),
                FormalResult::Lacks => (Tone::Warning, "filing-check-lacks"),
            };
            let shown = Moment::new(at, tone, t.get(key)).line(words::name(t, desk));
            if check.note.is_empty() {
                shown
            } else {
                shown.line(check.note.as_str())
            }
        }
        CaseEvent::Requested { request, desk } => {
            Moment::new(at, Tone::Warning, t.get("case-requested"))
                .line(words::name(t, desk))
                .line(request.text.as_str())
        }
        CaseEvent::Answered { request } => {
            let mut shown = Moment::new(at, Tone::Success, t.get("case-answered"));
            if let Some(answer) = &request.answer {
                shown = shown.line(answer.text.as_str());
                if let Some(filing) = answer.filing {
                    shown =
                        shown.link(format!("/filings/{filing}"), t.get("filing-answer-version"));
                }
            }
            shown
        }
        CaseEvent::Opened { .. } => Moment::new(at, Tone::Neutral, t.get("case-opened")),
    }
}
