//! What a path is made of, and its distribution.

use super::{Part, step_for};

/// A span of time that is put together from others, milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Time {
    /// A log-normal part.
    Part(Part),
    /// A fixed time.
    Fixed(f64),
    /// Evenly spread from nothing to this: waiting for a batch to fill.
    Even(f64),
    /// Initialisation of a function, with its share of calls where the traffic is known.
    Start(Part, Option<f64>),
    /// One after the other.
    Series(Vec<Time>),
    /// The slowest of several.
    Slowest(Vec<Time>),
    /// One of several, with its share.
    Either(Vec<(f64, Time)>),
}

/// Which starts happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// None.
    Warm,
    /// All.
    Cold,
    /// As often as the model says; unknown shares count as none.
    Mixed,
}

/// Shares below this do not show in any percentile that is told.
pub(super) const RARE: f64 = 2e-5;

/// Marks in keys: the bits of numbers that are none.
const EVEN: u64 = u64::MAX;
const START: u64 = u64::MAX - 1;
const SLOWEST: u64 = u64::MAX - 2;
const EITHER: u64 = u64::MAX - 3;

impl Time {
    /// Whether every start on the way has a known share.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Start(_, share) => share.is_some(),
            Self::Part(_) | Self::Fixed(_) | Self::Even(_) => true,
            Self::Series(all) | Self::Slowest(all) => all.iter().all(Self::is_known),
            Self::Either(all) => all.iter().all(|(_, time)| time.is_known()),
        }
    }

    /// Whether a function starts on the way.
    pub fn has_start(&self) -> bool {
        match self {
            Self::Start(..) => true,
            Self::Part(_) | Self::Fixed(_) | Self::Even(_) => false,
            Self::Series(all) | Self::Slowest(all) => all.iter().any(Self::has_start),
            Self::Either(all) => all.iter().any(|(_, time)| time.has_start()),
        }
    }

    /// The longest way, for the extent of the grid.
    pub(super) fn parts(&self, mode: Mode, found: &mut Vec<Part>) {
        let fixed = |ms: f64| Part { p50: ms, p99: ms };
        match self {
            Self::Part(part) => found.push(*part),
            Self::Fixed(ms) | Self::Even(ms) => found.push(fixed(*ms)),
            Self::Start(part, share) if starts(mode, *share) > RARE => found.push(*part),
            Self::Start(..) => {}
            Self::Series(all) => all.iter().for_each(|time| time.parts(mode, found)),
            Self::Slowest(all) => longest(all.iter(), mode, found),
            Self::Either(all) => longest(all.iter().map(|(_, time)| time), mode, found),
        }
    }

    /// The shares of the starts on the way that happen now and then.
    pub(super) fn shares(&self, mode: Mode, found: &mut Vec<f64>) {
        match self {
            Self::Start(_, share) => found.extend(Some(starts(mode, *share)).filter(|share| *share > RARE)),
            Self::Part(_) | Self::Fixed(_) | Self::Even(_) => {}
            Self::Series(all) | Self::Slowest(all) => all.iter().for_each(|time| time.shares(mode, found)),
            Self::Either(all) => all.iter().for_each(|(_, time)| time.shares(mode, found)),
        }
    }

    /// Whether nothing of it takes time.
    pub(super) fn takes_none(&self, mode: Mode) -> bool {
        match self {
            Self::Start(_, share) => starts(mode, *share) <= RARE,
            Self::Series(all) => all.iter().all(|time| time.takes_none(mode)),
            _ => false,
        }
    }

    /// Writes what its distribution depends on: the same for times that have the same.
    pub(super) fn write_key(&self, mode: Mode, key: &mut Vec<u64>) {
        let part = |part: &Part| [part.p50.to_bits(), part.p99.to_bits()];
        match self {
            _ if self.takes_none(mode) => {}
            Self::Part(one) => key.extend(part(one)),
            Self::Fixed(ms) => key.extend([ms.to_bits(); 2]),
            Self::Even(ms) => key.extend([EVEN, ms.to_bits()]),
            // A start that always happens is a part like any other.
            Self::Start(one, share) => match starts(mode, *share) {
                1.0 => key.extend(part(one)),
                share => {
                    key.extend([START, share.to_bits()]);
                    key.extend(part(one));
                }
            },
            Self::Series(all) => all.iter().for_each(|time| time.write_key(mode, key)),
            Self::Slowest(all) => {
                key.extend([SLOWEST, all.len() as u64]);
                all.iter().for_each(|time| time.write_key_apart(mode, key));
            }
            Self::Either(all) => {
                key.extend([EITHER, all.len() as u64]);
                for (share, time) in all {
                    key.push(share.to_bits());
                    time.write_key_apart(mode, key);
                }
            }
        }
    }

    /// The same as one member of several, with its length in front.
    fn write_key_apart(&self, mode: Mode, key: &mut Vec<u64>) {
        let at = key.len();
        key.push(0);
        self.write_key(mode, key);
        key[at] = (key.len() - at) as u64;
    }
}

/// The share of calls that start cold.
pub(super) fn starts(mode: Mode, share: Option<f64>) -> f64 {
    match mode {
        Mode::Warm => 0.0,
        Mode::Cold => 1.0,
        Mode::Mixed => share.unwrap_or(0.0),
    }
}

fn longest<'t>(all: impl Iterator<Item = &'t Time>, mode: Mode, found: &mut Vec<Part>) {
    let mut best: Vec<Part> = Vec::new();
    for time in all {
        let mut parts = Vec::new();
        time.parts(mode, &mut parts);
        if step_for(&parts) > step_for(&best) {
            best = parts;
        }
    }
    found.extend(best);
}

#[cfg(test)]
mod tests {
    use super::super::Laws;
    use super::*;

    #[test]
    fn starts_count_by_mode() {
        let part = |p50: f64| Part { p50, p99: 2.0 * p50 };
        let path = Time::Series(vec![Time::Start(part(900.0), Some(0.02)), Time::Part(part(100.0))]);
        let laws = Laws::default();
        let p50 = |mode| laws.of(&path, mode).percentile(0.5);
        assert!((p50(Mode::Warm) - 100.0).abs() < 1.0);
        assert!((900.0..1150.0).contains(&p50(Mode::Cold)));
        assert!((100.0..105.0).contains(&p50(Mode::Mixed)));
        assert!((laws.of(&path, Mode::Mixed).beyond(600.0) - 0.02).abs() < 0.001);
        assert!(path.is_known() && path.has_start());
    }

    #[test]
    fn waits_and_branches() {
        let laws = Laws::default();
        let law = laws.of(&Time::Even(1000.0), Mode::Warm);
        assert!((law.percentile(0.5) - 500.0).abs() < 5.0 && (law.percentile(0.99) - 990.0).abs() < 5.0);
        let branches = Time::Slowest(vec![Time::Fixed(30.0), Time::Fixed(80.0)]);
        assert!((laws.of(&branches, Mode::Warm).percentile(0.5) - 80.0).abs() < 0.5);
        let either = Time::Either(vec![(0.25, Time::Fixed(10.0)), (0.75, Time::Fixed(90.0))]);
        let law = laws.of(&either, Mode::Warm);
        assert!(law.percentile(0.2) < 11.0 && law.percentile(0.3) > 89.0);
        assert!(laws.of(&Time::Series(Vec::new()), Mode::Mixed).percentile(0.99) < 1e-3);
    }
}
