//! What a function inside a VPC can reach.

use super::{Eval, Graph, NodeRef, Part, Resource, Target};
use crate::template::unknown;

/// Where a subnet's traffic to the internet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Egress {
    /// Through a NAT gateway or another hop that translates addresses.
    Nat,
    /// Straight to an internet gateway: of no use to functions, which have no public address.
    InternetGateway,
    /// Nowhere.
    None,
    /// Not known.
    Unknown,
}

impl Graph {
    /// Whether a function is attached to a VPC.
    pub fn in_vpc(&self, function: NodeRef<'_>) -> Option<bool> {
        match function.property(&["VpcConfig"]) {
            Eval::Absent => Some(false),
            Eval::Unknown(_) => None,
            _ => {
                let part = Part::of(function.resource()?);
                let subnets = part.each(&["VpcConfig", "SubnetIds"]);
                if part.has(&["VpcConfig", "SubnetIds"]).is_none() { None } else { Some(!subnets.is_empty()) }
            }
        }
    }

    /// The subnets of a function, as far as they are known.
    pub fn subnets<'g>(&'g self, function: NodeRef<'g>) -> Vec<Target<'g>> {
        let Some(resource) = function.resource() else { return Vec::new() };
        let items = Part::of(resource).each(&["VpcConfig", "SubnetIds"]);
        items.iter().map(|item| self.target_of(item.eval(), None)).collect()
    }

    /// Where the traffic of a subnet of the template goes that leaves its VPC.
    pub fn egress(&self, subnet: NodeRef<'_>) -> Egress {
        let table = match self.route_table(subnet) {
            Some(Some(table)) => table,
            // The main route table of a VPC of this template has no routes out.
            Some(None) => return Egress::None,
            None => return Egress::Unknown,
        };
        let mut found = Egress::None;
        let mut unknown = self.is_open();
        for route in self.resources_of("AWS::EC2::Route") {
            match self.referred(&route.property(&["RouteTableId"])) {
                Some(of) if of == table => {}
                Some(_) => continue,
                None => {
                    unknown = true;
                    continue;
                }
            }
            match route.property(&["DestinationCidrBlock"]) {
                Eval::Absent => continue,
                known if known.text().is_some_and(|text| text == "0.0.0.0/0") => {}
                known if known.is_unknown() => {
                    unknown = true;
                    continue;
                }
                _ => continue,
            }
            found = self.hop(route);
        }
        if found == Egress::None && unknown { Egress::Unknown } else { found }
    }

    fn hop(&self, route: Resource<'_>) -> Egress {
        let gateway = route.property(&["GatewayId"]);
        if gateway.is_absent() {
            return Egress::Nat;
        }
        match self.referred(&gateway).and_then(NodeRef::resource).map(Resource::ty) {
            Some("AWS::EC2::InternetGateway") => Egress::InternetGateway,
            Some("AWS::EC2::VPNGateway") => Egress::Nat,
            _ => Egress::Unknown,
        }
    }

    /// The route table of a subnet; `Some(None)` when it surely has none of its own.
    fn route_table<'g>(&'g self, subnet: NodeRef<'_>) -> Option<Option<NodeRef<'g>>> {
        let mut unknown = self.is_open();
        for association in self.resources_of("AWS::EC2::SubnetRouteTableAssociation") {
            match self.referred(&association.property(&["SubnetId"])) {
                Some(of) if of.index() == subnet.index() => {
                    return self.referred_in(association, "RouteTableId").map(Some);
                }
                Some(_) => {}
                None => unknown = true,
            }
        }
        let own_vpc = self.referred(&subnet.property(&["VpcId"])).is_some();
        if unknown || !own_vpc { None } else { Some(None) }
    }

    fn referred_in<'g>(&'g self, resource: Resource<'g>, property: &str) -> Option<NodeRef<'g>> {
        self.find(&resource.property(&[property]), None).node().map(|node| self.node_ref(node))
    }

    /// Whether a VPC endpoint for `service` (`s3`, `dynamodb`, `sqs`, …) serves a subnet.
    pub fn has_endpoint(&self, subnet: NodeRef<'_>, service: &str) -> Option<bool> {
        let vpc = self.referred(&subnet.property(&["VpcId"]));
        let table = self.route_table(subnet);
        let mut unknown = self.is_open() || vpc.is_none();
        for endpoint in self.resources_of("AWS::EC2::VPCEndpoint") {
            match endpoint.property(&["ServiceName"]).symbolic() {
                Some(name) if name.rsplit('.').next() == Some(service) => {}
                Some(name) if !name.chars().next_back().is_some_and(|c| unknown::is_mark(c).1) => continue,
                _ => {
                    unknown = true;
                    continue;
                }
            }
            match (self.referred(&endpoint.property(&["VpcId"])), vpc) {
                (Some(of), Some(own)) if of.index() == own.index() => {}
                (Some(_), Some(_)) => continue,
                _ => {
                    unknown = true;
                    continue;
                }
            }
            let kind = endpoint.property(&["VpcEndpointType"]);
            if !kind.is_absent() && kind.text().is_none_or(|text| text != "Gateway") {
                // An interface endpoint serves the whole VPC.
                return Some(true);
            }
            let tables = Part::of(endpoint).each(&["RouteTableIds"]);
            for item in &tables {
                match (self.find(item.eval(), None).node(), table) {
                    (Some(listed), Some(Some(own))) if listed == own.index() => return Some(true),
                    (Some(_), Some(_)) => {}
                    _ => unknown = true,
                }
            }
        }
        (!unknown).then_some(false)
    }

    /// Whether a function can call an AWS service: it is in no VPC, or each of its subnets has
    /// a NAT route or an endpoint for the service.
    pub fn reaches_service(&self, function: NodeRef<'_>, service: &str) -> Option<bool> {
        if !self.in_vpc(function)? {
            return Some(true);
        }
        let mut unknown = false;
        let resource = function.resource()?;
        for item in Part::of(resource).each(&["VpcConfig", "SubnetIds"]) {
            let Some(subnet) = self.find(item.eval(), None).node().map(|node| self.node_ref(node)) else {
                unknown = true;
                continue;
            };
            match (self.egress(subnet), self.has_endpoint(subnet, service)) {
                (Egress::Nat, _) | (_, Some(true)) => {}
                (Egress::Unknown, _) | (_, None) => unknown = true,
                _ => return Some(false),
            }
        }
        (!unknown).then_some(true)
    }
}
