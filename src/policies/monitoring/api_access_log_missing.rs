use super::super::{remedies, written};
use crate::graph::{Graph, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A stage of an API keeps no access log.
    ///
    /// ## Why it matters
    ///
    /// Without an access log nobody can tell who called what, and with which result: neither after an
    /// attack nor when a client reports errors that never reached the function.
    ///
    /// ## How to fix
    ///
    /// Set `AccessLogSetting` (REST) or `AccessLogSettings` (HTTP, WebSocket) with a log group and a
    /// format; in serverless.yml, `provider.logs.restApi` or `provider.logs.httpApi`.
    ///
    /// ## When to suppress
    ///
    /// When the requests are logged in front of the API, for example by CloudFront or a firewall.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Set up CloudWatch logging for REST APIs"; serverless-rules
    /// ES2000; checkov CKV_AWS_76, CKV_AWS_95; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Live:
    ///     Type: AWS::ApiGatewayV2::Stage
    ///     Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Live:
    ///     Type: AWS::ApiGatewayV2::Stage
    ///     Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true, AccessLogSettings: {DestinationArn: !GetAtt Access.Arn, Format: $context.requestId}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Live:
    ///       Type: AWS::ApiGatewayV2::Stage
    ///       Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Live:
    ///       Type: AWS::ApiGatewayV2::Stage
    ///       Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true, AccessLogSettings: {DestinationArn: !GetAtt Access.Arn, Format: $context.requestId}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Live:
    ///     Type: AWS::ApiGatewayV2::Stage
    ///     Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Live:
    ///     Type: AWS::ApiGatewayV2::Stage
    ///     Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true, AccessLogSettings: {DestinationArn: !GetAtt Access.Arn, Format: $context.requestId}}
    /// ```
    pub(super) static POLICY = "api-access-log-missing" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (ty, name) in [
        ("AWS::ApiGateway::Stage", "AccessLogSetting"),
        ("AWS::ApiGatewayV2::Stage", "AccessLogSettings"),
        ("AWS::ApiGateway::Deployment", "AccessLogSetting"),
    ] {
        for stage in cx.graph.existing(ty) {
            let deployment = ty == "AWS::ApiGateway::Deployment";
            // A deployment makes a stage only when it names one; where a stage resource uses the
            // deployment, that is the stage people call.
            if deployment && (stage.property(&["StageName"]).is_absent() || has_stage_resource(cx.graph, stage.id())) {
                continue;
            }
            // The framework switches the log of a REST API on after the deployment.
            let generated = cx.template().is_service() && stage.origin().is_generated();
            if deployment && generated && cx.template().resource("ApiGatewayLogGroup").is_some() {
                continue;
            }
            let path: &[&str] =
                if deployment { &["StageDescription", name, "DestinationArn"] } else { &[name, "DestinationArn"] };
            if stage.property(path).is_absent() {
                let remedy = remedy(cx, stage, path.split_last().map_or(&[], |(_, parent)| parent));
                cx.report(Place::property(stage, path), format!("{} keeps no access log", named(cx.graph, stage)))
                    .help(format!("set {name} with the ARN of a log group and a format"))
                    .remedy(Some(remedy));
            }
        }
    }
}

/// The stage as people know it: its name and its API, where both are known.
fn named(graph: &Graph, stage: Resource<'_>) -> String {
    let api = ["RestApiId", "ApiId"].iter().find_map(|key| graph.referred(&stage.property(&[key])));
    match (stage.property(&["StageName"]).text(), api) {
        (Some(name), Some(api)) => format!("the stage {name} of {}", api.name()),
        _ => stage.id().to_owned(),
    }
}

fn has_stage_resource(graph: &Graph, deployment: &str) -> bool {
    graph.resources_of("AWS::ApiGateway::Stage").any(|stage| {
        graph.referred(&stage.property(&["DeploymentId"])).is_some_and(|node| node.logical_id() == Some(deployment))
    })
}

/// A log group, and the setting that sends the log there. The framework makes both by itself.
fn remedy(cx: &Context<'_>, stage: Resource<'_>, path: &[&str]) -> Remedy {
    let remedy = Remedy::risky(format!("Keep an access log of {}", named(cx.graph, stage)));
    if cx.template().is_service() && stage.origin().is_generated() {
        let last = path.last().copied().unwrap_or_default();
        return remedy.put(stage, &[last], serde_json::json!({}));
    }
    let group = cx.fresh_id(&format!("{}AccessLog", stage.id()));
    let setting = serde_json::json!({
        "DestinationArn": written::attribute(&group, "Arn"),
        "Format": remedies::log_format(stage),
    });
    let retention = serde_json::json!({ "RetentionInDays": 30 });
    remedy.put(stage, path, setting).add(group, stage, "AWS::Logs::LogGroup", retention)
}
