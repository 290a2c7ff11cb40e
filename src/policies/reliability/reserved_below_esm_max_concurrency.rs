use super::super::{flows, read};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use flows::{Flow, Way};

policy! {
    /// A function's reserved concurrency is below what its queues may send at once.
    ///
    /// ## Why it matters
    ///
    /// `MaximumConcurrency` of the event sources tells the pollers how many batches they may hand
    /// over at the same time. When the function has less reserved concurrency, the excess is
    /// throttled: messages return to the queue, count as received once more, and reach the
    /// dead-letter queue without ever having been processed.
    ///
    /// ## How to fix
    ///
    /// Lower `MaximumConcurrency` so that the sum over all queues of the function stays at or below
    /// its reserved concurrency, or reserve more.
    ///
    /// ## When to suppress
    ///
    /// Never: the queue hands out messages that nobody can take.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring scaling behavior for SQS event source mappings" (reserved
    /// concurrency at or above the maximum concurrencies in sum); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 5,
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, ScalingConfig: {MaximumConcurrency: 10}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 10,
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, ScalingConfig: {MaximumConcurrency: 10}}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 5}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn, ScalingConfig: {MaximumConcurrency: 10}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', ReservedConcurrentExecutions: 10}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn, ScalingConfig: {MaximumConcurrency: 10}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, reservedConcurrency: 5, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:work", maximumConcurrency: 10}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, reservedConcurrency: 20, events: [{sqs: {arn: "arn:aws:sqs:eu-west-1:123456789012:work", maximumConcurrency: 10}}]}
    /// ```
    pub(super) static POLICY = "reserved-below-esm-max-concurrency" {
        category: Reliability, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let flows = flows::flows(cx);
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = node.resource().filter(|function| function.exists() != Some(false)) else { continue };
        // Zero switches the function off on purpose.
        let Some(reserved) = read::number(function, &["ReservedConcurrentExecutions"], |number| number > 0) else {
            continue;
        };
        let limits: Vec<(&Flow<'_>, i64)> = flows
            .iter()
            .filter(|flow| flow.way == Way::Mapping && flow.target == node && flow.owner.exists() == Some(true))
            .filter_map(|flow| Some((flow, flow.settings.get(&["ScalingConfig", "MaximumConcurrency"]).int()?)))
            .collect();
        let sum: i64 = limits.iter().map(|(_, limit)| limit).sum();
        let Some((first, _)) = limits.first().filter(|_| reserved < sum) else { continue };
        let of =
            if limits.len() == 1 { "its queue".to_owned() } else { format!("its {} queues together", limits.len()) };
        let lowered = (limits.len() == 1 && reserved >= 2).then(|| {
            Remedy::risky(format!("Run {reserved} batches of {} at most", node.name())).put(
                first.owner,
                &["ScalingConfig", "MaximumConcurrency"],
                reserved,
            )
        });
        let mut report = cx
            .report(
                Place::property(first.owner, &["ScalingConfig", "MaximumConcurrency"]),
                format!(
                    "{of} may run {sum} batches of {} at once, which reserves a concurrency of {reserved}",
                    node.name()
                ),
            )
            .resource(node.name())
            .help(format!("lower MaximumConcurrency to {reserved} in sum, or reserve {sum} for {}", node.name()))
            .remedy(lowered)
            .related(function.place(&["ReservedConcurrentExecutions"]), format!("{reserved} are reserved here"));
        for (flow, limit) in limits.iter().skip(1) {
            let place = flow.owner.place(&["ScalingConfig", "MaximumConcurrency"]);
            report = report.related(place, format!("{limit} more batches here"));
        }
    }
}
