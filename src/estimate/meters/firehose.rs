//! Data Firehose: data ingested, each record rounded up to 5 KB.

use super::KB_PER_GB;
use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, varying};
use crate::graph::NodeRef;

/// Size that a record is rounded up to a multiple of, KB.
const RECORD_KB: f64 = 5.0;

/// Adds what a record costs.
pub fn delivery_stream(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if let Some(data) = model.variables.said(node, Key::MonthlyDataIngestedGb) {
        model.monthly(node, "firehose.ingested", varying(data));
        return;
    }
    let size = model.variables.of(node, Key::RequestSizeKb);
    let data = move |point: &Point| (point.at(size) / RECORD_KB).ceil().max(1.0) * RECORD_KB / KB_PER_GB;
    model.per_event(node, "firehose.ingested", Box::new(data));
}
