use super::super::mappings;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// One bad record makes a whole batch of a stream fail.
    ///
    /// ## Why it matters
    ///
    /// A batch of a stream is retried and dropped as a whole. With up to 100 records by default, 99
    /// good records share the fate of a bad one and are processed again and again.
    ///
    /// ## How to fix
    ///
    /// Set `BisectBatchOnFunctionError: true`, which halves the batch until the bad record is alone,
    /// or report single failures with `FunctionResponseTypes: [ReportBatchItemFailures]`.
    ///
    /// ## When to suppress
    ///
    /// When every batch has one record, or the function reports single failures in a way of its own.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring error handling for Kinesis event sources"
    /// (`BisectBatchOnFunctionError`); as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, BatchSize: 100}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, BatchSize: 100, BisectBatchOnFunctionError: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", batchSize: 50}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", bisectBatchOnFunctionError: true}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, FunctionResponseTypes: [ReportBatchItemFailures]}
    /// ```
    pub(super) static POLICY = "stream-esm-no-bisect" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let single = mapping.property(&["BatchSize"]);
        let bisect = mapping.property(&["BisectBatchOnFunctionError"]);
        let whole = (bisect.is_absent() || bisect.bool() == Some(false))
            && mapping.property(&["FunctionResponseTypes"]).is_absent()
            && (single.is_absent() || single.int().is_some_and(|size| size > 1));
        if whole && mappings::reads_stream(cx.graph, mapping) {
            let size = single.int().unwrap_or(100);
            cx.report(
                Place::property(mapping, &["BisectBatchOnFunctionError"]),
                format!("one bad record makes a whole batch of {} fail, up to {size} records", mapping.id()),
            )
            .help("set BisectBatchOnFunctionError: true, or report single failures with ReportBatchItemFailures")
            .remedy(Remedy::safe(format!("Let {} halve a batch that fails", mapping.id())).put(
                mapping,
                &["BisectBatchOnFunctionError"],
                true,
            ));
        }
    }
}
