use super::super::flows::{self, Flow, Way};
use crate::graph::{EdgeKind, NodeKind, NodeRef};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function gets its own log lines as events, and logs for each of them.
    ///
    /// Reported are subscription filters of a function's log group that lead back to the function, directly or
    /// through a stream, and that let everything through.
    ///
    /// ## Why it matters
    ///
    /// Every invocation writes lines, the lines are events, and the events are invocations. The loop runs as fast
    /// as the concurrency allows until somebody stops it, and all of it is billed: requests, duration, log text.
    ///
    /// ## How to fix
    ///
    /// Leave the group of the function that takes the logs out, or give its filter a pattern that its own lines
    /// never have.
    ///
    /// ## When to suppress
    ///
    /// Never as it is.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch Logs user guide, "Log group-level subscription filters" (do not subscribe a function to
    /// its own log group); AWS Lambda developer guide, "Use Lambda recursive loop detection" (CloudWatch Logs is not
    /// among the services it covers); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Ship:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Own: {Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Group, FilterPattern: ""}}}}
    ///   Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${AWS::StackName}-ship", RetentionInDays: 7}}
    ///   Other:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogGroup: !Ref Group}, Events: {Own: {Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Group, FilterPattern: ""}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Ship:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Own: {Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Group, FilterPattern: ""}}}}
    ///   Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
    ///   Other:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogGroup: !Ref Group}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, stage: dev}
    /// functions:
    ///   ship: {handler: app.main, events: [{cloudwatchLog: /aws/lambda/shop-dev-ship}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, stage: dev}
    /// functions:
    ///   ship: {handler: app.main, events: [{cloudwatchLog: /aws/lambda/shop-dev-other}]}
    ///   other: {handler: other.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Ship:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {FunctionName: ship, Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/ship, RetentionInDays: 7}}
    ///   Lines: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    ///   Send: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Group, FilterPattern: "", DestinationArn: !GetAtt Lines.Arn, RoleArn: !GetAtt Role.Arn}}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Ship, EventSourceArn: !GetAtt Lines.Arn, StartingPosition: LATEST}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Ship:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {FunctionName: ship, Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/ship, RetentionInDays: 7}}
    ///   Send: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Group, FilterPattern: "REJECTED", DestinationArn: !GetAtt Ship.Arn}}
    /// ```
    pub(super) static POLICY = "log-subscription-loop" {
        category: Monitoring, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let flows = flows::flows(cx);
    for flow in flows.iter().filter(|flow| flow.way == Way::LogSubscription) {
        // A pattern may let none of the function's own lines through.
        let pattern = flow.settings.get(&["FilterPattern"]);
        let everything = pattern.is_absent() || pattern.text().is_some_and(|pattern| pattern.trim().is_empty());
        let Some(group) = flow.source.filter(|_| everything) else { continue };
        let writes = |function: NodeRef<'_>| group.sources(EdgeKind::LogsTo).any(|writer| writer == function);
        let through =
            |feed: &&Flow<'_>| feed.way == Way::Mapping && feed.source == Some(flow.target) && writes(feed.target);
        let (function, way) = match flow.target.kind() {
            NodeKind::Function if writes(flow.target) => (flow.target, String::new()),
            NodeKind::Stream => match flows.iter().find(through) {
                Some(feed) => (feed.target, format!(" through {}", flow.target.name())),
                None => continue,
            },
            _ => continue,
        };
        let id = function.name();
        cx.report(
            Place::property(flow.owner, &["LogGroupName"]),
            format!(
                "{} sends what {id} logs{way} back to {id}, which logs for each line: an endless loop",
                flow.owner.id()
            ),
        )
        .help(format!("leave the log group of {id} out, or filter for lines that {id} itself never writes"))
        .related(function, format!("{id} writes to {}", group.name()));
    }
}
