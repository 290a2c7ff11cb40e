//! A forecast with its schedule, as reports and other tools read it.

use super::forecast::{Action, Forecast, OUTSIDE, Plan, of_week, shown};
use super::usage::ObservedLoad;
use serde::Serialize;

/// One hour that comes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HourForecast {
    /// Calls, as often more as fewer.
    pub calls: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Environments that the schedule keeps.
    pub environments: u32,
    /// Calls that they are enough for.
    pub enough_for: f64,
    /// Chance that more come.
    pub short: f64,
}

/// How well the last cycle of the load would have been told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BacktestResult {
    /// Hours of the cycle.
    pub hours: usize,
    /// Mean calls an hour that came.
    pub mean: f64,
    /// Mean absolute error, calls an hour.
    pub error: f64,
    /// The same of taking each hour as it was a cycle before.
    pub naive_error: f64,
    /// Share of hours inside the interval.
    pub inside: Option<f64>,
    /// Share of hours with more calls than the schedule would have been made for.
    pub short: Option<f64>,
}

/// The load of a function that is coming, and the schedule for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadForecast {
    /// The first hour that was observed, UTC.
    pub observed_from: String,
    /// Hours that were observed.
    pub observed_hours: usize,
    /// Calls of the last hours that were observed, a week of them.
    pub recent: Vec<f64>,
    /// The first hour that is told, UTC.
    pub from: String,
    /// Its place in the week, Monday 00:00 UTC first.
    pub from_hour_of_week: usize,
    /// The week that comes.
    pub hours: Vec<HourForecast>,
    /// Chance that an hour lies inside its interval.
    pub interval: f64,
    /// The test on the last cycle.
    pub backtest: BacktestResult,
    /// Chance that an hour may have more calls than the schedule is made for.
    pub short_chance: f64,
    /// Share of cold calls that the schedule is made for.
    pub cold_share: f64,
    /// The schedule: changes of provisioned concurrency in a week.
    pub actions: Vec<Action>,
    /// What was assumed.
    pub assumptions: Vec<String>,
}

impl LoadForecast {
    pub(super) fn new(load: &ObservedLoad, plan: Plan, target: f64) -> Self {
        let forecast: &Forecast = &load.forecast;
        let (next, test) = (&forecast.next, &forecast.backtest);
        let hour = |at: usize| {
            let of_week = of_week(next.start + at as i64);
            HourForecast {
                calls: next.median(at),
                low: next.quantile(at, OUTSIDE / 2.0),
                high: next.quantile(at, 1.0 - OUTSIDE / 2.0),
                environments: plan.environments[of_week],
                enough_for: plan.enough_for[of_week],
                short: plan.short[of_week],
            }
        };
        let counts = &forecast.series.counts;
        let mut assumptions = forecast.assumptions.clone();
        assumptions.push("the schedule repeats every week, in UTC: make it anew when the load has changed".to_owned());
        Self {
            observed_from: shown(forecast.series.start),
            observed_hours: counts.len(),
            recent: counts[counts.len().saturating_sub(168)..].to_vec(),
            from: shown(next.start),
            from_hour_of_week: of_week(next.start),
            hours: (0..next.hours()).map(hour).collect(),
            interval: 1.0 - OUTSIDE,
            backtest: BacktestResult {
                hours: test.actual.len(),
                mean: test.actual.iter().sum::<f64>() / test.actual.len().max(1) as f64,
                error: test.error,
                naive_error: test.naive,
                inside: test.inside,
                short: test.short(load.chance),
            },
            short_chance: load.chance,
            cold_share: target,
            actions: plan.actions,
            assumptions,
        }
    }
}
