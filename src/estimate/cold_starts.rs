//! Cold starts of each function, from the traffic that reaches it.

use super::cold::{self, Load, Warm};
use super::meters::lambda;
use super::model::{Model, index};
use super::range::Range;
use super::usage::Key;
use super::variables::Point;
use crate::facts::cold_starts;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::NodeKind;
use serde::Serialize;

/// Cold starts of one function.
#[derive(Clone, Debug, Serialize)]
pub struct ColdStarts {
    /// Logical id.
    pub function: String,
    /// Calls a second.
    pub rate_per_second: f64,
    /// Share of calls that start cold, over the range of idle expiries.
    pub share: Range,
    /// Environments held, expected.
    pub pool: f64,
    /// Median and 99th percentile of init, ms, where the runtime was measured (lower bounds).
    pub init_ms: Option<(f64, f64)>,
}

/// Cold starts at `loads`, events a month by site.
pub fn cold_starts(model: &Model<'_, '_>, loads: &[f64], point: &Point) -> Vec<ColdStarts> {
    let mut found = Vec::new();
    let graph = model.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let rate = loads[index(node)] / (HOURS_PER_MONTH * 3600.0);
        if rate <= 0.0 {
            continue;
        }
        let shape = lambda::shape(node);
        let ty = super::traffic::ty(node);
        let expiry = model.variables.usage().range(node.name(), ty, Key::IdleExpiryS).unwrap_or_default();
        // Managed instances have no environments of their own.
        let Some(service) = lambda::busy_seconds(model, node, point) else { continue };
        let at = |expiry: f64| cold::cold(Load::new(rate, service, expiry), Warm::default());
        let middle = at(expiry.expected);
        let arch = if shape.arm { "arm64" } else { "x86_64" };
        let init = shape
            .runtime
            .as_deref()
            .and_then(|runtime| cold_starts::nearest(runtime, arch, shape.memory_mb as u32, shape.image));
        found.push(ColdStarts {
            function: node.name().to_owned(),
            rate_per_second: rate,
            share: Range::new(at(expiry.high).probability, middle.probability, at(expiry.low).probability),
            pool: middle.pool,
            init_ms: init.map(|row| (row.p50_ms, row.p99_ms)),
        });
    }
    found
}
