//! How often a call starts cold.
//!
//! With routing to the most recently used environment and a fixed idle expiry T, the number of
//! live environments is the largest concurrency of the last T seconds, so a call is cold when it
//! reaches a concurrency not seen in that time. For Poisson arrivals (single or in bursts) and
//! exponential service the time from k-1 to k concurrent calls is a first passage of a
//! birth-death chain, whose distribution comes from its Laplace transform by numerical inversion.

mod kept;
mod levels;
mod passage;
mod profile;

pub use kept::{kept_by_hour, kept_for};
pub use profile::{Day, Hour, profile};

use levels::Levels;

/// Load of one function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Calls a second.
    pub rate: f64,
    /// Mean duration of a warm call, seconds.
    pub service: f64,
    /// Idle expiry of an environment, seconds.
    pub expiry: f64,
    /// Calls that arrive at once; 1 for calls that come alone.
    pub burst: u32,
    /// Coefficient of variation of the duration; 1 for exponential service.
    pub variation: f64,
}

impl Load {
    /// Calls that come alone, with exponential service.
    pub fn new(rate: f64, service: f64, expiry: f64) -> Self {
        Self { rate, service, expiry, burst: 1, variation: 1.0 }
    }

    /// The same load in bursts of `burst` calls.
    #[must_use]
    pub fn in_bursts(self, burst: u32) -> Self {
        Self { burst: burst.clamp(1, MAX_BURST), ..self }
    }

    /// The same load with another spread of durations.
    #[must_use]
    pub fn varying(self, variation: f64) -> Self {
        Self { variation, ..self }
    }

    /// Mean number of calls in progress.
    pub fn offered(&self) -> f64 {
        self.rate * self.service
    }

    fn is_sound(&self) -> bool {
        self.rate > 0.0 && self.service > 0.0 && self.expiry > 0.0 && self.offered().is_finite() && self.rate < 1e12
    }
}

/// What keeps environments warm, and what ends them.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Warm {
    /// Environments kept by provisioned concurrency.
    pub provisioned: u32,
    /// A warmer.
    pub pings: Option<Pings>,
    /// Seconds after which an environment is ended even when in use; `None` for never.
    pub life: Option<f64>,
}

/// Calls of a warmer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pings {
    /// Seconds from one round to the next.
    pub interval: f64,
    /// Calls of one round at the same time.
    pub width: u32,
    /// Seconds that a ping keeps its environment busy.
    pub duration: f64,
}

/// Answer of a model.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Cold {
    /// Share of calls that start cold.
    pub probability: f64,
    /// Mean number of environments held, those kept by provisioned concurrency included.
    pub pool: f64,
}

/// Concurrency beyond which Erlang's form answers: the exact model gains nothing there.
pub const LARGE_POOL: f64 = 100_000.0;
/// Concurrency beyond which no call is taken to start cold: no account has such a quota.
const MAX_LOAD: f64 = 1e6;
/// Calls of one burst that are reckoned with at most.
const MAX_BURST: u32 = 1000;

/// Share of calls that start cold, and the environments held.
pub fn cold(load: Load, warm: Warm) -> Cold {
    let kept = f64::from(warm.provisioned);
    if !load.is_sound() {
        return Cold { probability: 0.0, pool: kept };
    }
    if load.offered() > MAX_LOAD {
        return Cold { probability: 0.0, pool: kept.max(load.offered()) };
    }
    let base = if load.offered() > LARGE_POOL { erlang(load, warm.provisioned) } else { in_step(load, warm) };
    match warm.life {
        Some(life) if life > 0.0 => recycled(load, warm, base, life),
        _ => base,
    }
}

/// Calls of a burst that take equally long end together, so the burst is one unit of as many
/// environments. How far to go from exponential service to that tells the share of a call that two
/// calls of a burst have in common; with longer tails it goes the other way.
fn in_step(load: Load, warm: Warm) -> Cold {
    let answer = exact(load, warm);
    if load.burst <= 1 || !(load.variation >= 0.0 && (load.variation - 1.0).abs() > 1e-9) {
        return answer;
    }
    let sigma = (load.variation * load.variation).ln_1p().sqrt();
    // E min of two log-normal durations over the mean of one: 1 for constant ones, 1/2 for
    // exponential ones.
    let common = libm::erfc(sigma / 2.0);
    let share = 2.0 * common - 1.0;
    let size = load.burst;
    let unit = Load { rate: load.rate / f64::from(size), burst: 1, ..load };
    let units = |calls: u32| calls / size;
    let pings = warm.pings.map(|pings| Pings { width: units(pings.width), ..pings });
    let together = exact(unit, Warm { provisioned: units(warm.provisioned), pings, ..warm });
    let pool = (together.pool * f64::from(size)).max(f64::from(warm.provisioned));
    let mix = |a: f64, b: f64| a + share * (b - a);
    let probability = mix(answer.probability, together.probability).clamp(0.0, 1.0);
    Cold { probability, pool: mix(answer.pool, pool).max(f64::from(warm.provisioned)) }
}

fn exact(load: Load, warm: Warm) -> Cold {
    let levels = Levels::new(load);
    let (tails, means) = passage::passages(load, &levels, load.expiry);
    let kept = warm.provisioned as usize;
    let mut answer = Cold { probability: 0.0, pool: (kept as f64).max(levels.from as f64) };
    let mut dead_levels = vec![0.0; levels.count()];
    for (i, dead_level) in dead_levels.iter_mut().enumerate() {
        let level = levels.from + i + 1;
        let unpinged = warm.pings.map_or(1.0, |pings| unpinged(pings, load.expiry, |width| levels.below(i, width)));
        let dead = (levels.cumulative[i] - levels.up[i] * means[i]).max(0.0) * unpinged;
        *dead_level = dead;
        if level > kept {
            let clumping = if level > 1 { clumping(load) } else { 1.0 };
            answer.probability += levels.up[i] * tails[i] * unpinged * clumping;
            answer.pool += 1.0 - dead;
        }
    }
    answer.probability /= load.rate;
    if let Some(pings) = warm.pings {
        // While a round of pings is under way its environments are taken: a call is cold where
        // nothing is alive beyond them.
        let share = (pings.duration / pings.interval).clamp(0.0, 1.0);
        let width = pings.width as usize;
        let taken: f64 = levels.weights.iter().zip(dead_levels.iter().skip(width)).map(|(p, dead)| p * dead).sum();
        if kept == 0 {
            answer.probability += share * taken;
        }
    }
    answer.probability = answer.probability.clamp(0.0, 1.0);
    answer
}

/// Chance that no round of pings within the expiry reached a level, given how likely fewer calls
/// than the level less `width` were in progress at a round.
fn unpinged(pings: Pings, expiry: f64, below: impl Fn(usize) -> f64) -> f64 {
    if pings.interval <= 0.0 || pings.width == 0 {
        return 1.0;
    }
    let free = below(pings.width as usize);
    let rounds = expiry / pings.interval;
    let (whole, part) = (rounds.floor(), rounds.fract());
    let power = |n: f64| if n > 0.0 { free.powf(n) } else { 1.0 };
    (1.0 - part) * power(whole) + part * power(whole + 1.0)
}

/// How much more often calls are cold because durations vary: runs of long calls keep a high
/// concurrency, so it is less often reached again soon after. Fitted to simulations with
/// log-normal and constant service (own, see `docs/cold-starts.md`); 1 for exponential service.
fn clumping(load: Load) -> f64 {
    let square = load.variation * load.variation;
    if load.burst > 1 || !(square.is_finite() && load.variation >= 0.0) {
        1.0
    } else if square > 1.0 {
        1.0 + 0.045 * square.ln()
    } else {
        1.0 - 0.02 * (1.0 - square)
    }
}

/// Environments end after `life` seconds even when in use. Busy periods shuffle which
/// environment stands where, so all share one rate of renewal.
fn recycled(load: Load, warm: Warm, base: Cold, life: f64) -> Cold {
    let pool = base.pool - f64::from(warm.provisioned);
    if pool <= 1e-9 {
        return base;
    }
    let own = load.rate * base.probability / pool;
    let ends = if own * life > 1e-9 { own / -(-own * life).exp_m1() } else { 1.0 / life };
    // A renewal falls on whoever calls next, which may be a ping.
    let pinged = warm.pings.map_or(0.0, |pings| f64::from(pings.width) / pings.interval.max(1e-9));
    let share = load.rate / (load.rate + pinged);
    let probability = base.probability + pool * (ends - own) * share / load.rate;
    Cold { probability: probability.clamp(base.probability, 1.0), pool: base.pool }
}

/// The closed form by Erlang's loss formula: a little less exact, for checks and very large
/// pools. Bursts, pings and spread of durations are not in it.
pub fn erlang(load: Load, provisioned: u32) -> Cold {
    let kept = f64::from(provisioned);
    if !load.is_sound() || load.offered() > MAX_LOAD {
        return Cold { probability: 0.0, pool: kept };
    }
    let single = load.in_bursts(1);
    let levels = Levels::new(single);
    let offered = load.offered();
    let mut answer = Cold { probability: 0.0, pool: kept.max(levels.from as f64) };
    let mut blocked = 1.0;
    for level in 1..=levels.from {
        blocked = offered * blocked / (level as f64 + offered * blocked);
    }
    for i in 0..levels.count() {
        let level = levels.from + i + 1;
        let quiet = (-load.rate * load.expiry * blocked).exp();
        if level > provisioned as usize {
            answer.probability += levels.weights[i] * quiet;
            answer.pool += 1.0 - levels.cumulative[i] * quiet;
        }
        blocked = offered * blocked / (level as f64 + offered * blocked);
    }
    answer.probability = answer.probability.clamp(0.0, 1.0);
    answer
}

/// Calls at fixed intervals (a schedule) beside other calls: the interval outlasts the expiry and
/// no other call came in between, or all environments are busy.
pub fn periodic(interval: f64, others: Load) -> f64 {
    let Load { rate, service, expiry, .. } = others;
    if !(interval > 0.0 && expiry > 0.0) {
        return 0.0;
    }
    let others = Load { rate: rate.max(1e-12), service: service.max(1e-9), expiry, burst: 1, ..others };
    let pings = Pings { interval, width: 1, duration: 0.0 };
    if !others.is_sound() || others.offered() > LARGE_POOL {
        return if interval > expiry { 1.0 } else { 0.0 };
    }
    let levels = Levels::new(others);
    let (tails, _) = passage::passages(others, &levels, expiry);
    // Calls before this one, within the expiry: a call exactly at its end finds it still alive.
    let before = (expiry / interval).floor();
    let share: f64 = (0..levels.count())
        .map(|i| {
            let free = levels.below(i, pings.width as usize);
            let unseen = if before > 0.0 { free.powf(before) } else { 1.0 };
            levels.up[i] * tails[i] * unseen
        })
        .sum();
    (share / others.rate).clamp(0.0, 1.0)
}

/// Share of calls that find `kept` environments busy.
pub fn spill(offered: f64, kept: u32) -> f64 {
    (1..=kept).fold(1.0, |blocked, n| offered * blocked / (f64::from(n) + offered * blocked))
}

#[cfg(test)]
mod tests;
