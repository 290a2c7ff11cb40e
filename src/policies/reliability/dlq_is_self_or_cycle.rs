use crate::graph::{EdgeKind, EdgeRef, NodeId, NodeKind, path_text};
use crate::policy;
use crate::policy::{Context, Place};
use std::collections::BTreeSet;

policy! {
    /// Dead-letter queues lead back to where the messages came from.
    ///
    /// Reported are redrive policies that name their own queue or form a circle, and functions whose failures
    /// go to the queue that feeds them.
    ///
    /// ## Why it matters
    ///
    /// What always fails never comes to rest: it goes around until its retention is over, at the price of every
    /// round, and an alarm on the dead-letter queue sees nothing.
    ///
    /// ## How to fix
    ///
    /// Send failures to a queue that nothing works on without being asked, and put an alarm on its depth.
    ///
    /// ## When to suppress
    ///
    /// When a circle of queues is a delay, and something else ends it.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Using dead-letter queues in Amazon SQS"; AWS Lambda developer guide, "Retaining
    /// discarded batches for an Amazon SQS event source"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Again.Arn, maxReceiveCount: 5}}}
    ///   Again: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Work.Arn, maxReceiveCount: 5}}}
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
    ///   worker: {handler: app.main, destinations: {onFailure: {type: sqs, arn: {Fn::GetAtt: [Work, Arn]}}}, events: [{sqs: {Fn::GetAtt: [Work, Arn]}}, {schedule: rate(1 hour)}]}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, destinations: {onFailure: {type: sqs, arn: {Fn::GetAtt: [Failed, Arn]}}}, events: [{schedule: rate(1 hour)}]}
    /// resources:
    ///   Resources:
    ///     Failed: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work, RedrivePolicy: {deadLetterTargetArn: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:work", maxReceiveCount: 5}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "dlq-is-self-or-cycle" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let mut told: BTreeSet<NodeId> = BTreeSet::new();
    for node in graph.nodes().filter(|node| matches!(node.kind(), NodeKind::Queue | NodeKind::Function)) {
        let Some(resource) = node.resource().filter(|one| one.exists() != Some(false) && !told.contains(&node.index()))
        else {
            continue;
        };
        // Failures of a function go on from the queue to whatever it feeds.
        let onward = |edge: EdgeRef<'_>| {
            let queue = [edge.source(), edge.target()].iter().any(|one| one.kind() == NodeKind::Queue);
            queue && matches!(edge.kind(), EdgeKind::DeadLettersTo | EdgeKind::Polls)
        };
        let Some(circle) = graph.path(node, node, onward) else { continue };
        let Some(failure) = circle.iter().find(|edge| edge.kind() == EdgeKind::DeadLettersTo) else { continue };
        // A circle of nothing but redrives and feeds; the feeds alone are no failure.
        told.extend(circle.iter().map(|edge| edge.source().index()));
        let place = Place::within(failure.via().or(failure.source().resource()).unwrap_or(resource), failure.origin());
        let message = match circle.as_slice() {
            [only] => format!("{} is its own dead-letter queue", only.source().name()),
            _ => format!("what fails goes around: {}", path_text(&circle)),
        };
        let mut report = cx.report(place, message).help("send failures to a queue that nothing works on by itself");
        for edge in circle.iter().filter(|edge| edge.origin() != failure.origin()) {
            report = report.related(
                edge.origin(),
                format!("{} {} {}", edge.source().name(), edge.kind().verb(), edge.target().name()),
            );
        }
    }
}
