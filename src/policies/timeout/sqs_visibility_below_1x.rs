use super::queues;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A queue hides a message for a shorter time than its consumer may run.
    ///
    /// ## Why it matters
    ///
    /// Lambda refuses the event source mapping, so the deployment fails: "Queue visibility timeout is
    /// less than Function timeout". Were it allowed, every long run would see its message delivered to
    /// a second instance while the first still works on it.
    ///
    /// ## How to fix
    ///
    /// Set `VisibilityTimeout` of the queue to six times the timeout of the function plus the batching
    /// window, which leaves room for retries when Lambda throttles. Both have defaults: 30 seconds for
    /// the queue, 3 for the function (6 in serverless.yml).
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the mapping.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Using Lambda with Amazon SQS" (visibility timeout at least the
    /// function's timeout); cfn-lint E3505; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 120, Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 720}}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 120, Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, timeout: 120, events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, timeout: 120, events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 720}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 120}
    ///   Feed:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 720}}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 120}
    ///   Feed:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker}
    /// ```
    pub(super) static POLICY = "sqs-visibility-below-1x" {
        category: Timeout, severity: Critical, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for feed in queues::feeds(cx.graph) {
        if !feed.below_timeout() {
            continue;
        }
        let (queue, function) = (feed.queue.id(), feed.function.id());
        cx.report(
            Place::property(feed.queue, &["VisibilityTimeout"]),
            format!(
                "{queue} hides a message for {} s, but {function} may work on it for {} s",
                feed.visibility, feed.timeout
            ),
        )
        .help(format!("set VisibilityTimeout of {queue} to {} or more", feed.wanted()))
        .remedy(feed.remedy())
        .related(feed.mapping_place(), format!("{function} takes messages from {queue} here"))
        .related(Place::property(feed.function, &["Timeout"]), format!("{function} may run {} s", feed.timeout));
    }
}
