use super::super::{mappings, read};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A queue feeds a function with little reserved concurrency faster than it may run.
    ///
    /// Reported are functions that reserve fewer than five for each of their queues, with mappings that set no
    /// `MaximumConcurrency`.
    ///
    /// ## Why it matters
    ///
    /// A mapping begins with five batches at once and adds more every minute, whatever the function reserves. What
    /// comes above that is throttled, goes back to the queue, and counts as received: messages that no code
    /// has seen end in the dead-letter queue.
    ///
    /// ## How to fix
    ///
    /// Set `ScalingConfig: {MaximumConcurrency: …}` of the mapping, 2 or more, to what the function reserves for it.
    /// Where the function has no other callers, that alone is enough, without reserved concurrency.
    ///
    /// ## When to suppress
    ///
    /// When messages may be received many times, and late.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring scaling behavior for SQS event source mappings"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 2, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 2, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, ScalingConfig: {MaximumConcurrency: 2}}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, reservedConcurrency: 1, events: [{sqs: "arn:aws:sqs:eu-west-1:123456789012:work"}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, reservedConcurrency: 20, events: [{sqs: "arn:aws:sqs:eu-west-1:123456789012:work"}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, ReservedConcurrentExecutions: 4, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    pub(super) static POLICY = "reserved-with-sqs-no-max-concurrency" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

/// Batches that a mapping begins with.
const FIRST: i64 = crate::facts::quotas::event_source::SQS_INITIAL_POLLERS;
/// The least that `MaximumConcurrency` may be.
const LEAST: i64 = 2;
const LIMIT: [&str; 2] = ["ScalingConfig", "MaximumConcurrency"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let all: Vec<_> = graph.existing("AWS::Lambda::EventSourceMapping").collect();
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = node.resource().filter(|function| function.exists() != Some(false)) else { continue };
        // Zero switches the function off on purpose.
        let Some(reserved) = read::number(function, &["ReservedConcurrentExecutions"], |number| number > 0) else {
            continue;
        };
        let fed = all.iter().filter(|mapping| {
            let target = graph.resolve_eval(&mapping.property(&["FunctionName"]), Some(NodeKind::Function));
            target.node() == Some(node) && mappings::reads_queue(graph, **mapping)
        });
        let fed: Vec<_> = fed.collect();
        let open: Vec<_> = fed.iter().filter(|mapping| mapping.property(&LIMIT).is_absent()).collect();
        let Some(first) = open.first().filter(|_| reserved < FIRST * fed.len() as i64) else { continue };
        let id = function.id();
        let remedy = (fed.len() == 1 && reserved >= LEAST)
            .then(|| Remedy::risky(format!("Run {reserved} batches of {id} at most")).put(***first, &LIMIT, reserved));
        cx.report(
            Place::property(***first, &["EventSourceArn"]),
            format!(
                "{} begins with {FIRST} batches at once, but {id} reserves a concurrency of {reserved}: throttled \
                 messages count as received",
                first.id()
            ),
        )
        .help(if reserved < LEAST {
            format!("set ScalingConfig.MaximumConcurrency of the mapping to {LEAST}, its least, and reserve {LEAST} or nothing")
        } else {
            format!("set ScalingConfig.MaximumConcurrency of the mapping to {reserved}")
        })
        .remedy(remedy)
        .related(function.place(&["ReservedConcurrentExecutions"]), format!("{reserved} are reserved here"));
    }
}
