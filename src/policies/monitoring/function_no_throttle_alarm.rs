use super::super::new_alarm;
use super::alarms;
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm watches whether a function is throttled.
    ///
    /// ## Why it matters
    ///
    /// When the account or the function is out of concurrency, Lambda turns calls away. Such calls
    /// never start, so they appear neither in the logs nor among the errors: users see failures and
    /// queues grow while the function looks healthy.
    ///
    /// ## How to fix
    ///
    /// Add an alarm on `Throttles` of namespace `AWS/Lambda` with the dimension `FunctionName`, or one
    /// for the whole account.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack, or one for the whole account exists there.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Viewing metrics for Lambda functions" (`Throttles`); slic-watch makes
    /// this alarm by default; as of 2026-10.
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
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Throttles, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
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
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Throttles, Dimensions: [{Name: FunctionName, Value: {Ref: OrdersLambdaFunction}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
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
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Throttles, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "function-no-throttle-alarm" {
        category: Monitoring, severity: Medium, profile: Strict, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in alarms::unwatched_functions(cx.graph, &["Throttles"]) {
        let id = function.id();
        let remedy = cx.graph.node(id).and_then(|node| new_alarm::add_alarm(node, "Throttles"));
        cx.report(function, format!("nobody is told when {id} is throttled: no alarm watches its Throttles"))
            .help(format!(
                "add an alarm on Throttles of AWS/Lambda with FunctionName {id}, or without dimensions for the account"
            ))
            .remedy(remedy);
    }
}
