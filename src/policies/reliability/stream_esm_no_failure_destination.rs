use super::super::{mappings, remedies, written};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Records of a stream that cannot be processed are dropped without a trace.
    ///
    /// ## Why it matters
    ///
    /// When retries or the record age run out, Lambda skips the batch. Without a failure destination
    /// nothing tells which records were lost, and the stream forgets them after its retention (24
    /// hours by default).
    ///
    /// ## How to fix
    ///
    /// Set `DestinationConfig.OnFailure` to a queue or a topic (in serverless.yml,
    /// `destinations.onFailure`), and watch its depth with an alarm.
    ///
    /// ## When to suppress
    ///
    /// When the records can be read again from the stream, and somebody is told of the failure.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Retain discarded batch records"; serverless-rules ES1001; as of
    /// 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Stream: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", StartingPosition: LATEST, DestinationConfig: {OnFailure: {Type: SQS, Destination: "arn:aws:sqs:eu-west-1:123456789012:failed"}}}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{stream: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders", destinations: {onFailure: "arn:aws:sqs:eu-west-1:123456789012:failed"}}}]}
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
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, DestinationConfig: {OnFailure: {Destination: !GetAtt Failed.Arn}}}
    /// ```
    pub(super) static POLICY = "stream-esm-no-failure-destination" {
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let path = ["DestinationConfig", "OnFailure", "Destination"];
        if mappings::reads_stream(cx.graph, mapping) && mapping.property(&path).is_absent() {
            let title = format!("Keep what is known of records that {} drops in a queue", mapping.id());
            let remedy = remedies::dead_letters(cx, Remedy::risky(title), mapping, false);
            let target = cx.graph.resolve_eval(&mapping.property(&["FunctionName"]), Some(NodeKind::Function));
            let remedy = remedy.and_then(|(queue, remedy)| {
                let arn = written::attribute(&queue, "Arn");
                let name = format!("{}Failures", mapping.id());
                let remedy = match target.node() {
                    Some(node) => remedies::let_function(remedy, node, &name, "sqs:SendMessage", &arn)?,
                    None => remedy,
                };
                Some(remedy.put(mapping, &path, arn))
            });
            cx.report(
                Place::property(mapping, &["EventSourceArn"]),
                format!("{} drops records that cannot be processed: it has no failure destination", mapping.id()),
            )
            .help("set DestinationConfig.OnFailure to a queue or a topic")
            .remedy(remedy);
        }
    }
}
