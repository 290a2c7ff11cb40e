use super::super::measure;
use super::warm;
use crate::facts::cold_starts::{self, AS_OF};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function that somebody waits for has so little memory that its first call takes long.
    ///
    /// Functions on Java or .NET below 512 MB that an API or another caller waits for, without SnapStart or
    /// provisioned concurrency.
    ///
    /// ## Why it matters
    ///
    /// Processor time comes with memory. These runtimes compile and load when the first call arrives, after
    /// the boost that Lambda gives to initialisation: what takes some milliseconds with a gigabyte takes
    /// many times that with a little.
    ///
    /// ## How to fix
    ///
    /// Raise `MemorySize`. A call that ends sooner costs about the same, and `dewline estimate` shows both.
    ///
    /// ## When to suppress
    ///
    /// When a slow first call is fine.
    ///
    /// ## Source
    ///
    /// Measurements of lambda-perf to 2026-08-22: init and first call of a function that does nothing, by
    /// runtime and memory.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, CodeUri: src/, MemorySize: 128, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, CodeUri: src/, MemorySize: 1024, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: dotnet8}
    /// functions:
    ///   orders: {handler: app.Main, memorySize: 128, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: dotnet8}
    /// functions:
    ///   orders: {handler: app.Main, memorySize: 128, events: [{sqs: "arn:aws:sqs:eu-west-1:123456789012:jobs"}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, MemorySize: 128, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, MemorySize: 128, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "memory-below-cold-start-floor" {
        category: WarmUp, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Memory from which more of it shortens the first call only a little, MB.
const FLOOR_MB: i64 = 512;
/// Memory that is compared with, MB.
const USUAL_MB: u32 = 1024;
/// Milliseconds that must be gained.
const GAIN_MS: f64 = 200.0;

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node).filter(|function| !function.is_incomplete()) else { continue };
        let Some(runtime) = function.property(&["Runtime"]).text() else { continue };
        let Some(memory) = measure::bounds(function, &["MemorySize"], 128).filter(|memory| memory.max < FLOOR_MB)
        else {
            continue;
        };
        let late = runtime.starts_with("java") || runtime.starts_with("dotnet");
        let kept = warm::published(node).any(|version| warm::instances(version).is_none_or(|kept| kept.max > 0));
        let excluded =
            ["SnapStart", "CapacityProviderConfig"].iter().any(|name| !function.property(&[name]).is_absent());
        if !late || kept || excluded {
            continue;
        }
        let arch = function.property(&["Architectures"]);
        let arm = arch
            .known()
            .and_then(|list| list.as_list().map(|list| list.iter().any(|one| one.as_str() == Some("arm64"))));
        let arch = if arm == Some(true) { "arm64" } else { "x86_64" };
        let first = |memory: u32| {
            let row = cold_starts::nearest(&runtime, arch, memory, false)?;
            Some(row.p50_ms + row.first_call_ms)
        };
        let Some((now, more)) =
            first(memory.max as u32).zip(first(USUAL_MB)).filter(|(now, more)| now - more >= GAIN_MS)
        else {
            continue;
        };
        let Some(caller) = node.waiting().into_iter().next() else { continue };
        let id = function.id();
        cx.report(
            Place::property(function, &["MemorySize"]),
            format!(
                "{} waits for {id}, whose first call on {runtime} takes {now:.0} ms or more with {} MB and {more:.0} ms \
                 with {USUAL_MB} MB (measured to {AS_OF})",
                caller.name(),
                memory.max
            ),
        )
        .help(format!("raise MemorySize of {id} to {FLOOR_MB} or more"))
        .related(caller, format!("{} waits for {id}", caller.name()));
    }
}
