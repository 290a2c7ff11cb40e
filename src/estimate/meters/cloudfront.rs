//! CloudFront: requests and data delivered, at the prices of North America and Europe.

use super::KB_PER_GB;
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::usage::Key;
use crate::estimate::variables::fixed;
use crate::graph::NodeRef;

/// Adds what a request costs.
pub fn distribution(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let payer = index(node);
    let size = model.variables.of(node, Key::ResponseKb);
    let requests = model.meter_in("cloudfront.https-requests", "global");
    let data = model.meter_in("cloudfront.data", "global");
    model.sites[payer].charges.push(Charge { payer, meter: requests, quantity: fixed(1.0) });
    model.sites[payer].charges.push(Charge {
        payer,
        meter: data,
        quantity: Box::new(move |point| point.at(size) / KB_PER_GB),
    });
}
