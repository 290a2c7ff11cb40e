//! Measured latency between services.

use super::table::rows;
use std::sync::LazyLock;

/// How long an event takes from one service to the next, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// Stable name.
    pub name: &'static str,
    /// Median.
    pub p50_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Month of the measurement.
    pub date: &'static str,
    /// Whether nobody published a measurement: a rough figure.
    pub rough: bool,
}

/// The region of the measurements.
pub const REGION: &str = "eu-west-1";

static TABLE: LazyLock<Vec<Hop>> = LazyLock::new(|| {
    rows(include_str!("data/latency_hops.tsv"))
        .filter_map(|row| {
            let [name, p50, p99, date, rough] = row.cells();
            let (p50_ms, p99_ms) = (p50.parse().ok()?, p99.parse().ok()?);
            Some(Hop { name, p50_ms, p99_ms, date, rough: rough == "yes" })
        })
        .collect()
});

/// The hop of a name.
pub fn hop(name: &str) -> Option<&'static Hop> {
    TABLE.iter().find(|hop| hop.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        assert_eq!(TABLE.len(), 13);
        assert!(TABLE.iter().all(|hop| hop.p50_ms < hop.p99_ms));
        assert!(hop("sqs").is_some() && hop("pigeon").is_none());
    }
}
