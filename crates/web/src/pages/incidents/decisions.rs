use app::incidents::{DecisionView, NewDecision};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use ids::{CaseId, DecisionId};
use jiff::ToSpan as _;
use model::incidents::RecheckState;
use policy::Action;
use statute::{Answer, Topic, questions};

use super::answers;
use super::new::page_token;
use super::typed::join_day;
use super::words::{self, Pairs};
use crate::components::{
    Banner, EmptyState, ListWay, Pagination, Receipt, StatusBadge, SummaryList, SummaryRow, Tone,
};
use crate::failure::{PageError, PageResult};
use crate::fmt::{self, Time};
use crate::forms::{
    DateInput, ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea, TextInput,
};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Days after which a decision is offered to be looked at again; a habit of the house, not of the law.
const RECHECK_DAYS: i64 = 30;

/// Decisions of one page of the register.
const SHOWN: u32 = 50;

struct Row {
    href: String,
    number: String,
    summary: String,
    state: StatusBadge,
    recheck: String,
    decided: String,
}

#[derive(Template)]
#[template(path = "pages/incidents/decisions.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    empty: EmptyState,
    pages: Option<Pagination>,
}

#[derive(Template)]
#[template(path = "pages/incidents/decision_new.html")]
struct NewPage {
    page: Page,
    summary_errors: ErrorSummary,
    summary: TextInput,
    reason: TextArea,
    recheck_on: DateInput,
    carried: Vec<(String, String)>,
    case: String,
    key: String,
    answered: SummaryList,
}

#[derive(Template)]
#[template(path = "pages/incidents/decision.html")]
struct DecisionPage {
    page: Page,
    receipt: Receipt,
    state: StatusBadge,
    list: SummaryList,
    answered: Option<SummaryList>,
    again: Option<String>,
    case: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let t = signed.here.t;
    let query = RawForm::from_pairs(query);
    let after = Some(query.get("after")).filter(|after| !after.is_empty());
    let found = app.list_decisions(signed.actor(), after, SHOWN).await?;
    let rows: Vec<Row> = found
        .decisions
        .iter()
        .map(|decision| Row {
            href: format!("/decisions/{}", decision.id),
            number: decision.number.as_str().to_owned(),
            summary: decision.summary.clone(),
            state: state(t, decision),
            recheck: fmt::date(t, decision.recheck_on),
            decided: fmt::date_time(t, decision.decided_at),
        })
        .collect();
    let shown = t.with("cases-shown", "count", rows.len());
    let way = ListWay::new("/decisions", "after", query.get("after"), query.get("back"));
    let pages = way.pagination(t, found.next.as_deref(), shown);
    Ok(render(&ListPage {
        page: signed
            .page("decisions-title")
            .crumb("/cases", t.get("cases-title")),
        rows,
        empty: EmptyState::new(t.get("decisions-none"), t.get("decisions-none-text"))
            .action("/need-to-report", t.get("judge-title")),
        pages,
    }))
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<DecisionId>,
) -> PageResult {
    let t = signed.here.t;
    let decision = app.view_decision(signed.actor(), id).await?;
    let rows = vec![
        SummaryRow::new(t.get("decisions-summary"), &decision.summary),
        SummaryRow::new(t.get("decisions-reason"), decision.reason.as_str()),
        SummaryRow::new(
            t.get("judge-outcome"),
            &words::outcome(t, &decision.outcome),
        ),
        SummaryRow::new(t.get("decisions-by"), &decision.decided_by_name),
        SummaryRow::new(
            t.get("decisions-at"),
            &fmt::date_time(t, decision.decided_at),
        ),
        SummaryRow::new(
            t.get("decisions-recheck"),
            &fmt::date(t, decision.recheck_on),
        ),
    ];
    let again = decision
        .standing
        .then(|| format!("/need-to-report?decision={id}"));
    Ok(render(&DecisionPage {
        page: signed
            .page("decisions-one-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb("/decisions", t.get("decisions-title")),
        receipt: Receipt::new(t, decision.number.as_str())
            .recorded(Time::at_second(t, decision.decided_at)),
        state: state(t, &decision),
        list: SummaryList::new(t, rows),
        answered: decision
            .answers
            .iter()
            .next()
            .map(|_| answered(&app, t, decision.answers.iter())),
        again,
        case: decision.case.map(|case| format!("/cases/{case}")),
    }))
}

pub(super) async fn show_new(
    State(app): State<App>,
    signed: Signed,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let case = signed.own_new_case(&app);
    signed.must_be_allowed(&app, Action::DecideNotToReport, &case)?;
    let mut raw = RawForm::from_pairs(query);
    let day = app.today().saturating_add(RECHECK_DAYS.days());
    raw.push("recheck_on.year", day.year().to_string());
    raw.push("recheck_on.month", day.month().to_string());
    raw.push("recheck_on.day", day.day().to_string());
    if let Ok(case) = raw.get("case").parse::<CaseId>() {
        let view = app.view_case(signed.actor(), case).await?;
        raw.push("summary", view.case.parts().title.as_str());
    }
    Ok(render(&form(&app, &signed, &raw, &FormErrors::new())))
}

pub(super) async fn record(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let case = signed.own_new_case(&app);
    signed.must_be_allowed(&app, Action::DecideNotToReport, &case)?;
    let t = signed.here.t;
    let part = |part: &str| raw.get(&format!("recheck_on.{part}"));
    let day = join_day(part("year"), part("month"), part("day"));
    let mut errors = FormErrors::new();
    let recheck_on = match formats::dates::read_date(app.rules(), &day) {
        Ok(day) => Some(day),
        Err(wrong) => {
            let key = words::error_key(t, wrong.code());
            errors.push(FieldError::new("recheck_on", "decisions-recheck", key).part("year"));
            None
        }
    };
    let sheet = answers::read(&app, &raw);
    let new = NewDecision {
        case: raw.get("case").parse().ok(),
        summary: raw.get("summary").to_owned(),
        group: sheet.group,
        answers: sheet.answers,
        reason: raw.get("reason").to_owned(),
        // A day that cannot be read is refused above; the others are checked all the same.
        recheck_on: recheck_on.unwrap_or_else(|| app.today().saturating_add(1.days())),
    };
    for (field, label) in [
        ("summary", "decisions-summary"),
        ("reason", "decisions-reason"),
    ] {
        if raw.get(field).trim().is_empty() {
            errors.add(field, label, "form-error-missing");
        }
    }
    if !errors.is_empty() {
        return Ok(again(&app, &signed, &raw, &errors));
    }
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    match app.decide_not_to_report(signed.actor(), &new, key).await {
        Ok(recorded) => {
            let to = format!("/decisions/{}", recorded.decision);
            Ok(Redirect::to(&to).into_response())
        }
        Err(AppError::Invalid(problems)) => {
            for problem in &problems {
                let label = match problem.field.as_str() {
                    "summary" => "decisions-summary",
                    "reason" => "decisions-reason",
                    _ => "decisions-recheck",
                };
                let key = words::error_key(t, problem.code);
                let error = FieldError::new(&problem.field, label, key);
                errors.push(match problem.field.as_str() {
                    "recheck_on" => error.part("year"),
                    _ => error,
                });
            }
            Ok(again(&app, &signed, &raw, &errors))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

fn again(app: &App, signed: &Signed, raw: &RawForm, errors: &FormErrors) -> Response {
    render_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &form(app, signed, raw, errors),
    )
}

fn form(app: &App, signed: &Signed, raw: &RawForm, errors: &FormErrors) -> NewPage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let sheet = answers::read(app, raw);
    let key = match raw.get("key") {
        "" => page_token(app),
        key => key.to_owned(),
    };
    NewPage {
        page: signed
            .page("decisions-new-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb("/decisions", t.get("decisions-title"))
            .notice(
                Banner::new(t, Tone::Info, t.get("decisions-new-note"))
                    .text(t.get("decisions-new-note-text")),
            )
            .with_errors(!errors.is_empty()),
        summary_errors: form.summary(),
        summary: form
            .text("summary", "decisions-summary")
            .hint("decisions-summary-hint")
            .required(),
        reason: form
            .text_area("reason", "decisions-reason")
            .hint("decisions-reason-hint")
            .rows(4)
            .max_chars(2000)
            .required(),
        recheck_on: form
            .date("recheck_on", "decisions-recheck")
            .hint("decisions-recheck-hint")
            .required(),
        carried: answers::pairs(&sheet),
        case: raw.get("case").to_owned(),
        key,
        answered: answered(app, t, sheet.answers.iter()),
    }
}

/// The answers that a decision rests on; what nobody knew is not listed.
fn answered<'a>(
    app: &App,
    t: Texts,
    answers: impl Iterator<Item = (&'a str, Answer)>,
) -> SummaryList {
    let asked = questions(app.rules(), Topic::Event, app.today());
    let rows = answers
        .filter_map(|(code, answer)| {
            let key = match answer {
                Answer::Yes => "cases-yes",
                Answer::No => "cases-no",
                Answer::Unknown => return None,
            };
            let question = asked.iter().find(|asked| asked.code == code)?;
            let text = named(t, question.text_ja, question.text_en);
            Some(SummaryRow::new(text, &t.get(key)))
        })
        .collect();
    SummaryList::new(t, rows)
}

fn state(t: Texts, decision: &DecisionView) -> StatusBadge {
    match (decision.standing, decision.recheck) {
        (false, _) => StatusBadge::new(Tone::Neutral, t.get("decisions-settled")),
        (true, RecheckState::Due) => StatusBadge::new(Tone::Warning, t.get("decisions-due")),
        (true, RecheckState::Resting) => StatusBadge::new(Tone::Info, t.get("decisions-resting")),
    }
}
