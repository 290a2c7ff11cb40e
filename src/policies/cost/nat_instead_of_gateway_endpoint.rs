use super::super::measure;
use crate::graph::{Certainty, EdgeKind, Egress, NodeKind, NodeRef, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function reaches DynamoDB or S3 through a NAT gateway where a free gateway endpoint would do.
    ///
    /// ## Why it matters
    ///
    /// A NAT gateway takes 4.5 cents for every gigabyte that passes (us-east-1, 2026), and nothing looks at the
    /// traffic. A gateway endpoint for S3 or DynamoDB costs nothing, is not limited in its rate, and keeps the
    /// traffic off the internet.
    ///
    /// ## How to fix
    ///
    /// Add an `AWS::EC2::VPCEndpoint` for the service with the route tables of the function's subnets.
    ///
    /// ## When to suppress
    ///
    /// When traffic must pass an inspection behind the NAT gateway.
    ///
    /// ## Source
    ///
    /// Amazon VPC pricing, "NAT gateway pricing", and user guide, "Gateway endpoints" (no charge); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///   Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}, Policies: [DynamoDBCrudPolicy: {TableName: !Ref Things}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///   Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///   Gate: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.dynamodb', RouteTableIds: [!Ref Table]}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}, Policies: [DynamoDBCrudPolicy: {TableName: !Ref Things}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///     Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///     Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///     Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///     Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///     Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///     Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Things.Arn}]}}]
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///     Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///     Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///     Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///     Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///     Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///     Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///     Gate: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.dynamodb', RouteTableIds: [!Ref Table]}}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Things.Arn}]}}]
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///   Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Things.Arn}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
    ///   Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1, AllocationId: eip-1}}
    ///   Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
    ///   Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
    ///   Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
    ///   Things: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
    ///   Gate: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.dynamodb', RouteTableIds: [!Ref Table]}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Things.Arn}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}}
    /// ```
    pub(super) static POLICY = "nat-instead-of-gateway-endpoint" {
        category: Cost, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let costs = cx.costs();
    let graph = cx.graph;
    let mut told: Vec<(NodeRef<'_>, &str)> = Vec::new();
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        if graph.in_vpc(node) != Some(true) {
            continue;
        }
        for edge in node.outgoing().filter(|edge| edge.certainty() != Certainty::Hinted) {
            let target = edge.target();
            let (service, name) = match (edge.kind(), target.kind()) {
                (EdgeKind::Reads | EdgeKind::Writes, NodeKind::Table) => ("dynamodb", "DynamoDB"),
                (EdgeKind::Reads | EdgeKind::Writes, NodeKind::Bucket) => ("s3", "S3"),
                _ => continue,
            };
            // The permission may be what Lambda needs to feed the function.
            if node.polled_sources().any(|feed| feed.source() == target) {
                continue;
            }
            let subnets = Part::of(function).each(&["VpcConfig", "SubnetIds"]);
            let subnets = subnets.iter().filter_map(|item| graph.target_of(item.eval(), None).node());
            let through_nat = |subnet: &NodeRef<'_>| {
                graph.egress(*subnet) == Egress::Nat && graph.has_endpoint(*subnet, service) == Some(false)
            };
            let Some(subnet) = subnets.into_iter().find(through_nat) else { continue };
            // A subnet is told of once for a service, at the first of its functions.
            if told.contains(&(subnet, service)) {
                continue;
            }
            told.push((subnet, service));
            let price = costs.price("vpc.nat-data").map_or(String::new(), |price| {
                format!(", at {} for each 100 GB{}", costs.money(price * 100.0), costs.basis())
            });
            let id = function.id();
            cx.report(
                Place::property(function, &["VpcConfig", "SubnetIds"]),
                format!(
                    "{id} reaches {name} through the NAT gateway of {}{price}; a gateway endpoint is free",
                    subnet.name()
                ),
            )
            .help(format!("add an AWS::EC2::VPCEndpoint for {service} with the route table of {}", subnet.name()))
            .related(edge.origin(), format!("{id} {} {}", edge.kind().verb(), target.name()))
            .related(subnet, format!("{} has no endpoint for {service}", subnet.name()));
        }
    }
}
