//! The reckoning at one value of every variable.

use super::bill::{Line, UnitPrices};
use super::event::Event;
use super::range::Range;
use super::traffic::solve;
use crate::facts::prices::HOURS_PER_MONTH;

/// Seconds of the month that monthly figures are stated for.
pub const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3600.0;

/// Everything at one point.
pub(super) struct Run {
    /// What one event at each site comes to.
    pub events: Vec<Event>,
    /// What one event of each entry comes to.
    pub flows: Vec<solve::Visits>,
    /// Events a month of each entry.
    pub rates: Vec<Option<f64>>,
    /// Events a month at each site.
    pub loads: Vec<f64>,
    /// Everything a month, baseline included.
    pub lines: Vec<Line>,
    /// What is paid without traffic.
    pub baseline: Vec<Line>,
}

impl Run {
    /// What `events` of an entry cause, whatever else there is.
    pub fn alone(&self, entry: usize, events: f64) -> Vec<Line> {
        let visits = self.flows[entry].events.iter();
        let lines = visits.flat_map(|(site, visits)| {
            self.events[*site].costs().map(move |line| Line { units: line.units * visits * events, ..*line })
        });
        lines.collect()
    }

    /// The share of an entry in what its traffic costs at every site that it reaches.
    pub fn path_cost(&self, prices: &UnitPrices, entry: usize) -> f64 {
        let Some(rate) = self.rates[entry] else { return 0.0 };
        let flow = &self.flows[entry].events;
        let baseline: usize = self.baseline.len();
        let caused = &self.lines[..self.lines.len() - baseline];
        let share = |site: usize| -> f64 {
            let load = self.loads[site];
            flow.get(&site).filter(|_| load > 0.0).map_or(0.0, |events| events * rate / load)
        };
        caused.iter().map(|line| prices.cost(line) * share(line.cause)).sum()
    }
}

/// A range whose bounds enclose its expected value.
pub(super) fn range(at: impl Fn(usize) -> f64) -> Range {
    Range::new(at(0), at(1), at(2))
}
