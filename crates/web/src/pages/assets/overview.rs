//! What there is to notify, by kind of notification (Act Art. 4(1), (3)).

use app::App;
use app::assets::AssetCounts;
use askama::Template;
use axum::extract::State;
use model::assets::NotificationDuty;
use policy::Action;

use super::words::{duty_label, limit_badge};
use crate::components::StatusBadge;
use crate::failure::PageResult;
use crate::fmt;
use crate::page::{Page, render};
use crate::session::Signed;
use crate::texts::Texts;

struct DutyCard {
    title: String,
    text: String,
    count: String,
    first: Option<fmt::Time>,
    near: Option<StatusBadge>,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/assets/notifications.html")]
struct OverviewPage {
    page: Page,
    cards: Vec<DutyCard>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    let counts = app.assets_due(signed.actor(), 1).await?.counts;
    let cards = NotificationDuty::ALL
        .iter()
        .map(|duty| duty_card(t, &app, *duty, &counts))
        .collect();
    Ok(render(&OverviewPage {
        page: signed
            .page("notify-title")
            .crumb("/computers", t.get("computers-title")),
        cards,
    }))
}

fn duty_card(t: Texts, app: &App, duty: NotificationDuty, counts: &AssetCounts) -> DutyCard {
    let count = counts.of(duty);
    let code = duty.code();
    DutyCard {
        title: duty_label(t, duty),
        text: t.get(&format!("duty-text-{code}")).into_owned(),
        count: t.with("notify-count", "count", count.total).into_owned(),
        first: count.first_due_on.map(|day| fmt::Time::until(t, day)),
        near: count
            .first_due_on
            .and_then(|day| limit_badge(t, day, app.today())),
        href: (0 < count.total).then(|| format!("/notifications/{code}")),
    }
}
