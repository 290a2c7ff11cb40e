use super::super::{measure, remedies};
use crate::finding::Severity;
use crate::graph::{Graph, NodeKind, Origin, Part, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function that transforms records of a delivery stream has a timeout that does not fit.
    ///
    /// ## Why it matters
    ///
    /// Firehose waits five minutes for the function at most; then it counts the call as failed, tries
    /// three times more, and puts the records aside as unprocessed, while the function still runs.
    /// A timeout below a minute, on the other hand, is short for the batch of up to 3 MB that Firehose
    /// hands over: AWS asks for a minute at least.
    ///
    /// ## How to fix
    ///
    /// Set the function's timeout between 60 and 300 seconds.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves a trigger that needs another timeout.
    ///
    /// ## Source
    ///
    /// Amazon Data Firehose developer guide, "Transform source data" (Firehose waits 5 minutes; at least 1
    /// minute is advised); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 600}
    ///   Stream:
    ///     Type: AWS::KinesisFirehose::DeliveryStream
    ///     Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 120}
    ///   Stream:
    ///     Type: AWS::KinesisFirehose::DeliveryStream
    ///     Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 600}
    ///     Stream:
    ///       Type: AWS::KinesisFirehose::DeliveryStream
    ///       Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 120}
    ///     Stream:
    ///       Type: AWS::KinesisFirehose::DeliveryStream
    ///       Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 600}
    ///   Stream:
    ///     Type: AWS::KinesisFirehose::DeliveryStream
    ///     Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 120}
    ///   Stream:
    ///     Type: AWS::KinesisFirehose::DeliveryStream
    ///     Properties: {ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::b", RoleARN: !ImportValue role, ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt Orders.Arn}]}]}}}
    /// ```
    pub(super) static POLICY = "firehose-transform-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// Seconds Firehose waits for a transformation (from knowledge; to be checked against the Firehose quotas page).
const LONGEST: i64 = 300;
/// Seconds AWS asks for at least.
const SHORTEST: i64 = 60;

fn check(cx: &mut Context<'_>) {
    for stream in cx.graph.existing("AWS::KinesisFirehose::DeliveryStream") {
        for (place, function) in transformers(cx.graph, stream) {
            let Some(timeout) = measure::timeout(function) else { continue };
            let (id, name) = (function.id(), stream.id());
            let (message, severity) = if timeout.min > LONGEST {
                (format!("{id} may run {} s, but {name} gives up after {LONGEST} s", timeout.min), Severity::High)
            } else if timeout.max < SHORTEST {
                let max = timeout.max;
                (
                    format!(
                        "{id} transforms batches of {name} and is stopped after {max} s; AWS asks for {SHORTEST} s"
                    ),
                    Severity::Low,
                )
            } else {
                continue;
            };
            cx.report(Place::property(function, &["Timeout"]), message)
                .severity(severity)
                .help(format!("set the timeout of {id} between {SHORTEST} and {LONGEST} s"))
                .remedy(remedies::timeout(function, if timeout.min > LONGEST { LONGEST } else { SHORTEST }))
                .related(Place::within(stream, place), format!("{name} transforms its records with {id}"));
        }
    }
}

/// The functions a delivery stream hands its records to, with where it names them.
fn transformers<'g>(graph: &'g Graph, stream: Resource<'g>) -> Vec<(Origin, Resource<'g>)> {
    let mut found = Vec::new();
    for (_, _, destination) in Part::of(stream).entries(&[]) {
        let processing = destination.part(&["ProcessingConfiguration"]);
        if processing.get(&["Enabled"]).bool() == Some(false) {
            continue;
        }
        let parameters =
            processing.each(&["Processors"]).into_iter().flat_map(|processor| processor.each(&["Parameters"]));
        for parameter in parameters {
            if parameter.text(&["ParameterName"]).is_none_or(|name| name != "LambdaArn") {
                continue;
            }
            let value = parameter.part(&["ParameterValue"]);
            let target = graph.resolve_eval(value.eval(), Some(NodeKind::Function));
            found.extend(target.node().and_then(measure::function).map(|function| (value.origin(), function)));
        }
    }
    found
}
