use super::super::{flows, remedies, written};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Remedy};
use flows::Way;
use std::cell::LazyCell;

policy! {
    /// A queue that a function works on keeps messages that always fail.
    ///
    /// ## Why it matters
    ///
    /// A message that the function cannot process returns to the queue after every try, until its
    /// retention (four days by default) is over. Until then it costs invocations and blocks room in
    /// batches; then it is lost without a trace.
    ///
    /// ## How to fix
    ///
    /// Give the queue a `RedrivePolicy` with a dead-letter queue and a `maxReceiveCount` of 5 or more,
    /// and an alarm on the messages in the dead-letter queue.
    ///
    /// ## When to suppress
    ///
    /// When the consumer never fails a message, but moves it elsewhere itself.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Using dead-letter queues"; AWS Lambda developer guide, "Handling errors
    /// for an SQS event source"; serverless-rules ES6000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, events: [{sqs: {arn: !GetAtt Work.Arn}}]}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, events: [{sqs: {arn: !GetAtt Work.Arn}}]}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///     Failed: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "sqs-source-no-redrive" {
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    if cx.graph.nodes_of(NodeKind::Queue).next().is_none() {
        return;
    }
    let flows = flows::flows(cx);
    let failures = LazyCell::new(|| flows::failure_targets(cx.graph));
    for queue in cx.graph.nodes_of(NodeKind::Queue) {
        let Some(resource) = queue.resource().filter(|queue| queue.exists() != Some(false)) else { continue };
        let consumed = |flow: &&flows::Flow<'_>| {
            matches!(flow.way, Way::Mapping | Way::Pipe) && flow.source.is_some_and(|source| source == queue)
        };
        let Some(flow) = flows.iter().find(consumed) else { continue };
        // Whoever empties a dead-letter queue needs no other behind it.
        let takes_failures = failures.contains(&queue.index())
            || !resource.property(&["RedriveAllowPolicy"]).is_absent()
            || is_named_dead_letter(queue.name())
            || resource.property(&["QueueName"]).symbolic().is_some_and(|name| is_named_dead_letter(&name));
        if takes_failures || !resource.property(&["RedrivePolicy"]).is_absent() {
            continue;
        }
        let remedy = remedies::is_fifo(resource).and_then(|fifo| {
            let title = format!("Move messages of {} that keep failing to a queue", queue.name());
            let (id, remedy) = remedies::dead_letters(cx, Remedy::risky(title), resource, fifo)?;
            let arn = written::attribute(&id, "Arn");
            let policy = serde_json::json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 5 });
            Some(remedy.put(resource, &["RedrivePolicy"], policy))
        });
        cx.report(
            resource,
            format!(
                "{} feeds {} and has no dead-letter queue for messages that keep failing",
                queue.name(),
                flow.target.name()
            ),
        )
        .help(format!(
            "add to {} a RedrivePolicy with the ARN of a dead-letter queue and maxReceiveCount: 5",
            queue.name()
        ))
        .remedy(remedy)
        .related(flow.origin, format!("{} takes the messages here", flow.target.name()));
    }
}

/// Whether the name says that a queue is for failures, of something outside the template.
fn is_named_dead_letter(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    plain.contains("dlq") || plain.contains("deadletter")
}
