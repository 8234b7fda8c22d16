use app::App;
use app::orders::{DirectiveView, LinkedFiling};
use askama::Template;
use axum::extract::{Path, State};

use super::words;
use crate::components::{Banner, DeadlineBadge, StatusBadge, Tone};
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::frame::named;
use crate::page::{Page, render};
use crate::pages::filings::id_of;
use crate::session::Signed;
use crate::texts::Texts;

struct Answer {
    at: Time,
    text: String,
    filing: Option<LinkedFiling>,
}

struct End {
    badge: StatusBadge,
    at: Time,
    note: String,
}

#[derive(Template)]
#[template(path = "pages/orders/view.html")]
struct ViewPage {
    page: Page,
    id: String,
    number: String,
    kind: String,
    duty: String,
    from: String,
    to: String,
    about: Option<String>,
    issued: Time,
    due: Option<String>,
    deadline: Option<DeadlineBadge>,
    state: StatusBadge,
    opened: Option<Time>,
    filing: Option<LinkedFiling>,
    text: String,
    grounds: String,
    hearing: String,
    law: Vec<(String, String)>,
    answers: Vec<Answer>,
    end: Option<End>,
    reply: bool,
    close: bool,
    issued_here: bool,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let view = app.view_directive(signed.actor(), id_of(&id)?).await?;
    let t = signed.here.t;
    let directive = &view.file.directive;
    let mut page = signed
        .page_titled(title(t, &view))
        .crumb("/directives", t.get("directives-title"));
    if view.allowed.reply && view.file.replies.is_empty() {
        page = page.notice(
            Banner::new(t, Tone::Warning, t.get("directive-answer-wanted"))
                .text(t.get("directive-answer-wanted-text"))
                .link(
                    format!("/directives/{}/reply", directive.id),
                    t.get("directive-reply-action"),
                ),
        );
    }
    Ok(render(&ViewPage {
        page,
        id: directive.id.to_string(),
        number: directive.number.as_str().to_owned(),
        kind: words::kind(t, directive.kind),
        duty: words::duty(t, directive.duty),
        from: named(t, &view.issuer.name_ja, &view.issuer.name_en),
        to: named(t, &view.addressee.name_ja, &view.addressee.name_en),
        about: (directive.operator != directive.addressee)
            .then(|| named(t, &view.operator.name_ja, &view.operator.name_en)),
        issued: Time::at(t, directive.issued_at),
        due: directive.due.map(|day| fmt::until(t, day)),
        deadline: words::deadline(t, &view.file, app.now()),
        state: words::state(t, view.state),
        opened: view
            .file
            .opening
            .as_ref()
            .map(|opening| Time::at(t, opening.opened_at)),
        filing: view.filing.clone(),
        text: directive.text.clone(),
        grounds: directive.grounds.clone(),
        hearing: directive.hearing.clone(),
        law: words::law(t, &view.law),
        answers: answers(t, &view),
        end: view.file.closing.as_ref().map(|closing| End {
            badge: words::state(t, view.state),
            at: Time::at(t, closing.closed_at),
            note: closing.note.clone(),
        }),
        reply: view.allowed.reply,
        close: view.allowed.close,
        issued_here: view.issued_here,
    }))
}

/// What it is and its number.
pub(super) fn title(t: Texts, view: &DirectiveView) -> String {
    let directive = &view.file.directive;
    t.with2(
        "desk-about",
        "kind",
        words::kind(t, directive.kind),
        "number",
        directive.number.as_str(),
    )
    .into_owned()
}

fn answers(t: Texts, view: &DirectiveView) -> Vec<Answer> {
    view.file
        .replies
        .iter()
        .map(|reply| Answer {
            at: Time::at(t, reply.replied_at),
            text: reply.text.clone(),
            filing: view
                .answers
                .iter()
                .find(|linked| Some(linked.id) == reply.filing)
                .cloned(),
        })
        .collect()
}
