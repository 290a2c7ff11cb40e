//! How calls of one function arrive: how many, when, and in what pattern.

use super::cold::{self, Cold, Day, Load, Pings, Warm};
use super::forecast::Forecast;
use super::model::Model;
use super::traffic::solve;
use crate::facts::prices::HOURS_PER_MONTH;

/// Calls of one function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrivals {
    /// Independent calls a second.
    pub rate: f64,
    /// Calls at fixed intervals: seconds between them.
    pub intervals: Vec<f64>,
    /// Relative rate of each hour of a day or week; empty for an even load.
    pub hours: Vec<f64>,
    /// Calls that come together.
    pub burst: u32,
}

/// Seconds of a month.
const MONTH: f64 = HOURS_PER_MONTH * 3600.0;

impl Arrivals {
    /// What reaches `site`, from the events of all entries whose rate is known.
    pub fn at(model: &Model<'_, '_>, site: usize, flows: &[solve::Visits], rates: &[Option<f64>], burst: f64) -> Self {
        let mut arrivals = Self { burst: burst.round().clamp(1.0, 1000.0) as u32, ..Self::default() };
        let mut weekly = vec![0.0; 168];
        let mut uneven = false;
        let mut daily = true;
        for ((entry, flow), rate) in model.entering.iter().zip(flows).zip(rates) {
            let (Some(rate), Some(visits)) = (rate, flow.events.get(&site)) else { continue };
            let calls = rate * visits / MONTH;
            if calls <= 0.0 {
                continue;
            }
            // One call for each time that a schedule fires.
            if let Some(interval) = entry.interval_s.filter(|_| (visits - 1.0).abs() < 1e-9) {
                arrivals.intervals.push(interval);
                continue;
            }
            arrivals.rate += calls;
            if let Some(profile) = &entry.profile {
                uneven = true;
                daily &= profile.hours().len() == 24;
                weekly.iter_mut().zip(profile.week()).for_each(|(hour, factor)| *hour += calls * factor);
            } else {
                weekly.iter_mut().for_each(|hour| *hour += calls);
            }
        }
        if uneven && arrivals.rate > 0.0 {
            weekly.truncate(if daily { 24 } else { 168 });
            arrivals.hours = weekly.into_iter().map(|hour| hour / arrivals.rate).collect();
        }
        arrivals
    }

    /// What a forecast tells for the week to come.
    pub fn of_forecast(forecast: &Forecast, burst: f64) -> Self {
        let week = forecast.week();
        let rate = week.iter().sum::<f64>() / week.len() as f64;
        let hours = if rate > 0.0 { week.iter().map(|hour| hour / rate).collect() } else { Vec::new() };
        Self { rate, hours, intervals: Vec::new(), burst: burst.round().clamp(1.0, 1000.0) as u32 }
    }

    /// Calls a second, those of schedules included.
    pub fn total(&self) -> f64 {
        self.rate + self.intervals.iter().map(|interval| 1.0 / interval).sum::<f64>()
    }

    /// A load of the same bursts.
    pub fn in_bursts(&self, shape: Load) -> Load {
        Load { burst: self.burst, ..shape }
    }

    /// Loads of each hour; one for an even load.
    pub fn loads(&self, shape: Load) -> Vec<Load> {
        let even = [1.0];
        let hours = if self.hours.is_empty() { &even[..] } else { &self.hours };
        hours.iter().map(|factor| Load { rate: self.rate * factor, burst: self.burst, ..shape }).collect()
    }

    /// Cold starts of all calls; `kept` gives provisioned environments hour by hour.
    pub fn cold(&self, shape: Load, warm: Warm, kept: &[u32]) -> (Cold, Option<Day>) {
        let loads = self.loads(shape);
        let fastest = self.intervals.iter().copied().fold(f64::INFINITY, f64::min);
        let mut answer = Cold::default();
        let mut day = None;
        if self.rate > 0.0 {
            // A schedule keeps one environment for the other calls.
            let pings = warm.pings.or(fastest.is_finite().then_some(Pings {
                interval: fastest,
                width: 1,
                duration: shape.service,
            }));
            let warm = Warm { pings, ..warm };
            answer = match loads.as_slice() {
                [load] if kept.is_empty() => cold::cold(*load, warm),
                _ => {
                    let found = cold::profile(&loads, 3600.0, kept, warm);
                    let answer = Cold { probability: found.probability(), pool: found.pool().0 };
                    day = Some(found);
                    answer
                }
            };
        }
        if self.intervals.is_empty() {
            return (answer, day);
        }
        let others = Load { rate: self.rate, burst: self.burst, ..shape };
        let (mut scheduled, mut share) = (0.0, 0.0);
        for interval in &self.intervals {
            let always = warm.provisioned > 0
                || warm.pings.is_some_and(|pings| pings.width > 0 && pings.interval <= shape.expiry);
            let cold = if always { 0.0 } else { cold::periodic(*interval, others) };
            scheduled += 1.0 / interval;
            share += cold / interval;
        }
        let total = self.rate + scheduled;
        let probability = (answer.probability * self.rate + share) / total;
        let alone: f64 = self.intervals.iter().map(|interval| (shape.expiry / interval).min(1.0)).fold(0.0, f64::max);
        (Cold { probability, pool: answer.pool.max(alone) }, day)
    }
}
