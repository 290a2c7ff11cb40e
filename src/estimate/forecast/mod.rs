//! The load that is coming: from observed calls by the hour to those of the next week.
//!
//! Seasons are taken apart by MSTL; which of a few shapes fits is decided by how well each told
//! the weeks before the last one, and the last one is what the error is stated for. Intervals are
//! the errors that were made: no law of the noise is assumed.

mod fit;
mod plan;
mod read;
mod series;
mod time;

pub use fit::{DAY, WEEK};
pub use plan::{AHEAD_MIN, Action, Plan, plan};
pub use read::{LoadProblem, read};
pub use series::{Series, SeriesError};
pub use time::{of_week, shown};

use crate::facts::prices::HOURS_PER_MONTH;
use fit::{Scale, Shape};

/// Chance that the stated interval does not hold, half of it on either side.
pub const OUTSIDE: f64 = 0.1;
/// Cycles that errors are collected from at most.
const FOLDS: usize = 6;
/// Errors that are needed before small, middling and large loads are told apart.
const SPLIT: usize = 120;

/// Hours that are told in advance.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The first hour, since 1970, UTC.
    pub start: i64,
    scale: Scale,
    values: Vec<f64>,
    /// Errors made before, on the scale, sorted: of small, middling and large predicted loads.
    errors: [Vec<f64>; 3],
    cuts: [f64; 2],
}

impl Prediction {
    fn new(start: i64, scale: Scale, values: Vec<f64>, made: &[(f64, f64)]) -> Self {
        let mut levels: Vec<f64> = made.iter().map(|(value, _)| *value).collect();
        levels.sort_by(f64::total_cmp);
        let split = made.len() >= SPLIT;
        let at = |share: usize| levels.get(levels.len() * share / 3).copied().filter(|_| split);
        let cuts = [at(1).unwrap_or(f64::NEG_INFINITY), at(2).unwrap_or(f64::NEG_INFINITY)];
        let mut errors = [Vec::new(), Vec::new(), Vec::new()];
        for (value, error) in made {
            errors[class(cuts, *value)].push(*error);
        }
        errors.iter_mut().for_each(|some| some.sort_by(f64::total_cmp));
        Self { start, scale, values, errors, cuts }
    }

    /// How many hours are told.
    pub fn hours(&self) -> usize {
        self.values.len()
    }

    /// The calls of hour `at`, most likely as often more as fewer.
    pub fn median(&self, at: usize) -> f64 {
        self.values.get(at).map_or(0.0, |value| self.scale.from(*value))
    }

    /// The calls of hour `at` in the mean: the errors that were made are not even.
    pub fn mean(&self, at: usize) -> f64 {
        let Some(value) = self.values.get(at) else { return 0.0 };
        let errors = &self.errors[class(self.cuts, *value)];
        if errors.is_empty() {
            return self.median(at);
        }
        errors.iter().map(|error| self.scale.from(value + error)).sum::<f64>() / errors.len() as f64
    }

    /// The calls that hour `at` stays below with probability `p`.
    pub fn quantile(&self, at: usize, p: f64) -> f64 {
        let Some(value) = self.values.get(at) else { return 0.0 };
        let errors = &self.errors[class(self.cuts, *value)];
        // One more than was seen may come: the largest error is not the largest possible.
        let rank = (p * (errors.len() + 1) as f64).ceil().max(1.0) as usize;
        let error = errors.get(rank.min(errors.len()).saturating_sub(1)).copied().unwrap_or(0.0);
        self.scale.from(value + error)
    }

    /// The chance that hour `at` has more than `calls`.
    pub fn beyond(&self, at: usize, calls: f64) -> f64 {
        let Some(value) = self.values.get(at) else { return 0.0 };
        let errors = &self.errors[class(self.cuts, *value)];
        let more = errors.iter().filter(|error| self.scale.from(value + *error) > calls * (1.0 + 1e-9)).count();
        (more as f64 + 1.0).min(errors.len() as f64) / (errors.len() + 1) as f64
    }
}

/// Whether there are more `calls` than `bound`, by more than reckoning is off.
fn exceeds(calls: f64, bound: f64) -> bool {
    calls > bound + bound.abs() * 1e-6 + 1e-6
}

fn class(cuts: [f64; 2], value: f64) -> usize {
    // Without cuts everything is of the last class.
    usize::from(value >= cuts[0]) + usize::from(value >= cuts[1])
}

/// The last cycle of a load, told from what came before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// What was told.
    pub prediction: Prediction,
    /// What came.
    pub actual: Vec<f64>,
    /// Mean absolute error, calls an hour.
    pub error: f64,
    /// The same of taking each hour as it was a cycle before.
    pub naive: f64,
    /// Share of hours inside the interval; none where no earlier errors were there to make one.
    pub inside: Option<f64>,
}

impl Backtest {
    /// Share of hours with more calls than the prediction gave a chance of `chance`; none where
    /// there was no interval.
    pub fn short(&self, chance: f64) -> Option<f64> {
        self.inside?;
        let hours = self.actual.iter().enumerate();
        let short = hours.filter(|(at, calls)| exceeds(**calls, self.prediction.quantile(*at, 1.0 - chance))).count();
        Some(short as f64 / self.actual.len().max(1) as f64)
    }
}

/// The load of one function: what was, and what comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// What was observed.
    pub series: Series,
    /// The week after it.
    pub next: Prediction,
    /// How well it would have told its last cycle.
    pub backtest: Backtest,
    /// Whether weeks repeat, or only days: weeks need three of them.
    pub weekly: bool,
    /// Cycles that the errors are from.
    pub folds: usize,
    /// What was assumed or chosen, in words.
    pub assumptions: Vec<String>,
}

impl Forecast {
    /// Calls a second of each hour of the week, Monday 00:00 UTC first.
    pub fn week(&self) -> Vec<f64> {
        let mut week = vec![0.0; WEEK];
        for at in 0..self.next.hours() {
            week[of_week(self.next.start + at as i64)] = self.next.median(at) / 3600.0;
        }
        week
    }
}

impl Forecast {
    /// Calls of a month like the week to come: the mean of what is told, and the fewest and the most
    /// that the last weeks (or days) came to, where these lie further out.
    pub fn monthly(&self) -> (f64, f64, f64) {
        let hours = self.next.hours().max(1) as f64;
        let told = (0..self.next.hours()).map(|at| self.next.mean(at)).sum::<f64>() / hours * HOURS_PER_MONTH;
        let cycle = if self.weekly { WEEK } else { DAY };
        let past = self.series.counts.rchunks_exact(cycle).take(FOLDS);
        let past = past.map(|calls| calls.iter().sum::<f64>() / cycle as f64 * HOURS_PER_MONTH);
        past.fold((told, told, told), |(low, told, high), calls| (low.min(calls), told, high.max(calls)))
    }
}

/// One past cycle as each shape would have told it.
struct Fold {
    from: usize,
    values: Vec<f64>,
}

fn mean_error(told: impl Iterator<Item = f64>, came: &[f64]) -> f64 {
    told.zip(came).map(|(told, came)| (told - came).abs()).sum::<f64>() / came.len().max(1) as f64
}

/// Forecasts the week after `series`.
///
/// # Errors
/// The load has no shape that can be told.
pub fn forecast(series: Series) -> Result<Forecast, SeriesError> {
    let counts = &series.counts;
    let weekly = counts.len() >= 3 * WEEK;
    let cycle = if weekly { WEEK } else { DAY };
    let folds = ((counts.len() - 2 * cycle) / cycle).clamp(1, FOLDS);
    let told = |shape: Shape| -> Option<Vec<Fold>> {
        (1..=folds)
            .map(|back| {
                let from = counts.len() - back * cycle;
                Some(Fold { from, values: shape.predict(&counts[..from], weekly, cycle)? })
            })
            .collect()
    };
    let came = |fold: &Fold| &counts[fold.from..fold.from + cycle];
    let error_of = |shape: Shape, fold: &Fold| mean_error(fold.values.iter().map(|v| shape.scale.from(*v)), came(fold));
    let mut best: Option<(f64, Shape, Vec<Fold>)> = None;
    for shape in Shape::ALL {
        let Some(past) = told(shape) else { continue };
        // The last cycle is what the error is stated for, so it has no say.
        let error: f64 = past.iter().skip(1).map(|fold| error_of(shape, fold)).sum();
        if best.as_ref().is_none_or(|(least, ..)| error < *least) {
            best = Some((error, shape, past));
        }
    }
    let Some((_, shape, past)) = best else { return Err(SeriesError::Empty) };
    let errors = |fold: &Fold| -> Vec<(f64, f64)> {
        fold.values.iter().zip(came(fold)).map(|(value, came)| (*value, shape.scale.to(*came) - value)).collect()
    };
    let made: Vec<(f64, f64)> = past.iter().flat_map(errors).collect();
    let earlier: Vec<(f64, f64)> = past.iter().skip(1).flat_map(errors).collect();
    let Some((last, next)) = past.first().zip(shape.predict(counts, weekly, WEEK)) else {
        return Err(SeriesError::Empty);
    };
    let actual = came(last).to_vec();
    let prediction = Prediction::new(series.start + last.from as i64, shape.scale, last.values.clone(), &earlier);
    let naive = mean_error(counts[last.from - cycle..last.from].iter().copied(), &actual);
    let inside = (!earlier.is_empty()).then(|| {
        let held = actual.iter().enumerate().filter(|(at, calls)| {
            let (low, high) = (prediction.quantile(*at, OUTSIDE / 2.0), prediction.quantile(*at, 1.0 - OUTSIDE / 2.0));
            !exceeds(low, **calls) && !exceeds(**calls, high)
        });
        held.count() as f64 / actual.len() as f64
    });
    let error = error_of(shape, last);
    let backtest = Backtest { prediction, actual, error, naive, inside };
    let next = Prediction::new(series.end(), shape.scale, next, &made);
    let mut assumptions = vec![
        format!("next week is like the weeks before: {}", shape.words()),
        format!("intervals are the errors made in the last {folds} {}", if weekly { "weeks" } else { "days" }),
    ];
    if !weekly {
        assumptions.push("three weeks of load are needed to tell weekdays apart: every day is taken alike".to_owned());
    }
    if series.silent > 0 {
        assumptions.push(format!("{} hours without a point are hours without calls", series.silent));
    }
    Ok(Forecast { series, next, backtest, weekly, folds, assumptions })
}
