//! CloudWatch: logs of functions by retention, log groups, alarms.

use super::{KB_PER_GB, part};
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::usage::Key;
use crate::estimate::variables::{Quantity, fixed, varying};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{EdgeKind, NodeKind, NodeRef};

/// Size of stored log text against what was ingested: AWS's own example reckons 6 GB stored
/// for 30 GB ingested (CloudWatch pricing page, recalled, not checked).
pub const COMPRESSED: f64 = 0.2;

/// Adds the log text of a function: ingested, and stored as long as its group keeps it.
pub fn function_logs(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let size = model.variables.of(node, Key::LogKbPerRequest);
    let group = node.targets(EdgeKind::LogsTo).find(|group| group.kind() == NodeKind::LogGroup);
    let payer = index(group.unwrap_or(node));
    let class = group.and_then(|group| group.property(&["LogGroupClass"]).text());
    if class.as_deref().is_some_and(|class| class != "STANDARD") {
        model.unpriced(group.unwrap_or(node), "logs of its class have no price in the table");
        return;
    }
    let months: Quantity = match group.map(|group| group.property(&["RetentionInDays"])) {
        Some(retention) if retention.int().is_some() => {
            let days = retention.int().unwrap_or(0).max(0) as f64;
            fixed(days * 24.0 / HOURS_PER_MONTH)
        }
        // Text that is never deleted grows; what it costs depends on how long that went on.
        _ => varying(model.variables.of(group.unwrap_or(node), Key::LogAgeMonths)),
    };
    let ingested = model.meter("logs.lambda-ingested");
    let stored = model.meter("logs.stored");
    let charges = [
        Charge { payer, meter: ingested, quantity: Box::new(move |point| point.at(size) / KB_PER_GB) },
        Charge {
            payer,
            meter: stored,
            quantity: Box::new(move |point| point.at(size) / KB_PER_GB * COMPRESSED * months(point)),
        },
    ];
    model.sites[index(node)].charges.extend(charges);
}

/// Adds what the usage file says of a log group. Text of functions is reckoned by their calls;
/// how much others write (stages of APIs, state machines, agents) is asked for.
pub fn log_group(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let by_calls = node.sources(EdgeKind::LogsTo).any(|source| source.kind() == NodeKind::Function);
    let ingested = if by_calls {
        model.variables.said(node, Key::MonthlyDataIngestedGb)
    } else {
        model.variables.given(node, Key::MonthlyDataIngestedGb)
    };
    let rest = [(Key::StorageGb, "logs.stored"), (Key::MonthlyDataScannedGb, "logs.insights")];
    let rest = rest.map(|(key, meter)| (model.variables.said(node, key), meter));
    for (var, meter) in std::iter::once((ingested, "logs.ingested")).chain(rest) {
        if let Some(var) = var {
            model.monthly(node, meter, varying(var));
        }
    }
}

/// Adds an alarm: each metric it watches is charged.
pub fn alarm(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if crate::estimate::traffic::ty(node) == "AWS::CloudWatch::CompositeAlarm" {
        model.baseline(node, "cloudwatch.composite-alarms", 1.0);
        return;
    }
    let mut periods = vec![node.property(&["Period"]).int()];
    let mut metrics = 0;
    if let Some(own) = part(node) {
        for query in own.each(&["Metrics"]) {
            if query.has(&["MetricStat"]) == Some(true) {
                metrics += 1;
                periods.push(query.get(&["MetricStat", "Period"]).int());
            }
        }
        // A band of expected values is two metrics more.
        if own.has(&["ThresholdMetricId"]) == Some(true) {
            metrics = metrics.max(1) + 2;
        }
    }
    let fast = periods.into_iter().flatten().any(|period| period < 60);
    let meter = if fast { "cloudwatch.high-resolution-alarms" } else { "cloudwatch.alarms" };
    model.baseline(node, meter, f64::from(metrics.max(1)));
}
