//! Kinesis Data Streams: shards or on-demand streams, records, retention, enhanced fan-out.

use super::KB_PER_GB;
use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, varying};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::NodeRef;

/// Size that one put unit covers, KB.
const PUT_KB: f64 = 25.0;

/// What the usage file may say in place of traffic, or besides.
const GIVEN: &[(Key, &str)] = &[
    (Key::MonthlyDataInGb, "kinesis.on-demand-in"),
    (Key::MonthlyEfoDataOutGb, "kinesis.on-demand-efo-out"),
    (Key::MonthlyProvisionedPutUnits, "kinesis.put-units"),
    (Key::MonthlyProvisionedExtendedRetention, "kinesis.retention-shard-hours"),
    (Key::MonthlyProvisionedLongTermRetentionGb, "kinesis.long-retention"),
    (Key::MonthlyProvisionedLongTermRetrievalGb, "kinesis.long-retrieval"),
    (Key::MonthlyProvisionedEfoDataOutGb, "kinesis.efo-out"),
    (Key::MonthlyProvisionedEfoConsumerHours, "kinesis.efo-hours"),
];

/// Shards of a provisioned stream; none for one on demand.
pub fn shards(node: NodeRef<'_>) -> Option<f64> {
    let mode = node.property(&["StreamModeDetails", "StreamMode"]).text();
    let on_demand = mode.is_some_and(|mode| mode == "ON_DEMAND") || node.property(&["ShardCount"]).is_absent();
    (!on_demand).then(|| node.property(&["ShardCount"]).int().unwrap_or(1).max(1) as f64)
}

/// Adds what a stream costs.
pub fn stream(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let hours = node.property(&["RetentionPeriodHours"]).int().unwrap_or(24);
    let size = model.variables.of(node, Key::RequestSizeKb);
    for (key, meter) in GIVEN {
        if let Some(var) = model.variables.said(node, *key) {
            model.monthly(node, meter, varying(var));
        }
    }
    if let Some(shards) = shards(node) {
        model.baseline(node, "kinesis.shard-hours", shards * HOURS_PER_MONTH);
        if hours > 24 {
            model.baseline(node, "kinesis.retention-shard-hours", shards * HOURS_PER_MONTH);
        }
        if model.variables.said(node, Key::MonthlyProvisionedPutUnits).is_some() {
            return;
        }
        let units = move |point: &Point| (point.at(size) / PUT_KB).ceil().max(1.0);
        model.per_event(node, "kinesis.put-units", Box::new(units));
        return;
    }
    model.baseline(node, "kinesis.on-demand-hours", HOURS_PER_MONTH);
    if model.variables.said(node, Key::MonthlyDataInGb).is_none() {
        // Each record is rounded up to the next KB.
        let ingested = move |point: &Point| point.at(size).ceil() / KB_PER_GB;
        model.per_event(node, "kinesis.on-demand-in", Box::new(ingested));
    }
    match model.variables.said(node, Key::MonthlyDataOutGb) {
        Some(read) => model.monthly(node, "kinesis.on-demand-out", varying(read)),
        None => {
            let readers = node.outgoing().filter(|edge| edge.kind() == crate::graph::EdgeKind::Polls).count() as f64;
            let read = move |point: &Point| point.at(size).ceil() / KB_PER_GB * readers;
            model.per_event(node, "kinesis.on-demand-out", Box::new(read));
        }
    }
    for (key, meter, needs) in [
        (Key::MonthlyExtendedRetentionGb, "kinesis.on-demand-retention", 24),
        (Key::MonthlyLongTermRetentionGb, "kinesis.long-retention", 168),
    ] {
        let var = if hours > needs { model.variables.given(node, key) } else { model.variables.said(node, key) };
        if let Some(var) = var {
            model.monthly(node, meter, varying(var));
        }
    }
}

/// Adds a consumer with enhanced fan-out: hours for each shard, and what it reads.
pub fn consumer(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let stream = node.graph().resolve_eval(&node.property(&["StreamARN"]), None).node();
    match stream.and_then(shards) {
        Some(shards) => model.baseline(node, "kinesis.efo-hours", shards * HOURS_PER_MONTH),
        None => model.unpriced(node, "consumers of a stream on demand are charged by the data read"),
    }
}
