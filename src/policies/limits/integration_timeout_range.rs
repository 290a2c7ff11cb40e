use super::super::measure;
use crate::facts::quotas::api_gateway::{HTTP_TIMEOUT_MS, REST_TIMEOUT_MS, WEBSOCKET_TIMEOUT_MS};
use crate::finding::Severity;
use crate::graph::{EndpointType, NodeKind, Setting};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An integration is to wait for a time that its API does not allow.
    ///
    /// More than 29 seconds on a regional or private REST API is possible where the account's quota was
    /// raised: a finding of severity medium. For edge-optimised APIs, HTTP and WebSocket APIs the limits
    /// are fixed.
    ///
    /// ## Why it matters
    ///
    /// API Gateway refuses the value and the deployment fails; or, where a tool writes it behind the
    /// template's back, the API still gives up after its own limit and the author believes otherwise.
    ///
    /// ## How to fix
    ///
    /// Set 50 to 29,000 milliseconds for REST and WebSocket APIs, 50 to 30,000 for HTTP APIs. For longer
    /// work answer at once and do the work behind a queue, or ask for a higher quota on a regional API.
    ///
    /// ## When to suppress
    ///
    /// When the quota "Maximum integration timeout" was raised for the account.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Quotas for configuring and running a REST API" (50 ms to 29 s,
    /// raisable for regional and private APIs), "… an HTTP API" (30 s) and "… a WebSocket API" (29 s);
    /// read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0', TimeoutInMillis: 60000}}
    ///     Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0', TimeoutInMillis: 20000}}
    ///     Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0', TimeoutInMillis: 60000}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0', TimeoutInMillis: 20000}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get, TimeoutInMillis: 45000}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get, TimeoutInMillis: 5000}}}}
    /// ```
    pub(super) static POLICY = "integration-timeout-range" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let mut seen = Vec::new();
    for route in cx.graph.routes() {
        let Setting::Set(timeout, origin) = route.timeout_ms() else { continue };
        let (Some(kind), Some(api)) = (route.api_kind(), route.api()) else { continue };
        let (range, sort) = match kind {
            NodeKind::RestApi => (REST_TIMEOUT_MS, "a REST API"),
            NodeKind::HttpApi => (HTTP_TIMEOUT_MS, "an HTTP API"),
            NodeKind::WebSocketApi => (WEBSOCKET_TIMEOUT_MS, "a WebSocket API"),
            _ => continue,
        };
        let holder = route.integration_resource();
        if range.contains(&timeout)
            || seen.contains(&origin.span())
            || holder.is_some_and(|one| one.exists() == Some(false))
        {
            continue;
        }
        seen.push(origin.span());
        let raisable = kind == NodeKind::RestApi && timeout > *range.end();
        let severity = match api.endpoint().value() {
            Some(EndpointType::Edge) => Severity::High,
            Some(EndpointType::Regional | EndpointType::Private) if raisable => Severity::Medium,
            // Where the endpoint stands is not known, nor whether the quota was raised.
            None if raisable => continue,
            _ => Severity::High,
        };
        let quota = if severity == Severity::Medium { " unless the quota of the account was raised" } else { "" };
        let place = holder.map_or(Place::from(origin), |holder| Place::within(holder, origin));
        cx.report(
            place,
            format!(
                "{} of {} is to wait {} s, but {sort} waits {} ms to {} s{quota}",
                route.name(),
                api.node().name(),
                measure::seconds(timeout),
                range.start(),
                measure::seconds(*range.end())
            ),
        )
        .severity(severity)
        .help(format!("set the timeout to {} or less", timeout.clamp(*range.start(), *range.end())))
        .remedy(Remedy::safe(format!("Let it wait {} ms", timeout.clamp(*range.start(), *range.end()))).replace(
            origin,
            timeout,
            timeout.clamp(*range.start(), *range.end()),
        ))
        .related(api.node(), format!("{} is {sort}", api.node().name()));
    }
}
