//! How many environments to keep so that few calls start cold.

use super::levels::Levels;
use super::passage::passages;
use super::{Load, MAX_LOAD, clumping};

/// What each level of concurrency of one load brings.
struct Demand {
    /// Levels that are always held.
    from: usize,
    /// Share of calls that start cold at each level beyond.
    shares: Vec<f64>,
    /// Chance that each level beyond is held at some moment.
    alive: Vec<f64>,
}

impl Demand {
    fn of(load: Load) -> Self {
        if !load.is_sound() || load.offered() > MAX_LOAD {
            return Self { from: 0, shares: Vec::new(), alive: Vec::new() };
        }
        let levels = Levels::new(load);
        let (tails, means) = passages(load, &levels, load.expiry);
        let share = |i: usize| {
            let clumping = if levels.from + i > 0 { clumping(load) } else { 1.0 };
            levels.up[i] * tails[i] * clumping / load.rate
        };
        let alive = |i: usize| 1.0 - (levels.cumulative[i] - levels.up[i] * means[i]).clamp(0.0, 1.0);
        let count = levels.count();
        Self { from: levels.from, shares: (0..count).map(share).collect(), alive: (0..count).map(alive).collect() }
    }

    fn top(&self) -> usize {
        self.from + self.shares.len()
    }

    fn share(&self, level: usize) -> f64 {
        level.checked_sub(self.from + 1).and_then(|i| self.shares.get(i)).copied().unwrap_or(0.0)
    }

    fn alive(&self, level: usize) -> f64 {
        match level.checked_sub(self.from + 1) {
            None => 1.0,
            Some(i) => self.alive.get(i).copied().unwrap_or(0.0),
        }
    }
}

/// The fewest provisioned environments that keep cold starts at or below `target`; 0 when none
/// are needed.
pub fn kept_for(load: Load, target: f64) -> u32 {
    let demand = Demand::of(load);
    fewest(&demand, target, |level| demand.share(level))
}

fn fewest(demand: &Demand, target: f64, share: impl Fn(usize) -> f64) -> u32 {
    let mut left = 0.0;
    for level in (1..=demand.top()).rev() {
        let share = share(level);
        if left + share > target {
            return level as u32;
        }
        left += share;
    }
    0
}

/// The same hour by hour for a cycle of slots of `slot` seconds, with the growth of the pool from
/// one slot to the next: environments that are new in a slot start cold, and so do those that
/// take the place of provisioned ones when fewer are kept.
pub fn kept_by_hour(loads: &[Load], slot: f64, target: f64) -> Vec<u32> {
    let demands: Vec<Demand> = loads.iter().map(|load| Demand::of(*load)).collect();
    let mut kept = vec![0; loads.len()];
    // What the first slot finds is known only once the last was reckoned.
    for _ in 0..2 {
        for i in 0..loads.len() {
            let last = (i + loads.len() - 1) % loads.len();
            let (now, before, served) = (&demands[i], &demands[last], kept[last] as usize);
            let calls = loads[i].rate * slot;
            kept[i] = fewest(now, target, |level| {
                let there = if level <= served { 0.0 } else { before.alive(level) };
                let grown = (now.alive(level) - there).max(0.0);
                now.share(level) + grown / calls
            });
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::{Warm, profile};
    use super::*;

    #[test]
    fn growth_is_kept_for() {
        let busy = |hour: usize| (8..18).contains(&hour);
        let loads: Vec<Load> = (0..24).map(|hour| Load::new(if busy(hour) { 3.0 } else { 0.05 }, 0.5, 360.0)).collect();
        // More than the busy hours need once their pool is there, less than its growth takes.
        let target = 6e-4;
        let kept = kept_by_hour(&loads, 3600.0, target);
        let each: Vec<u32> = loads.iter().map(|load| kept_for(*load, target)).collect();
        assert!(kept[8] > each[8] && each[8] == 0, "{kept:?} {each:?}");
        let day = profile(&loads, 3600.0, &kept, Warm::default());
        let without = profile(&loads, 3600.0, &each, Warm::default());
        for (hour, slot) in day.hours.iter().enumerate() {
            assert!(slot.cold / slot.calls < 1.3 * target, "hour {hour}: {slot:?} with {}", kept[hour]);
        }
        assert!(without.hours[8].cold / without.hours[8].calls > 1.2 * target);
        assert_eq!(kept_by_hour(&[Load::new(0.0, 0.5, 360.0); 3], 3600.0, target), [0, 0, 0]);
    }
}
