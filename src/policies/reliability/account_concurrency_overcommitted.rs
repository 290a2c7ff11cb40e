use super::super::read;
use crate::facts::quotas::lambda;
use crate::graph::{NodeKind, Resource};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};
use std::collections::BTreeMap;

policy! {
    /// The functions of a template reserve more concurrency than the account can give.
    ///
    /// ## Why it matters
    ///
    /// An account has 1,000 concurrent executions in a region until the quota is raised, and 100 of them
    /// always stay unreserved. A deployment that reserves more fails half-way, and everything else in
    /// the account competes for what is left.
    ///
    /// ## How to fix
    ///
    /// Reserve less, or have the quota raised and set it under `account-concurrency`.
    ///
    /// ## When to suppress
    ///
    /// When the quota of the account is higher: set `account-concurrency` instead.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (1,000 concurrent executions, 100 stay unreserved); as
    /// of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 600}
    ///   Refunds:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 400}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 60}
    ///   Refunds:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 40}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 600}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 400}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 60}
    ///   Refunds:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 40}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 950}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 90}
    /// ```
    pub(super) static POLICY = "account-concurrency-overcommitted" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "account-concurrency",
    help: "concurrent executions of the account in the region",
    default: OptionDefault::Int(lambda::ACCOUNT_CONCURRENCY),
}];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    // By function: what it reserves, or else what its aliases and versions keep provisioned.
    let mut wanted: BTreeMap<usize, (Resource<'_>, i64, &str)> = BTreeMap::new();
    for function in graph.nodes_of(NodeKind::Function) {
        let Some(resource) = function.resource().filter(|one| one.exists() == Some(true)) else { continue };
        if let Some(reserved) = resource.property(&["ReservedConcurrentExecutions"]).int() {
            wanted.insert(function.index().index(), (resource, reserved, "reserves"));
        }
    }
    for holder in
        graph.template().resources().filter(|one| matches!(one.ty(), "AWS::Lambda::Alias" | "AWS::Lambda::Version"))
    {
        let path = ["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"];
        let Some(number) = holder.property(&path).int().filter(|_| holder.exists() == Some(true)) else { continue };
        let Some(function) = graph.resolve_eval(&holder.property(&["FunctionName"]), Some(NodeKind::Function)).node()
        else {
            continue;
        };
        let Some(resource) = function.resource() else { continue };
        let entry = wanted.entry(function.index().index()).or_insert((resource, 0, "keeps ready"));
        if entry.2 == "keeps ready" {
            entry.1 += number;
        }
    }
    let limit = cx.option_int("account-concurrency");
    let left = limit - lambda::UNRESERVED_MINIMUM;
    let sum: i64 = wanted.values().map(|(_, number, _)| number).sum();
    let Some((largest, number, verb)) = wanted.values().max_by_key(|(_, number, _)| *number).filter(|_| sum > left)
    else {
        return;
    };
    let mut report = cx
        .report(
            Place::property(*largest, &["ReservedConcurrentExecutions"]),
            format!(
                "{} together hold a concurrency of {sum}, but an account with {limit} has {left} to give; {} {verb} {number} of it",
                read::count(wanted.len(), "function"),
                largest.id(),
            ),
        )
        .help(format!("reserve {left} at most in sum, or set account-concurrency to the quota of your account"));
    for (resource, number, verb) in wanted.values().filter(|(one, number, _)| one.id() != largest.id() && *number > 0) {
        let place = Place::property(*resource, &["ReservedConcurrentExecutions"]);
        report = report.related(place, format!("{} {verb} {number}", resource.id()));
    }
}
