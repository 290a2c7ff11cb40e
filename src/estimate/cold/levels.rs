//! Levels of concurrency: how likely each is, and how often it is reached from below.

use super::Load;

/// Levels that matter, `from + 1` first: below them environments are never idle for long.
pub(super) struct Levels {
    /// Concurrency that is practically always exceeded.
    pub from: usize,
    /// P(concurrency = from + i).
    pub weights: Vec<f64>,
    /// P(concurrency < from + i + 1).
    pub cumulative: Vec<f64>,
    /// How often a second the level from + i + 1 is reached from below.
    pub up: Vec<f64>,
}

/// Deviations below the mean at which the chain is cut.
const LOWER: f64 = 8.0;
/// Weight relative to the largest at which the upper end is cut.
const NEGLIGIBLE: f64 = 1e-16;

impl Levels {
    pub fn new(load: Load) -> Self {
        let burst = load.burst.max(1) as usize;
        let (mean, arrivals) = (load.offered(), load.rate / burst as f64);
        let deviation = (mean * (burst as f64 + 1.0) / 2.0).sqrt();
        let from = (mean - LOWER * deviation - 5.0).max(0.0) as usize;
        // Balance across the cut below n: n departures a service time against the arrivals that
        // jump over it. Cut at `from` this is exact for the chain that is held there.
        let offered = arrivals * load.service;
        let mut weights = vec![1.0];
        let (mut recent, mut top, mut total) = (1.0, 1.0f64, 1.0);
        loop {
            let n = from + weights.len();
            let weight = offered * recent / n as f64;
            weights.push(weight);
            top = top.max(weight);
            total += weight;
            // Summed anew each time: taking off the oldest would leave its rounding behind.
            recent = weights.iter().rev().take(burst).sum();
            if n as f64 > mean && weight < top * NEGLIGIBLE {
                break;
            }
        }
        for weight in &mut weights {
            *weight /= total;
        }
        // The level above the last weight is not looked at.
        let count = weights.len() - 1;
        let mut sum = 0.0;
        let cumulative = weights
            .iter()
            .take(count)
            .map(|weight| {
                sum += weight;
                f64::min(sum, 1.0)
            })
            .collect();
        let up = (0..count).map(|i| (from + i + 1) as f64 * weights[i + 1] / load.service).collect();
        Self { from, weights, cumulative, up }
    }

    pub fn count(&self) -> usize {
        self.up.len()
    }

    /// P(concurrency < level - width | concurrency < level), for the level from + i + 1.
    pub fn below(&self, i: usize, width: usize) -> f64 {
        let narrow = i.checked_sub(width).map_or(0.0, |i| self.cumulative[i]);
        if self.cumulative[i] > 0.0 { (narrow / self.cumulative[i]).min(1.0) } else { 0.0 }
    }
}
