use super::super::flows::{self, Flow, Way};
use super::super::read;
use crate::graph::{Eval, NodeKind};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// More consumers read a stream than its shards serve.
    ///
    /// Mappings and pipes of the template count that read the stream of a table (two at most), or a Kinesis stream
    /// without enhanced fan-out (five at most).
    ///
    /// ## Why it matters
    ///
    /// Readers of one shard share what it gives. Beyond the limit they throttle each other: records arrive late,
    /// in turns, and the iterator age rises although every function is idle.
    ///
    /// ## How to fix
    ///
    /// Let one function read and hand the records on by a topic, a bus or a queue for each consumer. Kinesis has
    /// consumers of their own (`AWS::Kinesis::StreamConsumer`), at a price by the hour and the gigabyte.
    ///
    /// ## When to suppress
    ///
    /// When the stream is so quiet that late records do not matter.
    ///
    /// ## Source
    ///
    /// Amazon DynamoDB developer guide, "Change data capture for DynamoDB Streams" (no more than two processes for a
    /// shard); Amazon Kinesis Data Streams developer guide, "Quotas and limits" (five read transactions a second and
    /// shard); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: a.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}}
    ///   B: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: b.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}}
    ///   C: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: c.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: a.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}}
    ///   B: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: b.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}}
    ///   C: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: c.main, CodeUri: src/, Events: {In: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST, Enabled: false}}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   a: {handler: a.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    ///   b: {handler: b.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    ///   c: {handler: c.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   a: {handler: a.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    ///   b: {handler: b.main, events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Orders, StreamArn]}}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   A: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x, Handler: a.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}}
    ///   B: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x, Handler: b.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}}
    ///   InA: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref A, EventSourceArn: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
    ///   InB: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref B, EventSourceArn: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Out: {Type: AWS::Pipes::Pipe, Properties: {RoleArn: "arn:aws:iam::123456789012:role/r", Source: !GetAtt Orders.StreamArn, SourceParameters: {DynamoDBStreamParameters: {StartingPosition: LATEST}}, Target: !GetAtt Jobs.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Lines: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   A: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x, Handler: a.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}}
    ///   InA: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref A, EventSourceArn: !GetAtt Lines.Arn, StartingPosition: LATEST}}
    ///   InB: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref A, EventSourceArn: !GetAtt Lines.Arn, StartingPosition: TRIM_HORIZON}}
    ///   InC: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref A, EventSourceArn: !GetAtt Lines.Arn, StartingPosition: TRIM_HORIZON}}
    /// ```
    pub(super) static POLICY = "stream-reader-contention" {
        category: Reliability, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let streams = graph.nodes().filter(|node| matches!(node.kind(), NodeKind::Table | NodeKind::Stream));
    let streams: Vec<_> = streams.collect();
    if streams.is_empty() {
        return;
    }
    let flows = flows::flows(cx);
    for stream in streams {
        // What a condition may leave out, or switch off, may be no reader.
        let reads = |flow: &&Flow<'_>| {
            let on = match flow.way {
                Way::Mapping => flow.settings.get(&["Enabled"]),
                Way::Pipe => flow.settings.get(&["DesiredState"]),
                _ => return false,
            };
            let on =
                matches!(on, Eval::Absent) || on.bool() == Some(true) || on.text().is_some_and(|on| on == "RUNNING");
            flow.source == Some(stream) && flow.owner.exists() == Some(true) && on
        };
        let readers: Vec<&Flow<'_>> = flows.iter().filter(reads).collect();
        let (most, why) = match stream.kind() {
            NodeKind::Table => (2, "a shard of a table's stream serves two"),
            _ => (5, "a shard answers five reads a second in all"),
        };
        let Some(first_too_many) = readers.get(most) else { continue };
        let names: Vec<&str> = readers.iter().map(|flow| flow.target.name()).collect();
        let mut report = cx
            .report(
                Place::from(first_too_many.owner),
                format!(
                    "{} read {}, but {why}: {}",
                    read::count(readers.len(), "consumer"),
                    stream.name(),
                    names.join(", ")
                ),
            )
            .help("let one function read and hand the records on by a topic, a bus or queues");
        for flow in readers.iter().take(most) {
            report = report.related(flow.origin, format!("{} reads here", flow.target.name()));
        }
    }
}
