use super::super::new_alarm;
use super::alarms;
use crate::graph::{EdgeKind, NodeKind};
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm tells when something lands in a dead-letter queue.
    ///
    /// ## Why it matters
    ///
    /// A message in a dead-letter queue is work that was not done. The queue keeps it for four days
    /// unless told otherwise, fourteen at most, and then deletes it. Without an alarm nobody looks in
    /// time.
    ///
    /// ## How to fix
    ///
    /// Add an alarm on `ApproximateNumberOfMessagesVisible` above 0 for the queue. `NumberOfMessagesSent`
    /// does not serve: it does not count what SQS moves there by itself.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack. Queues that a function of the template reads are not reported.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Creating alarms for dead-letter queues using Amazon CloudWatch"; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 5}}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 5}}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: !GetAtt Lost.QueueName}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// resources:
    ///   Resources:
    ///     Lost: {Type: AWS::SQS::Queue}
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: {Fn::GetAtt: [Lost, Arn]}, maxReceiveCount: 5}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// resources:
    ///   Resources:
    ///     Lost: {Type: AWS::SQS::Queue}
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: {Fn::GetAtt: [Lost, Arn]}, maxReceiveCount: 5}}}
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: {Fn::GetAtt: [Lost, QueueName]}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 5}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 5}}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: !GetAtt Lost.QueueName}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "dlq-no-depth-alarm" {
        category: Monitoring, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

/// Metrics that show messages which lie there, however they came.
const METRICS: [&str; 2] = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"];

fn check(cx: &mut Context<'_>) {
    for queue in cx.graph.nodes_of(NodeKind::Queue) {
        if queue.targets(EdgeKind::Polls).next().is_some() {
            continue;
        }
        let mut lost = queue.incoming().filter(|edge| edge.kind() == EdgeKind::DeadLettersTo);
        let Some(edge) = lost.next() else { continue };
        let Some(resource) = alarms::unwatched(cx.graph, queue, &METRICS) else { continue };
        let id = resource.id();
        let source = edge.source().name();
        let others = match lost.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        // What a redrive policy moves is not counted as sent: such an alarm stays silent.
        let sent = cx.graph.alarms_on(queue, &["NumberOfMessagesSent"]) == Some(true);
        let why = if sent {
            "an alarm on NumberOfMessagesSent does not see messages that a redrive policy moves"
        } else {
            "no alarm watches its depth"
        };
        let remedy = new_alarm::add_alarm(queue, "ApproximateNumberOfMessagesVisible");
        let report = cx
            .report(resource, format!("nobody is told when {id} gets what {source}{others} could not deliver: {why}"))
            .help(format!("add an alarm on ApproximateNumberOfMessagesVisible > 0 with QueueName {id}"))
            .remedy(remedy);
        report.related(edge.origin(), format!("{source} puts its failures into {id}"));
    }
}
