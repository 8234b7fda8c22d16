use std::collections::BTreeMap;

use ids::{FilingKind, OrganisationKind};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use model::organisation::Organisation;
use policy::{Action, Actor, Resource};
use serde_json::json;
use statute::calendar::jst;
use statute::{DueQuestion, Entry, due};
use store::rows::desks::Arrival;

use crate::act::Subject;
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Filings that one table of statistics counts at most; a longer period is refused rather than cut.
const COUNTED: u32 = 200_000;

/// Longest period, in months.
const LONGEST: usize = 36;

/// Ends of the classes of waiting times in hours. They sort what is shown; no period of the law.
pub const WAITING_HOURS: [u32; 4] = [6, 24, 72, 168];

/// Calendar days in Japan, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatisticsPeriod {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// What arrived at a desk in a period.
#[derive(Clone, Debug)]
pub struct DeskStatistics {
    /// The desk.
    pub desk: Organisation,
    /// The period.
    pub period: StatisticsPeriod,
    /// When it was counted.
    pub as_of: Timestamp,
    /// First days of the months that the period touches.
    pub months: Vec<Date>,
    /// How many of each kind arrived in each of the months.
    pub kinds: Vec<(FilingKind, Vec<u32>)>,
    /// How many arrived from each sector that filed, as the rule book names it; `None` for filers without one.
    pub sectors: Vec<(Option<Entry>, u32)>,
    /// Time from awareness to the arrival of prompt reports (Order Art. 4(2): promptly).
    pub prompt: WaitingTimes,
    /// Full reports against their legal limit (Order Art. 4(2)).
    pub full: AgainstLimit,
}

/// Times from awareness to arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingTimes {
    /// How many there are.
    pub count: u32,
    /// How many took at most each of [`WAITING_HOURS`], each counted in its first class, and last those that took longer.
    pub classes: Vec<u32>,
    /// The one in the middle, in minutes; the earlier of two.
    pub median_minutes: Option<i64>,
}

/// How many arrived within their legal limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgainstLimit {
    /// On or before the last day.
    pub in_time: u32,
    /// After it.
    pub late: u32,
    /// The rule book has no limit for their day of awareness.
    pub without_limit: u32,
}

impl App {
    /// Counts what arrived at the actor's desk in a period. It is an act of reading, recorded before it is shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no desk; [`AppError::Invalid`] for a period that ends before it begins or is
    /// longer than three years; [`AppError::TooLarge`] when more arrived than is counted at once.
    pub async fn desk_statistics(
        &self,
        actor: &Actor,
        period: StatisticsPeriod,
    ) -> Result<DeskStatistics, AppError> {
        let queue = Resource::Queue {
            desk: actor.organisation,
        };
        let permit = self.policy().check(actor, Action::ViewQueue, &queue)?;
        let months = months(period)?;
        let wrong = || AppError::field("to", "statistics_period");
        let from = jst::start_of(period.from).map_err(|_| wrong())?;
        let until = jst::end_of(period.to).map_err(|_| wrong())?;
        let scope = self.policy().filing_scope(actor, Action::SearchFilings);
        let mut tx = self.store().begin_read("desk.statistics").await?;
        let desk = tx
            .organisation(actor.organisation)
            .await?
            .ok_or(AppError::NotFound)?;
        let arrivals = tx
            .arrivals(&scope, from, until, COUNTED.saturating_add(1))
            .await?;
        if usize::try_from(COUNTED).unwrap_or(usize::MAX) < arrivals.len() {
            return Err(AppError::TooLarge("statistics_too_many"));
        }
        let log = self
            .log_of(&mut tx, desk.id)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        let statistics = DeskStatistics {
            kinds: by_kind(desk.kind, &months, &arrivals),
            sectors: self.by_sector(period.to, &arrivals),
            prompt: waiting_times(&arrivals),
            full: self.against_limit(&arrivals),
            desk,
            period,
            as_of: self.now(),
            months,
        };
        let shown = ledger::canonical_json(&json!([
            period.from.to_string(),
            period.to.to_string(),
            arrivals.len(),
        ]))
        .map_err(|_| AppError::Bug("statistics without canonical form"))?;
        let subject = Subject::new("organisation", statistics.desk.id);
        self.record_read(permit, subject, log, shown.as_bytes())
            .await?;
        Ok(statistics)
    }

    fn by_sector(&self, on: Date, arrivals: &[Arrival]) -> Vec<(Option<Entry>, u32)> {
        let mut counts: BTreeMap<Option<&str>, u32> = BTreeMap::new();
        for arrival in arrivals {
            let count = counts.entry(arrival.sector.as_deref()).or_default();
            *count = count.saturating_add(1);
        }
        let mut sectors: Vec<(Option<Entry>, u32)> = Vec::new();
        for (entry, _) in statute::sectors(self.rules(), on) {
            if let Some(count) = counts.remove(&Some(entry.code())) {
                sectors.push((Some(entry.clone()), count));
            }
        }
        let others = counts
            .values()
            .fold(0_u32, |sum, one| sum.saturating_add(*one));
        if 0 < others {
            sectors.push((None, others));
        }
        sectors
    }

    fn against_limit(&self, arrivals: &[Arrival]) -> AgainstLimit {
        let mut counts = AgainstLimit::default();
        for arrival in arrivals {
            if arrival.kind != FilingKind::IncidentFull {
                continue;
            }
            let limit = arrival.aware_at.and_then(|aware| {
                let question = DueQuestion::new("report.full", jst::day_of(aware));
                due(self.rules(), &question, self.mode()).ok()?.legal_limit
            });
            let count = match limit {
                None => &mut counts.without_limit,
                Some(last) if jst::day_of(arrival.filed_at) <= last => &mut counts.in_time,
                Some(_) => &mut counts.late,
            };
            *count = count.saturating_add(1);
        }
        counts
    }
}

/// First days of the months that a period touches.
fn months(period: StatisticsPeriod) -> Result<Vec<Date>, AppError> {
    let wrong = || AppError::field("to", "statistics_period");
    if period.to < period.from {
        return Err(wrong());
    }
    let mut months = Vec::new();
    let mut month = period.from.first_of_month();
    while month <= period.to {
        if LONGEST <= months.len() {
            return Err(wrong());
        }
        months.push(month);
        month = month.checked_add(1.month()).map_err(|_| wrong())?;
    }
    Ok(months)
}

/// A row for each kind that the desk can receive; a month without any says 0.
fn by_kind(
    desk: OrganisationKind,
    months: &[Date],
    arrivals: &[Arrival],
) -> Vec<(FilingKind, Vec<u32>)> {
    FilingKind::ALL
        .iter()
        // Notifications are not delegated to regional offices (Cabinet Order Art. 3).
        .filter(|kind| desk != OrganisationKind::RegionalOffice || !kind.is_notification())
        .map(|kind| {
            let counts = months
                .iter()
                .map(|month| {
                    let count = arrivals
                        .iter()
                        .filter(|arrival| {
                            arrival.kind == *kind
                                && jst::day_of(arrival.filed_at).first_of_month() == *month
                        })
                        .count();
                    u32::try_from(count).unwrap_or(u32::MAX)
                })
                .collect();
            (*kind, counts)
        })
        .collect()
}

fn waiting_times(arrivals: &[Arrival]) -> WaitingTimes {
    let mut minutes: Vec<i64> = arrivals
        .iter()
        .filter(|arrival| arrival.kind == FilingKind::IncidentPrompt)
        .filter_map(|arrival| {
            let aware = arrival.aware_at?;
            let seconds = arrival.filed_at.duration_since(aware).as_secs();
            Some(seconds.checked_div(60).unwrap_or_default().max(0))
        })
        .collect();
    minutes.sort_unstable();
    let mut classes = vec![0_u32; WAITING_HOURS.len().saturating_add(1)];
    for waited in &minutes {
        let class = WAITING_HOURS
            .iter()
            .position(|hours| *waited <= i64::from(hours.saturating_mul(60)))
            .unwrap_or(WAITING_HOURS.len());
        if let Some(count) = classes.get_mut(class) {
            *count = count.saturating_add(1);
        }
    }
    let middle = minutes.len().saturating_sub(1).checked_div(2).unwrap_or(0);
    WaitingTimes {
        count: u32::try_from(minutes.len()).unwrap_or(u32::MAX),
        classes,
        median_minutes: minutes.get(middle).copied(),
    }
}

#[cfg(test)]
mod tests {
    use ids::{FilingKind, OrganisationKind};
    use jiff::civil::date;
    use store::rows::desks::Arrival;

    use super::{StatisticsPeriod, by_kind, months, waiting_times};

    fn prompt(aware: &str, filed: &str) -> Arrival {
        Arrival {
            kind: FilingKind::IncidentPrompt,
            filed_at: filed.parse().unwrap(),
            sector: None,
            aware_at: Some(aware.parse().unwrap()),
        }
    }

    #[test]
    fn a_waiting_time_counts_in_its_first_class_and_the_median_is_the_earlier_middle() {
        let aware = "2026-11-22T03:17:00+09:00";
        let arrivals = [
            prompt(aware, "2026-11-22T09:17:00+09:00"),
            prompt(aware, "2026-11-22T09:18:00+09:00"),
            prompt(aware, "2026-11-25T03:17:00+09:00"),
            prompt(aware, "2026-12-22T03:17:00+09:00"),
        ];
        let times = waiting_times(&arrivals);
        assert_eq!(times.count, 4);
        assert_eq!(times.classes, [1, 1, 1, 0, 1]);
        assert_eq!(times.median_minutes, Some(361));
        assert_eq!(waiting_times(&[]).median_minutes, None);
    }

    #[test]
    fn a_filing_counts_in_the_month_of_its_day_in_japan() {
        let period = StatisticsPeriod {
            from: date(2026, 10, 15),
            to: date(2026, 12, 1),
        };
        let months = months(period).unwrap();
        assert_eq!(
            months,
            [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
        );
        // Half past midnight in Japan, still the day before in UTC.
        let arrival = prompt("2026-11-30T01:00:00Z", "2026-11-30T15:30:00Z");
        let kinds = by_kind(OrganisationKind::Ministry, &months, &[arrival]);
        let of_prompt = kinds
            .iter()
            .find(|(kind, _)| *kind == FilingKind::IncidentPrompt)
            .unwrap();
        assert_eq!(of_prompt.1, [0, 0, 1]);
        assert_eq!(kinds.len(), FilingKind::ALL.len());
        assert_eq!(
            by_kind(OrganisationKind::RegionalOffice, &months, &[]).len(),
            5
        );
    }

    #[test]
    fn a_period_that_is_backwards_or_endless_is_refused() {
        for (from, to) in [
            (date(2026, 12, 1), date(2026, 11, 30)),
            (date(2020, 1, 1), date(2026, 1, 1)),
        ] {
            assert!(months(StatisticsPeriod { from, to }).is_err());
        }
    }
}
