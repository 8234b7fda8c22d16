//! Notifying computers, changes and ends of use: select, check, file (Act Art. 4(1), (3)).

pub(super) mod approval;
mod lines;

use app::assets::{
    ContactInput, FileNotification, FilingPermission, NotificationChoices, NotificationPlan, Pick,
    PlannedRow,
};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use model::assets::NotificationDuty;
use model::filing::AddresseeRole;
use policy::Action;

use super::problems;
use super::words::{Reasons, class_label, duty_label, duty_of, exemption_label, limit_badge};
use crate::components::{Banner, EmptyState, StatusBadge, StepState, Steps, SummaryList, Tone};
use crate::failure::{PageError, PageResult, form_urlencoded, with_next};
use crate::fmt;
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::problem::WebError;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Fields of the contact with their labels.
const CONTACT: [(&str, &str); 4] = [
    ("contact_department", "contact-department"),
    ("contact_name", "contact-name"),
    ("contact_phone", "contact-phone"),
    ("contact_mail", "contact-mail"),
];
/// Problems of the whole selection are shown at the computers.
const LABELS: &[(&str, &str)] = &[
    ("computers", "notify-computers"),
    ("contact_department", "contact-department"),
    ("contact_name", "contact-name"),
    ("contact_phone", "contact-phone"),
    ("contact_mail", "contact-mail"),
];
/// Most computers that the address of the check page holds.
const IN_ADDRESS: usize = 60;

struct ChoiceLine {
    id: String,
    value: String,
    chosen: bool,
    product: String,
    maker: String,
    class: String,
    due: Option<fmt::Time>,
    near: Option<StatusBadge>,
    espa: Option<String>,
}

struct ExemptLine {
    product: String,
    maker: String,
    reason: String,
    href: String,
}

#[derive(Template)]
#[template(path = "pages/assets/select.html")]
struct SelectPage {
    page: Page,
    summary: ErrorSummary,
    steps: Steps,
    duty: &'static str,
    lead: String,
    rows: Vec<ChoiceLine>,
    error: Option<String>,
    exempt: Vec<ExemptLine>,
    exempt_more: Option<String>,
    more: Option<String>,
    contact: Vec<TextInput>,
    empty: Option<EmptyState>,
}

struct CheckRow {
    product: String,
    maker: String,
    unit: String,
    class: String,
    category: String,
    day: fmt::Time,
    due: Option<fmt::Time>,
    espa: Option<String>,
    notified_as: Option<String>,
    changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "pages/assets/check.html")]
struct CheckPage {
    page: Page,
    steps: Steps,
    duty: &'static str,
    day_label: String,
    summary: SummaryList,
    rows: Vec<CheckRow>,
    espa: Vec<CheckRow>,
    exempt: Vec<ExemptLine>,
    addressees: Vec<String>,
    reasons: Reasons,
    legal_basis: Reasons,
    readers: Vec<String>,
    hidden: Vec<(String, String)>,
    step_up: Option<String>,
    approval: Option<approval::ApprovalPart>,
    may_file: bool,
    button: String,
}

pub(super) async fn select(
    State(app): State<App>,
    Path(duty): Path<String>,
    signed: Signed,
) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    let mut raw = RawForm::empty();
    raw.push("contact_name", signed.current.person.name.as_str());
    let page = select_page(&app, &signed, duty, &raw, &FormErrors::new(), Chosen::All).await?;
    Ok(render(&page))
}

/// Which computers are ticked.
#[derive(Clone, Copy)]
enum Chosen {
    All,
    AsSent,
}

async fn select_page(
    app: &App,
    signed: &Signed,
    duty: NotificationDuty,
    raw: &RawForm,
    errors: &FormErrors,
    chosen: Chosen,
) -> Result<SelectPage, PageError> {
    let t = signed.here.t;
    let choices = app.notification_choices(signed.actor(), duty).await?;
    let form = Form::new(t, raw, errors);
    let sent: Vec<String> = picks_of(raw)
        .iter()
        .map(|pick| pick.computer.to_string())
        .collect();
    let today = app.today();
    let rows: Vec<ChoiceLine> = choices
        .rows
        .iter()
        .map(|row| {
            let head = &row.computer;
            let id = head.id.to_string();
            ChoiceLine {
                value: format!("{id}:{}", head.version),
                chosen: match chosen {
                    Chosen::All => true,
                    Chosen::AsSent => sent.contains(&id),
                },
                product: head.items.product.as_str().to_owned(),
                maker: head.items.maker.as_str().to_owned(),
                class: class_label(t, head.items.class),
                due: head.due_on.map(|day| fmt::Time::until(t, day)),
                near: head.due_on.and_then(|day| limit_badge(t, day, today)),
                espa: row.espa.as_ref().map(|document| {
                    t.with("notify-espa", "document", document.as_str())
                        .into_owned()
                }),
                id,
            }
        })
        .collect();
    let empty = rows.is_empty().then(|| {
        EmptyState::new(t.get("notify-empty-title"), t.get("notify-empty-text"))
            .action("/computers", t.get("computers-none-action"))
    });
    let shown = choices.exempt.len();
    let more_exempt = u64::try_from(shown).unwrap_or(u64::MAX) < choices.exempt_total;
    Ok(SelectPage {
        page: signed
            .page_titled(duty_label(t, duty))
            .crumb("/notifications", t.get("notify-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        steps: steps(t, 1, None),
        duty: duty.code(),
        lead: t.get(&format!("duty-text-{}", duty.code())).into_owned(),
        error: errors.text(t, "computers"),
        more: choices.more.then(|| {
            t.with("notify-more", "limit", choices.row_limit)
                .into_owned()
        }),
        exempt_more: more_exempt.then(|| {
            t.with2(
                "computers-shown",
                "shown",
                shown,
                "total",
                choices.exempt_total,
            )
            .into_owned()
        }),
        exempt: exempt_lines(t, &choices),
        contact: contact_fields(&form),
        rows,
        empty,
    })
}

fn exempt_lines(t: Texts, choices: &NotificationChoices) -> Vec<ExemptLine> {
    choices
        .exempt
        .iter()
        .map(|head| ExemptLine {
            product: head.items.product.as_str().to_owned(),
            maker: head.items.maker.as_str().to_owned(),
            reason: head
                .exemption
                .map(|reason| exemption_label(t, reason))
                .unwrap_or_default(),
            href: format!("/computers/{}", head.id),
        })
        .collect()
}

fn contact_fields(form: &Form<'_>) -> Vec<TextInput> {
    vec![
        form.text("contact_department", "contact-department")
            .width(Width::M)
            .autocomplete("organization"),
        form.text("contact_name", "contact-name")
            .width(Width::M)
            .autocomplete("name"),
        form.text("contact_phone", "contact-phone")
            .kind(InputKind::Tel)
            .width(Width::S)
            .autocomplete("tel"),
        form.text("contact_mail", "contact-mail")
            .kind(InputKind::Email)
            .width(Width::M)
            .autocomplete("email"),
    ]
}

fn steps(t: Texts, current: usize, select: Option<String>) -> Steps {
    let state = |place: usize| match place.cmp(&current) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Current,
        std::cmp::Ordering::Greater => StepState::Ahead,
    };
    let steps = Steps::new(t);
    let steps = match select {
        Some(href) => steps.step_at(t.get("notify-step-select"), state(1), href),
        None => steps.step(t.get("notify-step-select"), state(1)),
    };
    steps
        .step(t.get("notify-step-check"), state(2))
        .step(t.get("notify-step-receipt"), state(3))
}

/// The check page by its address, after the second factor was shown again.
pub(super) async fn check_again(
    State(app): State<App>,
    Path(duty): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    signed: Signed,
) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let found = duty_of(&duty).ok_or_else(WebError::not_found)?;
    let raw = RawForm::from_pairs(pairs);
    if picks_of(&raw).is_empty() {
        return Ok(Redirect::to(&format!("/notifications/{}", found.code())).into_response());
    }
    checked(&app, &signed, found, &raw).await
}

pub(super) async fn check(
    State(app): State<App>,
    Path(duty): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    checked(&app, &signed, duty, &raw).await
}

pub(super) async fn back_to_selection(
    State(app): State<App>,
    Path(duty): Path<String>,
    signed: Signed,
) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    Ok(Redirect::to(&format!("/notifications/{}", duty.code())).into_response())
}

async fn checked(app: &App, signed: &Signed, duty: NotificationDuty, raw: &RawForm) -> PageResult {
    let picks = picks_of(raw);
    let planned = match contact_of(raw).check() {
        Ok(()) => app.plan_notification(signed.actor(), duty, &picks).await,
        Err(wrong) => Err(wrong),
    };
    match planned {
        Ok(plan) => {
            let wanted = FileNotification {
                duty,
                picks,
                contact: contact_of(raw),
            };
            let lacking = app
                .notification_approval_lacking(signed.actor(), &wanted)
                .await?;
            let mut page = check_page(app, signed, duty, raw, &plan);
            page.approval = lacking.map(|why| approval::approval(app, signed, why));
            Ok(render(&page))
        }
        Err(error) => refused(app, signed, duty, raw, error).await,
    }
}

pub(super) async fn file(
    State(app): State<App>,
    Path(duty): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::FileNotification, &signed.own_register())?;
    let duty = duty_of(&duty).ok_or_else(WebError::not_found)?;
    let wanted = FileNotification {
        duty,
        picks: picks_of(&raw),
        contact: contact_of(&raw),
    };
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    match app.file_notification(signed.actor(), &wanted, key).await {
        Ok(filed) => {
            Ok(Redirect::to(&format!("/filings/{}/receipt", filed.filing)).into_response())
        }
        Err(AppError::StepUpRequired) => {
            Err(PageError::from(AppError::StepUpRequired).back_to(check_address(duty, &raw)))
        }
        Err(error) => refused(&app, &signed, duty, &raw, error).await,
    }
}

/// Shows the selection again with what is wrong; nothing that was typed is lost.
async fn refused(
    app: &App,
    signed: &Signed,
    duty: NotificationDuty,
    raw: &RawForm,
    error: AppError,
) -> PageResult {
    let mut errors = FormErrors::new();
    let status = match error {
        AppError::Invalid(found) => {
            problems::add(&mut errors, &found, LABELS);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        AppError::Stale => {
            errors.add("computers", "notify-computers", "notify-stale");
            StatusCode::CONFLICT
        }
        AppError::Conflict("nothing_to_file") => {
            errors.add("computers", "notify-computers", "notify-nothing");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        AppError::TooLarge("too_many_computers") => {
            errors.add("computers", "notify-computers", "notify-too-many");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        other => return Err(PageError::from(other)),
    };
    let page = select_page(app, signed, duty, raw, &errors, Chosen::AsSent).await?;
    Ok(render_with(status, &page))
}

fn check_page(
    app: &App,
    signed: &Signed,
    duty: NotificationDuty,
    raw: &RawForm,
    plan: &NotificationPlan,
) -> CheckPage {
    let t = signed.here.t;
    let code = duty.code();
    let select = format!("/notifications/{code}");
    let (espa, rows): (Vec<&PlannedRow>, Vec<&PlannedRow>) =
        plan.rows.iter().partition(|row| row.espa.is_some());
    let mut hidden: Vec<(String, String)> = plan
        .rows
        .iter()
        .map(|row| {
            (
                "computer".to_owned(),
                format!("{}:{}", row.computer, row.version),
            )
        })
        .collect();
    for (name, _) in CONTACT {
        hidden.push((name.to_owned(), raw.get(name).to_owned()));
    }
    if !raw.get("replaces").is_empty() {
        hidden.push(("replaces".to_owned(), raw.get("replaces").to_owned()));
    }
    hidden.push(("key".to_owned(), app.ids().next_uuid().to_string()));
    let addressees = plan
        .addressees
        .iter()
        .map(|planned| {
            let name = named(
                t,
                &planned.organisation.name_ja,
                &planned.organisation.name_en,
            );
            let role = role_label(t, planned.role);
            t.with2("notify-addressee", "name", name, "role", role)
                .into_owned()
        })
        .collect();
    let mut readers: Vec<String> = plan
        .addressees
        .iter()
        .map(|planned| {
            named(
                t,
                &planned.organisation.name_ja,
                &planned.organisation.name_en,
            )
        })
        .collect();
    readers.push(t.get("notify-reader-prime-minister").into_owned());
    readers.push(
        t.with(
            "notify-reader-own",
            "name",
            named(t, &plan.operator.name_ja, &plan.operator.name_en),
        )
        .into_owned(),
    );
    let mut page = signed
        .page("notify-check-title")
        .crumb("/notifications", t.get("notify-title"))
        .crumb(select.clone(), duty_label(t, duty));
    if plan.standing.standing == statute::StandingKind::ExerciseOnly {
        page = page.notice(Banner::new(t, Tone::Warning, t.get("notify-rehearsal")));
    }
    CheckPage {
        page,
        steps: steps(t, 2, Some(select.clone())),
        duty: code,
        day_label: t.get(&format!("duty-day-{code}")).into_owned(),
        summary: lines::summary(t, duty, raw, plan, &select),
        rows: rows
            .into_iter()
            .map(|row| lines::check_row(t, row))
            .collect(),
        espa: espa
            .into_iter()
            .map(|row| lines::check_row(t, row))
            .collect(),
        exempt: plan
            .exempt
            .iter()
            .map(|(id, items, reason)| ExemptLine {
                product: items.product.as_str().to_owned(),
                maker: items.maker.as_str().to_owned(),
                reason: exemption_label(t, *reason),
                href: format!("/computers/{id}"),
            })
            .collect(),
        addressees,
        reasons: Reasons::new(t, &plan.legal.reasons),
        legal_basis: Reasons::new(t, &plan.standing.reasons),
        readers,
        hidden,
        step_up: (plan.permission == FilingPermission::StepUp)
            .then(|| with_next("/step-up", &check_address(duty, raw))),
        approval: None,
        may_file: plan.permission == FilingPermission::Allowed,
        button: t.get(&format!("duty-button-{code}")).into_owned(),
    }
}

fn role_label(t: Texts, role: AddresseeRole) -> String {
    t.get(&format!("addressee-role-{}", role.code().replace('_', "-")))
        .into_owned()
}

fn picks_of(raw: &RawForm) -> Vec<Pick> {
    raw.all("computer")
        .filter_map(|value| {
            let (id, version) = value.split_once(':').unwrap_or((value, ""));
            Some(Pick {
                computer: id.parse().ok()?,
                version: version.parse().ok(),
            })
        })
        .collect()
}

fn contact_of(raw: &RawForm) -> ContactInput {
    ContactInput {
        department: raw.get("contact_department").to_owned(),
        name: raw.get("contact_name").to_owned(),
        phone: raw.get("contact_phone").to_owned(),
        mail: raw.get("contact_mail").to_owned(),
    }
}

/// The check page with the same selection, or the selection where it does not fit into an address.
fn check_address(duty: NotificationDuty, raw: &RawForm) -> String {
    let picks: Vec<&str> = raw.all("computer").collect();
    if IN_ADDRESS < picks.len() {
        return format!("/notifications/{}", duty.code());
    }
    let mut pairs: Vec<String> = picks
        .iter()
        .map(|value| format!("computer={}", form_urlencoded(value)))
        .collect();
    for (name, _) in CONTACT {
        pairs.push(format!("{name}={}", form_urlencoded(raw.get(name))));
    }
    format!("/notifications/{}/check?{}", duty.code(), pairs.join("&"))
}
