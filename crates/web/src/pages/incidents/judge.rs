use app::App;
use app::incidents::{EventSheet, Finding, JudgementInput};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::{CaseId, DecisionId};
use statute::EventOutcome;

use super::answers;
use super::words::{self, Pairs};
use crate::components::{Banner, ConfidenceBadge, Tone};
use crate::failure::PageResult;
use crate::forms::{Choice, Choices, Form, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Page, render};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct ReasonRow {
    text: String,
    basis: String,
}

struct Outcome {
    banner: Banner,
    event: Option<String>,
    unsettled: Option<ConfidenceBadge>,
    reasons: Vec<ReasonRow>,
    addressees: Vec<String>,
    open: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/incidents/judge.html")]
struct JudgePage {
    page: Page,
    outcome: Option<Outcome>,
    group: Choices,
    questions: Vec<Choices>,
    carried: Vec<(String, String)>,
    case: Option<String>,
    may_record: bool,
}

/// The wizard; with `?case=` it judges a case, with `?decision=` it looks at a decision again.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let mut raw = RawForm::from_pairs(query);
    if let Ok(id) = raw.get("decision").parse::<DecisionId>() {
        let decision = app.view_decision(signed.actor(), id).await?;
        for (code, answer) in decision.answers.iter() {
            raw.push(answers::name(code), answer.code());
        }
        if let Some(case) = decision.case {
            raw.push("case", case.to_string());
        }
    }
    if let Ok(id) = raw.get("case").parse::<CaseId>()
        && !answers::sent(&raw)
    {
        let view = app.view_case(signed.actor(), id).await?;
        if let Some((group, answered)) = view.judged {
            raw.push("group", group.code());
            for (code, answer) in answered.iter() {
                raw.push(answers::name(code), answer.code());
            }
        }
    }
    page(&app, &signed, &raw).await
}

pub(super) async fn answer(State(app): State<App>, posted: Posted) -> PageResult {
    page(&app, &posted.signed, &posted.form).await
}

/// Keeps the answers as the judgement of a case.
pub(super) async fn keep(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    let sheet = answers::read(&app, &posted.form);
    let input = JudgementInput {
        group: sheet.group,
        answers: sheet.answers,
        event: None,
    };
    app.judge_case(posted.signed.actor(), id, &input, None)
        .await?;
    Ok(Redirect::to(&format!("/cases/{id}")).into_response())
}

async fn page(app: &App, signed: &Signed, raw: &RawForm) -> PageResult {
    let t = signed.here.t;
    let sheet = answers::read(app, raw);
    let found = app.judge_event(signed.actor(), &sheet).await?;
    let outcome = answers::sent(raw).then(|| outcome(t, &found));
    let mut shown = raw.clone();
    if raw.get("group").is_empty() {
        shown.push("group", "unknown");
    }
    // What nobody answered stands on 「分からない」, as the page says.
    for question in &found.questions {
        let name = answers::name(&question.code);
        if raw.get(&name).is_empty() {
            shown.push(name, "unknown");
        }
    }
    let errors = FormErrors::new();
    let form = Form::new(t, &shown, &errors);
    let group = form.radios(
        "group",
        "judge-group",
        vec![
            Choice::new("A", t.get("judge-group-a")).hint(t.get("judge-group-a-hint")),
            Choice::new("B", t.get("judge-group-b")).hint(t.get("judge-group-b-hint")),
            Choice::new("unknown", t.get("judge-group-unknown")),
        ],
    );
    let questions = found
        .questions
        .iter()
        .map(|question| {
            let name = answers::name(&question.code);
            let yes_no = vec![
                Choice::new("yes", t.get("cases-yes")),
                Choice::new("no", t.get("cases-no")),
                Choice::new("unknown", t.get("cases-dont-know")),
            ];
            let help = named(t, &question.help_ja, &question.help_en);
            let control = form
                .radios(&name, "judge-question", yes_no)
                .label_text(named(t, &question.text_ja, &question.text_en))
                .inline();
            if help.is_empty() {
                control
            } else {
                control.hint_text(help)
            }
        })
        .collect();
    let case = Some(raw.get("case").to_owned()).filter(|case| case.parse::<CaseId>().is_ok());
    let may_record = signed.current.person.roles.contains(&ids::Role::Csirt);
    Ok(render(&JudgePage {
        page: signed
            .page("judge-title")
            .crumb("/cases", t.get("cases-title")),
        outcome,
        group,
        questions,
        carried: carried(&sheet),
        case,
        may_record,
    }))
}

fn carried(sheet: &EventSheet) -> Vec<(String, String)> {
    answers::pairs(sheet)
}

fn outcome(t: Texts, found: &Finding) -> Outcome {
    let finding = &found.finding;
    let tone = match finding.outcome {
        EventOutcome::Reportable => Tone::Warning,
        EventOutcome::NotReportable => Tone::Success,
        EventOutcome::Unclear => Tone::Info,
    };
    let code = finding.outcome.code();
    let mut banner = Banner::new(t, tone, words::outcome(t, code));
    let text = t.get(match finding.outcome {
        EventOutcome::Reportable => "judge-reportable-text",
        EventOutcome::NotReportable => "judge-not-reportable-text",
        EventOutcome::Unclear => "judge-unclear-text",
    });
    banner = banner.text(text);
    Outcome {
        banner,
        event: found.event.map(|event| words::event(t, event)),
        unsettled: finding
            .confidence
            .is_unsettled()
            .then(|| ConfidenceBadge::new(t)),
        reasons: finding
            .reasons
            .iter()
            .map(|reason| ReasonRow {
                text: named(t, &reason.text_ja, &reason.text_en),
                basis: named(t, &reason.basis_ja, &reason.basis),
            })
            .collect(),
        addressees: found
            .addressees
            .iter()
            .map(|to| named(t, &to.organisation.name_ja, &to.organisation.name_en))
            .collect(),
        open: found
            .questions
            .iter()
            .filter(|question| question.open)
            .map(|question| named(t, &question.text_ja, &question.text_en))
            .collect(),
    }
}
