//! X-Ray: traces recorded.

use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::NodeRef;

/// Adds the traces that requests of `node` leave. Only what starts a trace is charged, so the
/// share is that of requests sampled.
pub fn traced(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let rate = model.variables.of(node, Key::TraceSamplingRate);
    model.per_event(node, "xray.recorded", varying(rate));
}
