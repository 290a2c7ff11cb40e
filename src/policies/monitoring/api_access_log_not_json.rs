use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// The access log of an API is not written as JSON.
    ///
    /// ## Why it matters
    ///
    /// CloudWatch Logs Insights and metric filters read the fields of JSON by themselves. Lines of plain
    /// text need a pattern that somebody writes under pressure, and breaks with the next field.
    ///
    /// ## How to fix
    ///
    /// Write `Format` as a JSON object, with at least `$context.requestId`, `$context.status` and
    /// `$context.integrationErrorMessage`.
    ///
    /// ## When to suppress
    ///
    /// When a tool that reads the Apache or CLF format takes the log.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Set up CloudWatch logging for REST APIs" (access log formats);
    /// serverless-rules WS2001; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Api: {Type: AWS::Serverless::HttpApi, Properties: {AccessLogSettings: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: $context.requestId $context.status}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Api: {Type: AWS::Serverless::HttpApi, Properties: {AccessLogSettings: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: '{"id": "$context.requestId", "status": "$context.status"}'}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, AccessLogSetting: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: $context.requestId}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, AccessLogSetting: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: '{"id": "$context.requestId"}'}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, AccessLogSetting: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: $context.requestId}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, AccessLogSetting: {DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:api', Format: '{"id": "$context.requestId"}'}}}
    /// ```
    pub(super) static POLICY = "api-access-log-not-json" {
        category: Monitoring, severity: Info, profile: Strict, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (ty, name) in
        [("AWS::ApiGateway::Stage", "AccessLogSetting"), ("AWS::ApiGatewayV2::Stage", "AccessLogSettings")]
    {
        for stage in cx.graph.existing(ty) {
            let path = [name, "Format"];
            // Values may stand in it without quotes: that it is an object in braces is enough.
            let plain = |text: &str| {
                let text = text.trim();
                !text.is_empty() && !(text.starts_with('{') && text.ends_with('}') && text.contains(':'))
            };
            if read::text(stage, &path, plain).is_some() {
                cx.report(
                    Place::property(stage, &path),
                    format!("the access log of {} is plain text, which queries cannot read by field", stage.id()),
                )
                .help("write Format as a JSON object with requestId, status and the integration's error")
                .remedy(Remedy::risky(format!("Let {} log JSON", stage.id())).put(
                    stage,
                    &path,
                    remedies::log_format(stage),
                ));
            }
        }
    }
}
