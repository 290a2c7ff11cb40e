use super::super::{calls, measure};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function calls another function and waits for it.
    ///
    /// ## Why it matters
    ///
    /// While the caller waits, both are billed. The caller's timeout must cover the callee's, cold start
    /// and retries included; a throttled callee fails the caller as well, and both count against the
    /// concurrency of the account. The policy takes a permission to invoke the other function together
    /// with its name in an environment variable as a sign that the code calls it.
    ///
    /// ## How to fix
    ///
    /// Put a queue, a topic or an event between the two when the caller needs no answer. When it needs
    /// one, let a state machine call both, or make the shared part a library.
    ///
    /// ## When to suppress
    ///
    /// When the code invokes with `InvocationType: Event` and so does not wait, or the callee belongs
    /// to another team and is an interface of its own.
    ///
    /// ## Source
    ///
    /// AWS Lambda operator guide, "Anti-patterns in Lambda-based applications" (functions calling
    /// functions); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Order:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [LambdaInvokePolicy: {FunctionName: !Ref Price}], Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: price.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Order:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Prices.QueueName}], Environment: {Variables: {PRICES: !Ref Prices}}}
    ///   Prices: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Price.Arn}]}}]
    ///     Order:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Price}}}
    ///     Price:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Order:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue order-role, Environment: {Variables: {PRICE: !Ref Price}}}
    ///     Price:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Price.Arn}]}}]
    ///   Order:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Order:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue order-role, Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    pub(super) static POLICY = "lambda-invokes-lambda-sync" {
        category: Timeout, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for call in calls::calls(cx.graph) {
        let (from, to) = (call.from.id(), call.to.id());
        let times = match (measure::timeout(call.from), measure::timeout(call.to)) {
            (Some(own), Some(other)) if own.max < other.min => {
                format!("; {from} is stopped after {} s although {to} may run {} s", own.max, other.min)
            }
            _ => String::new(),
        };
        cx.report(
            Place::within(call.from, call.place),
            format!(
                "{from} may invoke {to} and gets its name in {}: both are billed while one waits{times}",
                call.variable
            ),
        )
        .help(format!("decouple {from} from {to} with a queue or an event, or let a state machine call both"))
        .related(call.to, format!("{to} is called"));
    }
}
