use super::super::new_alarm;
use super::alarms;
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm watches the errors of a function.
    ///
    /// ## Why it matters
    ///
    /// A function that fails on every call looks healthy to everybody who does not read its logs.
    /// Asynchronous callers are not told either: events are tried three times and then dropped.
    ///
    /// ## How to fix
    ///
    /// Add an alarm on `Errors` of namespace `AWS/Lambda` with the dimension `FunctionName`, or a metric
    /// math alarm on errors by invocations. Alarms on an alias, composite alarms and alarms over all
    /// functions of the account count as well.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack, or errors are counted by another service.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Viewing metrics for Lambda functions" (`Errors`); slic-watch makes this
    /// alarm by default; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// resources:
    ///   Resources:
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: {Ref: OrdersLambdaFunction}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "function-no-error-alarm" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in alarms::unwatched_functions(cx.graph, &["Errors"]) {
        let id = function.id();
        let remedy = cx.graph.node(id).and_then(|node| new_alarm::add_alarm(node, "Errors"));
        cx.report(function, format!("nobody is told when {id} fails: no alarm watches its Errors"))
            .help(format!("add an alarm on Errors of AWS/Lambda with FunctionName {id}"))
            .remedy(remedy);
    }
}
