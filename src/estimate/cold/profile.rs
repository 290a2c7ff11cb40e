//! Load that changes from hour to hour.

use super::levels::Levels;
use super::passage::passages;
use super::{Cold, LARGE_POOL, Load, Warm, clumping, cold, recycled};

/// One slot of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Hour {
    /// Calls in the slot.
    pub calls: f64,
    /// Calls of the slot that start cold.
    pub cold: f64,
    /// Mean number of environments held once the slot has settled.
    pub pool: f64,
    /// Mean number of calls in progress.
    pub busy: f64,
}

/// A whole cycle.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Day {
    /// The slots.
    pub hours: Vec<Hour>,
}

impl Day {
    /// Calls of the cycle.
    pub fn calls(&self) -> f64 {
        self.hours.iter().map(|hour| hour.calls).sum()
    }

    /// Share of calls that start cold.
    pub fn probability(&self) -> f64 {
        let calls = self.calls();
        if calls > 0.0 { self.hours.iter().map(|hour| hour.cold).sum::<f64>() / calls } else { 0.0 }
    }

    /// Mean and largest number of environments held.
    pub fn pool(&self) -> (f64, f64) {
        let mean = self.hours.iter().map(|hour| hour.pool).sum::<f64>() / self.hours.len().max(1) as f64;
        (mean, self.hours.iter().map(|hour| hour.pool).fold(0.0, f64::max))
    }
}

/// Where the first expiry of a slot is looked at, as shares of it: close together at first,
/// when the pool grows.
const GRID: [f64; 6] = [0.0, 0.03, 0.12, 0.3, 0.6, 1.0];

/// One slot with what the next one needs to know.
struct Slot {
    load: Load,
    kept: usize,
    levels: Levels,
    /// E min(passage, x) at each point of the grid, forward and backward in time.
    ahead: Vec<Vec<f64>>,
    back: Vec<Vec<f64>>,
    tails: Vec<f64>,
}

impl Slot {
    fn new(load: Load, kept: u32) -> Self {
        let levels = Levels::new(load);
        let means = |share: f64| passages(load, &levels, load.expiry * share).1;
        let ahead = GRID.iter().map(|share| means(*share)).collect();
        let back = GRID.iter().map(|share| means(1.0 - share)).collect();
        let tails = passages(load, &levels, load.expiry).0;
        Self { load, kept: kept as usize, levels, ahead, back, tails }
    }

    /// Chance that a level was not reached in the last part of the slot before, given that it
    /// is not in use at its end.
    fn unseen(&self, level: usize, point: usize) -> f64 {
        if level <= self.kept {
            // Served by provisioned concurrency, so no environment of its own stayed behind.
            return 1.0;
        }
        let Some(i) = level.checked_sub(self.levels.from + 1) else { return 0.0 };
        if i >= self.levels.count() {
            return 1.0;
        }
        let below = self.levels.cumulative[i];
        if below <= 0.0 {
            return 0.0;
        }
        (1.0 - self.levels.up[i] * self.back[point][i] / below).clamp(0.0, 1.0)
    }
}

/// Cold starts over one cycle of equal slots with their own loads. In the first expiry of a
/// slot, environments of the slot before are still there, and growth of the pool is cold.
/// `provisioned` gives the environments kept in each slot; slots beyond its end keep none.
pub fn profile(loads: &[Load], slot: f64, provisioned: &[u32], warm: Warm) -> Day {
    let kept = |i: usize| provisioned.get(i).copied().unwrap_or(warm.provisioned);
    let plain = |load: &Load| load.is_sound() && load.offered() <= LARGE_POOL && warm.pings.is_none();
    // Nothing carries over when the expiry outlasts a slot's calls or a warmer smooths the pool.
    let slots: Vec<Option<Slot>> = loads
        .iter()
        .enumerate()
        .map(|(i, load)| (plain(load) && load.expiry <= slot).then(|| Slot::new(*load, kept(i))))
        .collect();
    let mut day = Day::default();
    for (i, load) in loads.iter().enumerate() {
        let warm = Warm { provisioned: kept(i), ..warm };
        let calls = if load.is_sound() { load.rate * slot } else { 0.0 };
        let before = slots.get((i + loads.len() - 1) % loads.len()).and_then(Option::as_ref);
        let steady = cold(*load, Warm { life: None, ..warm });
        let raw = match (&slots[i], before) {
            (Some(now), Some(before)) => ramped(now, before, slot),
            _ => calls * steady.probability,
        };
        let share = if calls > 0.0 { (raw / calls).clamp(0.0, 1.0) } else { 0.0 };
        let base = Cold { probability: share, pool: steady.pool };
        let share = match warm.life {
            Some(life) if life > 0.0 && load.is_sound() => recycled(*load, warm, base, life).probability,
            _ => share,
        };
        day.hours.push(Hour {
            calls,
            cold: calls * share,
            pool: steady.pool,
            busy: if load.is_sound() { load.offered() } else { 0.0 },
        });
    }
    day
}

fn ramped(now: &Slot, before: &Slot, slot: f64) -> f64 {
    let expiry = now.load.expiry;
    let mut total = 0.0;
    // Levels that the slot always holds, where the one before did not: one start each.
    for level in now.kept + 1..=now.levels.from {
        total += before.unseen(level, 0);
    }
    for i in 0..now.levels.count() {
        let level = now.levels.from + i + 1;
        if level <= now.kept {
            continue;
        }
        let clumping = if level > 1 { clumping(now.load) } else { 1.0 };
        let first: f64 = (1..GRID.len())
            .map(|point| {
                let grown = now.ahead[point][i] - now.ahead[point - 1][i];
                grown * f64::midpoint(before.unseen(level, point - 1), before.unseen(level, point))
            })
            .sum();
        total += now.levels.up[i] * (first + (slot - expiry) * now.tails[i]) * clumping;
    }
    total
}
