//! DynamoDB: request units on demand, provisioned capacity, storage, backups, streams, replicas.

use super::{part, scaled_to};
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::usage::Key;
use crate::estimate::variables::{Quantity, varying};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::NodeRef;

/// Size that one write unit covers, KB.
const WRITE_KB: f64 = 1.0;
/// Size that one read unit covers, KB; an eventually consistent read takes half a unit.
const READ_KB: f64 = 4.0;

/// Whether the table has provisioned capacity; on demand where that is not known.
pub fn provisioned(node: NodeRef<'_>) -> bool {
    let mode = node.property(&["BillingMode"]);
    match mode.text() {
        Some(mode) => mode == "PROVISIONED",
        None => mode.is_absent(),
    }
}

/// Adds what a table costs.
pub fn table(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let given = [
        (Key::StorageGb, "dynamodb.storage"),
        (Key::PitrBackupStorageGb, "dynamodb.pitr"),
        (Key::OnDemandBackupStorageGb, "dynamodb.backup"),
        (Key::MonthlyDataRestoredGb, "dynamodb.restored"),
        (Key::MonthlyStreamsReadRequestUnits, "dynamodb.stream-reads"),
        (Key::MonthlyReadRequestUnits, "dynamodb.read-units"),
    ];
    let pitr = part(node).is_some_and(|part| {
        part.get(&["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"]).bool() == Some(true)
    });
    for (key, meter) in given {
        let asked = key == Key::StorageGb || key == Key::PitrBackupStorageGb && pitr;
        let var = if asked { model.variables.given(node, key) } else { model.variables.said(node, key) };
        if let Some(var) = var {
            model.monthly(node, meter, varying(var));
        }
    }
    let replicas = replicas(node);
    if let Some(writes) = model.variables.said(node, Key::MonthlyWriteRequestUnits) {
        model.monthly(node, "dynamodb.write-units", varying(writes));
        for region in &replicas {
            let meter = model.meter_in("dynamodb.replicated-write-units", region);
            let payer = index(node);
            model.sites[payer].monthly.push(Charge { payer, meter, quantity: varying(writes) });
        }
    }
    if provisioned(node) {
        capacity(model, node, &replicas);
    }
}

fn capacity(model: &mut Model<'_, '_>, node: NodeRef<'_>, replicas: &[String]) {
    let int = |path: &[&str]| node.property(path).int().filter(|n| *n >= 0).map(|n| n as f64);
    let throughput = |own: &str, global: [&str; 2]| {
        let scaled = int(&[global[0], global[1], "MinCapacity"]);
        int(&["ProvisionedThroughput", own]).or(scaled).unwrap_or(0.0)
    };
    let write = scaled_to(node, "dynamodb:table:WriteCapacityUnits").unwrap_or_else(|| {
        throughput("WriteCapacityUnits", ["WriteProvisionedThroughputSettings", "WriteCapacityAutoScalingSettings"])
    });
    let read = scaled_to(node, "dynamodb:table:ReadCapacityUnits").unwrap_or_else(|| {
        throughput("ReadCapacityUnits", ["ReadProvisionedThroughputSettings", "ReadCapacityAutoScalingSettings"])
    });
    let (mut all_write, mut all_read) = (write, read);
    if let Some(own) = part(node) {
        for index in own.each(&["GlobalSecondaryIndexes"]) {
            let units = |name: &str| index.get(&["ProvisionedThroughput", name]).int().unwrap_or(0).max(0) as f64;
            all_write += units("WriteCapacityUnits");
            all_read += units("ReadCapacityUnits");
        }
    }
    model.baseline(node, "dynamodb.write-capacity", all_write * HOURS_PER_MONTH);
    model.baseline(node, "dynamodb.read-capacity", all_read * HOURS_PER_MONTH);
    for region in replicas {
        let meter = model.meter_in("dynamodb.replicated-write-capacity", region);
        let payer = index(node);
        model.sites[payer].baseline.push((payer, meter, all_write * HOURS_PER_MONTH));
    }
}

/// Regions other than the stack's that the table is replicated to.
fn replicas(node: NodeRef<'_>) -> Vec<String> {
    let own = node.graph().template().pseudo_parameter("AWS::Region");
    let Some(written) = part(node) else { return Vec::new() };
    let regions = written.each(&["Replicas"]).into_iter().filter_map(|replica| replica.text(&["Region"]));
    regions.filter(|region| Some(region) != own.as_ref()).map(|region| region.to_string()).collect()
}

/// What a read or write costs where the table is charged on demand. A write goes to every
/// global secondary index as well, and to every replica.
pub fn access(model: &mut Model<'_, '_>, table: NodeRef<'_>, write: bool) -> Vec<Charge> {
    let key = if write { Key::MonthlyWriteRequestUnits } else { Key::MonthlyReadRequestUnits };
    if provisioned(table) || model.variables.said(table, key).is_some() {
        return Vec::new();
    }
    let size = model.variables.of(table, Key::ItemSizeKb);
    if !write {
        let units: Quantity = Box::new(move |point| (point.at(size) / READ_KB).ceil().max(1.0) / 2.0);
        return vec![model.way_charge(table, "dynamodb.read-units", units)];
    }
    let indexes = part(table).map_or(0, |part| part.each(&["GlobalSecondaryIndexes"]).len());
    let copies = 1.0 + indexes as f64;
    let units =
        move |copies: f64| -> Quantity { Box::new(move |point| (point.at(size) / WRITE_KB).ceil().max(1.0) * copies) };
    let mut charges = vec![model.way_charge(table, "dynamodb.write-units", units(copies))];
    for region in replicas(table) {
        let meter = model.meter_in("dynamodb.replicated-write-units", &region);
        charges.push(Charge { payer: index(table), meter, quantity: units(copies) });
    }
    charges
}
