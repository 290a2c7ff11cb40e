use super::super::new_alarm;
use super::alarms;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm tells when an API answers with server errors.
    ///
    /// ## Why it matters
    ///
    /// The API is what users see. Errors of its own (a missing permission, a timeout, a malformed
    /// answer of the function) count as 5xx there, and nowhere else.
    ///
    /// ## How to fix
    ///
    /// Add an alarm in namespace `AWS/ApiGateway`: `5XXError` with `ApiName` and `Stage` for REST APIs,
    /// `5xx` with `ApiId` for HTTP APIs, `IntegrationError` with `ApiId` for WebSocket APIs.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack, or a canary calls the API.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Amazon API Gateway dimensions and metrics"; slic-watch makes
    /// this alarm by default; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/ApiGateway, MetricName: '5xx', Dimensions: [{Name: ApiId, Value: !Ref ServerlessHttpApi}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: "GET /orders"}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: "GET /orders"}]}
    /// resources:
    ///   Resources:
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/ApiGateway, MetricName: '5xx', Dimensions: [{Name: ApiId, Value: {Ref: HttpApi}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/ApiGateway, MetricName: 5XXError, Dimensions: [{Name: ApiName, Value: shop}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "api-no-5xx-alarm" {
        category: Monitoring, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for api in graph.apis() {
        let node = api.node();
        let (metrics, dimension): (&[&str], &str) = match node.kind() {
            NodeKind::RestApi => (&["5XXError"], "ApiName"),
            NodeKind::HttpApi => (&["5xx", "5XXError"], "ApiId"),
            NodeKind::WebSocketApi => (&["IntegrationError", "ExecutionError"], "ApiId"),
            _ => continue,
        };
        // A name that no API of the template has may still be the one in a definition's title.
        let stray = graph.alarm_metrics().any(|metric| {
            metric.namespace() == Some("AWS/ApiGateway")
                && metric.name().is_some_and(|name| metrics.contains(&name))
                && !metric.targets().any(|target| graph.apis().any(|api| api.node() == target))
        });
        if stray {
            continue;
        }
        let Some(resource) = alarms::unwatched(graph, node, metrics) else { continue };
        let (id, metric) = (resource.id(), metrics.first().copied().unwrap_or_default());
        let remedy = new_alarm::add_alarm(node, metric);
        cx.report(
            resource,
            format!("nobody is told when {id} answers with server errors: no alarm watches its {metric}"),
        )
        .help(format!("add an alarm on {metric} of AWS/ApiGateway with {dimension} of {id}"))
        .remedy(remedy);
    }
}
