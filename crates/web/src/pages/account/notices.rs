use app::reminders::{Notice, NoticeCursor};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::{SignedDuration, Timestamp};
use model::reminders::{Anchor, DueKind, Hour, Sight};
use serde::Deserialize;

use crate::components::{EmptyState, Pagination};
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Reminders on one page.
const SHOWN: u32 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    after: String,
}

struct Row {
    id: String,
    text: String,
    at: Time,
    limit: Option<Time>,
    legal: bool,
    quiet: bool,
    href: Option<String>,
    unread: bool,
}

#[derive(Template)]
#[template(path = "pages/account/notices.html")]
struct NoticesPage {
    page: Page,
    rows: Vec<Row>,
    empty: EmptyState,
    unread: u64,
    until: i64,
    pagination: Option<Pagination>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(place): Query<Place>,
) -> PageResult {
    let t = signed.here.t;
    let after = match place.after.as_str() {
        "" => None,
        text => Some(text.parse::<NoticeCursor>()?),
    };
    let list = app.own_notices(signed.actor(), after, SHOWN).await?;
    let until = list
        .items
        .iter()
        .map(|notice| notice.created_at.as_microsecond())
        .max();
    let pagination = (after.is_some() || list.next.is_some()).then(|| {
        Pagination::new(
            t,
            after.is_some().then(|| "/account/notices".to_owned()),
            list.next
                .map(|next| format!("/account/notices?after={next}")),
            t.with("notices-shown", "count", list.items.len()),
        )
    });
    Ok(render(&NoticesPage {
        page: signed
            .page("notices-title")
            .crumb("/account", t.get("account-title")),
        rows: list.items.iter().map(|notice| row(t, notice)).collect(),
        empty: EmptyState::new(t.get("notices-none-title"), t.get("notices-none-text")),
        unread: list.unread,
        until: until.unwrap_or_default(),
        pagination,
    }))
}

/// Marks one reminder as read, or all that were made until an instant.
pub(super) async fn read(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    if let Ok(id) = form.get("notice").parse() {
        app.read_notice(signed.actor(), id).await?;
    } else {
        let wrong = || AppError::field("until", "cursor_unknown");
        let micros: i64 = form.get("until").parse().map_err(|_| wrong())?;
        let until = Timestamp::from_microsecond(micros).map_err(|_| wrong())?;
        app.read_all_notices(signed.actor(), until).await?;
    }
    Ok(Redirect::to("/account/notices").into_response())
}

fn row(t: Texts, notice: &Notice) -> Row {
    Row {
        id: notice.id.to_string(),
        text: words(t, notice),
        at: Time::at(t, notice.created_at),
        limit: limit(t, notice),
        legal: notice.legal,
        quiet: notice.hour == Hour::Quiet,
        href: href(notice),
        unread: notice.read_at.is_none(),
    }
}

/// The last day, where there is one.
fn limit(t: Texts, notice: &Notice) -> Option<Time> {
    if notice.moment.anchor == Anchor::Start {
        return None;
    }
    let before = notice
        .moment
        .anchor_at
        .checked_sub(SignedDuration::from_nanos(1))
        .ok()?;
    Some(Time::until(t, fmt::jst(before).date()))
}

/// What a reminder says: what is due, and how far its limit is.
fn words(t: Texts, notice: &Notice) -> String {
    if notice.sight == Sight::Blind {
        return t.get("notice-blind").into_owned();
    }
    let kind = t.get(&format!(
        "notice-kind-{}",
        notice.moment.kind.code().replace('_', "-")
    ));
    let hours = notice.moment.hours;
    let (key, count) = match (notice.moment.anchor, hours) {
        (Anchor::Start, 0) => ("notice-begun", 0),
        (Anchor::Start, hours) if notice.moment.kind == DueKind::PromptReport => {
            ("notice-since-aware", hours)
        }
        (Anchor::Start, hours) => ("notice-since", hours),
        (Anchor::Limit, 0) => ("notice-over", 0),
        (Anchor::Limit, hours) if hours <= -48 => {
            ("notice-before-days", hours.saturating_neg() / 24)
        }
        (Anchor::Limit, hours) if hours < 0 => ("notice-before-hours", hours.saturating_neg()),
        (Anchor::Limit, hours) => ("notice-after-days", hours / 24),
    };
    t.with2(key, "kind", kind, "count", count.to_string())
        .into_owned()
}

/// Where to do it.
fn href(notice: &Notice) -> Option<String> {
    if notice.sight == Sight::Blind {
        return None;
    }
    let subject = &notice.moment.subject;
    Some(match notice.moment.kind {
        DueKind::PromptReport | DueKind::FullReport => format!("/cases/{subject}"),
        DueKind::Notification => "/notifications/new".to_owned(),
        DueKind::Correction => format!("/corrections/{subject}"),
        DueKind::Order | DueKind::Opinion | DueKind::Demand => format!("/directives/{subject}"),
        DueKind::Approval | DueKind::Ratification => format!("/approvals/{subject}"),
    })
}

#[cfg(test)]
mod tests {
    use app::reminders::{Moment, Notice};
    use ids::{IdSource, SeededIds};
    use model::reminders::{Anchor, DueKind, Hour, Sight};

    use super::{href, words};
    use crate::locale::Locale;
    use crate::texts::Texts;

    fn notice(kind: DueKind, anchor: Anchor, hours: i64, sight: Sight) -> Notice {
        let seeded = SeededIds::new(4);
        let ids: &dyn IdSource = &seeded;
        Notice {
            id: ids.next(),
            person: ids.next(),
            moment: Moment {
                kind,
                subject: "x".to_owned(),
                anchor,
                anchor_at: jiff::Timestamp::UNIX_EPOCH,
                hours,
            },
            legal: true,
            sight,
            hour: Hour::Ordinary,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            read_at: None,
            mail: None,
        }
    }

    #[test]
    fn a_reminder_says_what_is_due_and_how_far_the_limit_is() {
        let ja = Texts::new(Locale::Ja);
        let en = Texts::new(Locale::En);
        for (hours, japanese, english) in [
            (
                -72,
                "詳報の提出：期限まで、あと3日です",
                "Full report: 3 days left",
            ),
            (
                -24,
                "詳報の提出：期限まで、あと24時間です",
                "Full report: 24 hours left",
            ),
            (
                0,
                "詳報の提出：期限を過ぎました",
                "Full report: the limit is over",
            ),
            (
                168,
                "詳報の提出：期限を7日過ぎています",
                "Full report: 7 days late",
            ),
        ] {
            let one = notice(DueKind::FullReport, Anchor::Limit, hours, Sight::Open);
            assert_eq!(words(ja, &one), japanese);
            assert_eq!(words(en, &one), english);
        }
        let aware = notice(DueKind::PromptReport, Anchor::Start, 3, Sight::Open);
        assert_eq!(words(ja, &aware), "速報の提出：認知から3時間たちました");
        for kind in DueKind::ALL {
            for texts in [ja, en] {
                let said = words(texts, &notice(*kind, Anchor::Start, 0, Sight::Open));
                assert!(!said.contains("notice-"), "{said}");
            }
        }
    }

    #[test]
    fn whoever_may_not_see_a_thing_gets_no_way_to_it() {
        let blind = notice(DueKind::FullReport, Anchor::Limit, 0, Sight::Blind);
        assert_eq!(href(&blind), None);
        assert!(!words(Texts::new(Locale::Ja), &blind).contains("詳報"));
    }
}
