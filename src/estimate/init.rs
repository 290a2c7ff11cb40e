//! How long a cold start takes: initialisation by runtime, package, architecture, memory.

use super::latency::Part;
use super::usage::{Key, Usage};
use crate::facts::cold_starts::{self, MS_PER_ZIPPED_MB, VPC_MS};
use crate::graph::NodeRef;
use serde::Serialize;

/// Initialisation of one function.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Init {
    /// Median, ms.
    pub p50_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
    /// Whether real code takes longer: the measured functions did nothing and loaded nothing.
    pub lower_bound: bool,
    /// Whether some part is no measurement of this kind of function.
    pub rough: bool,
    /// What it is made of, in words, with sources and dates.
    pub parts: Vec<String>,
}

impl Init {
    /// As a part of a path.
    pub fn part(&self) -> Part {
        Part { p50: self.p50_ms, p99: self.p99_ms }
    }

    /// Initialisation of a function: as the usage file has it, else by runtime.
    pub fn of(node: NodeRef<'_>, usage: &Usage) -> Option<Self> {
        let ty = super::traffic::ty(node);
        let given = |key| usage.amount(node.name(), ty, key).map(|amount| amount.range.expected);
        match (given(Key::InitDurationMs), given(Key::InitDurationP99Ms)) {
            (Some(mean), p99) => Some(Self::observed(mean, p99.unwrap_or(mean * 2.0))),
            _ => Start::at_hand(node).init(),
        }
    }

    /// Initialisation that was observed.
    pub fn observed(p50_ms: f64, p99_ms: f64) -> Self {
        let parts = vec!["usage file".to_owned()];
        Self { p50_ms, p99_ms: p99_ms.max(p50_ms), lower_bound: false, rough: false, parts }
    }
}

/// What matters for the duration of a cold start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    /// The runtime; none for an image or when unknown.
    pub runtime: Option<String>,
    /// Memory, MB.
    pub memory_mb: u32,
    /// Whether it runs on arm64.
    pub arm: bool,
    /// Whether the code is a container image.
    pub image: bool,
    /// Whether published versions start from a snapshot.
    pub snapshot: bool,
    /// Whether it is attached to a VPC.
    pub vpc: bool,
    /// Layers.
    pub layers: usize,
    /// Megabytes of zipped code, where it is at hand.
    pub zipped_mb: Option<f64>,
}

/// Ratio of the 99th percentile to the median where only a median is known: about that of the
/// measured managed runtimes at 512 MB.
const SPREAD: f64 = 2.0;

/// Megabytes that the package of a function has zipped, where it is at hand.
pub fn zipped_mb(node: NodeRef<'_>) -> Option<f64> {
    let package = node.graph().template().artifact(node.name())?;
    // What lies open in a folder is packed to about a third.
    let bytes = if package.archive { package.bytes as f64 } else { package.bytes as f64 / 3.0 };
    Some(bytes / 1e6)
}

impl Start {
    /// What the start of a function depends on, with its package where that is at hand.
    pub fn at_hand(node: NodeRef<'_>) -> Self {
        Self::of(node, zipped_mb(node))
    }

    /// Reads the configuration of a function; `zipped_mb` is its code where that is at hand.
    pub fn of(node: NodeRef<'_>, zipped_mb: Option<f64>) -> Self {
        let items = |name: &str| node.property(&[name]).known().and_then(|value| value.as_list().map(<[_]>::len));
        let arm = node
            .property(&["Architectures"])
            .known()
            .and_then(|value| value.as_list().map(|items| items.iter().any(|item| item.as_str() == Some("arm64"))));
        let memory = node.property(&["MemorySize"]).int().filter(|memory| (128..=32_768).contains(memory));
        Self {
            runtime: node.property(&["Runtime"]).text().map(|text| text.to_string()),
            memory_mb: memory.map_or(128, |memory| memory as u32),
            arm: arm.unwrap_or(false),
            image: node.property(&["PackageType"]).text().is_some_and(|text| text == "Image"),
            snapshot: node.property(&["SnapStart", "ApplyOn"]).text().is_some_and(|text| text == "PublishedVersions"),
            vpc: !node.property(&["VpcConfig"]).is_absent(),
            layers: items("Layers").unwrap_or(0),
            zipped_mb,
        }
    }

    /// How long initialisation takes; none where neither the runtime nor images of unknown
    /// content were measured.
    pub fn init(&self) -> Option<Init> {
        let arch = if self.arm { "arm64" } else { "x86_64" };
        // An image does not tell its runtime: the slowest of the common ones would be a guess,
        // the fastest is a lower bound.
        let runtime = self.runtime.as_deref().or(self.image.then_some("provided.al2023"))?;
        let row = cold_starts::nearest(runtime, arch, self.memory_mb, self.image)?;
        let mut init = Init {
            p50_ms: row.p50_ms,
            p99_ms: row.p99_ms,
            lower_bound: true,
            rough: false,
            parts: vec![format!(
                "{:.0}/{:.0} ms measured for {} as {}, {arch}, {} MB (lambda-perf, to {})",
                row.p50_ms,
                row.p99_ms,
                row.runtime,
                row.package,
                row.memory_mb,
                cold_starts::AS_OF
            )],
        };
        if self.snapshot {
            let (p50, p99) = cold_starts::SNAPSHOT_RESTORE_MS;
            init.parts =
                vec![format!("{p50:.0}/{p99:.0} ms to restore a snapshot, rough (AWS's example, November 2022)")];
            (init.p50_ms, init.p99_ms, init.rough) = (p50, p99, true);
            return Some(init);
        }
        // The first call of a runtime that compiles late is slow as well.
        if row.first_call_ms > 1.0 {
            init.parts.push(format!("{:.0} ms more for the first call of the handler", row.first_call_ms));
            init.p50_ms += row.first_call_ms;
            init.p99_ms += row.first_call_ms;
        }
        // The smallest measured packages hold next to nothing.
        if let Some(megabytes) = self.zipped_mb.filter(|size| *size > 0.05 && !self.image) {
            let more = megabytes * MS_PER_ZIPPED_MB;
            init.parts.push(format!("{more:.0} ms for {megabytes:.1} MB of zipped code, rough (mikhail.io, 2021)"));
            init.p50_ms += more;
            init.p99_ms += more * 1.3;
            init.rough = true;
        }
        if self.vpc {
            init.parts.push(format!("{VPC_MS:.0} ms for the VPC, rough (mikhail.io, 2021)"));
            init.p50_ms += VPC_MS;
            init.p99_ms += VPC_MS * SPREAD;
            init.rough = true;
        }
        if self.layers > 0 {
            let layers = if self.layers == 1 { "a layer".to_owned() } else { format!("{} layers", self.layers) };
            init.parts.push(format!("{layers}: not measured, so at least that"));
        }
        if self.image && self.runtime.is_none() {
            init.parts.push("the runtime in the image is not known: the fastest measured one".to_owned());
        }
        Some(init)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python() -> Start {
        Start { runtime: Some("python3.13".into()), memory_mb: 512, ..Start::default() }
    }

    #[test]
    fn every_part_adds() {
        let plain = python().init().unwrap();
        assert!((80.0..120.0).contains(&plain.p50_ms) && plain.lower_bound && !plain.rough, "{plain:?}");
        let vpc = Start { vpc: true, ..python() }.init().unwrap();
        assert!((vpc.p50_ms - plain.p50_ms - VPC_MS).abs() < 1e-9 && vpc.rough);
        let large = Start { zipped_mb: Some(20.0), ..python() }.init().unwrap();
        assert!(large.p50_ms > plain.p50_ms + 1900.0 && large.p99_ms > large.p50_ms);
        let layered = Start { layers: 2, ..python() }.init().unwrap();
        assert!(layered.parts.iter().any(|part| part.contains("2 layers")));
        let image = Start { image: true, runtime: None, ..python() }.init().unwrap();
        assert!(image.parts.iter().any(|part| part.contains("not known")));
        assert!(Start { runtime: Some("cobol".into()), ..python() }.init().is_none());
    }

    #[test]
    fn snapshots_replace_the_init_of_slow_runtimes() {
        let java = Start { runtime: Some("java21".into()), memory_mb: 1024, ..Start::default() };
        let snapshot = Start { snapshot: true, ..java.clone() }.init().unwrap();
        assert!(snapshot.rough && snapshot.p50_ms < java.init().unwrap().p50_ms * 2.0);
    }
}
