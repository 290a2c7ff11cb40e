//! What the log of one function adds up to.

use super::errors::Groups;
use super::report::Report;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts and percentiles of one function.
#[derive(Debug)]
pub struct FunctionLog {
    /// Calls with a report.
    pub calls: u64,
    /// Calls that started cold.
    pub cold: u64,
    /// Initialisations that failed or were cut off.
    pub failed_inits: u64,
    /// Calls that met the timeout, by their report and by their own lines.
    pub timeouts: (u64, u64),
    /// Calls that ran out of memory, by their report and by their own lines.
    pub out_of_memory: (u64, u64),
    /// Calls that failed, by their report and by their own lines.
    pub failures: (u64, u64),
    /// Configured memory of the newest report, MB.
    pub memory_mb: u32,
    /// Most memory used by a call, MB.
    pub memory_used_mb: u32,
    /// Log text, bytes, with the 26 that CloudWatch adds to an event.
    pub log_bytes: u64,
    /// Calls by hour since 1970.
    pub hours: BTreeMap<i64, u32>,
    /// First and last time of a call, ms since 1970.
    pub span: Option<(i64, i64)>,
    /// Errors by similarity.
    pub errors: Groups,
    warm: Histogram<u64>,
    all: Histogram<u64>,
    init: Histogram<u64>,
    restored: u64,
    sums: [f64; 3],
}

/// The figures of one function that are told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Calls with a report.
    pub calls: u64,
    /// Share of calls that started cold.
    pub cold_share: f64,
    /// Mean, median, 95th, 99th and 99.9th percentile of the duration of warm calls, ms.
    pub duration_ms: [f64; 5],
    /// Longest call, ms.
    pub longest_ms: f64,
    /// Mean, median and 99th percentile of initialisation or restoring, ms; none without one.
    pub init_ms: Option<[f64; 3]>,
    /// Whether starts were from snapshots.
    pub restored: bool,
    /// Configured memory, MB.
    pub memory_mb: u32,
    /// Most memory used, MB.
    pub memory_used_mb: u32,
    /// Calls that failed, of a thousand, timeouts and lack of memory included.
    pub errors_per_thousand: f64,
    /// Calls that met the timeout.
    pub timeouts: u64,
    /// Calls that ran out of memory.
    pub out_of_memory: u64,
    /// Initialisations that failed.
    pub failed_inits: u64,
    /// Log text of a call, KB.
    pub log_kb: f64,
    /// Calls a month at the pace of the log, where it spans an hour or more.
    pub monthly: Option<f64>,
}

/// Durations are kept in hundredths of a millisecond, to three digits.
const UNIT: f64 = 100.0;
/// Longest duration that is told apart: a day.
const LONGEST: u64 = 86_400 * 1000 * 100;
/// Milliseconds of an hour.
pub(super) const HOUR: i64 = 3_600_000;
/// Hours that are kept: ten years.
const MAX_HOURS: usize = 87_600;
/// Milliseconds of a month of 730 hours.
const MONTH: f64 = 730.0 * 3_600_000.0;

impl Default for FunctionLog {
    fn default() -> Self {
        let sketch = || Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are constant and valid");
        Self {
            calls: 0,
            cold: 0,
            failed_inits: 0,
            timeouts: (0, 0),
            out_of_memory: (0, 0),
            failures: (0, 0),
            memory_mb: 0,
            memory_used_mb: 0,
            log_bytes: 0,
            hours: BTreeMap::new(),
            span: None,
            errors: Groups::default(),
            warm: sketch(),
            all: sketch(),
            init: sketch(),
            restored: 0,
            sums: [0.0; 3],
        }
    }
}

impl FunctionLog {
    pub(super) fn report(&mut self, report: &Report, time: Option<i64>) {
        let cold = report.init_ms.or(report.restore_ms);
        self.calls += 1;
        let record = |sketch: &mut Histogram<u64>, ms: f64| sketch.saturating_record((ms * UNIT).max(1.0) as u64);
        record(&mut self.all, report.duration_ms);
        self.sums[0] += report.duration_ms;
        if let Some(init) = cold {
            self.cold += 1;
            record(&mut self.init, init);
            self.sums[1] += init;
            self.restored += u64::from(report.restore_ms.is_some());
        } else {
            record(&mut self.warm, report.duration_ms);
            self.sums[2] += report.duration_ms;
        }
        self.memory_mb = report.memory_mb.unwrap_or(self.memory_mb);
        self.memory_used_mb = self.memory_used_mb.max(report.memory_used_mb.unwrap_or(0));
        self.timeouts.0 += u64::from(report.timed_out);
        self.out_of_memory.0 += u64::from(report.out_of_memory());
        self.failures.0 += u64::from(report.failed);
        let Some(time) = time else { return };
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
        let hour = time.div_euclid(HOUR);
        if self.hours.len() < MAX_HOURS || self.hours.contains_key(&hour) {
            *self.hours.entry(hour).or_default() += 1;
        }
    }

    /// The figures; none when no call was reported.
    pub fn summary(&self) -> Option<Summary> {
        if self.calls == 0 {
            return None;
        }
        let calls = self.calls as f64;
        // A function that only ever starts cold has no warm calls to look at.
        let warm = self.calls - self.cold;
        let (sketch, sum, count) =
            if warm > 0 { (&self.warm, self.sums[2], warm) } else { (&self.all, self.sums[0], self.calls) };
        let at = |sketch: &Histogram<u64>, q: f64| sketch.value_at_quantile(q) as f64 / UNIT;
        let (timeouts, out_of_memory) =
            (self.timeouts.0.max(self.timeouts.1), self.out_of_memory.0.max(self.out_of_memory.1));
        let failures = self.failures.0.max(self.failures.1 + timeouts + out_of_memory).min(self.calls);
        let span = self.span.map_or(0, |(first, last)| last - first);
        Some(Summary {
            calls: self.calls,
            cold_share: self.cold as f64 / calls,
            duration_ms: [sum / count as f64, at(sketch, 0.5), at(sketch, 0.95), at(sketch, 0.99), at(sketch, 0.999)],
            longest_ms: self.all.max() as f64 / UNIT,
            init_ms: (self.cold > 0)
                .then(|| [self.sums[1] / self.cold as f64, at(&self.init, 0.5), at(&self.init, 0.99)]),
            restored: self.restored > 0,
            memory_mb: self.memory_mb,
            memory_used_mb: self.memory_used_mb,
            errors_per_thousand: failures as f64 / calls * 1000.0,
            timeouts,
            out_of_memory,
            failed_inits: self.failed_inits,
            log_kb: self.log_bytes as f64 / calls / 1024.0,
            monthly: (span >= HOUR).then(|| calls / span as f64 * MONTH),
        })
    }
}
