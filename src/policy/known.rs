//! What policies share: the usage file beside the template, what the estimator says, the flows of
//! events and the policy documents. Each is found when it is first asked for.

use crate::estimate::{self, Entry, Estimate, Options, USUAL_REGION, Usage};
use crate::facts::prices::{Prices, currency};
use crate::graph::{Flow, Graph, PolicyDocument};
use std::cell::OnceCell;

/// The usage file of a template, with the estimate that follows from it. It is reckoned when the
/// first policy asks, and once for all.
pub struct Known<'g> {
    graph: &'g Graph,
    usage: Option<Usage>,
    nothing: Usage,
    estimate: OnceCell<Estimate>,
    cost: OnceCell<Estimate>,
    flows: OnceCell<Vec<Flow<'g>>>,
    policy_documents: OnceCell<Vec<PolicyDocument<'g>>>,
}

impl<'g> Known<'g> {
    /// `usage` is none where there is no usage file, or one with mistakes.
    pub fn new(graph: &'g Graph, usage: Option<Usage>) -> Self {
        Self {
            graph,
            usage,
            nothing: Usage::default(),
            estimate: OnceCell::new(),
            cost: OnceCell::new(),
            flows: OnceCell::new(),
            policy_documents: OnceCell::new(),
        }
    }

    /// The graph of the template.
    pub fn graph(&self) -> &'g Graph {
        self.graph
    }

    /// The ways events take, as [`Graph::flows`] finds them.
    pub fn flows(&self) -> &[Flow<'g>] {
        self.flows.get_or_init(|| self.graph.flows())
    }

    /// The policy documents, as [`Graph::policy_documents`] finds them.
    pub fn policy_documents(&self) -> &[PolicyDocument<'g>] {
        self.policy_documents.get_or_init(|| self.graph.policy_documents())
    }

    /// The usage file.
    pub fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }

    /// The estimate; none without a usage file, since traffic is then not known.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.usage.as_ref()?;
        Some(self.estimate.get_or_init(|| self.reckon(estimate::estimate)))
    }

    /// The region; none where nothing says which it is.
    fn region(&self) -> Option<String> {
        estimate::region(self.usage.as_ref().unwrap_or(&self.nothing), self.graph)
    }

    fn reckon(&self, run: fn(&Graph, &Options<'_>) -> Estimate) -> Estimate {
        let region = self.region().unwrap_or_else(|| USUAL_REGION.to_owned());
        let usage = self.usage.as_ref().unwrap_or(&self.nothing);
        run(self.graph, &Options { region, usage, free_tier: false, prices: Prices::embedded() })
    }
}

/// What a template costs: without a usage file, that of schedules and of what is paid without
/// traffic.
#[derive(Clone, Copy)]
pub struct Costs<'a>(&'a Known<'a>);

impl<'a> Costs<'a> {
    /// The costs behind what is known.
    pub fn new(known: &'a Known<'a>) -> Self {
        Self(known)
    }

    /// The estimate, without cold starts and latency.
    pub fn estimate(self) -> &'a Estimate {
        self.0.cost.get_or_init(|| self.0.reckon(estimate::cost))
    }

    /// The usage file; an empty one where there is none.
    pub fn usage(self) -> &'a Usage {
        self.0.usage.as_ref().unwrap_or(&self.0.nothing)
    }

    /// The price of a unit of `meter` in the region, at its first tier.
    pub fn price(self, meter: &str) -> Option<f64> {
        let region = self.0.region().unwrap_or_else(|| USUAL_REGION.to_owned());
        let price = Prices::embedded().get(meter, &region).ok()?;
        price.tiers.first().map(|(_, price)| *price)
    }

    /// ` (prices of us-east-1)` where the region is only assumed.
    pub fn basis(self) -> String {
        if self.0.region().is_none() { format!(" (prices of {USUAL_REGION})") } else { String::new() }
    }

    /// Events a month at a resource, expected, as far as the traffic is known; none where nothing
    /// is known to reach it.
    pub fn events(self, name: &str) -> Option<f64> {
        let at = |entry: &Entry| {
            let reached = entry.reaches.iter().find(|one| one.name == name)?;
            Some(entry.monthly_requests?.expected * reached.events)
        };
        let events: f64 = self.estimate().entries.iter().filter_map(at).sum();
        (events > 0.0).then_some(events)
    }

    /// Money as messages have it.
    pub fn money(self, amount: f64) -> String {
        let currency = currency(self.0.region().as_deref().unwrap_or(USUAL_REGION));
        let sign = if currency == "USD" { "$".to_owned() } else { format!("{currency} ") };
        if amount >= 100.0 { format!("{sign}{amount:.0}") } else { format!("{sign}{amount:.2}") }
    }
}
