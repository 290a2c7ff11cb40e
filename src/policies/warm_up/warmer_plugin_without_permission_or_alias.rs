use super::super::measure;
use super::pings;
use crate::graph::{Certainty, EdgeKind, EdgeRef, Graph, NodeId, NodeKind, NodeRef, Qualifier, Resource, Target};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A warmer keeps environments that no call reaches, or may not call what it is to keep warm.
    ///
    /// Warmers are schedules whose input or handler says so, and those of `serverless-plugin-warmup`. Reported are
    /// warmers of the unpublished version where everything else calls an alias, or the other way round; and
    /// warmers whose role surely does not allow `lambda:InvokeFunction` on a function they are to call.
    ///
    /// ## Why it matters
    ///
    /// `$LATEST` and every published version have environments of their own. Pings of the one keep nothing warm
    /// for calls of the other: they are paid for, and every cold start remains. Without the permission the warmer
    /// fails each time it runs, which shows nowhere but in its own log.
    ///
    /// ## How to fix
    ///
    /// Let the schedule name the alias (`!Ref Alias` in place of the function's ARN); for the plugin set `alias`
    /// of the warmer. Give the role of the warmer `lambda:InvokeFunction` on its functions, or leave `role` out and
    /// let the plugin make one.
    ///
    /// ## When to suppress
    ///
    /// When calls that the template does not show reach the version that is pinged.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Manage Lambda function versions" and "Understanding the Lambda execution
    /// environment lifecycle"; README of serverless-plugin-warmup 8.3 (`alias`: the unqualified function by default;
    /// `role`); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, AutoPublishAlias: live, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"warmer": true}'}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: java21
    ///       Handler: app.Main
    ///       CodeUri: src/
    ///       AutoPublishAlias: live
    ///       Events:
    ///         Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}
    ///         Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: java21}
    /// plugins: [serverless-plugin-warmup]
    /// custom: {warmup: {default: {enabled: true}}}
    /// functions:
    ///   orders: {handler: app.Main, snapStart: true, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: java21}
    /// plugins: [serverless-plugin-warmup]
    /// custom: {warmup: {default: {enabled: true, alias: snapstart}}}
    /// functions:
    ///   orders: {handler: app.Main, snapStart: true, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-plugin-warmup]
    /// custom: {warmup: {default: {enabled: true, role: Warmer}}}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// resources:
    ///   Resources:
    ///     Warmer:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///         ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version}}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !Ref Live, Input: '{"keep-warm": true}'}]}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    pub(super) static POLICY = "warmer-plugin-without-permission-or-alias" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let pings = pings::pings(cx);
    let schedules: Vec<NodeId> =
        pings.iter().filter_map(|ping| Some(graph.node(ping.flow.owner.id())?.index())).collect();
    for ping in &pings {
        let owner = ping.flow.owner;
        let path = if ping.flow.way == pings::Way::Schedule { &["Target", "Arn"][..] } else { &["Arn"] };
        if let Target::Node(function, qualifier) = graph.target_of(&ping.flow.settings.get(path), None) {
            let place = Place::within(owner, ping.flow.origin);
            misses(cx, place, owner.id(), (function, is_published(qualifier)), &schedules);
        }
        // The function that is pinged may be a warmer of others, whose names it has.
        let warmer = ping.flow.target;
        let called = warmer.outgoing().filter(|edge| edge.kind() == EdgeKind::InvokesSync);
        for edge in called.filter(|edge| edge.certainty() == Certainty::Hinted) {
            if let Some(holder) = warmer.resource() {
                forbidden(cx, Place::within(holder, edge.origin()), warmer, edge.target());
            }
        }
    }
    let template = cx.template();
    let mut refused: Vec<NodeId> = Vec::new();
    for warmed in template.warmed() {
        let (Some(warmer), Some(function)) = (graph.node(&warmed.warmer), graph.node(&warmed.function)) else {
            continue;
        };
        let Some(holder) = warmer.resource() else { continue };
        let place = Place::within(holder, warmed.origin);
        misses(cx, place.clone(), warmer.name(), (function, Some(warmed.alias.is_some())), &schedules);
        // One finding for a role: the next of its functions says nothing new.
        if !refused.contains(&warmer.index()) && forbidden(cx, place, warmer, function) {
            refused.push(warmer.index());
        }
    }
}

/// Whether a qualifier is a published version; none where that is not known.
fn is_published(qualifier: Qualifier) -> Option<bool> {
    match qualifier {
        Qualifier::Unqualified => Some(false),
        Qualifier::Version(_) | Qualifier::Alias(_) => Some(true),
        Qualifier::None | Qualifier::Unknown => None,
    }
}

/// Reports a warmer of a version that none of the other calls reaches.
fn misses(
    cx: &mut Context<'_>,
    place: Place,
    warmer: &str,
    (function, published): (NodeRef<'_>, Option<bool>),
    schedules: &[NodeId],
) {
    let Some(published) = published.filter(|_| measure::function(function).is_some()) else { return };
    let calls = [EdgeKind::InvokesSync, EdgeKind::InvokesAsync, EdgeKind::Polls];
    let others: Vec<EdgeRef<'_>> = function
        .incoming()
        .filter(|edge| calls.contains(&edge.kind()) && edge.certainty() == Certainty::Declared)
        .filter(|edge| !schedules.contains(&edge.source().index()))
        .collect();
    let reaches = |edge: &EdgeRef<'_>| is_published(edge.qualifier()) == Some(!published);
    let Some(first) = others.first().filter(|_| others.iter().all(reaches)) else { return };
    let id = function.name();
    let (kept, called) =
        if published { ("an alias", "the unpublished version") } else { ("the unpublished version", "an alias") };
    let caller = first.source().name();
    cx.report(place, format!("{warmer} keeps {kept} of {id} warm, but {caller} calls {called}"))
        .help(format!("let {warmer} call the same as {caller}: environments of the one serve no calls of the other"))
        .related(first.origin(), format!("{caller} calls {called} here"));
}

/// Reports a warmer that may not call a function; whether it did.
fn forbidden(cx: &mut Context<'_>, place: Place, warmer: NodeRef<'_>, function: NodeRef<'_>) -> bool {
    let graph: &Graph = cx.graph;
    let exists = |one: Option<Resource<'_>>| one.is_some_and(|one| one.exists() != Some(false));
    let called = function.kind() == NodeKind::Function && exists(function.resource());
    if !called || graph.may(warmer, "lambda:InvokeFunction", Some(function)) != Some(false) {
        return false;
    }
    let (warmer, id) = (warmer.name(), function.name());
    cx.report(place, format!("{warmer} is to keep {id} warm, but its role does not let it call {id}"))
        .help(format!("allow lambda:InvokeFunction on {id} in the role of {warmer}"))
        .related(function, format!("{id} is not kept warm"));
    true
}
