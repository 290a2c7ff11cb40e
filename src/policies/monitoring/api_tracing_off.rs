use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A stage of a REST API takes no part in tracing.
    ///
    /// HTTP and WebSocket APIs have no tracing of their own and are left out.
    ///
    /// ## Why it matters
    ///
    /// Without the API's segment a trace begins in the function: the time that the authorizer, the mapping
    /// and the network took is missing, and with it the answer to "where did the 29 seconds go".
    ///
    /// ## How to fix
    ///
    /// Set `TracingEnabled: true` on the stage (SAM: on the API or in Globals; serverless.yml:
    /// `provider.tracing.apiGateway`). X-Ray keeps 100,000 traces a month free of charge.
    ///
    /// ## When to suppress
    ///
    /// When another tool traces the requests from their start.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Trace user requests to REST APIs using X-Ray"; serverless-rules
    /// WS2002, checkov CKV_AWS_73; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod, DefinitionBody: {swagger: '2.0', info: {title: shop}, paths: {}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod, TracingEnabled: true, DefinitionBody: {swagger: '2.0', info: {title: shop}, paths: {}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, TracingEnabled: false}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, TracingEnabled: true}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, TracingEnabled: false}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: abc123, StageName: prod, TracingEnabled: true}}
    /// ```
    pub(super) static POLICY = "api-tracing-off" {
        category: Monitoring, severity: Low, profile: Strict, fix: Safe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for stage in cx.graph.existing("AWS::ApiGateway::Stage") {
        let tracing = stage.property(&["TracingEnabled"]);
        if stage.is_incomplete() || !(tracing.is_absent() || tracing.bool() == Some(false)) {
            continue;
        }
        let api = cx.graph.referred(&stage.property(&["RestApiId"]));
        let of = api.map_or_else(String::new, |api| format!(" of {}", api.name()));
        let name = stage.property(&["StageName"]).text();
        let stage_name = name.map_or_else(|| stage.id().to_owned(), |name| format!("the stage {name}"));
        cx.report(Place::property(stage, &["TracingEnabled"]), format!("{stage_name}{of} takes no part in tracing"))
            .help("set TracingEnabled: true")
            .remedy(Remedy::safe(format!("Switch the tracing of {stage_name} on")).put(
                stage,
                &["TracingEnabled"],
                true,
            ));
    }
}
