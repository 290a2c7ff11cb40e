use super::super::mappings;
use super::super::new_alarm;
use super::alarms;
use crate::graph::{EdgeKind, NodeKind};
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm tells when the consumer of a stream falls behind.
    ///
    /// ## Why it matters
    ///
    /// A record that cannot be processed stops its shard; a consumer that is too slow falls behind a
    /// little more every minute. The errors metric may stay at zero. Records that grow older than the
    /// stream keeps them, 24 hours by default, are gone.
    ///
    /// ## How to fix
    ///
    /// Add an alarm on `IteratorAge` (milliseconds) of namespace `AWS/Lambda` for the function, well
    /// below the retention of the stream.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Viewing metrics for Lambda functions" (`IteratorAge`); slic-watch makes
    /// this alarm by default; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Feed: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", StartingPosition: LATEST}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Feed: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", StartingPosition: LATEST}}}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: IteratorAge, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}]}
    /// resources:
    ///   Resources:
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: IteratorAge, Dimensions: [{Name: FunctionName, Value: {Ref: OrdersLambdaFunction}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", StartingPosition: LATEST}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", StartingPosition: LATEST}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: IteratorAge, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "stream-consumer-no-iterator-age-alarm" {
        category: Monitoring, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let mut feeds = node.incoming().filter(|edge| edge.kind() == EdgeKind::Polls);
        let read = feeds.find(|edge| {
            let mapping = edge.via().filter(|mapping| mapping.exists() != Some(false));
            mapping.is_some_and(|mapping| mappings::reads_stream(cx.graph, mapping))
        });
        let Some(edge) = read else { continue };
        let stream = edge.source();
        // The stream reports the age of what its readers got, too.
        if stream.kind() == NodeKind::Stream
            && cx.graph.alarms_on(stream, &["GetRecords.IteratorAgeMilliseconds"]) != Some(false)
        {
            continue;
        }
        let Some(function) = alarms::unwatched(cx.graph, node, &["IteratorAge"]) else { continue };
        let id = function.id();
        let remedy = new_alarm::add_alarm(node, "IteratorAge");
        cx.report(
            function,
            format!("nobody is told when {id} falls behind {}: no alarm watches its IteratorAge", stream.name()),
        )
        .help(format!("add an alarm on IteratorAge of AWS/Lambda with FunctionName {id}"))
        .remedy(remedy)
        .related(edge.origin(), format!("{id} reads {} here", stream.name()));
    }
}
