//! What is told about the latency of an entry.

use super::time::{Mode, Time};
use super::{Distribution, Laws, Part};
use serde::Serialize;

/// Times of one function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionLaw {
    /// A warm call, without the functions that it waits for.
    pub warm: Part,
    /// Initialisation, where it is known.
    pub init: Option<Part>,
    /// Share of calls that start cold, where the traffic is known.
    pub cold: Option<f64>,
    /// Share of calls that fail.
    pub errors: f64,
    /// Timeout, seconds.
    pub timeout_s: f64,
}

/// Percentiles, ms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// Median.
    pub p50: f64,
    /// 95th.
    pub p95: f64,
    /// 99th.
    pub p99: f64,
    /// 99.9th.
    pub p999: f64,
}

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// When every function is warm.
    pub warm: Percentiles,
    /// When every function starts cold.
    pub cold: Percentiles,
    /// As often cold as the model says; none where the traffic of a function is not known.
    pub mixed: Option<Percentiles>,
}

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The resource.
    pub name: String,
    /// `hop`, `call`, `start` or `wait`.
    pub kind: &'static str,
    /// Median, ms.
    pub p50_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
    /// For starts: the share of calls, where it is known.
    pub share: Option<f64>,
    /// Where the figure comes from, with its date.
    pub source: String,
    /// Whether it is rough.
    pub rough: bool,
}

/// A timeout on the way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeoutRisk {
    /// The resource that gives up.
    pub at: String,
    /// What it waits for.
    pub waits_for: String,
    /// The limit, ms.
    pub limit_ms: f64,
    /// Chance that a request meets it: all warm, all cold, as the model says.
    pub warm: f64,
    /// See above.
    pub cold: f64,
    /// See above; none where the traffic of a function is not known.
    pub mixed: Option<f64>,
}

/// Where the events of an entry end up after its caller has gone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reach {
    /// The last resource.
    pub to: String,
    /// All on the way, the entry first.
    pub via: Vec<String>,
    /// From the entry to the end of the last resource's work.
    pub latency: Latency,
    /// The parts.
    pub steps: Vec<Step>,
}

/// Latency of one entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryLatency {
    /// Logical id, or the API and the route.
    pub entry: String,
    /// What the caller waits for; none where nobody waits.
    pub response: Option<Latency>,
    /// The parts of the response.
    pub steps: Vec<Step>,
    /// Timeouts on the way.
    pub timeouts: Vec<TimeoutRisk>,
    /// Where its events end up.
    pub reaches: Vec<Reach>,
    /// What is not in the figures.
    pub notes: Vec<String>,
}

/// Percentiles of `time`; `retries` are the shares that come again after a wait in ms.
pub(super) fn latency(laws: &Laws, time: &Time, retries: &[(f64, f64)]) -> Latency {
    let of = |mode| percentiles(&laws.of(time, mode), retries);
    Latency { warm: of(Mode::Warm), cold: of(Mode::Cold), mixed: time.is_known().then(|| of(Mode::Mixed)) }
}

/// Retries wait far longer than calls take, so they only move the percentiles beyond the share
/// that fails.
fn percentiles(law: &Distribution, retries: &[(f64, f64)]) -> Percentiles {
    let failing: f64 = retries.iter().map(|(share, _)| share).sum::<f64>().clamp(0.0, 0.999);
    let wait = retries.iter().map(|(_, wait)| *wait).fold(0.0, f64::max);
    let at = |p: f64| {
        if p <= 1.0 - failing {
            law.percentile(p / (1.0 - failing))
        } else {
            wait + law.percentile((p - (1.0 - failing)) / failing)
        }
    };
    Percentiles { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) }
}
