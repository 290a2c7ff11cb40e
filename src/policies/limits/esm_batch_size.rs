use super::super::{read, remedies};
use crate::graph::{NodeKind, Resource, Target};
use crate::policy;
use crate::policy::{Context, Place};

/// Records in a batch (`CreateEventSourceMapping` reference, 2026-09).
const MAXIMUM: i64 = 10_000;
/// Messages in a batch of a FIFO queue, or of a standard queue without a batching window.
const MAXIMUM_QUEUE: i64 = 10;

policy! {
    /// An event source mapping asks for a batch that Lambda does not deliver.
    ///
    /// ## Why it matters
    ///
    /// A batch holds at most 10,000 records. For SQS there are two more rules: a FIFO queue delivers
    /// at most 10 messages, and a standard queue delivers more than 10 only with a batching window of
    /// at least one second. Lambda refuses the mapping otherwise, and the deployment fails.
    ///
    /// ## How to fix
    ///
    /// For a standard queue, set `MaximumBatchingWindowInSeconds` to 1 or more, or the batch size to
    /// 10. For a FIFO queue, stay within 10.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the mapping.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateEventSourceMapping` (batch sizes by source); cfn-lint E3034, E3705;
    /// as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 100}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 100, MaximumBatchingWindowInSeconds: 5}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:orders.fifo", batchSize: 100}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:orders.fifo", batchSize: 10}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, BatchSize: 20000}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, BatchSize: 10000}
    /// ```
    pub(super) static POLICY = "esm-batch-size" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let path = ["BatchSize"];
        let Some(size) = read::number(mapping, &path, |size| !(1..=MAXIMUM_QUEUE).contains(&size)) else { continue };
        let place = Place::property(mapping, &path);
        if !(1..=MAXIMUM).contains(&size) {
            cx.report(
                place,
                format!("{} asks for batches of {size}, but Lambda delivers 1 to {MAXIMUM}", mapping.id()),
            )
            .help(format!("set BatchSize to {} or less", size.clamp(1, MAXIMUM)))
            .remedy(remedies::set(mapping, &path, size.clamp(1, MAXIMUM)));
            continue;
        }
        match fifo(cx, mapping) {
            Some(true) => {
                cx.report(
                    place,
                    format!(
                        "{} asks for batches of {size}, but a FIFO queue delivers at most {MAXIMUM_QUEUE}",
                        mapping.id()
                    ),
                )
                .help("set BatchSize to 10 or less")
                .remedy(remedies::set(mapping, &path, MAXIMUM_QUEUE));
            }
            Some(false) => {
                let window = mapping.property(&["MaximumBatchingWindowInSeconds"]);
                if window.is_absent() || window.int() == Some(0) {
                    cx.report(
                        place,
                        format!(
                            "{} asks for batches of {size} messages without a batching window, but a queue delivers more than \
                             {MAXIMUM_QUEUE} only with one",
                            mapping.id()
                        ),
                    )
                    .help("set MaximumBatchingWindowInSeconds to 1 or more, or BatchSize to 10")
                    .remedy(remedies::set(mapping, &path, MAXIMUM_QUEUE));
                }
            }
            None => {}
        }
    }
}

/// Whether the source is a FIFO queue; `None` when it is no queue or nothing can be said.
fn fifo(cx: &Context<'_>, mapping: Resource<'_>) -> Option<bool> {
    match cx.graph.resolve_eval(&mapping.property(&["EventSourceArn"]), None) {
        Target::Node(node, _) if node.kind() == NodeKind::Queue => {
            let fifo = node.property(&["FifoQueue"]);
            if fifo.is_absent() { Some(false) } else { fifo.bool() }
        }
        Target::Outside(arn) => arn.contains(":sqs:").then(|| arn.ends_with(".fifo")),
        _ => None,
    }
}
