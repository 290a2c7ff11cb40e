use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A GraphQL API takes no part in tracing.
    ///
    /// ## Why it matters
    ///
    /// One query runs many resolvers. Without tracing nobody sees which of them took the time, or which
    /// data source answered with an error behind a response of status 200.
    ///
    /// ## How to fix
    ///
    /// Set `XrayEnabled: true`.
    ///
    /// ## When to suppress
    ///
    /// When another tool traces the requests from their start.
    ///
    /// ## Source
    ///
    /// AWS AppSync developer guide, "Using AWS X-Ray to trace requests in AWS AppSync"; serverless-rules
    /// WS3000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM, XrayEnabled: true}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM, XrayEnabled: false}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM, XrayEnabled: true}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM, XrayEnabled: false}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AWS_IAM, XrayEnabled: true}}
    /// ```
    pub(super) static POLICY = "appsync-tracing-off" {
        category: Monitoring, severity: Low, profile: Strict, fix: Safe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for api in cx.graph.existing("AWS::AppSync::GraphQLApi") {
        let tracing = api.property(&["XrayEnabled"]);
        if !api.is_incomplete() && (tracing.is_absent() || tracing.bool() == Some(false)) {
            cx.report(Place::property(api, &["XrayEnabled"]), format!("{} takes no part in tracing", api.id()))
                .help("set XrayEnabled: true")
                .remedy(Remedy::safe(format!("Switch the tracing of {} on", api.id())).put(
                    api,
                    &["XrayEnabled"],
                    true,
                ));
        }
    }
}
