use super::super::mappings;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// One failed message makes a whole batch of a queue come back.
    ///
    /// ## Why it matters
    ///
    /// When the function fails on one message, SQS delivers all messages of the batch again (10 by
    /// default). Good messages are processed twice, and end in the dead-letter queue together with
    /// the bad one.
    ///
    /// ## How to fix
    ///
    /// Set `FunctionResponseTypes: [ReportBatchItemFailures]` (in serverless.yml,
    /// `functionResponseType: ReportBatchItemFailures`) and return the ids of the failed messages.
    /// The handler must be changed with it: without the answer every batch counts as done. A batch
    /// size of 1 also solves it, at a higher price.
    ///
    /// ## When to suppress
    ///
    /// When a batch has one message (`BatchSize: 1`), or the messages of a batch succeed and fail together.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Handling errors for an SQS event source" (`ReportBatchItemFailures`);
    /// as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Jobs: {Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:123456789012:jobs"}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Jobs: {Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:123456789012:jobs", FunctionResponseTypes: [ReportBatchItemFailures]}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:jobs", batchSize: 10}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:jobs", batchSize: 1}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs"}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", FunctionResponseTypes: [ReportBatchItemFailures]}
    /// ```
    pub(super) static POLICY = "esm-no-partial-batch" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let size = mapping.property(&["BatchSize"]);
        let several = size.is_absent() || size.int().is_some_and(|size| size > 1);
        if several
            && mapping.property(&["FunctionResponseTypes"]).is_absent()
            && mappings::reads_queue(cx.graph, mapping)
        {
            let size = size.int().unwrap_or(10);
            cx.report(
                Place::property(mapping, &["FunctionResponseTypes"]),
                format!(
                    "one failed message makes {} take the whole batch of up to {size} messages again",
                    mapping.id()
                ),
            )
            .help("set FunctionResponseTypes: [ReportBatchItemFailures] and return the failed ids from the handler")
            .remedy(
                Remedy::risky(format!("Let the handler of {} report single failures", mapping.id())).put(
                    mapping,
                    &["FunctionResponseTypes"],
                    serde_json::json!(["ReportBatchItemFailures"]),
                ),
            );
        }
    }
}
