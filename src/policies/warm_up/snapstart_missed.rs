use super::super::measure;
use super::{starts, warm};
use crate::facts::runtimes;
use crate::graph::{NodeKind, NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function that somebody waits for starts slowly, although a snapshot would be at hand.
    ///
    /// Functions on Java 11 or later and .NET 8 or later that an API, a user pool or another caller waits
    /// for, with neither SnapStart nor provisioned concurrency. Python is left out: its start is short
    /// unless the package is large, which a template does not show. Functions with a file system, more than
    /// 512 MB of `/tmp` or a container image cannot have snapshots.
    ///
    /// ## Why it matters
    ///
    /// The first call of every new environment loads the runtime and the code: seconds for a framework on
    /// the JVM. SnapStart restores a snapshot of the initialised environment instead, typically in well
    /// under a second. For Java it is free of charge; for .NET there is a charge for the cache and for each
    /// restore.
    ///
    /// ## How to fix
    ///
    /// Set `SnapStart: {ApplyOn: PublishedVersions}`, publish a version behind an alias (SAM:
    /// `AutoPublishAlias`), and let the caller name the alias. Check code that keeps a random seed, a
    /// connection or a token from its start: all environments share the snapshot.
    ///
    /// ## When to suppress
    ///
    /// When the first call may take seconds, or the code cannot be restored from a snapshot.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart" (runtimes,
    /// limitations, pricing); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: live, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: java21}
    /// functions:
    ///   orders: {handler: app.Main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: java21}
    /// functions:
    ///   orders: {handler: app.Main, snapStart: true, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Orders}}
    /// ```
    pub(super) static POLICY = "snapstart-missed" {
        category: WarmUp, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node).filter(|function| is_missed(*function, node)) else { continue };
        let Some(caller) = node.waiting().into_iter().next() else { continue };
        let Some(runtime) = function.property(&["Runtime"]).text() else { continue };
        let id = function.id();
        let charge = if runtime.starts_with("java") { ", free of charge" } else { "" };
        let init = starts::init(cx, node);
        let shorten = match &init {
            Some(init) => {
                format!(" take {}{}; SnapStart would shorten them", starts::time(init.p50_ms), starts::bound(init))
            }
            None => " SnapStart would shorten".to_owned(),
        };
        let from = init.map_or(String::new(), |init| format!("; reckoned from: {}", init.parts.join("; ")));
        cx.report(
            Place::property(function, &["Runtime"]),
            format!("{} waits for {id}, whose cold starts on {runtime}{shorten}{charge}", caller.name()),
        )
        .help(format!(
            "set SnapStart.ApplyOn of {id} to PublishedVersions, and let {} call an alias{from}",
            caller.name()
        ))
        .related(caller, format!("{} waits for {id}", caller.name()));
    }
}

/// Whether a function on a slow runtime could start from a snapshot, and has nothing that warms it.
pub(super) fn is_missed(function: Resource<'_>, node: NodeRef<'_>) -> bool {
    let Some(runtime) = function.property(&["Runtime"]).text() else { return false };
    let slow = runtime.starts_with("java") || runtime.starts_with("dotnet");
    let excluded = ["SnapStart", "FileSystemConfigs", "CapacityProviderConfig", "DurableConfig"];
    let small = measure::bounds(function, &["EphemeralStorage", "Size"], 512).is_some_and(|size| size.min <= 512);
    let kept = |version| warm::instances(version).is_none_or(|instances| instances.max > 0);
    slow && runtimes::has_snap_start(&runtime)
        && !function.is_incomplete()
        && small
        && excluded.iter().all(|name| function.property(&[name]).is_absent())
        && !warm::published(node).any(kept)
}
