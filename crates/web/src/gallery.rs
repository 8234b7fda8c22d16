//! Every component in every state, to look at and to test. Mount it in exercise and demo
//! mode only.

use askama::Template;
use axum::{response::Response, routing::get};
use jiff::{SignedDuration, Timestamp};

use crate::{
    components::{
        Banner, ConfidenceBadge, DeadlineBadge, EmptyState, Moment, Pagination, Progress, Receipt,
        StatusBadge, StepState, Steps, SummaryList, SummaryRow, Task, TaskList, TaskState,
        TierBanner, Timeline, Tone,
    },
    fmt::{self, Time},
    forms::{
        AnswerState, Checkbox, Choice, Choices, DateInput, DateTimeInput, ErrorSummary, FieldError,
        FileInput, Form, FormErrors, InputKind, RawForm, Select, TextArea, TextInput, Width,
    },
    page::{Here, Link, NavItem, Page, SessionClock, UserMenu, render},
    routes::Routes,
    texts::Texts,
};

/// 22 November 2026, 21:05 in Japan: the gallery looks the same on every day.
const NOW: Timestamp = Timestamp::constant(1_795_349_100, 0);

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// From [`NOW`] to the end of its day in Japan.
const TO_MIDNIGHT: SignedDuration = SignedDuration::from_mins(2 * 60 + 55);

#[derive(Template)]
#[template(path = "pages/gallery.html")]
struct Gallery {
    page: Page,
    messages: Vec<Banner>,
    badges: Vec<StatusBadge>,
    unsettled: ConfidenceBadge,
    deadlines: Vec<DeadlineBadge>,
    receipt: Receipt,
    steps: Steps,
    tasks: TaskList,
    progress: Progress,
    answers: SummaryList,
    timeline: Timeline,
    pagination: Pagination,
    empty: EmptyState,
    rows: Vec<Row>,
    plain: Controls,
    wrong: Controls,
    read_only: TextInput,
    summary: ErrorSummary,
    autosaved: String,
}

struct Row {
    product: String,
    maker: String,
    state: StatusBadge,
    introduced: Time,
    units: u32,
}

/// One of each control.
struct Controls {
    text: TextInput,
    number: TextInput,
    password: TextInput,
    area: TextArea,
    select: Select,
    radios: Choices,
    inline: Choices,
    boxes: Choices,
    single: Checkbox,
    date: DateInput,
    date_time: DateTimeInput,
    state: AnswerState,
    file: FileInput,
}

/// Serves the gallery at `/gallery`.
pub fn routes<S>() -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    Routes::new().route("/gallery", get(show))
}

async fn show(here: Here) -> Response {
    let t = here.t;
    let errors = sample_errors();
    let empty = RawForm::empty();
    let wrong_values = sample_values(t);
    let wrong_form = Form::new(t, &wrong_values, &errors);
    render(&Gallery {
        page: frame(&here),
        messages: messages(t),
        badges: [
            Tone::Neutral,
            Tone::Info,
            Tone::Success,
            Tone::Warning,
            Tone::Error,
        ]
        .map(|tone| StatusBadge::new(tone, t.get(&format!("gallery-badge-{}", tone.code()))))
        .into(),
        unsettled: ConfidenceBadge::new(t),
        deadlines: deadlines(t),
        receipt: Receipt::new(t, "TD-2026-000123-7").recorded(Time::at_second(t, NOW)),
        steps: steps(t),
        tasks: tasks(t),
        progress: Progress::new(t.get("gallery-progress"), 34, 120),
        answers: answers(t),
        timeline: timeline(t),
        pagination: Pagination::new(
            t,
            Some("/gallery?before=a".to_owned()),
            Some("/gallery?after=b".to_owned()),
            t.get("gallery-pages"),
        ),
        empty: EmptyState::new(t.get("gallery-empty-title"), t.get("gallery-empty-text"))
            .action("/gallery", t.get("gallery-empty-action")),
        rows: rows(t),
        plain: controls(t, Form::new(t, &empty, &FormErrors::new()), ""),
        wrong: controls(t, wrong_form, "wrong-"),
        read_only: wrong_form
            .text("wrong-corporate_number", "gallery-corporate-number")
            .width(Width::S)
            .read_only("gallery-corporate-number-why"),
        summary: wrong_form.summary(),
        autosaved: t
            .with("autosave-saved", "time", fmt::time(fmt::jst(NOW)))
            .into_owned(),
    })
}

fn frame(here: &Here) -> Page {
    let t = here.t;
    let user = UserMenu {
        name: t.get("gallery-user").into_owned(),
        organisation: t.get("gallery-organisation").into_owned(),
        roles: vec![
            t.get("gallery-role-drafter").into_owned(),
            t.get("gallery-role-viewer").into_owned(),
        ],
        links: vec![Link::new("/gallery", t.get("gallery-account"))],
        sign_out: "/gallery".to_owned(),
    };
    let session = SessionClock {
        now: NOW,
        expires_at: days(1),
        extend: "/gallery".to_owned(),
    };
    let item = |key: &str, current, waiting| NavItem {
        link: Link::new("/gallery", t.get(key)),
        current,
        waiting,
    };
    here.page("gallery-title")
        .signed_in(user, "gallery-token".to_owned(), session)
        .nav(vec![
            item("gallery-nav-home", false, 0),
            item("gallery-nav-computers", true, 0),
            item("gallery-nav-incidents", false, 3),
        ])
        .crumb("/", t.get("gallery-nav-home"))
        .crumb("/gallery", t.get("gallery-nav-computers"))
        .tier(TierBanner::new(
            t,
            Some(t.get("gallery-tier").into_owned()),
            Some("TLP:AMBER+STRICT".to_owned()),
            t.get("gallery-sharing"),
        ))
}

fn messages(t: Texts) -> Vec<Banner> {
    let banner = |tone: Tone| {
        let title = t.get(&format!("gallery-banner-{}", tone.code()));
        Banner::new(t, tone, title).text(t.get("gallery-banner-text"))
    };
    vec![
        banner(Tone::Success).at(Time::at(t, NOW)),
        banner(Tone::Info).link("/gallery", t.get("gallery-banner-link")),
        banner(Tone::Warning),
        banner(Tone::Error),
        banner(Tone::Neutral),
    ]
}

fn deadlines(t: Texts) -> Vec<DeadlineBadge> {
    let legal = |in_days: i64| {
        // The day that ends 2 hours and 55 minutes after 21:05.
        let limit = days(in_days).saturating_add(TO_MIDNIGHT).unwrap_or(NOW);
        DeadlineBadge::legal(t, fmt::jst(days(in_days)).date(), limit, NOW)
    };
    vec![
        legal(29),
        legal(5).unsettled(true),
        legal(1),
        legal(-3),
        DeadlineBadge::internal(t, days(1), NOW),
        DeadlineBadge::internal(t, days(-1), NOW),
        DeadlineBadge::elapsed(t, days(-1), NOW),
        DeadlineBadge::elapsed(t, days(-4), NOW),
    ]
}

fn steps(t: Texts) -> Steps {
    Steps::new(t)
        .step_at(t.get("gallery-step-import"), StepState::Done, "/gallery")
        .step_at(t.get("gallery-step-facility"), StepState::Error, "/gallery")
        .step(t.get("gallery-step-class"), StepState::Current)
        .step(t.get("gallery-step-exempt"), StepState::Skipped)
        .step(t.get("gallery-step-check"), StepState::Ahead)
}

fn tasks(t: Texts) -> TaskList {
    let task = |key: &str, state| Task::new(t.get(key), "/gallery", state);
    TaskList::new(
        t,
        vec![
            task("gallery-task-kind", TaskState::Done),
            task("gallery-task-what", TaskState::Begun).note(t.get("gallery-task-note")),
            task("gallery-task-technical", TaskState::ToCorrect),
            task("gallery-task-response", TaskState::NotBegun),
            task("gallery-task-check", TaskState::NotYet),
        ],
    )
}

fn answers(t: Texts) -> SummaryList {
    let investigating = StatusBadge::new(Tone::Warning, t.get("answer-state-investigating"));
    SummaryList::new(
        t,
        vec![
            SummaryRow::new(t.get("gallery-maker"), &t.get("gallery-maker-value"))
                .change("/gallery"),
            SummaryRow::new(t.get("gallery-summary"), &t.get("gallery-summary-value"))
                .change("/gallery"),
            SummaryRow::new(t.get("gallery-cause"), "")
                .badge(&investigating)
                .change("/gallery"),
            SummaryRow::new(t.get("gallery-aware"), "").badge(&Time::at(t, NOW)),
        ],
    )
}

fn timeline(t: Texts) -> Timeline {
    let moment = |day: i64, tone, key: &str| Moment::new(Time::at(t, days(day)), tone, t.get(key));
    Timeline::new(vec![
        moment(-3, Tone::Warning, "gallery-moment-aware").line(t.get("gallery-moment-who")),
        moment(-2, Tone::Success, "gallery-moment-prompt")
            .link("/gallery", t.get("gallery-moment-receipt")),
        moment(-1, Tone::Error, "gallery-moment-correction"),
        moment(0, Tone::Neutral, "gallery-moment-draft"),
    ])
}

fn rows(t: Texts) -> Vec<Row> {
    let row = |number: u32, tone: Tone| Row {
        product: t
            .with("gallery-product-value", "number", number)
            .into_owned(),
        maker: t.get("gallery-maker-value").into_owned(),
        state: StatusBadge::new(tone, t.get(&format!("gallery-badge-{}", tone.code()))),
        introduced: Time::on(t, fmt::jst(days(i64::from(number).saturating_neg())).date()),
        units: number,
    };
    vec![
        row(3, Tone::Success),
        row(12, Tone::Warning),
        row(140, Tone::Neutral),
    ]
}

fn controls(t: Texts, form: Form<'_>, prefix: &str) -> Controls {
    let name = |field: &str| format!("{prefix}{field}");
    let kinds = || {
        ["appliance", "os", "cloud"]
            .map(|code| Choice::new(code, t.get(&format!("gallery-unit-{code}"))))
    };
    let [appliance, os, cloud] = kinds();
    Controls {
        text: form
            .text(&name("maker"), "gallery-maker")
            .hint("gallery-maker-hint")
            .required()
            .autocomplete("organization"),
        number: form
            .text(&name("units"), "gallery-units")
            .kind(InputKind::Digits)
            .width(Width::Xs)
            .unit("gallery-units-unit"),
        password: form
            .text(&name("password"), "gallery-password")
            .kind(InputKind::Password)
            .width(Width::M)
            .autocomplete("current-password")
            .required(),
        area: form
            .text_area(&name("summary"), "gallery-summary")
            .hint("gallery-summary-hint")
            .rows(4)
            .max_chars(60),
        select: form
            .select(&name("sector"), "gallery-sector", kinds().into())
            .hint("gallery-sector-hint")
            .required(),
        radios: form
            .radios(
                &name("unit"),
                "gallery-unit",
                vec![
                    appliance.hint(t.get("gallery-unit-appliance-hint")),
                    os,
                    cloud,
                ],
            )
            .required(),
        inline: form
            .radios(
                &name("leak"),
                "gallery-leak",
                vec![
                    Choice::new("yes", t.get("gallery-yes")),
                    Choice::new("no", t.get("gallery-no")),
                ],
            )
            .inline(),
        boxes: form.checkboxes(&name("kinds"), "gallery-kinds", kinds().into()),
        single: form.checkbox(&name("agree"), "gallery-agree").required(),
        date: form
            .date(&name("introduced"), "gallery-introduced")
            .hint("gallery-introduced-hint")
            .required(),
        date_time: form
            .date_time(&name("aware"), "gallery-aware")
            .hint("gallery-aware-hint")
            .may_be_approximate()
            .time_may_be_unknown()
            .required(),
        state: form.answer_state(&name("cause"), "answer-state-legend"),
        file: form
            .file(&name("files"), "gallery-files")
            .hint("gallery-files-hint")
            .accept(".csv,.xlsx")
            .multiple(),
    }
}

fn sample_values(t: Texts) -> RawForm {
    RawForm::from_pairs([
        ("wrong-maker", ""),
        ("wrong-units", "１２台"),
        ("wrong-summary", &t.get("gallery-summary-value")),
        ("wrong-unit", ""),
        ("wrong-kinds", "os"),
        ("wrong-kinds", "cloud"),
        ("wrong-introduced.year", "2026"),
        ("wrong-introduced.month", "13"),
        ("wrong-introduced.day", "1"),
        ("wrong-aware.year", "2026"),
        ("wrong-aware.month", "11"),
        ("wrong-aware.day", "22"),
        ("wrong-aware.hour", "24"),
        ("wrong-aware.minute", "10"),
        ("wrong-aware.approximate", "yes"),
        ("wrong-cause.state", "investigating"),
        ("wrong-corporate_number", "7000012050002"),
    ])
}

fn sample_errors() -> FormErrors {
    let missing = "form-error-missing";
    let choose = "form-error-choose";
    let mut errors = FormErrors::new();
    errors.add("wrong-maker", "gallery-maker", missing);
    errors.add("wrong-units", "gallery-units", "form-error-number");
    errors.add("wrong-password", "gallery-password", missing);
    let long = FieldError::new("wrong-summary", "gallery-summary", "form-error-max-chars");
    errors.push(long.arg("max", "60"));
    errors.add("wrong-sector", "gallery-sector", choose);
    errors.add("wrong-unit", "gallery-unit", choose);
    errors.add("wrong-leak", "gallery-leak", choose);
    errors.add("wrong-kinds", "gallery-kinds", choose);
    let month = FieldError::new("wrong-introduced", "gallery-introduced", "form-error-month");
    errors.push(month.part("month"));
    let hour = FieldError::new("wrong-aware", "gallery-aware", "form-error-hour");
    errors.push(hour.part("hour"));
    errors.add("wrong-files", "gallery-files", choose);
    errors.add("wrong-agree", "gallery-agree", "form-error-confirm");
    errors
}

/// The instant `days` after [`NOW`], or before it.
fn days(days: i64) -> Timestamp {
    let seconds = NOW
        .as_second()
        .saturating_add(days.saturating_mul(DAY_SECONDS));
    Timestamp::from_second(seconds).unwrap_or(NOW)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request, middleware::from_fn};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::{headers, locale};

    async fn gallery(uri: &str) -> String {
        let app = axum::Router::from(routes::<()>())
            .layer(from_fn(headers::secure))
            .layer(from_fn(locale::remember));
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_text_of_the_gallery_exists_in_both_languages() {
        for uri in ["/gallery", "/gallery?lang=en"] {
            let html = gallery(uri).await;
            assert!(!html.contains('⟦'), "{uri}");
        }
    }

    #[tokio::test]
    async fn the_english_gallery_holds_no_japanese_but_the_language_switch() {
        let html = gallery("/gallery?lang=en").await.replace("日本語", "");
        let rest: String = html
            .chars()
            .filter(|l| ('\u{3040}'..='\u{9fff}').contains(l))
            .collect();

        // What a person typed is shown as typed.
        assert_eq!(rest, "台");
    }

    #[tokio::test]
    async fn every_id_is_used_once_and_every_reference_leads_somewhere() {
        let html = gallery("/gallery").await;
        let values = |attribute: &str| -> Vec<String> {
            html.split(&format!(" {attribute}=\""))
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .flat_map(|value| value.split(' ').map(str::to_owned).collect::<Vec<_>>())
                .collect()
        };
        let ids = values("id");
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(ids.len(), unique.len());
        for attribute in [
            "for",
            "aria-describedby",
            "aria-labelledby",
            "data-count-for",
        ] {
            for target in values(attribute) {
                assert!(ids.contains(&target), "{attribute}={target}");
            }
        }
        for link in values("href")
            .iter()
            .filter_map(|href| href.strip_prefix('#'))
        {
            assert!(ids.iter().any(|id| id == link), "#{link}");
        }
    }
}
