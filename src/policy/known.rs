//! What is known beyond the template: the usage file beside it, and what the estimator says.

use crate::estimate::{Estimate, Options, Usage, estimate};
use crate::facts::prices::Prices;
use crate::graph::Graph;
use std::cell::OnceCell;

/// The usage file of a template, with the estimate that follows from it. It is reckoned when the
/// first policy asks, and once for all.
pub struct Known<'g> {
    graph: &'g Graph,
    usage: Option<Usage>,
    estimate: OnceCell<Estimate>,
}

impl<'g> Known<'g> {
    /// `usage` is none where there is no usage file, or one with mistakes.
    pub fn new(graph: &'g Graph, usage: Option<Usage>) -> Self {
        Self { graph, usage, estimate: OnceCell::new() }
    }

    /// The usage file.
    pub fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }

    /// The estimate; none without a usage file, since traffic is then not known.
    pub fn estimate(&self) -> Option<&Estimate> {
        let usage = self.usage.as_ref()?;
        Some(self.estimate.get_or_init(|| {
            let deployed = self.graph.template().pseudo_parameter("AWS::Region").map(|region| region.to_string());
            let region = usage.region.clone().or(deployed).filter(|region| !region.is_empty());
            let region = region.unwrap_or_else(|| "us-east-1".to_owned());
            estimate(self.graph, &Options { region, usage, free_tier: false, prices: Prices::embedded() })
        }))
    }
}
