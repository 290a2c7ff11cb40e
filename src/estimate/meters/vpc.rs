//! VPC: NAT gateways and interface endpoints.

use crate::estimate::model::Model;
use crate::estimate::traffic::ty;
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::NodeRef;

/// Adds what a part of the network costs.
pub fn network(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let data = match ty(node) {
        "AWS::EC2::NatGateway" => {
            model.baseline(node, "vpc.nat-hours", HOURS_PER_MONTH);
            "vpc.nat-data"
        }
        "AWS::EC2::VPCEndpoint" => {
            let interface = node.property(&["VpcEndpointType"]).text().is_some_and(|text| text == "Interface");
            if !interface {
                return;
            }
            // One network interface in each subnet.
            let subnets = node.property(&["SubnetIds"]).known().and_then(|value| value.as_list().map(<[_]>::len));
            model.baseline(node, "vpc.endpoint-hours", subnets.unwrap_or(1).max(1) as f64 * HOURS_PER_MONTH);
            "vpc.endpoint-data"
        }
        _ => return,
    };
    if let Some(processed) = model.variables.given(node, Key::MonthlyDataProcessedGb) {
        model.monthly(node, data, varying(processed));
    }
}
