//! A discrete-event simulation of environments, written apart from the model it checks.
//!
//! Calls take the environment that was used last; one that was idle for the expiry is ended, and
//! so is one older than its life when its call ends or a call reaches it.

use dewline::estimate::cold::{Load, Warm};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Law of the duration of calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    Exponential,
    Constant,
    /// With this coefficient of variation.
    LogNormal(f64),
}

impl Law {
    pub fn variation(self) -> f64 {
        match self {
            Self::Exponential => 1.0,
            Self::Constant => 0.0,
            Self::LogNormal(variation) => variation,
        }
    }
}

/// What came out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    pub calls: u64,
    pub cold: u64,
    /// Share of calls that were cold and its standard error, from batches of equal time.
    pub probability: f64,
    pub error: f64,
    /// Mean number of environments, without provisioned ones.
    pub pool: f64,
}

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform between 0 and 1, never 0.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Uniform on a logarithmic scale.
    pub fn scale(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.uniform().ln()
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn duration(&mut self, mean: f64, law: Law) -> f64 {
        match law {
            Law::Exponential => self.exponential(mean),
            Law::Constant => mean,
            Law::LogNormal(variation) => {
                let square = (1.0 + variation * variation).ln();
                mean * (square.sqrt() * self.normal() - square / 2.0).exp()
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
struct Time(f64);

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// One environment in use: none for a provisioned one.
type InUse = (Reverse<Time>, Option<u64>);

struct Pool {
    expiry: f64,
    life: f64,
    provisioned: u32,
    /// Idle environments, the one used last at the back: end of its last call, start of its life.
    idle: VecDeque<(f64, f64)>,
    busy: BinaryHeap<InUse>,
    /// Environment seconds of those that have ended, from `start` on.
    seconds: f64,
    start: f64,
}

impl Pool {
    fn end(&mut self, born: f64, at: f64) {
        self.seconds += (at - born.max(self.start)).max(0.0);
    }

    /// Lets calls end and environments expire up to `now`.
    fn settle(&mut self, now: f64) {
        while let Some((Reverse(Time(at)), born)) = self.busy.peek().copied() {
            if at > now {
                break;
            }
            self.busy.pop();
            match born.map(f64::from_bits) {
                None => self.provisioned += 1,
                Some(born) if at - born >= self.life => self.end(born, at),
                Some(born) => {
                    self.expire(at);
                    self.idle.push_back((at, born));
                }
            }
        }
        self.expire(now);
    }

    fn expire(&mut self, now: f64) {
        while let Some((freed, born)) = self.idle.front().copied() {
            if freed + self.expiry > now {
                break;
            }
            self.idle.pop_front();
            self.end(born, freed + self.expiry);
        }
    }

    /// One call; whether it starts cold.
    fn call(&mut self, now: f64, duration: impl FnOnce(bool) -> f64) -> bool {
        if self.provisioned > 0 {
            self.provisioned -= 1;
            self.busy.push((Reverse(Time(now + duration(false))), None));
            return false;
        }
        let (cold, born) = match self.idle.pop_back() {
            Some((_, born)) if now - born >= self.life => {
                self.end(born, now);
                (true, now)
            }
            Some((_, born)) => (false, born),
            None => (true, now),
        };
        self.busy.push((Reverse(Time(now + duration(cold))), Some(born.to_bits())));
        cold
    }
}

/// Runs about `calls` calls of `load`; `rates` replaces the rate slot by slot of an hour.
pub fn run(load: Load, law: Law, warm: Warm, rates: &[f64], calls: f64, seed: u64) -> Outcome {
    const BATCHES: usize = 25;
    let mut random = Random::new(seed);
    let steady = [load.rate];
    let rates = if rates.is_empty() { &steady[..] } else { rates };
    let burst = load.burst.max(1);
    let peak = rates.iter().copied().fold(0.0, f64::max) / f64::from(burst);
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    // Whole cycles, so that every slot has its share.
    let cycle = if rates.len() > 1 { rates.len() as f64 * 3600.0 } else { 1.0 };
    let length = (calls / mean / cycle / BATCHES as f64).ceil() * cycle * BATCHES as f64;
    let start = if rates.len() > 1 { cycle } else { 20.0 * load.expiry };
    let mut pool = Pool {
        expiry: load.expiry,
        life: warm.life.unwrap_or(f64::INFINITY),
        provisioned: warm.provisioned,
        idle: VecDeque::new(),
        busy: BinaryHeap::new(),
        seconds: 0.0,
        start,
    };
    let mut counts = [(0u64, 0u64); BATCHES];
    let mut next_ping = warm.pings.map_or(f64::INFINITY, |pings| pings.interval);
    let mut now = 0.0;
    loop {
        // Arrivals at the peak rate, thinned to the rate of the slot.
        now += random.exponential(1.0 / peak);
        while let Some(pings) = warm.pings.filter(|_| next_ping <= now) {
            pool.settle(next_ping);
            for _ in 0..pings.width {
                pool.call(next_ping, |_| pings.duration);
            }
            next_ping += pings.interval;
        }
        if now >= start + length {
            break;
        }
        let slot = (now / 3600.0) as usize % rates.len();
        if random.uniform() * peak * f64::from(burst) > rates[slot] {
            continue;
        }
        pool.settle(now);
        let batch = (now >= start).then(|| (((now - start) / length * BATCHES as f64) as usize).min(BATCHES - 1));
        for _ in 0..burst {
            let cold = pool.call(now, |_| random.duration(load.service, law));
            if let Some(batch) = batch {
                counts[batch].0 += 1;
                counts[batch].1 += u64::from(cold);
            }
        }
    }
    let end = start + length;
    pool.settle(end);
    let born: Vec<f64> = pool.idle.iter().map(|(_, born)| *born).collect();
    let busy: Vec<f64> = pool.busy.iter().filter_map(|(_, born)| born.map(f64::from_bits)).collect();
    for born in born.into_iter().chain(busy) {
        pool.end(born, end);
    }
    let (calls, cold) = counts.iter().fold((0, 0), |sum, batch| (sum.0 + batch.0, sum.1 + batch.1));
    let probability = cold as f64 / calls.max(1) as f64;
    let squares: f64 = counts.iter().map(|(calls, cold)| (*cold as f64 - *calls as f64 * probability).powi(2)).sum();
    let error = (squares * BATCHES as f64 / (BATCHES as f64 - 1.0)).sqrt() / calls.max(1) as f64;
    Outcome { calls, cold, probability, error, pool: pool.seconds / length }
}
