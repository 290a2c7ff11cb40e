use super::objectives;
use crate::policy;
use crate::policy::Context;

policy! {
    /// An entry misses its latency objective even when every function on its way is warm.
    ///
    /// Objectives are those under `slo` in `dewline.usage.yaml`. Only entries are looked at for which the
    /// usage file gives the duration of every function that the caller waits for.
    ///
    /// ## Why it matters
    ///
    /// No warm capacity brings such an objective into reach: the parts of the path add up to more. Money
    /// spent on provisioned concurrency is lost.
    ///
    /// ## How to fix
    ///
    /// Take work out of the path: answer first and let a queue carry the rest, call functions side by side
    /// instead of one after the other, give slow functions more memory. Or set an objective that holds.
    ///
    /// ## When to suppress
    ///
    /// When the durations of the usage file are those of a version that is being replaced.
    ///
    /// ## Source
    ///
    /// The latency model of `docs/estimates.md`: log-normal parts, composed by convolution; times of hops as
    /// published, each with its date; as of 2026-11.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Slow: {request_duration_p50_ms: 400, request_duration_p99_ms: 900}
    ///   Fast: {request_duration_p50_ms: 20, request_duration_p99_ms: 60}
    ///   SlowLambdaFunction: {request_duration_p50_ms: 400, request_duration_p99_ms: 900}
    ///   FastLambdaFunction: {request_duration_p50_ms: 20, request_duration_p99_ms: 60}
    /// slo:
    ///   Orders: {p99_ms: 500}
    ///   HttpApi: {p99_ms: 500}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::HttpApi}
    ///   Slow:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::HttpApi}
    ///   Fast:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   slow: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   fast: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Slow:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Orders: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Orders, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Slow.Arn, PayloadFormatVersion: "2.0"}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Orders, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Fast:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Orders: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Orders, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fast.Arn, PayloadFormatVersion: "2.0"}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Orders, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    /// ```
    pub(super) static POLICY = "latency-objective-out-of-reach" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for objective in objectives::objectives(cx) {
        let Some((which, limit, value)) = objectives::missed(objective.slo, &objective.response.warm) else { continue };
        let (entry, slowest) = (objective.latency.entry.clone(), objectives::slowest(objective.latency));
        let report = cx.report(
            objective.place.clone(),
            format!(
                "{entry} takes {value:.0} ms at its {which} with every function warm, the objective is {limit:.0} ms"
            ),
        );
        if let Some((name, p50, p99)) = slowest {
            report.help(format!(
                "take work out of {name}, which alone takes {p50:.0} ms, and {p99:.0} ms at its 99th percentile; or set \
                 an objective that holds"
            ));
        }
    }
}
