use super::super::measure;
use crate::graph::{EdgeKind, EdgeRef, NodeKind, NodeRef, RoleOf};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// The role of a function lacks a permission that Lambda needs to run it as the template says.
    ///
    /// Lambda acts in the name of the function: it polls queues and streams, sends failures on, and makes network
    /// interfaces. Reported are roles of the template whose statements are all known and that surely allow none
    /// of this.
    ///
    /// ## Why it matters
    ///
    /// Lambda tests most of these permissions when the resource is made, and refuses it: the deployment rolls
    /// back after minutes. Those that it does not test are missed when the first failure is to be kept.
    ///
    /// ## How to fix
    ///
    /// Allow the actions on the resource, or attach the managed policy for the job: `AWSLambdaSQSQueueExecutionRole`,
    /// `AWSLambdaKinesisExecutionRole`, `AWSLambdaDynamoDBExecutionRole`, `AWSLambdaVPCAccessExecutionRole`.
    ///
    /// ## When to suppress
    ///
    /// When a policy that another stack attaches to the role has the permission.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Defining Lambda function permissions with an execution role", "Giving Lambda
    /// functions access to resources in an Amazon VPC" and the pages of each event source; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Role: !GetAtt Role.Arn, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, role: Role, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///         Policies: [{PolicyName: own, PolicyDocument: {Statement: [{Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: "*"}, {Effect: Allow, Action: dynamodb:GetItem, Resource: {Fn::GetAtt: [Orders, Arn]}}]}}]
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DeadLetterConfig: {TargetArn: !GetAtt Failed.Arn}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DeadLetterConfig: {TargetArn: !GetAtt Failed.Arn}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    ///       Policies: [{PolicyName: fail, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Failed.Arn}]}}]
    /// ```
    pub(super) static POLICY = "role-missing-needed-permission" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

const QUEUE: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const STREAM: [&str; 2] = ["kinesis:GetRecords", "kinesis:GetShardIterator"];
const TABLE: [&str; 3] = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let RoleOf::Role(role) = graph.role_of(node) else { continue };
        let Some(holder) = role.node().resource().filter(|holder| holder.exists() == Some(true)) else { continue };
        let lacks = |actions: &[&'static str], target: Option<NodeRef<'_>>| -> Vec<&'static str> {
            let target = target.and_then(|target| graph.node(target.name()));
            actions.iter().copied().filter(|action| role.allows(action, target) == Some(false)).collect()
        };
        let id = function.id();
        let (mut needs, mut told) = (Vec::new(), Vec::new());
        if graph.in_vpc(node) == Some(true) {
            let missing = lacks(&["ec2:CreateNetworkInterface"], None);
            needs.push((missing, format!("{id} is in a VPC"), function.place(&["VpcConfig"])));
        }
        let feeds = |edge: &EdgeRef<'_>| {
            edge.kind() == EdgeKind::Polls
                && edge.via().is_some_and(|via| via.ty() == "AWS::Lambda::EventSourceMapping")
        };
        let feeds = node.incoming().filter(feeds).map(|edge| (edge, edge.source(), "feeds"));
        let failures = node.outgoing().filter(|edge| edge.kind() == EdgeKind::DeadLettersTo);
        let failures = failures.map(|edge| (edge, edge.target(), "takes failures of"));
        for (edge, other, verb) in feeds.chain(failures) {
            let actions: &[&str] = match (other.kind(), verb) {
                (NodeKind::Queue, "feeds") => &QUEUE,
                (NodeKind::Stream, "feeds") => &STREAM,
                (NodeKind::Table, "feeds") => &TABLE,
                (NodeKind::Queue, _) => &["sqs:SendMessage"],
                (NodeKind::Topic, _) => &["sns:Publish"],
                _ => continue,
            };
            let exists = edge.via().is_none_or(|via| via.exists() != Some(false));
            if exists && other.logical_id().is_some() && !told.contains(&(other.index(), verb)) {
                told.push((other.index(), verb));
                needs.push((lacks(actions, Some(other)), format!("{} {verb} {id}", other.name()), edge.origin()));
            }
        }
        for (missing, why, origin) in needs.into_iter().filter(|(missing, ..)| !missing.is_empty()) {
            cx.report(
                Place::from(holder),
                format!("{why}, but its role {} does not allow {}", holder.id(), missing.join(", ")),
            )
            .resource(id)
            .help("allow the actions in the role, or attach the managed policy for it")
            .related(origin, why.clone());
        }
    }
}
