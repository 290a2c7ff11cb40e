use super::super::{measure, read};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{Egress, Graph, NodeKind, NodeRef, Part, ReferenceTo, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A NAT gateway is paid around the clock for a single function.
    ///
    /// Reported where the template has the VPC, nothing but one function sends traffic through its NAT
    /// gateways, and neither the VPC nor its subnets or addresses are handed on.
    ///
    /// ## Why it matters
    ///
    /// A NAT gateway is billed for every hour it exists and for every gigabyte that goes through it, in each
    /// zone that has one. For most functions that alone is more than everything else they cost.
    ///
    /// ## How to fix
    ///
    /// If the function needs nothing in the VPC, remove its `VpcConfig`: outside it reaches the internet by
    /// itself. If it only calls AWS services, add endpoints: those of S3 and DynamoDB are free, others are
    /// billed by the hour and zone, at a fraction. If it needs both the VPC and the internet, split it: one
    /// function inside, one outside.
    ///
    /// ## When to suppress
    ///
    /// When a partner lets only the address of the gateway in, or more is about to move into the VPC.
    ///
    /// ## Source
    ///
    /// Amazon VPC pricing, "NAT gateway pricing"; AWS PrivateLink pricing; AWS Lambda developer guide, "Enable
    /// internet access for VPC-connected Lambda functions"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Address: {Type: AWS::EC2::EIP}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}}
    ///   Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Routes}}
    ///   Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: orders}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Group]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Address: {Type: AWS::EC2::EIP}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}}
    ///   Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Routes}}
    ///   Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: orders}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Group]}}
    /// Outputs:
    ///   Subnet: {Value: !Ref Private, Export: {Name: private}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, vpc: {subnetIds: [{Ref: Private}], securityGroupIds: [{Ref: Group}]}}
    /// resources:
    ///   Resources:
    ///     Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///     Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.0.0/24}}
    ///     Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.1.0/24}}
    ///     Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: {Ref: Public}, AllocationId: eipalloc-0123456789abcdef0}}
    ///     Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: Vpc}}}
    ///     Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: Routes}, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: {Ref: Nat}}}
    ///     In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: {Ref: Private}, RouteTableId: {Ref: Routes}}}
    ///     Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: Vpc}, GroupDescription: orders}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, vpc: {subnetIds: [{Ref: Private}], securityGroupIds: [{Ref: Group}]}}
    /// functions:
    ///   orders: {handler: app.main}
    ///   stock: {handler: stock.main}
    /// resources:
    ///   Resources:
    ///     Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///     Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.0.0/24}}
    ///     Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.1.0/24}}
    ///     Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: {Ref: Public}, AllocationId: eipalloc-0123456789abcdef0}}
    ///     Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: Vpc}}}
    ///     Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: Routes}, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: {Ref: Nat}}}
    ///     In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: {Ref: Private}, RouteTableId: {Ref: Routes}}}
    ///     Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: Vpc}, GroupDescription: orders}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: eipalloc-0123456789abcdef0}}
    ///   Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Routes}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: eipalloc-0123456789abcdef0}}
    ///   Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Routes}}
    ///   Machine: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Private, ImageId: ami-1}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}}
    /// ```
    pub(super) static POLICY = "nat-gateway-for-one-function" {
        category: Cost, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

const NAT: &str = "AWS::EC2::NatGateway";

/// What stands in a VPC without sending anything out of it by itself.
const QUIET: [&str; 27] = [
    "AWS::DAX::SubnetGroup",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetCidrBlock",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EFS::MountTarget",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Elasticsearch::Domain",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBSubnetGroup",
];

/// What one may want to know of a VPC without being in it.
const FACTS: [&str; 4] = ["CidrBlock", "CidrBlockAssociations", "DefaultNetworkAcl", "DefaultSecurityGroup"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let gateways: Vec<Resource<'_>> = graph.existing(NAT).filter(|nat| is_public(*nat)).collect();
    let Some(first) = gateways.first() else { return };
    if graph.is_open() {
        return;
    }
    let vpcs: Option<Vec<NodeRef<'_>>> = gateways.iter().map(|nat| vpc_of(graph, *nat)).collect();
    // Several networks in one template are a matter of their own.
    let Some([vpc, others @ ..]) = vpcs.as_deref() else { return };
    if others.iter().any(|other| other != vpc) {
        return;
    }
    let Some(function) = only_user(graph, *vpc) else { return };
    let Some(id) = function.logical_id() else { return };
    let count = gateways.len();
    let costs = cx.costs();
    let month = |meter: &str, count: f64| Some(costs.money(costs.price(meter)? * HOURS_PER_MONTH * count));
    let price = month("vpc.nat-hours", count as f64);
    let price = price.map(|price| format!(" {price} a month before any traffic{}", costs.basis()));
    let price = price.unwrap_or_else(|| " by the hour".to_owned());
    let endpoint = month("vpc.endpoint-hours", 1.0).map(|price| format!(" at {price} a month and zone"));
    let endpoint = endpoint.unwrap_or_default();
    let which = match count {
        1 => format!("{} costs", first.id()),
        _ => format!("{} and {} cost", first.id(), read::count(count - 1, "more NAT gateway")),
    };
    cx.report(*first, format!("{which}{price}, and nothing but {id} uses it"))
        .help(format!(
            "take {id} out of the VPC if it needs nothing there; AWS services can be reached by endpoints, free for \
             S3 and DynamoDB, others{endpoint}"
        ))
        .related(
            function.resource().map_or(function.into(), |one| Place::property(one, &["VpcConfig"])),
            format!("{id} is in the VPC"),
        );
}

fn is_public(nat: Resource<'_>) -> bool {
    let kind = nat.property(&["ConnectivityType"]);
    kind.is_absent() || kind.text().is_some_and(|kind| kind == "public")
}

fn vpc_of<'g>(graph: &'g Graph, holder: Resource<'g>) -> Option<NodeRef<'g>> {
    let subnet = graph.referred(&holder.property(&["SubnetId"]))?;
    graph.referred(&subnet.property(&["VpcId"]))
}

/// The function that alone sends its traffic through the gateways of a VPC.
fn only_user<'g>(graph: &'g Graph, vpc: NodeRef<'g>) -> Option<NodeRef<'g>> {
    let in_vpc = |subnet: NodeRef<'g>| graph.referred(&subnet.property(&["VpcId"])) == Some(vpc);
    let is_part = |node: NodeRef<'g>| {
        node == vpc
            || match node.resource().map(Resource::ty) {
                Some("AWS::EC2::Subnet") => in_vpc(node),
                Some("AWS::EC2::RouteTable" | "AWS::EC2::EIP" | NAT) => true,
                _ => false,
            }
    };
    // What is handed on serves somebody else.
    let outputs = graph.template().root.get("Outputs");
    if outputs.is_some_and(|outputs| graph.references_in(outputs).iter().any(|one| is_part(one.target))) {
        return None;
    }
    let mut found: Option<NodeRef<'g>> = None;
    for resource in graph.template().resources().filter(|resource| resource.exists() != Some(false)) {
        if QUIET.contains(&resource.ty()) || resource.ty().starts_with("AWS::IAM::") {
            continue;
        }
        let function = graph.node(resource.id()).filter(|node| measure::function(*node).is_some());
        if let Some(function) = function {
            match graph.in_vpc(function) {
                Some(false) => continue,
                Some(true) => {}
                None => return None,
            }
            let subnets = Part::of(resource).each(&["VpcConfig", "SubnetIds"]);
            let out = |subnet: &Part<'g>| {
                let node = graph.target_of(subnet.eval(), None).node();
                node.is_some_and(|node| in_vpc(node) && graph.egress(node) == Egress::Nat)
            };
            if found.is_some() || !subnets.iter().all(out) {
                return None;
            }
            found = Some(function);
            continue;
        }
        // A name in a template is no traffic, but whoever names a part of the network may be in it.
        let names = |reference: &ReferenceTo<'g>| {
            let about = reference.attribute.is_some_and(|attribute| FACTS.contains(&attribute));
            !reference.order_only && !about && is_part(reference.target)
        };
        if resource.ty() != "AWS::EC2::VPC" && graph.references(resource).iter().any(names) {
            return None;
        }
        if graph.node(resource.id()).is_some_and(|node| node.kind() == NodeKind::Stack) {
            return None;
        }
    }
    found
}
