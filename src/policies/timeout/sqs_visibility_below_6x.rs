use super::queues;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A queue hides a message for less than six times the timeout of its consumer.
    ///
    /// ## Why it matters
    ///
    /// Lambda tries a batch again when the function is throttled, and the batching window counts as
    /// well. AWS therefore asks for a visibility timeout of six times the function's timeout plus
    /// `MaximumBatchingWindowInSeconds`. With less, messages come back while they are still being
    /// worked on: they are processed twice, and their receive count drives them into the dead-letter
    /// queue although nothing failed.
    ///
    /// ## How to fix
    ///
    /// Raise `VisibilityTimeout` of the queue, or lower the timeout of the function. Both have
    /// defaults: 30 seconds for the queue, 3 for the function (6 in serverless.yml).
    ///
    /// ## When to suppress
    ///
    /// When the function is idempotent and its timeout is far above what it ever needs; lowering the
    /// timeout is the better answer even then.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Using Lambda with Amazon SQS" (six times the function's timeout, plus
    /// the batching window); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 30, Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 30, Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, timeout: 30, events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   worker: {handler: app.main, timeout: 30, events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 30}
    ///   Feed:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 30}
    ///   Feed:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker}
    /// ```
    pub(super) static POLICY = "sqs-visibility-below-6x" {
        category: Timeout, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for feed in queues::feeds(cx.graph) {
        // A visibility timeout below the timeout itself has a policy of its own.
        if feed.below_timeout() || feed.visibility >= feed.wanted() {
            continue;
        }
        let (queue, function) = (feed.queue.id(), feed.function.id());
        let window = match feed.window {
            0 => String::new(),
            window => format!(" + {window} s of batching"),
        };
        cx.report(
            Place::property(feed.queue, &["VisibilityTimeout"]),
            format!(
                "{queue} hides a message for {} s, but {function} needs {} s (6 x its timeout of {} s{window})",
                feed.visibility,
                feed.wanted(),
                feed.timeout
            ),
        )
        .help(format!(
            "set VisibilityTimeout of {queue} to {} or more, or lower the timeout of {function}",
            feed.wanted()
        ))
        .remedy(feed.remedy())
        .related(feed.mapping_place(), format!("{function} takes messages from {queue} here"))
        .related(Place::property(feed.function, &["Timeout"]), format!("{function} may run {} s", feed.timeout));
    }
}
