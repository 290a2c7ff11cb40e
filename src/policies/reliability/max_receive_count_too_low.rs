use super::super::{flows, read};
use crate::graph::{NodeKind, Part};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use flows::Way;

policy! {
    /// A message goes to the dead-letter queue after fewer tries than throttling alone may take.
    ///
    /// Reported are queues that feed a function by an event source mapping and allow fewer than five receives.
    ///
    /// ## Why it matters
    ///
    /// A batch that finds the function throttled counts as received. With a low `maxReceiveCount` a busy minute
    /// sends messages to the dead-letter queue that no code has seen, beside those that truly fail.
    ///
    /// ## How to fix
    ///
    /// Set `maxReceiveCount` to 5 or more, and `MaximumConcurrency` of the mapping where the function has reserved
    /// concurrency.
    ///
    /// ## When to suppress
    ///
    /// When a message must not be tried again, because the work cannot be done twice.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping" (a dead-letter queue
    /// with a `maxReceiveCount` of at least 5); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 2}}}
    ///   Failed: {Type: AWS::SQS::Queue}
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
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, events: [{sqs: {Fn::GetAtt: [Work, Arn]}}]}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: {Fn::GetAtt: [Failed, Arn]}, maxReceiveCount: 1}}}
    ///     Failed: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: {Fn::GetAtt: [Failed, Arn]}, maxReceiveCount: 1}}}
    ///     Failed: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 10}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    pub(super) static POLICY = "max-receive-count-too-low" {
        category: Reliability, severity: Low, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

/// Receives that AWS asks for at least.
const ENOUGH: i64 = 5;
const PATH: [&str; 2] = ["RedrivePolicy", "maxReceiveCount"];

fn check(cx: &mut Context<'_>) {
    if cx.graph.nodes_of(NodeKind::Queue).next().is_none() {
        return;
    }
    let flows = flows::flows(cx);
    for queue in cx.graph.nodes_of(NodeKind::Queue) {
        let Some(resource) = queue.resource().filter(|queue| queue.exists() != Some(false)) else { continue };
        let Some(count) = read::number(resource, &PATH, |count| (1..ENOUGH).contains(&count)) else { continue };
        let feeds = |flow: &&flows::Flow<'_>| flow.way == Way::Mapping && flow.source == Some(queue);
        let Some(flow) = flows.iter().find(feeds) else { continue };
        let dead = flows::dead_letter_queue(cx.graph, &Part::of(resource).part(&["RedrivePolicy"]));
        let dead = dead.map_or("the dead-letter queue", |dead| dead.name());
        let setting = if resource.origin().is_generated() { "maxRetries of its construct" } else { "maxReceiveCount" };
        let (id, tries) = (resource.id(), read::count(count as usize, "receive"));
        cx.report(
            Place::property(resource, &PATH),
            format!(
                "messages of {id} go to {dead} after {tries}, and a throttled {} uses those up as well",
                flow.target.name()
            ),
        )
        .help(format!("set {setting} to {ENOUGH} or more"))
        .remedy(Remedy::risky(format!("Let messages of {id} be received {ENOUGH} times")).put(resource, &PATH, ENOUGH))
        .related(flow.origin, format!("{} takes the messages here", flow.target.name()));
    }
}
