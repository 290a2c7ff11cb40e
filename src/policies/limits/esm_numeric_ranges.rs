use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Property, least and greatest number, unit (resource schema of 2026-10-20 and the
/// `CreateEventSourceMapping` reference).
const RANGES: [(&[&str], i64, i64, &str); 8] = [
    (&["MaximumBatchingWindowInSeconds"], 0, 300, " s"),
    (&["ParallelizationFactor"], 1, 10, ""),
    (&["MaximumRetryAttempts"], -1, 10_000, ""),
    (&["TumblingWindowInSeconds"], 0, 900, " s"),
    (&["ScalingConfig", "MaximumConcurrency"], 2, 1000, ""),
    (&["ProvisionedPollerConfig", "MinimumPollers"], 1, 200, ""),
    (&["ProvisionedPollerConfig", "MaximumPollers"], 1, 10_000, ""),
    (&["MaximumRecordAgeInSeconds"], -1, 604_800, " s"),
];

policy! {
    /// A number of an event source mapping is outside the range Lambda accepts.
    ///
    /// ## Why it matters
    ///
    /// Batching window, parallelisation, retries, record age, tumbling window, concurrency and
    /// pollers of an event source mapping each have a range. A number outside of it fails the
    /// deployment. The record age is the least obvious one: it is -1 (no limit) or 60 to 604,800
    /// seconds, and nothing between.
    ///
    /// ## How to fix
    ///
    /// Choose a number in the range that the message names.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the mapping.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateEventSourceMapping`; cfn-lint E3034; as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, ParallelizationFactor: 20}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, ParallelizationFactor: 10}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:orders", maximumConcurrency: 1}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:orders", maximumConcurrency: 2}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, MaximumRecordAgeInSeconds: 30}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, MaximumRecordAgeInSeconds: -1}
    /// ```
    pub(super) static POLICY = "esm-numeric-ranges" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        for (path, least, greatest, unit) in RANGES {
            let age = path == ["MaximumRecordAgeInSeconds"];
            let outside = |number: i64| !(least..=greatest).contains(&number) || (age && (0..60).contains(&number));
            let Some(number) = read::number(mapping, path, outside) else { continue };
            let name = path.last().copied().unwrap_or_default();
            let range = if age { "-1 or 60 to 604800 s".to_owned() } else { format!("{least} to {greatest}{unit}") };
            cx.report(
                Place::property(mapping, path),
                format!("{} sets {name} to {number}, but Lambda accepts {range}", mapping.id()),
            )
            .help(format!("set {name} to a number in that range"))
            .remedy(remedies::set(
                mapping,
                path,
                if age && number >= 0 { number.clamp(60, greatest) } else { number.clamp(least, greatest) },
            ));
        }
    }
}
