use super::super::measure;
use crate::graph::{Certainty, EdgeKind, Egress, Graph, NodeKind, NodeRef, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function in a VPC uses a service that it has no way to.
    ///
    /// Only where the subnets, their routes and the endpoints are all in the template. What is imported,
    /// named by a parameter or made elsewhere is not known, and no finding.
    ///
    /// ## Why it matters
    ///
    /// A function in a VPC has no public address. Without a NAT route or a VPC endpoint its calls to AWS
    /// services go nowhere: each waits until the client or the function times out, and nothing says why.
    /// An internet gateway does not help.
    ///
    /// ## How to fix
    ///
    /// Add a VPC endpoint for the service (gateway endpoints for S3 and DynamoDB are free of charge), a
    /// route through a NAT gateway, or take the function out of the VPC.
    ///
    /// ## When to suppress
    ///
    /// When the code does not use the permission that the role gives it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"; AWS
    /// PrivateLink guide, "AWS services that integrate with AWS PrivateLink"; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}, Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   ToSqs: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.sqs', VpcEndpointType: Interface, SubnetIds: [!Ref Subnet]}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}, Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: dynamodb:PutItem, Resource: {Fn::GetAtt: [Table, Arn]}}]}}
    /// functions:
    ///   orders: {handler: app.main, vpc: {subnetIds: [{Ref: Subnet}], securityGroupIds: [sg-1]}}
    /// resources:
    ///   Resources:
    ///     Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///     Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.1.0/24}}
    ///     Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: dynamodb:PutItem, Resource: {Fn::GetAtt: [Table, Arn]}}]}}
    /// functions:
    ///   orders: {handler: app.main, vpc: {subnetIds: [subnet-1], securityGroupIds: [sg-1]}}
    /// resources:
    ///   Resources:
    ///     Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    ///   Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    ///   Done: {Type: AWS::SNS::Topic}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: tell, PolicyDocument: {Statement: [{Effect: Allow, Action: sns:Publish, Resource: !Ref Done}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Done: {Type: AWS::SNS::Topic}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: tell, PolicyDocument: {Statement: [{Effect: Allow, Action: sns:Publish, Resource: !Ref Done}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "vpc-no-egress-to-aws-api" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// What a function does itself; events that it is fed come from outside its VPC.
const USES: [EdgeKind; 5] =
    [EdgeKind::Reads, EdgeKind::Writes, EdgeKind::Publishes, EdgeKind::InvokesSync, EdgeKind::InvokesAsync];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        if graph.in_vpc(node) != Some(true) {
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        for edge in node.outgoing().filter(|edge| USES.contains(&edge.kind())) {
            let target = edge.target();
            let Some((service, name)) = service(target) else { continue };
            // The permission may be what Lambda needs to feed the function.
            let feeds = node.polled_sources().any(|feed| feed.source() == target);
            if edge.certainty() == Certainty::Hinted || feeds || seen.contains(&service) {
                continue;
            }
            let Some(subnet) = stranded(graph, node, service) else { continue };
            seen.push(service);
            let id = function.id();
            let way = match graph.egress(subnet) {
                Egress::InternetGateway => "only an internet gateway, which is of no use to functions",
                _ => "neither a NAT route nor an endpoint for it",
            };
            cx.report(
                Place::property(function, &["VpcConfig", "SubnetIds"]),
                format!("{id} uses {} but has no way to {name}: its subnet {} has {way}", target.name(), subnet.name()),
            )
            .help(format!(
                "add a VPC endpoint for {service} in the VPC of {}, or a route through a NAT gateway",
                subnet.name()
            ))
            .related(edge.origin(), format!("{id} {} {}", edge.kind().verb(), target.name()))
            .related(subnet, format!("{} has {way}", subnet.name()));
        }
    }
}

/// The name of the VPC endpoint of the service a resource belongs to, and what it is called.
fn service(node: NodeRef<'_>) -> Option<(&'static str, &'static str)> {
    Some(match node.kind() {
        NodeKind::Table => ("dynamodb", "DynamoDB"),
        NodeKind::Bucket => ("s3", "S3"),
        NodeKind::Queue => ("sqs", "SQS"),
        NodeKind::Topic => ("sns", "SNS"),
        NodeKind::StateMachine => ("states", "Step Functions"),
        NodeKind::Stream => ("kinesis-streams", "Kinesis"),
        NodeKind::Firehose => ("kinesis-firehose", "Firehose"),
        NodeKind::Bus => ("events", "EventBridge"),
        NodeKind::Function | NodeKind::Alias => ("lambda", "Lambda"),
        NodeKind::Key => ("kms", "KMS"),
        NodeKind::Secret => match node.resource()?.ty() {
            "AWS::SSM::Parameter" => ("ssm", "Systems Manager"),
            _ => ("secretsmanager", "Secrets Manager"),
        },
        _ => return None,
    })
}

/// A subnet of the function from which the service surely cannot be reached.
fn stranded<'g>(graph: &'g Graph, function: NodeRef<'g>, service: &str) -> Option<NodeRef<'g>> {
    if graph.reaches_service(function, service) != Some(false) {
        return None;
    }
    let subnets = Part::of(function.resource()?).each(&["VpcConfig", "SubnetIds"]);
    let nodes = subnets.iter().filter_map(|item| graph.target_of(item.eval(), None).node());
    nodes.into_iter().find(|subnet| {
        let out = graph.egress(*subnet);
        matches!(out, Egress::None | Egress::InternetGateway) && graph.has_endpoint(*subnet, service) == Some(false)
    })
}
