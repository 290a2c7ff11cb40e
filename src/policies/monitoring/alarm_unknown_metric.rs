use crate::facts::metrics::{self, Verdict};
use crate::graph::Metric;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An alarm watches a metric that its service does not publish.
    ///
    /// A name that is no metric of the service, or dimensions that the metric is never published under.
    /// Services whose metrics are not in the table are left out.
    ///
    /// ## Why it matters
    ///
    /// CloudWatch takes any name and any dimensions. An alarm on `Error` instead of `Errors` stays in
    /// `INSUFFICIENT_DATA` for ever, or in `OK` where missing data counts as good: it looks like an alarm
    /// and never goes off.
    ///
    /// ## How to fix
    ///
    /// Use the name and the dimensions that the service publishes.
    ///
    /// ## When to suppress
    ///
    /// When the code itself puts the metric into the namespace of the service.
    ///
    /// ## Source
    ///
    /// AWS documentation, the pages on CloudWatch metrics of each service (Lambda, SQS, SNS, EventBridge,
    /// Step Functions, DynamoDB, Kinesis, API Gateway, AppSync and others); table of 2026-10-31.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failed:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Error, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failed:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue}
    ///     Deep:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessageVisible, Dimensions: [{Name: QueueName, Value: {Fn::GetAtt: [Jobs, QueueName]}}], Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue}
    ///     Deep:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: {Fn::GetAtt: [Jobs, QueueName]}}], Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Failed:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: Function, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Failed:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold}
    /// ```
    pub(super) static POLICY = "alarm-unknown-metric" {
        category: Monitoring, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for metric in cx.graph.alarm_metrics() {
        let Some(alarm) = metric.alarm().resource().filter(|alarm| alarm.exists() != Some(false)) else { continue };
        let (Some(namespace), Some(name)) = (metric.namespace(), metric.name()) else { continue };
        let Some(dimensions) = names(metric) else { continue };
        let (message, help, meant) = match metrics::check(namespace, name, dimensions.iter().copied()) {
            Verdict::Published | Verdict::UnknownNamespace => continue,
            Verdict::UnknownMetric => {
                // A name that is nothing like any other may be newer than the table.
                let Some(meant) = metrics::nearest(namespace, name) else { continue };
                (
                    format!("{} never goes off: {namespace} publishes no metric {name}", alarm.id()),
                    format!("set MetricName to {meant}"),
                    Some(meant),
                )
            }
            Verdict::WrongDimensions(sets) => {
                let sets: Vec<String> = sets.iter().map(|set| list(set)).collect();
                (
                    format!(
                        "{} never goes off: {namespace} does not publish {name} under {}",
                        alarm.id(),
                        list(&dimensions)
                    ),
                    format!("use the dimensions {}", sets.join(", or ")),
                    None,
                )
            }
        };
        let named = alarm.property(&["MetricName"]).text().is_some_and(|text| text == name);
        let remedy = meant
            .filter(|_| named)
            .map(|meant| Remedy::safe(format!("Watch {meant}")).put(alarm, &["MetricName"], meant));
        cx.report(Place::within(alarm, metric.origin()), message).help(help).remedy(remedy);
    }
}

/// The names of the dimensions; `None` when one is not known.
fn names(metric: Metric<'_>) -> Option<Vec<&str>> {
    metric.dimensions().iter().map(|dimension| Some(&*dimension.name).filter(|name| !name.is_empty())).collect()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "no dimension".to_owned() } else { names.join(" and ") }
}
