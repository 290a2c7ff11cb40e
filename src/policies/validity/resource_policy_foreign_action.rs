use crate::graph::{Origin, Text};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// The policy of a bucket, queue or topic allows actions of another service.
    ///
    /// ## Why it matters
    ///
    /// The policy of a resource says who may use that resource. The service refuses actions that are not its
    /// own, or ignores them; nobody gets the permission.
    ///
    /// ## How to fix
    ///
    /// Give the permission in the policy of the role that needs it.
    ///
    /// ## When to suppress
    ///
    /// Never: the permission has no effect.
    ///
    /// ## Source
    ///
    /// Amazon SNS and Amazon SQS developer guides, on access policies (actions of the service); Amazon S3
    /// user guide, "Policies and permissions in Amazon S3"; cfn-lint W3037; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Jobs]
    ///       PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: ['sqs:SendMessage', 'logs:PutLogEvents'], Resource: !GetAtt Jobs.Arn}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Jobs]
    ///       PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: 'SQS:SendMessage', Resource: !GetAtt Jobs.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Access:
    ///     Type: AWS::S3::BucketPolicy
    ///     Properties:
    ///       Bucket: orders
    ///       PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sns:Publish', Resource: 'arn:aws:s3:::orders/*'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Access:
    ///     Type: AWS::S3::BucketPolicy
    ///     Properties:
    ///       Bucket: orders
    ///       PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: '*', Resource: 'arn:aws:s3:::orders/*', Condition: {Bool: {'aws:SecureTransport': false}}}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Topic: {Type: AWS::SNS::Topic}
    ///     Access:
    ///       Type: AWS::SNS::TopicPolicy
    ///       Properties:
    ///         Topics: [!Ref Topic]
    ///         PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !Ref Topic}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Topic: {Type: AWS::SNS::Topic}
    ///     Access:
    ///       Type: AWS::SNS::TopicPolicy
    ///       Properties:
    ///         Topics: [!Ref Topic]
    ///         PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sns:Publish', Resource: !Ref Topic}]}
    /// ```
    pub(super) static POLICY = "resource-policy-foreign-action" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Types whose documents take actions of one service alone, with what the policy is of.
const OF_ONE_SERVICE: [(&str, &str, &str); 3] = [
    ("AWS::S3::BucketPolicy", "s3", "bucket"),
    ("AWS::SNS::TopicPolicy", "sns", "topic"),
    ("AWS::SQS::QueuePolicy", "sqs", "queue"),
];

fn check(cx: &mut Context<'_>) {
    for document in cx.policy_documents() {
        let ty = document.resource.ty();
        let Some((_, own, what)) = OF_ONE_SERVICE.iter().find(|(of, ..)| *of == ty) else { continue };
        for statement in document.part.each(&["Statement"]) {
            let items = statement.each(&["Action"]);
            let foreign: Vec<(Text, Origin)> = items
                .iter()
                .filter(|item| !item.origin().is_generated())
                .filter_map(|item| Some((item.eval().text()?, item.origin())))
                .filter(|(action, _)| is_foreign(action, own))
                .collect();
            let Some((_, origin)) = foreign.first() else { continue };
            let names: Vec<String> = foreign.iter().map(|(action, _)| format!("`{action}`")).collect();
            cx.report(
                Place::within(document.resource, *origin),
                format!("the policy of a {what} takes actions of `{own}` alone, and not {}", names.join(", ")),
            )
            .help("give the permission in the policy of the role that needs it");
        }
    }
}

/// Whether `action` is of another service than `own`.
fn is_foreign(action: &str, own: &str) -> bool {
    action.split_once(':').is_some_and(|(service, _)| {
        !service.eq_ignore_ascii_case(own) && service.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}
