//! How often a call starts cold.
//!
//! With routing to the most recently used environment and a fixed idle expiry T, the number of
//! live environments is the largest concurrency of the last T seconds, so a call is cold when it
//! reaches a concurrency not seen in that time. For Poisson arrivals and exponential service the
//! time from k-1 to k concurrent calls is a first passage of a birth-death chain, whose
//! distribution comes from its Laplace transform by numerical inversion.

/// Load of one function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Calls a second.
    pub rate: f64,
    /// Mean duration of a warm call, seconds.
    pub service: f64,
    /// Idle expiry of an environment, seconds.
    pub expiry: f64,
}

/// Answer of a model.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Cold {
    /// Share of calls that start cold.
    pub probability: f64,
    /// Mean number of environments held.
    pub pool: f64,
}

/// Points of the inversion contour; more gain nothing in double precision.
const POINTS: usize = 18;
/// Concurrency beyond which the model answers with its limit instead of a sum.
const MAX_LOAD: f64 = 1e6;

/// The exact model with `kept` environments that are always warm (provisioned concurrency, or
/// a warmer of that width with a period below the expiry).
pub fn exact(load: Load, kept: u32) -> Cold {
    let Load { rate, service, expiry } = load;
    if !(rate > 0.0 && service > 0.0 && expiry > 0.0 && rate * service < MAX_LOAD) {
        return Cold { probability: 0.0, pool: f64::from(kept) };
    }
    let levels = Levels::new(rate, service, expiry);
    let mut answer = Cold { probability: 0.0, pool: f64::from(kept).max(levels.from as f64) };
    for (level, tail, alive) in levels.iter() {
        if level > kept as usize {
            answer.probability += levels.busy(level - 1) * tail;
            answer.pool += alive;
        }
    }
    answer.probability = answer.probability.clamp(0.0, 1.0);
    answer
}

/// The exact model with environments ended after `life` seconds even when in use.
pub fn recycled(load: Load, life: f64) -> Cold {
    let Load { rate, service, expiry } = load;
    let base = exact(load, 0);
    if base.pool <= 0.0 || life <= 0.0 {
        return base;
    }
    let levels = Levels::new(rate, service, expiry);
    // Renewals of each level: at its own rate, or at the end of life, whatever is sooner.
    let mut probability = levels.from as f64 / (rate * life);
    for (level, tail, alive) in levels.iter() {
        let cold = rate * levels.busy(level - 1) * tail;
        if alive > 1e-12 {
            let own = cold / alive;
            let ends = if own * life > 1e-9 { own / -(-own * life).exp_m1() } else { 1.0 / life };
            // An environment is only renewed when a call reaches it after its end.
            let used = rate * levels.reached(level - 1);
            probability += alive * ends.min(used.max(own)) / rate;
        }
    }
    Cold { probability: probability.clamp(base.probability, 1.0), pool: base.pool }
}

/// The closed form by Erlang's loss formula: a little less exact, for checks and very large pools.
pub fn erlang(load: Load) -> Cold {
    let Load { rate, service, expiry } = load;
    let offered = rate * service;
    if !(offered > 0.0 && offered < MAX_LOAD && expiry > 0.0) {
        return Cold::default();
    }
    let last = (offered + 12.0 * offered.sqrt() + 25.0) as usize;
    let (mut answer, mut blocked, mut below) = (Cold::default(), 1.0, 0.0);
    let mut log_busy = -offered;
    for level in 1..=last {
        let busy = log_busy.exp();
        below += busy;
        let quiet = (-rate * expiry * blocked).exp();
        answer.probability += busy * quiet;
        answer.pool += 1.0 - below.min(1.0) * quiet;
        blocked = offered * blocked / (level as f64 + offered * blocked);
        log_busy += (offered / level as f64).ln();
    }
    answer
}

/// Calls at fixed intervals (a schedule): cold when the interval outlasts the expiry.
pub fn periodic(interval: f64, expiry: f64) -> f64 {
    if interval > expiry { 1.0 } else { 0.0 }
}

/// Rare bursts of simultaneous calls: cold unless another burst came within the expiry. Only
/// for bursts that seldom overlap.
pub fn rare_bursts(bursts_per_second: f64, expiry: f64) -> f64 {
    (-bursts_per_second * expiry).exp()
}

/// Cold starts and calls over one cycle of equal slots with their own rates. Growth of the pool
/// from slot to slot is cold too.
pub fn profile(rates: &[f64], slot: f64, service: f64, expiry: f64) -> (f64, f64) {
    let slots: Vec<Cold> = rates.iter().map(|rate| exact(Load { rate: *rate, service, expiry }, 0)).collect();
    let mut previous = slots.last().map_or(0.0, |slot| slot.pool);
    let (mut cold, mut calls) = (0.0, 0.0);
    for (rate, answer) in rates.iter().zip(&slots) {
        cold += rate * slot * answer.probability + (answer.pool - previous).max(0.0);
        calls += rate * slot;
        previous = answer.pool;
    }
    (cold.min(calls), calls)
}

/// Share of calls that find `kept` environments busy.
pub fn spill(offered: f64, kept: u32) -> f64 {
    (1..=kept).fold(1.0, |blocked, n| offered * blocked / (f64::from(n) + offered * blocked))
}

/// The fewest always-warm environments that keep cold starts at or below `target`.
pub fn kept_for(load: Load, target: f64) -> u32 {
    if !(load.rate > 0.0 && load.rate * load.service < MAX_LOAD) {
        return 0;
    }
    let levels = Levels::new(load.rate, load.service, load.expiry);
    let cold: Vec<(usize, f64)> =
        levels.iter().map(|(level, tail, _)| (level, levels.busy(level - 1) * tail)).collect();
    let mut left = 0.0;
    for (level, share) in cold.iter().rev() {
        if left + share > target {
            return *level as u32;
        }
        left += share;
    }
    0
}

/// Levels of concurrency that matter: below them environments are never idle for long.
struct Levels {
    from: usize,
    busy: Vec<f64>,
    below: Vec<f64>,
    tails: Vec<f64>,
    alive: Vec<f64>,
}

impl Levels {
    fn new(rate: f64, service: f64, expiry: f64) -> Self {
        let (offered, end) = (rate * service, 1.0 / service);
        let width = offered.sqrt();
        let from = (offered - 9.0 * width - 5.0).max(0.0) as usize;
        let last = (offered + 10.0 * width + 20.0) as usize;
        // Poisson weights outward from the mode, then normalised: no factorials, no underflow.
        let count = last - from + 1;
        let mode = (offered as usize).clamp(from, last) - from;
        let mut busy = vec![0.0; count];
        if let Some(top) = busy.get_mut(mode) {
            *top = 1.0;
        }
        for i in mode + 1..count {
            busy[i] = busy[i - 1] * offered / (from + i) as f64;
        }
        for i in (0..mode).rev() {
            busy[i] = busy[i + 1] * (from + i + 1) as f64 / offered;
        }
        let total: f64 = busy.iter().sum();
        let mut sum = 0.0;
        let below: Vec<f64> = busy
            .iter_mut()
            .map(|weight| {
                *weight /= total;
                sum += *weight;
                sum.min(1.0)
            })
            .collect();
        let (tails, means) = passages(rate, end, expiry, from, count);
        let alive = (0..count).map(|i| (1.0 - below[i] + rate * busy[i] * means[i]).clamp(0.0, 1.0)).collect();
        Self { from, busy, below, tails, alive }
    }

    fn busy(&self, concurrency: usize) -> f64 {
        concurrency.checked_sub(self.from).and_then(|i| self.busy.get(i)).copied().unwrap_or(0.0)
    }

    /// Share of time with at least so many calls.
    fn reached(&self, concurrency: usize) -> f64 {
        let under = concurrency.checked_sub(self.from + 1).and_then(|i| self.below.get(i)).copied().unwrap_or(0.0);
        1.0 - under
    }

    /// Level, chance that it was not reached within the expiry, chance that its environment lives.
    fn iter(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        let from = self.from;
        self.tails.iter().zip(&self.alive).enumerate().map(move |(i, (tail, alive))| (from + i + 1, *tail, *alive))
    }
}

#[derive(Clone, Copy)]
struct Complex(f64, f64);

impl Complex {
    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }

    fn over(self, other: Self) -> Self {
        let norm = other.0 * other.0 + other.1 * other.1;
        Self((self.0 * other.0 + self.1 * other.1) / norm, (self.1 * other.0 - self.0 * other.1) / norm)
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    fn sqrt(self) -> Self {
        let size = self.0.hypot(self.1);
        let real = f64::midpoint(size, self.0).max(0.0).sqrt();
        Self(real, ((size - self.0) / 2.0).max(0.0).sqrt().copysign(self.1))
    }
}

/// For each level, P(first passage > time) and E min(first passage, time), by Talbot's contour.
/// With h = 1 - g of the transform g, h(k) = (s + k m h(k-1)) / (l + s + k m h(k-1)), which
/// never subtracts near-equal numbers.
fn passages(rate: f64, end: f64, time: f64, from: usize, count: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut tails, mut means) = (vec![0.0; count], vec![0.0; count]);
    let radius = 2.0 * POINTS as f64 / (5.0 * time);
    for point in 0..POINTS {
        let (s, weight) = if point == 0 {
            (Complex(radius, 0.0), Complex(0.5 * (radius * time).exp(), 0.0))
        } else {
            let angle = point as f64 * std::f64::consts::PI / POINTS as f64;
            let cot = angle.cos() / angle.sin();
            let s = Complex(radius * angle * cot, radius * angle);
            let size = (s.0 * time).exp();
            let turn = Complex(size * (s.1 * time).cos(), size * (s.1 * time).sin());
            (s, turn.times(Complex(1.0, angle + (angle * cot - 1.0) * cot)))
        };
        let weight = Complex(weight.0 * radius / POINTS as f64, weight.1 * radius / POINTS as f64).over(s);
        // Far below the mean the recursion forgets its start: begin at its fixed point,
        // m k h^2 + (l + s - m k) h - s = 0.
        let mut h = Complex(0.0, 0.0);
        if from > 0 {
            let down = end * from as f64;
            let b = Complex(rate + s.0 - down, s.1);
            let square = b.times(b).plus(Complex(4.0 * down * s.0, 4.0 * down * s.1));
            let root = square.sqrt();
            h = Complex((root.0 - b.0) / (2.0 * down), (root.1 - b.1) / (2.0 * down));
        }
        for (i, (tail, mean)) in tails.iter_mut().zip(means.iter_mut()).enumerate() {
            let down = end * (from + i) as f64;
            let top = Complex(s.0 + down * h.0, s.1 + down * h.1);
            h = top.over(Complex(rate + top.0, top.1));
            let value = h.times(weight);
            *tail += value.0;
            *mean += value.over(s).0;
        }
    }
    for (tail, mean) in tails.iter_mut().zip(means.iter_mut()) {
        // Below the precision of the inversion there is only noise.
        *tail = if *tail < 1e-9 { 0.0 } else { tail.min(1.0) };
        *mean = mean.clamp(0.0, time);
    }
    (tails, means)
}

#[cfg(test)]
#[path = "cold_tests.rs"]
mod tests;
