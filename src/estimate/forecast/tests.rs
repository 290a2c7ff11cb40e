//! The forecast of loads whose law is known.

use super::*;

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

fn load(kind: usize, weeks: usize, seed: u64) -> Vec<f64> {
    let (mut random, mut noise) = (Random(seed * 7919 + 17), 0.0);
    (0..weeks * WEEK)
        .map(|hour| {
            let mean = law(kind, hour, &mut noise, &mut random);
            random.poisson(mean)
        })
        .collect()
}

/// The Monday at which the loads begin.
const MONDAY: i64 = 491_664;

fn told(counts: &[f64]) -> Forecast {
    forecast(Series { start: MONDAY, counts: counts.to_vec(), silent: 0 }).unwrap()
}

#[test]
fn three_loads_of_known_law() {
    // Error against that of the same hour a week before; with the true means it would be 0.67
    // to 0.71 for independent counts.
    for (kind, limit) in [(0, 0.80), (1, 0.85), (2, 0.92)] {
        let (mut error, mut naive, mut inside, mut hours, mut short) = (0.0, 0.0, 0, 0, 0);
        for seed in 0..3 {
            let counts = load(kind, 9, seed);
            let (past, next) = counts.split_at(8 * WEEK);
            let forecast = told(past);
            for (at, came) in next.iter().enumerate() {
                error += (forecast.next.median(at) - came).abs();
                naive += (past[7 * WEEK + at] - came).abs();
                let held = forecast.next.quantile(at, OUTSIDE / 2.0)..=forecast.next.quantile(at, 1.0 - OUTSIDE / 2.0);
                inside += usize::from(held.contains(came));
                short += usize::from(*came > forecast.next.quantile(at, 0.95));
                hours += 1;
            }
        }
        let (ratio, inside, short) = (error / naive, inside as f64 / f64::from(hours), short as f64 / f64::from(hours));
        eprintln!("load {kind}: {ratio:.3} of the naive error, {inside:.3} inside of 0.9, {short:.3} short of 0.05");
        assert!(ratio < limit, "load {kind}: {ratio}");
        assert!(inside > 0.86, "load {kind}: {inside}");
        assert!(short < 0.07, "load {kind}: {short}");
    }
}

#[test]
fn the_backtest_tells_the_last_week() {
    let counts = load(0, 8, 3);
    let forecast = told(&counts);
    let test = &forecast.backtest;
    assert!(forecast.weekly && forecast.folds == 6 && test.actual == counts[7 * WEEK..]);
    assert!(test.error < test.naive, "{} {}", test.error, test.naive);
    assert!(test.inside.unwrap() > 0.8 && test.short(0.05).unwrap() < 0.1);
    assert_eq!(test.prediction.start, MONDAY + 7 * 168);
    // The week that comes is told the same when it is told again.
    assert_eq!(told(&counts), forecast);
}

#[test]
fn short_loads_know_only_days() {
    let counts = load(1, 2, 5);
    let forecast = told(&counts);
    assert!(!forecast.weekly && forecast.next.hours() == WEEK);
    assert!(forecast.assumptions.iter().any(|text| text.contains("three weeks")));
    // Three days leave one to be tested on and nothing to make an interval of.
    let few = told(&counts[..72]);
    assert!(few.folds == 1 && few.backtest.inside.is_none());
    assert!(few.next.quantile(14, 0.95) >= few.next.median(14));
    assert!(few.next.beyond(14, 1e9) < 0.1 && few.next.beyond(14, 0.0) > 0.9);
}

#[test]
fn odd_loads_are_told_without_complaint() {
    for counts in [vec![5.0; 600], [vec![0.0; 599], vec![1e6]].concat(), [vec![1e12; 300], vec![0.0; 300]].concat()] {
        let forecast = told(&counts);
        for at in 0..WEEK {
            let (low, high) = (forecast.next.quantile(at, 0.05), forecast.next.quantile(at, 0.95));
            assert!(low.is_finite() && high.is_finite() && low <= high && low >= 0.0);
        }
    }
}
