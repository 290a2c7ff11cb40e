//! The application as the estimator sees it: sites with what an event there costs, and ways
//! that events go. Built once from the graph; evaluated for many values of the variables.

use super::meters;
use super::traffic::{self, Entering};
use super::variables::{Quantity, Variables, fixed};
use crate::facts::prices::{Price, Prices};
use crate::graph::{Graph, NodeRef, Resource};
use std::collections::BTreeMap;

/// Index of a meter of one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meter(pub usize);

/// A quantity of a meter that somebody pays.
pub struct Charge {
    /// The site whose bill it is on.
    pub payer: usize,
    /// What is counted.
    pub meter: Meter,
    /// Units, an event or a month.
    pub quantity: Quantity,
}

/// A way that events go from a site.
pub struct Way {
    /// Where it leads.
    pub to: usize,
    /// Events on the way for one at its start.
    pub factor: Quantity,
    /// Whether the factor is known: declared in the template, or given in the usage file.
    pub known: bool,
    /// Whether what arrives causes further events at the target: reading a table does not.
    pub carries: bool,
    /// What an event on the way costs.
    pub charges: Vec<Charge>,
}

/// Charges that do not grow in proportion to events: events a month in, or none for the
/// margin of one more event; units of meters out, on the bill of the site.
pub type ByLoad = Box<dyn Fn(&super::variables::Point, Option<f64>) -> Vec<(Meter, f64)> + Send + Sync>;

/// One resource, route or outside thing.
#[derive(Default)]
pub struct Site {
    /// What messages call it.
    pub name: String,
    /// Ways that events go on.
    pub ways: Vec<Way>,
    /// What an event here costs.
    pub charges: Vec<Charge>,
    /// What a month costs whatever the traffic, by the usage file.
    pub monthly: Vec<Charge>,
    /// What a month costs without any traffic, by the template.
    pub baseline: Vec<(usize, Meter, f64)>,
    /// What does not grow in proportion.
    pub by_load: Option<ByLoad>,
}

/// The model of one application.
pub struct Model<'g, 'u> {
    /// The graph it is of.
    pub graph: &'g Graph,
    /// Variables, with the usage file behind them.
    pub variables: Variables<'u>,
    /// By index of the node.
    pub sites: Vec<Site>,
    /// Names and regions of meters.
    pub meters: Vec<(&'static str, String)>,
    /// Price of each meter in the region.
    pub prices: Vec<Option<Price>>,
    /// Where traffic enters.
    pub entering: Vec<Entering>,
    /// Resources without a price, with the reason.
    pub unpriced: BTreeMap<String, String>,
    table: &'u Prices,
    region: String,
    by_name: BTreeMap<(&'static str, String), Meter>,
}

impl<'g, 'u> Model<'g, 'u> {
    /// The model of `graph`.
    pub fn new(graph: &'g Graph, variables: Variables<'u>, table: &'u Prices, region: &str) -> Self {
        let mut model = Self {
            graph,
            variables,
            sites: graph.nodes().map(|node| Site { name: traffic::shown(node), ..Site::default() }).collect(),
            meters: Vec::new(),
            prices: Vec::new(),
            entering: Vec::new(),
            unpriced: BTreeMap::new(),
            table,
            region: region.to_owned(),
            by_name: BTreeMap::new(),
        };
        for node in graph.nodes() {
            if node.resource().and_then(Resource::exists) == Some(false) {
                continue;
            }
            meters::charge(&mut model, node);
        }
        traffic::connect(&mut model);
        model.entering = traffic::entering(&mut model);
        traffic::observe(&mut model);
        model
    }

    /// The meter of a name, in the region of the application.
    pub fn meter(&mut self, name: &'static str) -> Meter {
        let region = self.region.clone();
        self.meter_in(name, &region)
    }

    /// The meter of a name in a region of its own.
    pub fn meter_in(&mut self, name: &'static str, region: &str) -> Meter {
        let key = (name, region.to_owned());
        if let Some(known) = self.by_name.get(&key) {
            return *known;
        }
        let meter = Meter(self.meters.len());
        self.meters.push((name, key.1.clone()));
        self.prices.push(self.table.get(name, region).ok().cloned());
        self.by_name.insert(key, meter);
        meter
    }

    /// The region that prices are for.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Adds what an event at `node` costs.
    pub fn per_event(&mut self, node: NodeRef<'_>, meter: &'static str, quantity: Quantity) {
        let (payer, meter) = (index(node), self.meter(meter));
        self.sites[payer].charges.push(Charge { payer, meter, quantity });
    }

    /// Adds what a month costs by the usage file.
    pub fn monthly(&mut self, node: NodeRef<'_>, meter: &'static str, quantity: Quantity) {
        let (payer, meter) = (index(node), self.meter(meter));
        self.sites[payer].monthly.push(Charge { payer, meter, quantity });
    }

    /// Adds what a month costs without any traffic.
    pub fn baseline(&mut self, node: NodeRef<'_>, meter: &'static str, units: f64) {
        let (payer, meter) = (index(node), self.meter(meter));
        if units > 0.0 {
            self.sites[payer].baseline.push((payer, meter, units));
        }
    }

    /// Adds what an event on a way costs, on the bill of `payer`.
    pub fn way_charge(&mut self, payer: NodeRef<'_>, meter: &'static str, quantity: Quantity) -> Charge {
        Charge { payer: index(payer), meter: self.meter(meter), quantity }
    }

    /// Adds a way.
    pub fn way(&mut self, from: NodeRef<'_>, to: NodeRef<'_>, factor: Quantity, known: bool) -> &mut Way {
        let ways = &mut self.sites[index(from)].ways;
        ways.push(Way { to: index(to), factor, known, carries: true, charges: Vec::new() });
        let last = ways.len() - 1;
        &mut ways[last]
    }

    /// Names a resource that has no price here.
    pub fn unpriced(&mut self, node: NodeRef<'_>, reason: &str) {
        self.unpriced.entry(node.name().to_owned()).or_insert_with(|| reason.to_owned());
    }

    /// A quantity of one unit an event.
    pub fn once() -> Quantity {
        fixed(1.0)
    }
}

/// The site of a node.
pub fn index(node: NodeRef<'_>) -> usize {
    node.index().index()
}
