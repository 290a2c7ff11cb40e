//! Loads by the hour whose law is known.

#![allow(dead_code)] // each user takes a part

use dewline::estimate::forecast::{Forecast, OUTSIDE, Series, WEEK, forecast};

/// A small generator of random numbers, the same everywhere.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 200.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.uniform(), 0.0);
        while product > limit {
            product *= self.uniform();
            count += 1.0;
        }
        count
    }
}

/// Hourly means: office days that grow 2 % a week; few calls around the clock; two peaks a day,
/// closed on Sundays, with noise that lasts for hours.
fn law(kind: usize, hour: usize, noise: &mut f64, random: &mut Random) -> f64 {
    let (day, clock, week) = (hour / 24 % 7, (hour % 24) as f64, hour as f64 / 168.0);
    let around = |peak: f64| f64::midpoint(1.0, ((clock - peak) / 24.0 * std::f64::consts::TAU).cos());
    match kind {
        0 => (200.0 + 3000.0 * around(14.0).powi(2)) * if day < 5 { 1.0 } else { 0.4 } * 1.02f64.powf(week),
        1 => 2.0 + 36.0 * around(14.0),
        _ => {
            *noise = 0.9 * *noise + 0.08 * random.normal();
            let peaks = (-(clock - 9.0).powi(2) / 4.0).exp() + 0.8 * (-(clock - 18.0).powi(2) / 6.0).exp() + 0.1;
            let open = if day == 6 { 0.2 } else { 1.0 };
            5000.0 * peaks * open * (1.0 - 0.01 * week) * (*noise + 0.1 * random.normal()).exp()
        }
    }
}

/// Calls of each hour from a Monday on.
pub fn load(kind: usize, weeks: usize, seed: u64) -> Vec<f64> {
    let (mut random, mut noise) = (Random(seed * 7919 + 17), 0.0);
    (0..weeks * WEEK)
        .map(|hour| {
            let mean = law(kind, hour, &mut noise, &mut random);
            random.poisson(mean)
        })
        .collect()
}

/// The Monday at which the loads begin.
pub const MONDAY: i64 = 491_664;

/// The forecast of a load.
pub fn told(counts: &[f64]) -> Forecast {
    forecast(Series { start: MONDAY, counts: counts.to_vec(), silent: 0 }).unwrap()
}

/// How forecasts of the ninth week came out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Mean error over that of taking each hour as it was a week before.
    pub ratio: f64,
    /// Share of hours inside the interval of 90 %.
    pub inside: f64,
    /// Share of hours with more calls than a schedule with a chance of 5 % is made for.
    pub short: f64,
}

/// Forecasts of `runs` loads of one kind.
pub fn outcome(kind: usize, runs: u64) -> Outcome {
    let (mut error, mut naive, mut found) = (0.0, 0.0, Outcome::default());
    for seed in 0..runs {
        let counts = load(kind, 9, seed);
        let (past, next) = counts.split_at(8 * WEEK);
        let forecast = told(past);
        for (at, came) in next.iter().enumerate() {
            error += (forecast.next.median(at) - came).abs();
            naive += (past[7 * WEEK + at] - came).abs();
            let held = forecast.next.quantile(at, OUTSIDE / 2.0)..=forecast.next.quantile(at, 1.0 - OUTSIDE / 2.0);
            found.inside += f64::from(u8::from(held.contains(came)));
            found.short += f64::from(u8::from(*came > forecast.next.quantile(at, 0.95)));
        }
    }
    let hours = runs as f64 * WEEK as f64;
    Outcome { ratio: error / naive, inside: found.inside / hours, short: found.short / hours }
}

/// What the three kinds are.
pub const KINDS: [&str; 3] =
    ["office days that grow 2 % a week", "few calls around the clock", "two peaks, lasting noise"];
