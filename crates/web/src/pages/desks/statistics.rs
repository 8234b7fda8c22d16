use app::App;
use app::desks::{DeskStatistics, StatisticsPeriod, WAITING_HOURS};
use askama::Template;
use axum::extract::{Query, State};
use http::StatusCode;
use ids::FilingKind;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::chart::BarChart;
use crate::failure::{PageError, PageResult};
use crate::fmt::{self, Time};
use crate::forms::date::read_date;
use crate::forms::{DateInput, ErrorSummary, Form, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::filings::attachment::file;
use crate::pages::filings::words;
use crate::session::Signed;
use crate::texts::Texts;

/// Months that are shown where nobody asked for others.
const MONTHS: i32 = 6;

/// The period asked for, as its fields send it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    #[serde(rename = "from.year")]
    from_year: String,
    #[serde(rename = "from.month")]
    from_month: String,
    #[serde(rename = "from.day")]
    from_day: String,
    #[serde(rename = "to.year")]
    to_year: String,
    #[serde(rename = "to.month")]
    to_month: String,
    #[serde(rename = "to.day")]
    to_day: String,
}

struct KindRow {
    label: String,
    counts: Vec<(String, u32)>,
    total: u32,
}

struct Tables {
    period: String,
    as_of: Time,
    months: Vec<String>,
    kinds: Vec<KindRow>,
    chart: BarChart,
    sectors: Vec<(String, u32)>,
    prompt: Vec<(String, u32)>,
    median: Option<String>,
    full: Vec<(String, u32)>,
    csv: String,
}

#[derive(Template)]
#[template(path = "pages/desks/statistics.html")]
struct StatisticsPage {
    page: Page,
    summary: ErrorSummary,
    desk: String,
    from: DateInput,
    to: DateInput,
    tables: Option<Tables>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let raw = typed(&app, &wanted);
    let mut errors = FormErrors::new();
    let period = read(&app, &raw, &mut errors);
    let statistics = match period {
        None => None,
        Some(period) => match app.desk_statistics(signed.actor(), period).await {
            Ok(statistics) => Some(statistics),
            Err(error) => {
                errors = form_errors(
                    error,
                    &[("to", "statistics-to"), ("from", "statistics-from")],
                )?;
                None
            }
        },
    };
    let form = Form::new(t, &raw, &errors);
    let organisation = &signed.current.organisation;
    let page = StatisticsPage {
        page: signed
            .page("statistics-title")
            .crumb("/desk", t.get("desk-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        desk: named(t, &organisation.name_ja, &organisation.name_en),
        from: form.date("from", "statistics-from"),
        to: form.date("to", "statistics-to"),
        tables: statistics.map(|statistics| tables(t, &statistics)),
    };
    if errors.is_empty() {
        Ok(render(&page))
    } else {
        // Whoever has no desk learns nothing from a wrong period either.
        app.desk_statistics(signed.actor(), usual(&app)).await?;
        Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
    }
}

/// The same numbers as a table for a spreadsheet program, one number a row.
pub(crate) async fn csv(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let raw = typed(&app, &wanted);
    let mut errors = FormErrors::new();
    let period = read(&app, &raw, &mut errors).unwrap_or_else(|| usual(&app));
    let statistics = app.desk_statistics(signed.actor(), period).await?;
    let octets = formats::table::csv(rows(signed.here.t, &statistics))
        .map_err(|_| PageError::from(app::AppError::Bug("statistics of different widths")))?;
    let name = format!("noroshi-statistics-{}-{}.csv", period.from, period.to);
    file(octets, "text/csv; charset=utf-8", &name)
}

/// What the columns and the measures of the table mean.
pub(crate) async fn dictionary(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    // The dictionary says nothing about filings, but it belongs to the desk.
    app.desk_statistics(signed.actor(), usual(&app)).await?;
    let mut rows = vec![[
        t.get("statistics-csv-name").into_owned(),
        t.get("statistics-csv-meaning").into_owned(),
    ]];
    for name in [
        "measure",
        "regime",
        "clock",
        "from",
        "to",
        "month",
        "category",
        "count",
        "as_of",
        "arrived_by_kind",
        "arrived_by_sector",
        "prompt_waiting",
        "full_limit",
    ] {
        let key = format!("statistics-meaning-{}", name.replace('_', "-"));
        rows.push([name.to_owned(), t.get(&key).into_owned()]);
    }
    let octets = formats::table::csv(rows)
        .map_err(|_| PageError::from(app::AppError::Bug("a dictionary of different widths")))?;
    file(
        octets,
        "text/csv; charset=utf-8",
        "noroshi-statistics-dictionary.csv",
    )
}

/// The first day of the month some months ago, to today.
fn usual(app: &App) -> StatisticsPeriod {
    let to = app.today();
    let first = to.first_of_month();
    let from = first
        .checked_sub(MONTHS.saturating_sub(1).months())
        .unwrap_or(first);
    StatisticsPeriod { from, to }
}

fn typed(app: &App, wanted: &Wanted) -> RawForm {
    let asked = [
        ("from.year", &wanted.from_year),
        ("from.month", &wanted.from_month),
        ("from.day", &wanted.from_day),
        ("to.year", &wanted.to_year),
        ("to.month", &wanted.to_month),
        ("to.day", &wanted.to_day),
    ];
    if asked.iter().any(|(_, value)| !value.is_empty()) {
        return RawForm::from_pairs(asked.map(|(name, value)| (name, value.clone())));
    }
    let StatisticsPeriod { from, to } = usual(app);
    let parts = |name: &'static str, day: Date| {
        [
            (format!("{name}.year"), day.year().to_string()),
            (format!("{name}.month"), day.month().to_string()),
            (format!("{name}.day"), day.day().to_string()),
        ]
    };
    RawForm::from_pairs(parts("from", from).into_iter().chain(parts("to", to)))
}

fn read(app: &App, raw: &RawForm, errors: &mut FormErrors) -> Option<StatisticsPeriod> {
    let mut day = |name: &'static str, label: &'static str| match read_date(raw, name, app.rules())
    {
        Ok(Some(day)) => Some(day),
        Ok(None) => {
            errors.add(name, label, "form-error-missing");
            None
        }
        Err(wrong) => {
            errors.push(wrong.of(name, label));
            None
        }
    };
    let from = day("from", "statistics-from");
    let to = day("to", "statistics-to");
    Some(StatisticsPeriod {
        from: from?,
        to: to?,
    })
}

fn month_words(t: Texts, month: Date) -> String {
    t.with2(
        "statistics-month",
        "year",
        month.year().to_string(),
        "month",
        month.month().to_string(),
    )
    .into_owned()
}

fn waiting_labels(t: Texts) -> Vec<String> {
    let mut labels = Vec::new();
    let mut over: Option<u32> = None;
    for hours in WAITING_HOURS {
        let label = match over {
            None => t.with("statistics-within", "hours", hours.to_string()),
            Some(over) => t.with2(
                "statistics-between",
                "over",
                over.to_string(),
                "hours",
                hours.to_string(),
            ),
        };
        labels.push(label.into_owned());
        over = Some(hours);
    }
    if let Some(last) = WAITING_HOURS.last() {
        labels.push(
            t.with("statistics-beyond", "hours", last.to_string())
                .into_owned(),
        );
    }
    labels
}

fn sector_rows(t: Texts, statistics: &DeskStatistics) -> Vec<(String, u32)> {
    statistics
        .sectors
        .iter()
        .map(|(entry, count)| {
            let label = match entry {
                Some(entry) => named(t, &entry.label_ja, &entry.label_en),
                None => t.get("statistics-no-sector").into_owned(),
            };
            (label, *count)
        })
        .collect()
}

fn full_rows(t: Texts, statistics: &DeskStatistics) -> Vec<(String, u32)> {
    let full = statistics.full;
    [
        ("statistics-in-time", full.in_time),
        ("statistics-late", full.late),
        ("statistics-without-limit", full.without_limit),
    ]
    .into_iter()
    .map(|(key, count)| (t.get(key).into_owned(), count))
    .collect()
}

fn tables(t: Texts, statistics: &DeskStatistics) -> Tables {
    let months: Vec<String> = statistics
        .months
        .iter()
        .map(|month| month_words(t, *month))
        .collect();
    let kinds: Vec<KindRow> = statistics
        .kinds
        .iter()
        .map(|(kind, counts)| KindRow {
            label: words::kind(t, *kind),
            total: counts.iter().fold(0, |sum, one| sum.saturating_add(*one)),
            counts: months.iter().cloned().zip(counts.iter().copied()).collect(),
        })
        .collect();
    let of = |wanted: &dyn Fn(FilingKind) -> bool, place: usize| {
        statistics
            .kinds
            .iter()
            .filter(|(kind, _)| wanted(*kind))
            .filter_map(|(_, counts)| counts.get(place))
            .fold(0_u32, |sum, one| sum.saturating_add(*one))
    };
    let bars = months
        .iter()
        .enumerate()
        .map(|(place, month)| {
            (
                month.clone(),
                [
                    of(&FilingKind::is_notification, place),
                    of(&|kind| !kind.is_notification(), place),
                ],
            )
        })
        .collect();
    let period = statistics.period;
    let query = |name: &str, day: Date| {
        format!(
            "{name}.year={}&{name}.month={}&{name}.day={}",
            day.year(),
            day.month(),
            day.day()
        )
    };
    Tables {
        period: t
            .with2(
                "statistics-period",
                "from",
                fmt::date(t, period.from),
                "to",
                fmt::date(t, period.to),
            )
            .into_owned(),
        as_of: Time::at(t, statistics.as_of),
        chart: BarChart::new(
            t.get("statistics-chart").into_owned(),
            [
                t.get("statistics-notifications").into_owned(),
                t.get("statistics-reports").into_owned(),
            ],
            bars,
        ),
        months,
        kinds,
        sectors: sector_rows(t, statistics),
        prompt: waiting_labels(t)
            .into_iter()
            .zip(statistics.prompt.classes.iter().copied())
            .collect(),
        median: statistics.prompt.median_minutes.map(|minutes| {
            t.with2(
                "statistics-median",
                "hours",
                minutes.checked_div(60).unwrap_or_default().to_string(),
                "minutes",
                minutes.checked_rem(60).unwrap_or_default().to_string(),
            )
            .into_owned()
        }),
        full: full_rows(t, statistics),
        csv: format!(
            "/desk/statistics.csv?{}&{}",
            query("from", period.from),
            query("to", period.to)
        ),
    }
}

/// The numbers one a row: measure, regime, clock, from, to, month, category, count, as of.
fn rows(t: Texts, statistics: &DeskStatistics) -> Vec<Vec<String>> {
    let StatisticsPeriod { from, to } = statistics.period;
    let as_of = fmt::machine(statistics.as_of);
    let mut rows = vec![
        [
            "measure", "regime", "clock", "from", "to", "month", "category", "count", "as_of",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    let mut push =
        |measure: &str, regime: &str, clock: &str, month: &str, what: &str, count: u32| {
            rows.push(vec![
                measure.to_owned(),
                t.get(regime).into_owned(),
                t.get(clock).into_owned(),
                from.to_string(),
                to.to_string(),
                month.to_owned(),
                what.to_owned(),
                count.to_string(),
                as_of.clone(),
            ]);
        };
    for (kind, counts) in &statistics.kinds {
        let regime = if kind.is_notification() {
            "statistics-regime-notification"
        } else {
            "statistics-regime-report"
        };
        for (month, count) in statistics.months.iter().zip(counts) {
            let month = month.strftime("%Y-%m").to_string();
            let label = words::kind(t, *kind);
            push(
                "arrived_by_kind",
                regime,
                "statistics-clock-arrival",
                &month,
                &label,
                *count,
            );
        }
    }
    for (label, count) in sector_rows(t, statistics) {
        push(
            "arrived_by_sector",
            "statistics-regime-both",
            "statistics-clock-arrival",
            "",
            &label,
            count,
        );
    }
    for (label, count) in waiting_labels(t).iter().zip(&statistics.prompt.classes) {
        push(
            "prompt_waiting",
            "statistics-regime-prompt",
            "statistics-clock-awareness",
            "",
            label,
            *count,
        );
    }
    for (label, count) in full_rows(t, statistics) {
        push(
            "full_limit",
            "statistics-regime-full",
            "statistics-clock-limit",
            "",
            &label,
            count,
        );
    }
    rows
}
