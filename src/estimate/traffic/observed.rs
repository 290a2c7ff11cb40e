//! Rates of entries that nobody gives, from the observed calls of the functions behind them.
//!
//! Observed calls are the sum, over all entries, of events that enter and calls that each of them
//! comes to. Where the rates of all but one entry are known, that of the last follows; routes of one
//! API count as one entry and share alike. Where several are not known, nothing tells them apart: the
//! calls then enter at the function itself, and the bill begins there.

use super::entries::Entering;
use super::{api_of, solve};
use crate::estimate::event::{Event, order};
use crate::estimate::model::{Model, index};
use crate::estimate::range::Range;
use crate::estimate::usage::Profile;
use crate::estimate::variables::{Quantity, Scope, Var};
use crate::graph::NodeId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const NAME: &str = "observed_calls";
const HELP: &str = "Calls of a function, a month, as its observed load goes on";

/// One function whose calls were observed.
struct Observed {
    site: usize,
    var: Var,
    calls: f64,
    profile: Option<Arc<Profile>>,
    solved: bool,
}

/// What the calls of one function say about the rate of an entry: what remains of them when the
/// calls that are known are taken off, for each call that an event comes to.
#[derive(Clone, Copy)]
struct Share {
    var: Var,
    known: f64,
    visits: f64,
}

impl Share {
    fn rate(self, calls: f64) -> f64 {
        (calls - self.known).max(0.0) / self.visits
    }
}

/// Gives rates to entries of `model` that have none, from the loads that were observed.
pub fn observe(model: &mut Model<'_, '_>) {
    let usage = model.variables.usage();
    let point = model.variables.expected();
    let mut functions: Vec<Observed> = Vec::new();
    for (id, load) in &usage.loads {
        let Some(node) = model.graph.node(id) else { continue };
        let (low, expected, high) = load.forecast.monthly();
        let range = Range::new(low, expected, high);
        let var = model.variables.add(Scope::Resource(id.clone()), NAME, HELP, range, true);
        let profile = Profile::new(load.forecast.week()).map(Arc::new);
        functions.push(Observed { site: index(node), var, calls: expected, profile, solved: false });
    }
    if functions.is_empty() {
        return;
    }
    let events = Event::all(model, &point);
    let order = order(model);
    let enter = |entry: &Entering| order.carry(&[(entry.site, 1.0)], |site| &events[site].arcs);
    let visits: Vec<solve::Visits> = model.entering.iter().map(enter).collect();
    let mut rates: Vec<Option<f64>> =
        model.entering.iter().map(|entry| entry.rate.as_ref().map(|rate| rate(&point).max(0.0))).collect();
    // Each round solves what the rounds before have made plain.
    loop {
        let mut found: BTreeMap<usize, Vec<Share>> = BTreeMap::new();
        let mut profiles: BTreeMap<usize, Option<Arc<Profile>>> = BTreeMap::new();
        for one in functions.iter_mut().filter(|one| !one.solved) {
            let (known, open) = reaching(one.site, &visits, &rates);
            let groups: BTreeSet<usize> = open.iter().map(|entry| group(model, *entry)).collect();
            one.solved = groups.len() <= 1;
            if groups.len() != 1 {
                continue;
            }
            let sum: f64 = open.iter().map(|entry| visits[*entry].at(one.site)).sum();
            for entry in open {
                found.entry(entry).or_default().push(Share { var: one.var, known, visits: sum });
                profiles.insert(entry, one.profile.clone());
            }
        }
        if found.is_empty() {
            break;
        }
        for (entry, shares) in found {
            let mean = |calls: &dyn Fn(Var) -> f64| {
                shares.iter().map(|share| share.rate(calls(share.var))).sum::<f64>() / shares.len() as f64
            };
            let expected = |var: Var| functions.iter().find(|one| one.var == var).map_or(0.0, |one| one.calls);
            rates[entry] = Some(mean(&expected));
            let entering = &mut model.entering[entry];
            entering.variables.extend(shares.iter().map(|share| share.var));
            entering.profile = profiles.remove(&entry).flatten();
            entering.rate = Some(rate_of(shares));
        }
    }
    for one in functions.iter().filter(|one| !one.solved) {
        let (known, _) = reaching(one.site, &visits, &rates);
        model.entering.push(Entering {
            site: one.site,
            rate: Some(rate_of(vec![Share { var: one.var, known, visits: 1.0 }])),
            variables: vec![one.var],
            profile: one.profile.clone(),
            scheduled: false,
            interval_s: None,
        });
    }
}

fn rate_of(shares: Vec<Share>) -> Quantity {
    Box::new(move |point| {
        shares.iter().map(|share| share.rate(point.at(share.var))).sum::<f64>() / shares.len().max(1) as f64
    })
}

/// The calls at a site that are known, and the entries without a rate that reach it.
fn reaching(site: usize, visits: &[solve::Visits], rates: &[Option<f64>]) -> (f64, Vec<usize>) {
    let (mut known, mut open) = (0.0, Vec::new());
    for (entry, (visits, rate)) in visits.iter().zip(rates).enumerate() {
        match (visits.at(site), rate) {
            (calls, Some(rate)) => known += calls * rate,
            (calls, None) if calls > 0.0 => open.push(entry),
            _ => {}
        }
    }
    (known, open)
}

/// What an entry counts as: routes of one API are one.
fn group(model: &Model<'_, '_>, entry: usize) -> usize {
    let node = model.graph.at(NodeId::new(model.entering[entry].site));
    index(api_of(node).unwrap_or(node))
}
