//! What a template does not say. Every value used is listed with the answer.

use super::range::{Bound, Range};

/// Values that hold for all functions unless the usage file gives others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Mean duration of a warm call, ms.
    pub duration_ms: Range,
    /// Log text a call writes, KB.
    pub log_kb: Range,
    /// Operations on each table that a function may read or write, a call.
    pub table_operations: Range,
    /// Messages a batch holds, as a share of the batch size (at least one message).
    pub batch_fill: Range,
    /// Seconds until an idle environment is ended.
    pub idle_expiry_s: Range,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            duration_ms: Range::new(50.0, 100.0, 500.0),
            log_kb: Range::new(0.5, 1.0, 5.0),
            table_operations: Range::new(0.0, 1.0, 2.0),
            batch_fill: Range::new(0.0, 0.0, 1.0),
            idle_expiry_s: Range::new(300.0, 360.0, 600.0),
        }
    }
}

/// Names of the assumptions, in the order of [`Assumptions::fields`].
pub const NAMES: [(&str, &str); 4] = [
    ("request_duration_ms", "duration of a call"),
    ("log_kb_per_request", "log text of a call, KB"),
    ("table_operations", "operations on each table, a call"),
    ("batch_fill", "share of the batch size that arrives at once"),
];

impl Assumptions {
    /// The ranges that enter prices.
    pub fn fields(&self) -> [Range; 4] {
        [self.duration_ms, self.log_kb, self.table_operations, self.batch_fill]
    }

    /// The bound of each field that makes the answer low or high: full batches are cheap.
    pub fn bound(index: usize, bound: Bound) -> Bound {
        match (index, bound) {
            (3, Bound::Low) => Bound::High,
            (3, Bound::High) => Bound::Low,
            (_, bound) => bound,
        }
    }

    /// One value for each field, ready to reckon with.
    pub fn point(&self, bounds: [Bound; 4]) -> Point {
        let [duration, log, table, batch] = self.fields();
        let [a, b, c, d] = bounds;
        Point { duration_ms: duration.at(a), log_kb: log.at(b), table_operations: table.at(c), batch_fill: batch.at(d) }
    }
}

/// A choice of one value for each assumption.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// See [`Assumptions::duration_ms`].
    pub duration_ms: f64,
    /// See [`Assumptions::log_kb`].
    pub log_kb: f64,
    /// See [`Assumptions::table_operations`].
    pub table_operations: f64,
    /// See [`Assumptions::batch_fill`].
    pub batch_fill: f64,
}
