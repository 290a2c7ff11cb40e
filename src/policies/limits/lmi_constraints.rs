use super::super::{measure, read, remedies};
use crate::graph::{EdgeKind, NodeKind, NodeRef};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function on managed instances is given what only ordinary functions take.
    ///
    /// Reserved or provisioned concurrency, SnapStart, more than 1,600 requests at a time in one
    /// environment, or less than 2 or more than 8 GiB of memory a virtual CPU.
    ///
    /// ## Why it matters
    ///
    /// On managed instances (`CapacityProviderConfig`) Lambda runs several requests at a time in one
    /// environment on instances of your account. It scales those instances itself, and refuses settings
    /// that are made for one request an environment: the deployment fails.
    ///
    /// ## How to fix
    ///
    /// Remove the setting. What reserved and provisioned concurrency do, the capacity provider's scaling
    /// settings do here.
    ///
    /// ## When to suppress
    ///
    /// Never: the function cannot be deployed.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda Managed Instances" (supported features, scaling) and the
    /// resource schema of `AWS::Lambda::Function` of 2026-10-20 (`LambdaManagedInstancesCapacityProviderConfig`).
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 2048, ReservedConcurrentExecutions: 10, CapacityProviderConfig: {Arn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop'}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 2048, CapacityProviderConfig: {Arn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop'}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048, CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop', PerExecutionEnvironmentMaxConcurrency: 5000}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048, CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop', PerExecutionEnvironmentMaxConcurrency: 50}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048, CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop', PerExecutionEnvironmentMaxConcurrency: 5000}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048, CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:capacity-provider:shop', PerExecutionEnvironmentMaxConcurrency: 50}}}
    /// ```
    pub(super) static POLICY = "lmi-constraints" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

const CONFIG: &str = "CapacityProviderConfig";
const MANAGED: &str = "LambdaManagedInstancesCapacityProviderConfig";

/// Key, least and greatest number, unit.
const RANGES: [(&str, i64, i64, &str); 2] = [
    ("PerExecutionEnvironmentMaxConcurrency", 1, 1600, " requests at a time"),
    ("ExecutionEnvironmentMemoryGiBPerVCpu", 2, 8, " GiB a virtual CPU"),
];

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        if read::values(function, &[CONFIG]).iter().any(|value| value.borrowed().is_none()) {
            continue;
        }
        let id = function.id();
        let managed = || Place::property(function, &[CONFIG]);
        if function.property(&["ReservedConcurrentExecutions"]).int().is_some() {
            cx.report(
                Place::property(function, &["ReservedConcurrentExecutions"]),
                format!("{id} runs on managed instances, which take no reserved concurrency"),
            )
            .help("remove it, and limit the instances at the capacity provider")
            .remedy(
                Remedy::safe(format!("Remove ReservedConcurrentExecutions from {id}"))
                    .remove_property(function, &["ReservedConcurrentExecutions"]),
            )
            .related(managed(), format!("{id} runs on managed instances"));
        }
        if read::text(function, &["SnapStart", "ApplyOn"], |apply| apply == "PublishedVersions").is_some() {
            cx.report(
                Place::property(function, &["SnapStart", "ApplyOn"]),
                format!("{id} runs on managed instances, which take no snapshots"),
            )
            .help("remove SnapStart: the instances stay up")
            .remedy(Remedy::safe(format!("Remove SnapStart from {id}")).remove_property(function, &["SnapStart"]))
            .related(managed(), format!("{id} runs on managed instances"));
        }
        for alias in node.sources(EdgeKind::Qualifies).filter_map(NodeRef::resource) {
            let path = ["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"];
            if alias.exists() != Some(false) && alias.property(&path).int().is_some() {
                cx.report(
                    Place::property(alias, &path),
                    format!("{id} runs on managed instances, which take no provisioned concurrency"),
                )
                .help("remove it, and set the least number of environments at the capacity provider")
                .related(managed(), format!("{id} runs on managed instances"));
            }
        }
        for (name, least, greatest, unit) in RANGES {
            let path = [CONFIG, MANAGED, name];
            let Some(number) = read::number(function, &path, |number| !(least..=greatest).contains(&number)) else {
                continue;
            };
            cx.report(
                Place::property(function, &path),
                format!("{id} sets {name} to {number}, but managed instances take {least} to {greatest}{unit}"),
            )
            .help(format!("set {name} to {}", number.clamp(least, greatest)))
            .remedy(remedies::set(function, &path, number.clamp(least, greatest)));
        }
    }
}
