//! Measured init durations by runtime, package type, architecture and memory.

use super::table::rows;
use std::sync::LazyLock;

/// Init time of a hello-world function: a lower bound for real code. Milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColdStart {
    /// Name of the measured runtime.
    pub runtime: &'static str,
    /// `zip` or `image`.
    pub package: &'static str,
    /// `x86_64` or `arm64`.
    pub arch: &'static str,
    /// Memory, MB.
    pub memory_mb: u32,
    /// Median.
    pub p50_ms: f64,
    /// 95th percentile.
    pub p95_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Mean duration of the first call after init.
    pub first_call_ms: f64,
}

/// The days of the measurements.
pub const AS_OF: &str = "2026-08-22";
/// Init time that a megabyte of zipped dependencies adds: slope of three points measured by
/// mikhail.io in 2021 with JavaScript. Rough.
pub const MS_PER_ZIPPED_MB: f64 = 100.0;
/// Median and 99th percentile of restoring a snapshot. Rough: the example with which AWS announced
/// SnapStart (November 2022) stays below 200 ms; the spread is that of managed runtimes' init.
pub const SNAPSHOT_RESTORE_MS: (f64, f64) = (200.0, 600.0);
/// What a network interface in a VPC added in the same series.
pub const VPC_MS: f64 = 230.0;

static TABLE: LazyLock<Vec<ColdStart>> = LazyLock::new(|| {
    rows(include_str!("data/coldstarts.tsv"))
        .filter_map(|row| {
            let [runtime, package, arch, memory, p50, p95, p99, first] = row.cells();
            Some(ColdStart {
                runtime,
                package,
                arch,
                memory_mb: memory.parse().ok()?,
                p50_ms: p50.parse().ok()?,
                p95_ms: p95.parse().ok()?,
                p99_ms: p99.parse().ok()?,
                first_call_ms: first.parse().unwrap_or(0.0),
            })
        })
        .collect()
});

/// The row nearest to a function: its runtime exactly, the nearest memory. `provided.*` and
/// `go1.x` are taken as a Go binary. `None` when the runtime was not measured.
pub fn nearest(runtime: &str, arch: &str, memory_mb: u32, image: bool) -> Option<&'static ColdStart> {
    let measured = match runtime {
        "provided.al2023" => "go (prov.al2023)",
        "provided.al2" | "provided" | "go1.x" => "go (prov.al2)",
        other => other,
    };
    let package = if image { "image" } else { "zip" };
    TABLE
        .iter()
        .filter(|row| row.runtime == measured && row.package == package && row.arch == arch)
        .min_by_key(|row| row.memory_mb.abs_diff(memory_mb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_runtime_and_memory() {
        assert!(TABLE.len() > 600);
        let row = nearest("python3.13", "x86_64", 600, false).unwrap();
        assert_eq!((row.memory_mb, row.package), (512, "zip"));
        assert!((80.0..110.0).contains(&row.p50_ms));
        assert!(nearest("provided.al2023", "arm64", 10_240, false).is_some());
        assert!(nearest("cobol", "arm64", 128, false).is_none());
    }
}
