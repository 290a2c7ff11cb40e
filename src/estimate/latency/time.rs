//! What a path is made of, and its distribution.

use super::{Distribution, Part, step_for};

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
const RARE: f64 = 2e-5;

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

    /// Its distribution.
    pub fn law(&self, mode: Mode) -> Distribution {
        let mut parts = Vec::new();
        self.parts(mode, &mut parts);
        self.on(mode, step_for(&parts))
    }

    /// The longest way, for the extent of the grid.
    fn parts(&self, mode: Mode, found: &mut Vec<Part>) {
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

    fn on(&self, mode: Mode, step: f64) -> Distribution {
        match self {
            Self::Part(part) => Distribution::of(*part, step),
            Self::Fixed(ms) => Distribution::of(Part { p50: *ms, p99: *ms }, step),
            Self::Even(ms) => Distribution::even(*ms, step),
            Self::Start(part, share) => {
                let share = starts(mode, *share);
                let none = Distribution::zero(step);
                if share > RARE { none.or(share, &Distribution::of(*part, step)) } else { none }
            }
            Self::Series(all) => {
                let mut law: Option<Distribution> = None;
                for time in all {
                    let next = time.on(mode, step);
                    law = Some(law.map_or(next.clone(), |law| law.then(&next)));
                }
                law.unwrap_or_else(|| Distribution::zero(step))
            }
            Self::Slowest(all) => all
                .iter()
                .map(|time| time.on(mode, step))
                .reduce(|slowest, law| slowest.slower(&law))
                .unwrap_or_else(|| Distribution::zero(step)),
            Self::Either(all) => {
                let (mut seen, mut law) = (0.0, Distribution::zero(step));
                for (share, time) in all.iter().filter(|(share, _)| *share > 0.0) {
                    seen += share;
                    law = law.or(share / seen, &time.on(mode, step));
                }
                law
            }
        }
    }
}

fn starts(mode: Mode, share: Option<f64>) -> f64 {
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
    use super::*;

    #[test]
    fn starts_count_by_mode() {
        let part = |p50: f64| Part { p50, p99: 2.0 * p50 };
        let path = Time::Series(vec![Time::Start(part(900.0), Some(0.02)), Time::Part(part(100.0))]);
        let p50 = |mode| path.law(mode).percentile(0.5);
        assert!((p50(Mode::Warm) - 100.0).abs() < 1.0);
        assert!((900.0..1150.0).contains(&p50(Mode::Cold)));
        assert!((100.0..105.0).contains(&p50(Mode::Mixed)));
        assert!((path.law(Mode::Mixed).beyond(600.0) - 0.02).abs() < 0.001);
        assert!(path.is_known() && path.has_start());
    }

    #[test]
    fn waits_and_branches() {
        let law = Time::Even(1000.0).law(Mode::Warm);
        assert!((law.percentile(0.5) - 500.0).abs() < 5.0 && (law.percentile(0.99) - 990.0).abs() < 5.0);
        let branches = Time::Slowest(vec![Time::Fixed(30.0), Time::Fixed(80.0)]);
        assert!((branches.law(Mode::Warm).percentile(0.5) - 80.0).abs() < 0.5);
        let either = Time::Either(vec![(0.25, Time::Fixed(10.0)), (0.75, Time::Fixed(90.0))]);
        let law = either.law(Mode::Warm);
        assert!(law.percentile(0.2) < 11.0 && law.percentile(0.3) > 89.0);
        assert!(Time::Series(Vec::new()).law(Mode::Mixed).percentile(0.99) < 1e-3);
    }
}
