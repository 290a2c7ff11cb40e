//! Applications for tests of the estimator.

#![allow(dead_code, clippy::unwrap_used)] // each test uses a part

pub mod random;

use dewline::estimate::usage::{self, Usage};
use dewline::estimate::{Estimate, Options, cost, estimate};
use dewline::facts::prices::Prices;
use dewline::graph::{Graph, Template};
use dewline::source::{NoFiles, SourceFile};
use dewline::template::{Inputs, load};
use std::sync::Arc;

/// A template with its graph.
pub struct Application {
    pub graph: Graph,
}

impl Application {
    pub fn new(template: &str, region: &str) -> Self {
        Self::read("template.yaml", template, region).unwrap()
    }

    /// None for what is no template.
    pub fn read(name: &str, template: &str, region: &str) -> Option<Self> {
        let file = Arc::new(SourceFile::from_bytes(name, template.as_bytes().to_vec()));
        let inputs = Inputs { region: Some(region.to_owned()), ..Inputs::default() };
        let loaded = load::load(file, &NoFiles, &inputs)?;
        Some(Self { graph: Graph::new(Template::new(loaded.dialect, loaded.root, loaded.problems, inputs)) })
    }

    /// The usage file, which must fit the template.
    pub fn usage(&self, text: &str) -> Usage {
        let file = Arc::new(SourceFile::new("dewline.usage.yaml", text));
        let usage = usage::read(&file).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let problems = usage::check(&usage, &self.graph);
        assert!(problems.is_empty(), "{problems:#?}");
        usage
    }

    pub fn estimate(&self, usage: &str, region: &str, free_tier: bool) -> Estimate {
        self.estimate_with(&self.usage(usage), region, free_tier)
    }

    /// The same without cold starts and latency.
    pub fn cost(&self, usage: &str, region: &str, free_tier: bool) -> Estimate {
        let (region, usage) = (region.to_owned(), self.usage(usage));
        cost(&self.graph, &Options { region, usage: &usage, free_tier, prices: Prices::embedded() })
    }

    pub fn estimate_with(&self, usage: &Usage, region: &str, free_tier: bool) -> Estimate {
        let region = region.to_owned();
        estimate(&self.graph, &Options { region, usage, free_tier, prices: Prices::embedded() })
    }
}
