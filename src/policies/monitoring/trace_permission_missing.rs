use super::super::{measure, read};
use crate::graph::{NodeKind, RoleOf};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function is to be traced, and its role does not let it send traces.
    ///
    /// Reported are roles of the template whose statements are all known. SAM and the Serverless Framework give the
    /// permission to roles that they make.
    ///
    /// ## Why it matters
    ///
    /// The daemon beside the function sends its segments in the name of the function. Without the permission they are
    /// dropped: the map of traces ends before the function, and nothing says why.
    ///
    /// ## How to fix
    ///
    /// Allow `xray:PutTraceSegments` and `xray:PutTelemetryRecords` on `*`, or attach `AWSXRayDaemonWriteAccess`.
    ///
    /// ## When to suppress
    ///
    /// When a policy that another stack attaches to the role has the permission.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray" (execution role
    /// permissions); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Tracing: Active, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Tracing: Active}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, tracing: {lambda: true}}
    /// functions:
    ///   orders: {handler: app.main, role: Role}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///         ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, tracing: {lambda: true}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, TracingConfig: {Mode: Active}, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, TracingConfig: {Mode: Active}, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole, arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess]
    /// ```
    pub(super) static POLICY = "trace-permission-missing" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

const MODE: [&str; 2] = ["TracingConfig", "Mode"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let RoleOf::Role(role) = graph.role_of(node) else { continue };
        let active = read::text(function, &MODE, |mode| mode == "Active").is_some();
        let exists = role.node().resource().is_some_and(|role| role.exists() == Some(true));
        if !active || !exists || role.allows("xray:PutTraceSegments", None) != Some(false) {
            continue;
        }
        let (id, name) = (function.id(), role.node().name());
        cx.report(
            Place::property(function, &MODE),
            format!("{id} is traced, but its role {name} does not allow xray:PutTraceSegments"),
        )
        .help(format!("attach AWSXRayDaemonWriteAccess to {name}, or allow the actions on *"))
        .related(role.node(), format!("{id} runs under {name}"));
    }
}
