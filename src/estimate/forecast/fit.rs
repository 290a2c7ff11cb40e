//! Daily and weekly seasons and a trend, taken apart by MSTL and put together again.

use stlrs::MstlParams;

/// Hours of a day and of a week.
pub const DAY: usize = 24;
/// See above.
pub const WEEK: usize = 168;

/// The scale on which seasons add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Square root: counts of independent calls spread evenly on it.
    Root,
    /// Logarithm: seasons and trend multiply.
    Log,
}

impl Scale {
    /// From calls to the scale.
    pub fn to(self, calls: f64) -> f64 {
        match self {
            Self::Root => (calls.max(0.0) + 0.375).sqrt(),
            Self::Log => calls.max(0.0).ln_1p(),
        }
    }

    /// From the scale to calls.
    pub fn from(self, value: f64) -> f64 {
        match self {
            Self::Root => value.max(0.0).powi(2) - 0.375,
            Self::Log => value.min(50.0).exp_m1(),
        }
        .max(0.0)
    }
}

/// One way to look at a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The scale.
    pub scale: Scale,
    /// Whether seasons stay as they are; else they may change slowly.
    pub fixed: bool,
    /// Whether there is a trend; else the level of the last week holds.
    pub trend: bool,
    /// Whether every hour is simply as it was a cycle before.
    pub repeat: bool,
}

impl Shape {
    /// What is tried; the first is what holds where nothing can be compared.
    pub const ALL: [Self; 9] = {
        let mut all = [Self { scale: Scale::Log, fixed: true, trend: true, repeat: true }; 9];
        let mut i = 0;
        while i < 8 {
            let scale = if i & 4 == 0 { Scale::Log } else { Scale::Root };
            all[i] = Self { scale, fixed: i & 2 == 0, trend: i & 1 == 0, repeat: false };
            i += 1;
        }
        all
    };

    /// In words.
    pub fn words(self) -> String {
        if self.repeat {
            return "each hour as it was a cycle before".to_owned();
        }
        let scale = match self.scale {
            Scale::Log => "seasons multiply the level",
            Scale::Root => "seasons add to the level on a square-root scale",
        };
        let seasons = if self.fixed { "the same in every cycle" } else { "changing slowly" };
        let trend = if self.trend { "a damped trend" } else { "the level of the last week" };
        format!("{scale}, {seasons}, with {trend}")
    }

    /// The next `horizon` values on the shape's scale; none where the load is too short.
    pub fn predict(self, counts: &[f64], weekly: bool, horizon: usize) -> Option<Vec<f64>> {
        let scaled: Vec<f64> = counts.iter().map(|count| self.scale.to(*count)).collect();
        if self.repeat {
            let cycle = if weekly { WEEK } else { DAY };
            let last = scaled.get(scaled.len().checked_sub(cycle)?..)?;
            return Some(last.iter().copied().cycle().take(horizon).collect());
        }
        let periods = if weekly { &[DAY, WEEK][..] } else { &[DAY] };
        let mut parameters = MstlParams::new();
        if self.fixed {
            // A window far longer than the series takes the mean of all cycles.
            parameters.seasonal_lengths(&vec![10 * counts.len() + 1; periods.len()]);
        }
        let parts = parameters.fit(&scaled, periods).ok()?;
        let level: Vec<f64> = parts.trend().iter().zip(parts.remainder()).map(|(trend, rest)| trend + rest).collect();
        let mut next = if self.trend { damped(&level, horizon) } else { vec![recent(&level); horizon] };
        for (season, period) in parts.seasonal().iter().zip(periods) {
            let last = &season[season.len().checked_sub(*period)?..];
            next.iter_mut().zip(last.iter().cycle()).for_each(|(value, season)| *value += season);
        }
        next.iter().all(|value| value.is_finite()).then_some(next)
    }
}

fn recent(level: &[f64]) -> f64 {
    let last = &level[level.len().saturating_sub(WEEK)..];
    last.iter().sum::<f64>() / last.len().max(1) as f64
}

/// How much of a trend is left after an hour: half of it after ten days.
const DAMPING: f64 = 0.997;

/// Holt's damped trend, with the smoothing that told the next day best.
fn damped(level: &[f64], horizon: usize) -> Vec<f64> {
    let first = DAY.min(level.len());
    let start = level.iter().take(first).sum::<f64>() / first.max(1) as f64;
    let (mut best, mut found) = (f64::INFINITY, (start, 0.0));
    for alpha in [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3] {
        for beta in [0.0, 0.001, 0.003, 0.01, 0.03] {
            let (mut now, mut slope, mut error) = (start, 0.0, 0.0);
            let mut told = std::collections::VecDeque::with_capacity(DAY + 1);
            for (i, value) in level.iter().enumerate() {
                told.push_back(now + slope * DAY as f64);
                if told.len() > DAY {
                    let before: f64 = told.pop_front().unwrap_or(now);
                    if i >= 2 * DAY {
                        error += (before - value).powi(2);
                    }
                }
                let next = alpha * value + (1.0 - alpha) * (now + DAMPING * slope);
                slope = beta * (next - now) + (1.0 - beta) * DAMPING * slope;
                now = next;
            }
            if error < best {
                (best, found) = (error, (now, slope));
            }
        }
    }
    let (now, slope) = found;
    let mut gained = 0.0;
    let mut left = 1.0;
    let next = |_| {
        left *= DAMPING;
        gained += left;
        now + slope * gained
    };
    (0..horizon).map(next).collect()
}
