use crate::finding::Severity;
use crate::graph::{EdgeKind, NodeKind};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec};

policy! {
    /// Several functions run under one role.
    ///
    /// ## Why it matters
    ///
    /// A shared role holds the permissions of all its functions. A flaw in the least important one
    /// then opens the tables and buckets of the most important one, and nobody dares to remove a
    /// permission.
    ///
    /// ## How to fix
    ///
    /// Give each function a role of its own. SAM does so by default. In the Serverless Framework,
    /// which shares one role by default and is reported once with severity low, use the plugin
    /// `serverless-iam-roles-per-function` or set `role` on the functions.
    ///
    /// ## When to suppress
    ///
    /// When the functions do one job and need the same permissions.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Defining Lambda function permissions with an execution role"; PureSec,
    /// "The ten most critical risks for serverless applications" (SAS-04, one role a function), 2019.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Shared.Arn}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Shared.Arn}
    ///   Shared:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt OrdersRole.Arn}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt RefundsRole.Arn}
    ///   OrdersRole:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    ///   RefundsRole:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Shared.Arn}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Shared.Arn}
    ///   Shared:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt OrdersRole.Arn}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt RefundsRole.Arn}
    ///   OrdersRole:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    ///   RefundsRole:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: a.main}
    ///   refunds: {handler: b.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: a.main, role: "arn:aws:iam::123456789012:role/orders"}
    ///   refunds: {handler: b.main, role: "arn:aws:iam::123456789012:role/refunds"}
    /// ```
    pub(super) static POLICY = "shared-execution-role" {
        category: Security, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "at-least",
    help: "how many functions must share a role before it is reported, 2 or more",
    default: OptionDefault::Int(2),
}];

fn check(cx: &mut Context<'_>) {
    let at_least = usize::try_from(cx.option_int("at-least")).unwrap_or(2).max(2);
    for role in cx.graph.nodes_of(NodeKind::Role) {
        let mut functions: Vec<&str> = role
            .sources(EdgeKind::Assumes)
            // What the framework adds for its own needs is not the author's to change.
            .filter(|node| node.kind() == NodeKind::Function && !node.name().starts_with("CustomDashresource"))
            .map(crate::graph::NodeRef::name)
            .collect();
        functions.dedup();
        if functions.len() < at_least {
            continue;
        }
        let generated = role.origin().is_generated();
        let mut names = functions.iter().take(4).copied().collect::<Vec<_>>().join(", ");
        if functions.len() > 4 {
            names.push_str(", …");
        }
        let message = format!("{} functions run under the role {}: {names}", functions.len(), role.name());
        let (help, severity) = if generated {
            ("give functions roles of their own, e.g. with serverless-iam-roles-per-function", Severity::Low)
        } else {
            ("give each function a role with its own permissions only", Severity::Medium)
        };
        cx.report(role, message).help(help).severity(severity);
    }
}
