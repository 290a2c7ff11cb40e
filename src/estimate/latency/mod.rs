//! How long a path takes: log-normal parts, added, the slowest of several, or mixed.

mod answer;
mod entry;
mod laws;
mod machine;
mod onward;
mod paths;
mod time;

pub use answer::{EntryLatency, FunctionLaw, Latency, Percentiles, Reach, Step, TimeoutRisk};
pub use entry::entry_latency;
pub use laws::Laws;
pub use time::{Mode, Time};

use std::sync::LazyLock;

/// Cells of a distribution.
const CELLS: usize = 2048;
/// Standard normal quantile of 0.99.
const Z99: f64 = 2.326_347_874;

/// A duration known by its median and 99th percentile, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Median.
    pub p50: f64,
    /// 99th percentile.
    pub p99: f64,
}

impl Part {
    fn sigma(self) -> f64 {
        if self.p50 > 0.0 && self.p99 > self.p50 { (self.p99 / self.p50).ln() / Z99 } else { 0.0 }
    }

    /// Coefficient of variation of the log-normal law.
    pub fn variation(self) -> f64 {
        self.sigma().powi(2).exp_m1().sqrt()
    }

    /// The mean of the log-normal law.
    pub fn mean(self) -> f64 {
        self.p50.max(0.0) * (self.sigma().powi(2) / 2.0).exp()
    }

    fn quantile(self, z: f64) -> f64 {
        self.p50.max(0.0) * (self.sigma() * z).exp()
    }
}

/// A distribution on a grid from zero, milliseconds; what lies beyond the grid counts as its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    step: f64,
    mass: Vec<f64>,
}

/// The grid that holds `parts` after one another to beyond their 99.99th percentile.
pub fn step_for(parts: &[Part]) -> f64 {
    // Sums are less spread than their parts: the largest spread in full, the others by less.
    let far: f64 = parts.iter().map(|part| part.quantile(3.9)).fold(0.0, f64::max);
    let rest: f64 = parts.iter().map(|part| part.quantile(2.0)).sum();
    ((far + rest) / CELLS as f64).max(1e-6)
}

impl Distribution {
    /// Nothing: takes no time.
    pub fn zero(step: f64) -> Self {
        let mut mass = vec![0.0; CELLS];
        if let Some(first) = mass.first_mut() {
            *first = 1.0;
        }
        Self { step, mass }
    }

    /// A log-normal part.
    pub fn of(part: Part, step: f64) -> Self {
        let sigma = part.sigma();
        if part.p50 <= 0.0 {
            return Self::zero(step);
        }
        let below = |edge: f64| {
            if edge <= 0.0 {
                0.0
            } else if sigma <= 0.0 {
                f64::from(u8::from(edge >= part.p50))
            } else {
                normal((edge / part.p50).ln() / sigma)
            }
        };
        // A cell stands for the values around it, so that means are kept.
        let mut before = 0.0;
        let cells = (0..CELLS).map(|i| {
            let now = below((i as f64 + 0.5) * step);
            (now - std::mem::replace(&mut before, now)).max(0.0)
        });
        let mut mass: Vec<f64> = cells.collect();
        let sum: f64 = mass.iter().sum();
        if let Some(last) = mass.last_mut() {
            *last += (1.0 - sum).max(0.0);
        }
        Self { step, mass }
    }

    /// Evenly spread from nothing to `longest`.
    pub fn even(longest: f64, step: f64) -> Self {
        let mut law = Self::zero(step);
        let cells = ((longest / step).round().max(0.0) as usize + 1).min(CELLS);
        for mass in law.mass.iter_mut().take(cells) {
            *mass = 1.0 / cells as f64;
        }
        law
    }

    /// The slower of two that run side by side.
    #[must_use]
    pub fn slower(&self, other: &Self) -> Self {
        let (mut a, mut b, mut before) = (0.0, 0.0, 0.0);
        let cells = self.mass.iter().zip(&other.mass).map(|(p, q)| {
            a += p;
            b += q;
            let now: f64 = a * b;
            now - std::mem::replace(&mut before, now)
        });
        Self { step: self.step, mass: cells.collect() }
    }

    /// `other` with probability `share`, this otherwise.
    #[must_use]
    pub fn or(&self, share: f64, other: &Self) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mass = self.mass.iter().zip(&other.mass).map(|(p, q)| p * (1.0 - share) + q * share);
        Self { step: self.step, mass: mass.collect() }
    }

    /// The duration that a share `p` of calls stays below, milliseconds.
    pub fn percentile(&self, p: f64) -> f64 {
        let mut below = 0.0;
        for (i, mass) in self.mass.iter().enumerate() {
            if below + mass >= p {
                let inside = if *mass > 0.0 { (p - below) / mass } else { 0.5 };
                return ((i as f64 - 0.5 + inside) * self.step).max(0.0);
            }
            below += mass;
        }
        self.step * CELLS as f64
    }

    /// The share of calls that take longer than `limit`.
    pub fn beyond(&self, limit: f64) -> f64 {
        let cells = (limit / self.step + 0.5).max(0.0);
        let whole = cells as usize;
        let part = self.mass.get(whole).copied().unwrap_or(0.0) * (1.0 - cells.fract());
        part + self.mass.iter().skip(whole.saturating_add(1)).sum::<f64>()
    }
}

/// Points of the table of the normal law between one standard deviation and the next.
const POINTS: f64 = 128.0;
/// Standard deviations beyond which the normal law is nothing or everything.
const REACH: f64 = 8.5;

/// Distribution function of the standard normal law, to within 2e-11: a distribution asks for it
/// thousands of times.
fn normal(z: f64) -> f64 {
    /// Values and slopes, the latter for one step.
    static TABLE: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
        let points = (0..=(2.0 * REACH * POINTS) as usize).map(|i| {
            let z = i as f64 / POINTS - REACH;
            let slope = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() / POINTS;
            (0.5 * libm::erfc(-z / std::f64::consts::SQRT_2), slope)
        });
        points.collect()
    });
    let at = (z + REACH) * POINTS;
    if at <= 0.0 {
        return 0.0;
    }
    let (Some(before), Some(after)) = (TABLE.get(at as usize), TABLE.get(at as usize + 1)) else { return 1.0 };
    // The cubic with these values and slopes at both ends.
    let t = at.fract();
    let u = 1.0 - t;
    u * u * (before.0 * (1.0 + 2.0 * t) + before.1 * t) + t * t * (after.0 * (1.0 + 2.0 * u) - after.1 * u)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_normal_law_is_exact_enough() {
        for i in 0..20_000 {
            let z = f64::from(i) / 1000.0 - 10.0;
            let exact = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            assert!((normal(z) - exact).abs() < 2e-11, "{z}: {} {exact}", normal(z));
        }
    }

    #[test]
    fn one_part_gives_its_own_percentiles() {
        let part = Part { p50: 50.0, p99: 200.0 };
        let law = Distribution::of(part, step_for(&[part]));
        assert!((law.percentile(0.5) / 50.0 - 1.0).abs() < 0.005);
        assert!((law.percentile(0.99) / 200.0 - 1.0).abs() < 0.005);
        assert!((law.beyond(200.0) - 0.01).abs() < 2e-4);
        assert!(law.slower(&law).percentile(0.5) > law.percentile(0.5));
    }
}
