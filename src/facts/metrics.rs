//! The CloudWatch metrics that AWS services publish: names and dimension sets.

use super::table::rows;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Metrics of one service that share their dimension sets.
#[derive(Clone, Debug)]
pub struct MetricGroup {
    /// The namespace, e.g. `AWS/Lambda`.
    pub namespace: &'static str,
    /// Names; one that ends in `*` stands for every name that starts so.
    pub metrics: Vec<&'static str>,
    /// Dimension sets, each sorted by name. The empty set is a metric over the whole account.
    pub dimension_sets: Vec<Vec<&'static str>>,
    /// Page of AWS's documentation, below `https://docs.aws.amazon.com/`.
    pub page: &'static str,
}

/// What the table knows of a metric with given dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The service publishes it so.
    Published,
    /// The namespace is not in the table: nothing can be said.
    UnknownNamespace,
    /// The service publishes no metric of the name.
    UnknownMetric,
    /// The metric exists, under other dimensions: these are the sets it is published under.
    WrongDimensions(Vec<Vec<&'static str>>),
}

/// The day the table was written.
pub const AS_OF: &str = "2026-10-31";

static GROUPS: LazyLock<BTreeMap<&'static str, Vec<MetricGroup>>> = LazyLock::new(|| {
    let mut groups: BTreeMap<&str, Vec<MetricGroup>> = BTreeMap::new();
    for row in rows(include_str!("data/metrics.tsv")) {
        let [namespace, sets, metrics, page] = row.cells();
        let dimension_sets = sets
            .split('|')
            .map(|set| {
                let mut set: Vec<&str> = set.split('+').filter(|dimension| *dimension != "-").collect();
                set.sort_unstable();
                set
            })
            .collect();
        let group = MetricGroup { namespace, metrics: metrics.split(',').collect(), dimension_sets, page };
        groups.entry(namespace).or_default().push(group);
    }
    groups
});

impl MetricGroup {
    fn has(&self, metric: &str) -> bool {
        self.metrics.iter().any(|name| match name.strip_suffix('*') {
            Some(prefix) => metric.starts_with(prefix),
            None => *name == metric,
        })
    }
}

/// The groups of a namespace; empty when the table does not know it.
pub fn groups(namespace: &str) -> &'static [MetricGroup] {
    GROUPS.get(namespace).map_or(&[], Vec::as_slice)
}

/// Whether the table knows the namespace.
pub fn knows(namespace: &str) -> bool {
    GROUPS.contains_key(namespace)
}

/// Whether `metric` is published in `namespace` under exactly these dimension names.
pub fn check<'a>(namespace: &str, metric: &str, dimensions: impl IntoIterator<Item = &'a str>) -> Verdict {
    if !knows(namespace) {
        return Verdict::UnknownNamespace;
    }
    let wanted: BTreeSet<&str> = dimensions.into_iter().collect();
    let sets: BTreeSet<&Vec<&'static str>> =
        groups(namespace).iter().filter(|group| group.has(metric)).flat_map(|group| &group.dimension_sets).collect();
    if sets.is_empty() {
        Verdict::UnknownMetric
    } else if sets.iter().any(|set| set.len() == wanted.len() && set.iter().all(|name| wanted.contains(name))) {
        Verdict::Published
    } else {
        Verdict::WrongDimensions(sets.into_iter().cloned().collect())
    }
}

/// All metric names of a namespace (without those that stand for many), sorted.
pub fn names(namespace: &str) -> Vec<&'static str> {
    let names: BTreeSet<&str> = groups(namespace)
        .iter()
        .flat_map(|group| group.metrics.iter().copied())
        .filter(|n| !n.ends_with('*'))
        .collect();
    names.into_iter().collect()
}

/// The name in the table that `metric` was probably meant to be: equal but for case, a missing
/// plural, or one or two letters.
pub fn nearest(namespace: &str, metric: &str) -> Option<&'static str> {
    let lower = metric.to_lowercase();
    names(namespace)
        .into_iter()
        .map(|name| (distance(&name.to_lowercase(), &lower), name))
        .filter(|(distance, name)| *distance <= 2.min(name.len() / 3))
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein distance of two short names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(256).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let replace = row.get(j).copied().unwrap_or(0) + usize::from(ca != *cb);
            let delete = row.get(j + 1).copied().unwrap_or(0) + 1;
            let insert = next.last().copied().unwrap_or(0) + 1;
            next.push(replace.min(delete).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_all_cells() {
        for group in GROUPS.values().flatten() {
            assert!(group.namespace.starts_with("AWS/") || group.namespace == "LambdaInsights", "{group:?}");
            assert!(!group.metrics.is_empty() && group.page.ends_with(".html"), "{group:?}");
        }
    }

    #[test]
    fn names_and_dimensions_are_told_apart() {
        assert_eq!(check("AWS/Lambda", "Errors", ["FunctionName"]), Verdict::Published);
        assert_eq!(check("AWS/Lambda", "Errors", ["Resource", "FunctionName"]), Verdict::Published);
        assert_eq!(check("AWS/Lambda", "Error", ["FunctionName"]), Verdict::UnknownMetric);
        assert_eq!(nearest("AWS/Lambda", "Error"), Some("Errors"));
        assert_eq!(check("MyApp", "Orders", []), Verdict::UnknownNamespace);
        // The REST and the HTTP flavour of one namespace differ in names and dimensions.
        assert_eq!(check("AWS/ApiGateway", "5XXError", ["ApiName", "Stage"]), Verdict::Published);
        assert_eq!(check("AWS/ApiGateway", "5xx", ["ApiId", "Stage"]), Verdict::Published);
        assert!(matches!(check("AWS/ApiGateway", "5XXError", ["ApiId"]), Verdict::WrongDimensions(_)));
        assert_eq!(check("AWS/Firehose", "DeliveryToS3.Success", ["DeliveryStreamName"]), Verdict::Published);
        assert_eq!(nearest("AWS/SQS", "Latency"), None);
    }
}
