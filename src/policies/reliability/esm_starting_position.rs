use super::super::flows;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An event source mapping has no starting position although its source needs one, or the reverse.
    ///
    /// ## Why it matters
    ///
    /// Streams and Kafka topics keep old records, so Lambda must know whether to start with the
    /// oldest or the newest; queues have no position. In both cases Lambda refuses the mapping and
    /// the deployment rolls back.
    ///
    /// ## How to fix
    ///
    /// Set `StartingPosition: TRIM_HORIZON` for Kinesis, DynamoDB and Kafka; remove it for SQS.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the mapping.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateEventSourceMapping` (`StartingPosition`); cfn-lint E3633, E3634; as
    /// of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   Mapping:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   Mapping:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count, StartingPosition: TRIM_HORIZON}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///     Mapping:
    ///       Type: AWS::Lambda::EventSourceMapping
    ///       Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///     Mapping:
    ///       Type: AWS::Lambda::EventSourceMapping
    ///       Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count, StartingPosition: TRIM_HORIZON}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   Mapping:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   Mapping:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Count, StartingPosition: TRIM_HORIZON}
    /// ```
    pub(super) static POLICY = "esm-starting-position" {
        category: Reliability, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let Some(service) = flows::source_service(cx.graph, mapping) else { continue };
        let position = mapping.property(&["StartingPosition"]);
        match service {
            "sqs" if position.known().is_some() => {
                cx.report(
                    Place::property(mapping, &["StartingPosition"]),
                    format!("{} reads a queue, which has no starting position", mapping.id()),
                )
                .help("remove StartingPosition")
                .remedy(
                    Remedy::safe(format!("Remove StartingPosition from {}", mapping.id()))
                        .remove_property(mapping, &["StartingPosition"]),
                );
            }
            "kinesis" | "dynamodb" | "kafka" if position.is_absent() => {
                let noun = match service {
                    "kinesis" => "a Kinesis stream",
                    "dynamodb" => "a DynamoDB stream",
                    _ => "a Kafka topic",
                };
                cx.report(
                    Place::property(mapping, &["EventSourceArn"]),
                    format!("{} reads {noun} and does not say where to start", mapping.id()),
                )
                .help("set StartingPosition: TRIM_HORIZON to begin with the oldest record, or LATEST with the next one")
                .remedy(
                    Remedy::risky(format!("Let {} begin with the oldest record", mapping.id())).put(
                        mapping,
                        &["StartingPosition"],
                        "TRIM_HORIZON",
                    ),
                );
            }
            _ => {}
        }
    }
}
