//! S3: requests, and storage where the usage file gives it.

use crate::estimate::model::{Charge, Model};
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::NodeRef;

/// Adds what a bucket costs. An event at a bucket is an object written from outside.
pub fn bucket(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    model.per_event(node, "s3.puts", Model::once());
    if let Some(storage) = model.variables.given(node, Key::StorageGb) {
        model.monthly(node, "s3.storage", varying(storage));
    }
    for (key, meter) in [(Key::MonthlyTier1Requests, "s3.puts"), (Key::MonthlyTier2Requests, "s3.gets")] {
        if let Some(requests) = model.variables.said(node, key) {
            model.monthly(node, meter, varying(requests));
        }
    }
}

/// What a read costs; a write is an event at the bucket and charged there.
pub fn access(model: &mut Model<'_, '_>, bucket: NodeRef<'_>, write: bool) -> Vec<Charge> {
    if write { Vec::new() } else { vec![model.way_charge(bucket, "s3.gets", Model::once())] }
}
