//! How much each variable moves the answer: the same reckoning with one of them at another
//! value, of which only what changes is done again.

use super::bill::Totals;
use super::event::Event;
use super::model::Model;
use super::range::Bound;
use super::traffic::Entering;
use super::traffic::solve::{Order, Visits};
use super::variables::Point;
use std::collections::BTreeMap;

/// The reckoning at the expected values.
pub(super) struct Spread<'a, 'g, 'u> {
    model: &'a Model<'g, 'u>,
    order: &'a Order,
    free_tier: bool,
    expected: Point,
    events: Vec<Event>,
    flows: Vec<Visits>,
    per_million: Vec<f64>,
    /// Entries whose traffic comes by, by site.
    visitors: Vec<Vec<usize>>,
}

impl<'a, 'g, 'u> Spread<'a, 'g, 'u> {
    /// Reckons at the expected values.
    pub fn new(model: &'a Model<'g, 'u>, order: &'a Order, free_tier: bool) -> Self {
        let expected = model.variables.expected();
        let events = Event::all(model, &expected);
        let enter = |entry: &Entering| order.carry(&[(entry.site, 1.0)], |site| &events[site].arcs);
        let flows: Vec<Visits> = model.entering.iter().map(enter).collect();
        let mut visitors = vec![Vec::new(); model.sites.len()];
        for (entry, flow) in flows.iter().enumerate() {
            flow.events.keys().for_each(|site| visitors[*site].push(entry));
        }
        let per_million = flows.iter().map(|flow| million(model, flow, |site| &events[site])).collect();
        Self { model, order, free_tier, expected, events, flows, per_million, visitors }
    }

    /// The points where the answer is low, expected and high; and for each variable how much
    /// it alone moves the month, and a million events of every entry.
    pub fn bounds(self) -> ([Point; 3], Vec<(f64, f64)>) {
        let list = self.model.variables.list();
        let (mut low, mut high) = (self.expected.clone(), self.expected.clone());
        let mut spread = Vec::with_capacity(list.len());
        for (at, variable) in list.iter().enumerate() {
            if variable.range.high <= variable.range.low {
                spread.push((0.0, 0.0));
                continue;
            }
            let below = self.objectives(&self.expected.with(at, variable, Bound::Low));
            let above = self.objectives(&self.expected.with(at, variable, Bound::High));
            let (monthly, per_million) = (above.0 - below.0, above.1 - below.1);
            // Full batches are cheap: for some variables the high value is the low cost.
            let direction = if monthly.abs() > below.0.abs() * 1e-12 { monthly } else { per_million };
            let (cheap, dear) = if direction < 0.0 { (Bound::High, Bound::Low) } else { (Bound::Low, Bound::High) };
            low.set(at, variable.range.at(cheap));
            high.set(at, variable.range.at(dear));
            spread.push((monthly.abs(), per_million.abs()));
        }
        ([low, self.expected, high], spread)
    }

    /// Cost of a month of what is known, and of a million events of every entry.
    fn objectives(&self, point: &Point) -> (f64, f64) {
        let now = (0..self.events.len()).map(|site| (site, Event::at(self.model, site, point)));
        let changed: BTreeMap<usize, Event> = now.filter(|(site, event)| *event != self.events[*site]).collect();
        let event = |site: usize| changed.get(&site).unwrap_or(&self.events[site]);
        let mut concerned: Vec<usize> = changed.keys().flat_map(|site| &self.visitors[*site]).copied().collect();
        concerned.sort_unstable();
        concerned.dedup();
        let carries_otherwise = changed.iter().any(|(site, event)| event.arcs != self.events[*site].arcs);
        let flows: BTreeMap<usize, Visits> = if carries_otherwise {
            let carry =
                |entry: usize| self.order.carry(&[(self.model.entering[entry].site, 1.0)], |site| &event(site).arcs);
            concerned.iter().map(|entry| (*entry, carry(*entry))).collect()
        } else {
            BTreeMap::new()
        };
        let flow = |entry: usize| flows.get(&entry).unwrap_or(&self.flows[entry]);
        let mut per_million = 0.0;
        for (entry, known) in self.per_million.iter().enumerate() {
            let again = concerned.binary_search(&entry).is_ok();
            per_million += if again { million(self.model, flow(entry), event) } else { *known };
        }
        (self.month(point, flow, event), per_million)
    }

    /// Cost of a month of what is known.
    fn month<'e>(&self, point: &Point, flow: impl Fn(usize) -> &'e Visits, event: impl Fn(usize) -> &'e Event) -> f64 {
        let mut loads = vec![0.0; self.model.sites.len()];
        for (entry, entering) in self.model.entering.iter().enumerate() {
            let Some(rate) = &entering.rate else { continue };
            let rate = rate(point).max(0.0);
            flow(entry).events.iter().for_each(|(site, events)| loads[*site] += events * rate);
        }
        let mut totals = Totals::new(self.model);
        for (site, one) in self.model.sites.iter().enumerate() {
            one.baseline.iter().for_each(|(_, meter, units)| totals.add(*meter, *units));
            one.monthly.iter().for_each(|charge| totals.add(charge.meter, (charge.quantity)(point)));
            let load = loads[site];
            if load > 0.0 {
                event(site).lines.iter().for_each(|line| totals.add(line.meter, line.units * load));
                if let Some(by_load) = &one.by_load {
                    by_load(point, Some(load)).into_iter().for_each(|(meter, units)| totals.add(meter, units));
                }
            }
        }
        totals.cost(self.model, self.free_tier)
    }
}

/// What a million events of an entry cost, whatever else there is.
fn million<'e>(model: &Model<'_, '_>, flow: &Visits, event: impl Fn(usize) -> &'e Event) -> f64 {
    let mut totals = Totals::new(model);
    for (site, visits) in &flow.events {
        let (event, load) = (event(*site), visits * 1e6);
        event.costs().for_each(|line| totals.add(line.meter, line.units * load));
    }
    totals.cost(model, false)
}
