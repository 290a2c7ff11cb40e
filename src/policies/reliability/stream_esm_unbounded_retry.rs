use super::super::mappings;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// One bad record can block a shard of a stream until its data expires.
    ///
    /// ## Why it matters
    ///
    /// By default Lambda retries a failing batch of a stream until the records expire: 24 hours on
    /// DynamoDB streams, up to 365 days on Kinesis. Meanwhile nothing behind it in the shard is
    /// processed, and when it ends, the records that waited are close to expiry themselves.
    ///
    /// ## How to fix
    ///
    /// Bound the retries: `MaximumRetryAttempts` (for instance 3) or `MaximumRecordAgeInSeconds` (for
    /// instance 3,600), together with a failure destination.
    ///
    /// ## When to suppress
    ///
    /// When the order matters so much that the shard had better stand still until somebody mends the
    /// record.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateEventSourceMapping` (`MaximumRetryAttempts`,
    /// `MaximumRecordAgeInSeconds`: -1, without end); as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, MaximumRetryAttempts: 3}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", maximumRetryAttempts: 3}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, MaximumRetryAttempts: -1}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, MaximumRecordAgeInSeconds: 3600}
    /// ```
    pub(super) static POLICY = "stream-esm-unbounded-retry" {
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let unbounded = ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"].iter().all(|name| {
            let value = mapping.property(&[name]);
            value.is_absent() || value.int() == Some(-1)
        });
        if unbounded && mappings::reads_stream(cx.graph, mapping) {
            cx.report(
                Place::property(mapping, &["MaximumRetryAttempts"]),
                format!(
                    "{} retries a failing batch until its records expire, and blocks the shard meanwhile",
                    mapping.id()
                ),
            )
            .help("set MaximumRetryAttempts or MaximumRecordAgeInSeconds, and a failure destination")
            .remedy(Remedy::risky(format!("Let {} try a batch three times again", mapping.id())).put(
                mapping,
                &["MaximumRetryAttempts"],
                3,
            ));
        }
    }
}
