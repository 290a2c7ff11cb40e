//! Reports of the platform: REPORT lines as text, and `platform.*` records.

use serde::Deserialize;

/// One call as the platform reports it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Duration of the handler, ms.
    pub duration_ms: f64,
    /// Initialisation before it, ms.
    pub init_ms: Option<f64>,
    /// Restoring of a snapshot before it, ms.
    pub restore_ms: Option<f64>,
    /// Configured memory, MB.
    pub memory_mb: Option<u32>,
    /// Most memory used, MB.
    pub memory_used_mb: Option<u32>,
    /// Whether it met the timeout.
    pub timed_out: bool,
    /// Whether it failed, timeouts included.
    pub failed: bool,
    /// Type of the error, where the report has it.
    pub error: Option<String>,
}

impl Report {
    /// Whether it failed for lack of memory.
    pub fn out_of_memory(&self) -> bool {
        let full = self.memory_mb.is_some_and(|size| self.memory_used_mb.is_some_and(|used| used >= size));
        self.error.as_deref().is_some_and(|error| error.contains("OutOfMemory"))
            || self.failed && !self.timed_out && full
    }

    /// Reads a line from `REPORT RequestId:` on; `None` when it has no duration.
    pub fn parse(line: &str) -> Option<Self> {
        let mut report = Self::default();
        let mut duration = None;
        // `Key: value unit`, tab-separated; exports turn tabs into spaces or escapes.
        for (colon, _) in line.match_indices(": ") {
            let before = line.get(..colon)?;
            let after = line.get(colon + 2..)?.trim_start();
            let word = after.split([' ', '\t', '\\', '"', '\n', '\r']).next().unwrap_or_default();
            let number = || word.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
            if before.ends_with("Billed Duration") || before.ends_with("Billed Restore Duration") {
            } else if before.ends_with("Init Duration") {
                report.init_ms = number();
            } else if before.ends_with("Restore Duration") {
                report.restore_ms = number();
            } else if before.ends_with("Duration") {
                duration = duration.or_else(number);
            } else if before.ends_with("Max Memory Used") {
                report.memory_used_mb = number().map(|mb| mb as u32);
            } else if before.ends_with("Memory Size") {
                report.memory_mb = number().map(|mb| mb as u32);
            } else if before.ends_with("Status") {
                report.timed_out = word == "timeout";
                report.failed = word != "success";
            } else if before.ends_with("Error Type") {
                report.error = Some(word.to_owned());
            }
        }
        report.duration_ms = duration?;
        Some(report)
    }
}

/// The `record` of a platform event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub status: Option<String>,
    #[serde(rename = "errorType")]
    pub error: Option<String>,
    pub metrics: Metrics,
}

/// The `metrics` of a record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metrics {
    pub duration_ms: Option<f64>,
    pub init_duration_ms: Option<f64>,
    pub restore_duration_ms: Option<f64>,
    #[serde(rename = "memorySizeMB")]
    pub memory_size_mb: Option<f64>,
    #[serde(rename = "maxMemoryUsedMB")]
    pub max_memory_used_mb: Option<f64>,
}

impl Record {
    /// As a report; `None` without a duration.
    pub fn report(&self) -> Option<Report> {
        let valid = |number: f64| Some(number).filter(|number| number.is_finite() && *number >= 0.0);
        let metrics = &self.metrics;
        let status = self.status.as_deref().unwrap_or("success");
        Some(Report {
            duration_ms: metrics.duration_ms.and_then(valid)?,
            init_ms: metrics.init_duration_ms.and_then(valid),
            restore_ms: metrics.restore_duration_ms.and_then(valid),
            memory_mb: metrics.memory_size_mb.map(|mb| mb as u32),
            memory_used_mb: metrics.max_memory_used_mb.map(|mb| mb as u32),
            timed_out: status == "timeout",
            failed: status != "success",
            error: self.error.clone(),
        })
    }
}
